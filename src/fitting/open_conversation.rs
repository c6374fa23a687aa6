//! A conversation that is not over, as far as the log tells.

use crate::base::time::Time;
use crate::log::{LoggedAgent, LoggedSkill};

/// What is kept of a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenConversation {
    pub(super) opened: Time,
    pub(super) skill: Option<LoggedSkill>,
    pub(super) owner: Option<LoggedAgent>,
    pub(super) assigned: Option<Time>,
    pub(super) was_assigned: bool,
    pub(super) first_answer: Option<Time>,
    /// The first message, or other call for an answer, that is unanswered.
    pub(super) waiting_since: Option<Time>,
    /// Whether the consumer waits, not only a reminder.
    pub(super) consumer_waits: bool,
    pub(super) last_message: Time,
    pub(super) last_answer: Option<Time>,
    pub(super) turns: u32,
    /// Messages of the present turn.
    pub(super) turn_size: u32,
    pub(super) last_row: Time,
    pub(super) is_closed: bool,
    /// Whether its first wait has been told.
    pub(super) wait_told: bool,
}

impl OpenConversation {
    pub(super) fn opened(at: Time, skill: Option<LoggedSkill>) -> Self {
        Self {
            opened: at,
            skill,
            owner: None,
            assigned: None,
            was_assigned: false,
            first_answer: None,
            waiting_since: Some(at),
            consumer_waits: true,
            last_message: at,
            last_answer: None,
            turns: 1,
            turn_size: 1,
            last_row: at,
            is_closed: false,
            wait_told: false,
        }
    }
}
