//! The report of a capacity search.

mod against;
mod capacity_page;
mod capacity_report;
mod capacity_words;
mod saved_capacity;
mod trials_table;

use std::io;

pub use self::against::{Against, CapacityChange};
pub use self::capacity_report::CapacityReport;
pub(super) use self::capacity_words::in_words;
pub use self::saved_capacity::SavedCapacity;
use self::saved_capacity::{MAIN, SCHEMA};
use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file;

/// The files of the report; the last tells that it is whole.
pub const CAPACITY: FolderLayout = FolderLayout { schema: SCHEMA, files: &[SUMMARY, PAGE, MAIN] };

impl CapacityReport<'_> {
    /// Writes the report into its folder.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.tell(&self.summary(), &capacity_page::page(self), &self.saved())
    }

    /// Writes what stands in `capacity.json`.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn json(&self, output: impl io::Write) -> io::Result<()> {
        json_file::write(&self.saved(), output)
    }
}
