//! A variant in `summary.json`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};

use crate::experiment::VariantResults;
use crate::experiment::compare::Rule;
use crate::experiment::interval::AllSeries;
use crate::ledger::outcome::Outcome;
use crate::report::figure_format::FigureFormats;
use crate::report::fingerprint::fingerprint;
use crate::report::report_data::{Particulars, VariantData};
use crate::simulation::Failure;

use super::figures::{ByFigure, FigureDifference, FigureValue};

/// A variant and what came of it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Variant")]
pub(in crate::report) struct SummaryVariant<'a> {
    #[serde(flatten)]
    pub(in crate::report) head: SummaryVariantHead,
    /// Replications that met a bug and are left out.
    failures: Vec<FailedReplication>,
    figures: ByFigure<FigureValue>,
    /// Less the base, replication by replication; empty for the base itself.
    against_base: ByFigure<FigureDifference>,
    /// What replications leave of each figure, on one line, for Shiftstorm itself: its form belongs
    /// to the version.
    #[serde(serialize_with = "on_one_line")]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) series: Cow<'a, AllSeries>,
    /// All counts and histograms, on one line, for Shiftstorm itself: its form belongs to the
    /// version. Null if no replication ended well.
    #[serde(serialize_with = "on_one_line")]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub(in crate::report) outcome: Option<Cow<'a, Outcome>>,
}

/// Which variant, and how often it was run.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(in crate::report) struct SummaryVariantHead {
    pub(in crate::report) name: String,
    pub(in crate::report) seed: u64,
    /// Tells whether two variants have the same settings, seed included.
    pub(in crate::report) plan: String,
    /// Replications that the figures come from.
    pub(in crate::report) replications: u64,
    /// How many consumers are expected to arrive, if figures are corrected to it.
    pub(in crate::report) expected_arrivals: Option<f64>,
}

/// A replication that met a bug.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Failed")]
struct FailedReplication {
    replication: u64,
    message: String,
}

impl<'a> SummaryVariant<'a> {
    pub(super) fn new(base: &VariantResults, results: &'a VariantResults, rule: Rule) -> Self {
        let outcome = results.pooled.as_deref();
        Self {
            head: SummaryVariantHead {
                name: results.name.clone(),
                seed: results.plan.run.seed,
                plan: fingerprint(&results.plan),
                replications: outcome.map_or(0, |outcome| outcome.replications),
                expected_arrivals: results.series.expected_arrivals(),
            },
            failures: results.failures.iter().map(FailedReplication::from).collect(),
            figures: ByFigure::of_all(|figure| {
                Some(FigureValue::new(results, figure, rule.confidence))
            }),
            against_base: FigureDifference::against_base(base, results, rule),
            series: Cow::Borrowed(&results.series),
            outcome: outcome.map(Cow::Borrowed),
        }
    }

    /// What a page is made of.
    pub(super) fn data<'b>(
        &'b self,
        particulars: &'b Particulars,
        formats: &FigureFormats,
    ) -> VariantData<'b> {
        VariantData {
            name: &self.head.name,
            seed: self.head.seed,
            outcome: self.outcome.as_deref(),
            series: &self.series,
            formats: formats.clone(),
            particulars,
            failures: self.failures.iter().map(|failed| failed.message.clone()).collect(),
        }
    }
}

impl From<&Failure> for FailedReplication {
    fn from(failure: &Failure) -> Self {
        Self { replication: failure.replication, message: failure.to_string() }
    }
}

/// Without the breaks of the rest of the file: nobody reads it.
fn on_one_line<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::value::to_raw_value(value).map_err(S::Error::custom)?.serialize(serializer)
}
