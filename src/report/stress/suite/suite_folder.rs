//! The report folder of the suite.

use std::io::{self, Write as _};

use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file;
use crate::stress::suite::SuiteResults;

use super::suite_json::{SCHEMA, saved};
use super::suite_page::page;
use super::suite_summary::summary;

/// Writes the report into its folder.
///
/// # Errors
///
/// Something cannot be written.
pub fn write(results: &SuiteResults, folder: &ReportFolder) -> io::Result<()> {
    folder.file(SUMMARY, |output| output.write_all(summary(results).as_bytes()))?;
    let page = page(results).map_err(io::Error::other)?;
    folder.file(PAGE, |output| output.write_all(page.as_bytes()))?;
    folder.file(MAIN, |output| json_file::write(&saved(results), output))?;
    folder.publish()
}

/// The files of the report; the last tells that it is whole.
pub const SUITE: FolderLayout = FolderLayout { schema: SCHEMA, files: &[SUMMARY, PAGE, MAIN] };

const MAIN: &str = "suite.json";
