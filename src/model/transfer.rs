//! What moves when a conversation goes over from one part of the centre to another.

use crate::base::ids::ConversationKey;
use crate::base::time::Time;

use super::behaviour::{Behaviour as _, Outbox};
use super::consumer::Consumer;
use super::message::{RouterTimer, Timer};
use super::router::{Released, Router};

/// A conversation on its way, with its consumer and its timers.
#[derive(Clone, Debug)]
pub struct ConversationTransfer {
    /// As the router knew it.
    pub conversation: Released,
    /// All that it has said has been heard.
    pub consumer: Consumer,
    /// What was set and has not been handled, and when it is due, under the key that it had.
    pub timers: Vec<(Time, Timer)>,
}

impl ConversationTransfer {
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

impl Timer {
    /// The same for a conversation that is kept elsewhere from now on.
    fn kept_at(self, key: ConversationKey) -> Self {
        match self {
            Self::Consumer(_, timer) => Self::Consumer(key, timer),
            Self::Router(timer) => Self::Router(timer.kept_at(key)),
            Self::Agent(..) | Self::Visit(_) => self,
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
            Self::AutoClose { .. } => Self::AutoClose { conversation },
            Self::Resolve { spell, .. } => Self::Resolve { conversation, spell },
            Self::Serve | Self::RemoveOwnership { .. } => self,
        }
    }
}
