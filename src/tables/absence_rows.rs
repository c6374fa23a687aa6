//! Absences: who is not there, from when to when, and why.

use super::cell_causes::Causes;
use super::cells::{Cell, Place};
use super::day_time::{DayTime, PlannedDay};
use super::echo::{Echo, KeyTotal};
use super::finding::{TableFinding, TableResult};
use super::headed_rows::{Frame, TableKind, cell};
use super::headings::Meaning;
use super::sheet::{Sheet, SheetRow};
use super::spelling;
use super::table_options::{DateOrder, TableOptions};
use super::volume_rows::sound;

const KIND: TableKind = TableKind {
    reads: &[Meaning::Agent, Meaning::Date, Meaning::Time, Meaning::End],
    matters: &[
        Meaning::Agent,
        Meaning::Date,
        Meaning::Weekday,
        Meaning::Time,
        Meaning::End,
        Meaning::Skill,
        Meaning::Staff,
    ],
    of_numbers: None,
    of_words: Some(Meaning::Agent),
};

/// An absence of an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct AbsenceRow {
    /// Name of the agent.
    pub name: String,
    /// First day, and the clock time from which on, if not all day.
    pub from: AbsenceEnd,
    /// Last day, and the clock time until when, if not all day.
    pub to: AbsenceEnd,
    /// Why; none if the table does not say.
    pub reason: Option<String>,
    /// Where the name stands.
    pub place: Place,
}

/// An end of an absence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AbsenceEnd {
    /// The day.
    pub date: jiff::civil::Date,
    /// The clock time; none of a whole day.
    pub clock: Option<DayTime>,
}

/// Absences in order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct AbsenceTable {
    /// The absences.
    pub rows: Vec<AbsenceRow>,
    /// What was understood.
    pub echo: Echo,
    /// Warnings.
    pub findings: Vec<TableFinding>,
}

/// Reads absences: a name, a day or its first and last, with clock times or not, and a reason.
///
/// # Errors
///
/// What keeps the table from being understood, each cause once.
pub fn read_absences(sheet: &Sheet, options: &TableOptions) -> TableResult<AbsenceTable> {
    let mut frame = Frame::new(sheet, &KIND, options)?;
    let dates = spelling::date_order(&frame.written_dates(), options.dates)?;
    let agent = frame.take(Meaning::Agent)?;
    let (date, from) = (frame.take(Meaning::Date)?, frame.take(Meaning::Time)?);
    let (to, reason) = (frame.take(Meaning::End)?, frame.take(Meaning::Activity)?);
    let lacks = |what: &str| {
        TableFinding::error(format!("{} has no column for {what}", sheet.file))
            .help(format!("name it: `columns = {{ {what} = \"…\" }}`"))
    };
    let agent = agent.ok_or_else(|| lacks("agent"))?;
    if date.or(from).is_none() {
        return Err(lacks("date").into());
    }
    frame.refuse_what_matters(&KIND)?;
    let reader = AbsenceReader { frame: &frame, date, from, to, dates: dates.choice };
    let mut causes = Causes::default();
    let mut rows = Vec::new();
    for row in &frame.rows {
        let name = cell(row, agent).to_string();
        if name.is_empty() {
            causes.add(frame.wrong(row, agent, "no name"));
            continue;
        }
        match reader.ends(row) {
            Ok([from, to]) => rows.push(AbsenceRow {
                name,
                from,
                to,
                reason: reason.map(|it| cell(row, it).to_string()).filter(|it| !it.is_empty()),
                place: frame.sheet.place(row, agent),
            }),
            Err(finding) => causes.add(finding),
        }
    }
    let findings = sound(frame.findings.clone(), causes)?;
    let mut echo = frame.echo("a row an absence");
    echo.dates = dates.why;
    let first = rows.iter().map(|row| row.from.date).min();
    let last = rows.iter().map(|row| row.to.date).max();
    if let (Some(first), Some(last)) = (first, last) {
        echo.span = format!("{} to {}", PlannedDay::Date(first), PlannedDay::Date(last));
    }
    for row in &rows {
        let key = row.reason.clone();
        match echo.totals.iter_mut().find(|total| total.key == key) {
            Some(total) => total.total += 1.0,
            None => {
                let day = "absences".to_owned();
                echo.totals.push(KeyTotal { key, day, date: None, total: 1.0 });
            }
        }
    }
    Ok(AbsenceTable { rows, echo, findings })
}

struct AbsenceReader<'a> {
    frame: &'a Frame<'a>,
    date: Option<usize>,
    from: Option<usize>,
    to: Option<usize>,
    dates: DateOrder,
}

/// What a cell says of an end.
struct SaidEnd {
    date: Option<jiff::civil::Date>,
    clock: Option<DayTime>,
}

impl AbsenceReader<'_> {
    /// Both ends of the absence of a row.
    fn ends(&self, row: &SheetRow) -> Result<[AbsenceEnd; 2], TableFinding> {
        let own = match self.date {
            Some(column) => Some(self.said(row, column)?),
            None => None,
        };
        let day = own.and_then(|own| own.date);
        let read = |column: Option<usize>| column.map(|column| self.said(row, column)).transpose();
        let (from, to) = (read(self.from)?, read(self.to)?);
        let column = self.date.or(self.from).unwrap_or_default();
        let lacks = || {
            let finding = self.frame.wrong(row, column, "no date of an absence");
            finding.allowed("a date in a column such as `date` or `from`, with a clock time or not")
        };
        let first = from.as_ref().and_then(|it| it.date).or(day).ok_or_else(lacks)?;
        let last = to.as_ref().and_then(|it| it.date).or(day).unwrap_or(first);
        let clock = |said: &Option<SaidEnd>| said.as_ref().and_then(|it| it.clock);
        let from = AbsenceEnd { date: first, clock: clock(&from) };
        let mut to = AbsenceEnd { date: last, clock: clock(&to) };
        if to.date == from.date
            && let (Some(begins), Some(ends)) = (from.clock, to.clock)
            && ends <= begins
        {
            // Over midnight, as shifts are.
            to.date = to.date.tomorrow().unwrap_or(to.date);
        }
        if to.date < from.date {
            let column = self.to.unwrap_or(column);
            return Err(self.frame.wrong(row, column, "an end before its start"));
        }
        Ok([from, to])
    }

    fn said(&self, row: &SheetRow, column: usize) -> Result<SaidEnd, TableFinding> {
        let own = cell(row, column);
        if own.is_empty() {
            return Ok(SaidEnd { date: None, clock: None });
        }
        let date = spelling::date_of(own, self.dates);
        let is_bare_date = date.is_some()
            && match own {
                Cell::Text(text) => !text.contains([':', 'h']),
                Cell::Serial(days) => days.fract() == 0.0,
                _ => true,
            };
        let clock = spelling::clock_of(own).filter(|_| !is_bare_date).map(|it| it.start);
        if date.is_none() && clock.is_none() {
            let finding = self.frame.wrong(row, column, "neither a date nor a clock time");
            return Err(finding.allowed("2026-03-23, 2026-03-23 10:00, or 10:00 beside a date"));
        }
        Ok(SaidEnd { date, clock })
    }
}
