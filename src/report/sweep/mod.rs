//! What came of a sweep: a table and a page for people and every figure as CSV.

mod goal_columns;
mod sentences;
mod study;
mod sweep_charts;
mod sweep_page;

use std::fmt::Write as _;
use std::io;

use crate::experiment::VariantResults;
use crate::ledger::definitions::{Definition, FIGURES, find};
use crate::scenario::sweep_points::SweepPoint;
use crate::scenario::vary::Vary;

use self::goal_columns::{SweepColumn, figures_with_goals, goal_columns};
pub(super) use self::sweep_page::page;
use super::columns::{CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use super::goals::goals_of;
use super::notes::notes;
use super::report_data::Report;
use super::table::{ReportCell, ReportColumn, ReportTable};
use super::terminal::{WIDTH, broken, cut, wrapped};
use super::wording::level;

/// What was varied and what came of it.
pub struct SweepReport<'a> {
    /// What a report of it as of variants is made of; its results are those of the points.
    pub report: &'a Report<'a>,
    /// What took several values: one axis or two.
    pub varies: &'a [Vary],
    /// Every choice of values, in the order of the results.
    pub points: &'a [SweepPoint],
}

/// The table: a line a value of one key, or for each figure a table of the values of both keys.
pub fn table(sweep: &SweepReport<'_>) -> String {
    let mut text = heading(sweep);
    match sweep.varies {
        [key] => one_key(&mut text, sweep, key),
        [key, other] => two_keys(&mut text, sweep, key, other),
        _ => {}
    }
    text.push('\n');
    let same = "All choices of values face the same consumers.".to_owned();
    for note in std::iter::once(same).chain(notes(sweep.report)) {
        let _ = writeln!(text, "{}", wrapped(&note, 2));
    }
    text
}

/// `sweep.csv`: a row a choice of values; every figure, each followed by its standard error.
///
/// # Errors
///
/// The output cannot be written.
pub fn csv(sweep: &SweepReport<'_>, output: impl io::Write) -> io::Result<()> {
    let mut table = CsvTable::new(output);
    let keys = sweep.varies.iter().enumerate();
    let keys = keys.flat_map(|(axis, vary)| vary.keys.iter().map(move |key| (axis, key)));
    let columns = columns(&Vec::from_iter(keys));
    table.header(&columns)?;
    for (point, variant) in rows(sweep) {
        table.row(&columns, &SweepRow { point, variant, checked: sweep.report.checked })?;
    }
    table.finish()
}

/// A choice of values and what came of it.
pub(super) struct SweepRow<'a> {
    point: &'a SweepPoint,
    variant: &'a VariantResults,
    checked: bool,
}

/// The columns of `sweep.csv` over these keys, each with the position of its axis.
pub(super) fn columns<'a>(keys: &[(usize, &str)]) -> Vec<TableColumn<SweepRow<'a>>> {
    let keys = keys.iter().map(|&(axis, key)| {
        TableColumn::nth(axis, key.to_owned(), "", "Value of the key.", |row: &SweepRow<'_>, at| {
            TableCell::text(value(row.point, at))
        })
    });
    let fixed: &[TableColumn<SweepRow<'_>>] = columns! {
        checked "" = |row| TableCell::yes(row.checked), "Whether the invariants were checked.";
        replications "" = |row| TableCell::Whole(row.variant.pooled.as_ref().map_or(0, |outcome| outcome.replications)), "Replications that the figures come from.";
    };
    let figures = FIGURES.iter().enumerate().flat_map(|(at, figure)| {
        TableColumn::estimate(
            at,
            figure.into(),
            [
                |row: &SweepRow<'_>, at| {
                    TableCell::Number(
                        row.variant.estimate(&FIGURES[at]).map(|estimate| estimate.value),
                    )
                },
                |row: &SweepRow<'_>, at| {
                    let estimate = row.variant.estimate(&FIGURES[at]);
                    TableCell::Number(estimate.and_then(|estimate| estimate.standard_error))
                },
            ],
        )
    });
    keys.chain(fixed.iter().cloned()).chain(figures).collect()
}

