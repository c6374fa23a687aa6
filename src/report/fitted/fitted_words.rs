//! Findings and estimates in words.

use crate::estimation::Estimated;
use crate::report::format;

/// One topic: what is known, and what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FittedFinding {
    /// Topic.
    pub topic: &'static str,
    /// Whether something was estimated.
    pub is_known: bool,
    /// In words.
    pub text: String,
}

/// Something is known of a topic.
pub(super) fn known(topic: &'static str, text: String) -> FittedFinding {
    FittedFinding { topic, is_known: true, text }
}

/// Nothing is known of a topic.
pub(super) fn unknown(topic: &'static str, text: impl Into<String>) -> FittedFinding {
    FittedFinding { topic, is_known: false, text: text.into() }
}

/// A duration in the units of all pages.
pub(super) fn time(duration: f64) -> String {
    format::seconds(duration)
}

/// A mean duration with its interval.
pub(super) fn mean_time(mean: &Estimated) -> String {
    let Estimated { value, interval, observations } = mean;
    // Whole seconds would hide a narrow interval of short times.
    let is_narrow = interval.high < 120.0 && interval.high - interval.low < 10.0;
    let told = |duration: f64| match is_narrow {
        true => format!("{duration:.1} s"),
        false => time(duration),
    };
    let range = match interval.high.is_finite() {
        true => format!("{} to {}", told(interval.low), told(interval.high)),
        false => format!("{} or more", told(interval.low)),
    };
    format!("{} ({range}, n = {})", told(*value), whole(*observations))
}

/// How many there are.
pub(super) fn whole(count: u64) -> String {
    format::whole(count)
}

/// A share in the manner of all pages.
pub(super) fn percent(share: f64) -> String {
    format::percent(share)
}

/// How far something is from what it is taken for.
pub(super) fn off_by(share: f64) -> String {
    format!("{} too {}", percent(share.abs()), if share < 0.0 { "short" } else { "long" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimation::ConfidenceInterval;

    #[test]
    fn a_mean_has_the_units_of_all_pages_and_an_interval_that_can_be_seen() {
        let told = |value: f64, low: f64, high: f64| {
            let interval = ConfidenceInterval { low, high };
            mean_time(&Estimated { value, interval, observations: 4_000 })
        };
        assert_eq!(told(20.12, 19.84, 20.41), "20.1 s (19.8 s to 20.4 s, n = 4,000)");
        assert_eq!(told(75.0, 60.0, 90.0), "75 s (60 s to 90 s, n = 4,000)");
        assert_eq!(told(4_210.4, 3_900.0, 8_000.0), "70m 10s (65m to 2h 13m, n = 4,000)");
        assert_eq!(told(300.0, 250.0, f64::INFINITY), "5m (4m 10s or more, n = 4,000)");
    }
}
