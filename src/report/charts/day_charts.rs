//! What happens over the day, by variant.

use crate::ledger::definitions::{find, label};
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::{IntervalFigures, Outcome};
use crate::report::day::{Day, FEW};
use crate::report::format;
use crate::report::goals::JudgedVariants;
use crate::report::interval_shares::{ABANDONMENT, SERVICE_LEVEL};
use crate::report::plot::{Axis, LineShape, Panel, PanelLine, PanelMark, Panels, PlotValue};
use crate::report::report_data::ReportData;
use crate::report::table::{ReportCell, ReportTable, labelled, plain};
use crate::report::wording::capital;

use super::chart::{Chart, Section, keys, shown};
use super::chart_builder::{ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue};

/// Its charts.
pub(super) fn section(data: &ReportData<'_>, day: &Day) -> Section {
    let charts = if day.len() > 1 && shown(data).next().is_some() {
        let lost = shown(data).any(|(.., outcome)| outcome.flow.abandoned() > 0);
        let abandonment = if lost { abandonment(data, day) } else { None };
        let shares = service_level(data, day).into_iter().chain(abandonment);
        shares.chain([queue(data, day)]).chain(occupancy(data, day)).collect()
    } else {
        Vec::new()
    };
    let joined = match day.every {
        1 => String::new(),
        _ => format!(" Intervals are joined to {} each.", day.interval()),
    };
    let bands = if charts.is_empty() || day.every > 1 {
        String::new()
    } else {
        let level = format::number(data.confidence() * 100.0);
        format!(" Bands are {level} % intervals.")
    };
    let few = few(data, day);
    let lead = format!(
        "Conversations stand in the interval in which they were opened, whenever they were answered \
         or lost.{bands}{joined}{few}"
    );
    Section::new("day", "Over the day", lead).charts(charts)
}

/// How often a share is not shown, as too few conversations came.
fn few(data: &ReportData<'_>, day: &Day) -> String {
    let intervals = shown(data).flat_map(|(.., outcome)| day.intervals(outcome));
    let counts = intervals.map(|interval| interval.flow.offered).filter(|offered| *offered > 0);
    let counts = Vec::from_iter(counts);
    match counts.iter().filter(|count| Day::are_few(**count)).count() {
        0 => String::new(),
        few => format!(
            " A share is not shown where fewer than {FEW} conversations came in all replications \
             together: {few} of {} intervals of all variants.",
            counts.len()
        ),
    }
}

/// A share in each interval, with its own interval.
type Shares = Vec<Option<PlotValue>>;

fn service_level(data: &ReportData<'_>, day: &Day) -> Option<Chart> {
    let within = shown(data).next().map(|(.., outcome)| outcome.frame.service_level.within);
    let title = &format!("Served within {}", within.unwrap_or_default());
    let of = DayFigure { name: "service_level", title, unit: "% of conversations" };
    shares_chart(data, day, of, |outcome, interval| day.share(&SERVICE_LEVEL, outcome, interval))
}

fn abandonment(data: &ReportData<'_>, day: &Day) -> Option<Chart> {
    let (title, unit) = (&capital(label("abandonment")), "% of conversations");
    let of = DayFigure { name: "abandonment", title, unit };
    shares_chart(data, day, of, |outcome, interval| day.share(&ABANDONMENT, outcome, interval))
}

fn occupancy(data: &ReportData<'_>, day: &Day) -> Option<Chart> {
    let (title, unit) = ("Occupancy of agents", "% of the time logged in");
    let of = DayFigure { name: "occupancy", title, unit };
    shares_chart(data, day, of, |_, interval| {
        Some(PlotValue { value: interval.occupancy()?, half: None })
    })
}

/// What a chart of the day shows.
struct DayFigure<'a> {
    name: &'static str,
    title: &'a str,
    unit: &'static str,
}

