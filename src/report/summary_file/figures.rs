//! Figures in `summary.json`: their values, and their differences to those of the base.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use crate::experiment::VariantResults;
use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, FIGURES};
use crate::report::wording::{UNCLEAR, words};

/// Something of figures, by name in the order of the definitions; not of all if there is nothing to
/// speak of.
#[derive(Deserialize)]
#[serde(from = "BTreeMap<String, T>")]
pub(in crate::report) struct ByFigure<T>(Vec<(&'static str, T)>);

/// A figure.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Value")]
pub(in crate::report) struct FigureValue {
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
    /// Of a corrected figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    unadjusted: Option<UnadjustedFigure>,
}

/// A figure before it was corrected to the expected number of arrivals.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Unadjusted")]
struct UnadjustedFigure {
    estimate: f64,
    standard_error: Option<f64>,
    half_width: Option<f64>,
    /// The part of the interval that the correction takes away; below 0 if it makes it longer.
    narrowed_by: f64,
}

/// A difference as it stands in JSON.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Difference")]
pub(in crate::report) struct FigureDifference {
    difference: f64,
    standard_error: Option<f64>,
    half_width: Option<f64>,
    /// How many that comes from.
    replications: u64,
    /// Of figures with a good and a bad direction.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = [words(&ComparisonVerdict::Better), words(&ComparisonVerdict::Worse), words(&ComparisonVerdict::Same), words(&UNCLEAR)]))]
    verdict: Option<String>,
    /// A smaller difference does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    matters_from: Option<f64>,
    /// About so many replications would tell, if it is unclear.
    #[serde(skip_serializing_if = "Option::is_none")]
    replications_to_tell: Option<u64>,
}

impl<T> ByFigure<T> {
    /// What there is of each figure.
    pub(in crate::report) fn of_all(mut of: impl FnMut(&'static Definition) -> Option<T>) -> Self {
        Self(FIGURES.iter().filter_map(|figure| Some((figure.name, of(figure)?))).collect())
    }
}

impl<T: Serialize> Serialize for ByFigure<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// A figure that this version does not know is left out.
impl<T> From<BTreeMap<String, T>> for ByFigure<T> {
    fn from(mut named: BTreeMap<String, T>) -> Self {
        Self::of_all(|figure| named.remove(figure.name))
    }
}

impl FigureValue {
    pub(super) fn new(results: &VariantResults, figure: &Definition, confidence: f64) -> Self {
        let estimate = results.estimate(figure);
        let corrected = estimate.filter(|_| results.series.corrects(figure));
        let unadjusted = corrected.and_then(|corrected| {
            let simulated = results.as_simulated(figure)?;
            let [half, before] = [corrected, simulated].map(|it| it.half_width(confidence));
            Some(UnadjustedFigure {
                estimate: simulated.value,
                standard_error: simulated.standard_error,
                half_width: before,
                narrowed_by: 1.0 - half? / before.filter(|&before| before > 0.0)?,
            })
        });
        Self {
            pooled: results.pooled(figure),
            estimate: estimate.map(|estimate| estimate.value),
            standard_error: estimate.and_then(|estimate| estimate.standard_error),
            half_width: estimate.and_then(|estimate| estimate.half_width(confidence)),
            replications: estimate.map_or(0, |estimate| estimate.replications),
            mean: results.sample(figure).mean(),
            unadjusted,
        }
    }
}

impl FigureDifference {
    /// `verdict` comes with the smallest difference that matters.
    pub(in crate::report) fn new(
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
            verdict: verdict.map(|verdict| words(&verdict).to_owned()),
            matters_from,
            replications_to_tell,
        }
    }

    /// Those of a variant to the base, as far as there is a difference to speak of.
    pub(super) fn against_base(
        base: &VariantResults,
        results: &VariantResults,
        rule: Rule,
    ) -> ByFigure<Self> {
        let judged = rule.judge(&base.series, &results.series);
        ByFigure::of_all(|figure| {
            let difference = results.against_base(figure)?;
            let verdict = judged.iter().find(|judged| judged.figure.name == figure.name);
            let verdict = verdict.map(|judged| (judged.verdict, judged.threshold));
            Some(Self::new(&difference, verdict, rule.confidence))
        })
    }
}
