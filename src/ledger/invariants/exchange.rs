//! Conversations that come from another observer, and those that go there.

use crate::base::ids::ConversationKey;
use crate::base::time::Time;
use crate::model::event::Status;

use super::observed::ObservedConversation;
use super::observer::Observer;
use super::wrong::Wrong;

impl Observer {
    /// Lets go of a conversation of the queue, of no other. `None` if a rule is broken.
    pub(crate) fn release(
        &mut self,
        now: Time,
        key: ConversationKey,
    ) -> Option<ObservedConversation> {
        if self.violation().is_some() {
            return None;
        }
        self.comes_to(now);
        let slot = self.live(key)?;
        let observed = self.conversations[slot];
        if (observed.status, observed.owner()) != (Status::New, None) {
            let detail = format!("handed over {:?} of {:?}", observed.status, observed.owner());
            self.wrong(Some(observed.id), Wrong::new(8, detail));
            return None;
        }
        self.conversations[slot] = ObservedConversation::free();
        self.balance.open -= 1;
        self.balance.went += u64::from(!observed.is_settled());
        Some(observed)
    }

    /// Takes over a conversation of the queue.
    pub(crate) fn adopt(
        &mut self,
        now: Time,
        key: ConversationKey,
        mut observed: ObservedConversation,
    ) {
        if self.violation().is_some() {
            return;
        }
        self.comes_to(now);
        observed.generation = key.generation;
        self.balance.came += u64::from(!observed.is_settled());
        self.takes_place(key, observed);
    }
}
