//! Interruptions of agents, from the gaps between what they send.
//!
//! No platform logs that an agent was called away from the screen: it shows only in a gap that is longer than
//! the work. A gap is modelled as work W and N interruptions, each exponential of mean m, that begin while the
//! agent works, at rate λ: N is Poisson of mean λ W. An agent who was idle, or has just lost a conversation, may
//! be in an interruption when the gap begins, with probability π; the rest of that is exponential too. A
//! conversation that was taken away is a gap that was cut. All parameters are estimated together.
//!
//! Rate and length hang on interruptions being exponential: short ones are hardly told from long work, and
//! what is said of them comes from the long ones. Where their lengths vary much less or more than that, rate
//! and length come out wrong by more than their intervals say, but the work hardly does.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated};
use super::duration_bins::{DurationBins, Sample};
use super::gap_law::{GRID_AN_OCTAVE, GapLaw, GapParameters};
use super::law::{Family, Law, LawForm, log_odds, logistic};
use super::likelihood::{Maximum, maximize, profile_interval};
use super::survival::SurvivalCurve;
use crate::base::time::Span;

/// Gaps between the beginning of work on a message and its answer, by how sure it is that the agent was there
/// when they began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyGaps {
    /// Right after a send of the agent: it was there.
    pub after_send: DurationBins,
    /// After idle time, a lost conversation or a return: it may have been called away.
    pub after_other: DurationBins,
}

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

/// The fitted model of gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct InterruptionFit {
    /// Mean time of being there until an interruption begins, seconds; its interval is by profile.
    pub every: Estimated,
    /// Mean length of an interruption, seconds; its interval is by profile.
    pub length: Estimated,
    /// Probability that an agent is in one when a gap begins after something else than its own send.
    pub share_at_start: f64,
    /// How many interruptions there are in the gaps, about.
    pub count: f64,
    /// The work of a reply, without interruptions.
    pub work: Law,
    /// Mean of the work, seconds.
    pub mean_work: Estimated,
    /// Which distribution it is.
    pub form: LawForm,
    /// Unbounded parameters: logarithms of rate and mean length, those of work, and log-odds of the share
    /// at the start if any gap began after something else than a send.
    pub maximum: Maximum,
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

impl ReplyGaps {
    /// None yet; durations of a log whose clock has ticks of this length.
    pub fn of_ticks(tick: Span) -> Self {
        let (after_send, after_other) =
            (DurationBins::of_ticks(tick), DurationBins::of_ticks(tick));
        Self { after_send, after_other }
    }

    /// Adds all of another log.
    pub fn merge(&mut self, other: &Self) {
        self.after_send.merge(&other.after_send);
        self.after_other.merge(&other.after_other);
    }
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
        let fits = families.iter().filter_map(|&family| model.fit(LawForm::plain(family)));
        let best = fits.min_by(|one, other| one.aic().total_cmp(&other.aic()))?;
        let none = families.iter().filter_map(|&family| model.without(LawForm::plain(family)));
        // One parameter fewer for the rate, one for the length: compared as they are, not by criterion.
        let none = none.max_by(f64::total_cmp)?;
        let gain = best.maximum.log_likelihood - none;
        let fit = model.told(best);
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
}

struct GapModel {
    after_send: Sample,
    after_other: Sample,
    grid: Vec<f64>,
}

/// A form of work and the highest likelihood with it.
struct FormMaximum {
    form: LawForm,
    maximum: Maximum,
}

impl FormMaximum {
    fn aic(&self) -> f64 {
        self.maximum.aic()
    }
}

