//! Arrivals one by one.

use super::csv::{self, CsvColumn};
use super::plan::RunSettings;
use super::reader::forms::ClockTime;
use super::reader::{ReaderSection, SideTable};
use crate::base::calendar::Repeated;
use crate::base::time::{Span, Time};
use crate::tables::Meaning;

/// The instants of a column of a list; the first one if none is named.
pub(super) fn instants(
    section: &ReaderSection<'_>,
    table: &SideTable,
    column: Option<String>,
    run: &RunSettings,
) -> Option<Vec<Time>> {
    if !refuse_columns_that_choose(section, table) {
        return None;
    }
    let column = column.map_or(CsvColumn::First, CsvColumn::Named);
    let allowed = "a number of seconds or a length of time after the start of the run, a clock time not \
                   before it, or of a run with a date a date and clock time";
    let read = |cell: &str| instant_of(cell, run).ok_or(allowed);
    table.read(section.context, column, || section.error("column", ""), read)
}

/// Whether no column of a list of arrivals says something that is not looked at: on which day, or about
/// what.
fn refuse_columns_that_choose(section: &ReaderSection<'_>, table: &SideTable) -> bool {
    let tells = [Meaning::Date, Meaning::Weekday, Meaning::Skill];
    let other = table.columns.iter().find(|heading| {
        Meaning::of(heading).is_some_and(|meaning| tells.contains(&meaning))
            && table.columns.len() > 1
    });
    if let Some(heading) = other {
        let help = "give each kind of consumers a file of its own, with the times of arrival as its \
                    only column: date and clock time of a run with a date";
        csv::refuse_column(section, "trace", table, heading, help);
    }
    other.is_none()
}

/// An instant of a list: seconds or a length of time after the start, a clock time of the first day, or
/// a date and clock time.
fn instant_of(cell: &str, run: &RunSettings) -> Option<Time> {
    let calendar = &run.calendar;
    let from_start = |at: Time| (at >= Time::ZERO).then_some(at);
    if let Some(clock) = ClockTime::of_text(cell) {
        return from_start(calendar.instant(calendar.day(0), clock, Repeated::First));
    }
    if let Some((date, clock)) = cell.split_once(['T', ' '])
        && let (Ok(date), Some(clock)) = (date.parse(), ClockTime::of_text(clock))
    {
        return from_start(calendar.instant(calendar.day_of(date)?, clock, Repeated::First));
    }
    csv::seconds(cell).ok().map(|after| Time::ZERO + Span::from_secs_f64(after))
}
