//! Workbooks: XLSX, XLS, XLSB and ODS.

use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Reader, Sheets, Xlsx, open_workbook_auto_from_rs};

use super::{COLUMNS, ROWS, Sheet, SheetCell, SheetRow, text_cell};
use crate::tables::cells::Cell;
use crate::tables::day_time::days_of;
use crate::tables::finding::TableFinding;
use crate::tables::table_options::TableOptions;

/// Bytes of a workbook when it is unpacked.
const UNPACKED_BYTES: u64 = 512 << 20;
/// Days between the epochs of 1900 and 1904.
const LATER_EPOCH_DAYS: f64 = 1462.0;

type Book<'a> = Sheets<Cursor<&'a [u8]>>;

/// Whether the first bytes are those of a workbook: an archive or an old container.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0")
}

pub(super) fn read(
    file: &str,
    bytes: &[u8],
    options: &TableOptions,
) -> Result<Sheet, TableFinding> {
    let mut book = opened(file, bytes)?;
    if let Some(wanted) = &options.sheet {
        let names = book.sheet_names();
        let folded = wanted.trim().to_lowercase();
        let name = names.iter().find(|name| name.trim().to_lowercase() == folded);
        let name = name.ok_or_else(|| {
            TableFinding::error(format!("{file} has no sheet `{wanted}`")).allowed(names.join(", "))
        })?;
        return read_sheet(file, &mut book, name);
    }
    let mut filled = filled_sheets(file, &mut book)?;
    if filled.len() > 1 {
        let names = filled.iter().filter_map(|sheet| sheet.name.as_deref());
        return Err(TableFinding::error(format!("{file} has several sheets with content"))
            .allowed(Vec::from_iter(names).join(", "))
            .help("name one: `sheet = \"…\"`"));
    }
    filled.pop().ok_or_else(|| super::without_content(file))
}

/// All sheets with content.
pub(super) fn read_all(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, TableFinding> {
    filled_sheets(file, &mut opened(file, bytes)?)
}

fn filled_sheets(file: &str, book: &mut Book<'_>) -> Result<Vec<Sheet>, TableFinding> {
    let mut filled = Vec::new();
    for name in book.sheet_names() {
        let sheet = read_sheet(file, book, &name)?;
        if sheet.has_content() {
            filled.push(sheet);
        }
    }
    Ok(filled)
}

fn opened<'a>(file: &str, bytes: &'a [u8]) -> Result<Book<'a>, TableFinding> {
    let broken = |cause: &dyn std::fmt::Display| {
        TableFinding::error(format!("{file} is not a workbook that can be read: {cause}"))
            .allowed("XLSX, XLS, XLSB or ODS without a password")
    };
    if unpacked_bytes(bytes).is_none_or(|unpacked| unpacked > UNPACKED_BYTES) {
        return Err(broken(&format!("unpacked it has more than {UNPACKED_BYTES} bytes")));
    }
    open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|cause| broken(&cause))
}

/// Bytes of all files of an archive as its directory gives them; none if it has no directory.
fn unpacked_bytes(bytes: &[u8]) -> Option<u64> {
    if !bytes.starts_with(b"PK") {
        return Some(0);
    }
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let mut at = usize::try_from(number(end + 16)?).ok()?;
    let mut total = 0;
    while bytes.get(at..at + 4) == Some(b"PK\x01\x02") {
        total += u64::from(number(at + 24)?);
        let length = |at: usize| {
            Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
        };
        at += 46 + length(at + 28)? + length(at + 30)? + length(at + 32)?;
    }
    Some(total)
}

fn read_sheet(file: &str, book: &mut Book<'_>, name: &str) -> Result<Sheet, TableFinding> {
    let mut sheet = Sheet {
        file: file.to_string(),
        name: Some(name.into()),
        encoding: None,
        separator: None,
        are_failures_empty: matches!(book, Sheets::Ods(_)),
        text: None,
        rows: Vec::new(),
    };
    if let Sheets::Xlsx(book) = book {
        for row in xlsx_rows(file, book, name)? {
            sheet.push(row)?;
        }
        return Ok(sheet);
    }
    let range = book.worksheet_range(name).map_err(|cause| unreadable(file, name, &cause))?;
    let (top, left) = range.start().unwrap_or_default();
    for (index, row) in range.rows().enumerate() {
        if row.iter().all(|cell| *cell == Data::Empty) {
            continue;
        }
        let mut cells = vec![SheetCell::default(); left as usize];
        let values = row.iter().map(cell_of);
        cells.extend(values.map(|cell| SheetCell { cell, bytes: None }));
        sheet.push(SheetRow { number: top as usize + index + 1, cells })?;
    }
    Ok(sheet)
}

fn unreadable(file: &str, sheet: &str, cause: &dyn std::fmt::Display) -> TableFinding {
    TableFinding::error(format!("sheet `{sheet}` of {file} cannot be read: {cause}"))
}

/// Cell by cell, so that a sheet that claims to be huge is refused before it is laid out.
fn xlsx_rows(
    file: &str,
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
) -> Result<Vec<SheetRow>, TableFinding> {
    let mut reader =
        book.worksheet_cells_reader(name).map_err(|cause| unreadable(file, name, &cause))?;
    let mut rows = std::collections::BTreeMap::<usize, Vec<SheetCell>>::new();
    while let Some(cell) = reader.next_cell().map_err(|cause| unreadable(file, name, &cause))? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        let value = cell_of(&Data::from(cell.get_value().clone()));
        if value.is_empty() {
            continue;
        }
        if row >= ROWS || column >= COLUMNS {
            return Err(TableFinding::error(format!("sheet `{name}` of {file} is too large"))
                .allowed(format!("at most {ROWS} rows and {COLUMNS} columns")));
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, SheetCell::default());
        }
        cells[column].cell = value;
    }
    Ok(rows.into_iter().map(|(row, cells)| SheetRow { number: row + 1, cells }).collect())
}

fn cell_of(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) => text_cell(text),
        Data::Bool(flag) => Cell::Flag(*flag),
        Data::DateTime(time) => serial(time),
        Data::DurationIso(text) => iso_length(text).unwrap_or_else(|| text_cell(text)),
        Data::Error(error) => Cell::Failed(error.to_string()),
    }
}

/// Days since 1899-12-30. The crate keeps the epoch to itself; the date that it makes tells.
fn serial(time: &ExcelDateTime) -> Cell {
    let days = time.as_f64();
    if time.is_duration() {
        return Cell::Length(days);
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    let date = i16::try_from(year).ok().and_then(|year| {
        jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    });
    let is_later = date.is_some_and(|date| f64::from(days_of(date)) - days > 1000.0);
    Cell::Serial(if is_later && days >= 1.0 { days + LATER_EPOCH_DAYS } else { days })
}

/// `PT08H30M00S` of an ODS file.
fn iso_length(text: &str) -> Option<Cell> {
    let mut seconds = 0.0;
    let mut rest = text.strip_prefix("PT")?;
    while let Some(unit) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let value: f64 = rest[..unit].parse().ok()?;
        seconds += value
            * match &rest[unit..=unit] {
                "H" => 3600.0,
                "M" => 60.0,
                "S" => 1.0,
                _ => return None,
            };
        rest = &rest[unit + 1..];
    }
    Some(Cell::Length(seconds / 86_400.0))
}
