//! The days and hours of a draft: those of its tables, else what is known, else a guess.

use jiff::civil::Date;

use super::draft_tables::DraftTables;
use super::known_values::{KnownValues, WorkingHours};
use crate::base::time::Span;
use crate::tables::{CivilMoment, DayTime, IntervalTable, PlannedDay};

/// When the run of a draft starts and ends.
pub(super) struct DraftSpan {
    pub(super) days: Option<DraftDays>,
    /// Of a day that stands for itself.
    pub(super) hours: WorkingHours,
    /// Where it is from.
    pub(super) origin: String,
}

/// The days of a run with a date.
pub(super) struct DraftDays {
    pub(super) from: Date,
    pub(super) count: i32,
}

impl DraftSpan {
    pub(super) fn of(tables: &DraftTables, known: &KnownValues) -> Self {
        let hours = hours_of_tables(tables).or(known.hours);
        let origin = match hours {
            Some(_) if known.hours == hours => "As given.",
            Some(_) => "The hours of the tables.",
            None => "GUESS. The hours in which contacts come and are answered.",
        };
        let hours = hours.unwrap_or(USUAL_HOURS);
        let without_date = Self { days: None, hours, origin: origin.to_owned() };
        let demand = demand_days(tables);
        let staff = staff_days(tables);
        let dates = |days: &[PlannedDay]| {
            let dates = days.iter().filter_map(|day| day.date());
            dates.clone().min().zip(dates.max())
        };
        let has_weekdays = demand
            .iter()
            .chain(&staff)
            .any(|day| !matches!(day, PlannedDay::Every | PlannedDay::Date(_)));
        let (first, last, origin) = match (dates(&demand), dates(&staff)) {
            (Some((first, last)), _) => (first, last, "The days of the volumes."),
            (None, Some((first, last))) => (first, last, "The days of the staff."),
            (None, None) if has_weekdays => {
                let last = ANY_MONDAY.saturating_add(jiff::Span::new().days(6));
                (ANY_MONDAY, last, "GUESS. Any Monday: write the first day that you plan.")
            }
            (None, None) => return without_date,
        };
        let count = last.since(first).map_or(1, |span| span.get_days() + 1);
        let mut origin = origin.to_owned();
        if count > MOST_DAYS {
            origin += &format!(" The first {MOST_DAYS} of {count}.");
        }
        Self { days: Some(DraftDays { from: first, count: count.min(MOST_DAYS) }), hours, origin }
    }

    /// Hours from its start to its end.
    pub(super) fn hours(&self) -> f64 {
        match &self.days {
            Some(days) => f64::from(days.count) * 24.0,
            None => (self.hours.end - self.hours.start).as_secs_f64() / 3600.0,
        }
    }
}

/// Days on which contacts come.
fn demand_days(tables: &DraftTables) -> Vec<PlannedDay> {
    let mut days = Vec::new();
    for source in &tables.volumes {
        days.extend(interval_days(&source.table));
    }
    for row in tables.contacts.iter().flat_map(|source| &source.table.rows) {
        if let CivilMoment::Civil { at, .. } = row.moment {
            days.push(PlannedDay::Date(at.date()));
        }
    }
    days
}

/// Days on which people are at work.
fn staff_days(tables: &DraftTables) -> Vec<PlannedDay> {
    let agents = tables.rosters.iter().flat_map(|source| &source.table.agents);
    let mut days = Vec::from_iter(agents.flat_map(|agent| &agent.days).map(|day| day.day));
    for source in &tables.staffing {
        days.extend(interval_days(&source.table));
    }
    days
}

fn interval_days(table: &IntervalTable) -> Vec<PlannedDay> {
    match table {
        IntervalTable::WithClock(table) => table.rows.iter().map(|row| row.day).collect(),
        IntervalTable::WithoutClock(_) => Vec::new(),
    }
}

/// From the first to the last clock time of the volumes, else of the staff.
fn hours_of_tables(tables: &DraftTables) -> Option<WorkingHours> {
    let volumes = tables.volumes.iter().filter_map(|source| interval_hours(&source.table));
    let contacts = tables.contacts.iter().filter_map(|source| {
        let moments = source.table.rows.iter().map(|row| moment_hours(row.moment));
        moments.reduce(together)
    });
    let staffing = tables.staffing.iter().filter_map(|source| interval_hours(&source.table));
    let agents = tables.rosters.iter().flat_map(|source| &source.table.agents);
    let shifts = agents.flat_map(|agent| &agent.days).flat_map(|day| &day.presence);
    let shifts = shifts.map(|shift| between(shift.start, shift.end));
    volumes.chain(contacts).reduce(together).or_else(|| staffing.chain(shifts).reduce(together))
}

fn interval_hours(table: &IntervalTable) -> Option<WorkingHours> {
    match table {
        IntervalTable::WithClock(table) => {
            let rows = table.rows.iter().map(|row| between(row.start, row.end));
            rows.reduce(together)
        }
        IntervalTable::WithoutClock(list) => {
            let length = CONSECUTIVE * i64::try_from(list.values.len()).unwrap_or(i64::MAX / 2);
            let fits = USUAL_HOURS.start + length <= DAY;
            let start = if fits { USUAL_HOURS.start } else { Span::ZERO };
            Some(WorkingHours { start, end: start + length })
        }
    }
}

/// From the hour of a contact to the next.
fn moment_hours(moment: CivilMoment) -> WorkingHours {
    let seconds = match moment {
        CivilMoment::Civil { at, .. } => i64::from(at.hour()) * 3600,
        CivilMoment::Clock(clock) => i64::from(clock.seconds()),
        CivilMoment::Elapsed(seconds) => {
            let end = Span::from_secs(seconds as i64 / 3600 * 3600 + 3600);
            return WorkingHours { start: Span::ZERO, end };
        }
    };
    let start = Span::from_secs(seconds / 3600 * 3600);
    WorkingHours { start, end: start + Span::from_hours(1) }
}

/// What goes on past midnight takes the whole day.
fn between(start: DayTime, end: DayTime) -> WorkingHours {
    let span = |time: DayTime| Span::from_secs(i64::from(time.seconds()));
    match span(end) > DAY {
        true => WorkingHours { start: Span::ZERO, end: DAY },
        false => WorkingHours { start: span(start), end: span(end) },
    }
}

fn together(one: WorkingHours, other: WorkingHours) -> WorkingHours {
    WorkingHours { start: one.start.min(other.start), end: one.end.max(other.end) }
}

/// Length of intervals that follow each other without a clock.
pub(super) const CONSECUTIVE: Span = Span::from_secs(1800);
const USUAL_HOURS: WorkingHours =
    WorkingHours { start: Span::from_hours(9), end: Span::from_hours(17) };
const ANY_MONDAY: Date = jiff::civil::date(2026, 3, 2);
const DAY: Span = Span::from_hours(24);
const MOST_DAYS: i32 = 28;

/// `09:00`
pub(super) fn clock(time: Span) -> String {
    let minutes = time.as_micros() / 60_000_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
