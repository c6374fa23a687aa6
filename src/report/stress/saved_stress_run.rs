//! A stress run that was saved, to be shown again.

use std::io::{self, Write as _};
use std::path::Path;

use serde::Deserialize;

use super::page::page;
use super::run_report::StressReport;
use super::run_summary::summary;
use super::stress_json::{MAIN, SCHEMA};
use crate::report::RunTitle;
use crate::report::file_names::{PAGE, SUMMARY};
use crate::report::folder::ReportFolder;
use crate::report::json_file::{self, FileHead, ScenarioTitle};
use crate::stress::StressResults;
use crate::stress::capacity::Yardstick;

/// What stands in `stress.json`, as far as the page is made of it.
#[derive(Deserialize)]
pub struct SavedStressReport {
    #[serde(flatten)]
    head: FileHead<ScenarioTitle>,
    variant: String,
    settings: Vec<String>,
    yardstick: Yardstick,
    page: SavedPageParts,
}

#[derive(Deserialize)]
struct SavedPageParts {
    source: String,
    results: StressResults,
}

impl SavedStressReport {
    /// Reads that of a report folder.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(folder: &Path) -> Result<Self, String> {
        json_file::read(&folder.join(MAIN), SCHEMA)
    }

    /// Name of the scenario.
    pub fn name(&self) -> &str {
        &self.head.scenario.name
    }

    /// Page and summary are made again and take the places of those that are there; all else stays.
    ///
    /// # Errors
    ///
    /// They cannot be written.
    pub fn show_again(&self, folder: &ReportFolder) -> io::Result<()> {
        let report = StressReport {
            title: RunTitle {
                name: &self.head.scenario.name,
                question: &self.head.scenario.question,
                variant: &self.variant,
                source: &self.page.source,
            },
            settings: &self.settings,
            yardstick: self.yardstick,
            results: &self.page.results,
        };
        folder.file(SUMMARY, |output| output.write_all(summary(&report).as_bytes()))?;
        folder.file(PAGE, |output| output.write_all(page(&report).as_bytes()))?;
        folder.publish(&[SUMMARY, PAGE])
    }
}
