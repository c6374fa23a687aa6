//! What columns of a table are used for, and which ones must not be passed over.

use std::collections::BTreeSet;

use super::cells::{Cell, Place};
use super::contents::Content;
use super::echo::{Echo, UsedColumn};
use super::finding::TableFinding;
use super::headed_rows::{Frame, TableKind, cell};
use super::headings::Meaning;
use super::spelling::{Written, date_of};
use super::table_options::DateOrder;

impl Frame<'_> {
    /// Refuses a column that is not used and would change what rows mean.
    pub(super) fn refuse_what_matters(&self, kind: &TableKind) -> Result<(), TableFinding> {
        let has_time = self.column(Meaning::Time).or_else(|| self.column(Meaning::End)).is_some();
        let in_times = self.column(Meaning::Time).into_iter().any(|column| {
            let mut cells = self.rows.iter().map(|row| cell(row, column));
            cells.any(|cell| date_of(cell, DateOrder::DayFirst).is_some())
        });
        let has_day = in_times
            || self.column(Meaning::Date).or_else(|| self.column(Meaning::Weekday)).is_some();
        for column in (0..self.headings.len()).filter(|&column| !self.is_used(column)) {
            let refuse = |what: String, word: &str| {
                let heading = self.heading(column);
                TableFinding::error(format!("column `{heading}` {what}"))
                    .help(format!("name it: `columns = {{ {word} = \"{heading}\" }}`"))
            };
            let known = self.columns.iter().find(|known| known.1 == column).map(|known| known.0);
            if let Some(meaning) = known.filter(|meaning| kind.matters.contains(meaning)) {
                let word = meaning.word();
                let finding = refuse(format!("would change what rows mean: {word}"), word);
                return Err(finding.help(format!(
                    "take it out of the table, or say that it has no {word}: `columns = {{ {word} = \"\" }}`"
                )));
            }
            match Content::of(self.rows.iter().map(|row| cell(row, column))) {
                Content::Clock if !has_time && kind.reads.contains(&Meaning::Time) => {
                    return Err(refuse(
                        "has clock times, and its heading is not known".into(),
                        "time",
                    ));
                }
                Content::Date if !has_day && kind.reads.contains(&Meaning::Date) => {
                    return Err(refuse("has dates, and its heading is not known".into(), "date"));
                }
                Content::Weekday if !has_day && kind.reads.contains(&Meaning::Weekday) => {
                    return Err(refuse(
                        "has weekdays, and its heading is not known".into(),
                        "weekday",
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// An unused column that is full of words, some of them again and again.
    pub(super) fn repeated_words(&self) -> Option<usize> {
        (0..self.headings.len()).filter(|&column| !self.is_used(column)).find(|&column| {
            let words = self.rows.iter().map(|row| cell(row, column));
            let words = Vec::from_iter(words.filter(|it| !it.is_empty()).map(ToString::to_string));
            let distinct = BTreeSet::from_iter(&words).len();
            Content::of(self.rows.iter().map(|row| cell(row, column))) == Content::Words
                && words.len() == self.rows.len()
                && (2..words.len()).contains(&distinct)
        })
    }

    /// Unused columns whose words differ from row to row.
    pub(super) fn sorting_column(&self, rows: [usize; 2]) -> Option<usize> {
        let row = |number| self.rows.iter().find(|row| row.number == number);
        let (one, other) = (row(rows[0])?, row(rows[1])?);
        (0..self.headings.len()).find(|&column| {
            let words = [cell(one, column), cell(other, column)].map(ToString::to_string);
            !self.is_used(column) && words[0] != words[1] && words.iter().all(|it| !it.is_empty())
        })
    }

    /// What was understood so far.
    pub(super) fn echo(&self, layout: &str) -> Echo {
        let columns = 0..self.headings.len();
        let uses = |column: usize| self.used.iter().filter(move |used| used.0 == column);
        let used =
            columns.clone().filter(|&column| self.is_used(column)).map(|column| UsedColumn {
                heading: self.heading(column),
                meaning: Vec::from_iter(uses(column).map(|used| used.1.as_str())).join(", "),
            });
        let is_empty = |column: usize| {
            self.headings[column].own.is_empty()
                && self.all_rows.iter().all(|row| cell(row, column).is_empty())
        };
        let unused = columns.clone().filter(|&column| !self.is_used(column) && !is_empty(column));
        Echo {
            file: self.sheet.file.clone(),
            sheet: self.sheet.name.as_ref().map(ToString::to_string),
            range: self.sheet.range(),
            encoding: self.sheet.encoding.map(Into::into),
            separator: self.sheet.separator,
            layout: layout.into(),
            rows: self.rows.len(),
            used: used.collect(),
            unused: unused.map(|column| self.heading(column)).collect(),
            ..Echo::default()
        }
    }
}

impl Frame<'_> {
    /// The texts of some columns.
    pub(super) fn written(&self, columns: &[usize]) -> Vec<Written<'_>> {
        let mut cells = Vec::new();
        for row in &self.all_rows {
            for &column in columns {
                if let Cell::Text(text) = cell(row, column) {
                    cells.push(Written { text, place: self.sheet.place(row, column) });
                }
            }
        }
        cells
    }

    /// The texts in which dates may stand: below the headings for them, and the headings that are
    /// none.
    pub(super) fn written_dates(&self) -> Vec<Written<'_>> {
        let meanings = [Meaning::Date, Meaning::Time, Meaning::End];
        let columns = meanings.into_iter().flat_map(|meaning| self.columns_of(meaning));
        let mut cells = self.written(&Vec::from_iter(columns));
        for (column, heading) in self.headings.iter().enumerate() {
            for label in [&heading.own, &heading.above] {
                if let Cell::Text(text) = label
                    && Content::of([label].into_iter()) == Content::Date
                {
                    let place = Place { sheet: None, row: 1, column: column + 1, bytes: None };
                    cells.push(Written { text, place });
                }
            }
        }
        cells
    }
}
