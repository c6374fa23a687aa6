//! Work and staff over the intervals of a run, drawn against each other.

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};

use super::charts::{Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue};
use super::format::{clock_of_day, number};
use super::load_cells::tenth;
use super::plot::{Axis, MOST_SERIES};

/// Work and staff of a skill, or of all, interval by interval.
pub(super) struct LoadCurve {
    /// Start of each interval.
    pub(super) starts: Vec<Time>,
    /// Agents that the work keeps busy.
    pub(super) work: Vec<f64>,
    /// Agents on shift.
    pub(super) staff: Vec<f64>,
    /// Agents that Erlang's formula asks for.
    pub(super) required: Vec<Option<u32>>,
}

/// An interval with most work for its staff.
#[derive(Clone, Copy)]
pub(super) struct LoadPeak {
    pub(super) position: usize,
    /// Work per staff.
    pub(super) share: f64,
}

impl LoadCurve {
    /// The first interval with most work for the staff, of those with any staff.
    pub(super) fn peak(&self) -> Option<LoadPeak> {
        let pairs = self.work.iter().zip(&self.staff).enumerate();
        let staffed = pairs.filter(|(_, (_, staff))| **staff > 0.0);
        let shares =
            staffed.map(|(position, (work, staff))| LoadPeak { position, share: work / staff });
        shares.reduce(|most, next| if next.share > most.share { next } else { most })
    }

    /// Intervals with more work than their staff can do.
    pub(super) fn overloaded(&self) -> usize {
        let pairs = self.work.iter().zip(&self.staff);
        pairs.filter(|(work, staff)| **staff > 0.0 && work > staff).count()
    }

    /// Intervals with work and nobody for it.
    pub(super) fn unstaffed(&self) -> usize {
        let pairs = self.work.iter().zip(&self.staff);
        pairs.filter(|(work, staff)| **staff == 0.0 && **work > 0.0).count()
    }
}

/// What is drawn of a curve.
struct LoadFigure {
    name: &'static str,
    values: Vec<Option<f64>>,
}

impl LoadCurve {
    fn figures(&self) -> Vec<LoadFigure> {
        let some = |values: &[f64]| values.iter().copied().map(Some).collect();
        let required = self.required.iter().map(|agents| agents.map(f64::from)).collect();
        vec![
            LoadFigure { name: "work", values: some(&self.work) },
            LoadFigure { name: "staff", values: some(&self.staff) },
            LoadFigure { name: "required", values: required },
        ]
    }

    /// Work and staff where they are not those of another, but for what nobody would see.
    fn figures_unlike(&self, base: &Self) -> Vec<LoadFigure> {
        let unlike = |own: &[f64], others: &[f64]| {
            let highest = own.iter().chain(others).copied().fold(0.0, f64::max);
            let values = own.iter().zip(others).map(|(own, other)| {
                let is_seen = (own - other).abs() > highest * LEAST_SEEN;
                is_seen.then_some(*own)
            });
            Vec::from_iter(values)
        };
        let figures = [
            LoadFigure { name: "work", values: unlike(&self.work, &base.work) },
            LoadFigure { name: "staff", values: unlike(&self.staff, &base.staff) },
        ];
        figures.into_iter().filter(|it| it.values.iter().any(Option::is_some)).collect()
    }
}

/// How curves of a run are drawn.
pub(super) struct LoadCurves<'a> {
    pub(super) calendar: &'a Calendar,
    /// Length of an interval.
    pub(super) interval: Span,
}

impl LoadCurves<'_> {
    /// Work, staff and what is required, of the first variant; of the others what differs from those before.
    pub(super) fn chart(&self, name: &str, title: &str, cases: Vec<(&str, &LoadCurve)>) -> Chart {
        let count = cases.first().map_or(0, |(_, curve)| curve.starts.len());
        let every = count.div_ceil(MOST_POINTS).max(1);
        let mut series = Vec::<LineSeries>::new();
        for (position, (variant, curve)) in cases.iter().enumerate() {
            let figures = match cases.first() {
                Some((_, base)) if position > 0 => curve.figures_unlike(base),
                _ => curve.figures(),
            };
            for LoadFigure { name, values } in figures {
                let name =
                    if position == 0 { name.to_owned() } else { format!("{name}, {variant}") };
                if series.len() < MOST_SERIES {
                    series.push(line(&name, series.len(), &values, every));
                }
            }
        }
        let starts = cases.first().map_or(&[][..], |(_, curve)| &curve.starts);
        let reach = self.calendar.starts_at();
        let last = reach + self.interval * i64::try_from(count.max(1)).unwrap_or(1);
        let half = self.interval.as_secs_f64() * every as f64 / 7200.0;
        let hours = |start: &Time| (reach + start.since_start()).as_secs_f64() / 3600.0 + half;
        let places = starts.iter().step_by(every).map(|start| LinePlace {
            name: clock_of_day(self.calendar, *start).into(),
            across: hours(start),
        });
        let values = || series.iter().flat_map(|line| line.values.iter().flatten());
        let highest = values().map(|value| value.up).fold(0.0, f64::max);
        let about = series.iter().map(|line| {
            let most = line.values.iter().flatten().map(|value| value.up).fold(0.0, f64::max);
            format!("{}: at most {}.", line.name, number(most))
        });
        let about = Vec::from_iter(about).join(" ");
        let lines = CommonLines {
            caption: format!("{title}, by {}", self.interval * every as i64),
            head: "from".to_owned(),
            x: Axis::clock(self.calendar, reach, last),
            y: Axis::amount("agents", highest, 5.0),
            marks: Vec::new(),
            places: places.collect(),
            series,
        };
        ChartBuilder::new(name, title).about(about).lines(lines)
    }
}

/// A line; intervals that are joined count with their mean.
fn line(name: &str, colour: usize, values: &[Option<f64>], every: usize) -> LineSeries {
    let value = |part: &[Option<f64>]| {
        let sum = part.iter().copied().sum::<Option<f64>>()?;
        let up = sum / part.len() as f64;
        Some(LineValue { up, band: None, cell: tenth(up) })
    };
    LineSeries {
        name: name.to_owned(),
        head: name.to_owned(),
        colour,
        variant: None,
        values: values.chunks(every).map(value).collect(),
    }
}

/// Of the height of a chart.
const LEAST_SEEN: f64 = 0.01;
/// Points of a line, at most.
const MOST_POINTS: usize = 336;
