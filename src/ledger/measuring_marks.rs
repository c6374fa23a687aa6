//! The instants at which the ledger itself has something to do.

use crate::base::time::{Span, Time};

use super::outcome::OutcomeFrame;

/// Which part of the run it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunPhase {
    WarmUp,
    Horizon,
    Drain,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MeasuringMark {
    /// An instant of `measure.at`, by its position, has passed.
    Passed(usize),
    WarmUpEnds,
    HorizonReached,
    IntervalEnds,
}

/// Marks in order of time.
pub(super) struct MeasuringMarks {
    /// Nothing is due before this instant.
    next: Time,
    phase: RunPhase,
    warm_up: Time,
    until: Time,
    interval: Span,
    interval_ends: Time,
    /// Instants of `measure.at` with their positions, the earliest last.
    instants: Vec<(Time, usize)>,
}

impl MeasuringMarks {
    pub(super) fn new(frame: &OutcomeFrame, instants: &[Time]) -> Self {
        let mut instants: Vec<_> =
            instants.iter().enumerate().map(|(position, &at)| (at, position)).collect();
        instants.sort_unstable();
        instants.reverse();
        let mut marks = Self {
            next: Time::ZERO,
            phase: RunPhase::WarmUp,
            warm_up: frame.warm_up,
            until: frame.until,
            interval: frame.interval,
            interval_ends: Time::ZERO + frame.interval,
            instants,
        };
        marks.next = marks.earliest().0;
        marks
    }

    pub(super) fn is_due(&self, now: Time) -> bool {
        now >= self.next
    }

    pub(super) fn phase(&self) -> RunPhase {
        self.phase
    }

    /// The next mark that is due, with its instant, and moves on. An instant of `measure.at` is due
    /// only once it has passed, so that all that happened at it is seen.
    pub(super) fn take(&mut self, now: Time) -> Option<(Time, MeasuringMark)> {
        let (at, mark) = self.earliest();
        if at > now {
            self.next = at;
            return None;
        }
        match mark {
            MeasuringMark::Passed(_) => {
                self.instants.pop();
            }
            MeasuringMark::IntervalEnds => self.interval_ends += self.interval,
            MeasuringMark::WarmUpEnds => self.phase = RunPhase::Horizon,
            MeasuringMark::HorizonReached => self.phase = RunPhase::Drain,
        }
        Some((at, mark))
    }

    /// Positions of the instants that have not passed: the run may end before they do.
    pub(super) fn remaining(&self) -> impl Iterator<Item = usize> {
        self.instants.iter().map(|&(_, position)| position)
    }

    fn earliest(&self) -> (Time, MeasuringMark) {
        let interval = (self.interval_ends, MeasuringMark::IntervalEnds);
        let instant = self
            .instants
            .last()
            .map(|&(at, position)| (at + Span::from_micros(1), MeasuringMark::Passed(position)));
        let phase = match self.phase {
            RunPhase::WarmUp => Some((self.warm_up, MeasuringMark::WarmUpEnds)),
            RunPhase::Horizon => Some((self.until, MeasuringMark::HorizonReached)),
            RunPhase::Drain => None,
        };
        let others = [phase, instant].into_iter().flatten();
        others.fold(interval, |first, other| if other.0 < first.0 { other } else { first })
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_events::measure;
    use super::*;

    #[test]
    fn marks_come_in_order_and_instants_only_once_they_have_passed() {
        let frame = OutcomeFrame::new(&measure(), Time::from_secs(600), Time::from_secs(1800));
        let mut marks = MeasuringMarks::new(&frame, &[Time::from_secs(1800), Time::from_secs(60)]);
        let mut due = |now| {
            let taken: Vec<_> = std::iter::from_fn(|| marks.take(now)).collect();
            assert!(!marks.is_due(now));
            taken.into_iter().map(|(_, mark)| mark).collect::<Vec<_>>()
        };
        assert_eq!(due(Time::from_secs(60)), []);
        assert_eq!(due(Time::from_secs(61)), [MeasuringMark::Passed(1)]);
        assert_eq!(
            due(Time::from_secs(900)),
            [MeasuringMark::WarmUpEnds, MeasuringMark::IntervalEnds]
        );
        assert_eq!(
            due(Time::from_secs(1800)),
            [MeasuringMark::IntervalEnds, MeasuringMark::HorizonReached]
        );
        assert_eq!(due(Time::from_secs(2000)), [MeasuringMark::Passed(0)]);
    }
}
