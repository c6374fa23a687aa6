//! A search and what came of it.

use crate::base::statistics::RunningStatistics;
use crate::experiment::optimize::{Curve, CurvePoint, OptimizeResults, Space};
use crate::ledger::definitions::Unit;
use crate::report::RunTitle;
use crate::report::sensitivity::half;
use crate::report::table::{NumberUnit, ReportCell};

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

/// A timeout by its name, and the figures with it.
pub(super) fn point_cells(name: String, point: &CurvePoint) -> Vec<ReportCell> {
    let [abandonment, reassignments, level] = &point.figures;
    let share = NumberUnit::Of(Unit::Share);
    vec![
        ReportCell::text(name),
        estimated(abandonment, share),
        estimated(reassignments, NumberUnit::Alike),
        estimated(level, share),
    ]
}

/// A mean over replications.
fn estimated(sample: &RunningStatistics, unit: NumberUnit) -> ReportCell {
    ReportCell::number(sample.mean(), unit).within(half(sample))
}

pub(super) fn timeout(point: &CurvePoint) -> String {
    point.timeout.map_or_else(|| "off".to_owned(), |timeout| timeout.to_string())
}

/// What is seen of each timeout.
pub(super) const CURVE_FIGURES: [&str; 3] = ["abandonment", "reassignments", "service_level"];
