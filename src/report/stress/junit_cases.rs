//! Thresholds as cases for build servers.

use super::capacity::{Against, CapacityChange, CapacityReport, in_words};
use super::thresholds::described;
use crate::report::format::number;
use crate::report::junit::{JunitCase, JunitResult, JunitSuite};
use crate::stress::capacity::SearchEnding;
use crate::stress::suite::{CaseEnding, SuiteResults};
use crate::stress::{JudgedThreshold, StressResults, ThresholdVerdict};

/// The thresholds of a run, and whether it was valid.
pub fn cases(name: &str, results: &StressResults) -> JunitSuite {
    let (is_valid, judged) = (results.is_valid(), results.judged());
    let thresholds = judged.iter().map(|judged| of_threshold(judged, is_valid));
    let cases = [kept_up(is_valid)].into_iter().chain(thresholds);
    JunitSuite::new(name, cases).started(&results.started)
}

/// A suite for each case of the standard suite.
pub fn suites(results: &SuiteResults) -> Vec<JunitSuite> {
    let done = results.done.iter().map(|done| {
        let case = match &done.ending {
            CaseEnding::Run(results) => return cases(done.case.name, results),
            CaseEnding::Races(races) => {
                let message = format!("every rule held in all {} orders", races.orders);
                JunitCase::new("every rule holds in every order", JunitResult::Passed, message)
            }
            CaseEnding::NoCapacity => JunitCase::new(
                "there is a load to be held",
                JunitResult::Failed("invalid"),
                "the machine holds no load at all",
            ),
        };
        JunitSuite::new(done.case.name, [case])
    });
    let left = results.left.iter().map(|case| {
        let left = JunitCase::new("it is run", JunitResult::Skipped, "the suite was interrupted");
        JunitSuite::new(case.name, [left])
    });
    done.chain(left).collect()
}

/// Whether a capacity search found both ends, and whether it is no worse than an earlier one.
pub fn capacity_cases(
    name: &str,
    report: &CapacityReport<'_>,
    against: &Option<Against>,
) -> JunitSuite {
    let found = report.found;
    let message = found.held.zip(found.not_held).map_or_else(
        || in_words(found.ending).to_owned(),
        |(held, not_held)| {
            let [held, not_held] = [held, not_held].map(|end| number(end.rate.round()));
            format!("{held} arrivals/s held, {not_held} not: {}", in_words(found.ending))
        },
    );
    let ending = match found.ending {
        SearchEnding::Confirmed => JunitResult::Passed,
        SearchEnding::TooFew | SearchEnding::TooNoisy => JunitResult::Failed("unknown"),
        SearchEnding::NothingHeld => JunitResult::Failed("missed"),
        SearchEnding::OutOfTrials | SearchEnding::EverythingHeld | SearchEnding::Interrupted => {
            JunitResult::Skipped
        }
    };
    let capacity = JunitCase::new("the capacity is found", ending, message);
    let compared = against.as_ref().map(|against| {
        let ending = match against.change() {
            CapacityChange::Better => JunitResult::Passed,
            CapacityChange::Worse => JunitResult::Failed("worse"),
            CapacityChange::Unclear => JunitResult::Skipped,
        };
        JunitCase::new("no less is held than before", ending, against.told())
    });
    let cases = [Some(capacity), compared].into_iter().flatten();
    JunitSuite::new(name, cases).started(report.started)
}

fn kept_up(is_valid: bool) -> JunitCase {
    let (ending, message) = match is_valid {
        true => (JunitResult::Passed, "arrivals were sent in time"),
        false => (JunitResult::Failed("invalid"), "too many arrivals were sent late"),
    };
    JunitCase::new("the load generator keeps up", ending, message)
}

/// Of an invalid run nothing is known.
fn of_threshold(judged: &JudgedThreshold, is_valid: bool) -> JunitCase {
    let name = judged.threshold.to_string();
    if !is_valid {
        let message = "nothing is known: the load generator was late itself";
        return JunitCase::new(name, JunitResult::Skipped, message);
    }
    let ending = match judged.verdict() {
        ThresholdVerdict::Met => JunitResult::Passed,
        ThresholdVerdict::Missed => JunitResult::Failed("missed"),
        ThresholdVerdict::Unknown => JunitResult::Failed("unknown"),
    };
    JunitCase::new(name, ending, described(judged))
}
