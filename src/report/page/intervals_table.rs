//! The interval table as planners know it.

use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::{Flow, IntervalFigures, Outcome};
use crate::report::day::Day;
use crate::report::format::percent as with_sign;
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{ReportCell, ReportColumn, ReportTable};

/// The table of a variant.
pub(super) struct VariantTable<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// The table.
    pub(super) table: ReportTable,
}

/// A table for each variant that has figures.
pub(super) fn tables<'a>(data: &ReportData<'a>, day: &Day) -> Vec<VariantTable<'a>> {
    let cases = data.variants.iter();
    let tables = cases.filter_map(|case| {
        let outcome = case.outcome?;
        Some(VariantTable { name: case.name, table: table(case, outcome, day) })
    });
    tables.collect()
}

/// What to know before reading them.
pub(super) fn note(data: &ReportData<'_>, day: &Day) -> Vec<String> {
    let Some(case) = data.variants.iter().find(|case| case.outcome.is_some()) else {
        return Vec::new();
    };
    let required = &case.particulars.required;
    let wait = match required.to_the_answer {
        true => "have their reply written",
        false => "find an agent",
    };
    let within = case.outcome.map(|outcome| outcome.frame.service_level.within);
    let mut notes = vec![
        "Means of one run. Conversations, waits and handle times stand in the interval in which the \
         conversation was opened; agents, unassigns, ownership removals and stranded conversations \
         in the one in which it happened."
            .to_owned(),
        format!(
            "Required: by {}, the fewest agents at work with whom {} of messages {wait} within {}, \
             taking each interval by itself and every agent to serve everybody; breaks, absences, \
             interruptions and unassigns come on top. “–”: no number of agents suffices.",
            required.formula.name(),
            with_sign(required.goal),
            within.unwrap_or_default()
        ),
    ];
    if day.every > 1 {
        notes.push(format!(
            "Intervals are joined to {} each to keep the page small; all of them are in \
             intervals.csv.",
            day.interval()
        ));
    }
    notes
}

fn table(case: &VariantData<'_>, outcome: &Outcome, day: &Day) -> ReportTable {
    let columns = COLUMNS.iter().map(|&(head, meaning)| ReportColumn::new(head).meaning(meaning));
    let caption = format!("{}, by {}", case.name, day.interval());
    let mut table = ReportTable::of(caption, columns);
    let required = day.required(case);
    for (at, figures) in day.intervals(outcome).iter().enumerate() {
        let required = required.get(at).copied().flatten();
        let required =
            required.map_or(ReportCell::Nothing, |agents| ReportCell::Count(agents.into()));
        table.push(None, row(outcome, figures, day.clock(at), required));
    }
    table.total(total(outcome));
    table
}

/// Counts, shares and waits of a flow of conversations.
fn flow_cells(outcome: &Outcome, flow: &Flow) -> [ReportCell; 6] {
    let replications = outcome.replications.max(1) as f64;
    let a_run = |count: u64| tenth(count as f64 / replications);
    let level = flow.service_level(outcome.frame.service_level.of);
    [
        a_run(flow.answered),
        a_run(flow.abandoned()),
        ReportCell::share(flow.abandonment()),
        ReportCell::share(level),
        ReportCell::seconds(flow.first_response.mean()),
        tenth(flow.offered as f64 / replications),
    ]
}

fn row(
    outcome: &Outcome,
    figures: &IntervalFigures,
    clock: String,
    required: ReportCell,
) -> Vec<ReportCell> {
    let replications = outcome.replications.max(1) as f64;
    let a_run = |count: u64| tenth(count as f64 / replications);
    let [answered, abandoned, abandonment, level, first, offered] =
        flow_cells(outcome, &figures.flow);
    let staffed = figures.mean(Gauge::Online).zip(figures.mean(Gauge::Away));
    vec![
        clock.into(),
        offered,
        tenth(staffed.map(|(online, away)| online + away)),
        required,
        answered,
        abandoned,
        abandonment,
        level,
        first,
        ReportCell::seconds(figures.response.even_quantile(0.9)),
        ReportCell::seconds(figures.handle.mean()),
        ReportCell::share(figures.occupancy()),
        a_run(figures.auto_unassigned),
        a_run(figures.ownership_removed),
        ReportCell::fixed(2, figures.mean(Gauge::Stranded)),
        ReportCell::fixed(2, figures.mean(Gauge::Queue)),
    ]
}

/// The whole run.
fn total(outcome: &Outcome) -> Vec<ReportCell> {
    let replications = outcome.replications.max(1) as f64;
    let [answered, abandoned, abandonment, level, first, offered] =
        flow_cells(outcome, &outcome.flow);
    let staffed = outcome.mean(Gauge::Online).zip(outcome.mean(Gauge::Away));
    let a_run = |count: u64| tenth(count as f64 / replications);
    vec![
        "run".into(),
        offered,
        tenth(staffed.map(|(online, away)| online + away)),
        ReportCell::Blank,
        answered,
        abandoned,
        abandonment,
        level,
        first,
        ReportCell::seconds(outcome.times.response.quantile(0.9)),
        ReportCell::seconds(outcome.times.handle.mean()),
        ReportCell::share(outcome.agent_times().occupancy()),
        a_run(outcome.counts.auto_unassigned()),
        a_run(outcome.counts.ownership_removed()),
        ReportCell::fixed(2, outcome.mean(Gauge::Stranded)),
        ReportCell::fixed(2, outcome.mean(Gauge::Queue)),
    ]
}

fn tenth(value: impl Into<Option<f64>>) -> ReportCell {
    ReportCell::fixed(1, value)
}

const COLUMNS: [(&str, &str); 16] = [
    ("From", "Start of the interval."),
    ("Volume", "Conversations opened."),
    ("Staffed", "Agents logged in, Online or Away, mean."),
    ("Required", "Agents at work that the formula asks for; see above."),
    ("Answered", "Conversations answered before any abandonment."),
    ("Abandoned", "Conversations abandoned before the first answer."),
    ("Ab. %", "Abandoned / volume."),
    ("SL %", "Service level as the scenario defines it."),
    ("ASA s", "Opening to first answer, mean, in seconds."),
    ("Resp. p90 s", "First unanswered message to reply: what 90 % do not exceed, in seconds."),
    ("Handle s", "Handle time of a conversation (time in New), mean, in seconds."),
    ("Occ. %", "Occupancy: time at work / time logged in."),
    ("Unassigns", "Automatic unassigns."),
    ("Ownership removals", "Owners removed because they were logged out."),
    ("Stranded", "New conversations whose owner is Offline, mean."),
    ("Queue", "New conversations without an owner, mean."),
];
