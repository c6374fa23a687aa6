//! What the report of a run is made of.

use crate::report::RunTitle;
use crate::stress::StressResults;
use crate::stress::capacity::Yardstick;

/// All that the report is made of.
pub struct StressReport<'a> {
    /// What was run.
    pub title: RunTitle<'a>,
    /// Keys that were set from outside.
    pub settings: &'a [String],
    /// What the machine could do.
    pub yardstick: Yardstick,
    /// What came of it.
    pub results: &'a StressResults,
}
