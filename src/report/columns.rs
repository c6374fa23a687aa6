//! The data dictionary: what stands in every column of every file, and what every figure means.

use std::io;

use crate::ledger::definitions::{FIGURES, find};

use super::cells::{Cell, Column, Head, Sink, Table as _, columns};
use super::files::FILES;
use super::{Report, optimize, replications, rows, sensitivity, sweep};

/// Name of the file.
pub(super) const NAME: &str = "columns.csv";

/// A row a column of each file.
pub(super) fn dictionary(report: &Report<'_>, table: &mut dyn Sink) -> io::Result<()> {
    header(table)?;
    File { name: "summary.json", table }.heads(&mut FIGURES.iter().map(Head::from))?;
    for listed in FILES {
        (listed.write)(report, &mut File { name: listed.file, table })?;
    }
    describe(table, replications::NAME, &replications::columns())?;
    describe(table, "sweep.csv", &sweep::columns(&["KEY"]))?;
    describe(table, "conversations.csv", rows::conversation_columns())?;
    describe(table, "audit.csv", rows::audit_columns())?;
    describe(table, "sensitivity --csv", &sensitivity::columns())?;
    let goals = ["service_level", "abandonment", "reassignments"];
    describe(table, "optimize --csv", &optimize::columns(goals.into_iter().filter_map(find)))?;
    describe(table, "optimize --curve", &optimize::curve_columns())
}

/// What stands above all rows.
pub(super) fn header(table: &mut dyn Sink) -> io::Result<()> {
    table.header(COLUMNS)
}

/// A row a column of one file.
pub(super) fn describe<Row>(
    table: &mut dyn Sink,
    name: &'static str,
    columns: &[Column<Row>],
) -> io::Result<()> {
    File { name, table }.header(columns)
}

/// Takes the columns of a file down; what is in its rows is of no interest.
struct File<'a> {
    name: &'static str,
    table: &'a mut dyn Sink,
}

impl Sink for File<'_> {
    fn heads(&mut self, heads: &mut dyn Iterator<Item = Head<'_>>) -> io::Result<()> {
        for Head { name, unit, text } in heads {
            let (name, text) = (name.to_owned(), text.to_owned());
            self.table.row(COLUMNS, &Entry { file: self.name, name, unit, text })?;
        }
        Ok(())
    }

    fn cells(&mut self, _: &mut dyn Iterator<Item = Cell>) -> io::Result<()> {
        Ok(())
    }
}

struct Entry {
    file: &'static str,
    name: String,
    unit: &'static str,
    text: String,
}

static COLUMNS: &[Column<Entry>] = columns! {
    file "" = |row| Cell::word(row.file), "File.";
    column "" = |row| Cell::word(&row.name), "Column or figure.";
    unit "" = |row| Cell::word(row.unit), "Unit.";
    meaning "" = |row| Cell::text(&row.text), "What it means.";
};
