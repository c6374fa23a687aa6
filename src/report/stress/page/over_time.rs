//! The run over time, with the stages of the load and the faults marked.

use crate::report::charts::{
    Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue, Section,
};
use crate::report::format::number;
use crate::report::plot::{Axis, Stretch};
use crate::report::table::ReportCell;
use crate::stress::{Count, SeriesRow, StressResults, Timing};

/// The charts.
pub(super) fn section(results: &StressResults) -> Section {
    let lateness = |name, title, label, timing| {
        let of = move |quantile| move |row: &SeriesRow| seconds(row, timing, quantile);
        Plot {
            name,
            title,
            label,
            kind: ValueKind::Latency,
            tracks: vec![
                ValueTrack::new("half within", 0, of(0.5)),
                ValueTrack::new("99 % within", 1, of(0.99)),
                ValueTrack::new("longest", 3, of(1.0)),
            ],
        }
    };
    let state = |name, title, label, value: fn(&SeriesRow) -> f64| Plot {
        name,
        title,
        label,
        kind: ValueKind::State,
        tracks: vec![ValueTrack::new(label, 0, move |row: &SeriesRow| Some(value(row)))],
    };
    let plots = [
        rates(results),
        lateness("lateness", "Unassign deadlines", "late by", Timing::DeadlineLateness),
        lateness("admission", "Arrivals", "scheduled instant to opened", Timing::Admission),
        state("depth", "Mailboxes of the routers", "messages waiting", |row| {
            row.state.waiting as f64
        }),
        state("live", "Live conversations", "live conversations", |row| row.state.live as f64),
        timers(),
        memory(),
    ];
    let charts = plots.into_iter().filter_map(|plot| plot.chart(results));
    Section::new("time", "Over time", lead(results)).charts(charts)
}

fn lead(results: &StressResults) -> String {
    let width = results.series.rows().first().map_or(1, |row| row.length.as_secs());
    let each = if width == 1 { "second".to_owned() } else { format!("{width} seconds") };
    let marks = match (results.recoveries.is_empty(), results.settings.stages.len() < 2) {
        (true, true) => "",
        (false, true) => " Grey stretches and dotted lines mark faults.",
        (true, false) => " Dotted lines mark where a stage of the load begins.",
        (false, false) => {
            " Dotted lines mark where a stage of the load begins; they and grey stretches also mark \
             faults."
        }
    };
    format!("A value for each {each} of the wall clock.{marks}")
}

fn rates(results: &StressResults) -> Plot {
    let mut tracks = vec![
        rate("scheduled", 0, Count::Scheduled),
        rate("opened", 2, Count::Opened),
        rate("over", 4, Count::Closed),
    ];
    if results.figures.count(Count::Refused) > 0 {
        tracks.push(rate("refused", 1, Count::Refused));
    }
    let (title, label) = ("Arrivals and conversations", "a second");
    Plot { name: "rates", title, label, kind: ValueKind::Amount, tracks }
}

fn timers() -> Plot {
    let tracks = vec![
        rate("armed", 0, Count::Armed),
        rate("cancelled", 1, Count::Cancelled),
        rate("fired", 2, Count::Fired),
    ];
    let (title, label) = ("Timers", "operations a second");
    Plot { name: "timers", title, label, kind: ValueKind::Amount, tracks }
}

fn memory() -> Plot {
    let resident = |row: &SeriesRow| row.resident.map(|bytes| bytes as f64 / 1e6);
    let tracks = vec![ValueTrack::new("memory of the process", 0, resident)];
    Plot { name: "memory", title: "Memory", label: "MB", kind: ValueKind::State, tracks }
}

fn rate(name: &'static str, colour: usize, count: Count) -> ValueTrack {
    ValueTrack::new(name, colour, move |row: &SeriesRow| Some(row.rate(count)))
}

fn seconds(row: &SeriesRow, timing: Timing, quantile: f64) -> Option<f64> {
    let histogram = row.timing(timing).filter(|histogram| !histogram.is_empty())?;
    Some((histogram.value_at_quantile(quantile) as f64 / 1e6).max(SHORTEST))
}

/// A chart in the making.
struct Plot {
    name: &'static str,
    title: &'static str,
    /// What stands at the axis up.
    label: &'static str,
    kind: ValueKind,
    tracks: Vec<ValueTrack>,
}

/// What values are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    /// Amounts from zero, of what happened during a stretch.
    Amount,
    /// Amounts from zero, as they were at its end.
    State,
    /// Seconds, on a logarithmic scale.
    Latency,
}

/// The value of a stretch.
type RowValue = Box<dyn Fn(&SeriesRow) -> Option<f64>>;

