//! What the report of a run is made of.

use crate::stress::StressResults;

/// All that the report is made of.
pub struct StressReport<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// The question it answers; may be empty.
    pub question: &'a str,
    /// The variant that was run.
    pub variant: &'a str,
    /// The scenario as written.
    pub source: &'a str,
    /// Keys that were set from outside.
    pub settings: &'a [String],
    /// What came of it.
    pub results: &'a StressResults,
}
