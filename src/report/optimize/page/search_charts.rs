//! Cost against what it reaches, and abandonment against reassignments.

use crate::experiment::optimize::{
    Curve, CurvePoint, Goal, OptimizeVerdict, TRADED_FIGURES, Tested,
};
use crate::ledger::definitions::short_label;
use crate::report::charts::{Chart, ChartBuilder, axis, axis_of_reassignments, share_of};
use crate::report::format::number;
use crate::report::optimize::search::{
    OptimizeReport, half, own_timeout, point_cells, timeout, winner,
};
use crate::report::optimize::tested_table::by_cost;
use crate::report::optimize::wording::{asked, column, label, of_goal, reached, value};
use crate::report::plot::{Axis, LegendKey, PlotGoal, PlotPoint, PlotValue, Points};
use crate::report::table::{ReportCell, ReportColumn, ReportTable, Units};
use crate::report::wording::capital;

/// Cost against the figure of each goal, of all choices that were tested.
pub(super) fn against_cost(search: &OptimizeReport<'_>) -> Vec<Chart> {
    if search.found.tested.is_empty() {
        return Vec::new();
    }
    let goals = search.space.goals().iter().enumerate();
    goals.map(|(position, goal)| by_goal(search, position, goal)).collect()
}

fn by_goal(search: &OptimizeReport<'_>, position: usize, goal: &Goal) -> Chart {
    let tested = by_cost(search.found);
    // Names of many would hide the points; the table has them.
    let is_named = |at: usize| tested.len() <= MOST_NAMED || search.found.winner == Some(at);
    let points = tested.iter().map(|&(at, test)| PlotPoint {
        colour: role(search, at, test),
        variant: None,
        name: match is_named(at) {
            true => search.space.name(&test.candidate),
            false => String::new(),
        },
        x: PlotValue { value: test.cost, half: None },
        y: value(test, position),
    });
    let mut points = Vec::from_iter(points);
    // The winner's name takes its place first, and its point is drawn first.
    points.sort_by_key(|point| point.colour);
    let ends = points.iter().flat_map(|point| point.y.ends());
    let y = axis(goal.figure, ends.chain([goal.target]));
    let unit = if search.space.counts_hours() { "cost in agent hours a run" } else { "cost a run" };
    let lowest = tested.first().map_or(0.0, |(_, test)| test.cost);
    let highest = tested.last().map_or(0.0, |(_, test)| test.cost);
    let pad = ((highest - lowest) * 0.08).max(highest.abs() * 0.01).max(1e-3);
    let x = Axis::around(unit, lowest - pad, highest + pad, number);
    let label = label(goal);
    let [choice, cost, figure] = ["choice", unit, &label].map(ReportColumn::new);
    let caption = format!("{} by cost", capital(&label));
    let mut table = ReportTable::of(caption, [choice, cost, figure.units(Units::InCell)]);
    for (_, test) in &tested {
        let name = ReportCell::text(search.space.name(&test.candidate));
        let figure = of_goal(goal, test, position);
        table.push(None, vec![name, ReportCell::amount(test.cost), figure]);
    }
    let best = winner(search.found).map_or_else(String::new, |winner| {
        let name = search.space.name(&winner.candidate);
        format!(
            " The winner is {name}: cost {}, {}.",
            number(winner.cost),
            reached(goal, winner, position)
        )
    });
    let used = |colour: &usize| points.iter().any(|point| point.colour == *colour);
    let keys = (0..ROLES.len()).filter(used);
    let keys = Vec::from_iter(keys.map(|colour| LegendKey::area(ROLES[colour], colour)));
    let title = format!("{} by cost; the goal is {}", capital(&label), asked(goal));
    let chart = ChartBuilder::new(format!("cost_{}", column(goal)), title);
    let chart = chart.about(format!("{} choices.{best}", tested.len())).keys(keys);
    let goal = Some(PlotGoal { at: goal.target, at_least: goal.at_least });
    chart.drawn(Points { x, y, goal, joined: false, is_named: true, points }, table)
}

/// What a choice is among those tested; its colour too.
fn role(search: &OptimizeReport<'_>, at: usize, test: &Tested) -> usize {
    match test.verdict {
        _ if search.found.winner == Some(at) => 0,
        OptimizeVerdict::Missed(_) => 1,
        OptimizeVerdict::Met => 2,
        OptimizeVerdict::Undecided => 3,
    }
}

/// Abandonment against reassignments of the winner over a timeout.
pub(super) fn trade(search: &OptimizeReport<'_>, curve: &Curve) -> Chart {
    let own = own_timeout(search, curve);
    let name = |point: &CurvePoint| match own == Some(point.timeout) {
        true => format!("{} (winner)", timeout(point)),
        false => timeout(point),
    };
    let title = format!(
        "Abandonment against reassignments by the timeout of {} agents",
        capital(curve.state)
    );
    let heads = std::iter::once("timeout").chain(TRADED_FIGURES.map(short_label));
    let mut table = ReportTable::new(&title, heads).spoken();
    for point in &curve.points {
        table.push(None, point_cells(name(point), point));
    }
    let points = curve.points.iter().filter_map(|point| {
        let [abandoned, torn, ..] = &point.figures;
        Some(PlotPoint {
            colour: 0,
            variant: None,
            name: name(point),
            x: PlotValue { value: torn.as_ref()?.value, half: half(torn.as_ref()) },
            y: PlotValue { value: abandoned.as_ref()?.value, half: half(abandoned.as_ref()) },
        })
    });
    let points = Vec::from_iter(points);
    let goal = search.space.goals().iter().find(|goal| goal.figure.name == "abandonment");
    let ends =
        || points.iter().flat_map(|point| point.y.ends()).chain(goal.map(|goal| goal.target));
    let top = ends().fold(0.0, f64::max);
    let bottom = ends().fold(top, f64::min).max(0.0);
    let first = points.first().map_or("none", |point| &point.name);
    let about = format!("{} timeouts, from {first} on.", points.len());
    let body = Points {
        x: axis_of_reassignments(points.iter().map(|point| point.x)),
        y: Axis::shares(&share_of("abandonment"), bottom, top.max(bottom + 1e-3)),
        goal: goal.map(|goal| PlotGoal { at: goal.target, at_least: goal.at_least }),
        joined: true,
        is_named: true,
        points,
    };
    ChartBuilder::new(format!("trade_{}", curve.state), title).about(about).drawn(body, table)
}

/// What choices are, in the order of their colours.
const ROLES: [&str; 4] = ["the winner", "misses a goal", "meets the goals", "not clear"];
/// Choices of which each has its name in a chart.
const MOST_NAMED: usize = 6;
