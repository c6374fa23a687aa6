//! Cells of CSV files that no spreadsheet takes for something else.

use std::io::{self, Write};

use crate::base::time::{Span, Time};

/// A column: its name, what stands in it, and how it comes from a row.
pub(super) struct Column<Row> {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) text: &'static str,
    pub(super) cell: fn(&Row) -> Cell,
}

/// What stands in a cell.
pub(super) enum Cell {
    /// Written by people: a name.
    Text(String),
    /// One of a few words of ours, or a clock time.
    Word(String),
    Number(Option<f64>),
    Whole(u64),
}

/// A line a column: `name unit = cell, text;`.
macro_rules! columns {
    ($($name:ident $unit:literal = $cell:expr, $text:literal;)+) => {
        &[$($crate::report::cells::Column {
            name: stringify!($name),
            unit: $unit,
            text: $text,
            cell: $cell,
        }),+]
    };
}

pub(super) use columns;

/// A CSV file that is being written.
pub(super) struct Table<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    pub(super) fn new(output: W) -> Self {
        Self { writer: csv::Writer::from_writer(output) }
    }

    pub(super) fn header<Row>(&mut self, columns: &[Column<Row>]) -> io::Result<()> {
        let names = columns.iter().map(|column| column.name);
        self.writer.write_record(names).map_err(io::Error::from)
    }

    pub(super) fn row<Row>(&mut self, columns: &[Column<Row>], row: &Row) -> io::Result<()> {
        let cells = columns.iter().map(|column| (column.cell)(row).written());
        self.writer.write_record(cells).map_err(io::Error::from)
    }

    /// A row whose columns are known only now.
    pub(super) fn record(&mut self, cells: impl Iterator<Item = Cell>) -> io::Result<()> {
        self.writer.write_record(cells.map(Cell::written)).map_err(io::Error::from)
    }

    /// Everything reaches the output.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn word(word: impl Into<String>) -> Self {
        Self::Word(word.into())
    }

    /// Seconds from the start of the run, or nothing.
    pub(super) fn time(time: Option<Time>) -> Self {
        Self::Number(time.map(Time::as_secs_f64))
    }

    /// Seconds.
    pub(super) fn span(span: Span) -> Self {
        Self::Number(Some(span.as_secs_f64()))
    }

    fn written(self) -> String {
        match self {
            Self::Text(text) => harmless(text),
            Self::Word(word) => word,
            Self::Number(Some(number)) => decimal(number),
            Self::Number(None) => String::new(),
            Self::Whole(number) => number.to_string(),
        }
    }
}

/// Text that a spreadsheet would take for a formula gets an apostrophe in front.
pub(super) fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

/// At most six decimals, none that say nothing.
fn decimal(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_a_formula_and_numbers_are_never_text() {
        let cells = [
            (Cell::text("=HYPERLINK(1)"), "'=HYPERLINK(1)"),
            (Cell::text("+1"), "'+1"),
            (Cell::text("-night"), "'-night"),
            (Cell::text("@all"), "'@all"),
            (Cell::text("\tx"), "'\tx"),
            (Cell::text("\rx"), "'\rx"),
            (Cell::text("a=b"), "a=b"),
            (Cell::Number(Some(-1.5)), "-1.5"),
            (Cell::Number(Some(1200.0)), "1200"),
            (Cell::Number(Some(-1e-9)), "0"),
            (Cell::Number(None), ""),
        ];
        for (cell, text) in cells {
            assert_eq!(cell.written(), text);
        }
    }
}
