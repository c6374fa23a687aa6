//! What a timeout trades: abandonment against reassignments.

use std::sync::Arc;

use crate::base::statistics::RunningStatistics;
use crate::base::time::Span;
use crate::experiment::inputs::TIMEOUTS;
use crate::ledger::outcome::Outcome;
use crate::scenario::Plan;

use super::super::runner::{Runner, RunnerError};
use super::{Candidate, FIRST_FRESH, Space};

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
    /// Abandonment, reassignments a conversation and service level over replications.
    pub figures: [RunningStatistics; 3],
}

/// Abandonment against reassignments for one choice, over the timeout of each state that may move;
/// if none may, over that of Online agents, unless nobody is unassigned.
///
/// # Errors
///
/// It was stopped, or a replication met a bug.
pub fn curves(
    space: &Space<'_>,
    candidate: &Candidate,
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
        let points = points(space, timeouts, &plans, runner)?;
        curves.push(Curve { state, points });
    }
    Ok(curves)
}

fn points(
    space: &Space<'_>,
    timeouts: Vec<Option<Span>>,
    plans: &[Arc<Plan>],
    runner: &Runner<'_>,
) -> Result<Vec<CurvePoint>, RunnerError> {
    let read = |outcome: &Outcome| {
        [outcome.flow.abandonment(), outcome.reassignments(), outcome.service_level()]
    };
    let replications = FIRST_FRESH..FIRST_FRESH + u64::from(space.search.first_replications);
    let values = runner.run(plans, replications, read)?;
    let points = timeouts.into_iter().zip(values).map(|(timeout, values)| CurvePoint {
        timeout,
        figures: [0, 1, 2].map(|at| values.iter().filter_map(|value| value[at]).collect()),
    });
    Ok(points.collect())
}

const ONLINE: &str = "online";
/// Seconds.
const CUSTOMARY: [i64; 7] = [30, 60, 90, 120, 180, 300, 600];
