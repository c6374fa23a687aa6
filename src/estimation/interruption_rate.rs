//! Interruptions of agents, from the gaps between what they send.
//!
//! No platform logs that an agent was called away from the screen: it shows only in a gap that is longer than
//! the work. A gap is modelled as work W and N interruptions that begin while the agent works, at rate λ: N is
//! Poisson of mean λ W. An agent who was idle may be in an interruption when the gap begins, with one
//! probability; one who has just lost a conversation to a timeout, with another, higher one: what is left of
//! it then tells how long interruptions are that no reply has seen the end of. A conversation that was
//! taken away is a gap that was cut. All parameters are estimated together.
//!
//! Rate and length hang on the distribution of interruptions: short ones are hardly told from long work, and
//! what is said of them comes from the long ones. Exponential ones, ones that differ less and ones that
//! differ more are compared, and the intervals reach over those of all distributions that the gaps do not
//! rule out: where timeouts are shorter than interruptions, that is most of them.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated};
use super::gap_model::{GapForm, GapModel, InterruptionFit, ReplyGaps, WORK, WorkBeside};
use super::interruption_law::InterruptionForm;
use super::law::{Family, LawForm};

/// Interruptions in a log.
#[derive(Clone, Debug, PartialEq)]
pub struct InterruptionEstimate {
    /// With interruptions.
    pub fit: InterruptionFit,
    /// By how much the log-likelihood is higher with interruptions than with none.
    pub gain: f64,
    /// Why the estimates should not be trusted, if they should not.
    pub doubt: Option<InterruptionDoubt>,
}

/// Why interruptions are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterruptionDoubt {
    /// No interruptions at all explain the gaps to within [`InterruptionEstimate::GAIN`].
    MayBeNone,
    /// Fewer than [`InterruptionEstimate::COUNT`] in the gaps.
    Few,
    /// Not [`InterruptionEstimate::RATIO`] times as long as the work: long work may be taken for them.
    Short,
}

impl InterruptionEstimate {
    /// Units of log-likelihood within which no interruptions at all are as good.
    pub const GAIN: f64 = 2.0;
    /// Interruptions that are needed in the gaps.
    pub const COUNT: f64 = 100.0;
    /// How many times as long as the mean work an interruption must be on average.
    pub const RATIO: f64 = 5.0;

    /// Interruptions and work from gaps, with the family of work that Akaike's criterion prefers. None if
    /// nothing could be fitted.
    pub fn of(gaps: &ReplyGaps, families: &[Family]) -> Option<Self> {
        let model = GapModel::of(gaps)?;
        let forms = families.iter().map(|&family| GapForm {
            work: LawForm::plain(family),
            length: InterruptionForm::Exponential,
        });
        let fits = forms.filter_map(|form| model.fit(form));
        let best = fits.min_by(|one, other| one.aic().total_cmp(&other.aic()))?;
        let none = families.iter().filter_map(|&family| model.without(LawForm::plain(family)));
        // One parameter fewer for the rate, one for the length: compared as they are, not by criterion.
        let none = none.max_by(f64::total_cmp)?;
        let gain = best.maximum.log_likelihood - none;
        let supported = if gain < Self::GAIN { vec![best] } else { model.supported(best) };
        let (best, others) = supported.split_first()?;
        let fit = model.told(best, others);
        let doubt = if gain < Self::GAIN {
            Some(InterruptionDoubt::MayBeNone)
        } else if fit.count < Self::COUNT {
            Some(InterruptionDoubt::Few)
        } else if fit.length.value < Self::RATIO * fit.mean_work.value {
            Some(InterruptionDoubt::Short)
        } else {
            None
        };
        Some(Self { fit, gain, doubt })
    }

