//! Thresholds and what was measured.

use serde::Serialize;

use super::run_words::size;
use crate::report::format::{fine, number, percent};
use crate::report::terminal::{cut, left, right};
use crate::scenario::threshold::Dimension;
use crate::stress::{JudgedThreshold, StressResults, ThresholdVerdict};

/// A line for each threshold; nothing without any.
pub(super) fn table(results: &StressResults) -> String {
    let judged = results.judged();
    if judged.is_empty() {
        return String::new();
    }
    let known = results.is_valid();
    let mut text = left("Thresholds", TEXT) + &right("measured", VALUE) + "\n";
    for judged in &judged {
        let verdict = if known { judged.verdict() } else { ThresholdVerdict::Unknown };
        let threshold = judged.threshold.to_string();
        let value = right(&value(judged), VALUE);
        text += &format!("{}{value}  {}\n", left(&cut(&threshold, TEXT - 1), TEXT), word(verdict));
    }
    text
}

/// A threshold and what was measured, in words.
pub fn described(judged: &JudgedThreshold) -> String {
    match judged.value {
        Some(_) => format!("{}: it was {}", judged.threshold, value(judged)),
        None => format!("{}: there was nothing to measure", judged.threshold),
    }
}

/// What was measured, in the unit that suits it.
pub(super) fn value(judged: &JudgedThreshold) -> String {
    judged
        .value
        .map_or_else(|| "-".to_owned(), |value| shown(judged.threshold.measure.dimension(), value))
}

/// A value of a measure.
fn shown(dimension: Dimension, value: f64) -> String {
    match dimension {
        Dimension::Time => fine((value * 1e9) as u64),
        Dimension::Count | Dimension::Number => number(value),
        Dimension::Rate => format!("{}/s", number(value)),
        Dimension::Memory => size(value),
        Dimension::Share => percent(value),
    }
}

/// Class and word for how a threshold stands; nothing is known of an invalid run.
pub(super) fn standing(judged: &JudgedThreshold, known: bool) -> (&'static str, &'static str) {
    let verdict = if known { judged.verdict() } else { ThresholdVerdict::Unknown };
    let class = match verdict {
        ThresholdVerdict::Met => "good",
        ThresholdVerdict::Missed => "bad",
        ThresholdVerdict::Unknown => "open",
    };
    (class, verdict.name())
}

fn word(verdict: ThresholdVerdict) -> &'static str {
    match verdict {
        ThresholdVerdict::Met => "met",
        ThresholdVerdict::Missed => "MISSED",
        ThresholdVerdict::Unknown => "unknown",
    }
}

/// A threshold as it is saved.
#[derive(Serialize)]
pub(super) struct SavedThreshold {
    threshold: String,
    /// In the unit.
    limit: f64,
    value: Option<f64>,
    unit: &'static str,
    /// Nothing is known of an invalid run.
    verdict: &'static str,
}

/// All thresholds as they are saved.
pub(super) fn saved(results: &StressResults) -> Vec<SavedThreshold> {
    let known = results.is_valid();
    let saved = results.judged().into_iter().map(|judged| SavedThreshold {
        threshold: judged.threshold.to_string(),
        limit: judged.threshold.limit,
        value: judged.value,
        unit: judged.threshold.measure.dimension().unit(),
        verdict: if known { judged.verdict() } else { ThresholdVerdict::Unknown }.name(),
    });
    saved.collect()
}

const TEXT: usize = 50;
const VALUE: usize = 14;
