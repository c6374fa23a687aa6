//! The folder of a fit: the scenario with its tables, the estimates for machines, the page.

use std::io;
use std::io::Write as _;

use crate::report::folder::{FolderLayout, ReportFolder};

use super::fitted_json::{FIT_SCHEMA, saved, saved_counts};
use super::fitted_log::{FittedCounts, FittedLog};
use super::fitted_page::{counts_page, page};
use super::fitted_scenario::scenario;
use super::fitted_tables::{VOLUMES, staffing_name, staffing_rows, volume_rows};

const SCENARIO: &str = "fit.toml";
const PAGE: &str = "index.html";
const MAIN: &str = "fit.json";
/// The files of a fit; the last tells that it is whole.
pub const FIT_LAYOUT: FolderLayout = FolderLayout {
    schema: FIT_SCHEMA,
    files: &[
        SCENARIO,
        VOLUMES,
        "staffing.csv",
        "staffing_2.csv",
        "staffing_3.csv",
        "staffing_4.csv",
        "staffing_5.csv",
        "staffing_6.csv",
        PAGE,
        MAIN,
    ],
};

impl FittedLog<'_> {
    /// Writes everything.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        if let Some(text) = scenario(self) {
            folder.file(SCENARIO, |output| output.write_all(text.as_bytes()))?;
            folder.table(VOLUMES, |table| volume_rows(self, table))?;
            for team in 0..self.staffed_teams() {
                folder.table(&staffing_name(team), |table| staffing_rows(self, team, table))?;
            }
        }
        folder.file(PAGE, |output| output.write_all(page(self).as_bytes()))?;
        folder.publish_main(&saved(self))
    }
}

impl FittedCounts<'_> {
    /// Writes page and main file.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.file(PAGE, |output| output.write_all(counts_page(self).as_bytes()))?;
        folder.publish_main(&saved_counts(self))
    }
}