fn shares_chart(
    data: &ReportData<'_>,
    day: &Day,
    of: DayFigure<'_>,
    share: impl Fn(&Outcome, &IntervalFigures) -> Option<PlotValue>,
) -> Option<Chart> {
    let variants = shown(data).map(|(position, _, outcome)| {
        let intervals = day.intervals(outcome);
        (position, intervals.iter().map(|interval| share(outcome, interval)).collect())
    });
    let variants: Vec<(usize, Shares)> = variants.collect();
    let all = || variants.iter().flat_map(|(_, shares)| shares).flatten();
    all().next()?;
    let values = all().map(|share| share.value).fold(0.0, f64::max);
    let reach = all().map(|share| share.ends()[1]).fold(0.0, f64::max);
    let depth = all().map(|share| share.ends()[0]).fold(1.0, f64::min);
    let y = match depth > reach * 0.5 {
        // What stays far from nothing is looked at from nearby.
        true => Axis::shares(of.unit, depth, reach.min(1.0)),
        false => Axis::share(of.unit, reach.min(values * 1.25 + 0.02)),
    };
    let (first, last) = day.reach();
    let marks = goal_mark(data, of.name).into_iter();
    let marks = marks.filter(|mark| mark.at < y.last && mark.at > y.first).collect();
    let series = variants.iter().map(|(position, shares)| {
        let name = data.variants[*position].name;
        let values = shares.iter().map(|share| {
            let share = (*share)?;
            let PlotValue { value: up, half } = share;
            let band = half.map(|_| share.ends().map(|end| end.clamp(0.0, 1.0)));
            Some(LineValue { up, band, cell: ReportCell::share(up).within(half) })
        });
        LineSeries {
            name: name.to_owned(),
            head: format!("{name}, %"),
            colour: *position,
            variant: Some(*position),
            values: values.collect(),
        }
    });
    let places = (0..day.len()).map(|at| {
        let (start, end) = day.hours(at);
        LinePlace { name: day.clock(at).into(), across: f64::midpoint(start, end) }
    });
    let lines = CommonLines {
        caption: format!("{}, by {}", of.title, day.interval()),
        head: "from".to_owned(),
        x: Axis::clock(&day.calendar, first, last),
        y,
        marks,
        places: places.collect(),
        series: series.collect(),
    };
    let chart = ChartBuilder::new(of.name, of.title).about(extremes(data, day, &variants));
    Some(chart.lines(lines))
}

/// The interval with the highest share of each variant, in words.
fn extremes(data: &ReportData<'_>, day: &Day, variants: &[(usize, Shares)]) -> String {
    let sentences = variants.iter().filter_map(|(position, shares)| {
        let known = shares.iter().enumerate().filter_map(|(at, share)| Some((at, (*share)?.value)));
        let low = known.clone().min_by(|one, other| one.1.total_cmp(&other.1))?;
        let high = known.max_by(|one, other| one.1.total_cmp(&other.1))?;
        Some(format!(
            "{}: from {} at {} to {} at {}.",
            data.variants[*position].name,
            format::percent(low.1),
            day.clock(low.0),
            format::percent(high.1),
            day.clock(high.0)
        ))
    });
    Vec::from_iter(sentences).join(" ")
}

/// The goal, if all variants have the same.
fn goal_mark(data: &ReportData<'_>, figure: &str) -> Option<PanelMark> {
    let cases = shown(data).map(|(_, case, _)| case);
    let at = JudgedVariants::new(find(figure)?, cases, data.confidence()).common_goal()?.target;
    Some(PanelMark { at, text: format!("goal {} %", plain(at * 100.0)) })
}

