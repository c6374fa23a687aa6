//! Charts of a sweep: each measure over the key, or over both, and what is lost against what is torn.

use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, Unit};
use crate::report::charts::{
    Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue, axis, share_of, trade_title,
};
use crate::report::format::{formatted, nothing, number, seconds, with_interval};
use crate::report::goals::GoalStanding;
use crate::report::plot::{
    Axis, Heat, HeatCell, HeatLabels, LegendKey, MOST_SERIES, PanelMark, PlotBody, PlotPoint,
    Points, Tick,
};
use crate::report::table::{ReportTable, percent, plain, whole_seconds};
use crate::report::terminal::cut;
use crate::scenario::vary::{Vary, VaryScale};

use super::study::{PointFigure, SweepFigures, SweepMeasure};

/// A chart for each measure.
pub(super) fn measures(study: &SweepFigures<'_>) -> Vec<Chart> {
    let charts = study.measures.iter().map(|measure| match study.varies {
        [down, across] => over_two(study, measure, down, across),
        varies => over_one(study, measure, &varies[0]),
    });
    charts.collect()
}

/// What is lost against what is torn; none if nothing is torn, or at one point only.
pub(super) fn trade(study: &SweepFigures<'_>) -> Option<Chart> {
    let (bought, torn) = (study.main()?, study.measure("reassignments")?);
    let confidence = study.data.confidence();
    let both = bought.points.iter().zip(&torn.points).enumerate();
    let both = both.filter_map(|(at, (y, x))| Some((at, x.as_ref()?, y.as_ref()?)));
    let both = Vec::from_iter(both);
    if both.len() < 2 {
        return None;
    }
    let rows = SweepRows::of(study);
    let lowest = |known: &PointFigure| (known.estimate.value - known.half.unwrap_or(0.0)).max(0.0);
    let highest = |known: &PointFigure| known.estimate.value + known.half.unwrap_or(0.0);
    let ends = both.iter().flat_map(|(_, _, y)| [lowest(y), highest(y)]);
    let title = trade_title(bought.figure);
    let y = Axis { label: share_of(bought.figure.name), ..axis(bought.figure, ends) };
    let points = both.iter().map(|&(at, x, y)| PlotPoint {
        colour: rows.colour(at),
        variant: None,
        name: rows.name(study, at),
        x: (x.estimate.value, x.half),
        y: (y.estimate.value, y.half),
    });
    let right = both.iter().map(|(_, x, _)| highest(x)).fold(0.0, f64::max);
    let body = Points {
        x: Axis::amount(torn.figure.label, right, 5.0),
        y,
        goal: None,
        joined: rows.is_joined(study),
        points: points.collect(),
    };
    let mut table =
        ReportTable::new(title, ["choice", &torn.title, &bought.title].map(str::to_owned));
    for (at, x, y) in &both {
        let cells = [(torn, x), (bought, y)]
            .map(|(measure, known)| with_interval(measure.figure, &known.estimate, confidence));
        table.push(None, std::iter::once(study.name(*at)).chain(cells).collect());
    }
    let about = format!(
        "{} choices of values, each with its reassignments and its {}.",
        both.len(),
        bought.title.to_lowercase()
    );
    let chart = ChartBuilder::new("trade_off", title).about(about).keys(rows.keys(study));
    Some(chart.drawn(PlotBody::Points(body), table))
}

/// Rows of a sweep over two keys, as far as colours can tell them apart.
struct SweepRows {
    /// Points in a row; none where rows are not told apart.
    width: Option<usize>,
}

impl SweepRows {
    fn of(study: &SweepFigures<'_>) -> Self {
        let width = match study.varies {
            [down, across] if down.values.len() <= MOST_SERIES => Some(across.values.len()),
            _ => None,
        };
        Self { width }
    }

    fn colour(&self, at: usize) -> usize {
        self.width.map_or(0, |width| at / width)
    }

