//! Cells as a file holds them, and how their place is called.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Where a cell stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the sheet, of workbooks only.
    pub sheet: Option<Arc<str>>,
    /// Row from 1, as the planner's program counts; lines of a text file that are empty count.
    pub row: usize,
    /// Column from 1.
    pub column: usize,
    /// Bytes of the decoded text of a text file.
    pub bytes: Option<Range<usize>>,
}

impl fmt::Display for Place {
    /// `Sheet!C14` in a workbook, `row 14, column C` in a text file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = column_letters(self.column);
        match &self.sheet {
            Some(sheet) => write!(f, "{sheet}!{column}{}", self.row),
            None => write!(f, "row {}, column {column}", self.row),
        }
    }
}

/// `A` for 1, `AA` for 27.
pub(super) fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    String::from_iter(letters)
}

/// What a file says of a cell, before anything is decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing, or blanks.
    #[default]
    Empty,
    /// Text, trimmed.
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A date, a time, or both, of a workbook: days since 1899-12-30, whatever epoch the file has.
    Serial(f64),
    /// A length of time of a workbook, in days. Clock times in a column `[h]:mm` are among them.
    Length(f64),
    /// Yes or no.
    Flag(bool),
    /// A formula that failed: `#REF!`.
    Failed(String),
}

impl Cell {
    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Text(text) | Self::Failed(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Serial(days) => write!(f, "{}", super::day_time::serial_text(*days)),
            Self::Length(days) => write!(f, "{}", super::day_time::length_text(*days)),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}
