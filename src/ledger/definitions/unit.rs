//! What a figure counts, and how it adds up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Unit of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Conversations.
    Conversations,
    /// Messages or replies.
    Messages,
    /// Occurrences.
    Times,
    /// Agents.
    Agents,
    /// Slots.
    Slots,
    /// Seconds.
    Seconds,
    /// Hours of agents.
    Hours,
    /// 0 to 1.
    Share,
    /// A number a conversation.
    PerConversation,
    /// Consumers over all their contacts.
    Clients,
    /// A number a client.
    PerClient,
}

impl Unit {
    /// The value nearest to this that a figure of this unit can have.
    pub fn nearest(self, value: f64) -> f64 {
        let most = if self == Self::Share { 1.0 } else { f64::INFINITY };
        value.clamp(0.0, most)
    }

    /// The unit in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Messages => "messages",
            Self::Times => "times",
            Self::Agents => "agents",
            Self::Slots => "slots",
            Self::Seconds => "seconds",
            Self::Hours => "hours",
            Self::Share => "share",
            Self::PerConversation => "per conversation",
            Self::Clients => "clients",
            Self::PerClient => "per client",
        }
    }
}

/// How a figure adds up over replications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Kind")]
pub enum FigureKind {
    /// A sum: divide it by the replications for the figure of one.
    Count,
    /// A quantile, or a mean over time.
    Mean,
    /// A share or a mean: a sum over a sum, so that all replications together are a ratio of sums.
    Ratio,
    /// A maximum over replications.
    Maximum,
}
