//! `backcast.json`.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::report::json_file::{FileHead, ScenarioName};

use super::backcast_report::BackcastReport;
use super::figure_names::{kind_of_part, name_of, part};

/// Version of this form.
pub(super) const SCHEMA: &str = "shiftstorm.backcast/1";

/// What stands in `backcast.json`.
#[derive(Serialize)]
pub(super) struct SavedBackcast {
    #[serde(flatten)]
    head: FileHead,
    #[serde(flatten)]
    found: Json,
}

pub(super) fn saved(report: &BackcastReport<'_>) -> SavedBackcast {
    let results = report.results;
    let powers = results
        .powers
        .iter()
        .map(|it| json!({ "wrong": it.wrong, "power": it.power, "replications": it.replications }));
    let volumes = results.volumes.map(|test| {
        json!({
            "days": test.days,
            "conversations": test.count,
            "expected": test.expected,
            "dispersion": test.dispersion,
            "probability": test.probability,
        })
    });
    let trial = results.trial.as_ref().map(|trial| {
        json!({
            "parameter": trial.parameter,
            "probability": trial.probability,
            "fits": trial.fits,
        })
    });
    let culprit = results.trial.as_ref().filter(|trial| trial.fits).map(|trial| &trial.parameter);
    let name = ScenarioName { name: report.name.to_owned() };
    SavedBackcast {
        head: FileHead::new(SCHEMA, name),
        found: json!({
            "variant": report.variant,
            "seed": report.seed,
            "verdict": report.word(),
            "probability": results.envelope.probability,
            "error": results.envelope.error,
            "replications": report.replications(),
            "days": report.days(),
            "parameters_drawn": report.are_parameters_drawn,
            "arrivals": if report.are_arrivals_drawn { "scenario" } else { "log" },
            "roster": if report.is_roster_planned { "plan" } else { "presence" },
            "culprit": culprit,
            "put_in": trial,
            "power": powers.collect::<Vec<_>>(),
            "volumes": volumes,
            "parameters": parameters(report),
            "figures": figures(report),
            "long_gap_seconds": results.figures.long_gap,
            "notes": report.notes,
        }),
    }
}

fn figures(report: &BackcastReport<'_>) -> Vec<Json> {
    let figures = report.rows().into_iter().map(|row| {
        json!({
            "part": kind_of_part(row.figure.part),
            "of": part(row.figure.part, report.skills),
            "figure": name_of(row.figure.kind).name,
            "unit": row.unit().name(),
            "measured": row.measured,
            "mean": row.mean,
            "low": row.low,
            "high": row.high,
            "inside": row.is_inside(),
            "rank": row.rank(),
            "replications_below": row.below,
            "replications_alike": row.alike,
            "mean_with_suspect": row.with_suspect,
        })
    });
    figures.collect()
}

fn parameters(report: &BackcastReport<'_>) -> Vec<Json> {
    let parameters = report.results.parameters.iter().map(|it| {
        json!({
            "parameter": it.parameter,
            "name": it.name,
            "unit": if it.is_share { "share" } else { "seconds" },
            "in_scenario": finite(it.in_scenario),
            "in_log": finite(it.in_log),
            "low": finite(it.low),
            "high": finite(it.high),
            "probability": it.probability,
        })
    });
    parameters.collect()
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
