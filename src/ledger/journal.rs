//! What a wall-clock run handled, in which order and when: enough to take the same decisions
//! again, and too little to copy them from.
//!
//! An entry names whose turn it was, not what was said. Who replays it must come to the letters and
//! timers by itself; if the decisions differ anywhere, so do the events.

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::model::event::Event;
use crate::model::message::{Letter, RouterTimer, Timer};
use crate::model::router::TransferredConversation;

/// The journal of one shard.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// What was handled, in order; the instants never go back.
    pub entries: Vec<JournalEntry>,
    /// What was recorded, in order.
    pub events: Vec<(Time, Event)>,
    /// What came from other shards, in order.
    pub arrivals: Vec<TransferredConversation>,
    /// At the end, every timer of the router due before this had been handled.
    pub handled_until: Time,
}

/// One turn of one actor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JournalEntry {
    /// When.
    pub at: Time,
    /// What it handled.
    pub input: TurnInput,
}

/// What is handled in a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TurnInput {
    /// The next letter to this place, first in, first out.
    Letter(Addressee),
    /// A timer that has come due.
    Timer {
        /// For when it was set.
        due: Time,
        /// What.
        timer: Timer,
    },
    /// A consumer visits, by the plan of arrivals.
    Visit(ConversationId),
    /// A fault: this agent is told that it is logged out.
    LogOut(AgentId),
    /// A fault: this agent is told that it may log in.
    LogIn(AgentId),
    /// A fault: this agent is told something that changes nothing.
    Refresh(AgentId),
    /// The thread of the shard stopped and what waited in the mailbox of the router is lost. Everybody
    /// else is replaced.
    MailboxLost,
    /// The actor of this agent or consumer died, with what was said to it and, of an agent, its
    /// timers, and another has taken its place.
    Replaced(Addressee),
    /// A conversation goes over to another shard, with its consumer and all timers.
    Departs(ConversationKey),
    /// The n-th of [`Journal::arrivals`] comes from another shard.
    Arrives(usize),
}

/// Who handles something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addressee {
    /// The router.
    Router,
    /// An agent.
    Agent(AgentId),
    /// The consumer of a conversation.
    Consumer(ConversationKey),
}

impl Addressee {
    /// Whom a letter is for.
    pub fn of(letter: &Letter) -> Self {
        match *letter {
            Letter::Router(_) => Self::Router,
            Letter::Agent(agent, _) => Self::Agent(agent),
            Letter::Consumer(conversation, _) => Self::Consumer(conversation),
        }
    }
}

/// The conversation with which a timer dies (A12, B8), if it does.
pub fn conversation_of(timer: &Timer) -> Option<ConversationKey> {
    match *timer {
        Timer::Consumer(conversation, _) => Some(conversation),
        Timer::Router(timer) => match timer {
            RouterTimer::Inactive { conversation, .. }
            | RouterTimer::Boomerang { conversation, .. }
            | RouterTimer::ManualSlaEnds { conversation, .. }
            | RouterTimer::Unassign { conversation }
            | RouterTimer::Readmit { conversation }
            | RouterTimer::FallBack { conversation, .. }
            | RouterTimer::Close { conversation } => Some(conversation),
            RouterTimer::Serve | RouterTimer::RemoveOwnership { .. } => None,
        },
        Timer::Agent(..) | Timer::Visit(_) => None,
    }
}
