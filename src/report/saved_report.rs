//! A report that was saved, to be shown again.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

use serde::Deserialize;

use crate::experiment::compare::Rule;
use crate::experiment::interval::AllSeries;
use crate::ledger::objectives::DifferenceThresholds;
use crate::ledger::outcome::Outcome;

use super::Background;
use super::file_names::{SCHEMA, ScenarioIdentity};
use super::folder::ReportFolder;
use super::report_data::{ReportData, VariantData};

/// What `summary.json` keeps of a report: all that the page and its charts are made of.
#[derive(Deserialize)]
pub struct SavedReport {
    shiftstorm: String,
    scenario: SavedScenario,
    seed: u64,
    first_replication: u64,
    replications: u64,
    batches: Option<serde::de::IgnoredAny>,
    confidence: f64,
    thresholds: DifferenceThresholds,
    checked: bool,
    complete: bool,
    notes: Vec<String>,
    background: Background,
    variants: Vec<SavedVariant>,
}

#[derive(Deserialize)]
struct SavedScenario {
    name: String,
    question: String,
}

#[derive(Deserialize)]
struct SavedVariant {
    name: String,
    seed: u64,
    failures: Vec<SavedFailure>,
    series: AllSeries,
    outcome: Option<Box<Outcome>>,
}

#[derive(Deserialize)]
struct SavedFailure {
    message: String,
}

/// What can be read of any version.
#[derive(Deserialize)]
struct SavedOrigin {
    schema: String,
    shiftstorm: String,
    #[serde(rename = "scenario")]
    _scenario: ScenarioIdentity,
}

impl SavedReport {
    /// Reads the `summary.json` of a report folder.
    ///
    /// # Errors
    ///
    /// It is not there, is no summary, or one of another version of Shiftstorm, which keeps outcomes
    /// in another form.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join(SUMMARY);
        let open = || {
            let file = File::open(&path).map(BufReader::new);
            file.map_err(|error| format!("cannot read `{}`: {error}", path.display()))
        };
        let no_report =
            |error: &dyn std::fmt::Display| format!("`{}` is no report: {error}", path.display());
        let origin: SavedOrigin =
            serde_json::from_reader(open()?).map_err(|error| no_report(&error))?;
        if origin.schema != SCHEMA {
            return Err(no_report(&format!("its form is {}", origin.schema)));
        }
        serde_json::from_reader(open()?).map_err(|error| match origin.shiftstorm.as_str() {
            VERSION => no_report(&error),
            other => format!(
                "`{}` was written by Shiftstorm {other}, this is {VERSION}: run the scenario again",
                path.display()
            ),
        })
    }

    /// Name of the scenario.
    pub fn name(&self) -> &str {
        &self.scenario.name
    }

    /// Writes the page and its charts into the folder that the report is of; all else stays.
    ///
    /// # Errors
    ///
    /// They cannot be written.
    pub fn show(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.show_again(&self.data())
    }

    fn data(&self) -> ReportData<'_> {
        let cases = self.variants.iter().zip(&self.background.variants);
        let cases = cases.map(|(variant, particulars)| VariantData {
            name: &variant.name,
            seed: variant.seed,
            outcome: variant.outcome.as_deref(),
            series: &variant.series,
            particulars,
            failures: variant.failures.iter().map(|failed| failed.message.clone()).collect(),
        });
        ReportData {
            name: &self.scenario.name,
            question: &self.scenario.question,
            version: &self.shiftstorm,
            background: &self.background,
            seed: self.seed,
            replications: (self.first_replication, self.replications),
            batches: self.batches.is_some(),
            checked: self.checked,
            complete: self.complete,
            rule: Rule { confidence: self.confidence, thresholds: self.thresholds },
            notes: self.notes.clone(),
            variants: cases.collect(),
        }
    }
}

const SUMMARY: &str = "summary.json";
const VERSION: &str = env!("CARGO_PKG_VERSION");
