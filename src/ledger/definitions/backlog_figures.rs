//! Figures of conversations that were open when the run began, and of all with them.

use super::definition::Definition;
use super::figure_lines::figures;
use super::parts::Parts;
use super::readings::{count, counts, level_of, mean};
use super::summary_place::{Heading, SummaryPlace};
use super::unit::{FigureKind, Unit};
use crate::ledger::outcome::Outcome;

/// In the order of a report.
pub(super) const OF_BACKLOG: &[Definition] = figures! {
    Count Conversations "before_run" "waiting since before the run" in Conversations 9
        = run |o| count(o.before_run.offered),
        "Conversations of the backlog that awaited their first answer when the run began; not among those offered.";
    Count Conversations "before_run_answered" "of these answered" in Conversations below 9
        = run |o| count(o.before_run.answered),
        "Conversations of the backlog whose first answer came before any abandonment.";
    Count Conversations "before_run_abandoned" "of these abandoned" in Conversations below 9
        = run |o| count(o.before_run.abandoned()),
        "Conversations of the backlog whose consumer's patience ended in the run before the first answer.";
    Ratio Seconds "before_run_first_response_mean" "first response, of backlog" in Waiting 9
        = run |o| mean(o.before_run.first_response),
        "Opening, before the run, to first answer, of the answered conversations of the backlog: mean.";
    Count Conversations "offered_with_before_run" "offered, with the backlog"
        = run |o| count(o.with_before_run().offered),
        "Conversations offered, and those that awaited their first answer when the run began.";
    Ratio Share "abandonment_with_before_run" "abandoned, with the backlog"
        = run |o| { let flow = o.with_before_run(); counts(flow.abandoned(), flow.offered) },
        "Abandoned before the first answer / offered, the backlog included.";
    Ratio Share "service_level_with_before_run" "service level, with backlog"
        = run |o| level_of(&o.with_before_run(), o.frame.service_level.of),
        "The service level as configured, the backlog included: its waits count from the opening, before the run.";
    Ratio Seconds "first_response_with_before_run_mean" "first response, with backlog"
        = run |o| mean(o.with_before_run().first_response),
        "Opening to first answer, of the answered, the backlog included: mean.";
};
