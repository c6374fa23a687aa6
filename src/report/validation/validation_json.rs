//! The validation as JSON.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use crate::experiment::interval::{CONFIDENCE, Estimate};
use crate::experiment::validate::{Exact, JudgedFigure, SeedRun, Validated, ValidationVerdict};
use crate::report::json_file::{self, VERSION};

use super::{tally, verdict};

/// Writes everything that is known of each figure, over all seeds and with each by itself.
///
/// # Errors
///
/// Those of the output.
pub fn json(cases: &[Validated], output: impl Write) -> io::Result<()> {
    let (figures, agreeing) = tally(cases);
    let validation = json!({
        "schema": "shiftstorm/validation/1",
        "shiftstorm": VERSION,
        // Of all intervals.
        "confidence": CONFIDENCE,
        "figures": figures,
        "agreeing": agreeing,
        "cases": Vec::from_iter(cases.iter().map(case)),
    });
    json_file::write(&validation, output)
}

fn case(validated: &Validated) -> Json {
    let figures = validated.figures.iter().enumerate();
    let figures = figures.map(|(at, judged)| figure(judged, at, &validated.trials));
    json!({
        "case": validated.case.name,
        "theory": validated.case.theory,
        "scenario": validated.scenario,
        "file": validated.case.file.path,
        // Null if all variants are run.
        "variant": validated.variant,
        // Messages of replications that met a bug.
        "failures": Vec::from_iter(validated.failures().map(ToString::to_string)),
        "figures": Vec::from_iter(figures),
    })
}

/// Numbers that are not finite are null.
fn figure(judged: &JudgedFigure, position: usize, trials: &[SeedRun]) -> Json {
    let exact = judged.figure.exact;
    let (at_least, at_most) = match exact {
        Exact::Within(low, high) => (Some(low), Some(high)),
        _ => (None, None),
    };
    let standard_error = match exact {
        Exact::Simulated { standard_error, .. } => Some(standard_error),
        _ => None,
    };
    let seeds = trials.iter().filter_map(|trial| {
        let found = trial.estimates.as_ref().ok()?.get(position)?;
        let mut seed = estimate(exact, found, exact.verdict(found));
        seed["seed"] = trial.seed.into();
        Some(seed)
    });
    let mut all = estimate(exact, &judged.estimate, judged.verdict);
    all["figure"] = judged.figure.name.into();
    // Null if only bounds are known.
    all["exact"] = exact.value().into();
    // Of a value that is known from another simulator only.
    all["exact_standard_error"] = standard_error.into();
    all["at_least"] = at_least.into();
    all["at_most"] = at_most.into();
    // Above it the verdict is vague; null if there are bounds.
    all["largest_standard_error"] = exact.largest_standard_error().into();
    all["seeds"] = seeds.collect();
    all
}

fn estimate(exact: Exact, found: &Estimate, judged: ValidationVerdict) -> Json {
    let half = found.half_width(CONFIDENCE);
    json!({
        "estimate": found.value,
        "standard_error": found.standard_error,
        // Of the interval.
        "low": half.map(|half| found.value - half),
        "high": half.map(|half| found.value + half),
        "standard_errors_off": exact.standard_errors_off(found),
        "replications": found.replications,
        "verdict": verdict(judged),
    })
}
