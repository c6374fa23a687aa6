//! How figures are read off outcomes.

use crate::base::time::Span;
use crate::ledger::outcome::Outcome;

/// Share of the conversations offered that waited for an assignment at all.
pub(super) fn share_waiting(outcome: &Outcome) -> Option<f64> {
    let at_once = outcome.times.assignment.zero() as f64;
    Some(1.0 - at_once / outcome.flow.offered as f64)
}

/// Mean time in the queue of the conversations offered, abandoned ones too, in seconds.
pub(super) fn mean_wait(outcome: &Outcome) -> Option<f64> {
    Some(outcome.times.queue.total().micros as f64 / 1e6 / outcome.flow.offered as f64)
}

/// Mean time from a message, or the assignment if that is later, to the reply, in seconds.
pub(super) fn latency_after_assignment(outcome: &Outcome) -> Option<f64> {
    let (response, queue) = (outcome.flow.response, outcome.flow.assignment);
    Some((response.micros - queue.micros) as f64 / 1e6 / response.count as f64)
}

/// Mean number of open conversations at an instant of `measure.at`.
pub(super) fn open_at(outcome: &Outcome, instant: usize) -> Option<f64> {
    Some(outcome.instants[instant].open.sum as f64 / outcome.replications as f64)
}

/// Hours from the end of the warm-up to the horizon, of all replications.
pub(super) fn hours(outcome: &Outcome) -> f64 {
    outcome.horizon() as f64 / 3.6e9
}

pub(super) fn minutes(seconds: Option<f64>) -> Option<f64> {
    seconds.map(|seconds| seconds / 60.0)
}

pub(super) fn seconds(span: Option<Span>) -> Option<f64> {
    span.map(Span::as_secs_f64)
}
