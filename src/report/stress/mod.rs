//! The report of a wall-clock run. Unlike every other report it is not the same twice: it says what
//! this machine did this time.

mod against;
mod capacity;
mod cases;
mod hlog;
mod json;
mod live;
mod page;
mod series;
pub mod suite;
mod summary;
mod thresholds;

use std::io::{self, Write as _};

use crate::stress::Results;

use super::data_dictionary;
use super::file_names::PAGE;
use super::folder::{FolderLayout, ReportFolder};

pub use self::capacity::{CAPACITY, Capacity, CapacityReport};
pub use self::cases::{cases, suites};
pub use self::live::{Glance, Second};
pub(super) use self::page::latency;
pub use self::summary::summary;
pub use self::thresholds::described;

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
    pub results: &'a Results,
}

impl StressReport<'_> {
    /// Writes the report into its folder.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.file("histograms.hlog", |output| hlog::histograms(self, output))?;
        folder.table(SERIES, |table| series::series(self, table))?;
        folder.table(data_dictionary::NAME, series::dictionary)?;
        folder.file("summary.txt", |output| output.write_all(summary(self).as_bytes()))?;
        let page = page::page(self).map_err(io::Error::other)?;
        folder.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        folder.file(MAIN, |output| json::outcome(self, output))?;
        folder.publish()
    }
}

/// The files of the report; the last tells that it is whole.
pub const FORM: FolderLayout = FolderLayout {
    schema: json::SCHEMA,
    files: &["histograms.hlog", SERIES, data_dictionary::NAME, "summary.txt", PAGE, MAIN],
};

const MAIN: &str = "stress.json";
const SERIES: &str = "series.csv";
