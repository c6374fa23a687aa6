//! Consumers lost against conversations torn from their agents: the trade that a timeout makes.

use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, find, label};
use crate::report::format::with_interval;
use crate::report::plot::{Axis, PlotBody, PlotPoint, Points};
use crate::report::report_data::ReportData;
use crate::report::table::{ReportTable, percent_with, plain};

use super::chart::{Chart, shown};
use super::chart_builder::ChartBuilder;

/// The chart; none if there is nothing to trade.
pub(super) fn chart(data: &ReportData<'_>) -> Option<Chart> {
    let torn = find("reassignments")?;
    let speaks = |figure: &&'static Definition| {
        let estimates = shown(data).filter_map(|(_, case, _)| case.series.estimate(figure));
        estimates.into_iter().any(|estimate| estimate.value != 0.0)
    };
    // Where nobody ever leaves, what is bought is a better service.
    let bought = find("abandonment").filter(speaks).or_else(|| find("service_level"))?;
    let (title, unit) = (trade_title(bought), share_of(bought.name));
    let points = shown(data).filter_map(|(variant, case, _)| {
        let half = |estimate: &Estimate| estimate.half_width(data.confidence());
        let (x, y) = (case.series.estimate(torn)?, case.series.estimate(bought)?);
        Some((variant, case.name, (x, half(&x)), (y, half(&y))))
    });
    let points = Vec::from_iter(points);
    if points.len() < 2 || points.iter().all(|(.., (x, _), _)| x.value == 0.0) {
        return None;
    }
    let mut table = ReportTable::new(title, ["variant", torn.label, &unit]);
    let mut sentences = Vec::new();
    for (_, name, (x, x_half), (y, y_half)) in &points {
        let torn_text = match x_half {
            Some(half) => format!("{} ± {}", plain(x.value), plain(*half)),
            None => plain(x.value),
        };
        let cells = [(*name).to_owned(), torn_text, percent_with(y.value, *y_half)];
        table.push(None, cells.to_vec());
        sentences.push(format!(
            "{name}: {} reassignments, {} {}.",
            with_interval(torn, x, data.confidence()),
            with_interval(bought, y, data.confidence()),
            bought.label
        ));
    }
    let chart = ChartBuilder::new("trade_off", title).about(sentences.join(" "));
    Some(chart.drawn(PlotBody::Points(plot(&points, &unit)), table))
}

/// What a chart is called that holds a figure against reassignments.
pub(in crate::report) fn trade_title(bought: &Definition) -> &'static str {
    match bought.name {
        "abandonment" => "Lost consumers against reassignments",
        _ => "Service level against reassignments",
    }
}

/// The label of an axis with a share.
pub(in crate::report) fn share_of(figure: &str) -> String {
    format!("% {}", label(figure))
}

/// A variant, its name, and both of its figures with half their intervals.
type TradePoint<'a> = (usize, &'a str, (Estimate, Option<f64>), (Estimate, Option<f64>));

fn plot(points: &[TradePoint<'_>], unit: &str) -> Points {
    let end = |(value, half): (f64, Option<f64>)| value + half.unwrap_or(0.0);
    let right = points.iter().map(|(.., (x, half), _)| end((x.value, *half)));
    let top = points.iter().map(|(.., (y, half))| end((y.value, *half)));
    let bottom = points.iter().map(|(.., (y, half))| y.value - half.unwrap_or(0.0));
    let (right, top) = (right.fold(0.0, f64::max), top.fold(0.0, f64::max));
    let bottom = bottom.fold(f64::INFINITY, f64::min).max(0.0);
    Points {
        x: Axis::amount(label("reassignments"), right, 5.0),
        y: Axis::shares(unit, bottom, top),
        goal: None,
        joined: false,
        points: points
            .iter()
            .map(|(variant, name, (x, x_half), (y, y_half))| PlotPoint {
                colour: *variant,
                variant: Some(*variant),
                name: (*name).to_owned(),
                x: (x.value, *x_half),
                y: (y.value, *y_half),
            })
            .collect(),
    }
}
