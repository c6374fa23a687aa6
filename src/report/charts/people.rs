//! What agents do with their time.

use crate::ledger::outcome::{AgentTimes, Outcome};
use crate::report::report_data::ReportData;

use super::chart::Section;
use super::reassignments::{StackedPart, StackedParts, stacked};

/// Its charts.
pub(super) fn section(data: &ReportData<'_>) -> Section {
    Section::new(
        "agents",
        "Agents",
        "All agents together, while they are logged in, up to the time at which arrivals stop.",
    )
    .charts(stacked(data, &TIME))
}

/// A part of the time logged in.
fn part(outcome: &Outcome, of: impl Fn(&AgentTimes) -> u128) -> f64 {
    let times = outcome.agent_times();
    if times.logged_in == 0 { 0.0 } else { of(&times) as f64 / times.logged_in as f64 }
}

/// Away and with nothing to do.
fn rest(times: &AgentTimes) -> u128 {
    times.logged_in.saturating_sub(times.busy + times.idle + times.interrupted)
}

const TIME: StackedParts = StackedParts {
    name: "agents_time",
    title: "How agents spend their time",
    label: "% of the time logged in",
    parts: &[
        StackedPart { name: "at work", colour: 0, amount: |outcome| part(outcome, |it| it.busy) },
        StackedPart { name: "idle", colour: 5, amount: |outcome| part(outcome, |it| it.idle) },
        StackedPart {
            name: "unresponsive",
            colour: 1,
            amount: |outcome| part(outcome, |it| it.interrupted),
        },
        StackedPart {
            name: "away, nothing to do",
            colour: 4,
            amount: |outcome| part(outcome, rest),
        },
    ],
    shares: true,
};
