//! Side files: CSV tables beside the scenario, with a header row.

use std::io::Read as _;
use std::rc::Rc;
use std::string::FromUtf8Error;
use std::sync::Arc;

use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use serde_json::{Value as Json, json};

use super::limits;
use super::reader::diagnostic::{Diagnostic, Source, listing, nearest};
use super::reader::forms::{Duration, TextForm};
use super::reader::{Context, Form, Input, SideTable};
use super::side_files::SideFileRefusal;
use crate::base::time::Span;

/// Which column.
pub(super) enum CsvColumn {
    First,
    Named(String),
}

/// What a cell may hold, for messages; the value if it holds that.
pub(super) type CsvCell<T> = Result<T, &'static str>;

/// The name of a side file; comes to its table.
pub(super) struct SideFile;

impl Form for SideFile {
    type Value = Rc<SideTable>;

    fn read(&self, input: Input<'_>) -> Option<Rc<SideTable>> {
        let name = TextForm.read(input.clone())?;
        if let Some(known) = input.context.side_tables.borrow().get(&name) {
            return known.clone();
        }
        let table = match text_of(input.context, &name) {
            Ok(text) => {
                parse(input.context, Source { name: name.clone(), text }, limits::SIDE_FILE_ROWS)
            }
            Err(reason) => {
                refuse_unreadable(&input, &name, &reason);
                None
            }
        };
        let table = table.map(Rc::new);
        input.context.side_tables.borrow_mut().insert(name, table.clone());
        table
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["volumes.csv"] })
    }
}

impl SideTable {
    /// All cells of a column. `place` makes the finding to complete if there is no such column.
    pub(super) fn read<T>(
        &self,
        context: &Context,
        column: CsvColumn,
        place: impl Fn() -> Diagnostic,
        read: impl Fn(&str) -> CsvCell<T>,
    ) -> Option<Vec<T>> {
        let index = match &column {
            CsvColumn::First => 0,
            CsvColumn::Named(name) => self.position(context, name, place)?,
        };
        let mut errors = 0;
        let mut values = Vec::with_capacity(self.rows);
        let mut rows = rows(&self.source, self.delimiter);
        let mut row = StringRecord::new();
        // The header; that all can be read was seen when the table was.
        let _ = rows.read_record(&mut row);
        for number in 0..self.rows {
            let _ = rows.read_record(&mut row);
            let cell = row.get(index).unwrap_or_default();
            match read(cell) {
                Ok(value) => values.push(value),
                Err(allowed) => {
                    errors += 1;
                    if errors <= limits::CSV_ERRORS {
                        let message = self.bad_cell(number, index, cell);
                        let finding = row_error(&self.source, &row, message);
                        context.report(finding.allowed(allowed));
                    }
                }
            }
        }
        if errors > limits::CSV_ERRORS {
            let message = format!(
                "{} more cells of column `{}` cannot be read",
                errors - limits::CSV_ERRORS,
                self.columns[index]
            );
            context.report(Diagnostic::error(&self.source, message));
        }
        (errors == 0).then_some(values)
    }

    fn position(
        &self,
        context: &Context,
        name: &str,
        place: impl Fn() -> Diagnostic,
    ) -> Option<usize> {
        let position = self.columns.iter().position(|column| column == name);
        if position.is_none() {
            let names = || self.columns.iter().map(String::as_str);
            let mut finding = place().allowed(listing(names()));
            finding.message = format!("`{}` has no column `{name}`", self.source.name);
            finding.help = nearest(name, names()).map(|meant| format!("did you mean \"{meant}\"?"));
            context.report(finding);
        }
        position
    }

    fn bad_cell(&self, number: usize, column: usize, cell: &str) -> String {
        let shown: String = cell.chars().take(40).collect();
        let what =
            if cell.is_empty() { "is empty".to_owned() } else { format!("cannot be `{shown}`") };
        format!("row {}, column `{}` {what}", number + FIRST_ROW, self.columns[column])
    }
}

/// A number that is finite and not negative.
pub(super) fn number(cell: &str) -> CsvCell<f64> {
    let number: f64 = cell.parse().map_err(|_| NUMBER)?;
    if number.is_finite() && number >= 0.0 { Ok(number) } else { Err(NUMBER) }
}

/// A length of time: with a unit, or in seconds.
pub(super) fn seconds(cell: &str) -> CsvCell<f64> {
    if let Ok(seconds) = number(cell) {
        return if seconds <= limits::HORIZON.as_secs_f64() { Ok(seconds) } else { Err(LENGTH) };
    }
    Duration::any().of_text(cell).map(Span::as_secs_f64).ok_or(LENGTH)
}

/// Reports that a side file cannot be read.
pub(super) fn refuse_unreadable(input: &Input<'_>, name: &str, refusal: &SideFileRefusal) {
    let finding = input.error(format!("cannot read `{name}`: {refusal}"));
    input.context.report(finding.help(refusal.help()));
}

/// The bytes of a side file, of which there may be so many.
pub(super) fn bytes_of(
    context: &Context,
    name: &str,
    at_most: usize,
) -> Result<Vec<u8>, SideFileRefusal> {
    let file = context.files.0.open(name)?;
    let mut bytes = Vec::new();
    file.take(at_most as u64 + 1).read_to_end(&mut bytes)?;
    match bytes.len() > at_most {
        true => Err(SideFileRefusal::Unreadable(format!(
            "it is larger than {} MiB, which is as much as a file like this may have",
            at_most >> 20
        ))),
        false => Ok(bytes),
    }
}

