//! The summary on the terminal: at most 80 columns, variants side by side, the verdict first.

use std::fmt::Write as _;

use crate::base::time::Span;
use crate::experiment::VariantResults;
use crate::experiment::compare::{Comparison, Rule};
use crate::ledger::definitions::{self, Definition, FigureKind, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::ledger::settings::{ServiceLevel, ServiceLevelAt};

use super::format::formatted;
use super::goals::goals;
use super::notes::notes;
use super::report_data::Report;
use super::table::{ReportCell, ReportColumn, ReportTable, labelled};
use super::terminal::{WIDTH, cut, wrapped};
use super::{format, wording};

/// The summary.
pub fn summary(report: &Report<'_>) -> String {
    let mut text = heading(report);
    for variants in blocks(&report.results.variants) {
        let names = variants.iter().map(|variant| variant.name.as_str());
        let mut table = beside_each_other(names);
        verdict(&mut table, &variants, report.confidence);
        against(&mut table, &variants, &report.rule());
        for part in definitions::summary() {
            let figures = part.figures.into_iter();
            let rows = figures.filter_map(|figure| row(figure, &variants, report.confidence));
            table.part(part.heading, rows.collect());
        }
        let _ = write!(text, "\n{}", table.text());
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

/// A column for each of up to three, beside the labels of rows.
pub(super) fn beside_each_other<'a>(heads: impl Iterator<Item = &'a str>) -> ReportTable {
    let columns = heads.map(|head| ReportColumn::new(head).right(16).behind(1));
    ReportTable::of("", std::iter::once(ReportColumn::default().left(LABEL)).chain(columns))
}

/// Service level, abandonment and reassignments against their goals.
fn verdict(table: &mut ReportTable, variants: &[&VariantResults], confidence: f64) {
    let Some(base) = variants.first() else { return };
    let label = service_level_label(&base.plan.measure.service_level);
    judged(table, &label, "service_level", variants, confidence);
    judged(table, definitions::label("abandonment"), "abandonment", variants, confidence);
    if variants.iter().any(|variant| variant.plan.measure.goals.reassignments.is_some()) {
        let label = definitions::label("reassignments");
        judged(table, label, "reassignments", variants, confidence);
    }
}

/// A figure with its interval, and below it whether its goal is met.
fn judged(
    table: &mut ReportTable,
    label: &str,
    figure: &str,
    variants: &[&VariantResults],
    confidence: f64,
) {
    let Some(figure) = find(figure) else { return };
    table.push(None, labelled(label.to_owned(), figures(figure, variants, confidence)));
    let goal_of = |variant: &&VariantResults| {
        goals(&variant.plan.measure.goals).find(|goal| goal.figure.name == figure.name)
    };
    let goals = Vec::from_iter(variants.iter().map(goal_of));
    let Some(first) = goals.iter().flatten().next() else { return };
    let side = first.side();
    let same = goals.iter().all(|goal| goal.is_some_and(|goal| goal.target == first.target));
    let label = if same {
        format!("  goal: {side} {}", formatted(figure, first.target))
    } else {
        format!("  goal ({side})")
    };
    let verdicts = variants.iter().zip(&goals).map(|(variant, goal)| {
        let (Some(goal), Some(estimate)) = (goal, variant.estimate(figure)) else {
            return ReportCell::Nothing;
        };
        let standing = goal.standing(&estimate, confidence);
        match same {
            true => standing.into(),
            false => {
                let target = formatted(figure, goal.target);
                ReportCell::word(format!("{target} {}", standing.word()))
            }
        }
    });
    table.push(None, labelled(label, verdicts));
}

fn service_level_label(level: &ServiceLevel) -> String {
    let what = match level.at {
        ServiceLevelAt::Answer => "answered",
        ServiceLevelAt::Assignment => "assigned",
    };
    format!("{what} within {}", level.within)
}

/// A line of figures; none if it says nothing about any variant.
fn row(
    figure: &'static Definition,
    variants: &[&VariantResults],
    confidence: f64,
) -> Option<Vec<ReportCell>> {
    let says_something = |variant: &&VariantResults| {
        variant.estimate(figure).is_some_and(|estimate| estimate.value != 0.0)
    };
    let cells = || labelled(figure.row_label(), figures(figure, variants, confidence));
    variants.iter().any(says_something).then(cells)
}

/// A figure and half its interval of each variant; the highest of all replications has none.
fn figures(
    figure: &'static Definition,
    variants: &[&VariantResults],
    confidence: f64,
) -> impl Iterator<Item = ReportCell> {
    variants.iter().map(move |variant| match figure.kind {
        FigureKind::Maximum => ReportCell::figure(figure, variant.pooled(figure)),
        _ => ReportCell::estimate(figure, variant.estimate(figure).as_ref(), confidence),
    })
}

/// The other variants less the base, figure by figure, with the verdict below.
fn against(table: &mut ReportTable, variants: &[&VariantResults], rule: &Rule) {
    let Some((base, others)) = variants.split_first() else { return };
    let compared =
        Vec::from_iter(others.iter().map(|other| rule.judge(&base.series, &other.series)));
    let mut rows = Vec::new();
    for objective in &OBJECTIVES {
        let of_aim = |compared: &Vec<Comparison>| {
            compared.iter().find(|comparison| comparison.figure.name == objective.figure).copied()
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
        let mut row = |label: &str, cell: &dyn Fn(&Comparison) -> ReportCell| {
            let others = line.iter().map(|other| other.as_ref().map_or(ReportCell::Nothing, cell));
            rows.push(labelled(label.to_owned(), std::iter::once(ReportCell::Blank).chain(others)));
        };
        row(wording::label(objective), &|comparison| {
            ReportCell::estimate(figure, Some(&comparison.difference), rule.confidence)
        });
        let matters = wording::matters(objective, &rule.thresholds);
        row(&matters, &|comparison| ReportCell::word(wording::verdict(&comparison.verdict)));
    }
    table.part(format!("Against {}", cut(&base.name, 60)), rows);
}

/// Variants beside each other.
const COLUMNS: usize = 3;
/// Of the labels of rows beside them.
const LABEL: usize = 29;

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::ledger::definitions::FIGURES;

    #[test]
    fn no_label_of_a_figure_is_cut() {
        for figure in FIGURES {
            let label = figure.row_label();
            assert!(label.width() <= LABEL, "{label}");
        }
    }
}
