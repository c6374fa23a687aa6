//! The hours of all days of a run as maps of shades: of the whole centre, and of the skills that fare worst.

use std::cmp::Ordering;

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::ledger::definitions::label;
use crate::ledger::flow::Flow;
use crate::ledger::merge::Merge as _;
use crate::ledger::outcome::Outcome;
use crate::report::day::Day;
use crate::report::days_of_run::{DayOfRun, DaysOfRun, together};
use crate::report::format::{clock_of_day, fixed};
use crate::report::plot::{Heat, HeatCell, HeatLabels};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{ReportCell, ReportTable, labelled};
use crate::report::wording::capital;

use super::chart::{Chart, shown};
use super::chart_builder::ChartBuilder;

/// The service level of each variant; net staffing and reassignments of the base; and all three of the
/// skills of the base that fare worst.
pub(super) fn maps(data: &ReportData<'_>, days: &DaysOfRun) -> Vec<Chart> {
    let of_all = |(at, case, outcome)| MappedPart { days, at, case, outcome, skill: None };
    let levels = shown(data).take(MOST_MAPS).map(of_all).map(|part| part.service_level());
    let base = || shown(data).take(1);
    let others = base().map(of_all).flat_map(|part| [part.net_staffing(), part.reassignments()]);
    let skills = base().flat_map(|(at, case, outcome)| {
        let worst = worst_skills(outcome).into_iter();
        worst.map(move |skill| MappedPart { days, at, case, outcome, skill: Some(skill) })
    });
    let of_skills =
        skills.flat_map(|part| [part.service_level(), part.net_staffing(), part.reassignments()]);
    levels.chain(others).chain(of_skills).flatten().collect()
}

/// What is said of the maps of skills, if there are any.
pub(super) fn lead(data: &ReportData<'_>) -> String {
    let Some((_, case, outcome)) = shown(data).next() else { return String::new() };
    let (shown, all) = (worst_skills(outcome).len(), outcome.skills.len());
    match shown {
        0 => String::new(),
        _ if shown < all => format!(
            " Maps of their own have the {shown} of {all} skills whose service level is lowest in {}: what \
             they require is for their work alone, and an agent with several skills is there for each.",
            case.name
        ),
        _ => format!(
            " Each skill has maps of its own, of {}: what it requires is for its work alone, and an agent \
             with several skills is there for each.",
            case.name
        ),
    }
}

/// Positions of the skills with the lowest service level, that first; none where there is only one.
fn worst_skills(outcome: &Outcome) -> Vec<usize> {
    let of = outcome.frame.service_level.of;
    let skills = outcome.skills.iter().enumerate();
    let known = skills.filter(|(_, skill)| !skill.intervals.is_empty());
    let levels = known.filter_map(|(at, skill)| Some((at, skill.flow.service_level(of)?)));
    let mut levels = Vec::from_iter(levels.filter(|_| outcome.skills.len() > 1));
    levels.sort_by(|one, other| one.1.partial_cmp(&other.1).unwrap_or(Ordering::Equal));
    levels.into_iter().take(MOST_SKILLS).map(|(at, _)| at).collect()
}

/// What maps are about.
struct MappedPart<'a> {
    days: &'a DaysOfRun,
    /// Position of the variant.
    at: usize,
    case: &'a VariantData<'a>,
    outcome: &'a Outcome,
    /// Position of the skill; the whole centre without one.
    skill: Option<usize>,
}

/// What came in some intervals.
struct MappedStretch {
    flow: Flow,
    reassigned: u64,
}

