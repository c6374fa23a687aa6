//! A replication that ended in a bug.

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
