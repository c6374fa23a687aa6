//! What a search reads off the replications of a choice, and the one estimate that comes of it.

use crate::experiment::interval::{Estimate, FigureSeries};
use crate::ledger::definitions::{Definition, Parts, find};
use crate::ledger::outcome::Outcome;

use super::Goal;

/// Figures that a timeout trades against each other.
pub const TRADED_FIGURES: [&str; 4] =
    ["abandonment", "reassignments", "lost_answer_share", "service_level"];

/// What is read off a replication.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Part and whole of the figure of each goal.
    pub(super) parts: Vec<(f64, f64)>,
    /// Of each figure that is traded, if it is known.
    traded: [Option<Parts>; TRADED_FIGURES.len()],
    /// Of those who wrote in this replication, the share who left unanswered.
    pub(super) abandonment: f64,
}

impl Reading {
    pub(super) fn of(outcome: &Outcome, goals: &[Goal]) -> Self {
        let parts = |name: &str| find(name).and_then(|figure: &Definition| figure.parts(outcome));
        Self {
            parts: goals.iter().map(|goal| goal.parts(outcome)).collect(),
            traded: TRADED_FIGURES.map(parts),
            abandonment: outcome.flow.abandonment().unwrap_or(0.0),
        }
    }
}

/// The figures that are traded, over all replications.
pub(super) fn traded(readings: &[Reading]) -> [Option<Estimate>; TRADED_FIGURES.len()] {
    std::array::from_fn(|at| {
        let mut series = FigureSeries::default();
        readings.iter().for_each(|reading| series.push(reading.traded[at], None));
        series.estimate()
    })
}
