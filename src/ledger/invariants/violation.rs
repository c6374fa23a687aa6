//! A rule that did not hold, and what the router is asked to compare with.

use std::fmt;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::model::event::Status;

/// A rule of "Must hold in every run" that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Number of the rule, 1 to 10.
    pub rule: u8,
    /// When it was noticed.
    pub at: Time,
    /// On which conversation.
    pub conversation: Option<ConversationId>,
    /// What was found.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {} broken at {}", self.rule, self.at)?;
        if let Some(id) = self.conversation {
            write!(f, " on conversation {id} of kind {}", id.kind().0)?;
        }
        write!(f, ": {}", self.detail)
    }
}

impl std::error::Error for Violation {}

/// What the router knows of one open conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Where it is kept.
    pub conversation: ConversationKey,
    /// Its name.
    pub id: ConversationId,
    /// Its owner.
    pub owner: Option<AgentId>,
    /// Its status.
    pub status: Status,
}
