//! How sure a figure is: what its replications leave behind, and the intervals from it.
//!
//! Replications are independent and alike, so a figure that is a mean over them has Student's
//! t-interval. A figure that is a ratio - a share, a mean over conversations - is shown as the ratio
//! of the sums over all replications (*ratio of means*), which weighs a busy day by its
//! conversations and has no bias worth mentioning; its interval comes by the delta method (Law,
//! Simulation Modeling and Analysis, 5th edition, section 9.5). The plain mean of the replications'
//! own ratios (*mean of ratios*) is kept beside it. A quantile is a mean over replications of each
//! one's own quantile; that of all durations taken together stands beside it as the pooled value.

use crate::base::moments::Moments;
use crate::base::statistics::Sample;
use crate::base::student::student_bound;
use crate::ledger::definitions::{Definition, FIGURES, Parts};
use crate::ledger::gauge::Spread;

/// A number from replications and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The standard deviation of its error; none from fewer than two replications.
    pub standard_error: Option<f64>,
    /// Degrees of freedom of that standard deviation.
    pub freedom: f64,
    /// Replications that it comes from.
    pub replications: u64,
}

/// What replications leave of one figure. Memory does not grow with their number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Series {
    /// Values of replications that have one.
    own: Sample,
    /// Part and whole.
    parts: Moments<2>,
    /// Against the base in the same replication: difference of the parts and of the wholes, then
    /// part and whole of the base. Kept as differences so that what is the same differs by exactly
    /// nothing.
    against: Moments<4>,
}

impl Estimate {
    /// Half the length of the interval that holds the true number with probability `confidence`.
    pub fn half_width(&self, confidence: f64) -> Option<f64> {
        self.standard_error.map(|error| match error {
            0.0 => 0.0,
            _ => error * student_bound(confidence, self.freedom),
        })
    }

    /// A share from the sums over replications of its part and whole, by the delta method.
    pub fn of_share(replications: u64, part: u64, whole: u64, spread: &Spread) -> Option<Self> {
        let value = Parts { part: part as f64, whole: whole as f64 }.quotient()?;
        // Whole numbers throughout, so that nothing is lost in the differences.
        let count = u128::from(replications);
        let [part, whole] = [part, whole].map(u128::from);
        let centred = |squares: u128, sums: u128| {
            (count.saturating_mul(squares) as i128 - sums as i128) as f64
        };
        let residual = centred(spread.part, part * part)
            - 2.0 * value * centred(spread.both, part * whole)
            + value * value * centred(spread.whole, whole * whole);
        let freedom = replications.saturating_sub(1);
        let variance = residual.max(0.0) / freedom as f64 / (whole * whole) as f64;
        Some(Self {
            value,
            standard_error: (freedom > 0).then(|| libm::sqrt(variance)),
            freedom: freedom as f64,
            replications,
        })
    }

    /// This less an independent other, with the degrees of freedom of Welch 1947 (Biometrika 34,
    /// 28–35).
    pub fn less(&self, other: &Self) -> Self {
        let variances = [self, other].map(|estimate| {
            let variance = estimate.standard_error.map(|error| error * error);
            (variance, estimate.freedom)
        });
        let [(left, left_freedom), (right, right_freedom)] = variances;
        let both = left.zip(right);
        let freedom = both.map_or(0.0, |(left, right)| {
            let sum = left + right;
            sum * sum / (left * left / left_freedom + right * right / right_freedom)
        });
        Self {
            value: self.value - other.value,
            standard_error: both.map(|(left, right)| libm::sqrt(left + right)),
            freedom,
            replications: self.replications.min(other.replications),
        }
    }
}

impl Series {
    /// Adds a replication; `base` is the same replication of the base, if it is another variant and
    /// both have ended well.
    pub fn push(&mut self, parts: Option<Parts>, base: Option<Parts>) {
        let Some(parts) = parts else { return };
        self.own.extend(parts.quotient());
        self.parts.push([parts.part, parts.whole]);
        if let Some(base) = base {
            let (part, whole) = (parts.part - base.part, parts.whole - base.whole);
            self.against.push([part, whole, base.part, base.whole]);
        }
    }

    /// The replications' own values: mean and spread.
    pub fn own(&self) -> Sample {
        self.own
    }

