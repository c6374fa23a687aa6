//! The run by skill and by group of agents.

use crate::ledger::definitions::{Definition, find};
use crate::ledger::outcome::{AgentTimes, GroupFigures, Outcome, SkillFigures};
use crate::report::report_data::ReportData;
use crate::report::table::{ReportCell, ReportTable};

/// A table of skills, if there are several, and one of groups.
pub(super) fn tables(data: &ReportData<'_>) -> Vec<ReportTable> {
    let outcomes = data.variants.iter().filter_map(|case| case.outcome);
    let skills = outcomes.map(|outcome| outcome.skills.len()).max().filter(|count| *count > 1);
    let skills = skills.map(|_| {
        let caption = "By skill, means of one run; each stay with a skill counts, from the opening or a \
                       hand-over to the next or the close";
        table(data, caption, "skill", &SKILLS, |it| (&it.labels.skills, &it.skills))
    });
    let caption = "By group of agents, means of one run";
    let groups = table(data, caption, "group", &GROUPS, |it| (&it.labels.groups, &it.groups));
    skills.into_iter().chain([groups]).filter(|table| !table.rows.is_empty()).collect()
}

/// A figure of the catalogue, or what else stands over a column, and what stands in it.
type PartColumn<Figures> = (&'static str, fn(&Outcome, &Figures) -> ReportCell);

/// Variants below each other for each name, so that they can be compared.
fn table<Figures>(
    data: &ReportData<'_>,
    caption: &str,
    head: &str,
    columns: &[PartColumn<Figures>],
    parts: fn(&Outcome) -> (&[String], &[Figures]),
) -> ReportTable {
    let cases = data.variants.iter().filter_map(|case| Some((case.name, case.outcome?)));
    let cases = Vec::from_iter(cases);
    let most = cases.iter().map(|(_, outcome)| parts(outcome).0.len()).max().unwrap_or(0);
    let fits = (MOST_ROWS / cases.len().max(1)).max(1);
    let caption = match most > fits {
        true => format!("{caption}; the first {fits} of {most}"),
        false => caption.to_owned(),
    };
    let heads = columns
        .iter()
        .map(|&(name, _)| (None, find(name).map_or_else(|| name.to_owned(), Definition::head)));
    let mut table = ReportTable::new(caption, [head, "variant"]).with(heads);
    for position in 0..most.min(fits) {
        for &(variant, outcome) in &cases {
            let (names, figures) = parts(outcome);
            let Some((name, figures)) = names.iter().zip(figures).nth(position) else { continue };
            let names = [name, variant].map(ReportCell::text);
            let cells = columns.iter().map(|(_, cell)| cell(outcome, figures));
            table.push(None, names.into_iter().chain(cells).collect());
        }
    }
    table
}

const SKILLS: [PartColumn<SkillFigures>; 11] = [
    ("offered", |outcome, it| a_run(outcome, it.flow.offered)),
    ("of which handed in", |outcome, it| a_run(outcome, it.handed_in)),
    ("answered", |outcome, it| a_run(outcome, it.flow.answered)),
    ("abandoned", |outcome, it| a_run(outcome, it.flow.abandoned())),
    ("handed out", |outcome, it| a_run(outcome, it.handed_out)),
    ("service_level", |outcome, it| {
        ReportCell::share(it.flow.service_level(outcome.frame.service_level.of))
    }),
    ("first_response_mean", |_, it| ReportCell::seconds(it.first_response.mean())),
    ("response_p90", |_, it| ReportCell::seconds(it.response.quantile(0.9))),
    ("handle_time_mean", |_, it| ReportCell::seconds(it.handle.mean())),
    ("auto_unassigned", |outcome, it| a_run(outcome, it.auto_unassigned)),
    ("ownership_removed", |outcome, it| a_run(outcome, it.ownership_removed)),
];

const GROUPS: [PartColumn<GroupFigures>; 13] = [
    ("agents", |_, it| ReportCell::Count(it.agents.into())),
    ("logged_in_hours", |outcome, it| {
        let hours = it.horizon.logged_in as f64 / 3.6e9;
        ReportCell::amount(hours / outcome.replications.max(1) as f64)
    }),
    ("occupancy", |_, it| ReportCell::share(it.horizon.occupancy())),
    ("slot_use", |_, it| ReportCell::share(it.horizon.slot_use())),
    ("idle", |_, it| share(&it.horizon, it.horizon.idle)),
    ("interrupted", |_, it| share(&it.horizon, it.horizon.interrupted)),
    ("away", |_, it| share(&it.horizon, it.horizon.away)),
    ("conversations", |outcome, it| a_run(outcome, it.work.conversations)),
    ("replies", |outcome, it| a_run(outcome, it.work.answers)),
    ("response_p90", |_, it| ReportCell::seconds(it.response.quantile(0.9))),
    ("auto_unassigned", |outcome, it| a_run(outcome, it.work.auto_unassigned)),
    ("ownership_removed", |outcome, it| a_run(outcome, it.work.ownership_removed)),
    ("lost_answers", |outcome, it| a_run(outcome, it.work.lost_answers.count)),
];

fn share(times: &AgentTimes, part: u128) -> ReportCell {
    let is_known = times.logged_in > 0;
    ReportCell::share(is_known.then(|| part as f64 / times.logged_in as f64))
}

fn a_run(outcome: &Outcome, count: u64) -> ReportCell {
    let mean = count as f64 / outcome.replications.max(1) as f64;
    ReportCell::amount(libm::round(mean * 10.0) / 10.0)
}

/// Rows that a page can hold; all of them are in the CSV files.
const MOST_ROWS: usize = 400;
