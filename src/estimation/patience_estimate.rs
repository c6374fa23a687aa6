//! How long consumers wait before they leave, from waits that mostly ended in an answer.

use super::confidence::Estimated;
use super::duration_bins::{DurationBins, Sample};
use super::fit::{ChosenFit, choose_fit};
use super::law::Family;
use super::survival::SurvivalCurve;
use crate::base::time::Span;

/// Patience, from waits: those that ended with the consumer leaving as ended, those that were answered as
/// cut, because patience was longer.
#[derive(Clone, Debug, PartialEq)]
pub struct PatienceEstimate {
    /// The share still waiting after a time if nobody were answered.
    pub curve: SurvivalCurve,
    /// Who left openly.
    pub abandonments: u64,
    /// All who met a queue.
    pub waited: u64,
    /// What can be said of the mean and the distribution.
    pub finding: PatienceFinding,
}

/// What waits say of patience.
#[derive(Clone, Debug, PartialEq)]
pub enum PatienceFinding {
    /// A distribution.
    Fitted {
        /// By likelihood, with the mean.
        chosen: ChosenFit,
        /// The mean wait of those who left, by the mean patience, less 1: by so much it would mislead who
        /// took it for patience. It is far below 0 where most are answered before they lose patience.
        misleading: f64,
    },
    /// More than [`PatienceEstimate::UNSEEN`] would outlast all that was seen: no mean is known.
    BeyondNotSeen {
        /// The longest wait that was seen, seconds.
        longest: f64,
        /// Share that would wait longer.
        share: f64,
        /// The mean of patience counted up to the longest wait at most.
        restricted_mean: Estimated,
    },
    /// Too few left to know the mean to a tenth.
    TooLittle {
        /// Abandonments still wanting to [`PatienceEstimate::ABANDONMENTS`].
        missing_abandonments: u64,
        /// Whether fewer than [`PatienceEstimate::SHARE`] left.
        is_share_too_low: bool,
    },
}

impl PatienceEstimate {
    /// Abandonments from which the mean is known to a tenth: its relative standard error is 1 / √n.
    pub const ABANDONMENTS: u64 = 500;
    /// Share of those who waited that must have left.
    pub const SHARE: f64 = 0.15;
    /// Share that may outlast all that was seen for a mean to be told.
    pub const UNSEEN: f64 = 0.2;

    /// Patience from waits: left as ended, answered as cut. Those who were answered without meeting a
    /// queue say nothing of it, and are left out if their wait is none. Who leaves within `at_once` is
    /// taken to have left on seeing the queue.
    pub fn of(waits: &DurationBins, at_once: Span) -> Self {
        let mut sample = waits.sample().with_at_once(at_once);
        sample.censored.retain(|cut| cut.seconds > sample.at_once);
        let curve = SurvivalCurve::of(&sample);
        let abandonments = waits.ended();
        let waited = abandonments + libm::round(sample.cuts()) as u64;
        let finding = finding(waits, &sample, &curve);
        Self { curve, abandonments, waited, finding }
    }
}