    /// The figure: ratio of means, or the mean over replications if it is not a ratio.
    pub fn estimate(&self) -> Option<Estimate> {
        let [part, whole] = self.parts.means();
        let value = Parts { part, whole }.quotient()?;
        // The gradient of part / whole.
        estimate(value, &self.parts, [1.0 / whole, -value / whole])
    }

    /// The figure less that of the base, over the replications that both have: under common random
    /// numbers its error is much smaller than those of the two.
    pub fn against_base(&self) -> Option<Estimate> {
        let [part, whole, base_part, base_whole] = self.against.means();
        let base = Parts { part: base_part, whole: base_whole }.quotient()?;
        let whole = base_whole + whole;
        let value = Parts { part: base_part + part, whole }.quotient()?;
        // The gradient of (base part + part) / (base whole + whole) − base part / base whole.
        let weights = [
            1.0 / whole,
            -value / whole,
            1.0 / whole - 1.0 / base_whole,
            base / base_whole - value / whole,
        ];
        estimate(value - base, &self.against, weights)
    }
}

/// What replications of a variant leave of every figure, by its position among [`FIGURES`].
#[derive(Clone, Debug, PartialEq)]
pub struct AllSeries(Vec<Series>);

impl Default for AllSeries {
    fn default() -> Self {
        Self(vec![Series::default(); FIGURES.len()])
    }
}

impl AllSeries {
    /// Adds a replication; `base` has the figures of the same replication of the base, if it is
    /// another variant and both have ended well.
    pub fn push(&mut self, figures: &[Option<Parts>], base: &[Option<Parts>]) {
        for (at, (series, &figure)) in self.0.iter_mut().zip(figures).enumerate() {
            series.push(figure, base.get(at).copied().flatten());
        }
    }

    /// A figure of each replication by itself: mean and spread.
    pub fn sample(&self, figure: &Definition) -> Sample {
        self.of(figure).own()
    }

    /// A figure and how far off it may be: a ratio of means, or a mean over replications.
    pub fn estimate(&self, figure: &Definition) -> Option<Estimate> {
        self.of(figure).estimate()
    }

    /// A figure less that of the base, replication by replication; none for the base itself.
    pub fn against_base(&self, figure: &Definition) -> Option<Estimate> {
        self.of(figure).against_base()
    }

    fn of(&self, figure: &Definition) -> Series {
        let position = FIGURES.iter().position(|known| known.name == figure.name);
        position.map(|position| self.0[position]).unwrap_or_default()
    }
}

fn estimate<const N: usize>(
    value: f64,
    moments: &Moments<N>,
    gradient: [f64; N],
) -> Option<Estimate> {
    let replications = moments.count();
    let variance = moments.variance_of_sum(gradient);
    (replications > 0).then(|| Estimate {
        value,
        standard_error: variance.map(|variance| libm::sqrt(variance / replications as f64)),
        freedom: (replications - 1) as f64,
        replications,
    })
}

