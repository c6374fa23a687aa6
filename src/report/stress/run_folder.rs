//! The report folder of a run.

use std::io;

use crate::report::data_dictionary;
use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file;

use super::hlog::histograms;
use super::page::page;
use super::run_report::StressReport;
use super::run_summary::summary;
use super::series_table::{SERIES, dictionary, series};
use super::stress_json::{MAIN, SCHEMA, saved};

impl StressReport<'_> {
    /// Writes the report into its folder.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.file("histograms.hlog", |output| histograms(self, output))?;
        folder.table(SERIES, |table| series(self, table))?;
        folder.table(data_dictionary::NAME, dictionary)?;
        folder.tell(&summary(self), &page(self), &saved(self)?)
    }

    /// Writes what stands in `stress.json`.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn json(&self, output: impl io::Write) -> io::Result<()> {
        json_file::write(&saved(self)?, output)
    }
}

/// The files of the report; the last tells that it is whole.
pub const FORM: FolderLayout = FolderLayout {
    schema: SCHEMA,
    files: &["histograms.hlog", SERIES, data_dictionary::NAME, SUMMARY, PAGE, MAIN],
};
