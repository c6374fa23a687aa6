//! The summary on the terminal: at most 80 columns, variants side by side, the verdict first.

use std::fmt::Write as _;

use crate::base::time::Span;
use crate::experiment::VariantResults;
use crate::experiment::compare::{Comparison, Rule};
use crate::experiment::interval::Estimate;
use crate::ledger::aims::AIMS;
use crate::ledger::definitions::{Definition, Kind, find};
use crate::ledger::settings::{Goals, ServiceLevel, ServiceLevelAt};

use super::grid::{COLUMN, columns, formatted, nothing, with_interval};
use super::layout::{WIDTH, cut, folded, wrapped};
use super::lines::{Line, PARTS};
use super::notes::notes;
use super::{Report, comparison, layout};

/// The summary.
pub fn summary(report: &Report<'_>) -> String {
    let mut text = heading(report);
    for variants in blocks(&report.results.variants) {
        text.push('\n');
        text.push_str(&names(&variants));
        text.push_str(&verdict(&variants, report.confidence));
        text.push_str(&against(&variants, &report.rule()));
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
    let count = report.results.planned;
    let replications = match count {
        _ if report.results.batches.is_some() => "one run".to_owned(),
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
    if run.warm_up > Span::ZERO {
        let found = if report.warm_up.is_some() { " (found by MSER-5)" } else { "" };
        let _ = writeln!(text, "measured after a warm-up of {}{found}", run.warm_up);
    }
    if report.has_intervals() {
        let level = comparison::level(report.confidence);
        let _ = writeln!(text, "±: {level} interval; ?: it holds the goal");
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
    let Some(figure) = find(figure) else { return String::new() };
    let text = columns(label, variants.iter().map(|variant| value(variant, figure, confidence)));
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
    text + &columns(&label, verdicts)
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
        let cells = variants.iter().map(|variant| value(variant, figure, confidence));
        columns(line.label, cells)
    })
}

/// A figure and half its interval; the highest of all replications has none.
fn value(variant: &VariantResults, figure: &Definition, confidence: f64) -> String {
    if figure.kind == Kind::Maximum {
        return variant.pooled(figure).map_or_else(nothing, |value| formatted(figure, value));
    }
    let estimate = variant.estimate(figure);
    estimate.map_or_else(nothing, |estimate| with_interval(figure, &estimate, confidence))
}

/// The other variants less the base, figure by figure, with the verdict below.
fn against(variants: &[&VariantResults], rule: &Rule) -> String {
    let Some((base, others)) = variants.split_first() else { return String::new() };
    let compared =
        Vec::from_iter(others.iter().map(|other| rule.judge(&base.series, &other.series)));
    let mut text = String::new();
    for aim in &AIMS {
        let of_aim = |compared: &Vec<Comparison>| {
            compared.iter().find(|comparison| comparison.figure.name == aim.figure).copied()
        };
        let line = Vec::from_iter(compared.iter().map(of_aim));
        let Some(figure) = line.iter().flatten().next().map(|comparison| comparison.figure) else {
            continue;
        };
        let is_zero = |results: &&VariantResults| {
            results.estimate(figure).is_none_or(|estimate| estimate.value == 0.0)
        };
        if variants.iter().all(is_zero) {
            continue;
        }
        let cells = |cell: &dyn Fn(&Comparison) -> String| {
            let others = line.iter().map(|other| other.as_ref().map_or_else(nothing, cell));
            Vec::from_iter(std::iter::once(String::new()).chain(others))
        };
        let difference = |comparison: &Comparison| {
            with_interval(figure, &comparison.difference, rule.confidence)
        };
        text += &columns(comparison::label(aim), cells(&difference).into_iter());
        let verdict = |comparison: &Comparison| comparison::verdict(&comparison.verdict);
        let matters = comparison::matters(aim, &rule.thresholds);
        text += &columns(&matters, cells(&verdict).into_iter());
    }
    if text.is_empty() { text } else { format!("\nAgainst {}\n{text}", cut(&base.name, 60)) }
}

/// The head of each column, on as many lines as the longest name takes.
fn names(variants: &[&VariantResults]) -> String {
    let names = variants.iter().map(|variant| folded(&variant.name, COLUMN - 1, LINES_A_NAME));
    let names = Vec::from_iter(names);
    let height = names.iter().map(Vec::len).max().unwrap_or(0);
    let line = |line: usize| {
        let cells = names.iter().map(|lines| {
            let above = height - lines.len();
            line.checked_sub(above).map(|line| lines[line].clone()).unwrap_or_default()
        });
        columns("", cells)
    };
    (0..height).map(line).collect()
}

/// Variants beside each other.
const COLUMNS: usize = 3;
const LINES_A_NAME: usize = 3;
