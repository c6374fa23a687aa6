//! Identifiers: small integers that say what they count.

use std::fmt;

/// Position of an agent in the centre, counted over all groups from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentId(pub u32);

/// Position of an agent group in the scenario file.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
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

/// A conversation's lasting name: kind of consumer, number of the client within its kind in order
/// of arrival (from 1), need (0 for the first visit; a client who returns after an abandonment, or
/// comes again after a resolved contact, counts up), and part (0; a message after a close that opens
/// a new conversation counts up, A14).
///
/// Kind, number and need do not depend on any policy, so two variants of a scenario face the same
/// people under the same names. Packed into 60 bits so that it can break ties in the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConversationId(u64);

impl ConversationId {
    /// Names the first conversation of client `number` of `kind` about its `need`-th need.
    pub fn new(kind: KindId, number: u64, need: u32) -> Self {
        debug_assert!(number < 1 << NUMBER_BITS && need < 1 << NEED_BITS);
        Self(
            (u64::from(kind.0) << (NUMBER_BITS + NEED_BITS + PART_BITS))
                | (number << (NEED_BITS + PART_BITS))
                | (u64::from(need) << PART_BITS),
        )
    }

    /// Names the conversation of a row of the backlog of a kind, counted from 0: open before the run
    /// begins. No client who arrives has such a number.
    pub fn carried_over(kind: KindId, row: usize) -> Self {
        Self::new(kind, BACKLOG | (row as u64 + 1), 0)
    }

    /// The row of the backlog whose conversation this is; `None` of any other, and of what comes after it.
    pub fn row_of_backlog(self) -> Option<usize> {
        let is_row = self.is_first() && self.number() & BACKLOG != 0;
        is_row.then(|| (self.number() & !BACKLOG) as usize - 1)
    }

    /// What [`fmt::Display`] writes; `None` if it is no such name.
    pub fn read(kind: KindId, text: &str) -> Option<Self> {
        if let Some(row) = text.strip_prefix('b') {
            let id = Self::read(kind, row)?;
            let is_row = id.number() & BACKLOG == 0;
            return is_row.then_some(Self(id.0 | BACKLOG << (NEED_BITS + PART_BITS)));
        }
        let mut numbers = text.split('.').map(str::parse::<u64>);
        let mut next = |below: u64| match numbers.next() {
            None => Some(0),
            Some(number) => number.ok().filter(|&number| number < below),
        };
        let number = next(1 << NUMBER_BITS).filter(|&number| number > 0)?;
        let (need, part) = (next(1 << NEED_BITS)?, next(1 << PART_BITS)?);
        let id = Self(Self::new(kind, number, need as u32).0 | part);
        numbers.next().is_none().then_some(id)
    }

    /// The kind of consumer.
    pub fn kind(self) -> KindId {
        KindId((self.0 >> (NUMBER_BITS + NEED_BITS + PART_BITS)) as u8)
    }

    /// The client's number within its kind, from 1.
    pub fn number(self) -> u64 {
        (self.0 >> (NEED_BITS + PART_BITS)) & ((1 << NUMBER_BITS) - 1)
    }

    /// How often this client has come before, about something else or after an abandonment.
    pub fn need(self) -> u32 {
        ((self.0 >> PART_BITS) & ((1 << NEED_BITS) - 1)) as u32
    }

    /// How many conversations about the same need were closed before the client had done (A14).
    pub fn part(self) -> u32 {
        (self.0 & ((1 << PART_BITS) - 1)) as u32
    }

    /// Whether it is the client's first.
    pub fn is_first(self) -> bool {
        self.need() == 0 && self.part() == 0
    }

    /// The client comes again: after an abandonment, or after a resolved contact. `None` beyond the
    /// last name there is.
    pub fn next_need(self) -> Option<Self> {
        let need = self.need() + 1;
        (need < 1 << NEED_BITS).then(|| Self::new(self.kind(), self.number(), need))
    }

