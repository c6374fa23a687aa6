//! The days of a run of several, and the days of each weekday together: figures of them in each
//! replication.

use std::ops::Range;

use jiff::civil::Weekday;

use crate::base::calendar::{Calendar, CalendarDay};
use crate::base::time::{Span, Time};
use crate::ledger::day_figures::DayFigures;
use crate::ledger::outcome::{Outcome, OutcomeFrame};

/// Days of which figures are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPart {
    /// Which.
    pub days: DaysTogether,
    /// How many.
    pub count: u64,
    /// Their intervals, by position.
    pub positions: Vec<usize>,
}

/// One day, or all of a weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaysTogether {
    /// A day.
    Day(CalendarDay),
    /// Every such day of the run.
    Weekday(Weekday),
}

/// The days of a run of several, in order, unless they are too many to be looked at; then weekdays from
/// Monday on, if one of them comes twice.
pub fn day_parts(calendar: &Calendar, frame: &OutcomeFrame) -> Vec<DayPart> {
    let days = days(calendar, frame.interval, frame.until);
    if days.len() < 2 {
        return Vec::new();
    }
    let mut weekdays = Vec::<DayPart>::new();
    for part in &days {
        let DaysTogether::Day(day) = part.days else { continue };
        let Some(weekday) = day.weekday() else { continue };
        let together = DaysTogether::Weekday(weekday);
        match weekdays.iter_mut().find(|known| known.days == together) {
            Some(known) => {
                known.count += 1;
                known.positions.extend(&part.positions);
            }
            None => weekdays.push(DayPart { days: together, ..part.clone() }),
        }
    }
    weekdays.sort_by_key(|part| match part.days {
        DaysTogether::Weekday(weekday) => weekday.to_monday_zero_offset(),
        DaysTogether::Day(_) => i8::MAX,
    });
    let come_again = weekdays.iter().any(|part| part.count > 1);
    let shown = if SHOWN.contains(&days.len()) { days } else { Vec::new() };
    shown.into_iter().chain(weekdays.into_iter().filter(|_| come_again)).collect()
}

fn days(calendar: &Calendar, interval: Span, until: Time) -> Vec<DayPart> {
    let mut days = Vec::<DayPart>::new();
    let starts = (0..).map(|position| Time::ZERO + interval * position);
    for (position, start) in starts.take_while(|start| *start < until).enumerate() {
        let day = DaysTogether::Day(calendar.reading(start).day);
        match days.last_mut() {
            Some(last) if last.days == day => last.positions.push(position),
            _ => days.push(DayPart { days: day, count: 1, positions: vec![position] }),
        }
    }
    days
}

/// Writes down the figures of the days of one replication.
pub(super) fn note_days(outcome: &mut Outcome, calendar: &Calendar) {
    let of = outcome.frame.service_level.of;
    let figures = day_parts(calendar, &outcome.frame).into_iter().map(|part| {
        let positions = part.positions.iter();
        let intervals = positions.filter_map(|&position| outcome.intervals.get(position));
        DayFigures::of(intervals, part.count, of)
    });
    outcome.days = figures.collect();
}

/// Days that are shown one by one.
const SHOWN: Range<usize> = 2..32;
