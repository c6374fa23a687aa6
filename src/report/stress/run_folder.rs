//! The report folder of a run.

use std::io::{self, Write as _};

use crate::report::data_dictionary;
use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file;

use super::hlog::histograms;
use super::page::page;
use super::run_report::StressReport;
use super::run_summary::summary;
use super::series_table::{SERIES, dictionary, series};
use super::stress_json::{SCHEMA, saved};

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
        folder.file(SUMMARY, |output| output.write_all(summary(self).as_bytes()))?;
        let page = page(self).map_err(io::Error::other)?;
        folder.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        folder.file(MAIN, |output| json_file::write(&saved(self)?, output))?;
        folder.publish()
    }
}

/// The files of the report; the last tells that it is whole.
pub const FORM: FolderLayout = FolderLayout {
    schema: SCHEMA,
    files: &["histograms.hlog", SERIES, data_dictionary::NAME, SUMMARY, PAGE, MAIN],
};

const MAIN: &str = "stress.json";
