//! The row of headings, and what each column is.

use super::cells::{Cell, column_letters};
use super::contents::Content;
use super::finding::TableFinding;
use super::heading_row::{heading_row, is_second_row};
use super::headings::{Meaning, folded, is_total};
use super::sheet::{Sheet, SheetRow};
use super::table_options::TableOptions;

/// What a reader does with the columns of its tables.
pub(super) struct TableKind {
    /// What it looks for.
    pub(super) reads: &'static [Meaning],
    /// What would change the meaning of a row if it were passed over.
    pub(super) matters: &'static [Meaning],
    /// What a column of numbers is in a file without headings.
    pub(super) of_numbers: Option<Meaning>,
    /// What a column of words is in a file without headings.
    pub(super) of_words: Option<Meaning>,
}

/// The columns of a table and the rows below their headings.
pub(super) struct Frame<'a> {
    pub(super) sheet: &'a Sheet,
    /// Rows that the scenario wants.
    pub(super) rows: Vec<&'a SheetRow>,
    /// The same, and those that `where` leaves out.
    pub(super) all_rows: Vec<&'a SheetRow>,
    /// Rows of sums.
    pub(super) totals: Vec<&'a SheetRow>,
    /// Warnings.
    pub(super) findings: Vec<TableFinding>,
    pub(super) headings: Vec<HeadingCells>,
    pub(super) columns: Vec<(Meaning, usize)>,
    pub(super) used: Vec<(usize, String)>,
}

/// What stands over a column.
#[derive(Clone, Default)]
pub(super) struct HeadingCells {
    pub(super) own: Cell,
    /// In the row above, over this column or merged over it.
    pub(super) above: Cell,
}

impl<'a> Frame<'a> {
    /// Finds the headings and takes the rows that the scenario wants.
    pub(super) fn new(
        sheet: &'a Sheet,
        kind: &TableKind,
        options: &TableOptions,
    ) -> Result<Self, TableFinding> {
        let mut frame = Self {
            sheet,
            rows: Vec::new(),
            all_rows: Vec::new(),
            totals: Vec::new(),
            findings: Vec::new(),
            headings: Vec::new(),
            columns: Vec::new(),
            used: Vec::new(),
        };
        let first = match heading_row(sheet, options) {
            Some(head) => frame.read_headings(head),
            None => {
                frame.headings = vec![HeadingCells::default(); sheet.width()];
                0
            }
        };
        frame.all_rows = sheet.rows[first..].iter().collect();
        frame.refuse_ragged_rows(first)?;
        frame.find_columns(options)?;
        frame.leave_out_repeated_headings();
        let labels = frame.label_columns();
        let is_sum = |row: &&SheetRow| {
            let mut label = labels.iter().map(|&column| cell(row, column));
            label.any(|cell| is_total(&cell.to_string()))
        };
        (frame.totals, frame.all_rows) = frame.all_rows.iter().copied().partition(is_sum);
        if frame.all_rows.is_empty() {
            return Err(TableFinding::error(format!(
                "{} has no rows below its headings",
                sheet.file
            )));
        }
        frame.name_columns_by_content(kind, options, first == 0)?;
        frame.rows = frame.all_rows.clone();
        frame.choose_rows(options)?;
        Ok(frame)
    }

    /// Headings of a row, and of the one above if two make one. Returns the index of the first row of
    /// data.
    fn read_headings(&mut self, head: usize) -> usize {
        let rows = &self.sheet.rows;
        let is_next = rows.get(head + 1).is_some_and(|next| {
            let filled = |row: &SheetRow| row.cells.iter().filter(|it| !it.cell.is_empty()).count();
            is_second_row(next) && filled(next) > filled(&rows[head])
        });
        let own = head + usize::from(is_next);
        let upper = own.checked_sub(1).map(|upper| &rows[upper]);
        let upper = upper.filter(|upper| upper.number + 1 == rows[own].number);
        let mut above = Cell::Empty;
        self.headings = (0..self.sheet.width())
            .map(|column| {
                if let Some(label) =
                    upper.map(|upper| cell(upper, column)).filter(|it| !it.is_empty())
                {
                    above = label.clone();
                }
                HeadingCells { own: cell(&rows[own], column).clone(), above: above.clone() }
            })
            .collect();
        own + 1
    }

