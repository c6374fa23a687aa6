//! Thresholds and what was measured.

use serde_json::{Value as Json, json};

use crate::ledger::definitions::Unit;
use crate::report::format::number;
use crate::report::table::{NumberUnit, ReportCell, ReportColumn, ReportTable, Standing, Units};
use crate::scenario::threshold::Dimension;
use crate::stress::{JudgedThreshold, StressResults, ThresholdVerdict};

/// For a terminal; nothing without any.
pub(super) fn text(results: &StressResults) -> String {
    let table = table(results, |verdict| match verdict {
        ThresholdVerdict::Missed => "MISSED",
        other => other.name(),
    });
    table.map(|table| table.text()).unwrap_or_default()
}

/// A row for each threshold, in colour and in words; none without any. Nothing is known of an
/// invalid run.
pub(super) fn table(
    results: &StressResults,
    word: fn(ThresholdVerdict) -> &'static str,
) -> Option<ReportTable> {
    let mut table = ReportTable::of(
        "Thresholds",
        [
            ReportColumn::new("threshold").left(49).briefly("Thresholds"),
            ReportColumn::new("measured").right(15).units(Units::InCell),
            ReportColumn::new("verdict").left(14).behind(2).briefly(""),
        ],
    );
    for judged in &results.judged() {
        let verdict = if results.is_valid() { judged.verdict() } else { ThresholdVerdict::Unknown };
        let standing = match verdict {
            ThresholdVerdict::Met => Standing::Good,
            ThresholdVerdict::Missed => Standing::Bad,
            ThresholdVerdict::Unknown => Standing::Open,
        };
        let threshold = ReportCell::text(judged.threshold.to_string());
        let verdict = ReportCell::verdict(standing, word(verdict));
        table.push(None, vec![threshold, value(judged), verdict]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// A threshold and what was measured, in words.
pub fn described(judged: &JudgedThreshold) -> String {
    match judged.value {
        Some(known) => {
            let at_least = if known.is_exact() { "" } else { "at least " };
            let too_few = match (judged.has_enough(), judged.timed) {
                (false, Some(timed)) => format!(", of only {}", number(timed as f64)),
                _ => String::new(),
            };
            let value = value(judged).spoken();
            format!("{}: it was {at_least}{value}{too_few}", judged.threshold)
        }
        None => format!("{}: there was nothing to measure", judged.threshold),
    }
}

/// What was measured.
fn value(judged: &JudgedThreshold) -> ReportCell {
    let unit = match judged.threshold.measure.dimension() {
        Dimension::Time => NumberUnit::Latency,
        Dimension::Count | Dimension::Number => NumberUnit::Of(Unit::Times),
        Dimension::Rate => NumberUnit::Rate,
        Dimension::Memory => NumberUnit::Memory,
        Dimension::Share => NumberUnit::Of(Unit::Share),
    };
    ReportCell::number(judged.value.map(|value| value.least), unit)
}

/// All thresholds as they are saved, limit and value in their unit.
pub(super) fn saved(results: &StressResults) -> Json {
    let is_known = results.is_valid();
    let saved = results.judged().into_iter().map(|judged| {
        // Nothing is known of an invalid run.
        let verdict = if is_known { judged.verdict() } else { ThresholdVerdict::Unknown };
        json!({
            "threshold": judged.threshold.to_string(),
            "limit": judged.threshold.limit,
            // If something unfinished at the end counts, at least so much; at most null if unbounded.
            "value": judged.value.map(|value| value.least),
            "at_most": judged.value.map(|value| value.most).filter(|most| most.is_finite()),
            "unit": judged.threshold.measure.dimension().unit(),
            "verdict": verdict.name(),
        })
    });
    saved.collect()
}
