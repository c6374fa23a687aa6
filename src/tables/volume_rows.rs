//! The rows of a table of intervals, cell by cell.

use super::cell_causes::Causes;
use super::cells::{Cell, Place};
use super::day_time::{DayTime, PlannedDay};
use super::echo::Echo;
use super::finding::{TableFinding, TableResult};
use super::headed_rows::{Frame, cell};
use super::headings::folded;
use super::normal_forms::{Quantity, ValueList, VolumeRow, VolumeTable};
use super::row_days::DayColumns;
use super::sheet::SheetRow;
use super::spelling::{self, ClockCell, Decided, Written};
use super::table_options::{DateOrder, DecimalMark};
use super::value_columns::{IntervalColumns, ValueColumn};

/// Reads rows whose columns are known.
pub(super) struct RowReader<'a> {
    frame: &'a Frame<'a>,
    quantity: Quantity,
    columns: &'a IntervalColumns,
    decimal: DecimalMark,
    dates: DateOrder,
    /// Whether clock times are whole hours: `8`.
    is_hours: bool,
}

/// The texts of all values.
pub(super) fn value_cells<'a>(frame: &'a Frame<'_>, columns: &IntervalColumns) -> Vec<Written<'a>> {
    let columns =
        columns.values.iter().map(|value| value.column).chain(columns.sums.iter().copied());
    frame.written(&Vec::from_iter(columns))
}

/// A value, and whether nothing stood there.
struct CellValue {
    value: f64,
    is_nothing: bool,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(
        frame: &'a Frame<'a>,
        quantity: Quantity,
        columns: &'a IntervalColumns,
        decimal: &Decided<DecimalMark>,
        dates: &Decided<DateOrder>,
    ) -> Self {
        let named_hour = |column: usize| {
            ["hour", "stunde", "heure", "hora"].contains(&folded(&frame.heading(column)).as_str())
        };
        let is_hours = columns.time.is_some_and(|column| {
            let mut cells = frame.all_rows.iter().map(|row| cell(row, column));
            named_hour(column) && cells.all(|cell| spelling::whole_hour(cell).is_some())
        });
        Self { frame, quantity, columns, decimal: decimal.choice, dates: dates.choice, is_hours }
    }

    fn echo(&self) -> Echo {
        self.frame.echo(self.columns.layout)
    }

    /// Values of rows without a clock.
    pub(super) fn list(&self, findings: Vec<TableFinding>) -> TableResult<ValueList> {
        let mut causes = Causes::default();
        let mut values = Vec::new();
        for row in &self.frame.rows {
            for value in &self.columns.values {
                match self.value(row, value.column) {
                    Ok(found) => {
                        self.note_nothing(&mut causes, row, value.column, &found);
                        values.push(found.value);
                    }
                    Err(finding) => causes.add(finding),
                }
            }
        }
        let findings = sound(findings, causes)?;
        Ok(ValueList { values, echo: self.echo(), findings })
    }

    /// Rows with a clock.
    pub(super) fn rows(&self, findings: Vec<TableFinding>) -> TableResult<VolumeTable> {
        let mut causes = Causes::default();
        let (mut rows, mut keys) = (Vec::new(), Vec::new());
        let mut last_day = None;
        for row in &self.frame.rows {
            let day = self.day(row, &mut last_day, &mut causes);
            for value in &self.columns.values {
                let read = self.row(row, value, day.clone(), &mut causes);
                match read {
                    Ok(mut read) => {
                        read.key = read.key.map(|key| as_first_written(key, &mut keys));
                        rows.push(read);
                    }
                    Err(finding) => causes.add(finding),
                }
            }
        }
        let findings = sound(findings, causes)?;
        Ok(VolumeTable { rows, keys, step_seconds: 0, echo: self.echo(), findings })
    }

    fn note_nothing(&self, causes: &mut Causes, row: &SheetRow, column: usize, found: &CellValue) {
        if found.is_nothing {
            let place = self.frame.sheet.place(row, column);
            let may_have_failed =
                self.frame.sheet.are_failures_empty && cell(row, column).is_empty();
            let message = match may_have_failed {
                true => "empty, taken as none, and in an ODS file a failed formula looks the same",
                false => "empty, `-` or `#N/A`, taken as none",
            };
            causes.add(TableFinding::warning(message).at(&place));
        }
    }

