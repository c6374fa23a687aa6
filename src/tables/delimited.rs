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

/// Records and what separates their fields.
pub(super) struct Delimited {
    pub(super) separator: char,
    pub(super) records: Vec<Record>,
}

/// Reads a text whose separator is the one that cuts most records into the same number of fields.
///
/// # Errors
///
/// If a quoted field does not end.
pub(super) fn split(text: &str) -> Result<Delimited, TableFinding> {
    let first = text.lines().next().unwrap_or_default();
    if let Some(separator) = first.strip_prefix("sep=").and_then(|rest| rest.chars().next()) {
        let mut records = records(text, separator)?;
        records.remove(0);
        return Ok(Delimited { separator, records });
    }
    let mut best: Option<(usize, usize, Delimited)> = None;
    for separator in SEPARATORS.into_iter().filter(|&separator| text.contains(separator)) {
        let records = records(text, separator)?;
        let mut counts = std::collections::BTreeMap::new();
        for record in records.iter().filter(|record| record.fields.len() > 1) {
            *counts.entry(record.fields.len()).or_insert(0_usize) += 1;
        }
        let Some((fields, alike)) = counts.into_iter().max_by_key(|&(_, alike)| alike) else {
            continue;
        };
        if best.as_ref().is_none_or(|best| (alike, fields) > (best.0, best.1)) {
            best = Some((alike, fields, Delimited { separator, records }));
        }
    }
    match best {
        Some((_, _, delimited)) => Ok(delimited),
        None => Ok(Delimited { separator: ',', records: records(text, '\n')? }),
    }
}

fn records(text: &str, separator: char) -> Result<Vec<Record>, TableFinding> {
    let mut records = Vec::new();
    let mut record = Record { line: 1, fields: Vec::new() };
    let (mut line, mut start) = (1, 0);
    let mut field = String::new();
    let mut quoted_since = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
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
            quoted_since = Some(line);
        } else if character == separator && character != '\n' {
            let text = std::mem::take(&mut field);
            record.fields.push(Field { text, bytes: start..at });
            start = at + character.len_utf8();
        } else if character == '\n' {
            let text = std::mem::take(&mut field);
            record.fields.push(Field { text, bytes: start..at });
            let next = Record { line: line + 1, fields: Vec::new() };
            records.push(std::mem::replace(&mut record, next));
            start = at + 1;
        } else if character != '\r' {
            field.push(character);
        }
        line += usize::from(character == '\n');
    }
    if let Some(line) = quoted_since {
        return Err(TableFinding::error(format!(
            "a quoted field that begins in row {line} has no end"
        ))
        .help("double a quote that belongs to the text"));
    }
    if start < text.len() || !record.fields.is_empty() {
        record.fields.push(Field { text: field, bytes: start..text.len() });
        records.push(record);
    }
    Ok(records)
}