impl GapModel {
    fn of(gaps: &ReplyGaps) -> Option<Self> {
        let [after_send, after_other] = [&gaps.after_send, &gaps.after_other].map(above_nothing);
        let samples = [&after_send, &after_other];
        let times =
            samples.into_iter().flat_map(|sample| sample.ended.iter().chain(&sample.censored));
        let times = Vec::from_iter(times.map(|time| time.seconds));
        let shortest = times.iter().copied().reduce(f64::min)?;
        let longest = times.iter().copied().reduce(f64::max)?;
        let steps =
            libm::ceil(GRID_AN_OCTAVE * libm::log2(longest / shortest)) + 4.0 * GRID_AN_OCTAVE;
        let first = shortest / 8.0;
        let node = |step: u32| first * libm::exp2(f64::from(step) / GRID_AN_OCTAVE);
        let grid = (0..=steps as u32).map(node).collect();
        Some(Self { after_send, after_other, grid })
    }

    fn has_other(&self) -> bool {
        self.after_other.ends() + self.after_other.cuts() > 0.0
    }

    fn parameters(&self, form: LawForm, place: &[f64]) -> GapParameters {
        let share_at_start = if self.has_other() { logistic(place[place.len() - 1]) } else { 0.0 };
        let (rate, length) = (libm::exp(place[0]), libm::exp(place[1]));
        GapParameters { rate, length, share_at_start, work: form.law(&place[2..]).body }
    }

    fn all(&self) -> Sample {
        let mut all = self.after_send.clone();
        all.ended.extend(&self.after_other.ended);
        all.censored.extend(&self.after_other.censored);
        for times in [&mut all.ended, &mut all.censored] {
            times.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
        }
        all
    }

    fn start(&self, form: LawForm) -> Vec<f64> {
        let curve = SurvivalCurve::of(&self.all());
        let quantile = |p: f64| curve.quantile(p).unwrap_or_else(|| curve.longest());
        let (low, median) = (quantile(0.1), quantile(0.5));
        let sigma = (libm::log(median / low) / 1.2816).clamp(0.1, 2.0);
        let long = curve.at(6.0 * median).clamp(1e-3, 0.3);
        let mut start = vec![libm::log(long / (2.0 * median)), libm::log(10.0 * median)];
        match form.family {
            Family::Lognormal => start.extend([libm::log(median), libm::log(sigma)]),
            Family::Exponential => start.push(libm::log(median)),
            _ => start.extend([libm::log(median), -libm::log(sigma)]),
        }
        if self.has_other() {
            start.push(log_odds(long));
        }
        start
    }

    fn fit(&self, form: LawForm) -> Option<FormMaximum> {
        let likelihood = |place: &[f64]| self.log_likelihood(&self.parameters(form, place));
        let maximum = maximize(&self.start(form), likelihood)?;
        Some(FormMaximum { form, maximum })
    }

    /// The highest log-likelihood without interruptions.
    fn without(&self, form: LawForm) -> Option<f64> {
        let start = self.start(form);
        let work = &start[2..2 + form.parameters().len()];
        let likelihood = |place: &[f64]| {
            let work = form.law(place).body;
            let none = GapParameters { rate: 0.0, length: 1.0, share_at_start: 0.0, work };
            self.log_likelihood(&none)
        };
        maximize(work, likelihood).map(|maximum| maximum.log_likelihood)
    }

    fn told(&self, best: FormMaximum) -> InterruptionFit {
        let FormMaximum { form, maximum } = best;
        let parameters = self.parameters(form, &maximum.parameters);
        let likelihood = |place: &[f64]| self.log_likelihood(&self.parameters(form, place));
        let [rate, length] = [0, 1].map(|number| {
            profile_interval(&maximum, number, CONFIDENCE, likelihood).map(libm::exp)
        });
        let work = Law { at_once: 0.0, body: parameters.work };
        let mean = maximum.derived(|place| libm::log(form.law(&place[2..]).mean()));
        let mean_interval = ConfidenceInterval::wald(mean.value, mean.standard_error, CONFIDENCE);
        let ended = self.after_send.ends() + self.after_other.ends();
        let others = self.after_other.ends() + self.after_other.cuts();
        let count = parameters.rate * work.mean() * ended + parameters.share_at_start * others;
        let estimated = |value: f64, interval: ConfidenceInterval| Estimated {
            value,
            interval,
            observations: libm::round(ended) as u64,
        };
        // The longer between them, the lower the rate.
        let every = ConfidenceInterval { low: 1.0 / rate.high, high: 1.0 / rate.low };
        InterruptionFit {
            every: estimated(1.0 / parameters.rate, every),
            length: estimated(parameters.length, length),
            share_at_start: parameters.share_at_start,
            count,
            mean_work: estimated(work.mean(), mean_interval.map(libm::exp)),
            work,
            form,
            maximum,
        }
    }

