//! The summary on the terminal: at most 80 columns, variants side by side, the verdict first.

use std::fmt::Write as _;

use crate::experiment::VariantResults;
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
        text.push_str(&verdict(&variants));
        for part in PARTS {
            let lines: String = part.lines.iter().filter_map(|line| row(line, &variants)).collect();
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
fn verdict(variants: &[&VariantResults]) -> String {
    let mut text = String::new();
    let Some(base) = variants.first() else { return text };
    let measure = &base.plan.measure;
    let label = service_level_label(&measure.service_level);
    judged(&mut text, &label, "service_level", variants, |goals| {
        goals.service_level.map(|goal| Goal { at_least: true, goal })
    });
    judged(&mut text, "abandoned before an answer", "abandonment", variants, |goals| {
        goals.abandonment.map(|goal| Goal { at_least: false, goal })
    });
    let has_goal =
        variants.iter().any(|variant| variant.plan.measure.goals.reassignments.is_some());
    if has_goal {
        judged(&mut text, "removals a conversation", "reassignments", variants, |goals| {
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
    fn is_met(&self, value: f64) -> bool {
        if self.at_least { value >= self.goal } else { value <= self.goal }
    }
}

/// A figure with its error, and below it whether its goal is met.
fn judged(
    text: &mut String,
    label: &str,
    figure: &str,
    variants: &[&VariantResults],
    goal_of: fn(&Goals) -> Option<Goal>,
) {
    let Some(figure) = find(figure) else { return };
    columns(text, label, variants.iter().map(|variant| with_error(variant, figure)));
    let goals = Vec::from_iter(variants.iter().map(|variant| goal_of(&variant.plan.measure.goals)));
    let Some(first) = goals.iter().flatten().next() else { return };
    let side = if first.at_least { "at least" } else { "at most" };
    let same = goals.iter().all(|goal| goal.as_ref().is_some_and(|goal| goal.goal == first.goal));
    let label = if same {
        format!("  goal: {side} {}", formatted(figure, first.goal))
    } else {
        format!("  goal ({side})")
    };
    let verdicts = variants.iter().zip(&goals).map(|(variant, goal)| {
        let (Some(goal), Some(mean)) = (goal, variant.sample(figure).mean()) else {
            return nothing();
        };
        let verdict = if goal.is_met(mean) { "met" } else { "missed" };
        if same {
            verdict.to_owned()
        } else {
            format!("{} {verdict}", formatted(figure, goal.goal))
        }
    });
    columns(text, &label, verdicts);
}

fn service_level_label(level: &ServiceLevel) -> String {
    let what = match level.at {
        ServiceLevelAt::Answer => "answered",
        ServiceLevelAt::Assignment => "assigned",
    };
    format!("{what} within {}", level.within)
}

/// A line of figures; none if it says nothing about any variant.
fn row(line: &Line, variants: &[&VariantResults]) -> Option<String> {
    let figure = find(line.figure)?;
    let values = Vec::from_iter(variants.iter().map(|variant| value(variant, figure)));
    values.iter().flatten().any(|&value| value != 0.0).then(|| {
        let mut text = String::new();
        let cell =
            |value: Option<f64>| value.map_or_else(nothing, |value| formatted(figure, value));
        columns(&mut text, line.label, values.into_iter().map(cell));
        text
    })
}

/// Counts and maxima as they are in one run; means and shares over everything.
fn value(variant: &VariantResults, figure: &Definition) -> Option<f64> {
    match figure.kind {
        Kind::Count => variant.sample(figure).mean(),
        Kind::Mean | Kind::Maximum => variant.pooled(figure),
    }
}

fn with_error(variant: &VariantResults, figure: &Definition) -> String {
    let sample = variant.sample(figure);
    let Some(mean) = sample.mean() else { return nothing() };
    let text = formatted(figure, mean);
    match (sample.standard_error(), figure.unit) {
        (Some(error), Unit::Share) => format!("{text} ± {:.1}", error * 100.0),
        (Some(error), _) => format!("{text} ± {}", number(error)),
        (None, _) => text,
    }
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
const COLUMN: usize = 16;
const LABEL: usize = WIDTH - COLUMNS * COLUMN;
const LINES_A_NAME: usize = 3;
