//! Side files: CSV tables beside the scenario, with a header row.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::{Value as Json, json};

use super::limits;
use super::reader::diagnostic::{Diagnostic, Source, listing, nearest};
use super::reader::forms::{ClockTime, Duration, TextForm};
use super::reader::{Context, Form, Input, ReaderSection, SideTable};
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
        let path = input.context.directory.join(&name);
        if let Some(known) = input.context.side_tables.borrow().get(&path) {
            return known.clone();
        }
        let table = match text_of(&path) {
            Ok(text) => parse(input.context, Source { name, text }),
            Err(reason) => {
                refuse_unreadable(&input, &name, &reason);
                None
            }
        };
        let table = table.map(Rc::new);
        input.context.side_tables.borrow_mut().insert(path, table.clone());
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
        let mut values = Vec::with_capacity(self.rows.len());
        for (number, row) in self.rows.iter().enumerate() {
            let cell = row.get(index).unwrap_or_default();
            match read(cell) {
                Ok(value) => values.push(value),
                Err(allowed) => {
                    errors += 1;
                    if errors <= limits::CSV_ERRORS {
                        context.report(self.bad_cell(number, index, cell).allowed(allowed));
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

    fn bad_cell(&self, number: usize, column: usize, cell: &str) -> Diagnostic {
        let shown: String = cell.chars().take(40).collect();
        let what =
            if cell.is_empty() { "is empty".to_owned() } else { format!("cannot be `{shown}`") };
        let message =
            format!("row {}, column `{}` {what}", number + FIRST_ROW, self.columns[column]);
        row_error(&self.source, &self.rows[number], message)
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

/// A clock time.
pub(super) fn clock(cell: &str) -> CsvCell<Span> {
    ClockTime::of_text(cell).ok_or("a clock time from 00:00 to 24:00")
}

/// A word.
pub(super) fn word(cell: &str) -> CsvCell<String> {
    if cell.is_empty() { Err("a word") } else { Ok(cell.to_owned()) }
}

/// Reports that a side file cannot be read.
pub(super) fn refuse_unreadable(input: &Input<'_>, name: &str, reason: &str) {
    let finding = input.error(format!("cannot read `{name}`: {reason}"));
    input.context.report(finding.help("side files are looked for beside the scenario file"));
}

/// Reports that a column would change what rows mean, and is not read.
pub(super) fn refuse_column(
    section: &ReaderSection<'_>,
    key: &str,
    table: &SideTable,
    heading: &str,
    help: &str,
) {
    let message = format!("column `{heading}` of `{}` would not be looked at", table.source.name);
    section.context.report(section.error(key, message).help(help));
}

/// The bytes of a side file.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    // Before opening: a pipe would wait for its writer.
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is not a file".to_owned());
    }
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let most = limits::SIDE_FILE_BYTES as u64 + 1;
    file.take(most).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() > limits::SIDE_FILE_BYTES {
        return Err(format!("it is larger than {} MiB", limits::SIDE_FILE_BYTES >> 20));
    }
    Ok(bytes)
}

fn text_of(path: &Path) -> Result<String, String> {
    let text = String::from_utf8(bytes_of(path)?)
        .map_err(|_| "it is not UTF-8 text; save it as \"CSV UTF-8\"".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn parse(context: &Context, source: Source) -> Option<SideTable> {
    let source = Arc::new(source);
    let header = source.text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(Trim::All)
        .has_headers(false)
        .from_reader(source.text.as_bytes());
    let mut errors = Vec::new();
    let mut rows = Vec::new();
    let mut columns = None;
    for record in reader.records() {
        let row = match record {
            Ok(row) => row,
            Err(error) => {
                errors.push(Diagnostic::error(&source, format!("cannot be read as CSV: {error}")));
                break;
            }
        };
        let Some(width) = columns else {
            columns = Some(row.len());
            errors.extend(bad_header(&source, &row));
            rows.push(row);
            continue;
        };
        let number = rows.len() - 1 + FIRST_ROW;
        if row.len() != width {
            let message = format!("row {number} has {} cells, the header has {width}", row.len());
            errors.push(row_error(&source, &row, message));
        } else if row.iter().any(|cell| cell.len() > limits::FIELD_BYTES) {
            let message =
                format!("row {number} has a cell of more than {} KiB", limits::FIELD_BYTES >> 10);
            errors.push(row_error(&source, &row, message));
        }
        rows.push(row);
        if errors.len() >= limits::CSV_ERRORS {
            break;
        }
    }
    if rows.len() < 2 && errors.is_empty() {
        errors.push(Diagnostic::error(
            &source,
            format!("`{}` has no rows below its header", source.name),
        ));
    }
    let sound = errors.is_empty();
    errors.into_iter().for_each(|error| context.report(error));
    let columns = rows.first().filter(|_| sound)?.iter().map(str::to_owned).collect();
    rows.remove(0);
    Some(SideTable { source, columns, rows })
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

/// Rows are counted as in a spreadsheet: the header is row 1.
const FIRST_ROW: usize = 2;
const NUMBER: &str = "a number that is not negative, with a point for decimals";
const LENGTH: &str = "a length of time up to ten years: in seconds, or with a unit such as 2m 30s";
