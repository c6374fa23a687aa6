//! Intervals around estimates, exact where the distribution is known.

use crate::base::special::{beta_cdf, gamma_cdf, normal_quantile};

/// The probability with which an interval holds the true value, unless another is named.
pub const CONFIDENCE: f64 = 0.95;

/// Where a value probably lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConfidenceInterval {
    /// Lower end.
    pub low: f64,
    /// Upper end; infinite if the data set no limit.
    pub high: f64,
}

/// A value from a sample, and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    /// The value.
    pub value: f64,
    /// Holds the true value with probability [`CONFIDENCE`].
    pub interval: ConfidenceInterval,
    /// Observations that it comes from.
    pub observations: u64,
}

impl ConfidenceInterval {
    /// Whether a value lies in it, ends included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The interval of Wald: so many standard errors to both sides as a normal variable stays within
    /// with probability `confidence`.
    pub fn wald(value: f64, standard_error: f64, confidence: f64) -> Self {
        let half = standard_error * two_sided_bound(confidence);
        Self { low: value - half, high: value + half }
    }

    /// Its ends taken through a function that grows.
    #[must_use]
    pub fn map(self, grow: impl Fn(f64) -> f64) -> Self {
        Self { low: grow(self.low), high: grow(self.high) }
    }
}

impl Estimated {
    /// A share and its exact interval ([`share_interval`]); none of nothing.
    pub fn share(part: u64, whole: u64) -> Option<Self> {
        let interval = share_interval(part, whole, CONFIDENCE);
        let value = part as f64 / whole as f64;
        (whole > 0).then_some(Self { value, interval, observations: whole })
    }
}

/// How far from 0 a standard normal variable stays with probability `confidence`.
pub(super) fn two_sided_bound(confidence: f64) -> f64 {
    normal_quantile(0.5 + confidence / 2.0)
}

/// The `p`-quantile of a chi-squared variable with one degree of freedom: the square of a normal's.
pub(super) fn chi_squared_bound(p: f64) -> f64 {
    let z = two_sided_bound(p);
    z * z
}

/// The exact interval for a probability, from `part` successes in `whole` trials, by the tails of the
/// binomial distribution (Clopper and Pearson 1934, Biometrika 26, 404–413), which are those of the beta
/// distribution. The whole of [0, 1] without trials.
pub fn share_interval(part: u64, whole: u64, confidence: f64) -> ConfidenceInterval {
    let tail = (1.0 - confidence) / 2.0;
    let (hits, misses) = (part as f64, (whole - part.min(whole)) as f64);
    let low = match part {
        0 => 0.0,
        _ => invert(0.0, 1.0, tail, |p| beta_cdf(hits, misses + 1.0, p)),
    };
    let high = match misses {
        0.0 => 1.0,
        _ => invert(0.0, 1.0, 1.0 - tail, |p| beta_cdf(hits + 1.0, misses, p)),
    };
    ConfidenceInterval { low, high }
}

/// The exact interval for the mean of a Poisson variable that was seen to be `count` (Garwood 1936,
/// Biometrika 28, 437–442): its ends are quantiles of gamma distributions of shape `count` and
/// `count` + 1.
pub fn count_interval(count: u64, confidence: f64) -> ConfidenceInterval {
    let tail = (1.0 - confidence) / 2.0;
    let shape = count as f64;
    let beyond = shape + 20.0 * libm::sqrt(shape + 1.0) + 40.0;
    let low = match count {
        0 => 0.0,
        _ => invert(0.0, beyond, tail, |mean| gamma_cdf(shape, mean)),
    };
    let high = invert(0.0, beyond, 1.0 - tail, |mean| gamma_cdf(shape + 1.0, mean));
    ConfidenceInterval { low, high }
}

/// Where a function that grows from `low` to `high` reaches a level, by bisection to the last digit.
pub(super) fn invert(low: f64, high: f64, level: f64, grow: impl Fn(f64) -> f64) -> f64 {
    let mut range = ConfidenceInterval { low, high };
    loop {
        let middle = range.low.midpoint(range.high);
        if middle <= range.low || middle >= range.high {
            return middle;
        }
        *(if grow(middle) < level { &mut range.low } else { &mut range.high }) = middle;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: ConfidenceInterval, low: f64, high: f64) -> bool {
        (found.low - low).abs() < 1e-4 && (found.high - high).abs() < 1e-4
    }

    #[test]
    fn shares_have_the_interval_of_the_tables() {
        assert!(close(share_interval(1, 10, 0.95), 0.0025, 0.4450));
        assert!(close(share_interval(5, 10, 0.95), 0.1871, 0.8129));
        // None of n: the upper end is 1 − .025^(1/n).
        let none = share_interval(0, 20, 0.95);
        assert!(close(none, 0.0, 1.0 - libm::pow(0.025, 1.0 / 20.0)), "{none:?}");
        assert_eq!(share_interval(20, 20, 0.95).high, 1.0);
        assert_eq!(share_interval(0, 0, 0.95), ConfidenceInterval { low: 0.0, high: 1.0 });
        assert_eq!(Estimated::share(0, 0), None);
        assert_eq!(Estimated::share(1, 4).unwrap().value, 0.25);
    }

    #[test]
    fn counts_have_the_interval_of_the_tables() {
        assert!(close(count_interval(0, 0.95), 0.0, 3.6889));
        assert!(close(count_interval(10, 0.95), 4.7954, 18.3904));
        let many = count_interval(1_000_000, 0.95);
        assert!((many.high - 1_001_961.96).abs() < 2.0, "{many:?}");
    }

    #[test]
    fn the_interval_of_wald_is_symmetric_and_can_be_taken_through_a_function() {
        let interval = ConfidenceInterval::wald(1.0, 0.5, 0.95);
        assert!(close(interval, 1.0 - 0.979_98, 1.0 + 0.979_98));
        assert!(interval.contains(1.9) && !interval.contains(2.0));
        assert!(close(interval.map(|x| 2.0 * x), 0.040_04, 3.959_96));
        assert!((chi_squared_bound(0.95) - 3.841_459).abs() < 1e-6);
    }
}
