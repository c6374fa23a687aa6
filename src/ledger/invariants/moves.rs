//! Conversations that come from another observer, and those that go there.

use crate::base::ids::ConversationKey;
use crate::base::time::Time;
use crate::model::event::Status;

use super::observer::Observer;
use super::shadow::Shadow;

impl Observer {
    /// Lets go of a conversation of the queue, of no other. `None` if a rule is broken.
    pub(in crate::ledger) fn release(&mut self, now: Time, key: ConversationKey) -> Option<Shadow> {
        if self.violation().is_some() {
            return None;
        }
        self.comes_to(now);
        let slot = self.live(key)?;
        let shadow = self.shadows[slot];
        if (shadow.status, shadow.owner()) != (Status::New, None) {
            let detail = format!("handed over {:?} of {:?}", shadow.status, shadow.owner());
            self.wrong(Some(shadow.id), (8, detail));
            return None;
        }
        self.shadows[slot] = Shadow::free();
        self.balance.open -= 1;
        self.balance.went += u64::from(!shadow.is_settled());
        Some(shadow)
    }

    /// Takes over a conversation of the queue.
    pub(in crate::ledger) fn adopt(&mut self, now: Time, key: ConversationKey, mut shadow: Shadow) {
        if self.violation().is_some() {
            return;
        }
        self.comes_to(now);
        shadow.generation = key.generation;
        self.balance.came += u64::from(!shadow.is_settled());
        self.takes_place(key, shadow);
    }
}
