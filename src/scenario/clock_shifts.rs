//! Shifts as a clock shows them, resolved to the instants of a run.

use super::by_day::ByDay;
use super::plan::RunSettings;
use super::reader::forms::DAY;
use crate::base::calendar::{Calendar, CalendarDay, Repeated};
use crate::base::time::{Span, Time};
use crate::model::settings::{Roster, Shift};

/// A shift as a clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClockShift {
    /// Since midnight of its day.
    pub(super) start: Span,
    /// Likewise; more than 24 hours if it ends on the next day.
    end: Span,
}

/// A shift between two clock times, the second one after the first, if need be on the next day.
pub(super) fn clock_shift(start: Span, end: Span) -> Option<ClockShift> {
    let end_on_its_day = if end > start { end } else { end + DAY };
    // From 08:00 to 08:00 may mean nothing as well as all day; 00:00 to 24:00 is all day.
    (start != end).then_some(ClockShift { start, end: end_on_its_day })
}

/// A stretch of a day, whose end may lie behind 24:00.
pub(super) fn between(start: Span, end: Span) -> ClockShift {
    ClockShift { start, end }
}

/// The first time in the run, or at its start, that the clock shows `clock`.
pub(super) fn offset(clock: Span, calendar: &Calendar) -> Time {
    Time::from_micros((clock - calendar.starts_at()).as_micros().rem_euclid(DAY.as_micros()))
}

/// The shifts of each agent of a run.
pub(super) fn roster_of(agents: &[ByDay<Vec<ClockShift>>], run: &RunSettings) -> Roster {
    let calendar = &run.calendar;
    if calendar.first_date().is_none() {
        let daily = |shift: &ClockShift| {
            let start = offset(shift.start, calendar);
            Shift { start, end: start + (shift.end - shift.start) }
        };
        let of_agent = |shifts: &ByDay<Vec<ClockShift>>| {
            let shifts = shifts.of_every_day().into_iter().flatten();
            shifts.map(daily).collect()
        };
        return Roster::Daily(agents.iter().map(of_agent).collect());
    }
    // A shift belongs to the day on which it starts; clocks that change make it longer or shorter.
    let on = |day: CalendarDay, shift: &ClockShift| Shift {
        start: calendar.instant(day, shift.start, Repeated::First),
        end: calendar.instant(day, shift.end, Repeated::Second),
    };
    let of_agent = |shifts: &ByDay<Vec<ClockShift>>| {
        let of_day = |day| {
            let shifts = shifts.on(day, calendar).into_iter().flatten();
            Vec::from_iter(shifts.map(|shift| on(day, shift)))
        };
        let over = run.ends_at_most();
        let shifts = calendar.days_until(over).flat_map(of_day);
        // One that clocks skip as a whole may begin behind its end: it does not occur.
        let occurs = |shift: &Shift| shift.start < shift.end;
        let is_in_run = |shift: &Shift| shift.end > Time::ZERO && shift.start < over;
        shifts.filter(|shift| occurs(shift) && is_in_run(shift)).collect()
    };
    Roster::Listed(agents.iter().map(of_agent).collect())
}

/// The hours of all days of a run, and of so many before it, from each start to its end.
pub(super) fn windows_of(
    hours: &ByDay<Vec<ClockShift>>,
    run: &RunSettings,
    days_before: i64,
) -> Vec<(Time, Time)> {
    let calendar = &run.calendar;
    let of_day = |day| {
        let hours = hours.on(day, calendar).into_iter().flatten();
        hours.map(move |hours| {
            let start = calendar.instant(day, hours.start, Repeated::First);
            (start, calendar.instant(day, hours.end, Repeated::Second))
        })
    };
    let before = (-days_before..-1).map(|number| calendar.day(number));
    before.chain(calendar.days_until(run.ends_at_most())).flat_map(of_day).collect()
}

/// Two shifts of an agent that are at work at one instant.
pub(super) fn overlap(roster: &Roster, agent: usize) -> Option<(Shift, Shift)> {
    let mut sorted = roster.lists()?.get(agent)?.clone();
    sorted.sort_by_key(|shift| shift.start);
    let again = sorted.first().filter(|_| roster.is_daily());
    let next_day = again.map(|first| Shift { start: first.start + DAY, end: first.end + DAY });
    let pairs = sorted.iter().zip(sorted.iter().skip(1).chain(next_day.as_ref()));
    pairs.map(|(one, other)| (*one, *other)).find(|(one, other)| one.end > other.start)
}

pub(super) fn clocks(shift: Shift, run: &RunSettings) -> String {
    let clock = |time: Time| {
        let seconds = run.calendar.reading(time).clock.as_micros() / 1_000_000;
        format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
    };
    let date = run.calendar.reading(shift.start).day.date;
    let date = date.map(|date| format!("{date} ")).unwrap_or_default();
    format!("{date}{}-{}", clock(shift.start), clock(shift.end))
}
