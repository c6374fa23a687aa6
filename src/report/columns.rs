//! Tables: columns that say what stands in them, cells, and what rows are written to. The same list
//! of columns makes a CSV file, a sheet of the workbook and a part of the data dictionary.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::ledger::definitions::Definition;

use super::format::clock_of_day;

/// A column: its name, what stands in it, and how it comes from a row.
pub(super) struct TableColumn<Row> {
    pub(super) name: Cow<'static, str>,
    pub(super) unit: &'static str,
    pub(super) text: Cow<'static, str>,
    /// Which one, of several columns with the same `cell`.
    pub(super) at: usize,
    pub(super) cell: fn(&Row, usize) -> TableCell,
}

/// What is known of a column without a row.
pub(super) struct ColumnHead<'a> {
    pub(super) name: &'a str,
    pub(super) unit: &'static str,
    pub(super) text: &'a str,
}

/// What stands in a cell.
pub(super) enum TableCell {
    /// Written by people: a name.
    Text(String),
    /// One of a few words of ours, or a clock time.
    Word(String),
    /// In the unit of its column.
    Number(Option<f64>),
    /// In a unit of its own.
    In(&'static str, Option<f64>),
    Whole(u64),
    /// To the last bit.
    Exact(Option<f64>),
    /// Time of day, since the midnight before the start of the run.
    Clock(Span),
}

/// A line a column: `name unit = |row| cell, text;`.
macro_rules! columns {
    ($($name:ident $unit:literal = |$row:pat_param| $cell:expr, $text:literal;)+) => {
        &[$($crate::report::columns::TableColumn {
            name: std::borrow::Cow::Borrowed(stringify!($name)),
            unit: $unit,
            text: std::borrow::Cow::Borrowed($text),
            at: 0,
            cell: |$row, _| $cell,
        }),+]
    };
}

pub(super) use columns;

/// What a table is written to.
pub(super) trait TableSink {
    /// The columns of all rows to come.
    fn heads(&mut self, heads: &mut dyn Iterator<Item = ColumnHead<'_>>) -> io::Result<()>;

    /// A row.
    fn cells(&mut self, cells: &mut dyn Iterator<Item = TableCell>) -> io::Result<()>;
}

/// A table is written by its columns.
pub(super) trait WriteTable: TableSink {
    fn header<Row>(&mut self, columns: &[TableColumn<Row>]) -> io::Result<()> {
        self.heads(&mut columns.iter().map(TableColumn::head))
    }

    fn row<Row>(&mut self, columns: &[TableColumn<Row>], row: &Row) -> io::Result<()> {
        self.cells(&mut columns.iter().map(|column| (column.cell)(row, column.at)))
    }
}

impl<S: TableSink + ?Sized> WriteTable for S {}

/// A CSV file that is being written.
pub(super) struct CsvTable<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvTable<W> {
    pub(super) fn new(output: W) -> Self {
        Self { writer: csv::Writer::from_writer(output) }
    }

    /// Everything so far reaches the output.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// What it is written to; what has not been flushed is not there yet.
    pub(super) fn output(&self) -> &W {
        self.writer.get_ref()
    }

    /// The same, and nothing more comes.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()
    }
}

impl<W: Write> TableSink for CsvTable<W> {
    fn heads(&mut self, heads: &mut dyn Iterator<Item = ColumnHead<'_>>) -> io::Result<()> {
        let names = heads.map(|head| harmless(head.name));
        self.writer.write_record(names).map_err(io::Error::from)
    }

    fn cells(&mut self, cells: &mut dyn Iterator<Item = TableCell>) -> io::Result<()> {
        self.writer.write_record(cells.map(TableCell::written)).map_err(io::Error::from)
    }
}

/// Whatever the row is.
impl<Row> Clone for TableColumn<Row> {
    fn clone(&self) -> Self {
        Self { name: self.name.clone(), text: self.text.clone(), ..*self }
    }
}

/// A figure by itself.
impl<'a> From<&'a Definition> for ColumnHead<'a> {
    fn from(figure: &'a Definition) -> Self {
        ColumnHead { name: figure.name, unit: figure.unit.name(), text: figure.text }
    }
}