    fn value(&self, row: &SheetRow, column: usize) -> Result<CellValue, TableFinding> {
        let wrong =
            |what: &str| self.frame.wrong(row, column, what).allowed("a number of 0 or more");
        let (value, is_nothing) = match cell(row, column) {
            Cell::Number(number) => (Some(*number), false),
            Cell::Text(text) if matches!(text.as_str(), "-" | "–" | "—") => (Some(0.0), true),
            Cell::Failed(text) if matches!(text.as_str(), "#N/A" | "#NV" | "#N/D") => {
                (Some(0.0), true)
            }
            Cell::Empty => (Some(0.0), true),
            Cell::Text(text) if text.contains('%') => return Err(wrong("a percentage")),
            Cell::Length(days) if self.quantity == Quantity::HandleTime => {
                (Some(days * 86_400.0 / self.columns.factor), false)
            }
            Cell::Text(text) if self.quantity == Quantity::HandleTime => {
                return self.handle_time(row, column, text);
            }
            Cell::Text(text) => (spelling::number(text, self.decimal), false),
            _ => (None, false),
        };
        if is_nothing && self.quantity == Quantity::Staff {
            return Err(wrong("no value"));
        }
        let value = value.filter(|number| number.is_finite() && *number >= 0.0);
        let value = value.ok_or_else(|| wrong("not a number"))?;
        Ok(CellValue { value: value * self.columns.factor, is_nothing })
    }

    /// A handle time: a number in the unit of its heading, or with a unit of its own.
    fn handle_time(
        &self,
        row: &SheetRow,
        column: usize,
        text: &str,
    ) -> Result<CellValue, TableFinding> {
        let wrong = |what: &str| self.frame.wrong(row, column, what);
        let found = |value: f64| CellValue { value, is_nothing: false };
        if let Some(number) = spelling::number(text, self.decimal).filter(|number| *number >= 0.0) {
            return Ok(found(number * self.columns.factor));
        }
        if text.matches(':').count() == 1 {
            return Err(wrong("a handle time that may be hours or minutes")
                .allowed("seconds such as 180, or hours, minutes and seconds such as 0:03:00"));
        }
        spelling::length(text, self.decimal).map(found).ok_or_else(|| {
            wrong("not a handle time").allowed("seconds such as 180, `3 min`, or 0:03:00")
        })
    }

    fn row(
        &self,
        row: &SheetRow,
        value: &ValueColumn,
        day: Result<PlannedDay, TableFinding>,
        causes: &mut Causes,
    ) -> Result<VolumeRow, TableFinding> {
        let ClockCell { start, end, offset } = self.clock(row, value)?;
        let is_label_end = self.columns.time.is_none() && value.start.is_none();
        let end = match (end, is_label_end) {
            (Some(end), _) if end == DayTime::MIDNIGHT => Some(DayTime::DAY_END),
            (end, _) => end,
        };
        if let (Some(end), Some(column)) = (end, self.columns.end.or(self.columns.time))
            && end <= start
            && !is_label_end
        {
            return Err(self.frame.wrong(row, column, "an end that is not behind its start"));
        }
        let found = self.value(row, value.column)?;
        self.note_nothing(causes, row, value.column, &found);
        let key = match (&value.key, self.columns.skill) {
            (Some(key), _) => Some(key.clone()),
            (None, Some(column)) => {
                let key = cell(row, column).to_string();
                if key.is_empty() {
                    return Err(self.frame.wrong(
                        row,
                        column,
                        "no skill, where other rows have one",
                    ));
                }
                Some(key)
            }
            (None, None) => None,
        };
        let is_day_of_file =
            value.day.is_some() || self.columns.weekday.is_some() || self.columns.date.is_some();
        Ok(VolumeRow {
            day: match value.day {
                Some(day) => day,
                None => day?,
            },
            is_day_of_file,
            start: if is_label_end { end.unwrap_or(start) } else { start },
            end: end.unwrap_or(start),
            is_label_end,
            offset,
            key,
            value: found.value,
            place: self.place(row, value.column),
        })
    }

    fn place(&self, row: &SheetRow, column: usize) -> Place {
        self.frame.sheet.place(row, column)
    }

