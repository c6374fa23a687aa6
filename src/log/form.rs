//! The words of a log: its files, columns, events, causes and states.

/// A word that stands in a column, and what it means.
pub trait LogWord: Copy + PartialEq + 'static {
    /// All of them with their words.
    const WORDS: &'static [(Self, &'static str)];

    /// As it is written.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }

    /// What a text means, whatever its case.
    fn of_word(text: &str) -> Option<Self> {
        let found = Self::WORDS.iter().find(|(_, word)| word.eq_ignore_ascii_case(text));
        found.map(|&(known, _)| known)
    }
}

/// Files of a log that is written.
pub const MESSAGES: &str = "messages.csv";
/// States of agents.
pub const PRESENCE: &str = "presence.csv";
/// Planned shifts.
pub const ROSTER: &str = "roster.csv";
/// Skills and slots of agents.
pub const AGENTS: &str = "agents.csv";

/// What a row of `messages.csv` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoggedEvent {
    /// Somebody wrote.
    Message,
    /// An agent got the conversation.
    Assigned,
    /// An agent lost it.
    Unassigned,
    /// An agent handed it over.
    Transferred,
    /// An agent put it aside.
    Parked,
    /// A reminder brought it back.
    Boomerang,
    /// It was closed.
    Resolved,
}

impl LogWord for LoggedEvent {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Message, "message"),
        (Self::Assigned, "assigned"),
        (Self::Unassigned, "unassigned"),
        (Self::Transferred, "transferred"),
        (Self::Parked, "parked"),
        (Self::Boomerang, "boomerang"),
        (Self::Resolved, "resolved"),
    ];
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoggedParty {
    /// The consumer.
    Consumer,
    /// An agent.
    Agent,
    /// The platform.
    System,
}

impl LogWord for LoggedParty {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Consumer, "consumer"), (Self::Agent, "agent"), (Self::System, "system")];
}

/// Why an agent lost a conversation, or why it was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoggedCause {
    /// The consumer had waited too long for its owner.
    Timeout,
    /// The owner logged out.
    Logout,
    /// The consumer wrote while the owner was offline.
    MessageWhileOffline,
    /// A reminder came while the owner was offline.
    BoomerangWhileOffline,
    /// The owner gave it back to the queue.
    ManualReturn,
    /// An agent took it from the queue.
    Claimed,
    /// The consumer wrote after the close, and its owner was there.
    Reopened,
    /// Handed over to another skill.
    ToSkill,
    /// Handed over to another agent.
    ToAgent,
    /// Handed over to an agent who was offline.
    ToOfflineAgent,
    /// Handed over to an agent for whom it waits in the queue.
    ToReservation,
    /// Closed by an agent.
    ByAgent,
    /// Closed by the consumer.
    ByConsumer,
    /// The consumer left.
    Abandoned,
    /// Closed for silence.
    AutoClosed,
}

impl LogWord for LoggedCause {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Timeout, "timeout"),
        (Self::Logout, "logout"),
        (Self::MessageWhileOffline, "message_while_offline"),
        (Self::BoomerangWhileOffline, "boomerang_while_offline"),
        (Self::ManualReturn, "manual_return"),
        (Self::Claimed, "claimed"),
        (Self::Reopened, "reopened"),
        (Self::ToSkill, "to_skill"),
        (Self::ToAgent, "to_agent"),
        (Self::ToOfflineAgent, "to_offline_agent"),
        (Self::ToReservation, "to_reservation"),
        (Self::ByAgent, "by_agent"),
        (Self::ByConsumer, "by_consumer"),
        (Self::Abandoned, "abandoned"),
        (Self::AutoClosed, "auto_closed"),
    ];
}

/// State of an agent, as the platform shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LoggedState {
    /// Available.
    Online,
    /// Logged in and away.
    Away,
    /// Logged out.
    Offline,
}

impl LogWord for LoggedState {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Online, "online"), (Self::Away, "away"), (Self::Offline, "offline")];
}

/// Cause of Offline: the agent logged out.
pub const LOGGED_OUT: &str = "logout";
/// Cause of Offline: the connection was lost, and the session ended.
pub const SESSION_TIMEOUT: &str = "session_timeout";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Debug;

    use super::*;

    fn are_sound<W: LogWord + Debug>() {
        let words = BTreeSet::from_iter(W::WORDS.iter().map(|(_, word)| word));
        assert_eq!(words.len(), W::WORDS.len(), "a word means one thing");
        for &(meaning, word) in W::WORDS {
            assert_eq!((meaning.word(), W::of_word(word)), (word, Some(meaning)));
            assert_eq!(W::of_word(&word.to_uppercase()), Some(meaning));
        }
        assert_eq!(W::of_word("no such word"), None);
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        are_sound::<LoggedEvent>();
        are_sound::<LoggedParty>();
        are_sound::<LoggedCause>();
        are_sound::<LoggedState>();
    }
}
