//! What agents do with conversations.

use crate::base::ids::{AgentId, SkillId};
use crate::base::time::Span;
use crate::model::event::WrittenAnswer;
use crate::model::settings::BoomerangThen;

/// What an agent does with a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Replies (A4).
    Reply {
        /// The answer.
        answer: WrittenAnswer,
        /// The boomerang that it sets, if the conversation is not over (B9).
        boomerang: Option<SetBoomerang>,
    },
    /// Closes what a boomerang brought back (B9).
    Resolve,
    /// Parks it with a boomerang (B7).
    Park {
        /// Time until the boomerang.
        boomerang: Span,
    },
    /// Sets a manual SLA (A8).
    SetManualSla {
        /// Extra time.
        length: Span,
    },
    /// Cancels the manual SLA (A8).
    CancelManualSla,
    /// Gives it back to the queue (A10).
    Return,
    /// Gives it to the queue of another skill (A10).
    TransferToSkill(SkillId),
    /// Gives it to another agent (A10), who may be offline (B6).
    TransferToAgent {
        /// To whom.
        to: AgentId,
        /// The skill that it needs from now on, if another (B10).
        needs: Option<SkillId>,
        /// Status and boomerang if that agent is offline.
        offline: OfflineStatus,
    },
    /// Puts it into the queue for one agent, who alone may have it for a time (E16).
    Reserve {
        /// For whom.
        to: AgentId,
        /// The skill that it needs from now on, if another (B10).
        needs: Option<SkillId>,
        /// For how long.
        fallback_after: Span,
    },
    /// Takes up a conversation that was assigned to it while it was offline (B6).
    TakeUp,
}

/// A boomerang set with a reply (B9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetBoomerang {
    /// Time until it comes.
    pub after: Span,
    /// What its owner does then.
    pub then: BoomerangThen,
}

/// How a conversation is left with an offline agent (B6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflineStatus {
    /// New.
    New,
    /// Pending, with a boomerang after this time if there is one. A boomerang that was set before
    /// survives when there is none.
    Pending {
        /// Time until the boomerang.
        boomerang: Option<Span>,
    },
}