    /// The client goes on about the same after a close (A14). Beyond the last name there is it keeps
    /// the last.
    #[must_use]
    pub fn next_part(self) -> Self {
        let part = (u64::from(self.part()) + 1).min((1 << PART_BITS) - 1);
        Self(self.0 >> PART_BITS << PART_BITS | part)
    }

    /// The 60 bits as a number, for ties.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// That of which these are the bits.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The key of the conversation's random streams: the same for all parts, so that a client thinks,
    /// waits and asks for the same work under any rule of closing.
    pub fn stream_key(self) -> u64 {
        let (kind, number) = (u64::from(self.kind().0), self.number());
        (kind << (STREAM_NUMBER_BITS + STREAM_NEED_BITS))
            | (number << STREAM_NEED_BITS)
            | u64::from(self.need())
    }
}

/// `17`; `17.2` for the third visit of client 17; `17.2.1` for what it opened after the first of that
/// visit was closed; `b3` for the third row of the backlog. The name of the kind is put before it by whoever knows it.
impl fmt::Display for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number() & !BACKLOG;
        if number != self.number() {
            f.write_str("b")?;
        }
        match (self.need(), self.part()) {
            (0, 0) => write!(f, "{number}"),
            (need, 0) => write!(f, "{number}.{need}"),
            (need, part) => write!(f, "{number}.{need}.{part}"),
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

const NUMBER_BITS: u32 = 32;
/// The bit that tells numbers of rows of the backlog from those of clients who arrive.
const BACKLOG: u64 = 1 << (NUMBER_BITS - 1);
const NEED_BITS: u32 = 8;
const PART_BITS: u32 = 12;
/// How many times a client can come about something else.
pub const NEEDS_AT_MOST: u32 = 1 << NEED_BITS;
const STREAM_NUMBER_BITS: u32 = 36;
const STREAM_NEED_BITS: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_name_keeps_its_parts() {
        let id = ConversationId::new(KindId(3), 2_000_000_000, 7);
        assert_eq!((id.kind(), id.number(), id.need()), (KindId(3), 2_000_000_000, 7));
        let next = id.next_need().expect("there are more names");
        assert_eq!((next.to_string(), next.is_first()), ("2000000000.8".to_owned(), false));
        let part = id.next_part();
        assert_eq!((part.need(), part.part(), part.number()), (7, 1, 2_000_000_000));
        assert_eq!(part.to_string(), "2000000000.7.1");
        assert_eq!((part.next_part().part(), part.stream_key()), (2, id.stream_key()));
        assert_eq!(part.next_need(), Some(next));
        for id in [id, part, ConversationId::new(KindId(3), 17, 0)] {
            assert_eq!(ConversationId::read(KindId(3), &id.to_string()), Some(id));
        }
        for wrong in [
            "",
            "0",
            "17.",
            "17.256",
            "17.1.4096",
            "17.1.1.1",
            "4294967296",
            "b0",
            "b",
            "bb1",
            "-1",
            "x",
        ] {
            assert_eq!(ConversationId::read(KindId(0), wrong), None, "{wrong}");
        }
        assert!(id < part && part < next && next.bits() < 1 << 60);
    }

    #[test]
    fn rows_of_a_backlog_have_names_of_their_own() {
        let id = ConversationId::carried_over(KindId(2), 2);
        assert_eq!((id.to_string(), id.row_of_backlog()), ("b3".to_owned(), Some(2)));
        assert_eq!(ConversationId::read(KindId(2), "b3"), Some(id));
        let next = id.next_part();
        assert_eq!((next.to_string(), next.row_of_backlog()), ("b3.0.1".to_owned(), None));
        assert_eq!(ConversationId::read(KindId(2), "b3.0.1"), Some(next));
        assert_eq!(ConversationId::new(KindId(2), 3, 0).row_of_backlog(), None);
    }

    #[test]
    fn names_end_where_their_bits_do() {
        let last = ConversationId::new(KindId(0), 1, NEEDS_AT_MOST - 1);
        assert_eq!(last.next_need(), None);
        let parts = (0..5000).fold(last, |id, _| id.next_part());
        assert_eq!((parts.part(), parts.need()), (4095, NEEDS_AT_MOST - 1));
    }
}
