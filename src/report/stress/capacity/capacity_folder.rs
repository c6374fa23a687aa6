//! The report folder of a capacity search.

use std::io::{self, Write as _};

use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file;

use super::capacity_page::page;
use super::capacity_report::CapacityReport;
use super::saved_capacity::{MAIN, SCHEMA};

impl CapacityReport<'_> {
    /// Writes the report into its folder.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.file(SUMMARY, |output| output.write_all(self.summary().as_bytes()))?;
        let page = page(self).map_err(io::Error::other)?;
        folder.file(PAGE, |output| output.write_all(page.as_bytes()))?;
        folder.file(MAIN, |output| json_file::write(&self.saved(), output))?;
        folder.publish()
    }
}

/// The files of the report; the last tells that it is whole.
pub const CAPACITY: FolderLayout = FolderLayout { schema: SCHEMA, files: &[SUMMARY, PAGE, MAIN] };
