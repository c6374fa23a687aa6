//! Charts of a sweep: each measure over the key, or over both, and what is lost against what is torn.

use crate::ledger::definitions::Unit;
use crate::report::charts::{
    Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue, PointPair, PointPairs,
    axis, axis_of_reassignments, share_of, trade_title,
};
use crate::report::format::{number, seconds};
use crate::report::goals::GoalStanding;
use crate::report::plot::{
    Axis, Heat, HeatCell, HeatLabels, LegendKey, MOST_SERIES, PanelMark, PlotPoint, Tick,
};
use crate::report::table::{ReportColumn, ReportTable, Units, labelled};
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
    let both = bought.points.iter().zip(&torn.points).enumerate();
    let both = both.filter_map(|(at, (y, x))| Some((at, x.as_ref()?, y.as_ref()?)));
    let both = Vec::from_iter(both);
    if both.len() < 2 {
        return None;
    }
    let rows = SweepRows::of(study);
    let ends = both.iter().flat_map(|(_, _, y)| y.value().ends()).map(|end| end.max(0.0));
    let title = trade_title(bought.figure);
    let y = Axis { label: share_of(bought.figure.name), ..axis(bought.figure, ends) };
    let points = both.iter().map(|&(at, x, y)| {
        let (colour, name, cells) =
            (rows.colour(at), rows.name(study, at), [torn.cell(at), bought.cell(at)]);
        let point = PlotPoint { colour, variant: None, name, x: x.value(), y: y.value() };
        PointPair { point, name: study.name(at), cells }
    });
    let [choice, across, up] = ["choice", &torn.title, &bought.title]
        .map(|head| ReportColumn::new(head).units(Units::InCell));
    let pairs = PointPairs {
        x: axis_of_reassignments(both.iter().map(|(_, x, _)| x.value())),
        y,
        goal: None,
        joined: rows.is_joined(study),
        heads: [choice, across, up],
        points: points.collect(),
    };
    let about = format!(
        "{} choices of values, each with its reassignments and its {}.",
        both.len(),
        bought.title.to_lowercase()
    );
    let chart = ChartBuilder::new("trade_off", title).about(about).keys(rows.keys(study));
    Some(chart.points(title, pairs))
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
        let values = &study.points[at];
        match self.width {
            Some(_) => values.last().map(|varied| varied.value.clone()).unwrap_or_default(),
            None => study.name(at),
        }
    }

    fn keys(&self, study: &SweepFigures<'_>) -> Vec<LegendKey> {
        let rows = study.varies.first().filter(|_| self.width.is_some());
        let keys = rows.into_iter().flat_map(|vary| {
            let values = vary.values.iter().enumerate();
            values
                .map(|(colour, value)| LegendKey::area(format!("{} {value}", vary.name()), colour))
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
    let ends = known.iter().filter_map(|(_, _, known)| known.as_ref());
    let ends = ends.flat_map(|known| known.value().ends());
    let y = axis(measure.figure, ends.chain(measure.goal.map(|goal| goal.target)));
    let mark = measure
        .goal
        .map(|goal| PanelMark { at: goal.target, text: format!("goal: {}", goal.asked()) });
    let values = known.iter().map(|(at, _, known)| {
        let (value, cell) = (known.as_ref()?.value(), measure.cell(*at));
        Some(LineValue { up: value.value, band: value.half.map(|_| value.ends()), cell })
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
        head: key.name(),
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
    let written = |value| measure.format.bare(value);
    let [lowest, highest] = ends.map(|value| written(value) + unit(measure));
    let cell_of = |known: &Option<PointFigure>| {
        let known = known.as_ref()?;
        Some(HeatCell {
            value: known.estimate.value,
            text: written(known.estimate.value),
            is_good: known.standing == Some(GoalStanding::Met),
        })
    };
    let rows = measure.points.chunks(width);
    let cells = rows.map(|row| row.iter().map(cell_of).collect()).collect();
    let names = |key: &Vary| HeatLabels { label: key.name(), names: key.values.clone() };
    let caption = format!("{}: down {}, across {}", head(measure), down.name(), across.name());
    let heads = across.values.iter().map(|value| (None, value.clone()));
    let corner = format!("{} \\ {}", down.name(), across.name());
    let mut table = ReportTable::new(caption, [corner]).with(heads);
    for (row, value) in down.values.iter().enumerate() {
        let cells = (row * width..(row + 1) * width).map(|at| measure.cell(at));
        table.push(None, labelled(value.clone(), cells));
    }
    let heat = Heat { down: names(down), across: names(across), cells, lowest, highest };
    chart(study, measure).drawn(heat, table)
}

/// A chart of a measure; it tells of the best and the worst.
fn chart(study: &SweepFigures<'_>, measure: &SweepMeasure) -> ChartBuilder {
    let all = || 0..measure.points.len();
    let ends = [true, false].map(|is_best| measure.extreme(all(), is_best));
    let ends = ends.into_iter().zip(["Best", "Worst"]).filter_map(|(at, word)| {
        measure.points[at?].as_ref()?;
        let value = measure.cell(at?).brief();
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
        Some(VaryScale::Seconds(_)) => Axis::times(&key.name(), lowest, highest),
        _ => Axis::around(&key.name(), lowest, highest, short),
    };
    // What lies beyond the values is no part of the sweep.
    let ticks = axis.ticks.into_iter().filter(|tick| (lowest..=highest).contains(&tick.at));
    (Axis::new(&key.name(), lowest, highest, ticks), places)
}

fn one_after_the_other(key: &Vary) -> (Axis, Vec<f64>) {
    let places = Vec::from_iter((0..key.values.len()).map(|at| at as f64));
    let ticks = key.values.iter().zip(&places);
    let ticks = ticks.map(|(value, &at)| Tick { at, text: cut(value, LONGEST) });
    let last = (key.values.len() as f64 - 1.0).max(1.0);
    (Axis::new(&key.name(), 0.0, last, ticks), places)
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

/// Characters of a value beside an axis.
const LONGEST: usize = 7;
