//! Values by interval: one row each, or a column a weekday.

use std::collections::BTreeMap;

use jiff::civil::Weekday;

use super::cells::Cell;
use super::day_time::{DayTime, PlannedDay};
use super::echo::{Echo, KeyTotal, UsedColumn};
use super::finding::{TableFinding, TableResult};
use super::headed_rows::{Frame, cell};
use super::headings::Meaning;
use super::normal_forms::{Quantity, VolumeRow, VolumeTable};
use super::sheet::{Sheet, SheetRow};
use super::spelling::{self, Decided, Written};
use super::table_options::TableOptions;

/// Where the values of a row are.
struct ValueColumn {
    column: usize,
    weekday: Option<Weekday>,
}

/// Reads values by interval.
///
/// # Errors
///
/// What keeps the table from being understood, each cause once.
pub fn read_volumes(
    sheet: &Sheet,
    quantity: Quantity,
    options: &TableOptions,
) -> TableResult<VolumeTable> {
    let frame = Frame::new(sheet, options)?;
    let values = value_columns(&frame, quantity)?;
    let time = frame.column(Meaning::Time).ok_or_else(|| missing("time"))?;
    let written = |columns: &[usize]| {
        let mut cells = Vec::new();
        for row in &frame.rows {
            for &column in columns {
                if let Cell::Text(text) = cell(row, column) {
                    cells.push(Written { text, place: sheet.place(row, column) });
                }
            }
        }
        cells
    };
    let columns = Vec::from_iter(values.iter().map(|value| value.column));
    let decimal = spelling::decimal_mark(&written(&columns), options.decimal)?;
    let date_columns = Vec::from_iter(frame.column(Meaning::Date).into_iter().chain([time]));
    let dates = spelling::date_order(&written(&date_columns), options.dates)?;
    let reader = Reader { frame: &frame, quantity, time, decimal: &decimal, dates: &dates };
    let mut table = reader.rows(&values)?;
    finish(&mut table)?;
    table.echo.decimal = decimal.why;
    table.echo.dates = dates.why;
    Ok(table)
}

fn missing(word: &str) -> TableFinding {
    TableFinding::error(format!("no column for {word}"))
        .help(format!("name it: `columns = {{ {word} = \"…\" }}`"))
}

fn value_columns(frame: &Frame<'_>, quantity: Quantity) -> Result<Vec<ValueColumn>, TableFinding> {
    let meaning = match quantity {
        Quantity::Volume => Meaning::Volume,
        Quantity::HandleTime => Meaning::HandleTime,
        Quantity::Staff => Meaning::Staff,
    };
    let weekdays = (0..frame.headings.cells.len()).filter_map(|column| {
        let weekday = Some(spelling::weekday(&frame.heading(column))?);
        Some(ValueColumn { column, weekday })
    });
    let weekdays = Vec::from_iter(weekdays);
    match frame.column(meaning) {
        // Minutes that are read as seconds are a wrong answer that nobody sees.
        Some(column)
            if frame.heading(column).contains(['(', '[']) && !has_seconds(frame, column) =>
        {
            Err(TableFinding::error("a unit that is not read")
                .at(&frame.sheet.place(frame.headings, column))
                .found(frame.heading(column))
                .allowed("no unit, or seconds: `AHT (sec)`"))
        }
        Some(column) if weekdays.len() > 1 => {
            Err(TableFinding::error("a column of values and columns of weekdays")
                .at(&frame.sheet.place(frame.headings, column))
                .found(frame.heading(column))
                .help("choose cells: `range = \"A1:F49\"`"))
        }
        Some(column) => Ok(vec![ValueColumn { column, weekday: None }]),
        None if !weekdays.is_empty() => Ok(weekdays),
        None => Err(missing(meaning.word())),
    }
}

/// `billing` and `Billing` are one skill.
fn as_first_written(key: String, keys: &mut Vec<String>) -> String {
    let first = keys.iter().find(|first| first.to_lowercase() == key.to_lowercase()).cloned();
    first.unwrap_or_else(|| {
        keys.push(key.clone());
        key
    })
}

fn has_seconds(frame: &Frame<'_>, column: usize) -> bool {
    let heading = frame.heading(column).to_lowercase();
    let unit = heading.split(['(', '[', ')', ']']).nth(1).unwrap_or_default().trim().to_string();
    ["s", "sec", "secs", "seconds", "sek", "sekunden", "secondes", "seg", "segundos"]
        .contains(&unit.as_str())
}

struct Reader<'a> {
    frame: &'a Frame<'a>,
    quantity: Quantity,
    time: usize,
    decimal: &'a Decided<super::table_options::DecimalMark>,
    dates: &'a Decided<super::table_options::DateOrder>,
}

