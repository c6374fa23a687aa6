//! Consumers who leave without a word, told from those who had one thing to say.
//!
//! Who was answered and never wrote again may have left before the answer, or had nothing more to ask. The
//! two are told apart by how the share of such conversations changes with the wait, under the assumption
//! that the number of turns does not depend on it: at a wait near nothing nobody has left yet.
//!
//! The model is that of Castellanos, Yom-Tov and Goldberg (arXiv 2304.11754): patience T with tail S, each
//! who leaves does so silently with probability q, each who is served has one message with probability b.
//! With a wait w until the answer, which does not depend on the consumer, one sees
//!
//! - who left openly after t: (1 − q) f(t),
//! - who was answered after w and wrote again: S(w) (1 − b),
//! - who was answered after w and never wrote again: S(w) b + q (1 − S(w)).
//!
//! They climb to the maximum of this likelihood by expectation–maximization, taking each of the last kind
//! as silent with probability q (1 − S) / (S b + q (1 − S)). As the sums are in closed form here, the
//! maximum is climbed to directly, which also gives the observed information; the step of
//! expectation–maximization does not move it.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated, chi_squared_bound};
use super::duration_bins::{DurationBins, Sample};
use super::fit::Fit;
use super::law::{Family, Law, LawForm, floored_log, log_odds, logistic};
use super::likelihood::{Maximum, maximize};
use super::simplex::climb;
use crate::base::time::Span;

/// Waits until the first answer, or until the consumer left, by what became of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitsByOutcome {
    left: DurationBins,
    wrote_again: DurationBins,
    never_again: DurationBins,
}

/// Silent abandonment in a log.
#[derive(Clone, Debug, PartialEq)]
pub struct SilentEstimate {
    /// What is known.
    pub finding: SilentFinding,
    /// The share of silent ones among those who left, if all who never wrote again had left: it cannot be
    /// more.
    pub at_most: f64,
    /// Mean patience if all who never wrote again are taken as served, seconds; none if it cannot be
    /// fitted.
    pub ignoring: Option<Estimated>,
}

/// Whether silent abandonment can be told.
#[derive(Clone, Debug, PartialEq)]
pub enum SilentFinding {
    /// It can.
    Identified(Box<SilentFit>),
    /// It cannot: the share is somewhere from 0 to [`SilentEstimate::at_most`].
    NotIdentifiable(WhyNotIdentifiable),
}

/// The fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct SilentFit {
    /// Of those who left, the share that did so silently.
    pub silent_share: Estimated,
    /// Of those who were served, the share that had one message.
    pub one_message_share: Estimated,
    /// Mean patience, seconds.
    pub mean_patience: Estimated,
    /// Which distribution of patience.
    pub form: LawForm,
    /// With the estimated parameters.
    pub patience: Law,
    /// Unbounded parameters: log-odds of both shares, then those of the form. Where the silent share is
    /// at 0, which has no log-odds, it is held there and left out.
    pub maximum: Maximum,
    /// Whether no silent abandonment at all explains the log as well.
    pub may_be_none: bool,
}

/// Why silent abandonment cannot be told from short conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNotIdentifiable {
    /// Fewer than [`SilentEstimate::SHORT_WAITS`] were answered within [`SilentEstimate::SHORT`].
    FewShortWaits(u64),
    /// Fewer than [`SilentEstimate::SHORT_WAITS`] were answered after four times as long: all waits are
    /// alike.
    FewLongWaits(u64),
    /// Too few left to know how patience runs.
    FewAbandonments(u64),
    /// The interval of the share is wider than one half.
    WideInterval,
}

impl WaitsByOutcome {
    /// None yet; durations of a log whose clock has ticks of this length.
    pub fn of_ticks(tick: Span) -> Self {
        let [left, wrote_again, never_again] = [(); 3].map(|()| DurationBins::of_ticks(tick));
        Self { left, wrote_again, never_again }
    }

    /// Adds one who left openly after a wait.
    pub fn add_left(&mut self, wait: Span) {
        self.left.add(wait);
    }

    /// Adds one who was answered after a wait, and may have written again.
    pub fn add_answered(&mut self, wait: Span, wrote_again: bool) {
        (if wrote_again { &mut self.wrote_again } else { &mut self.never_again }).add(wait);
    }

    /// Adds all of another log.
    pub fn merge(&mut self, other: &Self) {
        self.left.merge(&other.left);
        self.wrote_again.merge(&other.wrote_again);
        self.never_again.merge(&other.never_again);
    }
}

