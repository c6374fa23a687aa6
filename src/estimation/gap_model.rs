//! The likelihood of gaps between replies, under work and interruptions.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated};
use super::duration_bins::{DurationBins, Sample};
use super::gap_law::{GRID_AN_OCTAVE, GapLaw, GapParameters, RunningInterruption};
use super::interruption_law::{InterruptionForm, InterruptionLaw};
use super::law::{Family, Law, LawForm, floored_log, log_odds, logistic};
use super::likelihood::{Maximum, maximize, profile_interval};
use super::survival::SurvivalCurve;
use crate::base::time::Span;

/// Gaps between the beginning of work on a message and its answer, by how sure it is that the agent was there
/// when they began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyGaps {
    /// Right after a send of the agent: it was there.
    pub after_send: DurationBins,
    /// After idle time or a return: it may have been called away.
    pub after_other: DurationBins,
    /// After a conversation was taken from it, and nothing it sent since: it probably has been.
    pub after_loss: DurationBins,
}

/// The fitted model of gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct InterruptionFit {
    /// Mean time of being there until an interruption begins, seconds; its interval is by profile.
    pub every: Estimated,
    /// Mean length of an interruption, seconds; its interval is by profile.
    pub length: Estimated,
    /// How lengths are distributed.
    pub lengths: InterruptionLaw,
    /// Whether all other distributions that were tried are ruled out; else the intervals reach over those
    /// that are not.
    pub is_form_sure: bool,
    /// Probability that an agent is in one when a gap begins after idle time.
    pub share_at_start: f64,
    /// The same after a conversation was taken from it.
    pub share_after_loss: f64,
    /// How many interruptions there are in the gaps, about.
    pub count: f64,
    /// The work of a reply, without interruptions.
    pub work: Law,
    /// Mean of the work, seconds.
    pub mean_work: Estimated,
    /// Which distributions they are.
    pub form: GapForm,
    /// Unbounded parameters: logarithms of rate and mean length, those of work, and log-odds of the shares of
    /// gaps that begin in an interruption, where there are any.
    pub maximum: Maximum,
}

impl ReplyGaps {
    /// None yet; durations of a log whose clock has ticks of this length.
    pub fn of_ticks(tick: Span) -> Self {
        let bins = || DurationBins::of_ticks(tick);
        Self { after_send: bins(), after_other: bins(), after_loss: bins() }
    }

    /// Adds all of another log.
    pub fn merge(&mut self, other: &Self) {
        self.after_send.merge(&other.after_send);
        self.after_other.merge(&other.after_other);
        self.after_loss.merge(&other.after_loss);
    }
}

/// The likelihood of gaps.
pub(super) struct GapModel {
    after_send: Sample,
    after_other: Sample,
    after_loss: Sample,
    grid: Vec<f64>,
}

/// Distributions of work and of interruptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapForm {
    /// Of work.
    pub work: LawForm,
    /// Of how long interruptions last.
    pub length: InterruptionForm,
}

/// The work of replies of one kind, beside interruptions that are known.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkBeside {
    /// How it is distributed.
    pub law: Law,
    /// Its mean, seconds.
    pub mean: Estimated,
}

/// A form and the highest likelihood with it.
pub(super) struct FormMaximum {
    pub(super) form: GapForm,
    pub(super) maximum: Maximum,
}

impl FormMaximum {
    pub(super) fn aic(&self) -> f64 {
        self.maximum.aic()
    }
}

impl GapForm {
    fn parameters(self, place: &[f64]) -> GapParameters {
        let (rate, mean) = (libm::exp(place[0]), libm::exp(place[1]));
        let (length, work) = (self.length.law(mean), self.work.law(&place[WORK..]).body);
        GapParameters { rate, length, work }
    }
}

/// Where the parameters of work begin.
pub(super) const WORK: usize = 2;

/// Gaps that begin in an interruption.
struct BegunShares {
    at_start: Option<f64>,
    after_loss: Option<f64>,
    /// Of those after a loss, in its last phase.
    in_last: f64,
}

impl BegunShares {
    fn all(&self) -> impl Iterator<Item = f64> {
        let in_last = self.after_loss.map(|_| self.in_last);
        self.at_start.into_iter().chain(self.after_loss).chain(in_last)
    }
}

