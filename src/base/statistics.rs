//! Mean and variance of a sample, one number at a time.

use serde::{Deserialize, Serialize};

/// Count, mean and variance of the numbers seen so far, without keeping them.
///
/// Updated by the method of Welford and merged as in Chan, Golub and LeVeque 1983 (American Statistician 37(3),
/// 242–247), which do not lose digits when the mean is large against the spread. Merging rounds: merge in a fixed order to get the same bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunningStatistics {
    count: u64,
    mean: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
}

impl RunningStatistics {
    /// Adds a number.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let distances = follow(&mut self.mean, self.count, value);
        self.squares += distances.before * distances.after;
    }

    /// Adds all numbers of another sample.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        let (left, right) = (self.count as f64, other.count as f64);
        let share = right / (left + right);
        let distance = other.mean - self.mean;
        self.count += other.count;
        self.mean += distance * share;
        self.squares += other.squares + distance * distance * left * share;
    }

    /// How many numbers.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their mean; none without numbers.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The unbiased estimate of the variance they were drawn with; none below two numbers.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Square root of the variance.
    pub fn standard_deviation(&self) -> Option<f64> {
        self.variance().map(libm::sqrt)
    }

    /// Standard deviation of the mean, if the numbers are independent.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|variance| libm::sqrt(variance / self.count as f64))
    }
}

impl Extend<f64> for RunningStatistics {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl FromIterator<f64> for RunningStatistics {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sample = Self::default();
        sample.extend(values);
        sample
    }
}

/// How far a number is from a mean without it and with it.
#[derive(Clone, Copy)]
pub(super) struct Distances {
    pub(super) before: f64,
    pub(super) after: f64,
}

/// Takes the number `count` into a mean. The sum of the products of the two distances is that of the
/// squared distances from the last mean (Welford 1962, Technometrics 4(3), 419–420).
pub(super) fn follow(mean: &mut f64, count: u64, value: f64) -> Distances {
    let before = value - *mean;
    *mean += before / count as f64;
    Distances { before, after: value - *mean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_sample_by_hand() {
        let sample: RunningStatistics =
            [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().collect();
        assert_eq!((sample.count(), sample.mean()), (8, Some(5.0)));
        assert!((sample.variance().unwrap() - 32.0 / 7.0).abs() < 1e-14);
        assert!((sample.standard_error().unwrap() - libm::sqrt(4.0 / 7.0)).abs() < 1e-14);
    }

    #[test]
    fn too_few_numbers_have_no_estimates() {
        let mut sample = RunningStatistics::default();
        assert_eq!((sample.mean(), sample.variance()), (None, None));
        sample.push(3.0);
        assert_eq!((sample.mean(), sample.variance()), (Some(3.0), None));
        assert_eq!(sample.standard_error(), None);
    }

    #[test]
    fn a_large_mean_costs_no_digits() {
        let sample: RunningStatistics = (0..1000).map(|i| 1e9 + f64::from(i % 10)).collect();
        assert!((sample.variance().unwrap() - 8.25 * 1000.0 / 999.0).abs() < 1e-6);
    }

    #[test]
    fn merged_parts_make_the_whole() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i * i % 97) + 1e6).collect();
        let whole: RunningStatistics = values.iter().copied().collect();
        for cut in [0, 1, 333, 999, 1000] {
            let (left, right) = values.split_at(cut);
            let mut merged: RunningStatistics = left.iter().copied().collect();
            merged.merge(&right.iter().copied().collect());
            assert_eq!(merged.count(), whole.count());
            assert!((merged.mean().unwrap() - whole.mean().unwrap()).abs() < 1e-8);
            assert!((merged.variance().unwrap() - whole.variance().unwrap()).abs() < 1e-7);
        }
    }
}
