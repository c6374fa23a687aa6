//! Which input moves abandonment and service level most: one at a time, under common random numbers.

use std::ops::Range;
use std::sync::Arc;

use crate::base::statistics::RunningStatistics;
use crate::ledger::definitions::find;
use crate::ledger::outcome::Outcome;
use crate::scenario::Plan;

use super::inputs::SensitivityInput;
use super::runner::{Runner, RunnerError};

/// The figures that are watched.
pub const WATCHED: [&str; 2] = ["abandonment", "service_level"];

/// What came of moving each input.
pub struct Sensitivity {
    /// Replications of each plan; fewer than were asked for if it was stopped.
    pub replications: u64,
    /// The figures as the plan stands.
    pub base: [RunningStatistics; 2],
    /// One for each input, in the order in which they were given.
    pub effects: Vec<Effect>,
}

/// What came of moving one input.
pub struct Effect {
    /// The input.
    pub name: String,
    /// How far it was moved.
    pub by: &'static str,
    /// The change of each figure with less of it.
    pub less: Option<[RunningStatistics; 2]>,
    /// The change of each figure with more of it.
    pub more: Option<[RunningStatistics; 2]>,
}

impl Effect {
    /// The directions in which it was moved, `less` and `more`, with the changes.
    pub fn sides(&self) -> impl Iterator<Item = (&'static str, &[RunningStatistics; 2])> {
        let sides = [("less", &self.less), ("more", &self.more)];
        sides.into_iter().filter_map(|(direction, side)| Some((direction, side.as_ref()?)))
    }

    /// The largest change of a figure, in either direction.
    pub fn largest(&self, figure: usize) -> f64 {
        let sides = [&self.less, &self.more];
        let changes = sides.into_iter().flatten().filter_map(|side| side[figure].mean());
        changes.fold(0.0, |largest, change| largest.max(change.abs()))
    }
}

/// Moves one input at a time. The change of a figure is the mean of its differences to the plan as
/// it stands, replication by replication: both face the same consumers with the same patience, so
/// that differences vary much less than the figures themselves. When it is stopped, it is of the
/// replications that have ended by then.
///
/// # Errors
///
/// It was stopped before one had ended, or a replication met a bug.
pub fn sensitivity(
    plan: &Arc<Plan>,
    inputs: &[SensitivityInput],
    replications: Range<u64>,
    runner: &Runner<'_>,
) -> Result<Sensitivity, RunnerError> {
    let moved = inputs.iter().flat_map(|input| [&input.less, &input.more]).flatten();
    let plans = Vec::from_iter(std::iter::once(plan).chain(moved).cloned());
    let watched = WATCHED.map(find);
    let read = |outcome: &Outcome| watched.map(|figure| (figure?.value)(outcome));
    let values = runner.run_as_far(&plans, replications, read)?;
    let mut lists = values.iter();
    let base = lists.next().map(Vec::as_slice).unwrap_or_default();
    if base.is_empty() {
        return Err(RunnerError::Interrupted);
    }
    let mut side = |plan: &Option<Arc<Plan>>| {
        plan.as_ref().and_then(|_| lists.next()).map(|moved| differences(base, moved))
    };
    let effects = inputs.iter().map(|input| Effect {
        name: input.name.clone(),
        by: input.by,
        less: side(&input.less),
        more: side(&input.more),
    });
    let effects = effects.collect();
    let own = |figure: usize| base.iter().filter_map(|values| values[figure]).collect();
    Ok(Sensitivity { replications: base.len() as u64, base: [own(0), own(1)], effects })
}

/// Differences of replications in which both have a value.
fn differences(base: &[[Option<f64>; 2]], moved: &[[Option<f64>; 2]]) -> [RunningStatistics; 2] {
    let pairs = || base.iter().zip(moved);
    [0, 1].map(|figure| {
        pairs().filter_map(|(base, moved)| Some(moved[figure]? - base[figure]?)).collect()
    })
}
