//! `columns.csv`: what stands in every column of every file, and what every figure means.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::ledger::definitions::FIGURES;

use super::cells::{Cell, Column, Table, columns};
use super::{parts, replications, rows, tables};

/// `columns.csv`.
pub(super) fn columns_csv(output: impl Write) -> io::Result<()> {
    let mut table = Table::new(output);
    table.header(COLUMNS)?;
    for figure in FIGURES {
        let row = Entry {
            file: "summary.json",
            name: figure.name.into(),
            unit: figure.unit.name(),
            text: figure.text.into(),
        };
        table.row(COLUMNS, &row)?;
    }
    describe(&mut table, "intervals.csv", tables::interval_columns())?;
    describe(&mut table, "agents.csv", tables::agent_columns())?;
    for (name, unit, text) in replications::columns() {
        let (name, text) = (name.into(), text.into());
        table.row(COLUMNS, &Entry { file: replications::NAME, name, unit, text })?;
    }
    describe(&mut table, "skills.csv", parts::skill_columns())?;
    describe(&mut table, "groups.csv", parts::group_columns())?;
    describe(&mut table, "instants.csv", parts::instant_columns())?;
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
        let (name, text) = (column.name.into(), column.text.into());
        let row = Entry { file, name, unit: column.unit, text };
        table.row(COLUMNS, &row)?;
    }
    Ok(())
}

struct Entry {
    file: &'static str,
    name: Cow<'static, str>,
    unit: &'static str,
    text: Cow<'static, str>,
}

static COLUMNS: &[Column<Entry>] = columns! {
    file "" = |row| Cell::word(row.file), "File.";
    column "" = |row| Cell::word(row.name.clone()), "Column or figure.";
    unit "" = |row| Cell::word(row.unit), "Unit.";
    meaning "" = |row| Cell::text(row.text.clone()), "What it means.";
};
