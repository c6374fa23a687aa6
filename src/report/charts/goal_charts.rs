//! Each variant with its interval against the goal.

use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, Unit, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::report::format::{formatted, with_interval};
use crate::report::goals::{FigureGoal, goals};
use crate::report::plot::{Axis, Picture, PlotBody, PlotRange, Ranges};
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::ReportTable;

use super::chart::{Chart, shown};

/// A chart for each figure that has a direction.
pub(super) fn charts(data: &ReportData<'_>) -> Vec<Chart> {
    OBJECTIVES.iter().filter_map(|aim| chart(data, find(aim.figure)?)).collect()
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
    let title = title(data, figure);
    let ends = ranges.iter().flat_map(|range| {
        let half = range.half.unwrap_or(0.0);
        [range.value - half, range.value + half]
    });
    let axis = axis(figure, ends.chain(goal.map(|goal| goal.target)));
    let mut table = ReportTable::new(&title, ["variant", "figure"].map(str::to_owned));
    for range in &ranges {
        table.push(None, vec![range.name.clone(), range.text.clone()]);
    }
    let goal_text = goal
        .map(|goal| format!(" The goal is {} {}.", goal.side(), formatted(figure, goal.target)));
    let each = ranges.iter().map(|range| format!("{}: {}.", range.name, range.text));
    let about = Vec::from_iter(each).join(" ") + &goal_text.unwrap_or_default();
    let goal = goal.map(|goal| (goal.target, goal.at_least));
    let body = PlotBody::Ranges(Ranges { axis, goal, ranges });
    let name = format!("standing_{}", figure.name);
    Some(Chart { picture: Picture { name, title, about, keys: Vec::new(), body }, table })
}

/// What a figure with a direction is called over a chart.
pub(in crate::report) fn title(data: &ReportData<'_>, figure: &Definition) -> String {
    let within = || {
        let level = shown(data).next().map(|(.., outcome)| outcome.frame.service_level.within);
        level.unwrap_or_default()
    };
    match figure.name {
        "service_level" => format!("Service level within {}", within()),
        "abandonment" => "Abandoned before an answer".to_owned(),
        "reassignments" => "Re-assignments a conversation".to_owned(),
        "first_response_mean" => "First response, mean".to_owned(),
        "response_p90" => "Response, 90 % within".to_owned(),
        other => other.to_owned(),
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
        Unit::Share => Axis::shares("%", (low, (high + room).min(1.0))),
        Unit::Seconds => Axis::times("time", (low, high + room)),
        _ => Axis::around("a conversation", (low, high + room), |value| format!("{value:.2}")),
    }
}
