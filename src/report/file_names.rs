//! Names of the files that reports of several kinds have.

/// A folder of pictures.
pub(super) const CHARTS: &str = "charts";

/// Everything for people.
pub(super) const PAGE: &str = "report.html";

/// The summary as it was printed.
pub(super) const SUMMARY: &str = "summary.txt";

/// Where a run saves what it needs to go on.
pub(super) const CHECKPOINT: &str = ".checkpoint";

/// By which a folder is known to be written by one run only.
pub(super) const LOCK: &str = ".shiftstorm.lock";

/// Where files are until they are whole.
pub(super) const UNFINISHED: &str = ".unfinished";