impl GapModel {
    pub(super) fn of(gaps: &ReplyGaps) -> Option<Self> {
        let [after_send, after_other, after_loss] =
            [&gaps.after_send, &gaps.after_other, &gaps.after_loss].map(above_nothing);
        let samples = [&after_send, &after_other, &after_loss];
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
        Some(Self { after_send, after_other, after_loss, grid })
    }

    fn has_other(&self) -> bool {
        self.after_other.ends() + self.after_other.cuts() > 0.0
    }

    fn has_loss(&self) -> bool {
        self.after_loss.ends() + self.after_loss.cuts() > 0.0
    }

    /// The last parameters.
    fn shares(&self, form: GapForm, place: &[f64]) -> BegunShares {
        let mut left = place[WORK + form.work.parameters().len()..].iter();
        let mut next = || left.next().map_or(0.0, |&odds| logistic(odds));
        let at_start = self.has_other().then(&mut next);
        let after_loss = self.has_loss().then(&mut next);
        let has_phases = form.length != InterruptionForm::Exponential;
        let in_last = if self.has_loss() && has_phases { next() } else { 0.5 };
        BegunShares { at_start, after_loss, in_last }
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

    fn start(&self, form: GapForm) -> Vec<f64> {
        let curve = SurvivalCurve::of(&self.all());
        let quantile = |p: f64| curve.quantile(p).unwrap_or_else(|| curve.longest());
        let (low, median) = (quantile(0.1), quantile(0.5));
        let sigma = (libm::log(median / low) / 1.2816).clamp(0.1, 2.0);
        let long = curve.at(6.0 * median).clamp(1e-3, 0.3);
        let mut start = vec![libm::log(long / (2.0 * median)), libm::log(10.0 * median)];
        match form.work.family {
            Family::Lognormal => start.extend([libm::log(median), libm::log(sigma)]),
            Family::Exponential => start.push(libm::log(median)),
            _ => start.extend([libm::log(median), -libm::log(sigma)]),
        }
        if self.has_other() {
            start.push(log_odds(long));
        }
        if self.has_loss() {
            start.push(0.0);
            start.extend((form.length != InterruptionForm::Exponential).then_some(0.0));
        }
        start
    }

    pub(super) fn fit(&self, form: GapForm) -> Option<FormMaximum> {
        self.fit_from(form, &self.start(form))
    }

    fn fit_from(&self, form: GapForm, start: &[f64]) -> Option<FormMaximum> {
        let likelihood = |place: &[f64]| self.log_likelihood(form, place);
        let maximum = maximize(start, likelihood)?;
        Some(FormMaximum { form, maximum })
    }

    /// Of work and shares alone.
    pub(super) fn fit_beside(&self, form: GapForm, known: &[f64]) -> Option<FormMaximum> {
        let start = self.start(form);
        let likelihood = |place: &[f64]| self.log_likelihood(form, &[known, place].concat());
        let maximum = maximize(&start[WORK..], likelihood)?;
        Some(FormMaximum { form, maximum })
    }

    /// The best distribution of interruptions, and then all others that are not ruled out, with that
    /// distribution of work.
    pub(super) fn supported(&self, exponential: FormMaximum) -> Vec<FormMaximum> {
        let work = exponential.form.work;
        let others = InterruptionForm::ALL.into_iter().skip(1);
        let others = others.filter_map(|length| {
            let mut start = exponential.maximum.parameters.clone();
            start.extend(self.has_loss().then_some(0.0));
            self.fit_from(GapForm { work, length }, &start)
        });
        let others = Vec::from_iter(others);
        let mut all = vec![exponential];
        all.extend(others);
        all.sort_by(|one, other| one.aic().total_cmp(&other.aic()));
        let least = all.first().map_or(0.0, FormMaximum::aic);
        all.retain(|fit| fit.aic() <= least + SOME_SUPPORT);
        all
    }

    /// The highest log-likelihood without interruptions.
    pub(super) fn without(&self, work: LawForm) -> Option<f64> {
        let form = GapForm { work, length: InterruptionForm::Exponential };
        let start = self.start(form);
        let start = &start[2..2 + work.parameters().len()];
        let likelihood = |place: &[f64]| {
            let length = InterruptionLaw::Exponential { mean: 1.0 };
            let none = GapParameters { rate: 0.0, length, work: work.law(place).body };
            let gap = GapLaw::of(&self.grid, &none);
            let samples = [&self.after_send, &self.after_other, &self.after_loss];
            samples.map(|sample| gap.log_likelihood(sample, &none.work)).iter().sum()
        };
        maximize(start, likelihood).map(|maximum| maximum.log_likelihood)
    }

    /// By profile, and by Wald of the other forms: from the lowest to the highest end of any.
    fn interval(
        &self,
        best: &FormMaximum,
        others: &[FormMaximum],
        number: usize,
    ) -> ConfidenceInterval {
        let likelihood = |place: &[f64]| self.log_likelihood(best.form, place);
        let own = profile_interval(&best.maximum, number, CONFIDENCE, likelihood);
        let others = others.iter().map(|FormMaximum { maximum, .. }| {
            let (value, error) = (maximum.parameters[number], maximum.standard_error(number));
            ConfidenceInterval::wald(value, error, CONFIDENCE)
        });
        let both = |one: ConfidenceInterval, other: ConfidenceInterval| ConfidenceInterval {
            low: one.low.min(other.low),
            high: one.high.max(other.high),
        };
        others.fold(own, both).map(libm::exp)
    }

    pub(super) fn told(&self, best: &FormMaximum, others: &[FormMaximum]) -> InterruptionFit {
        let FormMaximum { form, maximum } = best;
        let place = &maximum.parameters;
        let (parameters, shares) = (form.parameters(place), self.shares(*form, place));
        let [rate, length] = [0, 1].map(|number| self.interval(best, others, number));
        let work = Law { at_once: 0.0, body: parameters.work };
        let mean = maximum.derived(|place| libm::log(form.work.law(&place[WORK..]).mean()));
        let mean_interval = ConfidenceInterval::wald(mean.value, mean.standard_error, CONFIDENCE);
        let ended = self.after_send.ends() + self.after_other.ends();
        let (at_start, after_loss) =
            (shares.at_start.unwrap_or(0.0), shares.after_loss.unwrap_or(0.0));
        let begun = |sample: &Sample| sample.ends() + sample.cuts();
        let count = parameters.rate * work.mean() * ended + at_start * begun(&self.after_other);
        let estimated = |value: f64, interval: ConfidenceInterval| Estimated {
            value,
            interval,
            observations: libm::round(ended) as u64,
        };
        // The longer between them, the lower the rate.
        let every = ConfidenceInterval { low: 1.0 / rate.high, high: 1.0 / rate.low };
        InterruptionFit {
            every: estimated(1.0 / parameters.rate, every),
            length: estimated(parameters.length.mean(), length),
            lengths: parameters.length,
            is_form_sure: others.is_empty(),
            share_at_start: at_start,
            share_after_loss: after_loss,
            count,
            mean_work: estimated(work.mean(), mean_interval.map(libm::exp)),
            work,
            form: *form,
            maximum: maximum.clone(),
        }
    }

    fn log_likelihood(&self, form: GapForm, place: &[f64]) -> f64 {
        let parameters = form.parameters(place);
        let (shares, work) = (self.shares(form, place), &parameters.work);
        let gap = GapLaw::of(&self.grid, &parameters);
        let mut sum = gap.log_likelihood(&self.after_send, work);
        let mut add = |sample: &Sample, running: RunningInterruption| {
            sum += gap.begun_in(&self.grid, &running, work).log_likelihood(sample, work);
        };
        if let Some(share) = shares.at_start {
            add(&self.after_other, RunningInterruption { share, rest: parameters.length.rest() });
        }
        if let Some(share) = shares.after_loss {
            let rest = parameters.length.late_rest(shares.in_last);
            add(&self.after_loss, RunningInterruption { share, rest });
        }
        // As if half a gap of each kind had been seen beside: else a share of none or all has no curvature.
        sum + shares.all().map(|share| 0.5 * floored_log(share * (1.0 - share))).sum::<f64>()
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

/// Difference of Akaike's criterion up to which another distribution has some support (Burnham and Anderson
/// 2002, Model Selection and Multimodel Inference, section 2.6).
const SOME_SUPPORT: f64 = 10.0;
