//! The error of a statistic that is no mean: a variance, a correlation.

use crate::experiment::interval::Estimate;

/// The statistic over all rows, with the standard error of the jackknife over groups of rows (Miller
/// 1974, Biometrika 61(1), 1–15): how much the statistic moves when each group in turn is left out.
pub(super) fn jackknife<Row: Copy>(
    rows: &[Row],
    statistic: impl Fn(&mut dyn Iterator<Item = Row>) -> Option<f64>,
) -> Estimate {
    let groups = GROUPS.min(rows.len());
    let group_of = |position: usize| position % groups.max(1);
    let whole = statistic(&mut rows.iter().copied());
    let without = |group: usize| {
        let others = rows.iter().enumerate().filter(|(at, _)| group_of(*at) != group);
        statistic(&mut others.map(|(_, &row)| row))
    };
    let parts: Option<Vec<f64>> = (0..groups).map(without).collect();
    let standard_error = parts.filter(|parts| parts.len() > 1).map(|parts| {
        let count = parts.len() as f64;
        let mean = parts.iter().sum::<f64>() / count;
        let squares: f64 = parts.iter().map(|part| (part - mean) * (part - mean)).sum();
        libm::sqrt(squares * (count - 1.0) / count)
    });
    Estimate {
        value: whole.unwrap_or(f64::NAN),
        standard_error,
        freedom: groups.saturating_sub(1) as f64,
        replications: rows.len() as u64,
    }
}

/// Enough for an error known to a twentieth.
const GROUPS: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::statistics::RunningStatistics;

    #[test]
    fn of_a_mean_it_is_the_standard_error() {
        let rows = Vec::from_iter((0..400).map(|k| f64::from(k * k % 31)));
        let sample: RunningStatistics = rows.iter().copied().collect();
        let estimate = jackknife(&rows, |rows| rows.collect::<RunningStatistics>().mean());
        assert!((estimate.value - sample.mean().unwrap()).abs() < 1e-12);
        let expected = sample.standard_error().unwrap();
        assert!((estimate.standard_error.unwrap() / expected - 1.0).abs() < 1e-12);
        assert_eq!((estimate.freedom, estimate.replications), (399.0, 400));
    }

    #[test]
    fn of_a_variance_it_comes_near_the_error_of_theory() {
        // Uniform on 0 to 1, evenly spread: the sample variance has a standard error of
        // √((1/80 − 1/144) / n).
        let rows = Vec::from_iter((0..10_000_u32).map(|k| f64::from(k * 7919 % 10_000) / 1e4));
        let estimate = jackknife(&rows, |rows| rows.collect::<RunningStatistics>().variance());
        assert!((estimate.value - 1.0 / 12.0).abs() < 1e-4);
        let expected = ((1.0_f64 / 80.0 - 1.0 / 144.0) / 1e4).sqrt();
        let ratio = estimate.standard_error.unwrap() / expected;
        assert!(ratio < 1.3, "{ratio}");
    }

    #[test]
    fn of_nothing_it_is_nothing() {
        let estimate = jackknife(&[], |rows: &mut dyn Iterator<Item = f64>| rows.next());
        assert!(estimate.value.is_nan() && estimate.standard_error.is_none());
    }
}
