//! Words that stand in every form of a report: labels, verdicts, goals, confidence.

use crate::experiment::compare::Verdict;
use crate::ledger::aims::{Aim, Threshold, Thresholds};
use crate::ledger::definitions::{Unit, find};

use super::format::{number, seconds};

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

/// A confidence in percent.
pub(super) fn level(confidence: f64) -> String {
    format!("{} %", number(confidence * 100.0))
}

/// What a figure with a direction is called in a table.
pub(super) fn label(aim: &Aim) -> &'static str {
    match aim.figure {
        "service_level" => "service level",
        "abandonment" => "abandoned before an answer",
        "reassignments" => "removals a conversation",
        "first_response_mean" => "first response, mean",
        "response_p90" => "response, 90 % within",
        other => other,
    }
}

/// The label beside a verdict: from which difference on it matters.
pub(super) fn matters(aim: &Aim, thresholds: &Thresholds) -> String {
    let unit = find(aim.figure).map(|figure| figure.unit);
    let from = match (thresholds.of(aim), unit) {
        (Threshold::Relative(part), _) => format!("{} % of base", number(part * 100.0)),
        (Threshold::Absolute(size), Some(Unit::Share)) => match size * 100.0 {
            1.0 => "1 point".to_owned(),
            points => format!("{} points", number(points)),
        },
        (Threshold::Absolute(size), Some(Unit::Seconds)) => seconds(size),
        (Threshold::Absolute(size), _) => number(size),
    };
    format!("  matters from {from}")
}

pub(super) const UNCLEAR: Verdict = Verdict::Unclear { replications: None };

/// A verdict in words.
pub(super) fn words(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Same => "no difference that matters",
        Verdict::Unclear { .. } => "cannot tell yet",
    }
}

/// A verdict in the width of a column.
pub(super) fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Better => "better".to_owned(),
        Verdict::Worse => "worse".to_owned(),
        Verdict::Same => "no difference".to_owned(),
        Verdict::Unclear { replications: Some(count) } if *count < 1_000_000 => {
            format!("unclear, ~{count}")
        }
        Verdict::Unclear { .. } => "unclear".to_owned(),
    }
}
