//! How a search ended and what the machine did, in words.

use crate::stress::capacity::{CapacityTrial, SearchEnding, TrialResult};

use super::saved_capacity::BareWheelRates;

/// What the bare wheel did, before all trials.
pub(super) fn bare_wheel(trials: &[CapacityTrial<TrialResult>]) -> BareWheelRates {
    let mut rates = Vec::from_iter(trials.iter().map(|trial| trial.attempt.wheel));
    rates.sort_by(f64::total_cmp);
    match rates.as_slice() {
        [] => BareWheelRates::default(),
        [least, ..] => BareWheelRates {
            median: rates[rates.len() / 2],
            least: *least,
            most: rates[rates.len() - 1],
        },
    }
}

pub(super) fn in_words(ending: SearchEnding) -> &'static str {
    match ending {
        SearchEnding::Confirmed => "both ends are confirmed",
        SearchEnding::OutOfTrials => "used up before both ends were confirmed",
        SearchEnding::NothingHeld => "nothing held at all",
        SearchEnding::EverythingHeld => "everything held",
        SearchEnding::Interrupted => "interrupted",
    }
}

/// `31.2 M`.
pub(super) fn millions(value: f64) -> String {
    format!("{:.1} M", value / 1e6)
}
