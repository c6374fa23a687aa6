//! Parameters of a centre as a log tells them, with how far off they may be together.

use crate::base::special::normal_quantile;
use crate::base::stream::{Stream, open_uniform};
use crate::estimation::{
    Derived, Estimated, Family, Fit, Law, LawForm, Maximum, PatienceFinding, SilentFinding,
};

use super::consumer_estimates::{SilentOutcome, TimesEstimate, TurnCount};
use super::log_estimates::{LogEstimates, WorkEstimate, is_told_apart};

/// What a log tells of a centre; what it does not tell is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FittedParameters {
    /// Patience for the first answer.
    pub patience: Option<FittedPatience>,
    /// Work of a reply, by skill.
    pub work: Vec<FittedWork>,
    /// Interruptions, and the work of all replies together.
    pub interruptions: Option<FittedInterruptions>,
    /// Think time.
    pub think: Option<FittedLaw>,
    /// Probability that an answer is the last, as log-odds.
    pub last_answer: Option<ValueWithError>,
    /// Conversations of the log.
    pub conversations: u64,
}

/// A distribution that was fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedLaw {
    /// Which.
    pub form: LawForm,
    /// Its unbounded parameters with their covariance.
    pub maximum: Maximum,
}

/// Patience.
#[derive(Clone, Debug, PartialEq)]
pub enum FittedPatience {
    /// A distribution.
    Law(FittedLaw),
    /// Beside silent abandonment: log-odds of the silent share and of the share with one message, then
    /// the parameters of the distribution.
    Silent(FittedLaw),
    /// Its mean, roughly, as a logarithm.
    Rough(ValueWithError),
}

/// Work of a reply about a skill.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedWork {
    /// Name of the skill.
    pub skill: String,
    /// Logarithm of the mean, seconds.
    pub mean: ValueWithError,
    /// The distribution, if it is known.
    pub law: Option<Law>,
}

/// Interruptions.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedInterruptions {
    /// Logarithms of rate and mean length, then parameters of the work.
    pub maximum: Maximum,
    /// Distribution of the work.
    pub work: LawForm,
    /// By how much the log-likelihood is higher than without any.
    pub gain: f64,
    /// Whether there surely are interruptions, and the work beside them is known.
    pub is_told_apart: bool,
}

/// An unbounded value, such as a logarithm or log-odds, and the standard deviation of its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueWithError {
    /// The value.
    pub value: f64,
    /// Standard deviation of its error.
    pub error: f64,
}

/// A change of a distribution of times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TimesChange {
    /// From one distribution to another.
    Law {
        /// As estimated.
        from: Law,
        /// Instead.
        to: Law,
    },
    /// To this, whatever it is.
    To(Law),
    /// All times are multiplied.
    Factor(f64),
}

/// Changes of parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParameterChanges {
    /// Of patience for the first answer.
    pub patience: Option<TimesChange>,
    /// Of the log-odds of the silent share.
    pub silent_log_odds: f64,
    /// Of the work of replies, by skill; none is all skills.
    pub work: Vec<WorkChange>,
    /// Of interruptions.
    pub interruptions: Option<InterruptionsChange>,
    /// Of think times.
    pub think: Option<TimesChange>,
    /// Of the log-odds that an answer is the last.
    pub last_answer_log_odds: f64,
}

/// A change of interruptions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InterruptionsChange {
    /// Times are multiplied.
    Factors {
        /// That between interruptions.
        every: f64,
        /// Their length.
        length: f64,
    },
    /// To these, both exponential.
    To {
        /// Mean time between interruptions, seconds.
        every: f64,
        /// Mean length, seconds.
        length: f64,
    },
}

/// A change of the work of replies.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkChange {
    /// About which skill; none is all.
    pub skill: Option<String>,
    /// The change.
    pub change: TimesChange,
}

impl From<&Fit> for FittedLaw {
    fn from(fit: &Fit) -> Self {
        Self { form: fit.form, maximum: fit.maximum.clone() }
    }
}

impl From<Derived> for ValueWithError {
    fn from(derived: Derived) -> Self {
        Self { value: derived.value, error: derived.standard_error }
    }
}

impl ValueWithError {
    /// The logarithm of a positive value with an interval of 95 %.
    pub fn logarithm(found: &Estimated) -> Self {
        let width = libm::log(found.interval.high / found.interval.low);
        Self { value: libm::log(found.value), error: width / (2.0 * WITHIN_95) }
    }

