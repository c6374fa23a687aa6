//! How agents spend their time, and what they do in it.

use serde::{Deserialize, Serialize};

use super::durations::Total;
use super::merge::ratio;
use super::number_rows::numbers_by_field;

/// How agents spent their time, microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTimes {
    /// Online or Away.
    pub logged_in: u128,
    /// Online.
    pub online: u128,
    /// Away.
    pub away: u128,
    /// Logged in and at work: writing, deciding on a hand-over, wrapping up.
    pub busy: u128,
    /// Logged in and unresponsive.
    pub interrupted: u128,
    /// Online, neither at work nor unresponsive.
    pub idle: u128,
    /// Logged in and closing.
    pub closing: u128,
    /// Thousandths of slots in use while logged in × microseconds.
    pub slots_used: u128,
    /// Thousandths of slots while logged in × microseconds.
    pub slots: u128,
}

numbers_by_field!(AgentTimes {
    logged_in,
    online,
    away,
    busy,
    interrupted,
    idle,
    closing,
    slots_used,
    slots,
});

impl AgentTimes {
    /// Busy / logged in.
    pub fn occupancy(&self) -> Option<f64> {
        ratio(self.busy, self.logged_in)
    }

    /// Weighted slots used / slots, while logged in.
    pub fn slot_use(&self) -> Option<f64> {
        ratio(self.slots_used, self.slots)
    }
}

/// What agents did and what was done to them, on conversations that count (refused claims and
/// overshoots: after the warm-up).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentCounts {
    /// Ownerships begun.
    pub conversations: u64,
    /// Replies delivered, follow-ups and wasted ones too.
    pub answers: u64,
    /// Waiting since to reply, of those that answered a message.
    pub response: Total,
    /// Auto-unassigns suffered.
    pub auto_unassigned: u64,
    /// Ownership removals suffered.
    pub ownership_removed: u64,
    /// Parked.
    pub parked: u64,
    /// Handed over: given back, transferred, assigned to an offline agent.
    pub handed_over: u64,
    /// Answers begun and taken away, with the work on them.
    pub lost_answers: Total,
    /// Claims refused.
    pub refused_claims: u64,
    /// Conversations that woke up above the limit.
    pub overshoots: u64,
}

numbers_by_field!(AgentCounts {
    conversations,
    answers,
    response,
    auto_unassigned,
    ownership_removed,
    parked,
    handed_over,
    lost_answers,
    refused_claims,
    overshoots,
});