    fn is_joined(&self, study: &SweepFigures<'_>) -> bool {
        self.width.is_some() || study.varies.len() == 1
    }

    fn name(&self, study: &SweepFigures<'_>, at: usize) -> String {
        let settings = &study.points[at];
        match self.width {
            Some(_) => settings.last().map(|setting| setting.value.clone()).unwrap_or_default(),
            None => study.name(at),
        }
    }

    fn keys(&self, study: &SweepFigures<'_>) -> Vec<LegendKey> {
        let rows = study.varies.first().filter(|_| self.width.is_some());
        let keys = rows.into_iter().flat_map(|vary| {
            let values = vary.values.iter().enumerate();
            values.map(|(colour, value)| LegendKey::area(format!("{} {value}", vary.key), colour))
        });
        keys.collect()
    }
}

/// A line with a band.
fn over_one(study: &SweepFigures<'_>, measure: &SweepMeasure, key: &Vary) -> Chart {
    let (x, places) = across(key);
    let known = measure.points.iter().zip(&places);
    let mut known =
        Vec::from_iter(known.enumerate().map(|(at, (known, place))| (at, *place, known)));
    known.sort_by(|(_, one, _), (_, other, _)| one.total_cmp(other));
    let ends = known.iter().filter_map(|(_, _, known)| known.as_ref()).flat_map(|known| {
        let half = known.half.unwrap_or(0.0);
        [known.estimate.value - half, known.estimate.value + half]
    });
    let y = axis(measure.figure, ends.chain(measure.goal.map(|goal| goal.target)));
    let mark = measure.goal.map(|goal| PanelMark {
        at: goal.target,
        text: format!("goal: {} {}", goal.side(), formatted(measure.figure, goal.target)),
    });
    let values = known.iter().map(|(_, _, known)| {
        let known = known.as_ref()?;
        let (up, cell) = (known.estimate.value, cell(measure, known, study).into());
        Some(LineValue { up, band: known.half.map(|half| (up - half, up + half)), cell })
    });
    let line = LineSeries {
        name: measure.title.clone(),
        head: head(measure),
        colour: 0,
        variant: None,
        values: values.collect(),
    };
    let places = known.iter().map(|(at, place, _)| (study.name(*at), *place));
    let places = places.map(|(name, across)| LinePlace { name: name.into(), across });
    chart(study, measure).lines(CommonLines {
        caption: measure.title.clone(),
        head: key.key.clone(),
        x,
        y,
        marks: mark.into_iter().collect(),
        places: places.collect(),
        series: vec![line],
    })
}

/// Cells of two keys.
fn over_two(study: &SweepFigures<'_>, measure: &SweepMeasure, down: &Vary, across: &Vary) -> Chart {
    let width = across.values.len();
    let values = || measure.points.iter().flatten().map(|known| known.estimate.value);
    let ends = [values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max)];
    let [low, high] = ends.map(|value| bare(measure.figure, value) + unit(measure));
    let cell_of = |known: &Option<PointFigure>| {
        let known = known.as_ref()?;
        Some(HeatCell {
            value: known.estimate.value,
            text: bare(measure.figure, known.estimate.value),
            is_good: known.standing == Some(GoalStanding::Met),
        })
    };
    let rows = measure.points.chunks(width);
    let cells = rows.map(|row| row.iter().map(cell_of).collect()).collect();
    let names = |key: &Vary| HeatLabels { label: key.key.clone(), names: key.values.clone() };
    let heads = std::iter::once(format!("{} \\ {}", down.key, across.key));
    let caption = format!("{}: down {}, across {}", head(measure), down.key, across.key);
    let mut table = ReportTable::new(caption, heads.chain(across.values.iter().cloned()));
    for (value, row) in down.values.iter().zip(measure.points.chunks(width)) {
        let cells = row
            .iter()
            .map(|known| known.as_ref().map_or_else(nothing, |known| cell(measure, known, study)));
        table.push(None, std::iter::once(value.clone()).chain(cells).collect());
    }
    let heat = Heat { down: names(down), across: names(across), cells, ends: (low, high) };
    chart(study, measure).drawn(PlotBody::Heat(heat), table)
}

