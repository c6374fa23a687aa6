//! The clock of a run.

use std::time::{Duration, Instant};

use crate::base::time::{Span, Time};

/// An instant of the wall clock, in nanoseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(pub(super) u64);

impl Moment {
    /// Nanoseconds from `earlier` to this; 0 if that is not earlier.
    pub(super) fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The start of the next whole second.
    pub(super) fn next_second(self) -> Self {
        Self((self.0 / NANOS_PER_SECOND + 1) * NANOS_PER_SECOND)
    }

    /// The end of the second to which this belongs: one that has hardly begun is not one yet.
    pub(super) fn end_of_second(self) -> Self {
        if self.0 % NANOS_PER_SECOND < HARDLY { self } else { self.next_second() }
    }

    /// Since the start of the run.
    pub(super) fn elapsed(self) -> Duration {
        Duration::from_nanos(self.0)
    }

    /// So many microseconds of the wall clock after the start of the run.
    pub(super) fn after(span: Span) -> Self {
        Self(span.as_micros().max(0) as u64 * NANOS_PER_MICRO)
    }
}

impl std::ops::Add<Span> for Moment {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(Self::after(span).0))
    }
}

/// One monotonic clock for all threads of a run. It shows the wall clock and, `speed` times as
/// fast, the time of the scenario.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunClock {
    start: Instant,
    speed: f64,
    /// While the wall clock is from the first to before the second, the scenario's time stands still.
    stands: (Moment, Moment),
}

impl RunClock {
    /// A clock that starts now.
    pub(super) fn start(speed: f64) -> Self {
        Self { start: Instant::now(), speed, stands: Default::default() }
    }

    pub(super) fn now(&self) -> Moment {
        Moment(self.start.elapsed().as_nanos() as u64)
    }

    /// From now on the scenario's time stands still for so long; then it is right again.
    pub(super) fn stand_still(&mut self, length: Span) {
        let (now, (from, until)) = (self.now(), self.stands);
        let from = if now < until { from } else { now };
        self.stands = (from, until.max(now + length));
    }

    /// The time of the scenario at a moment, rounded down: a timer is never early.
    pub(super) fn time(&self, moment: Moment) -> Time {
        let (from, until) = self.stands;
        let moment = if (from..until).contains(&moment) { from } else { moment };
        let micros = moment.0 as f64 * self.speed / NANOS_PER_MICRO as f64;
        Time::from_micros(micros as i64)
    }

    /// The moment at which the scenario reaches a time, unless it stands still then.
    pub(super) fn moment(&self, time: Time) -> Moment {
        let micros = time.as_micros().max(0) as f64 / self.speed;
        Moment((micros * NANOS_PER_MICRO as f64) as u64)
    }

    /// The same clock as if it had never stood still.
    pub(super) fn going_on(&self) -> Self {
        Self { stands: Default::default(), ..*self }
    }

    /// How long until a moment.
    pub(super) fn until(&self, moment: Moment) -> Duration {
        Duration::from_nanos(moment.since(self.now()))
    }
}

/// Timers are looked at this often even if nothing happens, which is as often as a timer of the
/// runtime can be had.
pub const GRAIN: Duration = Duration::from_millis(1);

const NANOS_PER_MICRO: u64 = 1000;
const NANOS_PER_SECOND: u64 = 1_000_000_000;
/// A tenth of a second.
const HARDLY: u64 = 100_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_last_belongs_to_the_second_under_way_unless_that_has_hardly_begun() {
        let ends = [2_000, 2_050, 2_500, 2_990].map(|millis| Moment(millis * 1_000_000));
        let ends = ends.map(|moment| moment.end_of_second().0 / NANOS_PER_SECOND);
        assert_eq!(ends, [2, 2, 3, 3]);
    }

    #[test]
    fn the_scenario_passes_at_its_speed() {
        let clock = RunClock::start(60.0);
        assert_eq!(clock.time(Moment(1_000_000_000)), Time::from_secs(60));
        assert_eq!(clock.moment(Time::from_secs(60)), Moment(1_000_000_000));
        let mut clock = RunClock::start(1.0);
        let moment = Moment::after(Span::from_hours(24 * 30)) + Span::from_micros(7);
        assert_eq!(clock.time(moment), Time::from_micros(2_592_000_000_007));
        clock.stands = (Moment(1_000_000_000), Moment(3_000_000_000));
        let times = [0, 1_000, 2_999, 3_000].map(|millis| clock.time(Moment(millis * 1_000_000)));
        assert_eq!(times, [0, 1, 1, 3].map(Time::from_secs));
        // One that stands still again goes on doing so.
        clock.stands = (Moment(0), Moment(u64::MAX));
        clock.stand_still(Span::from_secs(1));
        assert_eq!(clock.stands, (Moment(0), Moment(u64::MAX)));
    }
}
