//! The run by skill and by group of agents.

use crate::ledger::outcome::{GroupFigures, Outcome, SkillFigures};
use crate::report::report_data::ReportData;
use crate::report::table::{ReportCell, ReportTable};

/// A table of skills, if there are several, and one of groups.
pub(super) fn tables(data: &ReportData<'_>) -> Vec<ReportTable> {
    let skills = |outcome: &Outcome| outcome.skills.len();
    let most = data.variants.iter().filter_map(|case| case.outcome).map(skills).max();
    let skills = (most.unwrap_or(0) > 1).then(|| {
        let heads = [
            "skill",
            "variant",
            "offered",
            "answered",
            "abandoned",
            "SL %",
            "ASA s",
            "resp. p90 s",
            "handle s",
            "unassigns",
            "ownership removals",
        ];
        let rows =
            |outcome: &Outcome| rows(&outcome.labels.skills, &outcome.skills, outcome, skill);
        table(data, "By skill, means of one run", &heads, rows)
    });
    let heads = [
        "group",
        "variant",
        "agents",
        "logged in h",
        "occupancy %",
        "slot use %",
        "idle %",
        "unresponsive %",
        "away %",
        "conversations",
        "replies",
        "resp. p90 s",
        "unassigns",
        "ownership removals",
        "answers lost",
    ];
    let rows = |outcome: &Outcome| rows(&outcome.labels.groups, &outcome.groups, outcome, group);
    let groups = table(data, "By group of agents, means of one run", &heads, rows);
    let both = skills.into_iter().chain([groups]);
    both.filter(|table| !table.rows.is_empty()).collect()
}

/// The figures of a skill or a group.
struct NamedRow {
    name: String,
    cells: Vec<ReportCell>,
}

fn rows<Figures>(
    names: &[String],
    figures: &[Figures],
    outcome: &Outcome,
    cells: impl Fn(&Figures, &Outcome) -> Vec<ReportCell>,
) -> Vec<NamedRow> {
    let rows = names.iter().zip(figures);
    rows.map(|(name, figures)| NamedRow { name: name.clone(), cells: cells(figures, outcome) })
        .collect()
}

/// Variants below each other for each name, so that they can be compared.
fn table(
    data: &ReportData<'_>,
    caption: &str,
    heads: &[&str],
    rows: impl Fn(&Outcome) -> Vec<NamedRow>,
) -> ReportTable {
    let cases = data.variants.iter().filter_map(|case| Some((case.name, rows(case.outcome?))));
    let cases = Vec::from_iter(cases);
    let most = cases.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
    let fits = (MOST_ROWS / cases.len().max(1)).max(1);
    let caption = match most > fits {
        true => format!("{caption}; the first {fits} of {most}"),
        false => caption.to_owned(),
    };
    let mut table = ReportTable::new(caption, heads.iter().copied());
    for position in 0..most.min(fits) {
        for (variant, rows) in &cases {
            let Some(NamedRow { name, cells }) = rows.get(position) else { continue };
            let names = [name.clone(), (*variant).to_owned()].map(ReportCell::Text);
            table.push(None, names.into_iter().chain(cells.iter().cloned()).collect());
        }
    }
    table
}

fn skill(figures: &SkillFigures, outcome: &Outcome) -> Vec<ReportCell> {
    let a_run = |count: u64| a_run(count as f64, outcome);
    let flow = &figures.flow;
    vec![
        a_run(flow.offered),
        a_run(flow.answered),
        a_run(flow.abandoned()),
        ReportCell::share(flow.service_level(outcome.frame.service_level.of)),
        ReportCell::seconds(figures.first_response.mean()),
        ReportCell::seconds(figures.response.quantile(0.9)),
        ReportCell::seconds(figures.handle.mean()),
        a_run(figures.auto_unassigned),
        a_run(figures.ownership_removed),
    ]
}

fn group(figures: &GroupFigures, outcome: &Outcome) -> Vec<ReportCell> {
    let a_run = |count: u64| a_run(count as f64, outcome);
    let times = &figures.horizon;
    let share = |part: u128| {
        let is_known = times.logged_in > 0;
        ReportCell::share(is_known.then(|| part as f64 / times.logged_in as f64))
    };
    vec![
        ReportCell::Count(figures.agents.into()),
        ReportCell::amount(times.logged_in as f64 / 3.6e9 / outcome.replications.max(1) as f64),
        ReportCell::share(times.occupancy()),
        ReportCell::share(times.slot_use()),
        share(times.idle),
        share(times.interrupted),
        share(times.away),
        a_run(figures.work.conversations),
        a_run(figures.work.answers),
        ReportCell::seconds(figures.response.quantile(0.9)),
        a_run(figures.work.auto_unassigned),
        a_run(figures.work.ownership_removed),
        a_run(figures.work.lost_answers.count),
    ]
}

fn a_run(count: f64, outcome: &Outcome) -> ReportCell {
    ReportCell::amount(libm::round(count / outcome.replications.max(1) as f64 * 10.0) / 10.0)
}

/// Rows that a page can hold; all of them are in the CSV files.
const MOST_ROWS: usize = 400;
