//! Each variant with its interval against the goal.

use crate::ledger::definitions::{Definition, Unit, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::report::goals::JudgedVariants;
use crate::report::plot::{Axis, PlotRange, Ranges};
use crate::report::report_data::ReportData;
use crate::report::wording::capital;

use super::chart::{Chart, shown};
use super::chart_builder::ChartBuilder;

/// A chart for each figure that has a direction.
pub(super) fn charts(data: &ReportData<'_>) -> Vec<Chart> {
    OBJECTIVES.iter().filter_map(|objective| chart(data, find(objective.figure)?)).collect()
}

fn chart(data: &ReportData<'_>, figure: &'static Definition) -> Option<Chart> {
    let cases = shown(data).filter(|(_, case, _)| case.estimate(figure).is_some());
    let cases = Vec::from_iter(cases.map(|(position, case, _)| (position, case)));
    // What is the same nothing everywhere needs no picture.
    if !cases.iter().any(|(_, case)| case.has(figure)) {
        return None;
    }
    let judged = cases.iter().map(|&(_, case)| case);
    let judged = JudgedVariants::new(figure, judged, data.confidence());
    let ranges = cases.iter().zip(&judged.variants).filter_map(|(&(variant, case), judged)| {
        let (name, estimate) = (case.name.to_owned(), judged.estimate?);
        let text = case.cell(figure, data.confidence()).brief();
        Some(PlotRange::estimate(variant, name, &estimate, text, data.confidence()))
    });
    let ranges = Vec::from_iter(ranges);
    let goal = judged.common_goal();
    let ends = ranges.iter().flat_map(|range| range.value.ends());
    let axis = axis(figure, ends.chain(goal.map(|goal| goal.target)));
    let told = goal.map(|goal| format!(" The goal is {}.", goal.asked())).unwrap_or_default();
    let ranges = Ranges { axis, goal: goal.map(Into::into), ranges };
    let chart = ChartBuilder::new(format!("standing_{}", figure.name), title(data, figure));
    Some(chart.about(ranges.told() + &told).ranges("variant", "figure", ranges))
}

/// What a figure with a direction is called over a chart.
pub(in crate::report) fn title(data: &ReportData<'_>, figure: &Definition) -> String {
    let within = || {
        let level = shown(data).next().map(|(.., outcome)| outcome.frame.service_level.within);
        level.unwrap_or_default()
    };
    match figure.name {
        "service_level" => format!("{} within {}", capital(figure.label), within()),
        _ => capital(figure.label),
    }
}

/// From a little below all of these values of a figure to a little above.
pub(in crate::report) fn axis(figure: &Definition, values: impl Iterator<Item = f64>) -> Axis {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let room = ((high - low) * 0.06).max(high.abs() * 0.005).max(1e-6);
    let low = if low >= 0.0 { (low - room).max(0.0) } else { low - room };
    match figure.unit {
        Unit::Share => Axis::shares("%", low, (high + room).min(1.0)),
        Unit::Seconds => Axis::times("time", low, high + room),
        _ => Axis::numbers("a conversation", low, high + room),
    }
}
