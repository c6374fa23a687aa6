//! Bytes of a file → cells that know their place.

mod spreadsheet;

pub use self::spreadsheet::is_workbook;

use std::ops::Range;
use std::sync::Arc;

use super::cells::{Cell, Place, column_letters};
use super::delimited::{self, Field, Record};
use super::finding::TableFinding;
use super::table_options::TableOptions;

/// Bytes of a file.
const FILE_BYTES: usize = 256 << 20;
/// Rows of a sheet, as many as spreadsheets have.
const ROWS: usize = 1 << 20;
/// Columns of a sheet.
const COLUMNS: usize = 1024;
/// Bytes of a cell.
const CELL_BYTES: usize = 64 << 10;

/// A cell of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetCell {
    /// What stands there.
    pub cell: Cell,
    /// Bytes of the decoded text, of text files.
    pub bytes: Option<Range<usize>>,
}

/// A row of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetRow {
    /// Number from 1.
    pub number: usize,
    /// Its cells from column A.
    pub cells: Vec<SheetCell>,
}

/// The cells of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet, of workbooks.
    pub name: Option<Arc<str>>,
    /// Encoding of a text file.
    pub encoding: Option<&'static str>,
    /// What separates fields of a text file.
    pub separator: Option<char>,
    /// Whether a formula that failed looks like an empty cell, as it does in ODS files.
    pub are_failures_empty: bool,
    /// Decoded text of a text file, to which places point.
    pub text: Option<String>,
    /// Rows with content, in order.
    pub rows: Vec<SheetRow>,
}

impl Sheet {
    /// Reads a file by what its bytes are, not by its name.
    ///
    /// # Errors
    ///
    /// If it is too large or broken, if the sheet or range does not exist, if it has several sheets
    /// with content and none is named, or if it is empty.
    pub fn read(file: &str, bytes: &[u8], options: &TableOptions) -> Result<Self, TableFinding> {
        refuse_too_large(file, bytes)?;
        let mut sheet = if is_workbook(bytes) {
            spreadsheet::read(file, bytes, options)?
        } else {
            Self::from_text(file, bytes, options)?
        };
        if let Some(range) = &options.range {
            sheet.cut(range)?;
        }
        sheet.leave_out_empty_rows();
        if sheet.rows.is_empty() {
            return Err(without_content(file));
        }
        Ok(sheet)
    }

    /// Reads all sheets of a file that have content; a text file is one.
    ///
    /// # Errors
    ///
    /// If it is too large or broken, or if nothing stands in it.
    pub fn read_all(file: &str, bytes: &[u8]) -> Result<Vec<Self>, TableFinding> {
        if !is_workbook(bytes) {
            return Ok(vec![Self::read(file, bytes, &TableOptions::default())?]);
        }
        refuse_too_large(file, bytes)?;
        let mut sheets = spreadsheet::read_all(file, bytes)?;
        sheets.iter_mut().for_each(Self::leave_out_empty_rows);
        if sheets.is_empty() { Err(without_content(file)) } else { Ok(sheets) }
    }

    fn leave_out_empty_rows(&mut self) {
        self.rows.retain(|row| row.cells.iter().any(|cell| !cell.cell.is_empty()));
    }

    /// Whether anything stands in it.
    fn has_content(&self) -> bool {
        self.rows.iter().any(|row| row.cells.iter().any(|cell| !cell.cell.is_empty()))
    }

    fn from_text(file: &str, bytes: &[u8], options: &TableOptions) -> Result<Self, TableFinding> {
        if let Some(sheet) = &options.sheet {
            return Err(TableFinding::error(format!("{file} is a text file without sheets"))
                .found(sheet.clone())
                .help("leave out `sheet`"));
        }
        let delimited::Decoded { text, encoding } = delimited::decode(bytes);
        let delimited::Delimited { separator, records } = delimited::split(&text)?;
        let mut sheet = Self {
            file: file.to_string(),
            name: None,
            encoding: Some(encoding),
            separator: Some(separator),
            are_failures_empty: false,
            text: None,
            rows: Vec::new(),
        };
        for record in records {
            let Record { line, fields } = record?;
            let cell =
                |field: Field| SheetCell { cell: text_cell(&field.text), bytes: Some(field.bytes) };
            let cells = Vec::from_iter(fields.into_iter().map(cell));
            sheet.push(SheetRow { number: line, cells })?;
        }
        sheet.text = Some(text);
        Ok(sheet)
    }

