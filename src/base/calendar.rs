//! What clock and calendar show during a run: the only place that knows of dates, weekdays and time
//! zones.
//!
//! Everything below and above counts microseconds since the start of the run. A scenario resolves its
//! clock times and days through a [`Calendar`] once, when it is read; a report asks it what to call an
//! instant.

use jiff::civil::{Date, DateTime, Time as CivilTime, Weekday};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::time::{Span, Time};

/// The date of a day since 1970-01-01; none beyond the calendar.
pub fn date_of_day(day: i32) -> Option<Date> {
    Date::new(1970, 1, 1).ok()?.checked_add(day.days()).ok()
}

/// Which instants of a run have which clock time, and on which day.
///
/// Without a date, days are called by their number and have 24 hours. With one they have a weekday, and
/// in a time zone a day on which clocks change has 23 or 25 hours, say.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    starts_at: Span,
    dated: Option<Dated>,
}

#[derive(Clone, Debug, PartialEq)]
struct Dated {
    first: Date,
    zone: TimeZone,
    start: Timestamp,
    holidays: Vec<Date>,
}

/// A day of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// 0 is the day on which the run starts.
    pub number: i64,
    /// Its date, if the run has one.
    pub date: Option<Date>,
}

/// What the clock shows at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The day.
    pub day: CalendarDay,
    /// The clock time, since midnight.
    pub clock: Span,
    /// Its distance from UTC, if the run has a date.
    pub offset: Option<Offset>,
}

/// Which instant is meant by a clock time that a day has twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    /// The earlier one, for what starts.
    First,
    /// The later one, for what ends: nothing planned is lost.
    Second,
}

impl CalendarDay {
    /// Its weekday, if the run has a date.
    pub fn weekday(self) -> Option<Weekday> {
        self.date.map(Date::weekday)
    }
}

impl Calendar {
    /// Days without a date; the run starts at a clock time of the first.
    pub const fn without_date(starts_at: Span) -> Self {
        Self { starts_at, dated: None }
    }

    /// The run starts at a clock time of a date, in a time zone. Fails, with what is wrong, if that
    /// clock time does not exist there, or beyond the years that have a calendar.
    pub fn from_date(first: Date, starts_at: Span, zone: TimeZone) -> Result<Self, String> {
        let (date, time) = civil(first, starts_at).ok_or("is beyond the calendar")?;
        let ambiguous = zone.to_ambiguous_timestamp(DateTime::from_parts(date, time));
        if let AmbiguousOffset::Gap { .. } = ambiguous.offset() {
            return Err("does not exist: clocks are put forward over it".to_owned());
        }
        let start = ambiguous.compatible().map_err(|_| "is beyond the calendar")?;
        Ok(Self { starts_at, dated: Some(Dated { first, zone, start, holidays: Vec::new() }) })
    }

    /// The same with public holidays.
    #[must_use]
    pub fn with_holidays(mut self, holidays: Vec<Date>) -> Self {
        if let Some(dated) = &mut self.dated {
            dated.holidays = holidays;
        }
        self
    }

    /// Whether a date is a public holiday.
    pub fn is_holiday(&self, date: Date) -> bool {
        self.dated.as_ref().is_some_and(|dated| dated.holidays.contains(&date))
    }

    /// A time zone by its name in the IANA database, such as `Europe/Berlin`; `None` if there is none.
    pub fn zone(name: &str) -> Option<TimeZone> {
        TimeZoneDatabase::bundled().get(name).ok()
    }

    /// Whether a time zone was given, so that clocks may change.
    pub fn has_zone(&self) -> bool {
        self.zone_name().is_some_and(|name| name != "UTC")
    }

    /// Names of the time zones.
    pub fn zones() -> Vec<String> {
        TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect()
    }

    /// Clock time at which the run starts, since midnight.
    pub const fn starts_at(&self) -> Span {
        self.starts_at
    }

    /// The date of the first day.
    pub fn first_date(&self) -> Option<Date> {
        self.dated.as_ref().map(|dated| dated.first)
    }

    /// Name of the time zone; `None` without a date.
    pub fn zone_name(&self) -> Option<&str> {
        self.dated.as_ref().and_then(|dated| dated.zone.iana_name())
    }

    /// A day by its number, 0 the first.
    pub fn day(&self, number: i64) -> CalendarDay {
        let after =
            |dated: &Dated| dated.first.checked_add(SignedDuration::from_hours(24 * number));
        CalendarDay { number, date: self.dated.as_ref().and_then(|dated| after(dated).ok()) }
    }