impl SilentEstimate {
    /// What counts as a wait near nothing.
    pub const SHORT: Span = Span::from_secs(10);
    /// Answers within [`SilentEstimate::SHORT`], and after four times as long, that are needed each.
    pub const SHORT_WAITS: u64 = 200;
    /// Who must have left openly.
    pub const ABANDONMENTS: u64 = 50;

    /// Silent abandonment from waits and what became of the conversations.
    pub fn of(waits: &WaitsByOutcome) -> Self {
        let model = SilentModel::of(waits);
        let (left, never) = (waits.left.ended() as f64, waits.never_again.ended() as f64);
        let at_most = if never > 0.0 { never / (left + never) } else { 0.0 };
        let fit = Fit::of(&model.ignoring(), LawForm::plain(Family::Weibull));
        Self { finding: model.finding(), at_most, ignoring: fit.map(|fit| fit.mean) }
    }
}

/// The likelihood of the module.
struct SilentModel {
    left: Sample,
    wrote_again: Sample,
    never_again: Sample,
}

/// Parameters of the likelihood.
struct SilentParameters {
    silent: f64,
    one_message: f64,
    patience: Law,
}

impl SilentModel {
    fn of(waits: &WaitsByOutcome) -> Self {
        let [left, wrote_again, never_again] =
            [&waits.left, &waits.wrote_again, &waits.never_again].map(DurationBins::sample);
        Self { left, wrote_again, never_again }
    }

    /// Waits as they are if nobody left silently.
    fn ignoring(&self) -> Sample {
        let mut sample = self.left.clone();
        sample.censored.extend(self.answered());
        sample.censored.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
        sample
    }

