//! Thresholds as cases for build servers.

use super::thresholds::described;
use crate::report::junit::{JunitCase, JunitResult, JunitSuite};
use crate::stress::suite::{self, SuiteResults};
use crate::stress::{JudgedThreshold, StressResults, ThresholdVerdict};

/// The thresholds of a run, and whether it was valid.
pub fn cases(name: &str, results: &StressResults) -> JunitSuite {
    let valid = results.is_valid();
    let judged = results.judged();
    let thresholds = judged.iter().map(|judged| of_threshold(judged, valid));
    let cases = [kept_up(valid)].into_iter().chain(thresholds).collect();
    JunitSuite { name: name.to_owned(), cases }
}

/// A suite for each case of the standard suite.
pub fn suites(results: &SuiteResults) -> Vec<JunitSuite> {
    let single = |name: &str, ending, message: String| {
        Vec::from([JunitCase { name: name.to_owned(), ending, message }])
    };
    let done = results.done.iter().map(|done| {
        let name = done.case.name;
        let cases = match &done.ending {
            suite::CaseEnding::Run(results) => return cases(name, results),
            suite::CaseEnding::Races(races) => {
                let message = format!("every rule held in all {} orders", races.orders);
                single("every rule holds in every order", JunitResult::Passed, message)
            }
            suite::CaseEnding::NoCapacity => {
                let message = "the machine holds no load at all".to_owned();
                single("there is a load to be held", JunitResult::Failed("invalid"), message)
            }
        };
        JunitSuite { name: name.to_owned(), cases }
    });
    let left = results.left.iter().map(|case| {
        let cases =
            single("it is run", JunitResult::Skipped, "the suite was interrupted".to_owned());
        JunitSuite { name: case.name.to_owned(), cases }
    });
    done.chain(left).collect()
}

fn kept_up(valid: bool) -> JunitCase {
    let (ending, message) = match valid {
        true => (JunitResult::Passed, "arrivals were sent in time"),
        false => (JunitResult::Failed("invalid"), "too many arrivals were sent late"),
    };
    let name = "the load generator keeps up".to_owned();
    JunitCase { name, ending, message: message.to_owned() }
}

/// Of an invalid run nothing is known.
fn of_threshold(judged: &JudgedThreshold, valid: bool) -> JunitCase {
    let ending = match (valid, judged.verdict()) {
        (false, _) => JunitResult::Skipped,
        (true, ThresholdVerdict::Met) => JunitResult::Passed,
        (true, ThresholdVerdict::Missed) => JunitResult::Failed("missed"),
        (true, ThresholdVerdict::Unknown) => JunitResult::Failed("unknown"),
    };
    let message = match valid {
        true => described(judged),
        false => "nothing is known: the load generator was late itself".to_owned(),
    };
    JunitCase { name: judged.threshold.to_string(), ending, message }
}
