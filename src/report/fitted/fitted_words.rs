//! Findings and estimates in words.

use crate::estimation::Estimated;

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

/// A duration for people.
pub(super) fn time(seconds: f64) -> String {
    if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else if seconds < 7200.0 {
        format!("{:.1} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

/// A mean duration with its interval.
pub(super) fn mean_time(mean: &Estimated) -> String {
    let Estimated { value, interval, observations } = mean;
    format!(
        "{} ({} to {}, n = {observations})",
        time(*value),
        time(interval.low),
        time(interval.high)
    )
}

/// A share for people.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
