//! Contacts one by one.

use jiff::civil::{DateTime, Time as ClockTimeOfDay};

use super::cell_causes::Causes;
use super::cells::Cell;
use super::day_time::{DayTime, from_serial};
use super::echo::KeyTotal;
use super::finding::{TableFinding, TableResult};
use super::headed_rows::{Frame, TableKind, cell};
use super::headings::Meaning;
use super::normal_forms::{CivilMoment, InstantRow, InstantTable};
use super::sheet::{Sheet, SheetRow};
use super::spelling;
use super::table_options::{DateOrder, DecimalMark, TableOptions};
use super::volume_rows::{as_first_written, sound};

const KIND: TableKind = TableKind {
    reads: &[Meaning::Date, Meaning::Time, Meaning::Skill],
    matters: &[
        Meaning::Date,
        Meaning::Weekday,
        Meaning::Time,
        Meaning::Skill,
        Meaning::Volume,
        Meaning::Activity,
    ],
    of_numbers: Some(Meaning::Time),
    of_words: None,
};

/// Reads contacts one by one: a clock time, a date and clock time, or a time since the start of the
/// run, with or without a skill.
///
/// # Errors
///
/// What keeps the table from being understood, each cause once.
pub fn read_instants(sheet: &Sheet, options: &TableOptions) -> TableResult<InstantTable> {
    let mut frame = Frame::new(sheet, &KIND, options)?;
    let dates = spelling::date_order(&frame.written_dates(), options.dates)?;
    let (date, skill) = (frame.take(Meaning::Date)?, frame.take(Meaning::Skill)?);
    let time = match (frame.take(Meaning::Time)?, date) {
        // A column of its own may be called whatever its author likes.
        (None, None) if sheet.width() == 1 => {
            frame.note(0, Meaning::Time.word().into());
            Some(0)
        }
        (time, _) => time,
    };
    let Some(column) = time.or(date) else {
        return Err(TableFinding::error(format!("{} has no column for the time", sheet.file))
            .help("name it: `columns = { time = \"…\" }`")
            .into());
    };
    frame.refuse_what_matters(&KIND)?;
    let written = frame.written(&[column]);
    let decimal = match options.decimal {
        Some(mark) => mark,
        // Commas and points in lengths of time such as `2m 3.5s` decide nothing.
        None => spelling::decimal_mark(&written, None).map_or(DecimalMark::Point, |it| it.choice),
    };
    let reader = InstantReader {
        frame: &frame,
        date: date.filter(|_| time.is_some()),
        time: column,
        skill,
        dates: dates.choice,
        decimal,
    };
    reader.refuse_days_without_format()?;
    let mut table = reader.rows()?;
    table.echo.dates = dates.why;
    Ok(table)
}

/// Reads moments whose columns are known.
pub(super) struct InstantReader<'a> {
    pub(super) frame: &'a Frame<'a>,
    /// Where the clock time stands in a column of its own.
    pub(super) date: Option<usize>,
    pub(super) time: usize,
    pub(super) skill: Option<usize>,
    pub(super) dates: DateOrder,
    pub(super) decimal: DecimalMark,
}

