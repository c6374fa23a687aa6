//! Waits by the clock on the wall, where those of some skill count opening hours only (D25).

use super::definition::Definition;
use super::figure_lines::figures;
use super::parts::Parts;
use super::readings::mean;
use super::summary_place::{Heading, SummaryPlace};
use super::unit::{FigureKind, Unit};
use crate::ledger::outcome::Outcome;

/// In the order of a report.
pub(super) const BY_THE_WALL: &[Definition] = figures! {
    Ratio Seconds "first_response_wall_mean" "first response, by the wall" in Waiting 10
        = run |o| mean(o.wall.first_response),
        "Opening to first answer by the clock on the wall, of the answered: mean; only where a skill counts open time.";
    Ratio Seconds "assignment_wall_mean" "assignment, by the wall"
        = run |o| mean(o.wall.assignment),
        "Opening to first assignment by the clock on the wall: mean; only where a skill counts open time.";
    Ratio Seconds "response_wall_mean" "response, by the wall" in Waiting 10
        = run |o| mean(o.wall.response),
        "First unanswered message to reply by the clock on the wall: mean; only where a skill counts open time.";
    Ratio Seconds "queue_time_wall_mean" "stay in queue, by the wall" in Waiting 10
        = run |o| mean(o.wall.queue),
        "One stay in a queue that ended, by the clock on the wall: mean; only where a skill counts open time.";
};
