//! What a timeout trades: abandonment against reassignments and lost answers.

use std::sync::Arc;

use crate::base::time::Span;
use crate::experiment::inputs::TIMEOUTS;
use crate::experiment::interval::Estimate;
use crate::ledger::outcome::Outcome;
use crate::scenario::Plan;

use super::super::runner::{Runner, RunnerError};
use super::reading::{self, Reading, TRADED_FIGURES};
use super::{Candidate, FIRST_FRESH, Space, Tested};

/// One choice over the timeout of agents in one state.
pub struct Curve {
    /// The state: `online`, `away` or `offline`.
    pub state: &'static str,
    /// In the order of the timeouts.
    pub points: Vec<CurvePoint>,
}

/// The choice under one timeout, and what it does there.
pub struct CurvePoint {
    /// The timeout; `None` = off.
    pub timeout: Option<Span>,
    /// Replications.
    pub replications: u64,
    /// Each of [`TRADED_FIGURES`]; of a choice that was tested the same as there.
    pub figures: [Option<Estimate>; TRADED_FIGURES.len()],
}

/// Abandonment against what it costs for one choice, over the timeout of each state that may move;
/// if none may, over that of Online agents, unless nobody is unassigned. What is among the `tested` is
/// not run once more.
///
/// # Errors
///
/// It was stopped, or a replication met a bug.
pub fn curves(
    space: &Space<'_>,
    candidate: &Candidate,
    tested: &[Tested],
    runner: &Runner<'_>,
) -> Result<Vec<Curve>, RunnerError> {
    let plan = space.plan_of(candidate);
    let chosen = &space.search.timeouts;
    let chosen = [&chosen.online, &chosen.away, &chosen.offline];
    let moving = chosen.iter().any(|timeouts| timeouts.len() > 1);
    let usual = || CUSTOMARY.iter().map(|&seconds| Some(Span::from_secs(seconds))).chain([None]);
    let mut curves = Vec::new();
    for ((state, of_state), timeouts) in TIMEOUTS.into_iter().zip(chosen) {
        let timeouts = match (timeouts.len(), moving) {
            (2.., _) => timeouts.clone(),
            (_, false) if state == ONLINE && plan.centre.unassign.enabled => usual().collect(),
            _ => continue,
        };
        let under = |&timeout: &Option<Span>| {
            let mut plan = Plan::clone(&plan);
            *of_state(&mut plan.centre.unassign.timeout) = timeout;
            Arc::new(plan)
        };
        let plans = Vec::from_iter(timeouts.iter().map(under));
        let readings = readings(space, &plans, tested, runner)?;
        let points = timeouts.into_iter().zip(readings).map(|(timeout, readings)| CurvePoint {
            timeout,
            replications: readings.len() as u64,
            figures: reading::traded(&readings),
        });
        curves.push(Curve { state, points: points.collect() });
    }
    Ok(curves)
}

/// Of each plan what the search read of it, or else as many replications as it begins with.
fn readings(
    space: &Space<'_>,
    plans: &[Arc<Plan>],
    tested: &[Tested],
    runner: &Runner<'_>,
) -> Result<Vec<Vec<Reading>>, RunnerError> {
    let of_plan = |plan: &Arc<Plan>| {
        let mut tested = tested.iter();
        let same = tested.find(|test| space.plan_of(&test.candidate) == *plan);
        same.map(|test| test.readings.clone())
    };
    let known = Vec::from_iter(plans.iter().map(of_plan));
    let new = plans.iter().zip(&known).filter(|(_, known)| known.is_none());
    let new = Vec::from_iter(new.map(|(plan, _)| Arc::clone(plan)));
    let replications = FIRST_FRESH..FIRST_FRESH + u64::from(space.search.first_replications);
    let read = |outcome: &Outcome| Reading::of(outcome, space.goals());
    let mut run = match new.is_empty() {
        true => Vec::new(),
        false => runner.run(&new, replications, read)?,
    }
    .into_iter();
    let readings = known.into_iter().map(|known| known.or_else(|| run.next()).unwrap_or_default());
    Ok(readings.collect())
}

const ONLINE: &str = "online";
/// Seconds.
const CUSTOMARY: [i64; 7] = [30, 60, 90, 120, 180, 300, 600];