    fn answered(&self) -> impl Iterator<Item = super::WeightedTime> + '_ {
        self.wrote_again.ended.iter().chain(&self.never_again.ended).copied()
    }

    fn finding(&self) -> SilentFinding {
        let count = |is_meant: &dyn Fn(f64) -> bool| {
            let answered = self.answered().filter(|time| is_meant(time.seconds));
            libm::round(answered.map(|time| time.weight).sum()) as u64
        };
        let short = SilentEstimate::SHORT.as_secs_f64();
        let short_waits = count(&|seconds| seconds <= short);
        let long_waits = count(&|seconds| seconds >= 4.0 * short);
        let left = libm::round(self.left.ends()) as u64;
        let why = if short_waits < SilentEstimate::SHORT_WAITS {
            WhyNotIdentifiable::FewShortWaits(short_waits)
        } else if long_waits < SilentEstimate::SHORT_WAITS {
            WhyNotIdentifiable::FewLongWaits(long_waits)
        } else if left < SilentEstimate::ABANDONMENTS {
            WhyNotIdentifiable::FewAbandonments(left)
        } else {
            match self.best() {
                Some(fit)
                    if fit.silent_share.interval.high - fit.silent_share.interval.low <= 0.5 =>
                {
                    return SilentFinding::Identified(Box::new(fit));
                }
                _ => WhyNotIdentifiable::WideInterval,
            }
        };
        SilentFinding::NotIdentifiable(why)
    }

    /// The form of patience that Akaike's criterion prefers.
    fn best(&self) -> Option<SilentFit> {
        let shares =
            [false, true].into_iter().filter(|share| !share || self.left.ends_at_once() > 0.0);
        let forms = shares.flat_map(|has_share_at_once| {
            [Family::Exponential, Family::Weibull]
                .map(|family| LawForm { family, has_share_at_once })
        });
        let fits = forms.filter_map(|form| self.fit(form));
        fits.min_by(|one, other| one.maximum.aic().total_cmp(&other.maximum.aic()))
    }

    fn fit(&self, form: LawForm) -> Option<SilentFit> {
        let patience = Fit::of(&self.ignoring(), form)?.maximum.parameters;
        let answered = self.wrote_again.ends() + self.never_again.ends();
        let one_message = log_odds((self.never_again.ends() / answered).clamp(0.01, 0.99));
        let none = [vec![one_message], patience.clone()].concat();
        let without = |place: &[f64]| self.at(form, 0.0, place);
        let none = maximize(&none, without)?;
        let some = [vec![-1.0, none.parameters[0]], patience].concat();
        let with = |place: &[f64]| self.at(form, logistic(place[0]), &place[1..]);
        let some = maximize(&some, with);
        let gain = some.as_ref().map_or(0.0, |some| some.log_likelihood - none.log_likelihood);
        match some {
            // On the edge of what is possible half of the chance lies on the edge (Self and Liang 1987,
            // Journal of the American Statistical Association 82, 605–610).
            Some(some) if 2.0 * gain > chi_squared_bound(1.0 - 2.0 * (1.0 - CONFIDENCE)) => {
                let share = some.parameters[0];
                let interval = ConfidenceInterval::wald(share, some.standard_error(0), CONFIDENCE);
                Some(self.told(form, logistic(share), interval.map(logistic), some))
            }
            some => {
                let best = none.log_likelihood + gain.max(0.0);
                let share = some.map_or(0.0, |some| logistic(some.parameters[0]));
                let interval =
                    ConfidenceInterval { low: 0.0, high: self.upper_end(form, &none, best) };
                Some(self.told(form, share, interval, none))
            }
        }
    }

    /// The largest silent share whose likelihood, highest over all else, is not too far below a best one, to
    /// a thousandth.
    fn upper_end(&self, form: LawForm, none: &Maximum, best: f64) -> f64 {
        let level = best - chi_squared_bound(CONFIDENCE) / 2.0;
        let highest =
            |silent: f64| climb(&none.parameters, 0.05, |place| self.at(form, silent, place)).value;
        let (mut inside, mut outside) = (0.0, 1.0);
        while outside - inside > 1e-3 {
            let middle = f64::midpoint(inside, outside);
            *(if highest(middle) > level { &mut inside } else { &mut outside }) = middle;
        }
        outside
    }

    fn told(
        &self,
        form: LawForm,
        silent_share: f64,
        interval: ConfidenceInterval,
        maximum: Maximum,
    ) -> SilentFit {
        let may_be_none = interval.low == 0.0;
        // The silent share comes before the others, if it is among them.
        let first = usize::from(!may_be_none);
        let patience = form.law(&maximum.parameters[first + 1..]);
        let mean = maximum.derived(|place| libm::log(form.law(&place[first + 1..]).mean()));
        let wald = |value: f64, error: f64| ConfidenceInterval::wald(value, error, CONFIDENCE);
        let one_message = maximum.parameters[first];
        let estimated = |value: f64, interval: ConfidenceInterval, whole: f64| Estimated {
            value,
            interval,
            observations: libm::round(whole) as u64,
        };
        let answered = self.wrote_again.ends() + self.never_again.ends();
        SilentFit {
            silent_share: estimated(silent_share, interval, self.left.ends() + answered),
            one_message_share: estimated(
                logistic(one_message),
                wald(one_message, maximum.standard_error(first)).map(logistic),
                answered,
            ),
            mean_patience: estimated(
                libm::exp(mean.value),
                wald(mean.value, mean.standard_error).map(libm::exp),
                self.left.ends(),
            ),
            form,
            patience,
            maximum,
            may_be_none,
        }
    }

    /// The likelihood of a silent share, and log-odds of one message with the parameters of patience.
    fn at(&self, form: LawForm, silent: f64, place: &[f64]) -> f64 {
        let one_message = logistic(place[0]);
        let patience = form.law(&place[1..]);
        self.log_likelihood(&SilentParameters { silent, one_message, patience })
    }

    fn log_likelihood(&self, parameters: &SilentParameters) -> f64 {
        let SilentParameters { silent, one_message, patience } = parameters;
        let mut sum = patience.log_likelihood(&self.left);
        sum += self.left.ends() * floored_log(1.0 - silent);
        for time in &self.wrote_again.ended {
            let stays = self.stays(patience, time.seconds);
            sum += time.weight * floored_log(stays * (1.0 - one_message));
        }
        for time in &self.never_again.ended {
            let stays = self.stays(patience, time.seconds);
            sum += time.weight * floored_log(stays * one_message + silent * (1.0 - stays));
        }
        sum
    }

    /// Who is answered at once has met no queue to leave.
    fn stays(&self, patience: &Law, seconds: f64) -> f64 {
        if seconds <= self.left.at_once { 1.0 } else { patience.survival(seconds) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::stream::uniform;
    use crate::base::testing::stream;
    use crate::estimation::drawn::is_near;

    struct Centre {
        silent: f64,
        one_message: f64,
        patience: Distribution,
        wait: Distribution,
    }

    impl Centre {
        fn log(&self, conversations: u32, entity: u64) -> WaitsByOutcome {
            let mut stream = stream(entity);
            let mut waits = WaitsByOutcome::of_ticks(Span::ZERO);
            for _ in 0..conversations {
                let wait = self.wait.span(&mut stream);
                let patience = self.patience.span(&mut stream);
                let is_silent = uniform(&mut stream) < self.silent;
                let has_one = uniform(&mut stream) < self.one_message;
                match patience < wait {
                    true if is_silent => waits.add_answered(wait, false),
                    true => waits.add_left(patience),
                    false => waits.add_answered(wait, !has_one),
                }
            }
            waits
        }
    }

    fn centre(silent: f64) -> Centre {
        let patience = Distribution::exponential(240.0).unwrap();
        Centre {
            silent,
            one_message: 0.3,
            patience,
            wait: Distribution::exponential(120.0).unwrap(),
        }
    }

    fn identified(estimate: SilentEstimate) -> SilentFit {
        match estimate.finding {
            SilentFinding::Identified(fit) => *fit,
            SilentFinding::NotIdentifiable(why) => panic!("{why:?}"),
        }
    }

    #[test]
    fn the_silent_share_is_found_where_ignoring_it_misleads() {
        let estimate = SilentEstimate::of(&centre(0.6).log(20_000, 200));
        // Whoever ignores it takes those who left for patient.
        assert!(estimate.ignoring.unwrap().value > 1.8 * 240.0, "{:?}", estimate.ignoring);
        // A third leave, six of ten silently; three of ten of the others have one message.
        assert!((estimate.at_most - 0.4 / (0.4 + 0.4 / 3.0)).abs() < 0.02, "{}", estimate.at_most);
        let fit = identified(estimate);
        assert!(is_near(fit.silent_share, 0.6), "{fit:?}");
        assert!(
            is_near(fit.mean_patience, 240.0) && is_near(fit.one_message_share, 0.3),
            "{fit:?}"
        );
        assert!(!fit.may_be_none && fit.silent_share.interval.low > 0.5);
    }

    #[test]
    fn a_step_of_expectation_maximization_does_not_move_the_maximum() {
        let waits = centre(0.4).log(10_000, 201);
        let fit = identified(SilentEstimate::of(&waits));
        let (q, b) = (fit.silent_share.value, fit.one_message_share.value);
        let (mut silent, mut served) = (0.0, 0.0);
        for time in &waits.never_again.sample().ended {
            let stays = fit.patience.survival(time.seconds);
            let share = q * (1.0 - stays) / (q * (1.0 - stays) + b * stays);
            silent += time.weight * share;
            served += time.weight * (1.0 - share);
        }
        let left = waits.left.ended() as f64;
        assert!((silent / (silent + left) - q).abs() < 1e-5, "{q}");
        let again = waits.wrote_again.ended() as f64;
        assert!((served / (served + again) - b).abs() < 1e-5, "{b}");
    }

    #[test]
    fn intervals_hold_the_true_share_as_often_as_they_say() {
        let mut covered = 0;
        for number in 0..40 {
            let fit = identified(SilentEstimate::of(&centre(0.3).log(5_000, 3_000 + number)));
            covered += u64::from(fit.silent_share.interval.contains(0.3));
        }
        // Binomial with p = .95: below 33 with a probability below one in a thousand.
        assert!(covered >= 33, "{covered}");
    }

    #[test]
    fn none_at_all_is_an_answer_with_an_upper_end() {
        let fit = identified(SilentEstimate::of(&centre(0.0).log(10_000, 202)));
        assert!(fit.may_be_none && fit.silent_share.interval.low == 0.0, "{fit:?}");
        assert!((0.005..0.2).contains(&fit.silent_share.interval.high), "{fit:?}");
        assert!(is_near(fit.mean_patience, 240.0));
    }

    #[test]
    fn without_short_or_long_waits_or_abandonments_the_share_is_a_range() {
        let not_identifiable = |centre: Centre, conversations: u32| {
            let estimate = SilentEstimate::of(&centre.log(conversations, 203));
            assert!(estimate.at_most > 0.0 && estimate.at_most < 1.0);
            match estimate.finding {
                SilentFinding::NotIdentifiable(why) => why,
                SilentFinding::Identified(fit) => panic!("{fit:?}"),
            }
        };
        let wait = Distribution::uniform(20.0, 400.0).unwrap();
        let why = not_identifiable(Centre { wait, ..centre(0.3) }, 2_000);
        assert_eq!(why, WhyNotIdentifiable::FewShortWaits(0));
        let wait = Distribution::uniform(0.0, 39.0).unwrap();
        let why = not_identifiable(Centre { wait, ..centre(0.3) }, 2_000);
        assert_eq!(why, WhyNotIdentifiable::FewLongWaits(0));
        let patience = Distribution::exponential(40_000.0).unwrap();
        let why = not_identifiable(Centre { patience, ..centre(0.3) }, 4_000);
        assert!(matches!(why, WhyNotIdentifiable::FewAbandonments(1..50)), "{why:?}");
    }
}
