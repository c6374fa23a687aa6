//! The rows of a text file, one at a time.

use std::io::{self, Read};

use csv::StringRecord;
use encoding_rs::Encoding;

use crate::tables::NamedColumn;

use super::decoding::{DecodedInput, HEAD, encoding_of};
use super::log_columns::{LogColumn, LogColumns};
use super::log_finding::LogFinding;

/// A file that can be read from its beginning, again and again.
pub struct LogInput {
    /// What it is called in messages.
    pub name: String,
    /// Opens it.
    pub open: Box<dyn Fn() -> io::Result<Box<dyn Read>>>,
}

/// What separates fields; of two that fit equally well, the earlier one is taken.
const SEPARATORS: [u8; 4] = [b';', b'\t', b'|', b','];
/// Rows above the headings that are looked through.
const TITLE_ROWS: usize = 20;
/// Rows that decide how instants are written.
const SAMPLED_ROWS: usize = 1000;
/// Bytes of a row: a quoted field that never ends is longer.
const ROW_BYTES: usize = 1 << 20;

/// How the text of a file is to be taken.
#[derive(Clone, Debug)]
pub(super) struct LogText {
    file: String,
    pub(super) encoding: &'static Encoding,
    pub(super) separator: u8,
    pub(super) columns: LogColumns,
    /// Rows above the first with content.
    heading_line: u64,
}

/// The rows below the headings.
pub(super) struct TextRows {
    file: String,
    reader: csv::Reader<DecodedInput<Box<dyn Read>>>,
    record: StringRecord,
    heading_line: u64,
    headings: Vec<String>,
}

/// A row with its number.
pub(super) struct TextRow<'a> {
    pub(super) number: usize,
    pub(super) fields: &'a StringRecord,
}

impl TextRow<'_> {
    /// What stands in a column; nothing beyond the end of the row.
    pub(super) fn field(&self, column: Option<usize>) -> &str {
        let field = column.and_then(|column| self.fields.get(column)).unwrap_or_default();
        field.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
    }
}

impl LogText {
    /// Finds out about a file by its beginning.
    pub(super) fn find(
        input: &LogInput,
        named: &[NamedColumn],
        wanted: &[LogColumn],
    ) -> Result<Self, LogFinding> {
        let file = &input.name;
        let unreadable = |error: io::Error| LogFinding::new(file, format!("cannot read: {error}"));
        let mut head = Vec::new();
        let opened = (input.open)().map_err(unreadable)?;
        opened.take(HEAD as u64).read_to_end(&mut head).map_err(unreadable)?;
        let encoding = encoding_of(&head).map_err(|why| LogFinding::new(file, why))?;
        let mut text = String::new();
        let decoded = DecodedInput::new(head.as_slice(), encoding).read_to_string(&mut text);
        decoded.map_err(unreadable)?;
        let separator = separator_of(&text);
        let mut first = None;
        let mut reader = builder(separator).from_reader(text.as_bytes());
        let is_known = |heading: &str| {
            let is_named = |named: &NamedColumn| named.heading.eq_ignore_ascii_case(heading.trim());
            LogColumn::of_heading(heading, wanted).is_some() || named.iter().any(is_named)
        };
        for record in reader.records().take(TITLE_ROWS) {
            let record = record.map_err(|error| unreadable(error.into()))?;
            let is_separator = record.get(0).is_some_and(|field| field.starts_with("sep="));
            if is_separator || record.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let is_heading = record.iter().filter(|field| is_known(field)).count() > 1;
            if first.is_none() || is_heading {
                let line = record.position().map_or(1, csv::Position::line);
                first = Some((line, Vec::from_iter(record.iter().map(|it| it.trim().to_owned()))));
            }
            if is_heading {
                break;
            }
        }
        let Some((heading_line, headings)) = first else {
            return Err(LogFinding::new(file, "it has no rows"));
        };
        let columns = LogColumns::find(file, &headings, named, wanted)?;
        Ok(Self { file: file.clone(), encoding, separator, columns, heading_line })
    }

