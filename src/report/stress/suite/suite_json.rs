//! `suite.json`: the suite as it is saved, times in seconds.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::report::json_file::{FileHead, ScenarioName};
use crate::report::start_time::rfc3339;
use crate::report::stress::stress_json::measures;
use crate::stress::capacity::Yardstick;
use crate::stress::suite::{CaseEnding, FinishedCase, SuiteResults};

use super::suite_words::{NAME, findings, verdict};

#[derive(Serialize)]
pub(super) struct SavedSuite {
    #[serde(flatten)]
    head: FileHead,
    /// Whether it was run to its end.
    complete: bool,
    /// Timer operations a second of the machine's bare wheel, before and after all cases.
    yardstick: Yardstick,
    cases: Vec<Json>,
    /// The cases that were not run, or not to their end.
    left: Vec<&'static str>,
}

/// The suite as it is saved.
pub(super) fn saved(results: &SuiteResults) -> SavedSuite {
    SavedSuite {
        head: FileHead::new(SCHEMA, ScenarioName { name: NAME.to_owned() }),
        complete: results.left.is_empty(),
        yardstick: results.yardstick,
        cases: results.done.iter().map(case).collect(),
        left: results.left.iter().map(|case| case.name).collect(),
    }
}

fn case(done: &FinishedCase) -> Json {
    let mut case = json!({});
    if let CaseEnding::Run(results) = &done.ending {
        case = measures(results);
        case["started"] = rfc3339(&results.started).into();
        case["seed"] = results.seed.into();
        case["shards"] = results.shards.into();
        case["length"] = results.length.as_secs_f64().into();
    }
    case["name"] = done.case.name.into();
    case["about"] = done.case.about.into();
    case["verdict"] = verdict(done).into();
    case["findings"] = findings(done).into();
    case
}

pub(super) const MAIN: &str = "suite.json";
pub(super) const SCHEMA: &str = "shiftstorm/stress-suite/1";
