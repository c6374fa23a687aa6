//! A conversation of the queue goes over to another router: that of a part of the centre where
//! somebody has its skill (A10).

use crate::base::ids::{ConversationKey, SkillId};
use crate::base::time::Time;
use crate::model::behaviour::{Behaviour as _, Outbox};
use crate::model::consumer::Consumer;
use crate::model::message::{RouterTimer, Timer};

use super::Router;
use super::conversation::{Conversation, Removals};

/// A conversation on its way, with its consumer and its timers.
#[derive(Clone, Debug)]
pub struct TransferredConversation {
    /// As the router knew it.
    pub conversation: Released,
    /// All that it has said has been heard.
    pub consumer: Consumer,
    /// What was set and has not been handled, and when it is due, under the key that it had.
    pub timers: Vec<(Time, Timer)>,
}

impl TransferredConversation {
    /// It arrives and is kept under another key from now on. Its consumer, who is the host's to
    /// keep, is told what it may not have heard where it comes from.
    pub fn settle_in(
        self,
        now: Time,
        key: ConversationKey,
        router: &mut Router,
        outbox: &mut Outbox,
    ) {
        router.adopt(now, key, self.conversation, outbox);
        router.receive(now, self.consumer.kept_at(key).asks(), outbox);
        for (due, timer) in self.timers {
            outbox.at(due, timer.kept_at(key));
        }
    }
}

/// A conversation that has left one router and is not with another yet.
#[derive(Clone, Debug)]
pub struct Released(Conversation);

impl Router {
    /// The skill for which a conversation waits in the queue, if it does and not for one agent.
    pub fn awaited_skill(&self, key: ConversationKey) -> Option<SkillId> {
        let queued = self.conversations.get(key).filter(|found| found.is_queued())?;
        queued.reserved_for.is_none().then_some(queued.skill)
    }

    /// Lets go of a conversation of the queue, of no other. Its timers are the host's to take along.
    pub fn release(&mut self, key: ConversationKey) -> Option<Released> {
        self.awaited_skill(key)?;
        let conversation = self.conversations.remove(key)?;
        let place = conversation.place(&self.centre);
        self.queue.leave(conversation.line(), place);
        Some(Released(conversation))
    }

    /// Takes over a conversation from another router: into the queue, every clock as it was (A10).
    /// Those from whom it was auto-unassigned are not here, so nobody is excluded (D10).
    pub fn adopt(
        &mut self,
        now: Time,
        key: ConversationKey,
        Released(conversation): Released,
        outbox: &mut Outbox,
    ) {
        let conversation = conversation.kept_at(key);
        let line = conversation.line();
        self.queue.enter(line, conversation.place(&self.centre), key);
        self.conversations.insert(key, conversation);
        self.request_service(now, line, outbox);
    }
}

impl Conversation {
    fn kept_at(self, key: ConversationKey) -> Self {
        Self { generation: key.generation, removals: Removals::default(), ..self }
    }
}

impl Timer {
    /// The same for a conversation that is kept elsewhere from now on.
    fn kept_at(self, key: ConversationKey) -> Self {
        match self {
            Self::Consumer(_, timer) => Self::Consumer(key, timer),
            Self::Router(timer) => Self::Router(timer.kept_at(key)),
            Self::Agent(..) | Self::Visit(..) => self,
        }
    }
}

impl RouterTimer {
    fn kept_at(self, conversation: ConversationKey) -> Self {
        match self {
            Self::Inactive { spell, .. } => Self::Inactive { conversation, spell },
            Self::Boomerang { generation, .. } => Self::Boomerang { conversation, generation },
            Self::ManualSlaEnds { generation, .. } => {
                Self::ManualSlaEnds { conversation, generation }
            }
            Self::Unassign { .. } => Self::Unassign { conversation },
            Self::Readmit { .. } => Self::Readmit { conversation },
            Self::FallBack { epoch, .. } => Self::FallBack { conversation, epoch },
            Self::Close { .. } => Self::Close { conversation },
            Self::Serve | Self::RemoveOwnership { .. } => self,
        }
    }
}
