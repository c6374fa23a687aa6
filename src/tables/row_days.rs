//! What the rows of all kinds of tables have in common: findings about a cell, and the day of a row.

use super::cells::Cell;
use super::day_time::PlannedDay;
use super::finding::TableFinding;
use super::headed_rows::{Frame, cell, shown};
use super::sheet::SheetRow;
use super::spelling;
use super::table_options::DateOrder;

/// Where a row says its day.
#[derive(Clone, Copy)]
pub(super) struct DayColumns {
    /// The column that says it.
    pub(super) day: usize,
    /// The one of weekdays, which must not contradict a date.
    pub(super) weekday: Option<usize>,
    pub(super) dates: DateOrder,
}

impl Frame<'_> {
    /// An error about a cell, with what was found there.
    pub(super) fn wrong(&self, row: &SheetRow, column: usize, what: &str) -> TableFinding {
        TableFinding::error(what).at(&self.sheet.place(row, column)).found(shown(cell(row, column)))
    }

    /// The day that a row names.
    pub(super) fn day(
        &self,
        row: &SheetRow,
        columns: DayColumns,
    ) -> Result<PlannedDay, TableFinding> {
        let own: &Cell = cell(row, columns.day);
        let date = spelling::date_of(own, columns.dates).map(PlannedDay::Date);
        let day = date.or_else(|| spelling::day_words(&own.to_string())).ok_or_else(|| {
            self.wrong(row, columns.day, "neither a date nor a weekday")
                .allowed("a date such as 2026-03-23, a weekday, a range such as Mon-Fri, holiday")
        })?;
        if let (PlannedDay::Date(date), Some(weekday)) = (day, columns.weekday)
            && let Some(said) = spelling::weekday(&cell(row, weekday).to_string())
            && said != date.weekday()
        {
            return Err(self.wrong(row, weekday, "a weekday that is not that of the date"));
        }
        Ok(day)
    }
}
