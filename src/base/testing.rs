//! Yardsticks of statistical tests. Their streams are fixed, so a test that passes stays so; the
//! bounds say how unlikely a correct program is to need another seed.

use super::statistics::RunningStatistics;
use super::stream::{Purpose, Stream, Streams};

/// A stream for the test number `entity`.
pub(crate) fn stream(entity: u64) -> Stream {
    Streams::new(2026, 0).stream(Purpose::Test, entity, 0)
}

/// The Kolmogorov–Smirnov statistic √n · sup |F_n − F|, right for distributions with atoms too.
pub(crate) fn kolmogorov_smirnov(mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let mut distance: f64 = 0.0;
    let mut below = 0;
    for equals in values.chunk_by(|left, right| left == right) {
        let value = equals[0];
        distance = distance.max((below as f64 / n - cdf(value.next_down())).abs());
        below += equals.len();
        distance = distance.max((below as f64 / n - cdf(value)).abs());
    }
    distance * n.sqrt()
}

/// Exceeded by [`kolmogorov_smirnov`] with probability 10⁻⁴, less if there are atoms: the solution
/// of 2 exp(−2x²) = 10⁻⁴.
pub(crate) const KOLMOGOROV_BOUND: f64 = 2.2253;

/// How many standard errors the mean of `values` is away from `mean`.
pub(crate) fn standard_errors(values: impl IntoIterator<Item = f64>, mean: f64) -> f64 {
    let sample: RunningStatistics = values.into_iter().collect();
    (sample.mean().unwrap() - mean).abs() / sample.standard_error().unwrap()
}

/// Exceeded by a normal variable with probability 10⁻⁵.
pub(crate) const NORMAL_BOUND: f64 = 4.42;
