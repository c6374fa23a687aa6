//! How cases came out, in words.

use crate::report::format::{number, seconds};
use crate::report::stress::run_words::label;
use crate::report::stress::thresholds::described;
use crate::stress::suite::{CaseEnding, FinishedCase};
use crate::stress::{Count, Recovery, StressResults};

/// The name under which the suite is saved.
pub const NAME: &str = "Standard suite";

pub(super) const ABOUT: &str = "The same cases under the same names for ever. Rates are a second of \
    the wall clock; late is how long after its instant an unassign deadline was handled.";

/// Timer operations a second.
pub(super) fn timers(results: &StressResults) -> f64 {
    [Count::Armed, Count::Cancelled, Count::Fired].map(|count| results.rate(count)).iter().sum()
}

/// In a word.
pub(super) fn verdict(done: &FinishedCase) -> &'static str {
    match (done.is_valid(), done.missed().is_empty()) {
        (false, _) => INVALID,
        (true, true) => "met",
        (true, false) => MISSED,
    }
}

/// What a reader must know besides the figures.
pub(super) fn findings(done: &FinishedCase) -> Vec<String> {
    match &done.ending {
        CaseEnding::Races(races) => vec![format!(
            "{} orders: the reply came first in {}, the deadline in {}, the transfer in {}",
            races.orders, races.replies, races.unassigned, races.transferred
        )],
        CaseEnding::NoCapacity => vec!["the machine holds no load at all".to_owned()],
        CaseEnding::Run(results) if !results.is_valid() => {
            vec!["the load generator was late itself".to_owned()]
        }
        CaseEnding::Run(results) => {
            let faults = results.recoveries.iter().map(told);
            faults.chain(done.missed().iter().map(described)).collect()
        }
    }
}

/// A fault and what came of it, in a line.
fn told(recovery: &Recovery) -> String {
    let recovered = match recovery.recovered {
        Some(after) => format!("recovered after {}", seconds(after.as_secs_f64())),
        None => "not recovered".to_owned(),
    };
    let counts =
        [("refused", Count::Refused), ("lost", Count::Lost), ("replaced", Count::Replaced)];
    let counts = counts.map(|(name, count)| (name, recovery.count(count)));
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let counts = counts.map(|(name, count)| format!(", {} {name}", number(*count as f64)));
    format!("{}: {recovered}{}", label(&recovery.step), String::from_iter(counts))
}

pub(super) const MISSED: &str = "MISSED";
pub(super) const INVALID: &str = "invalid";
