//! Thresholds as cases for build servers.

use super::thresholds::described;
use crate::report::junit::{Case, Ending, Suite};
use crate::stress::suite::{self, SuiteResults};
use crate::stress::{JudgedThreshold, StressResults, ThresholdVerdict};

/// The thresholds of a run, and whether it was valid.
pub fn cases(name: &str, results: &StressResults) -> Suite {
    let valid = results.is_valid();
    let judged = results.judged();
    let thresholds = judged.iter().map(|judged| of_threshold(judged, valid));
    let cases = [kept_up(valid)].into_iter().chain(thresholds).collect();
    Suite { name: name.to_owned(), cases }
}

/// A suite for each case of the standard suite.
pub fn suites(results: &SuiteResults) -> Vec<Suite> {
    let single = |name: &str, ending, message: String| {
        Vec::from([Case { name: name.to_owned(), ending, message }])
    };
    let done = results.done.iter().map(|done| {
        let name = done.case.name;
        let cases = match &done.ending {
            suite::CaseEnding::Run(results) => return cases(name, results),
            suite::CaseEnding::Races(races) => {
                let message = format!("every rule held in all {} orders", races.orders);
                single("every rule holds in every order", Ending::Passed, message)
            }
            suite::CaseEnding::NoCapacity => {
                let message = "the machine holds no load at all".to_owned();
                single("there is a load to be held", Ending::Failed("invalid"), message)
            }
        };
        Suite { name: name.to_owned(), cases }
    });
    let left = results.left.iter().map(|case| {
        let cases = single("it is run", Ending::Skipped, "the suite was interrupted".to_owned());
        Suite { name: case.name.to_owned(), cases }
    });
    done.chain(left).collect()
}

fn kept_up(valid: bool) -> Case {
    let (ending, message) = match valid {
        true => (Ending::Passed, "arrivals were sent in time"),
        false => (Ending::Failed("invalid"), "too many arrivals were sent late"),
    };
    let name = "the load generator keeps up".to_owned();
    Case { name, ending, message: message.to_owned() }
}

/// Of an invalid run nothing is known.
fn of_threshold(judged: &JudgedThreshold, valid: bool) -> Case {
    let ending = match (valid, judged.verdict()) {
        (false, _) => Ending::Skipped,
        (true, ThresholdVerdict::Met) => Ending::Passed,
        (true, ThresholdVerdict::Missed) => Ending::Failed("missed"),
        (true, ThresholdVerdict::Unknown) => Ending::Failed("unknown"),
    };
    let message = match valid {
        true => described(judged),
        false => "nothing is known: the load generator was late itself".to_owned(),
    };
    Case { name: judged.threshold.to_string(), ending, message }
}
