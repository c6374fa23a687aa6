//! A choice that was tested: all that is told of it comes from the same replications.

use crate::experiment::interval::FigureSeries;
use crate::ledger::definitions::Parts;

use super::reading::Reading;
use super::{Candidate, Space};

/// One choice that was tested.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The choice.
    pub candidate: Candidate,
    /// Cost of a run.
    pub cost: f64,
    /// Replications.
    pub replications: usize,
    /// The figure of each goal: its ratio over all replications, and the standard error of that.
    pub figures: Vec<(f64, f64)>,
    /// What was read off each replication; everything that is told of the choice comes from these.
    pub readings: Vec<Reading>,
    /// What came of it.
    pub verdict: OptimizeVerdict,
}

impl Tested {
    /// What came of these replications.
    pub(super) fn new(
        space: &Space<'_>,
        candidate: Candidate,
        readings: Vec<Reading>,
        verdict: OptimizeVerdict,
    ) -> Self {
        Self {
            cost: space.cost(&candidate),
            candidate,
            replications: readings.len(),
            figures: (0..space.goals().len()).map(|goal| figure(&readings, goal)).collect(),
            readings,
            verdict,
        }
    }

    /// Abandonment of each replication.
    pub(super) fn abandonments(&self) -> Vec<f64> {
        self.readings.iter().map(|reading| reading.abandonment).collect()
    }
}

/// What came of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptimizeVerdict {
    /// Every goal is met.
    Met,
    /// A goal is missed: its position.
    Missed(usize),
    /// Not clear after as many replications as were allowed.
    Undecided,
}

/// The figure of a goal over all replications, and the standard error of that; nothing of nothing.
pub(super) fn figure(runs: &[Reading], goal: usize) -> (f64, f64) {
    let mut series = FigureSeries::default();
    runs.iter().for_each(|run| {
        let (part, whole) = run.parts[goal];
        series.push(Some(Parts { part, whole }), None);
    });
    series.estimate().map_or((0.0, 0.0), |it| (it.value, it.standard_error.unwrap_or(0.0)))
}
