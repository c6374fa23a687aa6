//! Instants of a log ↔ instants of the run that replays it.

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};

/// How instants of a log stand to those of a run.
#[derive(Clone, Debug)]
pub(super) struct ReplayClock {
    /// What the run calls its start, since 1970-01-01 UTC.
    origin: Time,
    /// What local clocks of the log are ahead of UTC, minutes, where the scenario has no time zone.
    offset_minutes: i16,
    /// The calendar of a scenario with a time zone.
    zone: Option<Calendar>,
    /// From the start of the run to that of the log's first day.
    lead: Span,
}

/// A day.
pub(super) const DAY: Span = Span::from_hours(24);

impl ReplayClock {
    /// For a log that begins at an instant on a local day (since 1970-01-01).
    pub(super) fn new(calendar: &Calendar, first: Time, day: i32, offset_minutes: i16) -> Self {
        let local = Time::ZERO + Span::from_mins(1) * i64::from(offset_minutes);
        let of_day = |clock: Span| Time::ZERO + DAY * i64::from(day) + clock - local.since_start();
        let mut origin = of_day(calendar.starts_at());
        if calendar.first_date().is_some() {
            let reading = calendar.reading(Time::ZERO);
            let zone = calendar.has_zone().then(|| calendar.clone());
            if zone.is_some() {
                let ahead = reading.offset.map_or(0, |offset| i64::from(offset.seconds()));
                let clock = Time::ZERO + DAY * i64::from(day) + reading.clock;
                origin = clock - Span::from_secs(ahead);
            }
            return Self { origin, offset_minutes, zone, lead: Span::ZERO };
        }
        // Days are alike: what is before the start of the first is in the day before.
        let lead = if first < origin { DAY } else { Span::ZERO };
        Self { origin: origin - lead, offset_minutes, zone: None, lead }
    }

    /// From the start of the run to that of the log's first day.
    pub(super) fn lead(&self) -> Span {
        self.lead
    }

    /// Since the start of the run.
    pub(super) fn in_run(&self, logged: Time) -> Time {
        Time::ZERO + (logged - self.origin)
    }

    /// Since 1970-01-01 UTC.
    pub(super) fn in_log(&self, at: Time) -> Time {
        self.origin + at.since_start()
    }

    /// What local clocks are ahead of UTC at an instant of the run, minutes.
    pub(super) fn offset_minutes(&self, at: Time) -> i16 {
        let shown = self.zone.as_ref().and_then(|zone| zone.reading(at).offset);
        let minutes = shown.and_then(|offset| i16::try_from(offset.seconds() / 60).ok());
        minutes.unwrap_or(self.offset_minutes)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const DAYS: i32 = 20_458; // 2026-01-05

    fn at(day: i32, hour: i64) -> Time {
        Time::ZERO + DAY * i64::from(day) + Span::from_hours(hour)
    }

    #[test]
    fn days_without_a_date_are_alike() {
        let calendar = Calendar::without_date(Span::from_hours(9));
        // 09:30 at UTC + 1.
        let first = at(DAYS, 8) + Span::from_mins(30);
        let clock = ReplayClock::new(&calendar, first, DAYS, 60);
        assert_eq!(clock.in_run(first), Time::ZERO + Span::from_mins(30));
        assert_eq!(clock.in_log(clock.in_run(first)), first);
        // 08:30 is before the start: 23.5 hours after that of the day before.
        let early = at(DAYS, 7) + Span::from_mins(30);
        let clock = ReplayClock::new(&calendar, early, DAYS, 60);
        assert_eq!(clock.in_run(early), Time::ZERO + Span::from_mins(23 * 60 + 30));
        assert_eq!(clock.offset_minutes(Time::ZERO), 60);
    }

    #[test]
    fn a_time_zone_decides_where_days_have_dates() {
        let zone = Calendar::zone("Europe/Berlin").unwrap();
        let calendar = Calendar::from_date(date(2026, 1, 5), Span::ZERO, zone).unwrap();
        // The log is in UTC, as its offsets say; midnight in Berlin is 23:00 there.
        let clock = ReplayClock::new(&calendar, at(DAYS, 7), DAYS, 0);
        assert_eq!(clock.in_run(at(DAYS, 7)), Time::ZERO + Span::from_hours(8));
        assert_eq!(clock.offset_minutes(Time::ZERO), 60);
    }
}
