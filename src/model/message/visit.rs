//! Clients who come: for the first time, or again.

use crate::base::ids::ConversationId;

/// A client comes and opens a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The name in two halves: a [`Timer`](super::Timer) then takes 16 bytes.
    id: [u32; 2],
    /// What it brings along.
    pub history: ClientHistory,
}

impl Visit {
    /// One who comes with this history to open this conversation.
    pub fn new(id: ConversationId, history: ClientHistory) -> Self {
        Self { id: [(id.bits() >> 32) as u32, id.bits() as u32], history }
    }

    /// The conversation's name.
    pub fn id(self) -> ConversationId {
        let [high, low] = self.id.map(u64::from);
        ConversationId::from_bits(high << 32 | low)
    }
}

/// What a client brings along from the contacts before; nothing at the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClientHistory {
    /// The need for which the skill was drawn that this client asks for.
    pub skill_of: u8,
    /// How often this client has come back after an abandonment.
    pub returns: u8,
}