    /// The work in some of the gaps, for which rate and length of interruptions are taken as they are. None if
    /// nothing could be fitted.
    pub fn work_beside(&self, gaps: &ReplyGaps, families: &[Family]) -> Option<WorkBeside> {
        let model = GapModel::of(gaps)?;
        let known = &self.fit.maximum.parameters[..WORK];
        let fits = families.iter().filter_map(|&family| {
            let form = GapForm { work: LawForm::plain(family), ..self.fit.form };
            model.fit_beside(form, known)
        });
        let best = fits.min_by(|one, other| one.aic().total_cmp(&other.aic()))?;
        let law = best.form.work.law(&best.maximum.parameters);
        let mean = best.maximum.derived(|place| libm::log(best.form.work.law(place).mean()));
        let interval = ConfidenceInterval::wald(mean.value, mean.standard_error, CONFIDENCE);
        let observations = gaps.after_send.ended() + gaps.after_other.ended();
        let mean = Estimated { value: law.mean(), interval: interval.map(libm::exp), observations };
        Some(WorkBeside { law, mean })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::stream::{Stream, uniform};
    use crate::base::testing::stream;
    use crate::base::time::Span;
    use crate::estimation::Fit;
    use crate::estimation::drawn::is_near;

    struct Agents {
        every: f64,
        length: Distribution,
        mean_length: f64,
        work: Distribution,
        cut: f64,
    }

    /// A gap of a reply that was sent, or was taken away so long before an interruption ended.
    enum Gap {
        Sent(f64),
        Lost(f64),
    }

    impl Agents {
        fn gap(&self, left: f64, stream: &mut Stream) -> Gap {
            let until = Distribution::exponential(self.every).unwrap();
            let (mut gap, mut work) = (left, self.work.sample(stream));
            while gap < self.cut {
                let next = until.sample(stream);
                gap += work.min(next);
                if gap >= self.cut {
                    return Gap::Lost(0.0);
                } else if work <= next {
                    return Gap::Sent(gap);
                }
                work -= next;
                gap += self.length.sample(stream);
            }
            Gap::Lost(gap - self.cut)
        }

        /// Of one that is running at some instant: it is the likelier the longer it is.
        fn rest(&self, stream: &mut Stream) -> f64 {
            loop {
                let whole = self.length.sample(stream);
                if uniform(stream) < whole / (20.0 * self.mean_length) {
                    return whole * uniform(stream);
                }
            }
        }

        /// Every third gap follows idle time, if the one before was not taken away.
        fn gaps(&self, count: u32, stream: &mut Stream) -> ReplyGaps {
            let mut gaps = ReplyGaps::of_ticks(Span::ZERO);
            let share = self.mean_length / (self.mean_length + self.every);
            let mut left = None;
            for number in 0..count {
                let is_idle = left.is_none() && number % 3 == 0;
                let is_called = is_idle && uniform(stream) < share;
                let bins = match (left, is_idle) {
                    (Some(_), _) => &mut gaps.after_loss,
                    (None, true) => &mut gaps.after_other,
                    (None, false) => &mut gaps.after_send,
                };
                let before = if is_called { self.rest(stream) } else { left.unwrap_or_default() };
                left = match self.gap(before, stream) {
                    Gap::Sent(gap) => {
                        bins.add(Span::from_secs_f64(gap));
                        None
                    }
                    Gap::Lost(left) => {
                        bins.add_censored(Span::from_secs_f64(self.cut));
                        Some(left)
                    }
                };
            }
            gaps
        }
    }

    fn agents() -> Agents {
        let work = Distribution::lognormal(45.0, 0.8).unwrap();
        let length = Distribution::exponential(400.0).unwrap();
        Agents { every: 1_800.0, length, mean_length: 400.0, work, cut: 300.0 }
    }

    /// Timeouts that are shorter than interruptions, whose lengths differ less or more than exponential ones.
    #[test]
    fn intervals_hold_the_mean_length_of_interruptions_of_other_distributions() {
        for length in [Distribution::gamma(480.0, 0.5), Distribution::lognormal(480.0, 1.5)] {
            let agents =
                Agents { length: length.unwrap(), mean_length: 480.0, cut: 150.0, ..agents() };
            for number in 0..2 {
                let gaps = agents.gaps(8_000, &mut stream(7_000 + number));
                let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]).unwrap();
                let InterruptionFit { every, length, is_form_sure, .. } = found.fit;
                assert!(every.interval.contains(1_800.0), "{:?} {every:?}", agents.length);
                assert!(length.interval.contains(480.0), "{:?} {length:?}", agents.length);
                assert!(!is_form_sure);
            }
        }
    }

    #[test]
    fn interruptions_and_work_are_found_behind_cut_gaps() {
        let gaps = agents().gaps(20_000, &mut stream(220));
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]).unwrap();
        assert_eq!(found.doubt, None, "{found:?}");
        assert!(is_near(found.fit.every, 1_800.0), "{:?}", found.fit.every);
        assert!(is_near(found.fit.length, 400.0), "{:?}", found.fit.length);
        assert!(is_near(found.fit.mean_work, 45.0), "{:?}", found.fit.mean_work);
        assert!((found.fit.share_at_start - 400.0 / 2_200.0).abs() < 0.02, "{:?}", found.fit);
        // Nearly 500 begin during work, 1,200 are running at a start.
        assert!((found.fit.count / 1_650.0 - 1.0).abs() < 0.15, "{}", found.fit.count);
        assert!(found.gain > 1_000.0);
        // Whoever takes all of the gaps for work is off.
        let naive = Fit::of(&gaps.after_send.sample(), LawForm::plain(Family::Lognormal)).unwrap();
        assert!(naive.mean.interval.low > 47.0, "{:?}", naive.mean);
    }

    #[test]
    fn intervals_hold_the_true_rate_and_length_as_often_as_they_say() {
        let (mut every, mut length) = (0, 0);
        for number in 0..16 {
            let gaps = agents().gaps(5_000, &mut stream(6_000 + number));
            let fit = InterruptionEstimate::of(&gaps, &[Family::Lognormal]).unwrap().fit;
            every += u64::from(fit.every.interval.contains(1_800.0));
            length += u64::from(fit.length.interval.contains(400.0));
        }
        // Binomial with p = .95: below 12 with a probability below one in a thousand.
        assert!(every >= 12 && length >= 12, "{every} {length}");
    }

    #[test]
    fn the_family_of_work_is_chosen() {
        let work = Distribution::gamma(45.0, 0.7).unwrap();
        let gaps = Agents { work, ..agents() }.gaps(10_000, &mut stream(221));
        let families = [Family::Lognormal, Family::Gamma];
        let found = InterruptionEstimate::of(&gaps, &families).unwrap();
        assert_eq!(found.fit.form.work, LawForm::plain(Family::Gamma));
        assert!(is_near(found.fit.mean_work, 45.0));
    }

    #[test]
    fn without_interruptions_none_are_claimed() {
        let gaps = Agents { every: 1e9, ..agents() }.gaps(5_000, &mut stream(222));
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]);
        assert!(found.is_none_or(|found| found.doubt.is_some()));
    }

    #[test]
    fn few_or_short_ones_are_doubted() {
        let gaps = agents().gaps(900, &mut stream(223));
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]).unwrap();
        assert_eq!(found.doubt, Some(InterruptionDoubt::Few), "{found:?}");
        let length = Distribution::exponential(120.0).unwrap();
        let gaps = Agents { length, mean_length: 120.0, ..agents() }.gaps(20_000, &mut stream(224));
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]).unwrap();
        assert_eq!(found.doubt, Some(InterruptionDoubt::Short), "{found:?}");
    }
}
