//! Text files: their encoding, what separates fields, and the fields.

use std::ops::Range;

use super::finding::TableFinding;

/// What may separate fields; of two that explain a file equally well, the earlier one is taken.
const SEPARATORS: [char; 4] = [';', '\t', '|', ','];

/// A text file whose encoding is known.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: &'static str,
}

/// A byte order mark decides, else valid UTF-8, else it is Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[length..]);
        return Decoded { text: text.into_owned(), encoding: encoding.name() };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.to_string(), encoding: "UTF-8" },
        Err(_) => {
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            Decoded { text: text.into_owned(), encoding: "Windows-1252" }
        }
    }
}

/// A field: what it says, and where it stands in the text.
pub(super) struct Field {
    pub(super) text: String,
    pub(super) bytes: Range<usize>,
}

/// Fields of a line, or of several if one of them is quoted and goes on.
pub(super) struct Record {
    pub(super) line: usize,
    pub(super) fields: Vec<Field>,
}

/// What separates the fields of a text, and its records.
pub(super) struct Delimited<'a> {
    pub(super) separator: char,
    pub(super) records: Records<'a>,
}

/// Finds the separator that cuts most records into the same number of fields. Records are read one by
/// one, here and by whoever takes them: a file is larger in memory than on the disk.
///
/// # Errors
///
/// If a quoted field does not end.
pub(super) fn split(text: &str) -> Result<Delimited<'_>, TableFinding> {
    let first = text.lines().next().unwrap_or_default();
    if let Some(separator) = first.strip_prefix("sep=").and_then(|rest| rest.chars().next()) {
        let mut records = Records::new(text, separator);
        records.next().transpose()?;
        return Ok(Delimited { separator, records });
    }
    let mut best: Option<(usize, usize, char)> = None;
    for separator in SEPARATORS.into_iter().filter(|&separator| text.contains(separator)) {
        let mut counts = std::collections::BTreeMap::new();
        for record in Records::new(text, separator) {
            let fields = record?.fields.len();
            if fields > 1 {
                *counts.entry(fields).or_insert(0_usize) += 1;
            }
        }
        let Some((fields, alike)) = counts.into_iter().max_by_key(|&(_, alike)| alike) else {
            continue;
        };
        if best.is_none_or(|(most, of, _)| (alike, fields) > (most, of)) {
            best = Some((alike, fields, separator));
        }
    }
    Ok(match best {
        Some((.., separator)) => Delimited { separator, records: Records::new(text, separator) },
        None => Delimited { separator: ',', records: Records::new(text, '\n') },
    })
}

/// The records of a text, read as they are asked for.
pub(super) struct Records<'a> {
    text: &'a str,
    separator: char,
    /// Where the next one begins, in bytes, and in which line.
    start: usize,
    line: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, separator: char) -> Self {
        Self { text, separator, start: 0, line: 1 }
    }

    fn read(&mut self) -> Result<Record, TableFinding> {
        let mut record = Record { line: self.line, fields: Vec::new() };
        let (offset, mut start) = (self.start, self.start);
        self.start = self.text.len();
        let mut field = String::new();
        let mut quoted_since = None;
        let mut characters = self.text[offset..].char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let at = offset + at;
            self.line += usize::from(character == '\n');
            if quoted_since.is_some() {
                let next = characters.peek().map(|&(_, next)| next);
                match (character, next) {
                    ('"', Some('"')) => {
                        characters.next();
                        field.push('"');
                    }
                    ('"', _) => quoted_since = None,
                    _ => field.push(character),
                }
            } else if character == '"' && field.trim().is_empty() {
                field.clear();
                quoted_since = Some(self.line);
            } else if character == '\n' {
                record.fields.push(Field { text: field, bytes: start..at });
                self.start = at + 1;
                return Ok(record);
            } else if character == self.separator {
                let text = std::mem::take(&mut field);
                record.fields.push(Field { text, bytes: start..at });
                start = at + character.len_utf8();
            } else if character != '\r' {
                field.push(character);
            }
        }
        if let Some(line) = quoted_since {
            return Err(TableFinding::error(format!(
                "a quoted field that begins in row {line} has no end"
            ))
            .help("double a quote that belongs to the text"));
        }
        record.fields.push(Field { text: field, bytes: start..self.text.len() });
        Ok(record)
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Record, TableFinding>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.start < self.text.len()).then(|| self.read())
    }
}
