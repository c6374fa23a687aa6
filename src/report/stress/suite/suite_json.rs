//! `suite.json`: the suite as it is saved.

use serde::Serialize;

use crate::report::json_file::{FileHead, ScenarioName};
use crate::report::stress::stress_json::SavedMeasures;
use crate::stress::StressResults;
use crate::stress::suite::{CaseEnding, FinishedCase, SuiteResults};

use super::suite_words::{NAME, findings, verdict};

/// The suite as it is saved.
pub(super) fn saved(results: &SuiteResults) -> SavedSuite<'_> {
    SavedSuite {
        head: FileHead::new(SCHEMA, ScenarioName { name: NAME.to_owned() }),
        complete: results.left.is_empty(),
        cases: results.done.iter().map(SavedCase::of).collect(),
        left: results.left.iter().map(|case| case.name).collect(),
    }
}

/// Times in seconds.
#[derive(Serialize)]
pub(super) struct SavedSuite<'a> {
    #[serde(flatten)]
    head: FileHead,
    /// Whether it was run to its end.
    complete: bool,
    cases: Vec<SavedCase<'a>>,
    /// The cases that were not run, or not to their end.
    left: Vec<&'static str>,
}

#[derive(Serialize)]
struct SavedCase<'a> {
    name: &'a str,
    about: &'a str,
    verdict: &'static str,
    findings: Vec<String>,
    #[serde(flatten)]
    run: Option<SavedCaseRun>,
}

#[derive(Serialize)]
struct SavedCaseRun {
    seed: u64,
    shards: u32,
    length: f64,
    #[serde(flatten)]
    measures: SavedMeasures,
}

impl<'a> SavedCase<'a> {
    fn of(done: &'a FinishedCase) -> Self {
        let run = match &done.ending {
            CaseEnding::Run(results) => Some(SavedCaseRun::of(results)),
            CaseEnding::Races(_) | CaseEnding::NoCapacity => None,
        };
        let (name, about) = (done.case.name, done.case.about);
        Self { name, about, verdict: verdict(done), findings: findings(done), run }
    }
}

impl SavedCaseRun {
    fn of(results: &StressResults) -> Self {
        Self {
            seed: results.seed,
            shards: results.shards,
            length: results.length.as_secs_f64(),
            measures: SavedMeasures::of(results),
        }
    }
}

pub(super) const SCHEMA: &str = "shiftstorm/stress-suite/1";
