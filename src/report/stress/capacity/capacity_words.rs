//! How a search ended and what the machine did, in words.

use crate::report::stress::thresholds::described;
use crate::stress::capacity::{Attempt as _, SearchEnding, TrialOutcome, TrialResult};

pub(in crate::report::stress) fn in_words(ending: SearchEnding) -> &'static str {
    match ending {
        SearchEnding::Confirmed => "both ends are confirmed",
        SearchEnding::OutOfTrials => "used up before both ends were confirmed",
        SearchEnding::NothingHeld => "nothing held at all",
        SearchEnding::EverythingHeld => "everything held",
        SearchEnding::TooFew => "too little to measure below what did not hold",
        SearchEnding::TooNoisy => "this machine is too noisy",
        SearchEnding::Interrupted => "interrupted",
    }
}

/// `31.2 M`.
pub(super) fn millions(value: f64) -> String {
    format!("{:.1} M", value / 1e6)
}

/// Why a trial was not held, or nobody knows.
pub(super) fn reasons(trial: &TrialResult) -> Vec<String> {
    match trial.outcome() {
        TrialOutcome::Held | TrialOutcome::Invalid => Vec::new(),
        TrialOutcome::NotHeld => trial.missed().map(described).collect(),
        TrialOutcome::Unknown => trial.unknown().map(described).collect(),
    }
}
