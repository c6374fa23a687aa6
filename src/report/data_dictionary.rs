//! The data dictionary: what stands in every column of every file, and what every figure means.

use std::io;

use crate::ledger::definitions::{FIGURES, find};
use crate::ledger::settings::Goals;

use super::columns::{ColumnHead, TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::csv_files::FILES;
use super::report_data::Report;
use super::{audit_csv, conversations_csv, optimize, replications_csv, sensitivity, sweep};

/// Name of the file.
pub(super) const NAME: &str = "columns.csv";

/// A row a column of each file.
pub(super) fn dictionary(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    header(table)?;
    ColumnLister { name: "summary.json", table }
        .heads(&mut FIGURES.iter().map(ColumnHead::from))?;
    for listed in FILES {
        (listed.write)(report, &mut ColumnLister { name: listed.file, table })?;
    }
    let base = report.results.variants.first();
    let goals = base.map_or(&[][..], |base| &base.plan.measure.part_goals);
    describe(table, replications_csv::NAME, &replications_csv::columns(goals))?;
    describe(table, "sweep.csv", &sweep::columns(&[(0, "KEY")]))?;
    describe(table, "conversations.csv", conversations_csv::conversation_columns())?;
    describe(table, "audit.csv", audit_csv::audit_columns())?;
    describe(table, "sensitivity --csv", &sensitivity::columns())?;
    let goals = Goals::default().all().into_iter();
    let goals = goals.filter_map(|goal| Some((goal.figure.to_owned(), find(goal.figure)?)));
    describe(table, "optimize --csv", &optimize::columns(goals))?;
    describe(table, "optimize --curve", &optimize::curve_columns())
}

/// What stands above all rows.
pub(super) fn header(table: &mut dyn TableSink) -> io::Result<()> {
    table.header(COLUMNS)
}

/// A row a column of one file.
pub(super) fn describe<Row>(
    table: &mut dyn TableSink,
    name: &'static str,
    columns: &[TableColumn<Row>],
) -> io::Result<()> {
    ColumnLister { name, table }.header(columns)
}

/// Takes the columns of a file down; what is in its rows is of no interest.
struct ColumnLister<'a> {
    name: &'static str,
    table: &'a mut dyn TableSink,
}

impl TableSink for ColumnLister<'_> {
    fn heads(&mut self, heads: &mut dyn Iterator<Item = ColumnHead<'_>>) -> io::Result<()> {
        for ColumnHead { name, unit, text } in heads {
            let (name, text) = (name.to_owned(), text.to_owned());
            self.table.row(COLUMNS, &DictionaryRow { file: self.name, name, unit, text })?;
        }
        Ok(())
    }

    fn cells(&mut self, _: &mut dyn Iterator<Item = TableCell>) -> io::Result<()> {
        Ok(())
    }
}

struct DictionaryRow {
    file: &'static str,
    name: String,
    unit: &'static str,
    text: String,
}

static COLUMNS: &[TableColumn<DictionaryRow>] = columns! {
    file "" = |row| TableCell::word(row.file), "File.";
    column "" = |row| TableCell::word(&row.name), "Column or figure.";
    unit "" = |row| TableCell::word(row.unit), "Unit.";
    meaning "" = |row| TableCell::text(&row.text), "What it means.";
};
