//! A search and what came of it.

use crate::base::statistics::RunningStatistics;
use crate::experiment::optimize::{Curve, CurvePoint, OptimizeResults, Space};

use super::super::sensitivity::half_width;

/// A search and what came of it.
pub struct OptimizeReport<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// The question it answers; may be empty.
    pub question: &'a str,
    /// The scenario as written.
    pub source: &'a str,
    /// Name of the variant that it started from.
    pub variant: &'a str,
    /// Seed.
    pub seed: u64,
    /// What was searched.
    pub space: &'a Space<'a>,
    /// What was found.
    pub found: &'a OptimizeResults,
    /// The winner over the timeout of each state that may move.
    pub curves: &'a [Curve],
}

pub(super) fn shown(
    sample: &RunningStatistics,
    value: impl Fn(f64) -> String,
    half: impl Fn(f64) -> String,
) -> String {
    let Some(mean) = sample.mean() else { return "–".to_owned() };
    match sample.standard_error() {
        Some(own) => format!("{} ± {}", value(mean), half(half_width(own, sample.count()))),
        None => value(mean),
    }
}

pub(super) fn timeout(point: &CurvePoint) -> String {
    point.timeout.map_or_else(|| "off".to_owned(), |timeout| timeout.to_string())
}

/// What is seen of each timeout.
pub(super) const CURVE_FIGURES: [&str; 3] = ["abandonment", "reassignments", "service_level"];
