//! Absences, disconnects and late logouts of agents.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated, count_interval};
use super::duration_bins::DurationBins;
use super::fit::{ChosenFit, choose_fit};
use super::law::Family;
use crate::base::time::Span;

/// What begins at random while agents are logged in, again and again: absences of one reason, disconnects,
/// logouts.
#[derive(Clone, Debug, PartialEq)]
pub struct AbsenceEstimate {
    /// Mean time logged in until one begins, seconds, with the exact interval of a Poisson count
    /// ([`count_interval`]); its upper end is infinite if there was none.
    pub every: Estimated,
    /// How long they last; none if there was none.
    pub length: Option<ChosenFit>,
}

/// How late agents log out at the end of their shifts.
#[derive(Clone, Debug, PartialEq)]
pub struct LatenessEstimate {
    /// Share of shifts that end late, with its exact interval.
    pub share: Estimated,
    /// How late those are; none if there are none.
    pub by: Option<ChosenFit>,
}

impl AbsenceEstimate {
    /// From lengths, cut where a log ends, and the time that agents were logged in and not absent. None
    /// without such time.
    pub fn of(lengths: &DurationBins, logged_in: Span, families: &[Family]) -> Option<Self> {
        let exposure = Some(logged_in.as_secs_f64()).filter(|exposure| *exposure > 0.0)?;
        let count = lengths.ended() + lengths.censored();
        let ConfidenceInterval { low, high } = count_interval(count, CONFIDENCE);
        // The more, the shorter between them; of none the longest is not known.
        let interval = ConfidenceInterval { low: exposure / high, high: exposure / low };
        let every = Estimated { value: exposure / count as f64, interval, observations: count };
        Some(Self { every, length: choose_fit(&lengths.sample(), families) })
    }
}

impl LatenessEstimate {
    /// From the time between the planned end of each shift and the logout; earlier ones count as on time,
    /// and so does what is at most `tolerance`. None without shifts.
    pub fn of(ends: &[Span], tolerance: Span, families: &[Family]) -> Option<Self> {
        let mut late = DurationBins::exact();
        let ends_late = ends.iter().filter(|end| **end > tolerance);
        ends_late.for_each(|end| late.add(*end));
        let share = Estimated::share(late.ended(), ends.len() as u64)?;
        Some(Self { share, by: choose_fit(&late.sample(), families) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_absences_in_a_hundred_hours_come_every_ten_hours() {
        let mut lengths = DurationBins::exact();
        (1..=10).for_each(|minutes| lengths.add(Span::from_mins(minutes)));
        let logged_in = Span::from_hours(100);
        let found = AbsenceEstimate::of(&lengths, logged_in, &[Family::Exponential]).unwrap();
        assert_eq!((found.every.value, found.every.observations), (36_000.0, 10));
        let interval = found.every.interval;
        assert!((interval.low - 360_000.0 / 18.3904).abs() < 0.1, "{interval:?}");
        assert!((interval.high - 360_000.0 / 4.7954).abs() < 1.0, "{interval:?}");
        assert!((found.length.unwrap().best().mean.value - 330.0).abs() < 1e-3);
        assert_eq!(AbsenceEstimate::of(&lengths, Span::ZERO, &[Family::Exponential]), None);
    }

    #[test]
    fn none_at_all_is_at_least_so_rare() {
        let none = DurationBins::exact();
        let found =
            AbsenceEstimate::of(&none, Span::from_secs(1_000), &[Family::Exponential]).unwrap();
        assert!((found.every.interval.low - 1_000.0 / 3.6889).abs() < 0.01, "{found:?}");
        assert_eq!((found.every.interval.high, found.length), (f64::INFINITY, None));
    }

    #[test]
    fn late_logouts_have_a_share_and_a_length() {
        let ends = [-60, 0, 20, 600, 300].map(Span::from_secs);
        let found =
            LatenessEstimate::of(&ends, Span::from_secs(30), &[Family::Exponential]).unwrap();
        assert_eq!((found.share.value, found.share.observations), (0.4, 5));
        assert!((found.by.unwrap().best().mean.value - 450.0).abs() < 1e-3);
        assert_eq!(LatenessEstimate::of(&[], Span::ZERO, &[Family::Exponential]), None);
    }
}
