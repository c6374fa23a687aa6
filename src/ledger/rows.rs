//! Rows handed out as they come, kept nowhere.

use crate::base::ids::{ConversationId, SkillId};
use crate::base::time::{Span, Time};
use crate::model::event::{Change, Event};

/// Receives rows while the run goes on.
pub trait Rows {
    /// Any fact, a change of owner or status too, as it happened and before it is measured or
    /// checked. Most readers want only the rows made from facts.
    fn event(&mut self, _at: Time, _event: &Event) {}

    /// A change of owner or status: one record of the audit trail (E15).
    fn change(&mut self, at: Time, change: &Change);

    /// A conversation that is over, or open at the end of the run.
    fn conversation(&mut self, row: &ConversationRow);
}

/// One conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationRow {
    /// Name; it also tells the kind of consumer.
    pub id: ConversationId,
    /// Skill asked for at the opening.
    pub skill: SkillId,
    /// Priority.
    pub priority: i16,
    /// Whether it counts: opened at or after the warm-up.
    pub counted: bool,
    /// Opening.
    pub opened: Time,
    /// First assignment.
    pub assigned: Option<Time>,
    /// First answer, unless the consumer had left silently before.
    pub answered: Option<Time>,
    /// Resolution, or the end of the run.
    pub ended: Time,
    /// How it ended.
    pub ending: ConversationEnding,
    /// When the consumer's patience ended, and whether silently.
    pub abandoned: Option<(Time, bool)>,
    /// Messages of the consumer.
    pub messages: u32,
    /// Replies delivered.
    pub answers: u32,
    /// Ownerships.
    pub owners: u32,
    /// Auto-unassigns.
    pub auto_unassigns: u32,
    /// Ownership removals.
    pub ownership_removals: u32,
    /// Time in New, owned or not.
    pub handle_time: Span,
    /// Time in the queue.
    pub queue_time: Span,
    /// Time in New while the owner was Offline.
    pub stranded: Span,
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationEnding {
    /// By the reply to the last message.
    ByAgent,
    /// By the consumer.
    ByConsumer,
    /// The consumer left openly.
    Abandoned,
    /// For silence.
    AutoClosed,
    /// Not at all: open at the end of the run.
    AtEnd,
}

impl ConversationEnding {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::ByAgent => "by_agent",
            Self::ByConsumer => "by_consumer",
            Self::Abandoned => "abandoned",
            Self::AutoClosed => "auto_closed",
            Self::AtEnd => "at_end",
        }
    }
}
