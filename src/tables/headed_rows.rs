//! The row of headings, and what each column is.

use super::cells::Cell;
use super::finding::TableFinding;
use super::headings::{Meaning, folded};
use super::sheet::{Sheet, SheetRow};
use super::spelling::weekday;
use super::table_options::TableOptions;

/// Rows above the headings that are looked through.
const TITLE_ROWS: usize = 20;

/// The columns of a table and the rows below their headings.
pub(super) struct Frame<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) headings: &'a SheetRow,
    pub(super) rows: Vec<&'a SheetRow>,
    columns: Vec<(Meaning, usize)>,
}

impl<'a> Frame<'a> {
    /// Finds the headings and takes the rows that the scenario wants.
    pub(super) fn new(sheet: &'a Sheet, options: &TableOptions) -> Result<Self, TableFinding> {
        let named = |cell: &Cell| {
            let text = cell.to_string();
            Meaning::of(&text).is_some()
                || weekday(&text).is_some()
                || options.columns.iter().any(|named| folded(&named.heading) == folded(&text))
        };
        let head = sheet.rows.iter().take(TITLE_ROWS).position(|row| {
            let filled = || row.cells.iter().filter(|cell| !cell.cell.is_empty());
            filled().count() >= sheet.width().min(2) && filled().any(|cell| named(&cell.cell))
        });
        let head = head.ok_or_else(|| {
            TableFinding::error("no row of headings that are known")
                .at(&sheet.place(&sheet.rows[0], 0))
                .help("give the table headings, or name them: `columns = { time = \"…\" }`")
        })?;
        let headings = &sheet.rows[head];
        let mut frame = Self {
            sheet,
            headings,
            rows: sheet.rows[head + 1..].iter().collect(),
            columns: Vec::new(),
        };
        frame.find_columns(options)?;
        for condition in &options.only {
            let column = frame.named(&condition.column)?;
            let wanted = condition.value.trim().to_lowercase();
            frame.rows.retain(|row| cell(row, column).to_string().to_lowercase() == wanted);
            if frame.rows.is_empty() {
                return Err(TableFinding::error(format!(
                    "no row with {} = `{}`",
                    condition.column, condition.value
                )));
            }
        }
        Ok(frame)
    }

    fn find_columns(&mut self, options: &TableOptions) -> Result<(), TableFinding> {
        for named in &options.columns {
            let meaning = Meaning::of(&named.meaning).ok_or_else(|| {
                TableFinding::error(format!("`{}` is no meaning of a column", named.meaning))
            })?;
            self.columns.push((meaning, self.named(&named.heading)?));
        }
        let given = self.columns.clone();
        for index in 0..self.headings.cells.len() {
            let Some(meaning) = Meaning::of(&self.heading(index)) else { continue };
            if given.iter().any(|&(m, column)| m == meaning || column == index) {
                continue;
            }
            if let Some(other) = self.column(meaning) {
                return Err(TableFinding::error(format!(
                    "two columns for {}: `{}` and `{}`",
                    meaning.word(),
                    self.heading(other),
                    self.heading(index)
                ))
                .at(&self.sheet.place(self.headings, index))
                .help(format!("name one: `columns = {{ {} = \"…\" }}`", meaning.word())));
            }
            self.columns.push((meaning, index));
        }
        Ok(())
    }

    /// The column with a heading, or with the meaning that a word names.
    fn named(&self, name: &str) -> Result<usize, TableFinding> {
        let position = |index: &usize| folded(&self.heading(*index)) == folded(name);
        let found = (0..self.headings.cells.len()).find(position);
        found.or_else(|| self.column(Meaning::of(name)?)).ok_or_else(|| {
            let headings = self.headings.cells.iter().map(|cell| cell.cell.to_string());
            let headings = Vec::from_iter(headings.filter(|heading| !heading.is_empty()));
            let near = headings
                .iter()
                .map(|heading| (strsim::jaro_winkler(&folded(heading), &folded(name)), heading))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let error = TableFinding::error(format!("no column `{name}`"))
                .at(&self.sheet.place(self.headings, 0))
                .allowed(headings.join(", "));
            match near {
                Some((likeness, heading)) if likeness > 0.75 => {
                    error.help(format!("did you mean `{heading}`?"))
                }
                _ => error,
            }
        })
    }

    pub(super) fn column(&self, meaning: Meaning) -> Option<usize> {
        self.columns.iter().find(|column| column.0 == meaning).map(|column| column.1)
    }

    pub(super) fn heading(&self, index: usize) -> String {
        cell(self.headings, index).to_string()
    }
}

/// The cell of a row, empty beyond its end.
pub(super) fn cell(row: &SheetRow, column: usize) -> &Cell {
    row.cells.get(column).map_or(&Cell::Empty, |cell| &cell.cell)
}
