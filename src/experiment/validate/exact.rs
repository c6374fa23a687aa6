//! When an estimate agrees with an exact value.

use crate::experiment::interval::Estimate;

/// What a figure must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Exact {
    /// The value of a mean, a rate or a quantile.
    Amount(f64),
    /// The value of a probability.
    Probability(f64),
    /// A mean that is known only as well as another simulator has estimated it.
    Simulated {
        /// Its value.
        value: f64,
        /// The standard error of that.
        standard_error: f64,
    },
    /// Bounds, both included, that hold in every run.
    Within(f64, f64),
}

/// What came of holding an estimate against an exact value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValidationVerdict {
    /// It agrees.
    Agrees,
    /// It is not known well enough to tell.
    Vague,
    /// It does not agree: a bug.
    Disagrees,
}

impl Exact {
    /// The value, if it is a single one.
    pub fn value(&self) -> Option<f64> {
        match *self {
            Self::Amount(value) | Self::Probability(value) | Self::Simulated { value, .. } => {
                Some(value)
            }
            Self::Within(low, high) => (low == high).then_some(low),
        }
    }

    /// The standard error that an estimate may have at most: a hundredth of the value, of a
    /// probability .005.
    pub fn largest_standard_error(&self) -> Option<f64> {
        match *self {
            Self::Amount(value) | Self::Simulated { value, .. } => Some(0.01 * value.abs()),
            Self::Probability(_) => Some(0.005),
            Self::Within(..) => None,
        }
    }

    /// How many standard errors an estimate is above the value.
    pub fn standard_errors_off(&self, estimate: &Estimate) -> Option<f64> {
        let distance = estimate.value - self.value()?;
        let error = self.error_of_distance(estimate)?;
        (error > 0.0).then(|| distance / error)
    }

    /// The rule: at most `STANDARD_ERRORS` and `BIAS` of the value away from it, and known well
    /// enough; within the bounds, if there are bounds.
    pub fn verdict(&self, estimate: &Estimate) -> ValidationVerdict {
        if estimate.value.is_nan() {
            return ValidationVerdict::Disagrees;
        }
        let agrees = match *self {
            Self::Within(low, high) => (low..=high).contains(&estimate.value),
            Self::Amount(value) | Self::Probability(value) | Self::Simulated { value, .. } => {
                let Some(error) = self.error_of_distance(estimate) else {
                    return ValidationVerdict::Vague;
                };
                let is_vague =
                    |largest| estimate.standard_error.is_some_and(|error| error > largest);
                if self.largest_standard_error().is_some_and(is_vague) {
                    return ValidationVerdict::Vague;
                }
                // Compared so that what is not a number is refused.
                (estimate.value - value).abs() <= STANDARD_ERRORS * error + BIAS * value.abs()
            }
        };
        if agrees { ValidationVerdict::Agrees } else { ValidationVerdict::Disagrees }
    }

    /// The one of several estimates that is farthest out of the bounds or nearest to them.
    pub(super) fn worst<'a>(&self, estimates: &'a [Estimate]) -> Option<&'a Estimate> {
        let Self::Within(low, high) = *self else { return estimates.first() };
        let inside = |estimate: &Estimate| (estimate.value - low).min(high - estimate.value);
        estimates.iter().min_by(|one, other| inside(one).total_cmp(&inside(other)))
    }

    fn error_of_distance(&self, estimate: &Estimate) -> Option<f64> {
        let error = estimate.standard_error?;
        match *self {
            Self::Simulated { standard_error, .. } => Some(libm::hypot(error, standard_error)),
            _ => Some(error),
        }
    }
}

/// What was not measured.
pub(super) const NOTHING: Estimate =
    Estimate { value: f64::NAN, standard_error: None, freedom: 0.0, replications: 0 };
/// So many standard errors an estimate may be off by chance.
pub(super) const STANDARD_ERRORS: f64 = 4.0;
/// So much of the value it may be off by a bias that does not matter.
pub(super) const BIAS: f64 = 1e-3;

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, standard_error: f64) -> Estimate {
        let standard_error = Some(standard_error);
        Estimate { value, standard_error, freedom: 63.0, replications: 64 }
    }

    #[test]
    fn what_is_wrong_and_what_is_vague_is_refused() {
        let amount = |value, error| Exact::Amount(4.0).verdict(&estimate(value, error));
        assert_eq!(amount(4.083, 0.02), ValidationVerdict::Agrees);
        assert_eq!(amount(4.085, 0.02), ValidationVerdict::Disagrees);
        assert_eq!(amount(3.915, 0.02), ValidationVerdict::Disagrees);
        assert_eq!(amount(4.0, 0.041), ValidationVerdict::Vague);
        assert_eq!(amount(f64::NAN, 0.02), ValidationVerdict::Disagrees);
        assert_eq!(amount(4.0, f64::NAN), ValidationVerdict::Disagrees);
        let probability = |error| Exact::Probability(0.02).verdict(&estimate(0.02, error));
        assert_eq!(
            (probability(0.0049), probability(0.0051)),
            (ValidationVerdict::Agrees, ValidationVerdict::Vague)
        );
        let unknown = Estimate { standard_error: None, ..estimate(4.0, 0.0) };
        assert_eq!(Exact::Amount(4.0).verdict(&unknown), ValidationVerdict::Vague);
    }

    #[test]
    fn an_error_of_the_reference_itself_is_taken_into_account() {
        let exact = Exact::Simulated { value: 1.0, standard_error: 0.004 };
        let apart = estimate(1.0 + 4.0 * 0.005 + 0.0009, 0.003);
        assert_eq!(exact.verdict(&apart), ValidationVerdict::Agrees);
        assert_eq!(Exact::Amount(1.0).verdict(&apart), ValidationVerdict::Disagrees);
        assert!((exact.standard_errors_off(&apart).unwrap() - 4.18).abs() < 1e-9);
    }

    #[test]
    fn bounds_hold_both_ends_and_are_judged_by_the_worst() {
        let bounds = Exact::Within(179.0, 198.0);
        let verdict = |value| bounds.verdict(&estimate(value, 0.0));
        assert_eq!([179.0, 198.0].map(verdict), [ValidationVerdict::Agrees; 2]);
        assert_eq!([178.0, 199.0, f64::NAN].map(verdict), [ValidationVerdict::Disagrees; 3]);
        let values = [190.0, 197.0, 183.0].map(|value| estimate(value, 0.0));
        assert_eq!(bounds.worst(&values).unwrap().value, 197.0);
        assert_eq!((Exact::Within(52.0, 52.0).value(), bounds.value()), (Some(52.0), None));
    }
}
