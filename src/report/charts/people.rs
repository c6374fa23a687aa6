//! What agents do with their time.

use crate::ledger::outcome::{AgentTimes, Outcome};
use crate::report::report_data::ReportData;

use super::chart::Section;
use super::reassignments::{StackedParts, stacked};

/// Its charts.
pub(super) fn section(data: &ReportData<'_>) -> Section {
    Section {
        id: "agents",
        title: "Agents",
        lead: "All agents together, while they are logged in, up to the time at which arrivals \
               stop."
            .to_owned(),
        charts: stacked(data, &TIME).into_iter().collect(),
        tables: Vec::new(),
    }
}

/// A part of the time logged in.
fn part(outcome: &Outcome, of: impl Fn(&AgentTimes) -> u128) -> f64 {
    let times = outcome.agent_times();
    if times.logged_in == 0 { 0.0 } else { of(&times) as f64 / times.logged_in as f64 }
}

const TIME: StackedParts = StackedParts::of_time(&[
    ("at work", 0, |outcome| part(outcome, |times| times.busy)),
    ("idle", 5, |outcome| part(outcome, |times| times.idle)),
    ("unresponsive", 1, |outcome| part(outcome, |times| times.interrupted)),
    ("away, nothing to do", 4, |outcome| {
        part(outcome, |times| {
            times.logged_in.saturating_sub(times.busy + times.idle + times.interrupted)
        })
    }),
]);
