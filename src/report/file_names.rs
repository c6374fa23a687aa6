//! Names of the files that reports of several kinds have.

/// A folder of pictures.
pub(super) const CHARTS: &str = "charts";

/// Everything for people.
pub(super) const PAGE: &str = "report.html";

/// The summary as it was printed.
pub(super) const SUMMARY: &str = "summary.txt";

/// Where files are until they are whole.
pub(super) const UNFINISHED: &str = ".unfinished";
