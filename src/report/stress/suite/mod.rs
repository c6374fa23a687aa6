//! The report of the standard suite.

mod suite_against;
mod suite_json;
mod suite_page;
mod suite_summary;
mod suite_words;

use std::io;

pub use self::suite_against::{EarlierSuite, SuiteComparison};
use self::suite_json::{MAIN, SCHEMA};
pub use self::suite_summary::summary;
pub use self::suite_words::NAME;
use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file;
use crate::stress::suite::SuiteResults;

/// The files of the report; the last tells that it is whole.
pub const SUITE: FolderLayout = FolderLayout { schema: SCHEMA, files: &[SUMMARY, PAGE, MAIN] };

/// Writes the report into its folder; the summary has the comparison with an earlier run, if there is one.
///
/// # Errors
///
/// Something cannot be written.
pub fn write(
    results: &SuiteResults,
    compared: Option<&SuiteComparison>,
    folder: &ReportFolder,
) -> io::Result<()> {
    folder.tell(
        &summary(results, compared),
        &suite_page::page(results),
        &suite_json::saved(results),
    )
}

/// Writes what stands in `suite.json`.
///
/// # Errors
///
/// Those of the output.
pub fn json(results: &SuiteResults, output: impl io::Write) -> io::Result<()> {
    json_file::write(&suite_json::saved(results), output)
}