/// The confidence of intervals unless something else is asked for.
pub const CONFIDENCE: f64 = 0.95;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::merge::Merge as _;

    fn parts(part: f64, whole: f64) -> Option<Parts> {
        Some(Parts { part, whole })
    }

    #[test]
    fn a_mean_has_students_interval() {
        let mut series = Series::default();
        for value in [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0] {
            series.push(parts(value, 1.0), None);
        }
        let estimate = series.estimate().unwrap();
        assert_eq!((estimate.value, estimate.replications), (5.0, 8));
        // t(7, 97.5 %) × √(32/7/8).
        assert!((estimate.half_width(0.95).unwrap() - 2.364_624_251 * 0.755_928_946).abs() < 1e-8);
        assert_eq!(series.against_base(), None);
    }

    #[test]
    fn a_ratio_is_one_of_means_with_the_interval_of_the_delta_method() {
        let mut series = Series::default();
        for (part, whole) in [(1.0, 10.0), (6.0, 20.0), (0.0, 0.0), (9.0, 30.0)] {
            series.push(parts(part, whole), None);
        }
        let estimate = series.estimate().unwrap();
        assert!((estimate.value - 16.0 / 60.0).abs() < 1e-15);
        assert!((series.own().mean().unwrap() - 0.7 / 3.0).abs() < 1e-15);
        // Residuals part − ratio × whole over the mean whole of 15.
        let residuals = [1.0 - 16.0 / 6.0, 6.0 - 32.0 / 6.0, 0.0, 9.0 - 8.0];
        let variance = residuals.iter().map(|residual| residual * residual).sum::<f64>() / 3.0;
        let expected = libm::sqrt(variance / 4.0) / 15.0;
        assert!((estimate.standard_error.unwrap() - expected).abs() < 1e-15);
    }

    #[test]
    fn sums_of_whole_numbers_tell_the_same_as_the_replications() {
        let counts = [(1, 10), (6, 20), (0, 0), (9, 30)];
        let mut series = Series::default();
        let mut spread = Spread::default();
        for (part, whole) in counts {
            series.push(parts(part as f64, whole as f64), None);
            spread.merge(&Spread::of(part, whole));
        }
        let (from_sums, expected) =
            (Estimate::of_share(4, 16, 60, &spread).unwrap(), series.estimate().unwrap());
        assert_eq!((from_sums.value, from_sums.freedom), (expected.value, expected.freedom));
        let errors = [from_sums, expected].map(|estimate| estimate.standard_error.unwrap());
        assert!((errors[0] - errors[1]).abs() < 1e-15);
        assert_eq!(Estimate::of_share(1, 1, 2, &spread).unwrap().standard_error, None);
        assert_eq!(Estimate::of_share(4, 0, 0, &spread), None);
    }

    #[test]
    fn what_is_the_same_differs_by_exactly_nothing() {
        let mut series = Series::default();
        for step in 1..50 {
            let step = f64::from(step);
            let same = parts(libm::sin(step), libm::exp(libm::cos(step)));
            series.push(same, same);
        }
        let difference = series.against_base().unwrap();
        assert_eq!((difference.value, difference.standard_error), (0.0, Some(0.0)));
        assert_eq!(difference.half_width(0.95), Some(0.0));
    }

    #[test]
    fn a_difference_of_means_is_the_mean_of_the_differences() {
        let mut series = Series::default();
        let mut differences = Sample::default();
        for (value, base) in [(3.0, 2.5), (4.0, 3.0), (8.0, 7.9), (1.0, 1.5)] {
            series.push(parts(value, 1.0), parts(base, 1.0));
            differences.push(value - base);
        }
        let difference = series.against_base().unwrap();
        assert!((difference.value - differences.mean().unwrap()).abs() < 1e-14);
        let error = difference.standard_error.unwrap();
        assert!((error - differences.standard_error().unwrap()).abs() < 1e-14);
    }

    #[test]
    fn independent_numbers_are_compared_as_by_welch() {
        let estimate = |value, error, freedom| Estimate {
            value,
            standard_error: Some(error),
            freedom,
            replications: freedom as u64 + 1,
        };
        let (left, right) = (estimate(5.0, 3.0, 9.0), estimate(2.0, 4.0, 14.0));
        let difference = left.less(&right);
        assert_eq!((difference.value, difference.standard_error), (3.0, Some(5.0)));
        assert!((difference.freedom - 625.0 / (81.0 / 9.0 + 256.0 / 14.0)).abs() < 1e-12);
        assert_eq!(difference.replications, 10);
        let twins = estimate(1.0, 0.0, 9.0).less(&estimate(1.0, 0.0, 9.0));
        assert_eq!((twins.value, twins.half_width(0.95)), (0.0, Some(0.0)));
    }

    #[test]
    fn one_replication_has_a_value_and_no_interval_and_none_has_nothing() {
        let mut series = Series::default();
        assert_eq!(series.estimate(), None);
        series.push(None, None);
        series.push(parts(0.0, 0.0), parts(1.0, 2.0));
        assert_eq!((series.estimate(), series.against_base()), (None, None));
        series.push(parts(1.0, 2.0), None);
        let estimate = series.estimate().unwrap();
        assert_eq!((estimate.value, estimate.replications), (0.5, 2));
        let mut single = Series::default();
        single.push(parts(1.0, 2.0), None);
        assert_eq!(single.estimate().unwrap().half_width(0.95), None);
    }
}
