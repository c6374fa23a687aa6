//! Measured figures between those that may be.

use crate::fitting::{LogPart, MeasuredKind};
use crate::report::charts::{Chart, ChartBuilder, CommonLines, LinePlace, LineSeries, LineValue};
use crate::report::plot::{Axis, Tick};
use crate::report::table::ReportCell;

use super::backcast_report::{BackcastFigure, BackcastReport};
use super::figure_names::{FigureUnit, name_of, part};

/// Charts of a kind of parts: days or hours.
pub(super) fn charts(
    report: &BackcastReport<'_>,
    is_meant: fn(LogPart) -> bool,
    name: &str,
) -> Vec<Chart> {
    let rows = report.rows();
    let kinds = [
        MeasuredKind::ServiceLevel,
        MeasuredKind::Abandonment,
        MeasuredKind::MeanFirstWait,
        MeasuredKind::MedianReply,
    ];
    let chart = |kind: MeasuredKind| {
        let of_kind = |row: &&BackcastFigure| row.figure.kind == kind && is_meant(row.figure.part);
        let rows = Vec::from_iter(rows.iter().filter(of_kind));
        (rows.len() > 1).then(|| lines(report, kind, &rows, name))
    };
    kinds.into_iter().filter_map(chart).collect()
}

fn lines(
    report: &BackcastReport<'_>,
    kind: MeasuredKind,
    rows: &[&BackcastFigure],
    by: &str,
) -> Chart {
    let figure = name_of(kind);
    let highest = rows.iter().map(|row| row.high.max(row.measured)).fold(0.0, f64::max);
    let axis = match figure.unit {
        FigureUnit::Share => Axis::share(figure.label, highest),
        _ => Axis::amount("seconds", highest, 5.0),
    };
    let value =
        |up: f64, band: Option<[f64; 2]>| Some(LineValue { up, band, cell: figure.unit.cell(up) });
    let series = |name: &str, colour, values: Vec<Option<LineValue>>| LineSeries {
        name: name.to_owned(),
        head: format!("{}, {name}", figure.label),
        colour,
        variant: None,
        values,
    };
    let simulated = rows.iter().map(|row| value(row.mean, Some([row.low, row.high])));
    let measured = rows.iter().map(|row| value(row.measured, None));
    let last = rows.len().saturating_sub(1).max(1) as f64;
    let step = (rows.len() / 6).max(1);
    let short = |row: &BackcastFigure| {
        let whole = part(row.figure.part, report.skills);
        match row.figure.part {
            LogPart::Day(_) => whole.get(5..).unwrap_or_default().to_owned(),
            LogPart::Hour(_) => whole.get(..5).unwrap_or_default().to_owned(),
            LogPart::Whole | LogPart::Skill(_) => whole,
        }
    };
    let ticks = rows.iter().enumerate().step_by(step);
    let ticks = Vec::from_iter(ticks.map(|(at, row)| Tick { at: at as f64, text: short(row) }));
    let places = rows.iter().enumerate().map(|(position, row)| LinePlace {
        name: ReportCell::text(part(row.figure.part, report.skills)),
        across: position as f64,
    });
    let title = format!("{} by {by}", capital(figure.label));
    let of = CommonLines {
        caption: title.clone(),
        head: by.to_owned(),
        x: Axis::new("", 0.0, last, ticks),
        y: axis,
        marks: Vec::new(),
        places: places.collect(),
        series: vec![
            series("simulated", 0, simulated.collect()),
            series("log", 1, measured.collect()),
        ],
    };
    let about = "The band is where the scenario has it, all figures of this page together in 95 of 100 logs.";
    ChartBuilder::new(format!("{}_by_{by}", figure.name), title).about(about).lines(of)
}

fn capital(text: &str) -> String {
    crate::report::wording::capital(text)
}
