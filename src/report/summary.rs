//! The summary on the terminal: at most 80 columns, variants side by side, the verdict first.

use std::fmt::Write as _;

use crate::base::time::Span;
use crate::ledger::definitions::find;
use crate::ledger::objectives::OBJECTIVES;

use super::goals::goal_of;
use super::notes::notes;
use super::report_data::{Report, VariantData};
use super::summary_rows::SummaryRows;
use super::table::{ReportColumn, ReportTable};
use super::terminal::wrapped;
use super::{format, run_title, wording};

/// The summary.
pub fn summary(report: &Report<'_>) -> String {
    let mut text = heading(report);
    for variants in blocks(&report.variants()) {
        let mut table = beside_each_other(variants.iter().map(|case| case.name));
        let has_goal = |name: &str| {
            find(name).is_some_and(|it| variants.iter().any(|case| goal_of(case, it).is_some()))
        };
        let always = ["service_level", "abandonment"];
        let others = OBJECTIVES.iter().map(|objective| objective.figure);
        let others = others.filter(|name| !always.contains(name) && has_goal(name));
        let judged = Vec::from_iter(always.into_iter().chain(others).filter_map(find));
        SummaryRows { variants, rule: report.rule() }.all(&mut table, &judged);
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
    let mut text = run_title::heading(report.name, report.question);
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
        _ if let Some(interruption) = report.interruption() => interruption.count(),
        _ if report.results.batches.is_some() => "one run".to_owned(),
        1 => format!("replication {}", report.replications.start),
        count => format!("{count} replications"),
    };
    format!(
        "{replications} of {} to {}, seed {}",
        format::clock_of_day(&run.calendar, Default::default()),
        format::clock_of_day(&run.calendar, run.until),
        run.seed,
    )
}

/// The variants of each block of columns; the base comes first in each.
fn blocks<'a>(variants: &'a [VariantData<'a>]) -> Vec<Vec<&'a VariantData<'a>>> {
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
    ReportTable::of("", std::iter::once(ReportColumn::default().left(LABEL).whole()).chain(columns))
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
