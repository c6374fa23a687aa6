//! What a row of a log says, in whatever words it was written.

use std::collections::BTreeMap;

use crate::base::time::Time;

use super::form::{LoggedCause, LoggedEvent, LoggedParty, LoggedState};

/// A skill of a log, in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoggedSkill(pub u16);

/// An agent of a log, in the order in which they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoggedAgent(pub u32);

/// A conversation of a log: a hash of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoggedConversation(pub u64);

/// A row. Instants are microseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogRow {
    /// When.
    pub at: Time,
    /// Position among all rows of the log, which decides at one instant.
    pub position: u64,
    /// Of several that one row of a contact stands for, which.
    pub part: u8,
    /// What local clocks were ahead of UTC, minutes.
    pub offset_minutes: i16,
    /// Of which conversation.
    pub conversation: LoggedConversation,
    /// Its skill, if the log has skills.
    pub skill: Option<LoggedSkill>,
    /// What happened.
    pub event: LoggedEvent,
    /// Who did it, if the log says so.
    pub from: Option<LoggedParty>,
    /// Whom it is about.
    pub agent: Option<LoggedAgent>,
    /// Why.
    pub cause: Option<LoggedCause>,
    /// State of the agent.
    pub state: Option<LoggedState>,
    /// By which the same row, written twice, is known.
    pub digest: u64,
}

/// Names in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct LogNames {
    names: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl LogNames {
    /// The number of a name, from 0.
    pub fn number(&mut self, name: &str) -> usize {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = self.names.len();
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// The number of a name that has come.
    pub fn known(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// All of them.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// Names that rows refer to by number.
#[derive(Clone, Debug, Default)]
pub struct LogVocabulary {
    /// By [`LoggedSkill`].
    pub skills: LogNames,
    /// By [`LoggedAgent`].
    pub agents: LogNames,
}

/// What a row of a file stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLayout {
    /// A message or another event.
    Messages,
    /// A contact, with the instants at which it was opened, answered, left and closed.
    Contacts,
}

/// FNV-1a of texts, with an end after each.
pub(super) fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    texts.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, text| {
        text.bytes()
            .chain([0xff])
            .fold(hash, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    })
}
