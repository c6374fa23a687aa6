//! All that a page is made of, whether it was just run or comes from a saved report.

use serde::{Deserialize, Serialize};

use crate::base::time::Span;
use crate::experiment::compare::Rule;
use crate::experiment::interval::AllSeries;
use crate::ledger::outcome::Outcome;
use crate::scenario::required::{Required, required};
use crate::scenario::vary::Vary;
use crate::scenario::{Scenario, Setting, Variant};

use super::Report;
use super::notes::notes;

/// What a page tells besides the figures. It is saved beside them, so that the same page can be made
/// again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Background {
    /// The centre behind the scenario, as its author puts it.
    pub description: String,
    /// The scenario as written.
    pub source: String,
    /// Keys that were set from outside.
    pub settings: Vec<String>,
    /// The keys of a sweep, of which the variants are all choices of values; none of an ordinary run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub varies: Vec<Vary>,
    /// What is particular to each variant.
    pub variants: Vec<Particulars>,
}

/// What is particular to a variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Particulars {
    /// Clock time at which the run starts, since midnight.
    pub starts_at: Span,
    /// The staffing that a formula asks for.
    pub required: Required,
}

impl Background {
    /// That of a scenario of which these variants are run.
    pub fn new(scenario: &Scenario, settings: &[Setting], variants: &[Variant]) -> Self {
        let particulars = |variant: &Variant| Particulars {
            starts_at: variant.plan.run.starts_at,
            required: required(&variant.plan),
        };
        Self {
            description: scenario.description.clone(),
            source: scenario.source.clone(),
            settings: settings.iter().map(Setting::text).collect(),
            varies: Vec::new(),
            variants: variants.iter().map(particulars).collect(),
        }
    }
}

/// All that a page is made of.
pub(super) struct Material<'a> {
    /// Name of the scenario.
    pub(super) name: &'a str,
    /// The question it answers; may be empty.
    pub(super) question: &'a str,
    /// The version that ran it.
    pub(super) version: &'a str,
    /// What it tells besides the figures.
    pub(super) background: &'a Background,
    /// Seed of the base.
    pub(super) seed: u64,
    /// The first replication, and how many were planned.
    pub(super) replications: (u64, u64),
    /// Whether each variant was run once, and that run cut into batches.
    pub(super) batches: bool,
    /// Whether the invariants were checked.
    pub(super) checked: bool,
    /// Whether it was run to the end.
    pub(super) complete: bool,
    /// What decides whether a difference matters.
    pub(super) rule: Rule,
    /// What a reader must know besides the figures.
    pub(super) notes: Vec<String>,
    /// The variants, the base first.
    pub(super) variants: Vec<Case<'a>>,
}

/// A variant and what came of it.
pub(super) struct Case<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its seed.
    pub(super) seed: u64,
    /// All replications that ended well; none if none did.
    pub(super) outcome: Option<&'a Outcome>,
    /// Every figure over those replications.
    pub(super) series: &'a AllSeries,
    /// What is particular to it.
    pub(super) particulars: &'a Particulars,
    /// What went wrong, replication by replication.
    pub(super) failures: Vec<String>,
}

impl<'a> Material<'a> {
    /// That of a report that was just run.
    pub(super) fn new(report: &Report<'a>) -> Self {
        let results = report.results;
        let cases = results.variants.iter().zip(&report.background.variants);
        let cases = cases.map(|(variant, particulars)| Case {
            name: &variant.name,
            seed: variant.plan.run.seed,
            outcome: variant.pooled.as_deref(),
            series: &variant.series,
            particulars,
            failures: variant.failures.iter().map(ToString::to_string).collect(),
        });
        Self {
            name: report.name,
            question: report.question,
            version: env!("CARGO_PKG_VERSION"),
            background: report.background,
            seed: report.seed(),
            replications: (report.replications.start, results.planned),
            batches: results.batches.is_some(),
            checked: report.checked,
            complete: !results.interrupted,
            rule: report.rule(),
            notes: notes(report),
            variants: cases.collect(),
        }
    }

    /// Confidence of all intervals.
    pub(super) fn confidence(&self) -> f64 {
        self.rule.confidence
    }
}
