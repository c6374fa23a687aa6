//! Values of consecutive intervals of the day, resolved to a whole run with dates.

use jiff::civil::Date;

use super::by_day::ByDay;
use super::plan::RunSettings;
use super::reader::ReaderSection;
use crate::base::calendar::{CalendarDay, ClockReading, Repeated};
use crate::base::time::{Span, Time};

/// Values of consecutive intervals, the first of which begins at a clock time.
pub(super) struct IntervalsOfDay<'a> {
    /// Clock time at which the first begins.
    pub(super) from: Span,
    /// Length of each.
    pub(super) every: Span,
    /// The values, by day. Those of a day that reach beyond midnight belong to it all the same.
    pub(super) values: &'a ByDay<Vec<f64>>,
    /// Whether there is one list only, which begins on the first day.
    pub(super) once: bool,
    /// Values of the second of two hours that the clock shows alike; without, those of the first.
    pub(super) again: &'a [RepeatedValue],
}

/// A value of the second of two hours that the clock shows alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RepeatedValue {
    pub(super) date: Date,
    pub(super) from: Span,
    pub(super) to: Span,
    pub(super) value: f64,
}

/// Values of equally long stretches of time from the start of a run.
pub(super) struct Resolved {
    /// How long each is.
    pub(super) step: Span,
    /// Their values; none where no interval lies.
    pub(super) values: Vec<Option<f64>>,
}

impl IntervalsOfDay<'_> {
    /// The value that holds whenever the clock shows a time in an interval: where clocks are put back
    /// it holds in both hours, and where they are put forward what they skip does not occur. Says
    /// of `key` what is wrong if there would be too many stretches.
    pub(super) fn resolve(
        &self,
        section: &ReaderSection<'_>,
        key: &str,
        run: &RunSettings,
        until: Time,
    ) -> Option<Resolved> {
        let calendar = &run.calendar;
        // Clocks change by quarters of an hour, and at such.
        let starts = (self.from - calendar.starts_at()).as_micros().abs();
        let step = [starts, self.every.as_micros(), calendar.starts_at().as_micros()]
            .into_iter()
            .fold(Span::from_mins(15).as_micros(), common_divisor);
        let count = (until.since_start().as_micros() + step - 1) / step;
        let count = usize::try_from(count).ok()?;
        if count > STEPS {
            let message = "the intervals and the run begin so far apart from each other that there \
                           would be too many of them";
            section.context.report(section.error(key, message));
            return None;
        }
        let step = Span::from_micros(step);
        let at = |position: usize| {
            let time = Time::ZERO + step * position as i64;
            let ClockReading { day, clock, .. } = calendar.reading(time);
            let is_meant = |it: &&RepeatedValue| {
                Some(it.date) == day.date
                    && (it.from..it.to).contains(&clock)
                    && calendar.instant(day, clock, Repeated::First) != time
            };
            let again = self.again.iter().find(is_meant).map(|it| it.value);
            again.or_else(|| self.at(run, day, clock))
        };
        Some(Resolved { step, values: (0..count).map(at).collect() })
    }

    fn at(&self, run: &RunSettings, day: CalendarDay, clock: Span) -> Option<f64> {
        let length = Span::from_hours(24);
        if self.once {
            let since = length * day.number + clock - self.from;
            return self.value(self.values.of_every_day()?, since);
        }
        let calendar = &run.calendar;
        let today = self.values.on(day, calendar);
        let today = today.and_then(|values| self.value(values, clock - self.from));
        today.or_else(|| {
            let values = self.values.on(calendar.day(day.number - 1), calendar)?;
            self.value(values, clock + length - self.from)
        })
    }

    fn value(&self, values: &[f64], since: Span) -> Option<f64> {
        let position = since.as_micros().div_euclid(self.every.as_micros());
        usize::try_from(position).ok().and_then(|position| values.get(position)).copied()
    }
}

/// The greatest of two numbers.
pub(super) fn common_divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one } else { common_divisor(other, one % other) }
}

/// Stretches at most: ten years of seconds would be too many to hold.
const STEPS: usize = 4_000_000;
