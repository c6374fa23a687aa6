//! `suite.json`: the suite as it is saved.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::stress::stress_json::{SavedFault, SavedTiming};
use crate::report::stress::thresholds;
use crate::stress::suite::{CaseEnding, FinishedCase, SuiteResults};
use crate::stress::{Count, StressResults, Timing};

use super::suite_words::{NAME, findings, verdict};

/// The suite as it is saved.
pub(super) fn saved(results: &SuiteResults) -> SavedSuite<'_> {
    SavedSuite {
        schema: SCHEMA,
        shiftstorm: env!("CARGO_PKG_VERSION"),
        scenario: SuiteName { name: NAME },
        complete: results.left.is_empty(),
        cases: results.done.iter().map(SavedCase::of).collect(),
        left: results.left.iter().map(|case| case.name).collect(),
    }
}

/// Times in seconds.
#[derive(Serialize)]
pub(super) struct SavedSuite<'a> {
    schema: &'static str,
    shiftstorm: &'static str,
    scenario: SuiteName,
    /// Whether it was run to its end.
    complete: bool,
    cases: Vec<SavedCase<'a>>,
    /// The cases that were not run, or not to their end.
    left: Vec<&'static str>,
}

#[derive(Serialize)]
struct SuiteName {
    name: &'static str,
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
    faults: Vec<SavedFault>,
    thresholds: Vec<thresholds::SavedThreshold>,
    counts: BTreeMap<&'static str, u64>,
    timings: BTreeMap<&'static str, SavedTiming>,
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
        let figures = &results.figures;
        Self {
            seed: results.seed,
            shards: results.shards,
            length: results.length.as_secs_f64(),
            faults: results.recoveries.iter().map(SavedFault::of).collect(),
            thresholds: thresholds::saved(results),
            counts: Count::ALL.map(|count| (count.name(), figures.count(count))).into(),
            timings: Timing::ALL
                .map(|timing| (timing.name(), SavedTiming::of(figures.timing(timing))))
                .into(),
        }
    }
}

pub(super) const SCHEMA: &str = "shiftstorm/stress-suite/1";
