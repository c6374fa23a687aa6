//! `columns.csv`: what stands in every column of every file, and what every figure means.

use std::io::{self, Write};

use crate::ledger::definitions::FIGURES;

use super::cells::{Cell, Column, Table, columns};
use super::{rows, tables};

/// `columns.csv`.
pub(super) fn columns_csv(output: impl Write) -> io::Result<()> {
    let mut table = Table::new(output);
    table.header(COLUMNS)?;
    for figure in FIGURES {
        let row = Entry {
            file: "summary.json",
            name: figure.name,
            unit: figure.unit.name(),
            text: figure.text,
        };
        table.row(COLUMNS, &row)?;
    }
    describe(&mut table, "intervals.csv", tables::interval_columns())?;
    describe(&mut table, "agents.csv", tables::agent_columns())?;
    describe(&mut table, "conversations.csv", rows::conversation_columns())?;
    describe(&mut table, "audit.csv", rows::audit_columns())?;
    table.finish()
}

fn describe<Row, W: Write>(
    table: &mut Table<W>,
    file: &'static str,
    columns: &[Column<Row>],
) -> io::Result<()> {
    for column in columns {
        let row = Entry { file, name: column.name, unit: column.unit, text: column.text };
        table.row(COLUMNS, &row)?;
    }
    Ok(())
}

struct Entry {
    file: &'static str,
    name: &'static str,
    unit: &'static str,
    text: &'static str,
}

static COLUMNS: &[Column<Entry>] = columns! {
    file "" = |row| Cell::word(row.file), "File.";
    column "" = |row| Cell::word(row.name), "Column or figure.";
    unit "" = |row| Cell::word(row.unit), "Unit.";
    meaning "" = |row| Cell::text(row.text), "What it means.";
};