    /// The day of a date; `None` without dates.
    pub fn day_of(&self, date: Date) -> Option<CalendarDay> {
        let first = self.first_date()?;
        let number = i64::from(first.until(date).ok()?.get_days());
        Some(CalendarDay { number, date: Some(date) })
    }

    /// The days from the one before the start, whose nights reach into the run, to the last that
    /// begins before an instant.
    pub fn days_until(&self, until: Time) -> impl Iterator<Item = CalendarDay> + '_ {
        let last = self.reading(until - Span::from_micros(1)).day.number;
        (-1..=last).map(|number| self.day(number))
    }

    /// The instant at which the clock shows a time, since midnight of a day. One that clocks skip means
    /// as much later as they are put forward.
    pub fn instant(&self, day: CalendarDay, clock: Span, repeated: Repeated) -> Time {
        let fixed = || Time::ZERO + Span::from_hours(24) * day.number + (clock - self.starts_at);
        let Some((dated, date)) = self.dated.as_ref().zip(day.date) else { return fixed() };
        let Some((date, time)) = civil(date, clock) else { return fixed() };
        let ambiguous = dated.zone.to_ambiguous_timestamp(DateTime::from_parts(date, time));
        let timestamp = match repeated {
            Repeated::First => ambiguous.compatible(),
            Repeated::Second => ambiguous.later(),
        };
        let Ok(timestamp) = timestamp else { return fixed() };
        Time::ZERO + Span::from_micros(timestamp.as_microsecond() - dated.start.as_microsecond())
    }

    /// What the clock shows at an instant.
    pub fn reading(&self, time: Time) -> ClockReading {
        let since = time.since_start();
        let Some(dated) = &self.dated else { return self.without_zone(since) };
        let micros = dated.start.as_microsecond().saturating_add(since.as_micros());
        let Ok(timestamp) = Timestamp::from_microsecond(micros) else {
            return self.without_zone(since);
        };
        let shown = dated.zone.to_datetime(timestamp);
        let of_day = shown.time().duration_since(CivilTime::midnight());
        ClockReading {
            day: self.day_of(shown.date()).unwrap_or_else(|| self.day(0)),
            clock: Span::from_micros(i64::try_from(of_day.as_micros()).unwrap_or(0)),
            offset: Some(dated.zone.to_offset(timestamp)),
        }
    }

    /// An instant as RFC 3339 with its distance from UTC, to the second; `None` without dates.
    pub fn written(&self, time: Time) -> Option<String> {
        self.written_with(time, |_| String::new())
    }

    /// The same to the microsecond.
    pub fn written_exactly(&self, time: Time) -> Option<String> {
        self.written_with(time, |micros| format!(".{micros:06}"))
    }

    fn written_with(&self, time: Time, fraction: impl Fn(i64) -> String) -> Option<String> {
        let reading = self.reading(time);
        let (date, offset) = reading.day.date.zip(reading.offset)?;
        let seconds = reading.clock.as_micros() / 1_000_000;
        let fraction = fraction(reading.clock.as_micros() % 1_000_000);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let (sign, distance) = match offset.seconds() {
            ahead if ahead >= 0 => ('+', ahead / 60),
            behind => ('-', -behind / 60),
        };
        Some(format!(
            "{date}T{hours:02}:{minutes:02}:{:02}{fraction}{sign}{:02}:{:02}",
            seconds % 60,
            distance / 60,
            distance % 60
        ))
    }

    /// Whether the clock shows the same time again, later or earlier on the day.
    pub fn is_repeated(&self, reading: &ClockReading) -> bool {
        let instant = |which| self.instant(reading.day, reading.clock, which);
        instant(Repeated::First) != instant(Repeated::Second)
    }

    /// Whether clocks skip a time of a day.
    pub fn is_skipped(&self, day: CalendarDay, clock: Span) -> bool {
        clock < Span::from_hours(24)
            && self.reading(self.instant(day, clock, Repeated::First)).clock != clock
    }

    fn without_zone(&self, since: Span) -> ClockReading {
        let micros = (since + self.starts_at).as_micros();
        let length = Span::from_hours(24).as_micros();
        ClockReading {
            day: self.day(micros.div_euclid(length)),
            clock: Span::from_micros(micros.rem_euclid(length)),
            offset: None,
        }
    }
}

