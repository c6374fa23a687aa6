//! Arrivals one by one.

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::reader::ReaderSection;
use super::table_days::{TableDays, warn};
use super::volume_table::{ArrivalsOf, AskedTable, without_zone};
use crate::base::calendar::{Calendar, Repeated};
use crate::base::time::{Span, Time};
use crate::tables::{
    CivilMoment, InstantRow, InstantTable, Place, PlannedDay, TableFinding, read_instants,
};

/// The instants of a table at which consumers of a kind arrive, in order.
pub(super) fn instants(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    of: ArrivalsOf<'_>,
) -> Option<Vec<Time>> {
    let AskedTable { key, sheet, options } = table;
    let report = |finding: TableFinding| section.report_table(key, sheet, finding);
    let read = table.read(section, read_instants(sheet, options))?;
    let InstantTable { rows, keys, mut echo, findings } = read;
    findings.into_iter().for_each(report);
    let chosen = table.chosen_key(section, &keys, of.names)?;
    let rows = Vec::from_iter(rows.into_iter().filter(|row| chosen.is_none() || row.key == chosen));
    echo.totals.retain(|total| chosen.is_none() || total.key == chosen);
    section.context.note_table(echo);
    let day = |row: &InstantRow| row.moment.date().map_or(PlannedDay::Every, PlannedDay::Date);
    let days = rows.iter().map(day).collect();
    let days = TableDays { key, file: &sheet.file, rows: "contacts", days, has_nights: false };
    days.outside(section, of.run)?;
    let mut instants = Vec::with_capacity(rows.len());
    for row in &rows {
        match instant(row, instants.last().copied(), &of.run.calendar) {
            Ok(instant) => instants.push(instant),
            Err(finding) => {
                report(*finding);
                return None;
            }
        }
    }
    instants.sort_unstable();
    let is_dated = matches!(rows.first().map(|row| row.moment), Some(CivilMoment::Civil { .. }));
    let in_run = |time: &Time| (Time::ZERO..of.run.until).contains(time);
    let outside = instants.iter().filter(|time| !in_run(time)).count();
    if outside > 0 {
        let count = instants.len();
        let message =
            format!("`{}`: {outside} of {count} contacts are outside the run", sheet.file);
        warn(section, key, message);
    }
    if is_dated {
        instants.retain(|time| *time >= Time::ZERO);
    }
    Some(instants)
}

fn instant(
    row: &InstantRow,
    before: Option<Time>,
    calendar: &Calendar,
) -> Result<Time, Box<TableFinding>> {
    match row.moment {
        CivilMoment::Elapsed(seconds) => Ok(Time::ZERO + Span::from_secs_f64(seconds)),
        CivilMoment::Clock(clock) => {
            let clock = Span::from_secs(i64::from(clock.seconds()));
            let time = calendar.instant(calendar.day(0), clock, Repeated::First);
            if time < Time::ZERO {
                let message = "a clock time before the start of the run";
                let finding =
                    TableFinding::error(message).at(&row.place).found(row.moment.to_string());
                let allowed = "a clock time not before it; rows with dates of any day";
                return Err(Box::new(finding.allowed(allowed)));
            }
            Ok(time)
        }
        CivilMoment::Civil { at, offset } => {
            let both = civil_instants(CivilCell { at, offset, place: &row.place }, calendar)?;
            // Of an hour that comes twice, the second one where rows go on in time.
            let is_later = before.is_some_and(|before| before > both[0]);
            Ok(if is_later { both[1] } else { both[0] })
        }
    }
}

/// A date and clock time, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct CivilCell<'a> {
    pub(super) at: DateTime,
    pub(super) offset: Option<Offset>,
    pub(super) place: &'a Place,
}

/// The instants that it may mean: two, if clocks show it twice and it has no offset.
pub(super) fn civil_instants(
    cell: CivilCell<'_>,
    calendar: &Calendar,
) -> Result<[Time; 2], Box<TableFinding>> {
    let CivilCell { at, offset, place } = cell;
    let written = CivilMoment::Civil { at, offset };
    let wrong = |message: String| Box::new(TableFinding::error(message).at(place));
    let day = calendar.day_of(at.date()).ok_or_else(|| wrong("beyond the calendar".into()))?;
    let clock = at.time().duration_since(jiff::civil::Time::midnight());
    let clock = Span::from_secs(clock.as_secs());
    if calendar.is_skipped(day, clock) {
        return Err(wrong(format!("{written} does not occur: clocks are put forward over it")));
    }
    let both = [Repeated::First, Repeated::Second].map(|it| calendar.instant(day, clock, it));
    if let Some(offset) = offset.filter(|_| calendar.has_zone()) {
        let meant = both.into_iter().find(|it| calendar.reading(*it).offset == Some(offset));
        return meant.map(|it| [it; 2]).ok_or_else(|| {
            wrong(format!("{written} is not {offset} from UTC in the time zone of the run"))
        });
    }
    if offset.is_some_and(|offset| offset.seconds() != 0) {
        return Err(without_zone(place));
    }
    Ok(both)
}
