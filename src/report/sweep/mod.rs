//! What came of a sweep: a table and a page for people and every figure as CSV.

mod sentences;
mod study;
mod sweep_charts;
mod sweep_page;

use std::fmt::Write as _;
use std::io;

use crate::experiment::VariantResults;
use crate::ledger::definitions::{Definition, FIGURES, find};
use crate::scenario::Setting;
use crate::scenario::sweep_points::SweepPoint;
use crate::scenario::vary::Vary;

pub(super) use self::sweep_page::page;
use super::columns::{CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use super::figure_format::FigureFormats;
use super::notes::notes;
use super::report_data::Report;
use super::table::{ReportCell, ReportColumn, ReportTable};
use super::terminal::{WIDTH, cut, wrapped};
use super::wording::level;

/// What was varied and what came of it.
pub struct SweepReport<'a> {
    /// What a report of it as of variants is made of; its results are those of the points.
    pub report: &'a Report<'a>,
    /// The keys that took several values: one or two.
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
    let keys = Vec::from_iter(sweep.varies.iter().map(|vary| vary.key.as_str()));
    let columns = columns(&keys);
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

/// The columns of `sweep.csv` over these keys.
pub(super) fn columns<'a>(keys: &[&str]) -> Vec<TableColumn<SweepRow<'a>>> {
    let keys = keys.iter().enumerate().map(|(at, &key)| {
        TableColumn::nth(at, key.to_owned(), "", "Value of the key.", |row: &SweepRow<'_>, at| {
            TableCell::text(value(&row.point.settings, at))
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
    let _ = writeln!(text, "{count} choices of values, {replications} each, seed {seed}");
    if report.has_intervals() {
        let _ = writeln!(text, "±: {} interval", level(report.confidence));
    }
    text
}

fn one_key(text: &mut String, sweep: &SweepReport<'_>, key: &Vary) {
    let figures = shown(sweep);
    let formats = sweep.report.formats();
    let _ = writeln!(text, "\n{}", cut(&key.key, WIDTH));
    let mut table = over(figures.iter().map(|figure| figure.short_label));
    for (point, variant) in rows(sweep) {
        let cells = figures.iter().map(|figure| cell(sweep, &formats, variant, figure));
        table.push(None, row(point, cells));
    }
    text.push_str(&table.text());
}

/// One table a figure.
fn two_keys(text: &mut String, sweep: &SweepReport<'_>, key: &Vary, other: &Vary) {
    let (results, formats) = (Vec::from_iter(rows(sweep)), sweep.report.formats());
    for figure in shown(sweep) {
        let _ = writeln!(text, "\n{}", figure.short_label);
        let _ = writeln!(text, "{}", cut(&format!("down {}", key.key), WIDTH));
        let _ = writeln!(text, "{}", cut(&format!("across {}", other.key), WIDTH));
        let mut table = over(other.values.iter().map(String::as_str));
        for across in results.chunks(other.values.len()) {
            let Some((point, _)) = across.first() else { continue };
            let cells = across.iter().map(|(_, variant)| cell(sweep, &formats, variant, figure));
            table.push(None, row(point, cells));
        }
        text.push_str(&table.text());
    }
}

/// A table with values of a key at the beginning of each row.
fn over<'a>(heads: impl Iterator<Item = &'a str>) -> ReportTable {
    let columns = heads.map(|head| ReportColumn::new(head).right(16));
    ReportTable::of("", std::iter::once(ReportColumn::default().left(14)).chain(columns))
}

fn row(point: &SweepPoint, cells: impl Iterator<Item = ReportCell>) -> Vec<ReportCell> {
    std::iter::once(ReportCell::text(value(&point.settings, 0))).chain(cells).collect()
}

fn rows<'a>(sweep: &SweepReport<'a>) -> impl Iterator<Item = (&'a SweepPoint, &'a VariantResults)> {
    sweep.points.iter().zip(&sweep.report.results.variants)
}

/// What planners look at first; a feature that never acted gets no column.
fn shown(sweep: &SweepReport<'_>) -> Vec<&'static Definition> {
    let speaks = |figure: &&Definition| {
        let mut estimates = rows(sweep).filter_map(|(_, variant)| variant.estimate(figure));
        estimates.any(|estimate| estimate.value != 0.0)
    };
    SHOWN.iter().filter_map(|name| find(name)).filter(speaks).collect()
}

fn cell(
    sweep: &SweepReport<'_>,
    formats: &FigureFormats,
    variant: &VariantResults,
    figure: &Definition,
) -> ReportCell {
    let (format, confidence) = (formats.of(figure), sweep.report.confidence);
    ReportCell::estimate(format, variant.estimate(figure).as_ref(), confidence)
}

fn value(settings: &[Setting], position: usize) -> &str {
    settings.get(position).map_or("", |setting| setting.value.as_str())
}

const SHOWN: [&str; 4] = ["service_level", "abandonment", "reassignments", "first_response_mean"];