fn heading(sweep: &SweepReport<'_>) -> String {
    let report = sweep.report;
    let mut text = format!("{}\n", cut(report.name, WIDTH));
    let replications = match report.results.planned {
        _ if let Some(interruption) = report.interruption() => interruption.count(),
        _ if report.results.batches.is_some() => "one run".to_owned(),
        1 => "1 replication".to_owned(),
        count => format!("{count} replications"),
    };
    let (count, seed) = (sweep.points.len(), report.seed());
    let variant = &report.background.swept;
    let about =
        format!("{count} choices of values in variant {variant}, {replications} each, seed {seed}");
    let _ = writeln!(text, "{}", wrapped(&about, 2));
    if report.has_intervals() {
        let variants = report.variants();
        let has_goals = variants.iter().any(|case| {
            case.outcome.is_some_and(|outcome| goals_of(&outcome.frame).next().is_some())
        });
        let open = if has_goals { "; ?: it holds the goal" } else { "" };
        let _ = writeln!(text, "±: {} interval{open}", level(report.confidence));
    }
    text
}

/// A column a figure, then one a goal.
fn one_key(text: &mut String, sweep: &SweepReport<'_>, key: &Vary) {
    let _ = writeln!(text, "\n{}", whole(&key.name()));
    text.push_str(&beside_each_other(sweep, figure_columns(sweep)).text());
    let goals = goal_columns(sweep.report);
    if !goals.is_empty() {
        let _ = write!(text, "\nGoals\n{}", beside_each_other(sweep, goals).text());
    }
}

/// Columns behind the values of the only key.
fn beside_each_other(sweep: &SweepReport<'_>, columns: Vec<SweepColumn>) -> ReportTable {
    let mut table = over(columns.iter().map(|column| column.head.as_str()));
    let mut columns = Vec::from_iter(columns.into_iter().map(|column| column.cells.into_iter()));
    for point in sweep.points {
        let cells = columns.iter_mut().map(|cells| cells.next().unwrap_or(ReportCell::Nothing));
        table.push(None, row(point, cells));
    }
    table
}

/// One table a figure, then one a goal.
fn two_keys(text: &mut String, sweep: &SweepReport<'_>, key: &Vary, other: &Vary) {
    let goals = goal_columns(sweep.report).into_iter();
    let goals = goals.map(|goal| SweepColumn { head: format!("goal: {}", goal.head), ..goal });
    for column in figure_columns(sweep).into_iter().chain(goals) {
        let _ = writeln!(text, "\n{}", whole(&column.head));
        let _ = writeln!(text, "{}", whole(&format!("down {}", key.name())));
        let _ = writeln!(text, "{}", whole(&format!("across {}", other.name())));
        let mut table = over(other.values.iter().map(String::as_str));
        let (mut cells, width) = (column.cells.into_iter(), other.values.len());
        for across in sweep.points.chunks(width) {
            let Some(point) = across.first() else { continue };
            table.push(None, row(point, cells.by_ref().take(width)));
        }
        text.push_str(&table.text());
    }
}

/// A table with values of a key at the beginning of each row.
fn over<'a>(heads: impl Iterator<Item = &'a str>) -> ReportTable {
    let columns = heads.map(|head| ReportColumn::new(head).right(15).behind(1));
    ReportTable::of("", std::iter::once(ReportColumn::default().left(14)).chain(columns))
}

fn row(point: &SweepPoint, cells: impl Iterator<Item = ReportCell>) -> Vec<ReportCell> {
    std::iter::once(ReportCell::text(value(point, 0))).chain(cells).collect()
}

fn rows<'a>(sweep: &SweepReport<'a>) -> impl Iterator<Item = (&'a SweepPoint, &'a VariantResults)> {
    sweep.points.iter().zip(&sweep.report.results.variants)
}

/// What planners look at first, and what has a goal; a feature that never acted gets no column.
fn figure_columns(sweep: &SweepReport<'_>) -> Vec<SweepColumn> {
    let (report, variants) = (sweep.report, sweep.report.variants());
    let usual = Vec::from_iter(SHOWN.iter().filter_map(|name| find(name)));
    let others = figures_with_goals(&variants).filter(|figure| !usual.contains(figure));
    let speaks = |figure: &&Definition| {
        let mut estimates = variants.iter().filter_map(|case| case.estimate(figure));
        estimates.any(|estimate| estimate.value != 0.0)
    };
    let figures = usual.iter().copied().chain(others).filter(speaks);
    let columns = figures.map(|figure| SweepColumn {
        head: figure.short_label.to_owned(),
        cells: variants.iter().map(|case| case.cell(figure, report.confidence)).collect(),
    });
    columns.collect()
}

/// The value of an axis.
fn value(point: &SweepPoint, axis: usize) -> &str {
    point.values.get(axis).map_or("", |varied| varied.value.as_str())
}

/// A text over as many lines as it takes.
fn whole(text: &str) -> String {
    broken(text, WIDTH).join("\n")
}

const SHOWN: [&str; 4] = ["service_level", "abandonment", "reassignments", "first_response_mean"];