impl InstantReader<'_> {
    /// Numbers of a workbook that are dates without a format, and look like seconds.
    fn refuse_days_without_format(&self) -> Result<(), TableFinding> {
        let rows = &self.frame.rows;
        let is_day = |row: &&SheetRow| {
            matches!(cell(row, self.time), Cell::Number(days)
                if (36_526.0..73_051.0).contains(days) && days.fract() != 0.0)
        };
        match rows.first().filter(|_| rows.iter().copied().all(|row| is_day(&row))) {
            None => Ok(()),
            Some(row) => Err(self
                .frame
                .wrong(row, self.time, "numbers that may be seconds or days of a spreadsheet")
                .help("format the column as date and time")),
        }
    }

    fn rows(&self) -> TableResult<InstantTable> {
        let mut causes = Causes::default();
        let (mut rows, mut keys) = (Vec::<InstantRow>::new(), Vec::new());
        let mut counts = Vec::<KeyTotal>::new();
        for row in &self.frame.rows {
            let read = self.row(row);
            let read = read.and_then(|read| match rows.first() {
                Some(first) if first.moment.kind() != read.moment.kind() => Err(self.frame.wrong(
                    row,
                    self.time,
                    &format!(
                        "{}, where the first row has {}",
                        read.moment.kind(),
                        first.moment.kind()
                    ),
                )),
                _ => Ok(read),
            });
            match read {
                Ok(mut read) => {
                    read.key = read.key.map(|key| as_first_written(key, &mut keys));
                    count(&mut counts, &read);
                    rows.push(read);
                }
                Err(finding) => causes.add(finding),
            }
        }
        let findings = sound(self.frame.findings.clone(), causes)?;
        let mut echo = self.frame.echo("a row a contact");
        echo.totals = counts;
        let mut texts = Vec::from_iter(rows.iter().map(|row| row.moment));
        texts.sort_by(|one, other| one.order().total_cmp(&other.order()));
        if let (Some(first), Some(last)) = (texts.first(), texts.last()) {
            echo.span = format!("{first} to {last}");
        }
        Ok(InstantTable { rows, keys, echo, findings })
    }

    pub(super) fn row(&self, row: &SheetRow) -> Result<InstantRow, TableFinding> {
        let key = match self.skill.map(|column| cell(row, column).to_string()) {
            Some(key) if key.is_empty() => {
                let column = self.skill.unwrap_or_default();
                return Err(self.frame.wrong(row, column, "no skill, where other rows have one"));
            }
            key => key,
        };
        let place = self.frame.sheet.place(row, self.time);
        Ok(InstantRow { moment: self.moment(row)?, key, place })
    }

    pub(super) fn moment(&self, row: &SheetRow) -> Result<CivilMoment, TableFinding> {
        let own = cell(row, self.time);
        let wrong = |what: &str| {
            self.frame.wrong(row, self.time, what).allowed(
                "a clock time, a date and clock time, or a time since the start: seconds or `2m 30s`",
            )
        };
        if let Some(date) = self.date {
            let day = spelling::date_of(cell(row, date), self.dates)
                .ok_or_else(|| self.frame.wrong(row, date, "not a date"))?;
            let clock = spelling::clock_of(own).ok_or_else(|| wrong("not a clock time"))?;
            let at = civil(day, clock.start).ok_or_else(|| wrong("not a clock time"))?;
            return Ok(CivilMoment::Civil { at, offset: clock.offset });
        }
        if let Some(date) = spelling::date_of(own, self.dates) {
            let is_bare = matches!(own, Cell::Text(text) if !text.contains([':', 'h']))
                || matches!(own, Cell::Serial(days) if from_serial(*days).is_none());
            let clock = spelling::clock_of(own).filter(|_| !is_bare);
            let clock = clock.ok_or_else(|| wrong("a date without a clock time"))?;
            let at = civil(date, clock.start).ok_or_else(|| wrong("not a clock time"))?;
            return Ok(CivilMoment::Civil { at, offset: clock.offset });
        }
        let elapsed = match own {
            Cell::Number(seconds) => Some(*seconds),
            Cell::Text(text) => spelling::number(text, self.decimal)
                .or_else(|| spelling::length(text, self.decimal).filter(|_| !text.contains(':'))),
            _ => None,
        };
        if let Some(seconds) = elapsed {
            let is_time = (0.0..=10.0 * 366.0 * 86_400.0).contains(&seconds);
            return is_time
                .then_some(CivilMoment::Elapsed(seconds))
                .ok_or_else(|| wrong("not a time since the start"));
        }
        let clock = spelling::clock_of(own).filter(|clock| clock.end.is_none());
        clock.map(|clock| CivilMoment::Clock(clock.start)).ok_or_else(|| wrong("not a time"))
    }
}

fn civil(date: jiff::civil::Date, clock: DayTime) -> Option<DateTime> {
    let date = if clock == DayTime::DAY_END { date.tomorrow().ok()? } else { date };
    let seconds = clock.seconds() % DayTime::DAY_END.seconds();
    let part = |value: u32| i8::try_from(value).ok();
    let time = ClockTimeOfDay::new(
        part(seconds / 3600)?,
        part(seconds / 60 % 60)?,
        part(seconds % 60)?,
        0,
    );
    Some(DateTime::from_parts(date, time.ok()?))
}

/// Contacts by skill and day.
fn count(counts: &mut Vec<KeyTotal>, row: &InstantRow) {
    let (day, date) = (row.moment.day(), row.moment.date());
    match counts.iter_mut().find(|count| count.key == row.key && count.day == day) {
        Some(count) => count.total += 1.0,
        None => counts.push(KeyTotal { key: row.key.clone(), day, date, total: 1.0 }),
    }
}