impl<Row> TableColumn<Row> {
    /// One of several columns with the same `cell`.
    pub(super) fn nth(
        at: usize,
        name: impl Into<Cow<'static, str>>,
        unit: &'static str,
        text: impl Into<Cow<'static, str>>,
        cell: fn(&Row, usize) -> TableCell,
    ) -> Self {
        Self { name: name.into(), unit, text: text.into(), at, cell }
    }

    /// An estimate and, behind it, its standard error.
    pub(super) fn estimate(
        at: usize,
        ColumnHead { name, unit, text }: ColumnHead<'_>,
        [value, error]: [fn(&Row, usize) -> TableCell; 2],
    ) -> [Self; 2] {
        let name_of_error = format!("{name}_standard_error");
        [
            Self::nth(at, name.to_owned(), unit, text.to_owned(), value),
            Self::nth(at, name_of_error, unit, format!("Standard error of {name}."), error),
        ]
    }

    pub(super) fn head(&self) -> ColumnHead<'_> {
        ColumnHead { name: &self.name, unit: self.unit, text: &self.text }
    }
}

impl TableCell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn word(word: impl Into<String>) -> Self {
        Self::Word(word.into())
    }

    pub(super) fn yes(is_so: bool) -> Self {
        Self::word(if is_so { "yes" } else { "no" })
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
            Self::Text(text) => harmless(&text),
            Self::Word(word) => word,
            Self::Number(number) | Self::In(_, number) => number.map(decimal).unwrap_or_default(),
            Self::Whole(number) => number.to_string(),
            Self::Exact(number) => number.map(|number| number.to_string()).unwrap_or_default(),
            Self::Clock(time) => clock_of_day(&Calendar::without_date(time), Time::ZERO),
        }
    }
}

/// Text that no spreadsheet takes for a formula: an apostrophe goes before what would be one, at the
/// beginning and wherever a spreadsheet may see the beginning of another cell.
pub(super) fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    let mut begins = true;
    for character in text.chars() {
        if begins && ACTIVE.contains(&character) {
            harmless.push('\'');
        }
        harmless.push(character);
        begins = SEPARATORS.contains(&character) || (begins && character == '\'');
    }
    harmless
}

/// What spreadsheets take for the beginning of a formula, in full width too.
const ACTIVE: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Where some spreadsheets see the end of a cell although it goes on.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

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
            (TableCell::text("=HYPERLINK(1)"), "'=HYPERLINK(1)"),
            (TableCell::text("+1"), "'+1"),
            (TableCell::text("-night"), "'-night"),
            (TableCell::text("@all"), "'@all"),
            (TableCell::text("\tx"), "'\tx"),
            (TableCell::text("\rx"), "'\rx"),
            (TableCell::text("a=b"), "a=b"),
            (TableCell::text("'s Graven"), "'s Graven"),
            (TableCell::text("'=1"), "''=1"),
            (TableCell::text("a;=1"), "a;'=1"),
            (TableCell::text("＝1"), "'＝1"),
            (TableCell::Clock(Span::from_mins(25 * 60 + 30)), "day 2 01:30"),
            (TableCell::Number(Some(-1.5)), "-1.5"),
            (TableCell::Number(Some(1200.0)), "1200"),
            (TableCell::Number(Some(-1e-9)), "0"),
            (TableCell::Number(None), ""),
        ];
        for (cell, text) in cells {
            assert_eq!(cell.written(), text);
        }
    }

    #[test]
    fn names_that_differ_are_written_differently() {
        let names = ["=1", "'=1", "''=1", "a;=1", "a;'=1", "a", "'a", "''a", ";;=", ";';="];
        let written: std::collections::BTreeSet<_> = names.map(harmless).into();
        assert_eq!(written.len(), names.len());
    }
}
