//! What shards and the load generator tell whoever runs them.

use std::collections::VecDeque;

use crate::base::time::Time;
use crate::ledger::invariants::Violation;
use crate::ledger::journal::{Addressee, Journal};
use crate::ledger::outcome::Outcome;
use crate::model::event::Event;

use super::clock::Moment;
use super::measures::Figures;
use super::shard::remains::Remains;

/// A piece of news.
pub(super) enum Report {
    /// What was measured since the last one.
    Pulse(Box<Pulse>),
    /// The generator has nothing more to send.
    Generated,
    /// An actor of a shard has panicked.
    Died(usize, Addressee),
    /// The thread of a shard has stopped before the run was over.
    Fell(Box<Remains>),
    /// A shard has ended.
    Finished(Box<Finished>),
}

/// Who measured it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Shard(usize),
    Generator,
}

/// What was measured since the last pulse, and how things are now.
pub(super) struct Pulse {
    pub(super) source: Source,
    pub(super) until: Moment,
    pub(super) figures: Figures,
    pub(super) state: State,
}

/// How things are at some instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Live conversations.
    pub live: u64,
    /// Timers to come.
    pub timers: u64,
    /// Bytes that they take.
    pub timer_bytes: u64,
    /// Messages waiting for the routers.
    pub waiting: u64,
}

impl State {
    /// Adds another shard.
    pub(super) fn add(&mut self, other: &Self) {
        self.live += other.live;
        self.timers += other.timers;
        self.timer_bytes += other.timer_bytes;
        self.waiting += other.waiting;
    }
}

/// A shard that has ended.
pub(super) struct Finished {
    pub(super) shard: usize,
    pub(super) ended: Moment,
    pub(super) recorded: Result<Recorded, Box<Broken>>,
}

/// What a shard recorded.
pub(super) struct Recorded {
    pub(super) outcome: Box<Outcome>,
    pub(super) journal: Option<Box<Journal>>,
}

/// A rule that did not hold, and the last facts before.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) violation: Violation,
    pub(super) last_events: VecDeque<(Time, Event)>,
}