fn text_of(context: &Context, name: &str) -> Result<String, SideFileRefusal> {
    let mut text = String::from_utf8(bytes_of(context, name, limits::SIDE_FILE_BYTES)?)
        .map_err(|error| not_text(&error))?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
    }
    Ok(text)
}

/// Where a file is no text.
fn not_text(error: &FromUtf8Error) -> SideFileRefusal {
    let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    SideFileRefusal::Unreadable(format!("line {line} is not UTF-8 text; save it as \"CSV UTF-8\""))
}

/// The rows of a table, one after the other, header first.
fn rows(source: &Source, delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(Trim::All)
        .has_headers(false)
        .from_reader(source.text.as_bytes())
}

/// Looks at every row once and keeps none: a table takes no more memory than its text.
fn parse(context: &Context, source: Source, at_most: usize) -> Option<SideTable> {
    let source = Arc::new(source);
    let header = source.text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = rows(&source, delimiter);
    let mut errors = Vec::new();
    let mut columns: Option<Vec<String>> = None;
    let (mut rows, mut row) = (0, StringRecord::new());
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                errors.push(Diagnostic::error(&source, format!("cannot be read as CSV: {error}")));
                break;
            }
        }
        let Some(columns) = &columns else {
            errors.extend(bad_header(&source, &row));
            columns = Some(row.iter().map(str::to_owned).collect());
            continue;
        };
        errors.extend(bad_row(&source, &row, rows + FIRST_ROW, columns.len()));
        rows += 1;
        if rows > at_most {
            let message = format!("`{}` has too many rows", source.name);
            let allowed = format!("at most {at_most} rows");
            errors.push(row_error(&source, &row, message).allowed(allowed));
            break;
        }
        if errors.len() >= limits::CSV_ERRORS {
            break;
        }
    }
    if rows == 0 && errors.is_empty() {
        errors.push(Diagnostic::error(
            &source,
            format!("`{}` has no rows below its header", source.name),
        ));
    }
    let is_sound = errors.is_empty();
    errors.into_iter().for_each(|error| context.report(error));
    let columns = columns.filter(|_| is_sound)?;
    Some(SideTable { source, columns, rows, delimiter })
}

/// What is wrong with the form of a row.
fn bad_row(
    source: &Arc<Source>,
    row: &StringRecord,
    number: usize,
    width: usize,
) -> Option<Diagnostic> {
    let message = if row.len() != width {
        format!("row {number} has {} cells, the header has {width}", row.len())
    } else if row.iter().any(|cell| cell.len() > limits::FIELD_BYTES) {
        format!("row {number} has a cell of more than {} KiB", limits::FIELD_BYTES >> 10)
    } else {
        return None;
    };
    Some(row_error(source, row, message))
}

fn bad_header(source: &Arc<Source>, header: &StringRecord) -> Option<Diagnostic> {
    if header.len() > limits::COLUMNS {
        let message = format!("`{}` has {} columns", source.name, header.len());
        return Some(
            Diagnostic::error(source, message)
                .allowed(format!("at most {} columns", limits::COLUMNS)),
        );
    }
    let mut names: Vec<_> = header.iter().collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1] && !pair[0].is_empty())?;
    Some(row_error(source, header, format!("two columns are called `{}`", twice[0])))
}

fn row_error(source: &Arc<Source>, row: &StringRecord, message: String) -> Diagnostic {
    let finding = Diagnostic::error(source, message);
    let Some(position) = row.position() else { return finding };
    let start = usize::try_from(position.byte()).unwrap_or(0).min(source.text.len());
    let rest = source.text.get(start..).unwrap_or_default();
    // The reader's position is that of the line end before the row.
    let start = start + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
    let end = source.text.get(start..).and_then(|rest| rest.find(['\r', '\n']));
    finding.at(start..end.map_or(source.text.len(), |end| start + end))
}

/// What some programs put before a text.
const MARK: char = '\u{feff}';
/// Rows are counted as in a spreadsheet: the header is row 1.
const FIRST_ROW: usize = 2;
const NUMBER: &str = "a number that is not negative, with a point for decimals";
const LENGTH: &str = "a length of time up to ten years: in seconds, or with a unit such as 2m 30s";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::side_files::SideFileSource;

    #[test]
    fn rows_are_read_where_they_stand_and_too_many_are_refused() {
        let source = || Source { name: "t.csv".to_owned(), text: "a;b\n1;x\n2;y\n".to_owned() };
        let context = Context::new(Arc::new(source()), SideFileSource::default());
        let table = parse(&context, source(), 2).unwrap();
        let place = || Diagnostic::error(&context.source, "");
        let column = CsvColumn::Named("b".to_owned());
        let word = |cell: &str| Ok(cell.to_owned());
        assert_eq!(table.read(&context, column, place, word), Some(vec!["x".into(), "y".into()]));
        let column = CsvColumn::Named("b".to_owned());
        assert_eq!(table.read(&context, column, place, number), None);
        let findings = context.take_findings();
        let places = findings.iter().map(|finding| finding.line_column());
        assert_eq!(Vec::from_iter(places), [Some((2, 1)), Some((3, 1))]);
        assert!(findings[1].message.contains("row 3, column `b` cannot be `y`"));
        assert!(parse(&context, source(), 1).is_none());
        let findings = context.take_findings();
        assert_eq!(findings[0].line_column(), Some((3, 1)));
        assert!(findings[0].message.contains("`t.csv` has too many rows"));
    }
}
