//! The summary on the terminal: at most 80 columns, variants side by side, the verdict first.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::experiment::VariantResults;
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, Kind, Unit, find};
use crate::ledger::settings::{Goals, ServiceLevel, ServiceLevelAt};

use super::layout::{WIDTH, cut, folded, left, number, percent, right, seconds, wrapped};
use super::lines::{Line, PARTS};
use super::notes::notes;
use super::{Report, layout};

/// The summary.
pub fn summary(report: &Report<'_>) -> String {
    let mut text = heading(report);
    for variants in blocks(&report.results.variants) {
        text.push('\n');
        names(&mut text, &variants);
        text.push_str(&verdict(&variants, report.confidence));
        for part in PARTS {
            let lines = part.lines.iter();
            let lines: String =
                lines.filter_map(|line| row(line, &variants, report.confidence)).collect();
            if !lines.is_empty() {
                let _ = write!(text, "\n{}\n{lines}", part.heading);
            }
        }
    }
    let notes = notes(report);
    if !notes.is_empty() {
        text.push('\n');
    }
    for note in notes {
        let _ = writeln!(text, "{}", wrapped(&note, 2));
    }
    text
}

fn heading(report: &Report<'_>) -> String {
    let mut text = format!("{}\n", cut(report.name, WIDTH));
    if !report.question.is_empty() {
        let _ = writeln!(text, "{}", wrapped(report.question, 0));
    }
    let Some(base) = report.results.variants.first() else { return text };
    let run = &base.plan.run;
    let count = report.replications.end - report.replications.start;
    let replications = match count {
        1 => format!("replication {}", report.replications.start),
        _ => format!("{count} replications"),
    };
    let _ = writeln!(
        text,
        "{replications} of {} to {}, seed {}",
        layout::clock_of_day(run.starts_at, Default::default()),
        layout::clock_of_day(run.starts_at, run.until),
        run.seed,
    );
    if count > 1 {
        let _ = writeln!(text, "±: {} interval; ?: it holds the goal", percent(report.confidence));
    }
    text
}

/// The variants of each block of columns; the base comes first in each.
fn blocks(variants: &[VariantResults]) -> Vec<Vec<&VariantResults>> {
    let Some((base, others)) = variants.split_first() else { return Vec::new() };
    if others.is_empty() {
        return vec![vec![base]];
    }
    let others = others.chunks(COLUMNS - 1);
    others.map(|others| std::iter::once(base).chain(others).collect()).collect()
}

/// Service level, abandonment and reassignments against their goals.
fn verdict(variants: &[&VariantResults], confidence: f64) -> String {
    let Some(base) = variants.first() else { return String::new() };
    let label = service_level_label(&base.plan.measure.service_level);
    let mut text = judged(&label, "service_level", variants, confidence, |goals| {
        goals.service_level.map(|goal| Goal { at_least: true, goal })
    });
    let label = "abandoned before an answer";
    text += &judged(label, "abandonment", variants, confidence, |goals| {
        goals.abandonment.map(|goal| Goal { at_least: false, goal })
    });
    if variants.iter().any(|variant| variant.plan.measure.goals.reassignments.is_some()) {
        let label = "removals a conversation";
        text += &judged(label, "reassignments", variants, confidence, |goals| {
            goals.reassignments.map(|goal| Goal { at_least: false, goal })
        });
    }
    text
}

struct Goal {
    at_least: bool,
    goal: f64,
}

impl Goal {
    /// With a question mark if the interval holds the goal: chance may have decided.
    fn verdict(&self, estimate: &Estimate, confidence: f64) -> &'static str {
        let half = estimate.half_width(confidence).unwrap_or(f64::INFINITY);
        let is_sure = (estimate.value - self.goal).abs() > half;
        let is_met = match self.at_least {
            true => estimate.value >= self.goal,
            false => estimate.value <= self.goal,
        };
        match (is_met, is_sure) {
            (true, true) => "met",
            (true, false) => "met?",
            (false, true) => "missed",
            (false, false) => "missed?",
        }
    }
}

