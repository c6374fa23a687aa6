//! The run by skill and by group of agents.

use crate::ledger::definitions::{Definition, find};
use crate::ledger::outcome::{AgentTimes, GroupFigures, Outcome, SkillFigures};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{ReportCell, ReportTable};

/// A table of skills, if there are several, and one of groups.
pub(super) fn tables(data: &ReportData<'_>) -> Vec<ReportTable> {
    let outcomes = data.variants.iter().filter_map(|case| case.outcome);
    let skills = outcomes.map(|outcome| outcome.skills.len()).max().filter(|count| *count > 1);
    let skills = skills.map(|_| {
        let caption = "By skill, means of one run; each stay with a skill counts, from the opening or a \
                       hand-over to the next or the close; required are the hours of agents for its work \
                       alone, logged in those who have it, for each of their skills, net the one less the \
                       other";
        table(data, caption, "skill", &SKILLS, |it| (&it.labels.skills, &it.skills))
    });
    let caption = "By group of agents, means of one run";
    let groups = table(data, caption, "group", &GROUPS, |it| (&it.labels.groups, &it.groups));
    skills.into_iter().chain([groups]).filter(|table| !table.rows.is_empty()).collect()
}

/// A figure of the catalogue, or what else stands over a column, and what stands in it.
type PartColumn<Figures> = (&'static str, fn(&PartOfCase<'_, Figures>) -> ReportCell);

/// A skill or a group of a variant.
struct PartOfCase<'a, Figures> {
    case: &'a VariantData<'a>,
    outcome: &'a Outcome,
    position: usize,
    figures: &'a Figures,
}

impl<Figures> PartOfCase<'_, Figures> {
    fn a_run(&self, count: u64) -> ReportCell {
        let mean = count as f64 / self.outcome.replications.max(1) as f64;
        ReportCell::amount(libm::round(mean * 10.0) / 10.0)
    }
}

impl PartOfCase<'_, SkillFigures> {
    /// Hours of agents at work that the formula asks for; `None` if no number suffices in an interval.
    fn required_hours(&self) -> Option<f64> {
        let agents = self.case.particulars.required.skills.get(self.position)?;
        let agents = agents.iter().map(|agents| agents.map(f64::from)).sum::<Option<f64>>()?;
        Some(agents * self.outcome.frame.interval.as_secs_f64() / 3600.0)
    }

    /// Hours of agents logged in who have the skill, to the horizon.
    fn logged_in_hours(&self) -> Option<f64> {
        let intervals = self.case.particulars.required.skills.get(self.position)?.len();
        let intervals = self.figures.intervals.iter().take(intervals);
        let area: u128 = intervals.map(|interval| interval.logged_in).sum();
        Some(area as f64 / 3.6e9 / self.outcome.replications.max(1) as f64)
    }

    fn net_hours(&self) -> Option<f64> {
        Some(self.logged_in_hours()? - self.required_hours()?)
    }
}

/// Variants below each other for each name, so that they can be compared.
fn table<Figures>(
    data: &ReportData<'_>,
    caption: &str,
    head: &str,
    columns: &[PartColumn<Figures>],
    parts: fn(&Outcome) -> (&[String], &[Figures]),
) -> ReportTable {
    let cases = data.variants.iter().filter_map(|case| Some((case, case.outcome?)));
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
        for &(case, outcome) in &cases {
            let (names, figures) = parts(outcome);
            let Some((name, figures)) = names.iter().zip(figures).nth(position) else { continue };
            let names = [name, case.name].map(ReportCell::text);
            let part = PartOfCase { case, outcome, position, figures };
            let cells = columns.iter().map(|(_, cell)| cell(&part));
            table.push(None, names.into_iter().chain(cells).collect());
        }
    }
    table
}

const SKILLS: [PartColumn<SkillFigures>; 14] = [
    ("offered", |it| it.a_run(it.figures.flow.offered)),
    ("of which handed in", |it| it.a_run(it.figures.handed_in)),
    ("answered", |it| it.a_run(it.figures.flow.answered)),
    ("abandoned", |it| it.a_run(it.figures.flow.abandoned())),
    ("handed out", |it| it.a_run(it.figures.handed_out)),
    ("service_level", |it| {
        ReportCell::share(it.figures.flow.service_level(it.outcome.frame.service_level.of))
    }),
    ("first_response_mean", |it| ReportCell::seconds(it.figures.first_response.mean())),
    ("response_p90", |it| ReportCell::seconds(it.figures.response.quantile(0.9))),
    ("handle_time_mean", |it| ReportCell::seconds(it.figures.handle.mean())),
    ("auto_unassigned", |it| it.a_run(it.figures.auto_unassigned)),
    ("ownership_removed", |it| it.a_run(it.figures.ownership_removed)),
    ("required h", |it| ReportCell::fixed(1, it.required_hours())),
    ("logged in h", |it| ReportCell::fixed(1, it.logged_in_hours())),
    ("net h", |it| ReportCell::fixed(1, it.net_hours())),
];

const GROUPS: [PartColumn<GroupFigures>; 13] = [
    ("agents", |it| ReportCell::Count(it.figures.agents.into())),
    ("logged_in_hours", |it| {
        let hours = it.figures.horizon.logged_in as f64 / 3.6e9;
        ReportCell::amount(hours / it.outcome.replications.max(1) as f64)
    }),
    ("occupancy", |it| ReportCell::share(it.figures.horizon.occupancy())),
    ("slot_use", |it| ReportCell::share(it.figures.horizon.slot_use())),
    ("idle", |it| share(&it.figures.horizon, it.figures.horizon.idle)),
    ("interrupted", |it| share(&it.figures.horizon, it.figures.horizon.interrupted)),
    ("away", |it| share(&it.figures.horizon, it.figures.horizon.away)),
    ("conversations", |it| it.a_run(it.figures.work.conversations)),
    ("replies", |it| it.a_run(it.figures.work.answers)),
    ("response_p90", |it| ReportCell::seconds(it.figures.response.quantile(0.9))),
    ("auto_unassigned", |it| it.a_run(it.figures.work.auto_unassigned)),
    ("ownership_removed", |it| it.a_run(it.figures.work.ownership_removed)),
    ("lost_answers", |it| it.a_run(it.figures.work.lost_answers.count)),
];

fn share(times: &AgentTimes, part: u128) -> ReportCell {
    let is_known = times.logged_in > 0;
    ReportCell::share(is_known.then(|| part as f64 / times.logged_in as f64))
}

/// Rows that a page can hold; all of them are in the CSV files.
const MOST_ROWS: usize = 400;
