//! A replication that ended in a bug.

use std::collections::VecDeque;
use std::fmt;

use crate::base::time::Time;
use crate::ledger::invariants::Violation;
use crate::model::event::Event;

/// A replication that could not be finished: a bug in Shiftstorm, never bad input.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Seed of the run.
    pub seed: u64,
    /// Which replication.
    pub replication: u64,
    /// What happened.
    pub kind: FailureKind,
    /// The last facts before it, oldest first.
    pub last_events: Vec<(Time, Event)>,
}

/// What went wrong.
#[derive(Clone, Debug)]
pub enum FailureKind {
    /// A rule that must hold did not.
    Invariant(Violation),
    /// A panic, with its message.
    Panic(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replication {} of seed {} failed: ", self.replication, self.seed)?;
        match &self.kind {
            FailureKind::Invariant(violation) => write!(f, "{violation}"),
            FailureKind::Panic(message) => write!(f, "{message}"),
        }
    }
}

impl std::error::Error for Failure {}

/// The last facts of a replication.
#[derive(Debug, Default)]
pub(super) struct Memory(VecDeque<(Time, Event)>);

impl Memory {
    pub(super) fn note(&mut self, now: Time, event: &Event) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((now, *event));
    }

    pub(super) fn to_vec(&self) -> Vec<(Time, Event)> {
        self.0.iter().copied().collect()
    }
}

const KEPT: usize = 32;
