//! Whether days have as many conversations as are expected, and vary as much.

use super::holm::holm;
use crate::base::special::{gamma_survival, normal_cdf};

/// A day as it was, and as it was expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DayVolume {
    /// Conversations.
    pub count: u64,
    /// Their expected number.
    pub expected: f64,
    /// Variance of the number around it: that of Poisson, of busyness, of the expected number itself.
    pub variance: f64,
}

/// How volumes are to what was expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VolumeTest {
    /// Days.
    pub days: u64,
    /// Conversations.
    pub count: u64,
    /// Their expected number.
    pub expected: f64,
    /// Squared distances of days from their expected numbers by their variances, mean, after all were
    /// brought to the level of the log: 1 if they vary as expected. None of a single day.
    pub dispersion: Option<f64>,
    /// The probability of so large a difference in level or dispersion, after Holm.
    pub probability: f64,
}

impl VolumeTest {
    /// Tests the level by the normal distribution, and the dispersion by chi-squared (Fisher 1950,
    /// Biometrics 6, 17–24); `shared_error` is the error of the expected level that all days have in common,
    /// relative. None without days on which somebody is expected.
    pub fn of(days: &[DayVolume], shared_error: f64) -> Option<Self> {
        let days = Vec::from_iter(days.iter().filter(|day| day.expected > 0.0));
        let expected: f64 = days.iter().map(|day| day.expected).sum();
        let count: u64 = days.iter().map(|day| day.count).sum();
        if days.is_empty() || count == 0 {
            return None;
        }
        let variance: f64 = days.iter().map(|day| day.variance).sum();
        let error = libm::sqrt(variance + (shared_error * expected) * (shared_error * expected));
        let level = 2.0 * normal_cdf(-((count as f64 - expected) / error).abs());
        let ratio = count as f64 / expected;
        let squares = days.iter().map(|day| {
            let distance = day.count as f64 - ratio * day.expected;
            distance * distance / (ratio * day.variance)
        });
        let squares: f64 = squares.sum();
        let freedom = days.len() as f64 - 1.0;
        let dispersion = (freedom > 0.0).then(|| squares / freedom);
        let mut probabilities = vec![level];
        probabilities.extend(dispersion.map(|_| gamma_survival(freedom / 2.0, squares / 2.0)));
        let probability = holm(&probabilities).into_iter().fold(1.0, f64::min);
        Some(Self { days: days.len() as u64, count, expected, dispersion, probability })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(counts: &[u64]) -> Vec<DayVolume> {
        let day = |&count: &u64| DayVolume { count, expected: 100.0, variance: 100.0 };
        counts.iter().map(day).collect()
    }

    #[test]
    fn three_days_by_hand() {
        // The level is as expected; squares 1 + 0 + 1, two degrees of freedom: exp(−1) = .3679, times two.
        let test = VolumeTest::of(&days(&[90, 100, 110]), 0.0).unwrap();
        assert_eq!((test.days, test.count, test.dispersion), (3, 300, Some(1.0)));
        assert!((test.probability - 0.735_759).abs() < 1e-6, "{test:?}");
        // A level of z = 60 / √300 = 3.4641: two-sided .000532, times two.
        let test = VolumeTest::of(&days(&[120, 120, 120]), 0.0).unwrap();
        assert!((test.probability / 2.0 - 0.000_532).abs() < 1e-6, "{test:?}");
        // An expected level that may be off by a fifth says nothing.
        assert!(VolumeTest::of(&days(&[120, 120, 120]), 0.2).unwrap().probability > 0.5);
        // Days that vary too much: squares 25 + 0 + 25.
        assert!(VolumeTest::of(&days(&[50, 100, 150]), 0.0).unwrap().probability < 1e-9);
        assert_eq!(VolumeTest::of(&days(&[]), 0.0), None);
        assert_eq!(VolumeTest::of(&days(&[100]), 0.0).unwrap().dispersion, None);
    }
}
