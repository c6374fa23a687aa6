//! The report of the standard suite.

mod suite_json;
mod suite_page;
mod suite_summary;
mod suite_words;

use std::io;

use self::suite_json::SCHEMA;
pub use self::suite_summary::summary;
pub use self::suite_words::NAME;
use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::stress::suite::SuiteResults;

/// The files of the report; the last tells that it is whole.
pub const SUITE: FolderLayout =
    FolderLayout { schema: SCHEMA, files: &[SUMMARY, PAGE, "suite.json"] };

/// Writes the report into its folder.
///
/// # Errors
///
/// Something cannot be written.
pub fn write(results: &SuiteResults, folder: &ReportFolder) -> io::Result<()> {
    folder.tell(&summary(results), &suite_page::page(results), &suite_json::saved(results))
}
