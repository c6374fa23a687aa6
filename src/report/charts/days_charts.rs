//! A run of several days, day by day: tables, and the hours of all days as maps of shades.

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::ledger::definitions::{find, label};
use crate::ledger::outcome::{IntervalFigures, Outcome};
use crate::ledger::settings::ServiceLevelOf;
use crate::report::day::Day;
use crate::report::day_rows::{
    ABANDONMENT, DayRatio, DayRow, FIRST_RESPONSE, OFFERED, REASSIGNMENTS, SERVICE_LEVEL, day_rows,
};
use crate::report::days_of_run::{DayOfRun, DaysOfRun, together};
use crate::report::format::clock_of_day;
use crate::report::plot::{Heat, HeatCell, HeatLabels};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{NumberUnit, ReportCell, ReportTable, labelled};
use crate::report::wording::capital;

use super::chart::{Chart, Section, shown};
use super::chart_builder::ChartBuilder;

/// Empty for a run of one day.
pub(super) fn section(data: &ReportData<'_>, day: &Day) -> Section {
    let formula =
        shown(data).next().map_or("", |(_, case, _)| case.particulars.required.formula.name());
    let lead = format!(
        "Conversations stand on the day on which they were opened. Required are the hours of agents at \
         work that {formula} asks for, interval by interval; net: logged in less required, below 0 where \
         staff is missing."
    );
    let section = Section::new("days", "Day by day", lead);
    let tables = Vec::from_iter(shown(data).filter_map(|(at, case, outcome)| {
        let base = data.variants.first().and_then(|base| base.outcome).filter(|_| at > 0);
        table(data, case, day_rows(outcome, base, case.particulars))
    }));
    let section = section.tables(tables);
    let frame = shown(data).next().map(|(.., outcome)| &outcome.frame);
    let Some(days) = frame.and_then(|frame| DaysOfRun::of(&day.calendar, frame)) else {
        return section;
    };
    let levels = shown(data)
        .take(MOST_MAPS)
        .filter_map(|(at, case, outcome)| service_level(&days, at, case, outcome));
    let others = shown(data).take(1).flat_map(|(_, case, outcome)| {
        [net_staffing(&days, case, outcome), reassignments(&days, case, outcome)]
    });
    section.charts(levels.chain(others.flatten()))
}

/// A row a day, and if weekdays come again a row a weekday.
fn table(
    data: &ReportData<'_>,
    case: &VariantData<'_>,
    rows: Vec<DayRow<'_>>,
) -> Option<ReportTable> {
    let mut table = ReportTable::new(format!("{}, by day", case.name), HEADS);
    let cells = |day: &DayRow<'_>| {
        let of = |name: &str, of: DayRatio| {
            let estimate = day.estimate(of);
            let half = estimate.and_then(|it| it.half_width(data.confidence()));
            let value = estimate.map(|it| it.value);
            let figure = find(name);
            let cell = figure.map_or(ReportCell::Nothing, |it| ReportCell::figure(it, value));
            cell.within(half)
        };
        let count = |of: DayRatio| {
            let estimate = day.estimate(of);
            let half = estimate.and_then(|it| it.half_width(data.confidence()));
            ReportCell::fixed(1, estimate.map(|it| it.value)).within(half)
        };
        let against = day.difference(SERVICE_LEVEL).map_or(ReportCell::Blank, |it| {
            ReportCell::number(it.value, NumberUnit::Points)
                .within(it.half_width(data.confidence()))
        });
        let rostered = ReportCell::fixed(1, day.rostered_hours());
        let (required, there) = (day.required_hours(), day.logged_in_hours());
        let cells = [
            count(OFFERED),
            of("service_level", SERVICE_LEVEL),
            against,
            of("abandonment", ABANDONMENT),
            of("first_response_mean", FIRST_RESPONSE),
            count(REASSIGNMENTS),
            ReportCell::fixed(1, required),
            rostered,
            ReportCell::fixed(1, there),
            ReportCell::fixed(1, required.map(|required| there - required)),
        ];
        labelled(day.name(), cells)
    };
    let (weekdays, days) = rows.iter().partition::<Vec<_>, _>(|day| day.is_weekday());
    days.into_iter().for_each(|day| table.push(None, cells(day)));
    table.part("By weekday, counts and hours a day", weekdays.into_iter().map(cells).collect());
    (!table.rows.is_empty()).then_some(table)
}

const HEADS: [&str; 11] = [
    "Day",
    "Offered",
    "Service level",
    "Less base, points",
    "Abandoned",
    "First response, mean",
    "Reassignments",
    "Required h",
    "Rostered h",
    "Logged in h",
    "Net h",
];

/// Agents that the formula asks for, summed over intervals; `None` if no number suffices in one.
fn required(case: &VariantData<'_>, positions: impl IntoIterator<Item = usize>) -> Option<f64> {
    let agents = &case.particulars.required.agents;
    let of = |position: usize| agents.get(position).copied().flatten().map(f64::from);
    positions.into_iter().map(of).sum()
}

fn service_level(
    days: &DaysOfRun,
    at: usize,
    case: &VariantData<'_>,
    outcome: &Outcome,
) -> Option<Chart> {
    let of: ServiceLevelOf = outcome.frame.service_level.of;
    let value = |positions: &[usize]| {
        let figures = together(outcome, positions.iter().copied())?;
        let level = figures.flow.service_level(of);
        level.filter(|_| !Day::are_few(figures.flow.offered)).map(|level| level * 100.0)
    };
    let name = format!("days_service_level_{}", at + 1);
    let title = format!("{}: {}", capital(label("service_level")), case.name);
    map(days, DayMap { name: &name, title: &title, unit: "%", has_tenths: false }, value)
}

fn net_staffing(days: &DaysOfRun, case: &VariantData<'_>, outcome: &Outcome) -> Option<Chart> {
    let value = |positions: &[usize]| {
        let there = positions
            .iter()
            .map(|&position| outcome.intervals.get(position).and_then(IntervalFigures::logged_in));
        let there = there.sum::<Option<f64>>()?;
        let required = required(case, positions.iter().copied())?;
        let is_idle = there == 0.0 && required == 0.0;
        (!is_idle).then(|| (there - required) / positions.len().max(1) as f64)
    };
    let title = format!("Net staffing, agents logged in less required: {}", case.name);
    map(
        days,
        DayMap { name: "days_net_staffing", title: &title, unit: "", has_tenths: true },
        value,
    )
}

fn reassignments(days: &DaysOfRun, case: &VariantData<'_>, outcome: &Outcome) -> Option<Chart> {
    let runs = outcome.replications.max(1) as f64;
    let value = |positions: &[usize]| {
        let figures = together(outcome, positions.iter().copied())?;
        let moved = figures.auto_unassigned + figures.ownership_removed;
        (figures.flow.offered > 0 || moved > 0).then(|| moved as f64 / runs)
    };
    let title = format!("Reassignments a run: {}", case.name);
    let chart = map(
        days,
        DayMap { name: "days_reassignments", title: &title, unit: "", has_tenths: true },
        value,
    );
    chart.filter(|_| {
        outcome.intervals.iter().any(|it| it.auto_unassigned + it.ownership_removed > 0)
    })
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
    let written = |value: f64| {
        let text = format!("{value:.decimals$}");
        // Not -0.
        if text.trim_start_matches(['-', '0', '.']).is_empty() {
            text.trim_start_matches('-').to_owned()
        } else {
            text
        }
    };
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
