//! Words that stand in every form of a report: labels, verdicts, goals, confidence.

use crate::experiment::compare::ComparisonVerdict;
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{self, Definition, Unit, find};
use crate::ledger::objectives::{DifferenceThreshold, DifferenceThresholds, Objective};

use super::figure_format::FigureFormat;
use super::format::{number, seconds};
use super::table::ReportCell;

/// Said by everything that comes from a run without checks.
pub(super) const UNCHECKED: &str =
    "Not checked: this run was made with --no-checks; broken invariants went unnoticed.";

pub(in crate::report) fn the_goals(count: usize) -> String {
    match count {
        1 => "the goal".to_owned(),
        2 => "both goals".to_owned(),
        _ => format!("all {count} goals"),
    }
}

pub(in crate::report) fn goals_are(count: usize) -> String {
    format!("{} {}", the_goals(count), if count == 1 { "is" } else { "are" })
}

pub(in crate::report) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

pub(in crate::report) fn lower(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// A confidence in percent.
pub(super) fn level(confidence: f64) -> String {
    format!("{} %", number(confidence * 100.0))
}

/// What a figure with a direction is called in a table.
pub(super) fn label(objective: &Objective) -> &'static str {
    definitions::label(objective.figure)
}

/// What a figure with a goal is called in a sentence.
pub(super) fn subject(figure: &'static str) -> &'static str {
    match figure {
        "service_level" => "the service level",
        "lost_answer_share" => "lost answers",
        "lost_work_share" => "lost work",
        name => name,
    }
}

/// The label beside a verdict: from which difference on it matters.
pub(super) fn matters(objective: &Objective, thresholds: &DifferenceThresholds) -> String {
    let unit = find(objective.figure).map(|figure| figure.unit);
    let from = match (thresholds.of(objective), unit) {
        (DifferenceThreshold::Relative(part), _) => format!("{} % of base", number(part * 100.0)),
        (DifferenceThreshold::Absolute(size), Some(Unit::Share)) => match size * 100.0 {
            1.0 => "1 point".to_owned(),
            points => format!("{} points", number(points)),
        },
        (DifferenceThreshold::Absolute(size), Some(Unit::Seconds)) => seconds(size),
        (DifferenceThreshold::Absolute(size), _) => number(size),
    };
    format!("  matters from {from}")
}

pub(super) const UNCLEAR: ComparisonVerdict = ComparisonVerdict::Unclear { replications: None };

/// A verdict in words.
pub(super) fn words(verdict: &ComparisonVerdict) -> &'static str {
    match verdict {
        ComparisonVerdict::Better => "better",
        ComparisonVerdict::Worse => "worse",
        ComparisonVerdict::Same => "no difference that matters",
        ComparisonVerdict::Unclear { .. } => "cannot tell yet",
    }
}

/// A verdict in the width of a column.
pub(super) fn verdict(verdict: &ComparisonVerdict) -> String {
    match verdict {
        ComparisonVerdict::Better => "better".to_owned(),
        ComparisonVerdict::Worse => "worse".to_owned(),
        ComparisonVerdict::Same => "no difference".to_owned(),
        ComparisonVerdict::Unclear { replications: Some(count) } if *count < 1_000_000 => {
            format!("unclear, ~{count}")
        }
        ComparisonVerdict::Unclear { .. } => "unclear".to_owned(),
    }
}

/// An estimate by itself and half its interval; without it where there is no room for both.
pub(super) fn with_interval(figure: &Definition, estimate: &Estimate, confidence: f64) -> String {
    let format = FigureFormat::of_one(figure.unit, estimate, confidence);
    ReportCell::estimate(format, Some(estimate), confidence).brief()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_interval_has_two_digits_and_gives_way_where_there_is_no_room() {
        let text = |name: &str, value: f64, error: f64| {
            let estimate =
                Estimate { value, standard_error: Some(error), freedom: 1e12, replications: 9 };
            with_interval(find(name).unwrap(), &estimate, 0.95)
        };
        assert_eq!(text("offered", 837.0, 12.3), "837 ± 24");
        assert_eq!(text("reassignments", 0.557, 0.03), "0.557 ± 0.059");
        assert_eq!(text("abandonment", -0.0274, 0.001), "-2.74 % ± 0.20");
        assert_eq!(text("first_response_mean", -75.0, 3.0), "-75.0 s ± 5.9 s");
        assert_eq!(text("offered", 12_345_678.0, 12_345.0), "12,345,678");
        assert_eq!(text("stranded", 0.0, 0.0), "0 ± 0");
    }
}
