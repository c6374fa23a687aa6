//! What must hold in every run, checked while it runs.
//!
//! The observer keeps its own shadow of every open conversation, built from the facts alone: it
//! replays the audit trail, computes every unassign deadline anew and never asks the router before
//! the end. Rule 10 (same seed, same trace) takes two runs and is checked elsewhere.
//!
//! In virtual time no timer is late: what was due before now must have happened. On the wall clock
//! timers are late, and how late they may be depends on the machine and its load. There the host
//! says up to which instant all timers of the router have been handled, and what was due before
//! that must have happened: a deadline may be late, but none may be lost.

mod moves;
mod observer;
mod shadow;
mod verdict;

use std::fmt;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::model::event::Status;

pub(super) use observer::Observer;
pub(super) use shadow::Shadow;

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

#[cfg(test)]
mod tests;
