//! A search and what came of it.

use crate::base::time::Span;
use crate::experiment::interval::{CONFIDENCE, Estimate};
use crate::experiment::optimize::{
    Curve, CurvePoint, OptimizeResults, Space, TRADED_FIGURES, Tested,
};
use crate::ledger::definitions::{Unit, find};
use crate::report::RunTitle;
use crate::report::table::{NumberUnit, ReportCell, labelled};

/// A search and what came of it.
pub struct OptimizeReport<'a> {
    /// What it started from.
    pub title: RunTitle<'a>,
    /// Seed.
    pub seed: u64,
    /// What was searched.
    pub space: &'a Space<'a>,
    /// What was found.
    pub found: &'a OptimizeResults,
    /// The winner over the timeout of each state that may move.
    pub curves: &'a [Curve],
}

/// The choice that won.
pub(super) fn winner(found: &OptimizeResults) -> Option<&Tested> {
    found.winner.and_then(|winner| found.tested.get(winner))
}

/// The winner's timeout of the state of a curve, `None` within for off; `None` without a winner.
pub(super) fn own_timeout(search: &OptimizeReport<'_>, curve: &Curve) -> Option<Option<Span>> {
    let winner = winner(search.found)?;
    let timeouts = search.space.plan_of(&winner.candidate).centre.unassign.timeout;
    Some(match curve.state {
        "online" => timeouts.online,
        "away" => timeouts.away,
        _ => timeouts.offline,
    })
}

/// A timeout by its name, and the figures with it.
pub(super) fn point_cells(name: String, point: &CurvePoint) -> Vec<ReportCell> {
    let figures = TRADED_FIGURES.iter().zip(&point.figures).map(|(figure, estimate)| {
        let unit = match find(figure).map(|figure| figure.unit) {
            Some(Unit::Share) => NumberUnit::Of(Unit::Share),
            _ => NumberUnit::Alike,
        };
        let value = estimate.map(|estimate| estimate.value);
        ReportCell::number(value, unit).within(half(estimate.as_ref()))
    });
    labelled(name, figures)
}

/// Half the interval of a figure of a curve.
pub(super) fn half(estimate: Option<&Estimate>) -> Option<f64> {
    estimate.and_then(|estimate| estimate.half_width(CONFIDENCE))
}

pub(super) fn timeout(point: &CurvePoint) -> String {
    point.timeout.map_or_else(|| "off".to_owned(), |timeout| timeout.to_string())
}
