//! The validation as JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::experiment::interval::{CONFIDENCE, Estimate};
use crate::experiment::validate::{Exact, JudgedFigure, SeedRun, Validated, ValidationFigure};
use crate::report::json_file;

use super::{tally, verdict};

/// Version of the form.
const SCHEMA: &str = "shiftstorm/validation/1";

/// Writes everything that is known of each figure, over all seeds and with each by itself.
///
/// # Errors
///
/// Those of the output.
pub fn json(cases: &[Validated], output: impl Write) -> io::Result<()> {
    let (figures, agreeing) = tally(cases);
    let validation = ValidationJson {
        schema: SCHEMA,
        shiftstorm: env!("CARGO_PKG_VERSION"),
        confidence: CONFIDENCE,
        figures,
        agreeing,
        cases: cases.iter().map(CaseJson::new).collect(),
    };
    json_file::write(&validation, output)
}

#[derive(Serialize)]
struct ValidationJson<'a> {
    schema: &'static str,
    shiftstorm: &'static str,
    /// Of all intervals.
    confidence: f64,
    figures: usize,
    agreeing: usize,
    cases: Vec<CaseJson<'a>>,
}

#[derive(Serialize)]
struct CaseJson<'a> {
    case: &'static str,
    theory: &'static str,
    scenario: &'a str,
    file: &'static str,
    /// Null if all variants are run.
    variant: Option<&'a str>,
    /// Messages of replications that met a bug.
    failures: Vec<String>,
    figures: Vec<FigureRowJson>,
}

#[derive(Serialize)]
struct FigureRowJson {
    figure: &'static str,
    /// Null if only bounds are known.
    exact: Option<f64>,
    /// Of a value that is known from another simulator only.
    exact_standard_error: Option<f64>,
    at_least: Option<f64>,
    at_most: Option<f64>,
    /// Above it the verdict is vague; null if there are bounds.
    largest_standard_error: Option<f64>,
    #[serde(flatten)]
    all: EstimateJson,
    verdict: &'static str,
    seeds: Vec<SeedJson>,
}

#[derive(Serialize)]
struct SeedJson {
    seed: u64,
    #[serde(flatten)]
    value: EstimateJson,
    verdict: &'static str,
}

#[derive(Serialize)]
struct EstimateJson {
    estimate: Option<f64>,
    standard_error: Option<f64>,
    /// Of the interval.
    low: Option<f64>,
    high: Option<f64>,
    standard_errors_off: Option<f64>,
    replications: u64,
}

impl<'a> CaseJson<'a> {
    fn new(validated: &'a Validated) -> Self {
        let figures = validated.figures.iter().enumerate();
        Self {
            case: validated.case.name,
            theory: validated.case.theory,
            scenario: &validated.scenario,
            file: validated.case.file.path,
            variant: validated.variant.as_deref(),
            failures: validated.failures().map(ToString::to_string).collect(),
            figures: figures
                .map(|(at, judged)| FigureRowJson::new(judged, at, &validated.trials))
                .collect(),
        }
    }
}

impl FigureRowJson {
    fn new(judged: &JudgedFigure, position: usize, trials: &[SeedRun]) -> Self {
        let figure = &judged.figure;
        let (at_least, at_most) = match figure.exact {
            Exact::Within(low, high) => (known(low), known(high)),
            _ => (None, None),
        };
        let exact_standard_error = match figure.exact {
            Exact::Simulated { standard_error, .. } => Some(standard_error),
            _ => None,
        };
        let seeds = trials.iter().filter_map(|trial| {
            let estimate = trial.estimates.as_ref().ok()?.get(position)?;
            Some(SeedJson {
                seed: trial.seed,
                value: EstimateJson::new(figure, estimate),
                verdict: verdict(figure.exact.verdict(estimate)),
            })
        });
        Self {
            figure: figure.name,
            exact: figure.exact.value(),
            exact_standard_error,
            at_least,
            at_most,
            largest_standard_error: figure.exact.largest_standard_error(),
            all: EstimateJson::new(figure, &judged.estimate),
            verdict: verdict(judged.verdict),
            seeds: seeds.collect(),
        }
    }
}

impl EstimateJson {
    fn new(figure: &ValidationFigure, estimate: &Estimate) -> Self {
        let half = estimate.half_width(CONFIDENCE);
        Self {
            estimate: known(estimate.value),
            standard_error: estimate.standard_error.and_then(known),
            low: half.and_then(|half| known(estimate.value - half)),
            high: half.and_then(|half| known(estimate.value + half)),
            standard_errors_off: figure.exact.standard_errors_off(estimate).and_then(known),
            replications: estimate.replications,
        }
    }
}

/// JSON knows neither infinity nor what is not a number.
fn known(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
