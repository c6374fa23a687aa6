//! How figures are read off what was measured.

use super::measured::Counted;
use super::parts::Parts;
use crate::base::time::Span;
use crate::ledger::durations::{Durations, Total};
use crate::ledger::flow::Flow;
use crate::ledger::outcome::Outcome;
use crate::ledger::settings::ServiceLevelOf;
use crate::model::settings::AwayKind;

pub(super) fn count(value: u64) -> Parts {
    counts(value, 1)
}

pub(super) fn counts(part: u64, whole: u64) -> Parts {
    Parts { part: part as f64, whole: whole as f64 }
}

pub(super) fn times(part: u128, whole: u128) -> Parts {
    Parts { part: part as f64 / 1e6, whole: whole as f64 / 1e6 }
}

/// Time Away in one way over time logged in.
pub(super) fn away(of: &Outcome, kind: AwayKind) -> Parts {
    times(of.away(kind), of.agent_times().logged_in)
}

/// Seconds over occurrences.
pub(super) fn mean(total: Total) -> Parts {
    Parts { part: total.micros as f64 / 1e6, whole: total.count as f64 }
}

/// Hours of agents in one run.
pub(super) fn hours(total: Total) -> Parts {
    Parts { part: total.micros as f64 / 3.6e9, whole: 1.0 }
}

/// What was lost of the answers that were begun.
pub(super) fn lost(of: &dyn Counted, size: impl Fn(Total) -> f64) -> Parts {
    let (lost, written) = (size(of.flow().lost.all()), size(of.flow().written));
    Parts { part: lost, whole: lost + written }
}

pub(super) fn within(of: &dyn Counted, way: ServiceLevelOf) -> Parts {
    level_of(of.flow(), way)
}

pub(super) fn level_of(flow: &Flow, way: ServiceLevelOf) -> Parts {
    let (part, whole) = flow.service_level_parts(way);
    counts(part, whole)
}

pub(super) fn longest(durations: &Durations) -> Option<f64> {
    durations.longest().map(Span::as_secs_f64)
}