    /// The clock times of a row; of one that has the end only, both are the end.
    fn clock(&self, row: &SheetRow, value: &ValueColumn) -> Result<ClockCell, TableFinding> {
        if let Some(start) = value.start {
            return Ok(ClockCell { start, end: value.end, offset: None });
        }
        let of = |column: usize| {
            let cell = cell(row, column);
            let hour = spelling::whole_hour(cell).filter(|_| self.is_hours);
            let hour = hour.map(|start| ClockCell { start, end: None, offset: None });
            hour.or_else(|| spelling::clock_of(cell)).ok_or_else(|| {
                self.frame.wrong(row, column, "not a clock time").allowed("08:30, 9h30, 8:30 PM")
            })
        };
        let Some(time) = self.columns.time else {
            let column = self.columns.end.unwrap_or_default();
            let end = of(column)?.start;
            let end = if end == DayTime::MIDNIGHT { DayTime::DAY_END } else { end };
            return Ok(ClockCell { start: end, end: Some(end), offset: None });
        };
        let start = of(time)?;
        let Some(column) = self.columns.end else { return Ok(start) };
        let end = of(column)?.start;
        let end = if end == DayTime::MIDNIGHT { DayTime::DAY_END } else { end };
        if !self.is_day_of_end(row, column, end) {
            return Err(self
                .frame
                .wrong(row, column, "an end on another day than its start")
                .allowed("an interval within one day, up to its midnight"));
        }
        Ok(ClockCell { end: Some(end), ..start })
    }

    /// Whether a date that stands with the end of an interval is that of its start, or the midnight
    /// after it.
    fn is_day_of_end(&self, row: &SheetRow, column: usize, end: DayTime) -> bool {
        let date = |column: usize| spelling::date_of(cell(row, column), self.dates);
        let Some(of_end) = date(column) else { return true };
        let start = self.columns.time.and_then(date).or_else(|| date(self.columns.date?));
        let Some(start) = start else { return false };
        of_end == start || (end == DayTime::DAY_END && start.tomorrow().ok() == Some(of_end))
    }

    /// The day of a row. An empty cell under a day goes on with it, as long as the clock does.
    fn day(
        &self,
        row: &SheetRow,
        last: &mut Option<DayAndRow>,
        causes: &mut Causes,
    ) -> Result<PlannedDay, TableFinding> {
        let column = self.columns.date.or(self.columns.weekday);
        let Some(column) = column else {
            let labels = [self.columns.time, self.columns.end].into_iter().flatten();
            let mut dates = labels.filter_map(|it| spelling::date_of(cell(row, it), self.dates));
            return Ok(dates.next().map_or(PlannedDay::Every, PlannedDay::Date));
        };
        let start = self.columns.time.and_then(|time| spelling::clock_of(cell(row, time)));
        if cell(row, column).is_empty()
            && let Some(DayAndRow { day, start: Some(before) }) = *last
            && start.is_some_and(|start| start.start > before)
        {
            let place = self.place(row, column);
            causes.add(TableFinding::warning("no day, taken from the row above").at(&place));
            *last = Some(DayAndRow { day, start: start.map(|start| start.start) });
            return Ok(day);
        }
        let weekday = self.columns.weekday;
        let day = self.frame.day(row, DayColumns { day: column, weekday, dates: self.dates })?;
        *last = Some(DayAndRow { day, start: start.map(|start| start.start) });
        Ok(day)
    }
}

/// The day of the row above, and where the clock stood.
#[derive(Clone, Copy)]
pub(super) struct DayAndRow {
    day: PlannedDay,
    start: Option<DayTime>,
}

/// All findings, unless there is an error.
pub(super) fn sound(
    mut findings: Vec<TableFinding>,
    causes: Causes,
) -> TableResult<Vec<TableFinding>> {
    findings.extend(causes.findings());
    if findings.iter().any(|finding| finding.is_error) {
        return Err(findings);
    }
    Ok(findings)
}

/// `billing` and `Billing` are one skill.
pub(super) fn as_first_written(key: String, keys: &mut Vec<String>) -> String {
    let first = keys.iter().find(|first| first.to_lowercase() == key.to_lowercase()).cloned();
    first.unwrap_or_else(|| {
        keys.push(key.clone());
        key
    })
}
