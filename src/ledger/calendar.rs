//! The instants at which the ledger itself has something to do.

use crate::base::time::{Span, Time};

use super::outcome::Frame;

/// Which part of the run it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    WarmUp,
    Horizon,
    Drain,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// An instant of `measure.at`, by its position, has passed.
    Passed(usize),
    WarmUpEnds,
    HorizonReached,
    IntervalEnds,
}

/// Marks in order of time.
pub(super) struct Calendar {
    /// Nothing is due before this instant.
    next: Time,
    phase: Phase,
    warm_up: Time,
    until: Time,
    interval: Span,
    interval_ends: Time,
    /// Instants of `measure.at` with their positions, the earliest last.
    instants: Vec<(Time, usize)>,
}

impl Calendar {
    pub(super) fn new(frame: &Frame, instants: &[Time]) -> Self {
        let mut instants: Vec<_> =
            instants.iter().enumerate().map(|(position, &at)| (at, position)).collect();
        instants.sort_unstable();
        instants.reverse();
        let mut calendar = Self {
            next: Time::ZERO,
            phase: Phase::WarmUp,
            warm_up: frame.warm_up,
            until: frame.until,
            interval: frame.interval,
            interval_ends: Time::ZERO + frame.interval,
            instants,
        };
        calendar.next = calendar.earliest().0;
        calendar
    }

    pub(super) fn is_due(&self, now: Time) -> bool {
        now >= self.next
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    /// The next mark that is due, with its instant, and moves on. An instant of `measure.at` is due
    /// only once it has passed, so that all that happened at it is seen.
    pub(super) fn take(&mut self, now: Time) -> Option<(Time, Mark)> {
        let (at, mark) = self.earliest();
        if at > now {
            self.next = at;
            return None;
        }
        match mark {
            Mark::Passed(_) => {
                self.instants.pop();
            }
            Mark::IntervalEnds => self.interval_ends += self.interval,
            Mark::WarmUpEnds => self.phase = Phase::Horizon,
            Mark::HorizonReached => self.phase = Phase::Drain,
        }
        Some((at, mark))
    }

    /// Positions of the instants that have not passed: the run may end before they do.
    pub(super) fn remaining(&self) -> impl Iterator<Item = usize> {
        self.instants.iter().map(|&(_, position)| position)
    }

    fn earliest(&self) -> (Time, Mark) {
        let interval = (self.interval_ends, Mark::IntervalEnds);
        let instant = self
            .instants
            .last()
            .map(|&(at, position)| (at + Span::from_micros(1), Mark::Passed(position)));
        let phase = match self.phase {
            Phase::WarmUp => Some((self.warm_up, Mark::WarmUpEnds)),
            Phase::Horizon => Some((self.until, Mark::HorizonReached)),
            Phase::Drain => None,
        };
        let others = [phase, instant].into_iter().flatten();
        others.fold(interval, |first, other| if other.0 < first.0 { other } else { first })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tape::measure;
    use super::*;

    #[test]
    fn marks_come_in_order_and_instants_only_once_they_have_passed() {
        let frame = Frame::new(&measure(), Time::from_secs(600), Time::from_secs(1800));
        let mut calendar = Calendar::new(&frame, &[Time::from_secs(1800), Time::from_secs(60)]);
        let mut due = |now| {
            let marks: Vec<_> = std::iter::from_fn(|| calendar.take(now)).collect();
            assert!(!calendar.is_due(now));
            marks.into_iter().map(|(_, mark)| mark).collect::<Vec<_>>()
        };
        assert_eq!(due(Time::from_secs(60)), []);
        assert_eq!(due(Time::from_secs(61)), [Mark::Passed(1)]);
        assert_eq!(due(Time::from_secs(900)), [Mark::WarmUpEnds, Mark::IntervalEnds]);
        assert_eq!(due(Time::from_secs(1800)), [Mark::IntervalEnds, Mark::HorizonReached]);
        assert_eq!(due(Time::from_secs(2000)), [Mark::Passed(0)]);
    }
}