    /// The log-odds of a share with an interval of 95 %.
    pub fn log_odds(found: &Estimated) -> Self {
        let odds = |share: f64| log_odds(share.clamp(1e-6, 1.0 - 1e-6));
        let width = odds(found.interval.high) - odds(found.interval.low);
        Self { value: odds(found.value), error: width / (2.0 * WITHIN_95) }
    }

    fn draw(self, stream: &mut Stream) -> f64 {
        self.value + self.error * normal_quantile(open_uniform(stream))
    }
}

/// Log-odds of a share.
pub fn log_odds(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

const WITHIN_95: f64 = 1.959_964;

impl FittedLaw {
    /// The distribution at the maximum.
    pub fn law(&self) -> Law {
        self.law_of(&self.maximum.parameters)
    }

    /// Logarithm of its mean.
    pub fn mean(&self) -> ValueWithError {
        self.maximum.derived(|place| libm::log(self.law_of(place).mean())).into()
    }

    /// Its own parameters are the last.
    fn law_of(&self, place: &[f64]) -> Law {
        self.form.law(&place[place.len() - self.form.parameters().len()..])
    }

    fn change(&self, to: &[f64]) -> TimesChange {
        TimesChange::Law { from: self.law(), to: self.law_of(to) }
    }
}

impl FittedPatience {
    /// Logarithm of its mean.
    pub fn mean(&self) -> ValueWithError {
        match self {
            Self::Law(law) | Self::Silent(law) => law.mean(),
            Self::Rough(mean) => *mean,
        }
    }

    /// The distribution, if it is known.
    pub fn law(&self) -> Option<Law> {
        match self {
            Self::Law(law) | Self::Silent(law) => Some(law.law()),
            Self::Rough(_) => None,
        }
    }

    /// Log-odds of the silent share, if it is known.
    pub fn silent(&self) -> Option<ValueWithError> {
        let Self::Silent(law) = self else { return None };
        // Held at 0 it is left out.
        let has_share = law.maximum.parameters.len() == law.form.parameters().len() + 2;
        let error = has_share.then(|| law.maximum.standard_error(0))?;
        Some(ValueWithError { value: law.maximum.parameters[0], error })
    }
}

impl FittedInterruptions {
    fn work_law(&self, place: &[f64]) -> Law {
        self.work.law(&place[2..])
    }
}

impl FittedParameters {
    /// As a log tells them, with the names of its skills.
    pub fn of(estimates: &LogEstimates, skill: &dyn Fn(&WorkEstimate) -> String) -> Self {
        let patience = match (&estimates.silent.finding, estimates.silent_outcome()) {
            (SilentFinding::Identified(fit), SilentOutcome::Known(_)) => {
                let (form, maximum) = (fit.form, fit.maximum.clone());
                Some(FittedPatience::Silent(FittedLaw { form, maximum }))
            }
            _ => match &estimates.patience.finding {
                PatienceFinding::Fitted { chosen, .. } => {
                    Some(FittedPatience::Law(chosen.best().into()))
                }
                _ => estimates
                    .rough_patience
                    .as_ref()
                    .map(|mean| FittedPatience::Rough(ValueWithError::logarithm(mean))),
            },
        };
        let work = estimates.work.iter().filter_map(|work| {
            let mean = ValueWithError::logarithm(work.mean.as_ref()?);
            let chosen = work.gaps.chosen.as_ref().map(|chosen| chosen.best().law);
            Some(FittedWork { skill: skill(work), mean, law: work.law.or(chosen) })
        });
        let interruptions = estimates.interruptions.as_ref().map(|found| FittedInterruptions {
            maximum: found.fit.maximum.clone(),
            work: found.fit.form.work,
            gain: found.gain,
            is_told_apart: is_told_apart(found),
        });
        let last_answer = match estimates.turns.as_ref().map(|turns| turns.form) {
            Some(TurnCount::Geometric(share)) => Some(ValueWithError::log_odds(&share)),
            _ => None,
        };
        Self {
            patience,
            work: work.collect(),
            interruptions,
            think: fitted(&estimates.think),
            last_answer,
            conversations: estimates
                .arrivals
                .as_ref()
                .map_or(0, |arrivals| arrivals.skills.iter().map(|skill| skill.count).sum()),
        }
    }

    /// Parameters as they might be instead: what was estimated together is drawn together.
    pub fn draw(&self, stream: &mut Stream) -> ParameterChanges {
        let mut changes = ParameterChanges::default();
        match &self.patience {
            Some(FittedPatience::Law(law)) => {
                changes.patience = Some(law.change(&law.maximum.draw(stream)));
            }
            Some(silent @ FittedPatience::Silent(law)) => {
                let to = law.maximum.draw(stream);
                changes.patience = Some(law.change(&to));
                let moved = silent.silent().map(|share| to[0] - share.value);
                changes.silent_log_odds = moved.unwrap_or(0.0);
            }
            Some(FittedPatience::Rough(mean)) => {
                let factor = libm::exp(mean.draw(stream) - mean.value);
                changes.patience = Some(TimesChange::Factor(factor));
            }
            None => {}
        }
        self.draw_work(&mut changes, stream);
        changes.think = self.think.as_ref().map(|law| law.change(&law.maximum.draw(stream)));
        if let Some(share) = self.last_answer {
            changes.last_answer_log_odds = share.draw(stream) - share.value;
        }
        changes
    }

    fn draw_work(&self, changes: &mut ParameterChanges, stream: &mut Stream) {
        let told_apart = self.interruptions.as_ref().filter(|found| found.is_told_apart);
        let drawn = told_apart.map(|found| (found, found.maximum.draw(stream)));
        if let Some((found, to)) = &drawn {
            let from = &found.maximum.parameters;
            let every = libm::exp(from[0] - to[0]);
            let length = libm::exp(to[1] - from[1]);
            changes.interruptions = Some(InterruptionsChange::Factors { every, length });
        }
        for work in &self.work {
            let change = match &drawn {
                Some((found, to)) if self.work.len() == 1 => TimesChange::Law {
                    from: found.work_law(&found.maximum.parameters),
                    to: found.work_law(to),
                },
                _ => TimesChange::Factor(libm::exp(work.mean.draw(stream) - work.mean.value)),
            };
            changes.work.push(WorkChange { skill: Some(work.skill.clone()), change });
        }
    }
}

/// The best fit, if it may stand for the sample.
fn fitted(times: &TimesEstimate) -> Option<FittedLaw> {
    times.chosen.as_ref().filter(|_| times.has_fit()).map(|chosen| chosen.best().into())
}

/// A family by the word that `fit.json` has for it.
pub fn family_of_word(word: &str) -> Option<Family> {
    let all = [
        Family::Exponential,
        Family::Gamma,
        Family::Weibull,
        Family::Lognormal,
        Family::TwoLognormals,
    ];
    all.into_iter().find(|family| format!("{family:?}") == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::testing::{NORMAL_BOUND, standard_errors, stream};
    use crate::estimation::SymmetricMatrix;

    fn maximum(parameters: &[f64], variance: f64) -> Maximum {
        let diagonal = |i: usize, j: usize| if i == j { variance } else { 0.0 };
        Maximum {
            parameters: parameters.to_vec(),
            log_likelihood: 0.0,
            covariance: SymmetricMatrix::from_entries(parameters.len(), diagonal),
        }
    }

    #[test]
    fn what_is_drawn_varies_as_the_estimates_do() {
        let law = |parameters: &[f64]| FittedLaw {
            form: LawForm::plain(Family::Exponential),
            maximum: maximum(parameters, 0.04),
        };
        let mean = libm::log(200.0);
        let fitted = FittedParameters {
            patience: Some(FittedPatience::Silent(law(&[-0.5, 0.3, mean]))),
            last_answer: Some(ValueWithError { value: 0.2, error: 0.1 }),
            ..FittedParameters::default()
        };
        let (mut logarithms, mut odds, mut last) = (Vec::new(), Vec::new(), Vec::new());
        let mut stream = stream(470);
        for _ in 0..4_000 {
            let changes = fitted.draw(&mut stream);
            let Some(TimesChange::Law { from, to }) = changes.patience else { panic!() };
            assert!((from.mean() - 200.0).abs() < 1e-9);
            logarithms.push(libm::log(to.mean() / from.mean()));
            odds.push(changes.silent_log_odds);
            last.push(changes.last_answer_log_odds);
        }
        for (values, variance) in [(logarithms, 0.04), (odds, 0.04), (last, 0.01)] {
            assert!(standard_errors(values.iter().copied(), 0.0) < NORMAL_BOUND);
            let squares = values.iter().map(|value| value * value);
            assert!(standard_errors(squares, variance) < NORMAL_BOUND);
        }
    }

    #[test]
    fn an_interval_tells_the_error_of_a_logarithm() {
        let interval = crate::estimation::ConfidenceInterval { low: 5.0, high: 20.0 };
        let found =
            ValueWithError::logarithm(&Estimated { value: 10.0, interval, observations: 9 });
        assert!((found.value - libm::log(10.0)).abs() < 1e-12);
        assert!((found.error - libm::log(4.0) / 3.919_928).abs() < 1e-9);
    }
}
