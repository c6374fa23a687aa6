//! `summary.json`: every figure with its definition, and the outcomes they come from. One type writes
//! it and reads it again, to show the report anew, to go on from it and to compare it.

mod figures;
mod variant;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::experiment::batches::Batches;
use crate::experiment::compare::Rule;
use crate::experiment::warm_up::WarmUp;
use crate::ledger::definitions::{Definition, FIGURES, FigureKind};
use crate::ledger::objectives::{DifferenceThreshold, DifferenceThresholds};

use super::figure_format::FigureFormats;
use super::json_file::{self, FileHead, ScenarioTitle};
use super::notes::notes;
use super::report_data::{Background, Report, ReportData};

pub(super) use self::figures::{ByFigure, FigureDifference, FigureValue};
pub(super) use self::variant::{SummaryVariant, SummaryVariantHead};

/// Name of the file.
pub(super) const NAME: &str = "summary.json";

/// Version of the form.
pub(super) const SCHEMA: &str = "shiftstorm/summary/1";

/// All that came of a run. A later version may add keys; it takes none away, and changes what none
/// means, without another number in `schema`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Shiftstorm summary")]
pub struct Summary<'a> {
    #[serde(flatten)]
    pub(super) head: FileHead<ScenarioTitle>,
    /// Of the base; a variant may have its own.
    seed: u64,
    /// Number of the first one.
    pub(super) first_replication: u64,
    /// Planned for each variant; those that were enough, if it ended by its precision.
    replications: u64,
    /// Whether figures are known as well as asked for; null if that was not asked for.
    precise: Option<bool>,
    /// Null unless it was to be found.
    warm_up: Option<FoundWarmUp>,
    /// Null unless one run takes the place of replications.
    batches: Option<BatchesOfRun>,
    /// Of all intervals.
    confidence: f64,
    /// Of verdicts, by figure: smaller differences do not matter.
    #[schemars(with = "BTreeMap<String, DifferenceThreshold>")]
    thresholds: DifferenceThresholds,
    /// Whether the invariants were checked.
    pub(super) checked: bool,
    /// Whether it was run to the end.
    complete: bool,
    /// Whether a replication met a bug.
    pub(super) failed: bool,
    /// What a reader must know besides the figures.
    notes: Vec<String>,
    /// What a page tells besides the figures: the scenario as written and what it asks of staff. For
    /// Shiftstorm itself: its form belongs to the version.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    background: Cow<'a, Background>,
    /// The base first.
    #[schemars(length(min = 1))]
    pub(super) variants: Vec<SummaryVariant<'a>>,
    /// Of all figures.
    definitions: Vec<FigureMeaning>,
}

/// The part of a summary that two reports are compared by; unlike all of it, it can be read of any
/// version.
#[derive(Deserialize)]
pub(super) struct SummaryHead {
    #[serde(flatten)]
    pub(super) head: FileHead,
    #[serde(default)]
    pub(super) thresholds: DifferenceThresholds,
    pub(super) complete: bool,
    pub(super) variants: Vec<SummaryVariantHead>,
}

/// How one run was cut.
#[derive(Serialize, Deserialize, JsonSchema)]
struct BatchesOfRun {
    /// Seconds; null if the run is too short.
    shortest: Option<f64>,
    longest: Option<f64>,
    /// Figures whose intervals are too short.
    doubtful: Vec<String>,
}

/// A warm-up found by MSER-5.
#[derive(Serialize, Deserialize, JsonSchema)]
struct FoundWarmUp {
    seconds: f64,
    /// Whether it ends in the first half of the run.
    settled: bool,
}

/// What a figure means.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Meaning")]
struct FigureMeaning {
    figure: String,
    unit: String,
    kind: FigureKind,
    text: String,
}

impl<'a> Summary<'a> {
    /// That of a report.
    pub fn new(report: &Report<'a>) -> Self {
        let results = report.results;
        let variants = &results.variants;
        let rule = report.rule();
        let of_variant = |of| SummaryVariant::new(&variants[0], of, rule);
        Self {
            head: FileHead::new(SCHEMA, ScenarioTitle::new(report.name, report.question)),
            seed: report.seed(),
            first_replication: report.replications.start,
            replications: results.planned,
            precise: results.precise,
            warm_up: report.warm_up.map(FoundWarmUp::from),
            batches: results.batches.as_ref().map(BatchesOfRun::from),
            confidence: report.confidence,
            thresholds: report.thresholds,
            checked: report.checked,
            complete: !results.interrupted,
            failed: results.failures().next().is_some(),
            notes: notes(report),
            background: Cow::Borrowed(report.background),
            variants: variants.iter().map(of_variant).collect(),
            definitions: FIGURES.iter().map(FigureMeaning::from).collect(),
        }
    }

    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn write(&self, output: impl Write) -> io::Result<()> {
        json_file::write(self, output)
    }

    /// Name of the scenario.
    pub fn name(&self) -> &str {
        &self.head.scenario.name
    }

    /// All that the page and its charts are made of.
    pub(super) fn data(&self) -> ReportData<'_> {
        let series = Vec::from_iter(self.variants.iter().map(|variant| &*variant.series));
        let formats = FigureFormats::new(&series, self.confidence);
        let variants = self.variants.iter().zip(&self.background.variants);
        let variants =
            variants.map(|(variant, particulars)| variant.data(particulars, &formats)).collect();
        ReportData {
            name: self.name(),
            question: &self.head.scenario.question,
            version: &self.head.shiftstorm,
            background: &self.background,
            seed: self.seed,
            replications: self.first_replication..self.first_replication + self.replications,
            batches: self.batches.is_some(),
            checked: self.checked,
            complete: self.complete,
            rule: Rule { confidence: self.confidence, thresholds: self.thresholds },
            notes: self.notes.clone(),
            variants,
        }
    }
}

impl Summary<'static> {
    /// Reads that of a report folder.
    ///
    /// # Errors
    ///
    /// It is not there, is no summary, or one of another version of Shiftstorm, which keeps outcomes
    /// in another form.
    pub fn read(folder: &Path) -> Result<Self, String> {
        read(folder)
    }
}

/// The text of the scenario behind a report folder, if it can be read.
pub fn written_source(folder: &Path) -> Option<String> {
    let summary = Summary::read(folder).ok()?;
    Some(summary.data().background.source.clone())
}

/// Reads what is known of the summary of a report folder.
pub(super) fn read<T: DeserializeOwned>(folder: &Path) -> Result<T, String> {
    json_file::read(&folder.join(NAME), SCHEMA)
}

impl From<&Batches> for BatchesOfRun {
    fn from(batches: &Batches) -> Self {
        let (shortest, longest) = batches.lengths.unzip();
        Self {
            shortest: shortest.map(|length| length.as_secs_f64()),
            longest: longest.map(|length| length.as_secs_f64()),
            doubtful: batches.doubtful.iter().map(|&figure| figure.to_owned()).collect(),
        }
    }
}

impl From<WarmUp> for FoundWarmUp {
    fn from(found: WarmUp) -> Self {
        Self { seconds: found.length.as_secs_f64(), settled: found.is_settled }
    }
}

impl From<&Definition> for FigureMeaning {
    fn from(figure: &Definition) -> Self {
        Self {
            figure: figure.name.to_owned(),
            unit: figure.unit.name().to_owned(),
            kind: figure.kind,
            text: figure.text.to_owned(),
        }
    }
}
