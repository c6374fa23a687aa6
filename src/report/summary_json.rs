//! `summary.json`: every figure with its definition, and the outcomes they come from.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::experiment::VariantResults;
use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{FIGURES, FigureKind};
use crate::ledger::objectives::{DifferenceThreshold, DifferenceThresholds};

use super::Background;
use super::file_names::SCHEMA;
use super::fingerprint::fingerprint;
use super::notes::{narrowed_by, notes};
use super::report_data::Report;
use super::wording::{UNCLEAR, words};

/// Writes `summary.json`.
///
/// # Errors
///
/// Those of the output.
pub fn summary(report: &Report<'_>, mut output: impl Write) -> io::Result<()> {
    let variants = &report.results.variants;
    let variants: Result<Vec<_>, _> =
        variants.iter().map(|results| variant(&variants[0], results, report.rule())).collect();
    let summary = SummaryJson {
        schema: SCHEMA,
        shiftstorm: env!("CARGO_PKG_VERSION"),
        scenario: ScenarioJson { name: report.name, question: report.question },
        seed: report.seed(),
        first_replication: report.replications.start,
        replications: report.results.planned,
        precise: report.results.precise,
        warm_up: report.warm_up.map(|found| WarmUpJson {
            seconds: found.length.as_secs_f64(),
            settled: found.is_settled,
        }),
        batches: report.results.batches.as_ref().map(|batches| BatchesJson {
            shortest: batches.lengths.map(|(shortest, _)| shortest.as_secs_f64()),
            longest: batches.lengths.map(|(_, longest)| longest.as_secs_f64()),
            doubtful: &batches.doubtful,
        }),
        confidence: report.confidence,
        thresholds: report.thresholds,
        checked: report.checked,
        complete: !report.results.interrupted,
        failed: report.results.failures().next().is_some(),
        notes: notes(report),
        background: report.background,
        variants: variants?,
        definitions: FIGURES
            .iter()
            .map(|figure| DefinitionJson {
                figure: figure.name,
                unit: figure.unit.name(),
                kind: figure.kind,
                text: figure.text,
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut output, &summary)?;
    output.write_all(b"\n")
}

/// All that came of a run. A later version may add keys; it takes none away, and changes what none
/// means, without another number in `schema`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Shiftstorm summary")]
pub(super) struct SummaryJson<'a> {
    /// Version of this form.
    #[schemars(extend("const" = SCHEMA))]
    schema: &'static str,
    /// Version of Shiftstorm that wrote it.
    shiftstorm: &'static str,
    scenario: ScenarioJson<'a>,
    /// Of the base; a variant may have its own.
    seed: u64,
    /// Number of the first one.
    first_replication: u64,
    /// Planned for each variant; those that were enough, if it ended by its precision.
    replications: u64,
    /// Whether figures are known as well as asked for; null if that was not asked for.
    precise: Option<bool>,
    /// Null unless it was to be found.
    warm_up: Option<WarmUpJson>,
    /// Null unless one run takes the place of replications.
    batches: Option<BatchesJson<'a>>,
    /// Of all intervals.
    confidence: f64,
    /// Of verdicts, by figure: smaller differences do not matter.
    #[schemars(with = "BTreeMap<String, DifferenceThreshold>")]
    thresholds: DifferenceThresholds,
    /// Whether the invariants were checked.
    checked: bool,
    /// Whether it was run to the end.
    complete: bool,
    /// Whether a replication met a bug.
    failed: bool,
    /// What a reader must know besides the figures.
    notes: Vec<String>,
    /// What a page tells besides the figures: the scenario as written and what it asks of staff. For
    /// Shiftstorm itself: its form belongs to the version.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    background: &'a Background,
    /// The base first.
    #[schemars(length(min = 1))]
    variants: Vec<VariantJson<'a>>,
    /// Of all figures.
    definitions: Vec<DefinitionJson>,
}

/// How one run was cut.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BatchesOfRun")]
struct BatchesJson<'a> {
    /// Seconds; null if the run is too short.
    shortest: Option<f64>,
    longest: Option<f64>,
    /// Figures whose intervals are too short.
    doubtful: &'a [&'static str],
}

/// A warm-up found by MSER-5.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FoundWarmUp")]
struct WarmUpJson {
    seconds: f64,
    /// Whether it ends in the first half of the run.
    settled: bool,
}

/// What was run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Scenario")]
struct ScenarioJson<'a> {
    name: &'a str,
    /// May be empty.
    question: &'a str,
}

/// A variant and what came of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Variant")]
struct VariantJson<'a> {
    name: &'a str,
    seed: u64,
    /// Tells whether two variants have the same settings, seed included.
    plan: String,
    /// Replications that the figures come from.
    replications: u64,
    /// How many consumers are expected to arrive, if figures are adjusted by it.
    expected_arrivals: Option<f64>,
    /// Replications that met a bug and are left out.
    failures: Vec<FailureJson>,
    figures: FiguresJson<'a>,
    /// Less the base, replication by replication; empty for the base itself.
    against_base: DifferencesJson<'a>,
    /// What replications leave of each figure, on one line, for Shiftstorm itself: its form belongs
    /// to the version.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    series: Box<RawValue>,
    /// All counts and histograms, on one line, for Shiftstorm itself: its form belongs to the
    /// version. Null if no replication ended well.
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    outcome: Option<Box<RawValue>>,
}

