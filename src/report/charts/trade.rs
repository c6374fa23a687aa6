//! Consumers lost against conversations torn from their agents: the trade that a timeout makes.

use crate::ledger::definitions::{Definition, find, label};
use crate::report::plot::{Axis, PlotPoint, PlotValue};
use crate::report::report_data::ReportData;
use crate::report::table::ReportColumn;

use super::chart::{Chart, shown};
use super::chart_builder::{ChartBuilder, PointPair, PointPairs};

/// The chart; none if there is nothing to trade.
pub(super) fn chart(data: &ReportData<'_>) -> Option<Chart> {
    let torn = find("reassignments")?;
    let has = |figure: &&'static Definition| shown(data).any(|(_, case, _)| case.has(figure));
    // Where nobody ever leaves, what is bought is a better service.
    let bought = find("abandonment").filter(has).or_else(|| find("service_level"))?;
    let (title, unit, confidence) = (trade_title(bought), share_of(bought.name), data.confidence());
    let mut sentences = Vec::new();
    let points = shown(data).filter_map(|(variant, case, _)| {
        let estimates = [case.estimate(torn)?, case.estimate(bought)?];
        let [x, y] = estimates.each_ref().map(|it| PlotValue::estimate(it, confidence));
        let [across, up] = [torn, bought].map(|figure| case.cell(figure, confidence));
        let name = case.name.to_owned();
        sentences.push(format!(
            "{name}: {} reassignments, {} {}.",
            across.brief(),
            up.brief(),
            bought.label
        ));
        let point = PlotPoint { colour: variant, variant: Some(variant), name: name.clone(), x, y };
        Some(PointPair { point, name, cells: [across, up] })
    });
    let points = Vec::from_iter(points);
    if points.len() < 2 || points.iter().all(|pair| pair.point.x.value == 0.0) {
        return None;
    }
    let y = points.iter().map(|pair| pair.point.y);
    let pairs = PointPairs {
        x: reassignments(points.iter().map(|pair| pair.point.x)),
        y: shares(&unit, y),
        goal: None,
        joined: false,
        heads: ["variant", torn.label, &unit].map(ReportColumn::new),
        points,
    };
    let chart = ChartBuilder::new("trade_off", title).about(sentences.join(" "));
    Some(chart.points(title, pairs))
}

/// The axis of reassignments up to beyond all of these.
pub(in crate::report) fn reassignments(values: impl Iterator<Item = PlotValue>) -> Axis {
    let highest = values.map(|value| value.ends()[1]).fold(0.0, f64::max);
    Axis::amount(label("reassignments"), highest, 5.0)
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

/// The axis of shares around all of these.
fn shares(unit: &str, values: impl Iterator<Item = PlotValue> + Clone) -> Axis {
    let top = values.clone().map(|value| value.ends()[1]).fold(0.0, f64::max);
    let bottom = values.map(|value| value.ends()[0]).fold(f64::INFINITY, f64::min).max(0.0);
    Axis::shares(unit, bottom, top)
}