impl Reader<'_> {
    fn rows(&self, values: &[ValueColumn]) -> TableResult<VolumeTable> {
        let sheet = self.frame.sheet;
        let mut table = VolumeTable {
            rows: Vec::new(),
            keys: Vec::new(),
            step_seconds: 0,
            echo: self.echo(values),
            findings: Vec::new(),
        };
        // By what is wrong: the first finding, and how many cells it is about.
        let mut causes = BTreeMap::<String, (TableFinding, usize)>::new();
        for row in &self.frame.rows {
            for value in values {
                match self.row(row, value) {
                    Ok((mut row, warning)) => {
                        row.key = row.key.map(|key| as_first_written(key, &mut table.keys));
                        table.rows.push(row);
                        if let Some(warning) = warning {
                            causes.entry(warning.message.clone()).or_insert((warning, 0)).1 += 1;
                        }
                    }
                    Err(error) => {
                        let error = match error.place {
                            Some(_) => error,
                            None => error.at(&sheet.place(row, value.column)),
                        };
                        causes.entry(error.message.clone()).or_insert((error, 0)).1 += 1;
                    }
                }
            }
        }
        for (mut finding, count) in causes.into_values() {
            let place = finding.place.as_ref().map_or_else(String::new, ToString::to_string);
            finding.message = match count {
                1 => format!("{}: {place}", finding.message),
                _ => format!("{}: {count} cells, the first in {place}", finding.message),
            };
            table.findings.push(finding);
        }
        if table.findings.iter().any(|finding| finding.is_error) {
            return Err(table.findings);
        }
        Ok(table)
    }

    fn row(
        &self,
        row: &SheetRow,
        value: &ValueColumn,
    ) -> Result<(VolumeRow, Option<TableFinding>), TableFinding> {
        let place = |column| self.frame.sheet.place(row, column);
        let wrong = |column: usize, what: &str| {
            TableFinding::error(what).at(&place(column)).found(cell(row, column).to_string())
        };
        let time = cell(row, self.time);
        let start = spelling::clock_of(time)
            .ok_or_else(|| wrong(self.time, "not a clock time").allowed("08:30, 9h30, 8:30 PM"))?;
        let end = match self.frame.column(Meaning::End) {
            None => start,
            Some(column) => spelling::clock_of(cell(row, column))
                .ok_or_else(|| wrong(column, "not a clock time"))?,
        };
        let end = if end == DayTime::MIDNIGHT { DayTime::DAY_END } else { end };
        if let Some(column) = self.frame.column(Meaning::End)
            && !self.is_day_of_end(row, column, end)
        {
            return Err(wrong(column, "an end on another day than its start")
                .allowed("an interval within one day, up to its midnight"));
        }
        if let Some(column) = self.frame.column(Meaning::End).filter(|_| end <= start) {
            return Err(wrong(column, "an end that is not behind its start"));
        }
        let column = value.column;
        let (number, is_nothing) = match cell(row, column) {
            Cell::Number(number) => (Some(*number), false),
            Cell::Text(text) if text == "-" => (Some(0.0), true),
            Cell::Failed(text) if text == "#N/A" => (Some(0.0), true),
            Cell::Empty => (Some(0.0), true),
            Cell::Text(text) if text.contains('%') => {
                return Err(wrong(column, "a percentage").allowed("a number of 0 or more"));
            }
            Cell::Text(text) => (spelling::number(text, self.decimal.choice), false),
            _ => (None, false),
        };
        if is_nothing && self.quantity != Quantity::Volume {
            return Err(wrong(column, "no value").allowed("a number of 0 or more"));
        }
        let number = number.filter(|number| number.is_finite() && *number >= 0.0);
        let number =
            number.ok_or_else(|| wrong(column, "not a number").allowed("a number of 0 or more"))?;
        let nothing = "empty, `-` or `#N/A`, taken as none";
        let warning = is_nothing.then(|| TableFinding::warning(nothing).at(&place(column)));
        let day = self.day(row, value)?;
        let key = self.frame.column(Meaning::Skill).map(|column| cell(row, column).to_string());
        if let Some(column) =
            self.frame.column(Meaning::Skill).filter(|_| key.as_ref().is_some_and(String::is_empty))
        {
            return Err(wrong(column, "no skill, where other rows have one"));
        }
        let row =
            VolumeRow { day, start, end, offset: None, key, value: number, place: place(column) };
        Ok((row, warning))
    }

    /// Whether a date that stands with the end of an interval is that of its start, or the midnight
    /// after it.
    fn is_day_of_end(&self, row: &SheetRow, column: usize, end: DayTime) -> bool {
        let order = self.dates.choice;
        let Some(date) = spelling::date_of(cell(row, column), order) else { return true };
        let start = spelling::date_of(cell(row, self.time), order).or_else(|| {
            let column = self.frame.column(Meaning::Date)?;
            spelling::date_of(cell(row, column), order)
        });
        let Some(start) = start else { return false };
        date == start || (end == DayTime::DAY_END && start.tomorrow().ok() == Some(date))
    }

    fn day(&self, row: &SheetRow, value: &ValueColumn) -> Result<PlannedDay, TableFinding> {
        if let Some(day) = value.weekday {
            return Ok(PlannedDay::Weekday(day));
        }
        let order = self.dates.choice;
        let wrong = |column: usize, what: &str| {
            TableFinding::error(what)
                .at(&self.frame.sheet.place(row, column))
                .found(cell(row, column).to_string())
        };
        if let Some(column) = self.frame.column(Meaning::Date) {
            let cell = cell(row, column);
            let date = spelling::date_of(cell, order).map(PlannedDay::Date);
            let day = || spelling::weekday(&cell.to_string()).map(PlannedDay::Weekday);
            return date.or_else(day).ok_or_else(|| wrong(column, "neither a date nor a weekday"));
        }
        if let Some(column) = self.frame.column(Meaning::Weekday) {
            let day = spelling::weekday(&cell(row, column).to_string());
            return day.map(PlannedDay::Weekday).ok_or_else(|| wrong(column, "not a weekday"));
        }
        Ok(spelling::date_of(cell(row, self.time), order)
            .map_or(PlannedDay::Every, PlannedDay::Date))
    }

    fn echo(&self, values: &[ValueColumn]) -> Echo {
        let (sheet, frame) = (self.frame.sheet, self.frame);
        let is_used = |index: usize| {
            index == self.time
                || values.iter().any(|value| value.column == index)
                || [Meaning::Date, Meaning::Weekday, Meaning::End, Meaning::Skill]
                    .iter()
                    .any(|&meaning| frame.column(meaning) == Some(index))
        };
        let width = frame.headings.cells.len();
        let used = (0..width).filter(|&index| is_used(index)).map(|index| UsedColumn {
            heading: frame.heading(index),
            meaning: Meaning::of(&frame.heading(index)).map_or("value", Meaning::word).into(),
        });
        let unused = (0..width).filter(|&index| !is_used(index)).map(|index| frame.heading(index));
        let layout = if values.len() > 1 { "a column a weekday" } else { "a row an interval" };
        Echo {
            file: sheet.file.clone(),
            sheet: sheet.name.as_ref().map(ToString::to_string),
            range: sheet.range(),
            encoding: sheet.encoding.map(Into::into),
            separator: sheet.separator,
            layout: layout.into(),
            rows: frame.rows.len(),
            used: used.collect(),
            unused: unused.filter(|heading| !heading.is_empty()).collect(),
            ..Echo::default()
        }
    }
}