    /// Adds a row within the limits.
    fn push(&mut self, row: SheetRow) -> Result<(), TableFinding> {
        if row.number > ROWS {
            return Err(
                TableFinding::error("too many rows").allowed(format!("at most {ROWS} rows"))
            );
        }
        if row.cells.len() > COLUMNS {
            return Err(TableFinding::error(format!("too many columns in row {}", row.number))
                .found(format!("{} columns", row.cells.len()))
                .allowed(format!("at most {COLUMNS} columns")));
        }
        let is_long =
            |cell: &SheetCell| matches!(&cell.cell, Cell::Text(t) if t.len() > CELL_BYTES);
        if let Some(column) = row.cells.iter().position(is_long) {
            return Err(TableFinding::error("a cell is too long")
                .at(&self.place(&row, column))
                .allowed(format!("at most {CELL_BYTES} bytes")));
        }
        self.rows.push(row);
        Ok(())
    }

    fn cut(&mut self, range: &str) -> Result<(), TableFinding> {
        let wrong = || {
            TableFinding::error("a range that is none")
                .found(range)
                .allowed("two corners, such as `B3:H40`")
        };
        let (from, to) = range.split_once(':').ok_or_else(wrong)?;
        let (from, to) = (corner(from).ok_or_else(wrong)?, corner(to).ok_or_else(wrong)?);
        if to.row < from.row || to.column < from.column {
            return Err(wrong());
        }
        self.rows.retain(|row| (from.row..=to.row).contains(&row.number));
        for row in &mut self.rows {
            row.cells.truncate(to.column);
            for cell in row.cells.iter_mut().take(from.column - 1) {
                *cell = SheetCell::default();
            }
        }
        Ok(())
    }

    /// The place of the cell of a row at an index from 0.
    pub fn place(&self, row: &SheetRow, column: usize) -> Place {
        Place {
            sheet: self.name.clone(),
            row: row.number,
            column: column + 1,
            bytes: row.cells.get(column).and_then(|cell| cell.bytes.clone()),
        }
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
    }

    /// The cells with content: `A1:F98`.
    pub fn range(&self) -> String {
        let filled = |row: &SheetRow| row.cells.iter().position(|cell| !cell.cell.is_empty());
        let left = self.rows.iter().filter_map(filled).min().unwrap_or(0) + 1;
        let row = |row: Option<&SheetRow>| row.map_or(0, |row| row.number);
        let (first, last) = (row(self.rows.first()), row(self.rows.last()));
        format!("{}{first}:{}{last}", column_letters(left), column_letters(self.width()))
    }
}

fn refuse_too_large(file: &str, bytes: &[u8]) -> Result<(), TableFinding> {
    if bytes.len() > FILE_BYTES {
        return Err(TableFinding::error(format!("{file} has {} bytes", bytes.len()))
            .allowed(format!("at most {FILE_BYTES} bytes")));
    }
    Ok(())
}

fn without_content(file: &str) -> TableFinding {
    TableFinding::error(format!("{file} has no cells with content"))
}

struct Corner {
    row: usize,
    column: usize,
}

fn corner(text: &str) -> Option<Corner> {
    let text = text.trim().replace('$', "").to_ascii_uppercase();
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = text.split_at(digits);
    let row = row.parse().ok().filter(|&row| (1..=ROWS).contains(&row))?;
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let column = letters.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'@'));
    Some(Corner { row, column })
}

/// What a text says of a cell; errors of spreadsheets are kept apart.
fn text_cell(text: &str) -> Cell {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let is_failed =
        text.starts_with('#') && text.len() > 2 && text.ends_with(['!', '?', 'A', 'D', 'V']);
    match text {
        "" => Cell::Empty,
        _ if is_failed => Cell::Failed(text.to_string()),
        _ => Cell::Text(text.to_string()),
    }
}
