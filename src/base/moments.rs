//! Means and covariances of numbers that come together.

use serde::{Deserialize, Serialize};

use super::statistics::{Distances, follow};

/// Count, means and covariances of rows of `N` numbers, one row at a time, without keeping them.
///
/// Updated by the method of Welford, number by number and pair by pair. A
/// number that never changes has a variance of exactly zero. Sums round: push in a fixed order to
/// get the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "[f64; N]: Serialize, [[f64; N]; N]: Serialize",
    deserialize = "[f64; N]: Deserialize<'de>, [[f64; N]; N]: Deserialize<'de>"
))]
pub struct Moments<const N: usize> {
    count: u64,
    means: [f64; N],
    /// Sums of the products of distances from the means.
    products: [[f64; N]; N],
}

impl<const N: usize> Default for Moments<N> {
    fn default() -> Self {
        Self { count: 0, means: [0.0; N], products: [[0.0; N]; N] }
    }
}

impl<const N: usize> Moments<N> {
    /// Adds a row.
    pub fn push(&mut self, row: [f64; N]) {
        self.count += 1;
        let distances: [Distances; N] =
            std::array::from_fn(|i| follow(&mut self.means[i], self.count, row[i]));
        for (products, left) in self.products.iter_mut().zip(distances) {
            for (product, right) in products.iter_mut().zip(distances) {
                *product += left.before * right.after;
            }
        }
    }

    /// How many rows.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The means; zeros without rows.
    pub fn means(&self) -> [f64; N] {
        self.means
    }

    /// The unbiased estimate of a covariance; none below two rows.
    pub fn covariance(&self, i: usize, j: usize) -> Option<f64> {
        (self.count > 1).then(|| self.products[i][j] / (self.count - 1) as f64)
    }

    /// The variance of a weighted sum of the numbers of a row; none below two rows.
    pub fn variance_of_sum(&self, weights: [f64; N]) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        let mut sum = 0.0;
        for (products, left) in self.products.iter().zip(weights) {
            for (product, right) in products.iter().zip(weights) {
                sum += left * right * product;
            }
        }
        // What rounds below zero is zero.
        Some(sum.max(0.0) / (self.count - 1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_rows_by_hand() {
        let mut moments = Moments::default();
        for row in [[1.0, 2.0], [2.0, 1.0], [3.0, 6.0]] {
            moments.push(row);
        }
        assert_eq!((moments.count(), moments.means()), (3, [2.0, 3.0]));
        let close = |value: Option<f64>, expected: f64| (value.unwrap() - expected).abs() < 1e-14;
        assert!(close(moments.covariance(0, 0), 1.0) && close(moments.covariance(1, 1), 7.0));
        assert!(close(moments.covariance(0, 1), 2.0) && close(moments.covariance(1, 0), 2.0));
        assert!(close(moments.variance_of_sum([1.0, -1.0]), 1.0 + 7.0 - 4.0));
    }

    #[test]
    fn a_constant_has_exactly_no_variance_and_one_row_none_at_all() {
        let mut moments = Moments::default();
        moments.push([0.1, 5.0]);
        assert_eq!(moments.variance_of_sum([1.0, 1.0]), None);
        for value in 0..100 {
            moments.push([0.1, f64::from(value)]);
        }
        assert_eq!(moments.covariance(0, 0), Some(0.0));
        assert_eq!((moments.covariance(0, 1), moments.means()[0]), (Some(0.0), 0.1));
    }
}