impl MappedPart<'_> {
    fn service_level(&self) -> Option<Chart> {
        let of = self.outcome.frame.service_level.of;
        let value = |positions: &[usize]| {
            let MappedStretch { flow, .. } = self.together(positions)?;
            let level = flow.service_level(of).filter(|_| !Day::are_few(flow.offered));
            level.map(|level| level * 100.0)
        };
        let name = self.name(&format!("service_level_{}", self.at + 1));
        let title = self.title(&capital(label("service_level")));
        map(self.days, DayMap { name: &name, title: &title, unit: "%", has_tenths: false }, value)
    }

    fn net_staffing(&self) -> Option<Chart> {
        let value = |positions: &[usize]| {
            let there = positions.iter().map(|&at| self.logged_in(at)).sum::<Option<f64>>()?;
            let required = positions.iter().map(|&at| self.required(at)).sum::<Option<f64>>()?;
            let is_idle = there == 0.0 && required == 0.0;
            (!is_idle).then(|| (there - required) / positions.len().max(1) as f64)
        };
        let name = self.name("net_staffing");
        let title = self.title("Net staffing, agents logged in less required");
        map(self.days, DayMap { name: &name, title: &title, unit: "", has_tenths: true }, value)
    }

    fn reassignments(&self) -> Option<Chart> {
        let runs = self.outcome.replications.max(1) as f64;
        let value = |positions: &[usize]| {
            let MappedStretch { flow, reassigned } = self.together(positions)?;
            (flow.offered > 0 || reassigned > 0).then(|| reassigned as f64 / runs)
        };
        let all = Vec::from_iter(0..self.outcome.intervals.len());
        self.together(&all).filter(|all| all.reassigned > 0)?;
        let name = self.name("reassignments");
        let title = self.title("Reassignments a run");
        map(self.days, DayMap { name: &name, title: &title, unit: "", has_tenths: true }, value)
    }

    fn together(&self, positions: &[usize]) -> Option<MappedStretch> {
        let Some(skill) = self.skill else {
            let all = together(self.outcome, positions.iter().copied())?;
            let reassigned = all.auto_unassigned + all.ownership_removed;
            return Some(MappedStretch { flow: all.flow, reassigned });
        };
        let intervals = &self.outcome.skills[skill].intervals;
        let mut all = MappedStretch { flow: Flow::default(), reassigned: 0 };
        for interval in positions.iter().filter_map(|&position| intervals.get(position)) {
            all.flow.merge(&interval.flow);
            all.reassigned += interval.auto_unassigned + interval.ownership_removed;
        }
        Some(all)
    }

    /// Agents logged in in an interval, who have the skill.
    fn logged_in(&self, position: usize) -> Option<f64> {
        let interval = self.outcome.intervals.get(position)?;
        match self.skill {
            None => interval.logged_in(),
            Some(skill) => {
                let own = self.outcome.skills[skill].intervals.get(position)?;
                own.mean_logged_in(interval.observed)
            }
        }
    }

    /// Agents that the formula asks for in an interval; `None` if no number suffices.
    fn required(&self, position: usize) -> Option<f64> {
        let required = &self.case.particulars.required;
        let agents = match self.skill {
            None => &required.agents,
            Some(skill) => required.skills.get(skill)?,
        };
        agents.get(position).copied().flatten().map(f64::from)
    }

    fn name(&self, what: &str) -> String {
        match self.skill {
            None => format!("days_{what}"),
            Some(skill) => format!("days_skill_{}_{what}", skill + 1),
        }
    }

    fn title(&self, what: &str) -> String {
        let skill = self.skill.map(|skill| &self.outcome.labels.skills[skill]);
        match skill {
            None => format!("{what}: {}", self.case.name),
            Some(skill) => format!("{what}: {skill}, {}", self.case.name),
        }
    }
}

/// What a map of the hours of all days is called.
struct DayMap<'a> {
    name: &'a str,
    title: &'a str,
    unit: &'a str,
    /// Whether small numbers have a decimal.
    has_tenths: bool,
}

/// A row a day, a column a stretch of the clock, from the first with a value to the last; none without
/// any.
fn map(days: &DaysOfRun, of: DayMap<'_>, value: impl Fn(&[usize]) -> Option<f64>) -> Option<Chart> {
    let of_stretch = |day: &DayOfRun, number| {
        Some(day.stretch(number)).filter(|positions| !positions.is_empty()).and_then(&value)
    };
    let has_any = |number: &usize| days.days.iter().any(|day| of_stretch(day, *number).is_some());
    let first = (0..days.stretches.len()).find(has_any)?;
    let last = (0..days.stretches.len()).rfind(has_any)?;
    let row = |day| Vec::from_iter((first..=last).map(|number| of_stretch(day, number)));
    let values = Vec::from_iter(days.days.iter().map(row));
    let clocks = Vec::from_iter(days.stretches[first..=last].iter().copied().map(stretch_name));
    let all = || values.iter().flatten().flatten().copied();
    let (lowest, highest) =
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let decimals = usize::from(of.has_tenths && highest < 10.0);
    let written = |value: f64| fixed(value, decimals);
    let heads = clocks.iter().map(|clock| (None, clock.clone()));
    let unit = if of.unit.is_empty() { String::new() } else { format!(", {}", of.unit) };
    let mut table = ReportTable::new(format!("{}{unit}", of.title), ["day"]).with(heads);
    for (day, row) in days.days.iter().zip(&values) {
        let cells = row.iter().map(|value| ReportCell::fixed(decimals, *value));
        table.push(None, labelled(day.name.clone(), cells));
    }
    let cell = |value: &Option<f64>| {
        value.map(|value| HeatCell { value, text: written(value), is_good: false })
    };
    let ends =
        [lowest, highest].map(|end| format!("{} {}", written(end), of.unit).trim_end().to_owned());
    let about = format!("From {} to {}.", ends[0], ends[1]);
    let [lowest, highest] = ends;
    let names = |label: &str, names: Vec<String>| HeatLabels { label: label.to_owned(), names };
    let heat = Heat {
        down: names("day", days.days.iter().map(|day| day.name.clone()).collect()),
        across: names("from", clocks),
        cells: values.iter().map(|row| row.iter().map(cell).collect()).collect(),
        lowest,
        highest,
    };
    Some(ChartBuilder::new(of.name, of.title).about(about).drawn(heat, table))
}

fn stretch_name(start: Span) -> String {
    clock_of_day(&Calendar::without_date(start), Time::ZERO)
}

/// Variants of which the service level is shown as a map.
const MOST_MAPS: usize = 4;
/// Skills that have maps of their own.
const MOST_SKILLS: usize = 3;