/// A figure with its interval, and below it whether its goal is met.
fn judged(
    label: &str,
    figure: &str,
    variants: &[&VariantResults],
    confidence: f64,
    goal_of: fn(&Goals) -> Option<Goal>,
) -> String {
    let mut text = String::new();
    let Some(figure) = find(figure) else { return text };
    let cells = variants.iter().map(|variant| with_interval(variant, figure, confidence));
    columns(&mut text, label, cells);
    let goals = Vec::from_iter(variants.iter().map(|variant| goal_of(&variant.plan.measure.goals)));
    let Some(first) = goals.iter().flatten().next() else { return text };
    let side = if first.at_least { "at least" } else { "at most" };
    let same = goals.iter().all(|goal| goal.as_ref().is_some_and(|goal| goal.goal == first.goal));
    let label = if same {
        format!("  goal: {side} {}", formatted(figure, first.goal))
    } else {
        format!("  goal ({side})")
    };
    let verdicts = variants.iter().zip(&goals).map(|(variant, goal)| {
        let (Some(goal), Some(estimate)) = (goal, variant.estimate(figure)) else {
            return nothing();
        };
        let verdict = goal.verdict(&estimate, confidence);
        match same {
            true => verdict.to_owned(),
            false => format!("{} {verdict}", formatted(figure, goal.goal)),
        }
    });
    columns(&mut text, &label, verdicts);
    text
}

fn service_level_label(level: &ServiceLevel) -> String {
    let what = match level.at {
        ServiceLevelAt::Answer => "answered",
        ServiceLevelAt::Assignment => "assigned",
    };
    format!("{what} within {}", level.within)
}

/// A line of figures; none if it says nothing about any variant.
fn row(line: &Line, variants: &[&VariantResults], confidence: f64) -> Option<String> {
    let figure = find(line.figure)?;
    let says_something = |variant: &&VariantResults| {
        variant.estimate(figure).is_some_and(|estimate| estimate.value != 0.0)
    };
    variants.iter().any(says_something).then(|| {
        let mut text = String::new();
        let cells = variants.iter().map(|variant| with_interval(variant, figure, confidence));
        columns(&mut text, line.label, cells);
        text
    })
}

/// A figure and half its interval; without it where there is no room for both. The highest of
/// all replications has none.
fn with_interval(variant: &VariantResults, figure: &Definition, confidence: f64) -> String {
    if figure.kind == Kind::Maximum {
        return variant.pooled(figure).map_or_else(nothing, |value| formatted(figure, value));
    }
    let Some(estimate) = variant.estimate(figure) else { return nothing() };
    let value = formatted(figure, estimate.value);
    let half = estimate.half_width(confidence).map(|half| match figure.unit {
        Unit::Share => format!("{:.1}", half * 100.0),
        _ => formatted(figure, half),
    });
    let both = half.map(|half| format!("{value} ± {half}"));
    both.filter(|both| both.width() < COLUMN).unwrap_or(value)
}

fn formatted(figure: &Definition, value: f64) -> String {
    match figure.unit {
        Unit::Share => percent(value),
        Unit::Seconds => seconds(value),
        _ => number(value),
    }
}

fn columns(text: &mut String, label: &str, cells: impl Iterator<Item = String>) {
    let mut line = left(label, LABEL);
    for cell in cells {
        line.push(' ');
        line.push_str(&right(&cell, COLUMN - 1));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// The head of each column, on as many lines as the longest name takes.
fn names(text: &mut String, variants: &[&VariantResults]) {
    let names = variants.iter().map(|variant| folded(&variant.name, COLUMN - 1, LINES_A_NAME));
    let names = Vec::from_iter(names);
    let height = names.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let cells = names.iter().map(|lines| {
            let above = height - lines.len();
            line.checked_sub(above).map(|line| lines[line].clone()).unwrap_or_default()
        });
        columns(text, "", cells);
    }
}

/// A share or a mean of nothing.
fn nothing() -> String {
    "–".to_owned()
}

/// Variants beside each other.
const COLUMNS: usize = 3;
const COLUMN: usize = 17;
const LABEL: usize = WIDTH - COLUMNS * COLUMN;
const LINES_A_NAME: usize = 3;
