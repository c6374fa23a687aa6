//! Each variant with its interval against the goal.

use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, Unit, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::report::format::{formatted, with_interval};
use crate::report::goals::{FigureGoal, goals};
use crate::report::plot::{Axis, PlotRange, Ranges};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::wording::capital;

use super::chart::{Chart, shown};
use super::chart_builder::ChartBuilder;

/// A chart for each figure that has a direction.
pub(super) fn charts(data: &ReportData<'_>) -> Vec<Chart> {
    OBJECTIVES.iter().filter_map(|objective| chart(data, find(objective.figure)?)).collect()
}

fn chart(data: &ReportData<'_>, figure: &'static Definition) -> Option<Chart> {
    let found = shown(data).filter_map(|(position, case, outcome)| {
        let goal = goals(&outcome.frame.goals).find(|goal| goal.figure.name == figure.name);
        Some((position, case, case.series.estimate(figure)?, goal))
    });
    let found: Vec<(usize, &VariantData<'_>, Estimate, Option<FigureGoal>)> = found.collect();
    // What is the same nothing everywhere needs no picture.
    if found.iter().all(|(.., estimate, _)| estimate.value == 0.0) {
        return None;
    }
    let (.., first) = *found.first()?;
    let same =
        |goal: &Option<FigureGoal>| goal.map(|goal| goal.target) == first.map(|goal| goal.target);
    let goal = first.filter(|_| found.iter().all(|(.., goal)| same(goal)));
    let ranges = found.iter().map(|(variant, case, estimate, _)| PlotRange {
        variant: *variant,
        name: case.name.to_owned(),
        value: estimate.value,
        half: estimate.half_width(data.confidence()),
        text: with_interval(figure, estimate, data.confidence()),
    });
    let ranges = Vec::from_iter(ranges);
    let ends = ranges.iter().flat_map(PlotRange::ends);
    let axis = axis(figure, ends.chain(goal.map(|goal| goal.target)));
    let goal_text = goal
        .map(|goal| format!(" The goal is {} {}.", goal.side(), formatted(figure, goal.target)));
    let goal = goal.map(|goal| (goal.target, goal.at_least));
    let ranges = Ranges { axis, goal, ranges };
    let about = ranges.told() + &goal_text.unwrap_or_default();
    let chart = ChartBuilder::new(format!("standing_{}", figure.name), title(data, figure));
    Some(chart.about(about).ranges("variant", "figure", ranges))
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
        _ => Axis::around("a conversation", low, high + room, |value| format!("{value:.2}")),
    }
}
