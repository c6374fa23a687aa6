//! What happens over the day, by variant.

use crate::ledger::definitions::label;
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::{IntervalFigures, Outcome};
use crate::report::day::Day;
use crate::report::format;
use crate::report::goals::goals;
use crate::report::plot::{Axis, LineShape, Panel, PanelLine, PanelMark, Panels, PlotBody};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{ReportCell, ReportTable, or_dash, percent, plain};
use crate::report::wording::capital;

use super::chart::{Chart, Section, keys, shown};
use super::chart_builder::{ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue};

/// Its charts.
pub(super) fn section(data: &ReportData<'_>, day: &Day) -> Section {
    let charts = if day.len() > 1 && shown(data).next().is_some() {
        let lost = shown(data).any(|(.., outcome)| outcome.flow.abandoned() > 0);
        let abandonment = lost.then(|| abandonment(data, day));
        let others = [queue(data, day), occupancy(data, day)];
        [service_level(data, day)].into_iter().chain(abandonment).chain(others).collect()
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
    Section {
        id: "day",
        title: "Over the day",
        lead: format!(
            "Conversations stand in the interval in which they were opened, whenever they were \
             answered or lost.{bands}{joined}"
        ),
        charts,
        tables: Vec::new(),
    }
}

/// A share of conversations in each interval, with its interval.
type Shares = Vec<Option<(f64, Option<f64>)>>;

fn service_level(data: &ReportData<'_>, day: &Day) -> Chart {
    let within = shown(data).next().map(|(.., outcome)| outcome.frame.service_level.within);
    let title = format!("Served within {}", within.unwrap_or_default());
    let shares = |outcome: &Outcome| -> Shares {
        let of = outcome.frame.service_level.of;
        let share = |interval: &IntervalFigures| {
            let (part, whole) = interval.flow.service_level_parts(of);
            day.share(outcome, part, whole, &interval.service_level)
        };
        day.intervals(outcome).iter().map(share).collect()
    };
    let of = DayFigure { name: "service_level", title: &title, unit: "% of conversations" };
    shares_chart(data, day, of, shares)
}

fn abandonment(data: &ReportData<'_>, day: &Day) -> Chart {
    let shares = |outcome: &Outcome| -> Shares {
        let share = |interval: &IntervalFigures| {
            let (lost, all) = (interval.flow.abandoned(), interval.flow.offered);
            day.share(outcome, lost, all, &interval.abandonment)
        };
        day.intervals(outcome).iter().map(share).collect()
    };
    let (title, unit) = (&capital(label("abandonment")), "% of conversations");
    shares_chart(data, day, DayFigure { name: "abandonment", title, unit }, shares)
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
    shares: impl Fn(&Outcome) -> Shares,
) -> Chart {
    let variants = shown(data).map(|(position, _, outcome)| (position, shares(outcome)));
    let variants = Vec::from_iter(variants);
    let all = || variants.iter().flat_map(|(_, shares)| shares).flatten();
    let values = all().map(|&(value, _)| value).fold(0.0, f64::max);
    let reach = all().map(|&(value, half)| value + half.unwrap_or(0.0)).fold(0.0, f64::max);
    let depth = all().map(|&(value, half)| value - half.unwrap_or(0.0)).fold(1.0, f64::min);
    let y = match depth > reach * 0.5 {
        // What stays far from nothing is looked at from nearby.
        true => Axis::shares(of.unit, depth, reach.min(1.0)),
        false => Axis::share(of.unit, reach.min(values * 1.25 + 0.02)),
    };
    let (first, last) = day.reach();
    let marks = goal_mark(data, of.name).into_iter();
    let marks = marks.filter(|mark| mark.at < y.range.1 && mark.at > y.range.0).collect();
    let series = variants.iter().map(|(position, shares)| {
        let name = data.variants[*position].name;
        let values = shares.iter().map(|share| {
            let (value, half) = (*share)?;
            let band = half.map(|half| ((value - half).max(0.0), (value + half).min(1.0)));
            Some(LineValue { up: value, band, cell: ReportCell::share(value).within(half) })
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
        x: Axis::clock(first, last),
        y,
        marks,
        places: places.collect(),
        series: series.collect(),
    };
    ChartBuilder::new(of.name, of.title).about(extremes(data, day, &variants)).lines(lines)
}

/// The interval with the highest share of each variant, in words.
fn extremes(data: &ReportData<'_>, day: &Day, variants: &[(usize, Shares)]) -> String {
    let sentences = variants.iter().filter_map(|(position, shares)| {
        let known = shares.iter().enumerate().filter_map(|(at, share)| Some((at, (*share)?.0)));
        let low = known.clone().min_by(|one, other| one.1.total_cmp(&other.1))?;
        let high = known.max_by(|one, other| one.1.total_cmp(&other.1))?;
        Some(format!(
            "{}: from {} % at {} to {} % at {}.",
            data.variants[*position].name,
            percent(low.1),
            day.clock(low.0),
            percent(high.1),
            day.clock(high.0)
        ))
    });
    Vec::from_iter(sentences).join(" ")
}

/// The goal, if all variants have the same.
fn goal_mark(data: &ReportData<'_>, figure: &str) -> Option<PanelMark> {
    let mut targets = shown(data).map(|(.., outcome)| {
        let mut goals = goals(&outcome.frame.goals);
        goals.find(|goal| goal.figure.name == figure).map(|goal| goal.target)
    });
    let first = targets.next()??;
    let same = targets.all(|target| target == Some(first));
    same.then(|| PanelMark { at: first, text: format!("goal {} %", plain(first * 100.0)) })
}

/// Conversations that wait for an owner or are stranded, over the agents who are there.
fn queue(data: &ReportData<'_>, day: &Day) -> Chart {
    let rows =
        shown(data).map(|(position, case, outcome)| (position, case, day.intervals(outcome)));
    let rows = Vec::from_iter(rows);
    let series = |gauge: Gauge| {
        let of =
            move |(position, _, intervals): &(usize, &VariantData<'_>, Vec<IntervalFigures>)| {
                let levels = intervals.iter().map(|interval| interval.mean(gauge).unwrap_or(0.0));
                (*position, Vec::from_iter(levels))
            };
        Vec::from_iter(rows.iter().map(of))
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
        let level = |(_, levels): &(usize, Vec<f64>)| or_dash(levels.get(at).copied(), plain);
        let cells = std::iter::once(day.clock(at));
        let cells = cells.chain(waiting.iter().map(level)).chain(stranded.iter().map(level));
        table.push(Some(day.middle(at)), cells.chain([or_dash(*there, plain)]).collect());
    }
    let about = format!(
        "At most {} conversations wait in an interval of the mean day, and {} are stranded.",
        plain(highest(&waiting)),
        plain(highest(&stranded))
    );
    let body = PlotBody::Panels(Panels { x: Axis::clock(first, last), panels });
    let chart = ChartBuilder::new("queue", "Waiting for an owner, and the staff");
    chart.about(about).keys(keys(data, true)).drawn(body, table)
}

fn queue_table(data: &ReportData<'_>, day: &Day) -> ReportTable {
    let of = |what: &str| {
        let heads = shown(data);
        let heads = heads.map(|(position, case, _)| (position, format!("{what}, {}", case.name)));
        Vec::from_iter(heads)
    };
    let caption = format!("Conversations and agents, means of {} each", day.interval());
    let table = ReportTable::new(caption, ["from".to_owned()]);
    table.with(of("queue")).with(of("stranded")).with([(0, "agents logged in".to_owned())])
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
    let there = |interval: &IntervalFigures| {
        Some(interval.mean(Gauge::Online)? + interval.mean(Gauge::Away)?)
    };
    day.intervals(outcome).iter().map(there).collect()
}

/// A level that holds all through each interval.
fn stairs(day: &Day, levels: impl Iterator<Item = Option<f64>>) -> Vec<Option<(f64, f64)>> {
    let steps = levels.enumerate().flat_map(|(at, level)| {
        let (start, end) = day.hours(at);
        [level.map(|level| (start, level)), level.map(|level| (end, level))]
    });
    steps.collect()
}

fn occupancy(data: &ReportData<'_>, day: &Day) -> Chart {
    let shares = |outcome: &Outcome| -> Shares {
        let share = |interval: &IntervalFigures| Some((interval.occupancy()?, None));
        day.intervals(outcome).iter().map(share).collect()
    };
    let (title, unit) = ("Occupancy of agents", "% of the time logged in");
    shares_chart(data, day, DayFigure { name: "occupancy", title, unit }, shares)
}

/// Conversations that can be seen in a chart.
const VISIBLE: f64 = 0.005;