/// Sorts, sets the ends that are not given, and refuses what is there twice.
fn finish(table: &mut VolumeTable) -> Result<(), TableFinding> {
    let is_every_day = |row: &&VolumeRow| row.day == PlannedDay::Every;
    if let (Some(without), Some(with)) =
        (table.rows.iter().find(is_every_day), table.rows.iter().find(|row| !is_every_day(row)))
    {
        let message = format!("{} has no day, and {} has one", without.place, with.place);
        return Err(TableFinding::error(message).at(&without.place));
    }
    let keys = table.keys.clone();
    let rank = |row: &VolumeRow| {
        let key = keys.iter().position(|key| Some(key) == row.key.as_ref());
        (key, row.day, row.start)
    };
    table.rows.sort_by_key(rank);
    let mut starts = Vec::from_iter(table.rows.iter().map(|row| row.start.seconds()));
    starts.sort_unstable();
    starts.dedup();
    let steps = starts.windows(2).map(|pair| pair[1] - pair[0]);
    let lengths =
        table.rows.iter().map(|row| row.end.seconds().saturating_sub(row.start.seconds()));
    let step = steps.chain(lengths.filter(|&length| length > 0)).min();
    table.step_seconds = step.ok_or_else(|| {
        TableFinding::error("one interval only, whose length is not known")
            .help("give it an end in a column `end`")
    })?;
    for row in &mut table.rows {
        if row.end <= row.start {
            row.end = row.start.plus(table.step_seconds).min(DayTime::DAY_END);
        }
    }
    for pair in table.rows.windows(2) {
        let [first, second] = pair else { continue };
        if first.day == second.day && first.key == second.key && second.start < first.end {
            let (from, day) = (second.start, first.day);
            return Err(TableFinding::error(format!(
                "two values for {day} {from}: {} and {}",
                first.place, second.place
            ))
            .at(&second.place));
        }
    }
    if let (Some(first), Some(last)) = (
        table.rows.iter().min_by_key(|row| (row.day, row.start)),
        table.rows.iter().max_by_key(|row| (row.day, row.start)),
    ) {
        table.echo.span = format!(
            "{} {} to {} {}, every {} min",
            first.day,
            first.start,
            last.day,
            last.end,
            f64::from(table.step_seconds) / 60.0
        );
    }
    for row in &table.rows {
        let (key, day) = (&row.key, row.day.to_string());
        match table.echo.totals.last_mut() {
            Some(total) if total.key == *key && total.day == day => total.total += row.value,
            _ => table.echo.totals.push(KeyTotal { key: key.clone(), day, total: row.value }),
        }
    }
    Ok(())
}