/// A line in the making.
struct ValueTrack {
    name: &'static str,
    colour: usize,
    value: RowValue,
}

impl ValueTrack {
    fn new(
        name: &'static str,
        colour: usize,
        value: impl Fn(&SeriesRow) -> Option<f64> + 'static,
    ) -> Self {
        Self { name, colour, value: Box::new(value) }
    }
}

impl Plot {
    /// None of nothing.
    fn chart(self, results: &StressResults) -> Option<Chart> {
        let rows = results.series.rows();
        let last = rows.last()?.until.as_secs_f64().max(1.0);
        let values = |track: &ValueTrack| Vec::from_iter(rows.iter().map(&track.value));
        let values = Vec::from_iter(self.tracks.iter().map(values));
        let all = || values.iter().flatten().flatten().copied();
        let highest = all().reduce(f64::max)?;
        let lowest = all().fold(highest, f64::min);
        let label = self.label;
        let y = match self.kind {
            ValueKind::Amount | ValueKind::State => Axis::amount(label, highest.max(5.0), 5.0),
            ValueKind::Latency => Axis::latency(label, lowest, highest),
        };
        let mut x = Axis::elapsed("since the start of the run", last);
        x.stretches = stretches(results, last);
        let places = rows.iter().map(|row| LinePlace {
            name: ReportCell::amount(row.until.as_secs_f64()),
            across: self.kind.at(row),
        });
        let lines = CommonLines {
            caption: format!("{}: {label}", self.title),
            head: "until, s".to_owned(),
            x,
            y,
            marks: Vec::new(),
            places: places.collect(),
            series: self.series(&values),
        };
        let chart = ChartBuilder::new(format!("over_{}", self.name), self.title);
        Some(chart.about(self.about(&values)).lines(lines))
    }

    fn series(&self, values: &[Vec<Option<f64>>]) -> Vec<LineSeries> {
        let unit = if self.kind == ValueKind::Latency { ", ms" } else { "" };
        let series = self.tracks.iter().zip(values).map(|(track, values)| {
            let values = values.iter().map(|value| {
                let value = (*value)?;
                let up = match self.kind {
                    ValueKind::Amount | ValueKind::State => value,
                    ValueKind::Latency => libm::log10(value),
                };
                Some(LineValue { up, band: None, cell: ReportCell::amount(self.written(value)) })
            });
            LineSeries {
                name: track.name.to_owned(),
                head: format!("{}{unit}", track.name),
                colour: track.colour,
                variant: None,
                values: values.collect(),
            }
        });
        series.collect()
    }

    /// The highest of each line.
    fn about(&self, values: &[Vec<Option<f64>>]) -> String {
        let unit = if self.kind == ValueKind::Latency { " ms" } else { "" };
        let highest = self.tracks.iter().zip(values).filter_map(|(track, values)| {
            let highest = values.iter().flatten().copied().reduce(f64::max)?;
            Some(format!("{}: at most {}{unit}.", track.name, number(self.written(highest))))
        });
        Vec::from_iter(highest).join(" ")
    }

    /// A value in the unit of the table.
    fn written(&self, value: f64) -> f64 {
        match self.kind {
            ValueKind::Amount | ValueKind::State => libm::round(value * 10.0) / 10.0,
            ValueKind::Latency => value * 1e3,
        }
    }
}

impl ValueKind {
    /// Where the value of a stretch stands, in seconds since the start of the run: in its middle or
    /// at its end.
    fn at(self, row: &SeriesRow) -> f64 {
        let end = row.until.as_secs_f64();
        match self {
            Self::Amount | Self::Latency => (end - row.length.as_secs_f64() / 2.0).max(0.0),
            Self::State => end,
        }
    }
}

/// Where stages of the load began, but for the first, and the faults, as far as they fell within the
/// run.
fn stretches(results: &StressResults, last: f64) -> Vec<Stretch> {
    let mut ends = 0.0;
    let stages = (1..).zip(&results.settings.stages).map(|(number, stage)| {
        let begins = ends;
        ends += stage.length.as_secs_f64();
        Stretch { from: begins, to: begins, text: format!("stage {number}") }
    });
    let mut all = Vec::from_iter(stages.skip(1).filter(|stage| stage.from < last));
    let steps = results.recoveries.iter().map(|recovery| &recovery.step);
    let steps = steps.filter(|step| step.at.as_secs_f64() < last);
    all.extend(steps.map(|step| Stretch {
        from: step.at.as_secs_f64(),
        to: step.ends().as_secs_f64(),
        text: step.fault.name().to_owned(),
    }));
    all.sort_by(|one, other| one.from.total_cmp(&other.from));
    all
}

/// Histograms over time know microseconds.
const SHORTEST: f64 = 1e-6;
