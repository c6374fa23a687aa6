//! Identifiers: small integers that say what they count.

use std::fmt;

/// Position of an agent in the centre, counted over all groups from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentId(pub u32);

/// Position of an agent group in the scenario file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u16);

/// Position of a skill in the scenario file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SkillId(pub u16);

/// Position of a kind of consumers in the scenario file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u8);

/// Position of an away reason ("Back Soon", "Lunch") in the centre's list of reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonId(pub u8);

/// A conversation's lasting name: kind of consumer, number of the consumer within its kind in order
/// of arrival (from 1), and attempt (0 for the first visit; a consumer who returns counts up).
///
/// It does not depend on any policy, so two variants of a scenario face the same conversations
/// under the same names. Packed into 60 bits so that it can break ties in the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConversationId(u64);

impl ConversationId {
    /// Names the `attempt`-th visit of consumer `number` of `kind`.
    pub fn new(kind: KindId, number: u64, attempt: u32) -> Self {
        debug_assert!(number < 1 << NUMBER_BITS && attempt < 1 << ATTEMPT_BITS);
        Self(
            (u64::from(kind.0) << (NUMBER_BITS + ATTEMPT_BITS))
                | (number << ATTEMPT_BITS)
                | u64::from(attempt),
        )
    }

    /// The kind of consumer.
    pub fn kind(self) -> KindId {
        KindId((self.0 >> (NUMBER_BITS + ATTEMPT_BITS)) as u8)
    }

    /// The consumer's number within its kind, from 1.
    pub fn number(self) -> u64 {
        (self.0 >> ATTEMPT_BITS) & ((1 << NUMBER_BITS) - 1)
    }

    /// How often this consumer has visited before.
    pub fn attempt(self) -> u32 {
        (self.0 & ((1 << ATTEMPT_BITS) - 1)) as u32
    }

    /// The next visit of the same consumer.
    pub fn next_attempt(self) -> Self {
        Self::new(self.kind(), self.number(), self.attempt() + 1)
    }

    /// The 60 bits as a number, for keys and ties.
    pub fn bits(self) -> u64 {
        self.0
    }
}

/// `17`, or `17.2` for the third visit of consumer 17. The name of the kind is put before it by
/// whoever knows it.
impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.attempt() {
            0 => write!(f, "{}", self.number()),
            attempt => write!(f, "{}.{}", self.number(), attempt),
        }
    }
}

/// Where a live conversation is kept: a slot that is used again after the conversation has ended,
/// and the generation of that use. A key of an earlier generation refers to a conversation that is
/// over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConversationKey {
    /// Position in every table of live conversations.
    pub slot: u32,
    /// How often the slot was used before.
    pub generation: u32,
}

/// Counts the changes of owner of one conversation (semantics: *assignment epoch*).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(pub u32);

impl Epoch {
    /// The epoch after one more change of owner.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

const NUMBER_BITS: u32 = 36;
const ATTEMPT_BITS: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_name_keeps_its_parts() {
        let id = ConversationId::new(KindId(3), 40_000_000_000, 7);
        assert_eq!((id.kind(), id.number(), id.attempt()), (KindId(3), 40_000_000_000, 7));
        assert_eq!(id.next_attempt().to_string(), "40000000000.8");
        assert!(id.bits() < 1 << 60);
    }
}