/// Conversations that wait for an owner or are stranded, over the agents who are there.
fn queue(data: &ReportData<'_>, day: &Day) -> Chart {
    let rows = shown(data).map(|(position, _, outcome)| (position, day.intervals(outcome)));
    let rows = Vec::from_iter(rows);
    let series = |gauge: Gauge| {
        let levels = rows.iter().map(|(position, intervals)| {
            let levels = intervals.iter().map(|interval| interval.mean(gauge).unwrap_or(0.0));
            (*position, Vec::from_iter(levels))
        });
        Vec::from_iter(levels)
    };
    let (waiting, stranded) = (series(Gauge::Queue), series(Gauge::Stranded));
    let highest = |series: &[(usize, Vec<f64>)]| {
        series.iter().flat_map(|(_, levels)| levels).copied().fold(0.0, f64::max)
    };
    let strands = highest(&stranded) > VISIBLE;
    let line = |shape: LineShape| {
        move |(position, levels): &(usize, Vec<f64>)| PanelLine {
            variant: Some(*position),
            ..PanelLine::new(shape, Some(*position), stairs(day, levels.iter().copied().map(Some)))
        }
    };
    let mut lines = Vec::from_iter(waiting.iter().map(line(LineShape::Line)));
    if strands {
        lines.extend(stranded.iter().map(line(LineShape::Dotted)));
    }
    let label = match strands {
        true => "conversations in the queue; dotted: stranded",
        false => "conversations in the queue, mean",
    };
    let most = highest(&waiting).max(if strands { highest(&stranded) } else { 0.0 });
    let y = Axis::amount(label, most, 5.0);
    let upper = Panel { y, lines, marks: Vec::new() };
    let (first, last) = day.reach();
    let panels = vec![upper, staffing(data, day)];
    let mut table = queue_table(data, day);
    let logged_in = logged_in(data, day);
    for (at, there) in logged_in.iter().enumerate() {
        let levels = waiting.iter().chain(&stranded);
        let levels = levels.map(|(_, levels)| ReportCell::amount(levels.get(at).copied()));
        let cells = levels.chain([ReportCell::amount(*there)]);
        table.push(Some(day.middle(at)), labelled(day.clock(at), cells));
    }
    let about = format!(
        "At most {} conversations wait in an interval of the mean day, and {} are stranded.",
        plain(highest(&waiting)),
        plain(highest(&stranded))
    );
    let chart = ChartBuilder::new("queue", "Waiting for an owner, and the staff");
    let body = Panels { x: Axis::clock(&day.calendar, first, last), panels };
    chart.about(about).keys(keys(data)).drawn(body, table)
}

fn queue_table(data: &ReportData<'_>, day: &Day) -> ReportTable {
    let heads = ["queue", "stranded"].into_iter().flat_map(|what| {
        shown(data).map(move |(at, case, _)| (Some(at), format!("{what}, {}", case.name)))
    });
    let caption = format!("Conversations and agents, means of {} each", day.interval());
    let last = [(Some(0), "agents logged in".to_owned())];
    ReportTable::new(caption, ["from"]).with(heads).with(last)
}

/// Agents who are there and agents required, of the base.
fn staffing(data: &ReportData<'_>, day: &Day) -> Panel {
    let there = logged_in(data, day);
    let required = shown(data).next().map(|(_, case, _)| day.required(case));
    let required =
        Vec::from_iter(required.into_iter().flatten().map(|agents| agents.map(f64::from)));
    let highest = there.iter().chain(&required).flatten().copied().fold(1.0, f64::max);
    let formula = shown(data).next().map(|(_, case, _)| case.particulars.required.formula);
    let formula = formula.map_or("", |formula| formula.name());
    Panel {
        y: Axis::amount(&format!("agents logged in; dotted: required by {formula}"), highest, 3.0),
        lines: vec![
            PanelLine::new(LineShape::Area, None, stairs(day, there.into_iter())),
            PanelLine::new(LineShape::Dotted, None, stairs(day, required.into_iter())),
        ],
        marks: Vec::new(),
    }
}

/// Agents logged in in each interval, in the base.
fn logged_in(data: &ReportData<'_>, day: &Day) -> Vec<Option<f64>> {
    let Some((.., outcome)) = shown(data).next() else { return Vec::new() };
    day.intervals(outcome).iter().map(IntervalFigures::logged_in).collect()
}

/// A level that holds all through each interval.
fn stairs(day: &Day, levels: impl Iterator<Item = Option<f64>>) -> Vec<Option<(f64, f64)>> {
    let steps = levels.enumerate().flat_map(|(at, level)| {
        let (start, end) = day.hours(at);
        [level.map(|level| (start, level)), level.map(|level| (end, level))]
    });
    steps.collect()
}

/// Conversations that can be seen in a chart.
const VISIBLE: f64 = 0.005;