/// A replication that met a bug.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Failed")]
struct FailureJson {
    replication: u64,
    message: String,
}

/// What a figure means.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Meaning")]
struct DefinitionJson {
    figure: &'static str,
    unit: &'static str,
    kind: FigureKind,
    text: &'static str,
}

/// By name, in the order of the definitions.
pub(super) struct FiguresJson<'a> {
    results: &'a VariantResults,
    confidence: f64,
}

/// A figure.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Value")]
pub(super) struct FigureJson {
    /// Of all replications taken together; a count as their sum.
    pooled: Option<f64>,
    /// What the interval is about: of a ratio that of the sums, otherwise the mean over
    /// replications.
    estimate: Option<f64>,
    standard_error: Option<f64>,
    /// Of the interval at the confidence of the report.
    half_width: Option<f64>,
    /// How many replications, or batches of one, that comes from.
    replications: u64,
    /// Mean of the values that replications have by themselves.
    mean: Option<f64>,
    /// Of an adjusted figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    unadjusted: Option<UnadjustedJson>,
}

/// A figure before it was adjusted for the number of arrivals.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Unadjusted")]
struct UnadjustedJson {
    estimate: f64,
    standard_error: Option<f64>,
    half_width: Option<f64>,
    /// The part of the interval that the adjustment takes away.
    narrowed_by: f64,
}

impl Serialize for FiguresJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { results, confidence } = *self;
        serializer.collect_map(FIGURES.iter().map(|figure| {
            let estimate = results.estimate(figure);
            let unadjusted = narrowed_by(results, figure, confidence).and_then(|narrowed_by| {
                let estimate = results.unadjusted(figure)?;
                Some(UnadjustedJson {
                    estimate: estimate.value,
                    standard_error: estimate.standard_error,
                    half_width: estimate.half_width(confidence),
                    narrowed_by,
                })
            });
            let value = FigureJson {
                pooled: results.pooled(figure),
                estimate: estimate.map(|estimate| estimate.value),
                standard_error: estimate.and_then(|estimate| estimate.standard_error),
                half_width: estimate.and_then(|estimate| estimate.half_width(confidence)),
                replications: estimate.map_or(0, |estimate| estimate.replications),
                mean: results.sample(figure).mean(),
                unadjusted,
            };
            (figure.name, value)
        }))
    }
}

/// By name, in the order of the definitions, as far as there is a difference to speak of.
pub(super) struct DifferencesJson<'a> {
    base: &'a VariantResults,
    results: &'a VariantResults,
    rule: Rule,
}

impl Serialize for DifferencesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let judged = self.rule.judge(&self.base.series, &self.results.series);
        serializer.collect_map(FIGURES.iter().filter_map(|figure| {
            let difference = self.results.against_base(figure)?;
            let verdict = judged.iter().find(|judged| judged.figure.name == figure.name);
            let verdict = verdict.map(|judged| (judged.verdict, judged.threshold));
            Some((figure.name, DifferenceJson::new(&difference, verdict, self.rule.confidence)))
        }))
    }
}

fn variant<'a>(
    base: &'a VariantResults,
    results: &'a VariantResults,
    rule: Rule,
) -> io::Result<VariantJson<'a>> {
    let outcome = results.pooled.as_deref();
    let saved = outcome.map(serde_json::to_string).transpose()?;
    let series = serde_json::to_string(&results.series)?;
    Ok(VariantJson {
        name: &results.name,
        seed: results.plan.run.seed,
        plan: fingerprint(&results.plan),
        replications: outcome.map_or(0, |outcome| outcome.replications),
        expected_arrivals: results.series.expected_arrivals(),
        failures: results
            .failures
            .iter()
            .map(|failure| FailureJson {
                replication: failure.replication,
                message: failure.to_string(),
            })
            .collect(),
        figures: FiguresJson { results, confidence: rule.confidence },
        against_base: DifferencesJson { base, results, rule },
        series: RawValue::from_string(series)?,
        outcome: saved.map(RawValue::from_string).transpose()?,
    })
}

/// A difference as it stands in JSON.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Difference")]
pub(super) struct DifferenceJson {
    pub(super) difference: f64,
    pub(super) standard_error: Option<f64>,
    pub(super) half_width: Option<f64>,
    /// How many that comes from.
    pub(super) replications: u64,
    /// Of figures with a good and a bad direction.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = [words(&ComparisonVerdict::Better), words(&ComparisonVerdict::Worse), words(&ComparisonVerdict::Same), words(&UNCLEAR)]))]
    pub(super) verdict: Option<&'static str>,
    /// A smaller difference does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) matters_from: Option<f64>,
    /// About so many replications would tell, if it is unclear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replications_to_tell: Option<u64>,
}

impl DifferenceJson {
    /// `verdict` comes with the smallest difference that matters.
    pub(super) fn new(
        estimate: &Estimate,
        verdict: Option<(ComparisonVerdict, f64)>,
        confidence: f64,
    ) -> Self {
        let (verdict, matters_from) = verdict.unzip();
        let replications_to_tell = match verdict {
            Some(ComparisonVerdict::Unclear { replications }) => replications,
            _ => None,
        };
        Self {
            difference: estimate.value,
            standard_error: estimate.standard_error,
            half_width: estimate.half_width(confidence),
            replications: estimate.replications,
            verdict: verdict.as_ref().map(words),
            matters_from,
            replications_to_tell,
        }
    }
}
