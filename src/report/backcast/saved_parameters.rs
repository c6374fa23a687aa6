//! Estimates of a fit, as they stand in `fit.json`, for replications to draw from.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::estimation::{ConfidenceInterval, Estimated, LawForm, Maximum, SymmetricMatrix};
use crate::fitting::{
    FittedInterruptions, FittedLaw, FittedParameters, FittedPatience, FittedWork, ValueWithError,
    family_of_word,
};
use crate::report::fitted::FIT_SCHEMA;

/// The file beside a fitted scenario.
pub const FIT_FILE: &str = "fit.json";

/// The estimates beside a scenario; none if there are none. What a fit does not know is left out.
///
/// # Errors
///
/// The file is there, and is no fit; says what is wrong with it.
pub fn saved_parameters(scenario: &Path) -> Result<Option<FittedParameters>, String> {
    let path = scenario.with_file_name(FIT_FILE);
    if !path.exists() {
        return Ok(None);
    }
    let shown = path.display();
    let text = fs::read(&path).map_err(|error| format!("cannot read `{shown}`: {error}"))?;
    let fit: Json = serde_json::from_slice(&text)
        .map_err(|error| format!("`{shown}` holds no estimates: {error}"))?;
    match fit["schema"].as_str() {
        Some(FIT_SCHEMA) => Ok(Some(parameters(&fit))),
        other => Err(format!(
            "`{shown}` holds no estimates: its form is {}, not {FIT_SCHEMA}; --fixed does without",
            other.unwrap_or("not told")
        )),
    }
}

fn parameters(fit: &Json) -> FittedParameters {
    let work = fit["work"].as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(|work| {
        let mean = ValueWithError::logarithm(&estimated(&work["mean_seconds"])?);
        Some(FittedWork { skill: work["skill"].as_str()?.to_owned(), mean, law: None })
    });
    let last_answer = estimated(&fit["turns"]["form"]["geometric"]);
    let think = Some(&fit["think"]).filter(|think| think["fits"] == true);
    FittedParameters {
        patience: patience(fit),
        work: work.collect(),
        interruptions: interruptions(&fit["interruptions"]),
        think: think.and_then(|think| fitted_law(&think["fit"]["fits"][0])),
        last_answer: last_answer.map(|share| ValueWithError::log_odds(&share)),
        conversations: fit["conversations"].as_u64().unwrap_or(0),
    }
}

/// As the fitted scenario has it.
fn patience(fit: &Json) -> Option<FittedPatience> {
    let silent = &fit["silent"]["finding"];
    if silent["may_be_none"] == false {
        return Some(FittedPatience::Silent(fitted_law(silent)?));
    }
    let fitted = fitted_law(&fit["patience"]["finding"]["fitted"]["fits"][0]);
    fitted.map(FittedPatience::Law).or_else(|| {
        let rough = estimated(&fit["rough_patience_seconds"])?;
        Some(FittedPatience::Rough(ValueWithError::logarithm(&rough)))
    })
}

fn interruptions(found: &Json) -> Option<FittedInterruptions> {
    let family = family_of_word(found["work_family"].as_str()?)?;
    Some(FittedInterruptions {
        maximum: maximum(&found["maximum"])?,
        work: LawForm::plain(family),
        gain: found["log_likelihood_gain"].as_f64()?,
        is_told_apart: found["told_apart"].as_bool()?,
    })
}

fn fitted_law(found: &Json) -> Option<FittedLaw> {
    let family = family_of_word(found["family"].as_str()?)?;
    let has_share_at_once = found["share_at_once"].as_bool()?;
    let form = LawForm { family, has_share_at_once };
    let maximum = maximum(&found["maximum"])?;
    let is_whole = maximum.parameters.len() >= form.parameters().len();
    is_whole.then_some(FittedLaw { form, maximum })
}

fn maximum(found: &Json) -> Option<Maximum> {
    let numbers =
        |list: &Json| list.as_array()?.iter().map(Json::as_f64).collect::<Option<Vec<_>>>();
    let parameters = numbers(&found["parameters"])?;
    let rows = found["covariance"].as_array()?.iter().map(numbers);
    let rows = rows.collect::<Option<Vec<_>>>()?;
    let is_square =
        rows.len() == parameters.len() && rows.iter().all(|row| row.len() == rows.len());
    let covariance =
        is_square.then(|| SymmetricMatrix::from_entries(rows.len(), |i, j| rows[i][j]))?;
    let log_likelihood = found["log_likelihood"].as_f64()?;
    Some(Maximum { parameters, log_likelihood, covariance })
}

fn estimated(found: &Json) -> Option<Estimated> {
    let [value, low, high] = ["value", "low", "high"].map(|part| found[part].as_f64());
    let interval = ConfidenceInterval { low: low?, high: high? };
    Some(Estimated { value: value?, interval, observations: found["n"].as_u64()? })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn estimates_are_read_again_and_what_is_missing_is_left_out() {
        let maximum =
            json!({ "parameters": [5.0], "log_likelihood": -3.0, "covariance": [[0.01]] });
        let fit = json!({
            "conversations": 40,
            "work": [{ "skill": "chat", "mean_seconds": { "value": 60.0, "low": 50.0, "high": 72.0, "n": 9 } }],
            "think": { "fits": false },
            "patience": { "finding": { "fitted": { "fits": [
                { "family": "Exponential", "share_at_once": false, "maximum": maximum }
            ] } } },
            "turns": { "form": { "fixed": 3 } },
        });
        let found = parameters(&fit);
        let Some(FittedPatience::Law(law)) = &found.patience else { panic!("{found:?}") };
        assert!((law.law().mean() - libm::exp(5.0)).abs() < 1e-9);
        assert!((law.mean().error - 0.1).abs() < 1e-6);
        assert_eq!((found.work.len(), &found.work[0].skill[..]), (1, "chat"));
        assert_eq!((found.think, found.interruptions, found.last_answer), (None, None, None));
        assert_eq!(parameters(&json!({})), FittedParameters::default());
    }
}