/// A chart of a measure; it tells of the best and the worst.
fn chart(study: &SweepFigures<'_>, measure: &SweepMeasure) -> ChartBuilder {
    let all = || 0..measure.points.len();
    let ends = [true, false].map(|is_best| measure.extreme(all(), is_best));
    let ends = ends.into_iter().zip(["Best", "Worst"]).filter_map(|(at, word)| {
        let known = measure.points[at?].as_ref()?;
        let value = with_interval(measure.figure, &known.estimate, study.data.confidence());
        Some(format!("{word} with {}: {value}.", study.name(at?)))
    });
    let chart = ChartBuilder::new(format!("over_{}", measure.figure.name), &measure.title);
    chart.about(Vec::from_iter(ends).join(" "))
}

/// The axis of a key, and where its values stand on it: to scale if they have one, else one after
/// the other.
fn across(key: &Vary) -> (Axis, Vec<f64>) {
    let (places, text): (_, Box<dyn Fn(f64) -> String>) = match key.scale() {
        Some(VaryScale::Seconds(places)) => (places, Box::new(seconds)),
        Some(VaryScale::Numbers(places, unit)) => {
            (places, Box::new(move |value| format!("{}{unit}", number(value))))
        }
        None => return one_after_the_other(key),
    };
    let lowest = places.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if lowest >= highest {
        return one_after_the_other(key);
    }
    let short = |at: f64| cut(&text(at), LONGEST);
    let axis = match key.scale() {
        Some(VaryScale::Seconds(_)) => Axis::times(&key.key, lowest, highest),
        _ => Axis::around(&key.key, lowest, highest, short),
    };
    // What lies beyond the values is no part of the sweep.
    let ticks = axis.ticks.into_iter().filter(|tick| (lowest..=highest).contains(&tick.at));
    (Axis { range: (lowest, highest), ticks: ticks.collect(), ..axis }, places)
}

fn one_after_the_other(key: &Vary) -> (Axis, Vec<f64>) {
    let places = Vec::from_iter((0..key.values.len()).map(|at| at as f64));
    let ticks = key.values.iter().zip(&places);
    let ticks = ticks.map(|(value, &at)| Tick { at, text: cut(value, LONGEST) });
    let last = (key.values.len() as f64 - 1.0).max(1.0);
    let axis = Axis {
        label: key.key.clone(),
        range: (0.0, last),
        ticks: ticks.collect(),
        finer: Vec::new(),
        stretches: Vec::new(),
    };
    (axis, places)
}

/// What stands over a column of a measure: its title and unit.
pub(super) fn head(measure: &SweepMeasure) -> String {
    format!("{}{}", measure.title, unit(measure))
}

/// What stands behind its figures.
fn unit(measure: &SweepMeasure) -> &'static str {
    match measure.figure.unit {
        Unit::Share => " %",
        Unit::Seconds => " s",
        _ => "",
    }
}

/// A figure with its interval, of a column that has the unit.
pub(super) fn cell(
    measure: &SweepMeasure,
    known: &PointFigure,
    study: &SweepFigures<'_>,
) -> String {
    let Estimate { value, .. } = known.estimate;
    let half = known.estimate.half_width(study.data.confidence());
    let value = bare(measure.figure, value);
    half.map_or_else(|| value.clone(), |half| format!("{value} ± {}", bare(measure.figure, half)))
}

/// A figure without its unit.
fn bare(figure: &Definition, value: f64) -> String {
    match figure.unit {
        Unit::Share => percent(value),
        Unit::Seconds => whole_seconds(value),
        _ => plain(value),
    }
}

/// Characters of a value beside an axis.
const LONGEST: usize = 7;