    fn log_likelihood(&self, parameters: &GapParameters) -> f64 {
        let gap = GapLaw::of(&self.grid, parameters);
        let mut sum = gap.log_likelihood(&self.after_send, &parameters.work);
        if self.has_other() {
            let other = gap.after_other(&self.grid, parameters);
            sum += other.log_likelihood(&self.after_other, &parameters.work);
        }
        sum
    }
}

/// Without gaps of no time at all, which are work that a coarse clock does not show.
fn above_nothing(bins: &DurationBins) -> Sample {
    let mut sample = bins.sample();
    let least = (sample.tick / 2.0).max(1e-3);
    sample.ended.iter_mut().for_each(|time| time.seconds = time.seconds.max(least));
    sample.censored.retain(|time| time.seconds > least);
    sample
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::stream::{Stream, uniform};
    use crate::base::testing::stream;
    use crate::estimation::Fit;
    use crate::estimation::drawn::is_near;

    struct Agents {
        every: f64,
        length: f64,
        work: Distribution,
        cut: f64,
    }

    impl Agents {
        fn gaps(&self, count: u32, stream: &mut Stream) -> ReplyGaps {
            let mut gaps = ReplyGaps::of_ticks(Span::ZERO);
            let interruption = Distribution::exponential(self.length).unwrap();
            let until = Distribution::exponential(self.every).unwrap();
            let share = self.length / (self.length + self.every);
            for number in 0..count {
                let is_after_other = number % 3 == 0;
                let mut gap = 0.0;
                if is_after_other && uniform(stream) < share {
                    gap += interruption.sample(stream);
                }
                let mut work = self.work.sample(stream);
                loop {
                    let next = until.sample(stream);
                    gap += work.min(next);
                    if work <= next {
                        break;
                    }
                    work -= next;
                    gap += interruption.sample(stream);
                }
                let bins =
                    if is_after_other { &mut gaps.after_other } else { &mut gaps.after_send };
                match gap < self.cut {
                    true => bins.add(Span::from_secs_f64(gap)),
                    false => bins.add_censored(Span::from_secs_f64(self.cut)),
                }
            }
            gaps
        }
    }

    fn agents() -> Agents {
        let work = Distribution::lognormal(45.0, 0.8).unwrap();
        Agents { every: 1_800.0, length: 400.0, work, cut: 300.0 }
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
        // 500 begin during work, 1,200 are running at a start.
        assert!((found.fit.count / 1_712.0 - 1.0).abs() < 0.1, "{}", found.fit.count);
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
        assert_eq!(found.fit.form, LawForm::plain(Family::Gamma));
        assert!(is_near(found.fit.mean_work, 45.0));
    }

    #[test]
    fn without_interruptions_none_are_claimed() {
        let gaps = Agents { every: 1e9, length: 1.0, ..agents() }.gaps(5_000, &mut stream(222));
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]);
        assert!(found.is_none_or(|found| found.doubt.is_some()));
    }

    #[test]
    fn few_or_short_ones_are_doubted() {
        let gaps = agents().gaps(900, &mut stream(223));
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]).unwrap();
        assert_eq!(found.doubt, Some(InterruptionDoubt::Few), "{found:?}");
        let gaps = Agents { length: 120.0, ..agents() }.gaps(20_000, &mut stream(224));
        let found = InterruptionEstimate::of(&gaps, &[Family::Lognormal]).unwrap();
        assert_eq!(found.doubt, Some(InterruptionDoubt::Short), "{found:?}");
    }
}
