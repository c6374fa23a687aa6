//! The summary on the terminal: at most 80 columns, variants side by side, the verdict first.

use std::fmt::Write as _;

use crate::base::time::Span;
use crate::experiment::VariantResults;
use crate::experiment::compare::{Comparison, Rule};
use crate::ledger::definitions::{self, Definition, FigureKind, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::ledger::settings::{ServiceLevel, ServiceLevelAt};

use super::format::{COLUMN, formatted, nothing, with_interval};
use super::goals::goals;
use super::notes::notes;
use super::report_data::Report;
use super::terminal::{WIDTH, columns, cut, folded, wrapped};
use super::{format, wording};

/// The summary.
pub fn summary(report: &Report<'_>) -> String {
    let mut text = heading(report);
    for variants in blocks(&report.results.variants) {
        text.push('\n');
        text.push_str(&names(&variants));
        text.push_str(&verdict(&variants, report.confidence));
        text.push_str(&against(&variants, &report.rule()));
        for part in definitions::summary() {
            let figures = part.figures.iter();
            let lines: String =
                figures.filter_map(|figure| row(figure, &variants, report.confidence)).collect();
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
    let _ = writeln!(text, "{}", run_of(report));
    let run = &base.plan.run;
    if run.warm_up > Span::ZERO {
        let found = if report.warm_up.is_some() { " (found by MSER-5)" } else { "" };
        let _ = writeln!(text, "measured after a warm-up of {}{found}", run.warm_up);
    }
    if report.has_intervals() {
        let level = wording::level(report.confidence);
        let _ = writeln!(text, "±: {level} interval; ?: it holds the goal");
    }
    text
}

/// What was run: `20 replications of 08:00 to 22:00, seed 2026`.
pub(super) fn run_of(report: &Report<'_>) -> String {
    let Some(base) = report.results.variants.first() else { return String::new() };
    let run = &base.plan.run;
    let replications = match report.results.planned {
        _ if report.results.batches.is_some() => "one run".to_owned(),
        1 => format!("replication {}", report.replications.start),
        count => format!("{count} replications"),
    };
    format!(
        "{replications} of {} to {}, seed {}",
        format::clock_of_day(run.starts_at, Default::default()),
        format::clock_of_day(run.starts_at, run.until),
        run.seed,
    )
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
    let mut text = judged(&label, "service_level", variants, confidence);
    text += &judged(definitions::label("abandonment"), "abandonment", variants, confidence);
    if variants.iter().any(|variant| variant.plan.measure.goals.reassignments.is_some()) {
        let label = definitions::label("reassignments");
        text += &judged(label, "reassignments", variants, confidence);
    }
    text
}

/// A figure with its interval, and below it whether its goal is met.
fn judged(label: &str, figure: &str, variants: &[&VariantResults], confidence: f64) -> String {
    let Some(figure) = find(figure) else { return String::new() };
    let text = columns(label, variants.iter().map(|variant| value(variant, figure, confidence)));
    let goal_of = |variant: &&VariantResults| {
        goals(&variant.plan.measure.goals).find(|goal| goal.figure.name == figure.name)
    };
    let goals = Vec::from_iter(variants.iter().map(goal_of));
    let Some(first) = goals.iter().flatten().next() else { return text };
    let side = first.side();
    let same = goals.iter().all(|goal| goal.is_some_and(|goal| goal.target == first.target));
    let label = if same {
        format!("  goal: {side} {}", formatted(figure, first.target))
    } else {
        format!("  goal ({side})")
    };
    let verdicts = variants.iter().zip(&goals).map(|(variant, goal)| {
        let (Some(goal), Some(estimate)) = (goal, variant.estimate(figure)) else {
            return nothing();
        };
        let verdict = goal.standing(&estimate, confidence).word();
        match same {
            true => verdict.to_owned(),
            false => format!("{} {verdict}", formatted(figure, goal.target)),
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
fn row(figure: &Definition, variants: &[&VariantResults], confidence: f64) -> Option<String> {
    let says_something = |variant: &&VariantResults| {
        variant.estimate(figure).is_some_and(|estimate| estimate.value != 0.0)
    };
    variants.iter().any(says_something).then(|| {
        let cells = variants.iter().map(|variant| value(variant, figure, confidence));
        columns(&figure.row_label(), cells)
    })
}

/// A figure and half its interval; the highest of all replications has none.
fn value(variant: &VariantResults, figure: &Definition, confidence: f64) -> String {
    if figure.kind == FigureKind::Maximum {
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
    for aim in &OBJECTIVES {
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
        text += &columns(wording::label(aim), cells(&difference).into_iter());
        let verdict = |comparison: &Comparison| wording::verdict(&comparison.verdict);
        let matters = wording::matters(aim, &rule.thresholds);
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