    /// Its rows, from the first below the headings.
    pub(super) fn rows(&self, input: &LogInput) -> Result<TextRows, LogFinding> {
        let opened = (input.open)();
        let opened =
            opened.map_err(|error| LogFinding::new(&self.file, format!("cannot read: {error}")))?;
        Ok(TextRows {
            file: self.file.clone(),
            reader: builder(self.separator).from_reader(DecodedInput::new(opened, self.encoding)),
            record: StringRecord::new(),
            heading_line: self.heading_line,
            headings: self.columns.headings().to_vec(),
        })
    }

    /// What stands in a column of the first rows.
    pub(super) fn sampled(
        &self,
        input: &LogInput,
        text: impl Fn(&TextRow<'_>) -> String,
    ) -> Result<Vec<String>, LogFinding> {
        let mut rows = self.rows(input)?;
        let mut texts = Vec::new();
        while let Some(row) = rows.next_row()?.filter(|_| texts.len() < SAMPLED_ROWS) {
            texts.push(text(&row));
        }
        texts.retain(|text| !text.is_empty());
        Ok(texts)
    }
}

impl TextRows {
    /// The next row with content; headings that come again are left out.
    pub(super) fn next_row(&mut self) -> Result<Option<TextRow<'_>>, LogFinding> {
        loop {
            let unreadable =
                |error: csv::Error| LogFinding::new(&self.file, format!("cannot read: {error}"));
            if !self.reader.read_record(&mut self.record).map_err(unreadable)? {
                return Ok(None);
            }
            let line = self.record.position().map_or(0, csv::Position::line);
            if self.record.as_slice().len() > ROW_BYTES {
                let message = "a quoted field that begins here has no end";
                let help = "double a quote that belongs to the text";
                return Err(LogFinding::new(&self.file, message).at(line as usize, 0).help(help));
            }
            let is_empty = self.record.iter().all(|it| it.trim().is_empty());
            if line > self.heading_line && !is_empty && !self.is_heading() {
                let number = line as usize;
                return Ok(Some(TextRow { number, fields: &self.record }));
            }
        }
    }

    /// Where one export stands behind another.
    fn is_heading(&self) -> bool {
        self.record.iter().map(str::trim).eq(self.headings.iter().map(String::as_str))
    }

    /// Fields of the row of headings.
    pub(super) fn headings(&self) -> usize {
        self.headings.len()
    }
}

fn builder(separator: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator);
    builder
}

/// The separator that the first rows have most of, each in the same number.
fn separator_of(text: &str) -> u8 {
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some(&separator) = rest.as_bytes().first()
    {
        return separator;
    }
    let lines =
        Vec::from_iter(text.lines().filter(|line| !line.trim().is_empty()).take(TITLE_ROWS));
    let worth = |separator: u8| {
        let mut counts = std::collections::BTreeMap::new();
        for line in &lines {
            let count = line.bytes().filter(|&byte| byte == separator).count();
            *counts.entry(count).or_insert(0_usize) += usize::from(count > 0);
        }
        counts.into_iter().map(|(count, alike)| (alike, count)).max().unwrap_or_default()
    };
    let mut best = SEPARATORS[0];
    for separator in SEPARATORS {
        if worth(separator) > worth(best) {
            best = separator;
        }
    }
    if worth(best).0 == 0 { b',' } else { best }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_by_the_rows_that_have_as_many() {
        for (text, separator) in [
            ("a;b;c\n1;2,5;3\n", b';'),
            ("a,b\n1,x;y\n2,z\n", b','),
            ("a\tb, or c\n1\t2\n", b'\t'),
            ("a\n1\n", b','),
            ("sep=|\na|b\n", b'|'),
        ] {
            assert_eq!(separator_of(text), separator, "{text}");
        }
    }
}
