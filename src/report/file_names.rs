//! Names of the files of a report, and by what a folder is known as one.

use serde::Deserialize;

/// A folder of pictures.
pub(super) const CHARTS: &str = "charts";

/// Everything for people.
pub(super) const PAGE: &str = "report.html";

/// The summary as it was printed.
pub(super) const SUMMARY: &str = "summary.txt";

pub(super) const UNFINISHED: &str = ".unfinished";

/// Version of the form of `summary.json`.
pub(super) const SCHEMA: &str = "shiftstorm/summary/1";

/// What a folder says it is a report of.
#[derive(Deserialize)]
pub(super) struct ReportIdentity {
    pub(super) schema: String,
    pub(super) scenario: ScenarioIdentity,
}

#[derive(Deserialize)]
pub(super) struct ScenarioIdentity {
    pub(super) name: String,
}