    fn refuse_ragged_rows(&self, first: usize) -> Result<(), TableFinding> {
        let is_filled = |heading: &HeadingCells| !heading.own.is_empty();
        let wanted = self.headings.iter().rposition(is_filled).map(|last| last + 1);
        let Some(wanted) = wanted.filter(|_| self.sheet.text.is_some() && first > 0) else {
            return Ok(());
        };
        for row in &self.all_rows {
            let filled =
                row.cells.iter().rposition(|it| !it.cell.is_empty()).map_or(0, |it| it + 1);
            if row.cells.len() >= wanted && filled <= wanted {
                continue;
            }
            let cells = if filled > wanted { filled } else { row.cells.len() };
            let noun = if cells == 1 { "cell" } else { "cells" };
            let finding = TableFinding::error(format!(
                "row {} has {cells} {noun}, the headings have {wanted}",
                row.number
            ));
            return Err(finding.at(&self.sheet.place(row, 0)).help(
                "as many cells in each row; a decimal comma stands in quotes where commas separate",
            ));
        }
        Ok(())
    }

    fn find_columns(&mut self, options: &TableOptions) -> Result<(), TableFinding> {
        let mut given = Vec::new();
        for named in &options.columns {
            let meaning = Meaning::of(&named.meaning).ok_or_else(|| {
                TableFinding::error(format!("`{}` is no meaning of a column", named.meaning))
                    .allowed(Vec::from_iter(Meaning::words()).join(", "))
            })?;
            given.push(meaning);
            if !named.heading.is_empty() {
                self.columns.push((meaning, self.named(&named.heading)?));
            }
        }
        let named = self.columns.clone();
        for (index, heading) in self.headings.iter().enumerate() {
            let Some(meaning) = Meaning::of(&heading.own.to_string()) else { continue };
            if !given.contains(&meaning) && named.iter().all(|&(_, column)| column != index) {
                self.columns.push((meaning, index));
            }
        }
        Ok(())
    }

    /// Headings that come again, as on each page of a print.
    fn leave_out_repeated_headings(&mut self) {
        let headings = Vec::from_iter(self.headings.iter().map(|heading| heading.own.to_string()));
        if headings.iter().all(String::is_empty) {
            return;
        }
        let is_again = |row: &&SheetRow| {
            headings
                .iter()
                .enumerate()
                .all(|(column, heading)| cell(row, column).to_string() == *heading)
        };
        let (again, rows) = self.all_rows.iter().copied().partition::<Vec<_>, _>(is_again);
        self.all_rows = rows;
        if let Some(first) = again.first() {
            let message = format!("row {} has the headings again and is left out", first.number);
            self.findings.push(TableFinding::warning(message).at(&self.sheet.place(first, 0)));
        }
    }

    /// Columns in which a row may say that it is a sum: those with words, and the first.
    fn label_columns(&self) -> Vec<usize> {
        let says = [
            Meaning::Date,
            Meaning::Weekday,
            Meaning::Time,
            Meaning::End,
            Meaning::Skill,
            Meaning::Agent,
            Meaning::Team,
        ];
        let of_meaning = self.columns.iter().filter(|(meaning, _)| says.contains(meaning));
        of_meaning.map(|&(_, column)| column).chain([0]).collect()
    }

    /// Columns without a heading, as far as what stands in them can mean one thing only.
    fn name_columns_by_content(
        &mut self,
        kind: &TableKind,
        options: &TableOptions,
        is_headless: bool,
    ) -> Result<(), TableFinding> {
        if is_headless && !options.columns.is_empty() {
            return Ok(());
        }
        let mut guessed = Vec::new();
        for column in 0..self.headings.len() {
            let is_named = self.columns.iter().any(|&(_, named)| named == column);
            if is_named || !self.headings[column].own.is_empty() {
                continue;
            }
            let content = Content::of(self.all_rows.iter().map(|row| cell(row, column)));
            let has = |meaning| self.columns.iter().any(|&(known, _)| known == meaning);
            let meaning = match content {
                Content::Nothing => continue,
                Content::Clock if !has(Meaning::Time) => Some(Meaning::Time),
                Content::Clock if is_headless && !has(Meaning::End) => Some(Meaning::End),
                Content::Date => Some(Meaning::Date),
                Content::Weekday => Some(Meaning::Weekday),
                Content::Number if is_headless => kind.of_numbers,
                Content::Words if is_headless => kind.of_words,
                _ => None,
            };
            match meaning.filter(|&meaning| kind.reads.contains(&meaning) && !has(meaning)) {
                Some(meaning) => {
                    self.columns.push((meaning, column));
                    guessed.push(format!("{} {}", column_letters(column + 1), meaning.word()));
                }
                None if is_headless => return Err(self.without_headings(column)),
                None => {}
            }
        }
        if is_headless {
            let taken = guessed.join(", ");
            self.findings.push(
                TableFinding::warning(format!("no row of headings: columns are taken as {taken}"))
                    .help("give the table headings"),
            );
        }
        Ok(())
    }