fn finding(waits: &DurationBins, sample: &Sample, curve: &SurvivalCurve) -> PatienceFinding {
    let too_little = PatienceFinding::TooLittle {
        missing_abandonments: PatienceEstimate::ABANDONMENTS.saturating_sub(waits.ended()),
        is_share_too_low: sample.ends() < PatienceEstimate::SHARE * (sample.ends() + sample.cuts()),
    };
    let is_enough = PatienceFinding::TooLittle { missing_abandonments: 0, is_share_too_low: false };
    if too_little != is_enough {
        return too_little;
    }
    if curve.at_end() > PatienceEstimate::UNSEEN {
        let longest = curve.longest();
        return PatienceFinding::BeyondNotSeen {
            longest,
            share: curve.at_end(),
            restricted_mean: curve.restricted_mean(longest),
        };
    }
    let chosen = choose_fit(sample, &[Family::Exponential, Family::Weibull]);
    let fitted = chosen.zip(waits.mean_of_ended()).map(|(chosen, mean_wait)| {
        let misleading = mean_wait / chosen.best().mean.value - 1.0;
        PatienceFinding::Fitted { chosen, misleading }
    });
    fitted.unwrap_or(too_little)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::testing::stream;
    use crate::estimation::drawn::{durations, is_near};

    fn exponential(mean: f64) -> Distribution {
        Distribution::exponential(mean).unwrap()
    }

    #[test]
    fn the_mean_wait_of_those_who_left_is_half_of_patience_where_as_many_are_answered() {
        // The shorter of two exponential times of mean 300 has the mean 150, whoever ended it.
        let (patience, answer) = (exponential(300.0), exponential(300.0));
        let waits = durations(4_000, &patience, Some(&answer), &mut stream(190));
        let estimate = PatienceEstimate::of(&waits, Span::ZERO);
        let PatienceFinding::Fitted { chosen, misleading } = estimate.finding else {
            panic!("{estimate:?}")
        };
        assert!(is_near(chosen.best().mean, 300.0), "{:?}", chosen.best().mean);
        assert!((chosen.best().mean.value / 300.0 - 1.0).abs() < 0.1);
        assert!((misleading + 0.5).abs() < 0.05, "{misleading}");
        assert_eq!(estimate.waited, 4_000);
    }

    #[test]
    fn those_who_met_no_queue_do_not_count() {
        let mut waits =
            durations(2_000, &exponential(60.0), Some(&exponential(60.0)), &mut stream(191));
        let before = PatienceEstimate::of(&waits, Span::ZERO);
        (0..10_000).for_each(|_| waits.add_censored(Span::ZERO));
        assert_eq!(PatienceEstimate::of(&waits, Span::ZERO), before);
    }

    #[test]
    fn a_share_that_leaves_on_seeing_the_queue_is_told_apart() {
        let parts = [(0.1, exponential(1.0)), (0.9, exponential(200.0))];
        let patience = Distribution::mixture(parts).unwrap();
        let waits = durations(20_000, &patience, Some(&exponential(300.0)), &mut stream(192));
        let estimate = PatienceEstimate::of(&waits, Span::from_secs(8));
        let PatienceFinding::Fitted { chosen, .. } = estimate.finding else {
            panic!("{estimate:?}")
        };
        assert_eq!(chosen.best().parameters[0].kind.name, "share_at_once");
        // Of those who were answered within 8 s, a few had left at once, had they seen the queue.
        let share = chosen.best().parameters[0].estimated.value;
        assert!((share - 0.1).abs() < 0.01, "{share}");
    }

    #[test]
    fn too_few_abandonments_are_told_and_how_many_are_missing() {
        let waits = durations(600, &exponential(60.0), Some(&exponential(60.0)), &mut stream(193));
        let finding = PatienceEstimate::of(&waits, Span::ZERO).finding;
        let missing_abandonments = 500 - waits.ended();
        assert!(missing_abandonments > 0);
        let expected = PatienceFinding::TooLittle { missing_abandonments, is_share_too_low: false };
        assert_eq!(finding, expected);
        let waits =
            durations(6_000, &exponential(600.0), Some(&exponential(60.0)), &mut stream(194));
        let finding = PatienceEstimate::of(&waits, Span::ZERO).finding;
        let expected =
            PatienceFinding::TooLittle { missing_abandonments: 0, is_share_too_low: true };
        assert_eq!((waits.ended() > 500, finding), (true, expected));
    }

    #[test]
    fn what_outlasts_all_that_was_seen_has_a_restricted_mean_only() {
        let patience = exponential(300.0);
        let waits = durations(
            3_000,
            &patience,
            Some(&Distribution::fixed(120.0).unwrap()),
            &mut stream(195),
        );
        let finding = PatienceEstimate::of(&waits, Span::ZERO).finding;
        let PatienceFinding::BeyondNotSeen { longest, share, restricted_mean } = finding else {
            panic!("{finding:?}")
        };
        assert!((longest - 120.0).abs() < 1e-9 && (share - libm::exp(-0.4)).abs() < 0.04);
        assert!(is_near(restricted_mean, 300.0 * -libm::expm1(-0.4)), "{restricted_mean:?}");
    }
}