/// Date and time of a clock time that may be 24:00 or later.
fn civil(date: Date, clock: Span) -> Option<(Date, CivilTime)> {
    let length = Span::from_hours(24).as_micros();
    let (days, micros) =
        (clock.as_micros().div_euclid(length), clock.as_micros().rem_euclid(length));
    let date = date.checked_add(SignedDuration::from_hours(24 * days)).ok()?;
    let time = CivilTime::midnight().checked_add(SignedDuration::from_micros(micros)).ok()?;
    Some((date, time))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn berlin(first: Date, starts_at: Span) -> Calendar {
        let zone = Calendar::zone("Europe/Berlin").expect("is bundled");
        Calendar::from_date(first, starts_at, zone).expect("exists")
    }

    fn hours(hours: i64) -> Time {
        Time::ZERO + Span::from_hours(hours)
    }

    #[test]
    fn without_a_date_days_have_24_hours() {
        let calendar = Calendar::without_date(Span::from_hours(8));
        let reading = calendar.reading(hours(17));
        assert_eq!((reading.day.number, reading.clock), (1, Span::from_hours(1)));
        let at = calendar.instant(calendar.day(1), Span::from_hours(1), Repeated::First);
        assert_eq!(at, hours(17));
        assert_eq!(reading.day.weekday(), None);
    }

    #[test]
    fn days_of_a_clock_change_have_23_and_25_hours() {
        for (first, length) in [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)] {
            let calendar = berlin(first, Span::ZERO);
            let midnight = calendar.instant(calendar.day(1), Span::ZERO, Repeated::First);
            assert_eq!(midnight, hours(length));
            let same = calendar.instant(calendar.day(0), Span::from_hours(24), Repeated::First);
            assert_eq!(same, midnight, "24:00 is midnight of the next day");
            let reading = calendar.reading(midnight);
            assert_eq!((reading.day.number, reading.clock), (1, Span::ZERO));
        }
    }

    /// 02:30 → 03:30 in spring; in autumn starts take the first, ends the second.
    #[test]
    fn clock_times_that_are_skipped_or_repeated_mean_an_instant() {
        let half_past_two = Span::from_mins(150);
        let spring = berlin(date(2026, 3, 29), Span::ZERO);
        for which in [Repeated::First, Repeated::Second] {
            let at = spring.instant(spring.day(0), half_past_two, which);
            assert_eq!(spring.reading(at).clock, Span::from_mins(210));
            assert_eq!(at, Time::ZERO + half_past_two);
        }
        assert!(spring.is_skipped(spring.day(0), half_past_two));
        let autumn = berlin(date(2026, 10, 25), Span::ZERO);
        let first = autumn.instant(autumn.day(0), half_past_two, Repeated::First);
        let second = autumn.instant(autumn.day(0), half_past_two, Repeated::Second);
        assert_eq!(
            (first, second),
            (Time::ZERO + half_past_two, Time::ZERO + Span::from_mins(210))
        );
        assert!(autumn.is_repeated(&autumn.reading(first)));
        assert_ne!(autumn.reading(first).offset, autumn.reading(second).offset);
        assert!(!autumn.is_repeated(&autumn.reading(hours(1))));
    }

    #[test]
    fn a_run_cannot_start_at_a_clock_time_that_is_skipped() {
        let zone = Calendar::zone("Europe/Berlin").expect("is bundled");
        assert!(Calendar::from_date(date(2026, 3, 29), Span::from_mins(150), zone).is_err());
    }

    #[test]
    fn instants_are_written_with_their_offset_to_the_second_or_the_microsecond() {
        let calendar = berlin(date(2026, 3, 29), Span::ZERO);
        let at = hours(2) + Span::from_micros(1_000_250);
        assert_eq!(calendar.written(at).as_deref(), Some("2026-03-29T03:00:01+02:00"));
        let exact = calendar.written_exactly(at);
        assert_eq!(exact.as_deref(), Some("2026-03-29T03:00:01.000250+02:00"));
        assert_eq!(Calendar::without_date(Span::ZERO).written_exactly(at), None);
    }

    #[test]
    fn dates_and_numbers_of_days_name_the_same_days() {
        let calendar = berlin(date(2026, 3, 23), Span::from_hours(8));
        let sunday = calendar.day(6);
        assert_eq!(sunday.date, Some(date(2026, 3, 29)));
        assert_eq!(sunday.weekday(), Some(Weekday::Sunday));
        assert_eq!(calendar.day_of(date(2026, 3, 29)), Some(sunday));
        // From Monday 08:00 to Monday 08:00 a week later: an hour short.
        let again = calendar.instant(calendar.day(7), Span::from_hours(8), Repeated::First);
        assert_eq!(again, hours(167));
    }
}