    fn without_headings(&self, column: usize) -> TableFinding {
        let letters = column_letters(column + 1);
        TableFinding::error(format!(
            "no row of headings that are known, and column {letters} may mean more than one thing"
        ))
        .at(&self.sheet.place(self.all_rows[0], column))
        .help("give the table headings, or name columns by their letters: `columns = { time = \"A\" }`")
    }

    fn choose_rows(&mut self, options: &TableOptions) -> Result<(), TableFinding> {
        for condition in &options.only {
            let column = self.named(&condition.column)?;
            let wanted = condition.value.trim().to_lowercase();
            self.rows.retain(|row| cell(row, column).to_string().to_lowercase() == wanted);
            if self.rows.is_empty() {
                let mut values = Vec::new();
                for row in &self.all_rows {
                    let value = cell(row, column).to_string();
                    if !values.contains(&value) && values.len() < VALUES_LISTED {
                        values.push(value);
                    }
                }
                let message = format!("no row with {} = `{}`", condition.column, condition.value);
                return Err(TableFinding::error(message).allowed(values.join(", ")));
            }
            self.note(column, format!("only {}", condition.value));
        }
        Ok(())
    }

    /// The column with a heading, or with the meaning that a word names; by its letters in a file
    /// without headings.
    fn named(&self, name: &str) -> Result<usize, TableFinding> {
        let mut range = 0..self.headings.len();
        if self.headings.iter().all(|heading| heading.own.is_empty())
            && let Some(column) =
                range.clone().find(|&it| column_letters(it + 1) == name.to_uppercase())
        {
            return Ok(column);
        }
        let found = range.find(|&column| folded(&self.heading(column)) == folded(name));
        found.or_else(|| self.column(Meaning::of(name)?)).ok_or_else(|| {
            let headings = self.headings.iter().map(|heading| heading.own.to_string());
            let headings = Vec::from_iter(headings.filter(|heading| !heading.is_empty()));
            let near = headings
                .iter()
                .map(|heading| (strsim::jaro_winkler(&folded(heading), &folded(name)), heading))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let error = TableFinding::error(format!("{} has no column `{name}`", self.sheet.file))
                .allowed(headings.join(", "));
            match near {
                Some((likeness, heading)) if likeness > 0.75 => {
                    error.help(format!("did you mean `{heading}`?"))
                }
                _ => error,
            }
        })
    }

    /// The first column with a meaning.
    pub(super) fn column(&self, meaning: Meaning) -> Option<usize> {
        self.columns_of(meaning).next()
    }

    /// All columns with a meaning.
    pub(super) fn columns_of(&self, meaning: Meaning) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().filter(move |column| column.0 == meaning).map(|column| column.1)
    }

    /// The only column with a meaning, noted as used.
    pub(super) fn take(&mut self, meaning: Meaning) -> Result<Option<usize>, TableFinding> {
        let mut columns = self.columns_of(meaning);
        let (first, second) = (columns.next(), columns.next());
        drop(columns);
        if let (Some(first), Some(second)) = (first, second) {
            let message = format!(
                "two columns for {}: `{}` and `{}`",
                meaning.word(),
                self.heading(first),
                self.heading(second)
            );
            let help = format!("name one: `columns = {{ {} = \"…\" }}`", meaning.word());
            return Err(TableFinding::error(message).help(help));
        }
        if let Some(column) = first {
            self.note(column, meaning.word().to_owned());
        }
        Ok(first)
    }

    /// Notes what a column is used for.
    pub(super) fn note(&mut self, column: usize, meaning: String) {
        self.used.push((column, meaning));
    }

    /// Whether a column has a meaning or a use.
    pub(super) fn is_known(&self, column: usize) -> bool {
        self.columns.iter().any(|known| known.1 == column) || self.is_used(column)
    }

    pub(super) fn is_used(&self, column: usize) -> bool {
        self.used.iter().any(|used| used.0 == column)
    }

    /// What stands over a column; its letters if nothing does.
    pub(super) fn heading(&self, column: usize) -> String {
        match self.headings.get(column).map(|heading| heading.own.to_string()) {
            Some(text) if !text.is_empty() => text,
            _ => column_letters(column + 1),
        }
    }

    pub(super) fn headings(&self) -> &[HeadingCells] {
        &self.headings
    }
}

/// The cell of a row, empty beyond its end.
pub(super) fn cell(row: &SheetRow, column: usize) -> &Cell {
    row.cells.get(column).map_or(&Cell::Empty, |cell| &cell.cell)
}

/// A cell as a finding shows it.
pub(super) fn shown(cell: &Cell) -> String {
    if cell.is_empty() { "an empty cell".to_owned() } else { cell.to_string() }
}

/// Values of a column that an error lists.
const VALUES_LISTED: usize = 30;
