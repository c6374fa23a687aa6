//! Fully sequential procedures: look after every replication, stop as soon as it is clear.

/// How sure a sequential procedure is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Care {
    /// Probability of one wrong decision.
    pub(super) error: f64,
    /// Differences below this do not matter: the indifference zone.
    pub(super) tolerance: f64,
    /// Replications of the first stage, which the variance is estimated from.
    pub(super) first: usize,
}

impl Care {
    /// h² of Kim and Nelson 2001 (ACM TOMACS 11(3), 251–273) with c = 1: 2 η (n₀ − 1) where
    /// η = ((2β)^(−2/(n₀−1)) − 1) / 2 and β is the probability of one wrong decision.
    fn h_squared(&self) -> f64 {
        let freedom = self.first.max(2) as f64 - 1.0;
        freedom * (libm::pow(2.0 * self.error, -2.0 / freedom) - 1.0)
    }

    /// Half the width of the continuation region of a sum after `count` observations whose first
    /// stage had this variance. It shrinks to nothing, so that every comparison ends.
    fn half_width(&self, variance: f64, count: usize) -> f64 {
        let start = self.h_squared() * variance / (2.0 * self.tolerance);
        (start - self.tolerance * count as f64 / 2.0).max(0.0)
    }
}

/// Whether the mean of independent observations is above zero (`Some(true)`), below it, or not
/// clear yet; and after how many of them that was clear.
///
/// The feasibility check of Andradóttir and Kim 2010 (Naval Research Logistics 57(5), 403–421):
/// right with probability 1 − `care.error` if the mean is at least `care.tolerance` away from zero
/// and observations are normal. Sums over a replication of many conversations nearly are; where they
/// are not, as with a handful of conversations, errors are more frequent.
pub(super) fn sign(observations: &[f64], care: &Care) -> Option<(bool, usize)> {
    if observations.len() < care.first {
        return None;
    }
    let variance = variance(&observations[..care.first]);
    let mut sum = 0.0;
    for (position, observation) in observations.iter().enumerate() {
        sum += observation;
        let count = position + 1;
        if count < care.first {
            continue;
        }
        let half_width = care.half_width(variance, count);
        if sum >= half_width {
            return Some((true, count));
        }
        if sum <= -half_width {
            return Some((false, count));
        }
    }
    None
}

/// The systems among which the one with the least mean still is, after all observations: one list
/// a system, of equal lengths, those at the same position under the same random numbers.
///
/// Procedure KN of Kim and Nelson 2001 with c = 1. The least survives with probability
/// 1 − (k − 1) `care.error`, if no other is within `care.tolerance` of it.
pub(super) fn survivors(systems: &[Vec<f64>], care: &Care) -> Vec<usize> {
    let mut alive = Vec::from_iter(0..systems.len());
    let length = systems.iter().map(Vec::len).min().unwrap_or(0);
    if length < care.first {
        return alive;
    }
    let difference = |one: usize, other: usize, at: usize| systems[one][at] - systems[other][at];
    let pair_variance = |one: usize, other: usize| {
        let differences = (0..care.first).map(|at| difference(one, other, at));
        variance(&Vec::from_iter(differences))
    };
    let count = systems.len();
    let variances = Vec::from_iter(
        (0..count).map(|one| Vec::from_iter((0..count).map(|other| pair_variance(one, other)))),
    );
    let mut sums = vec![0.0; count];
    for at in 0..length {
        for (sum, system) in sums.iter_mut().zip(systems) {
            *sum += system[at];
        }
        if at + 1 < care.first {
            continue;
        }
        let beaten = |one: usize, alive: &[usize]| {
            alive.iter().any(|&other| {
                let half_width = care.half_width(variances[one][other], at + 1);
                other != one && sums[one] - sums[other] > half_width
            })
        };
        let before = alive.clone();
        alive.retain(|&one| !beaten(one, &before));
        if alive.len() == 1 {
            break;
        }
    }
    alive
}

fn variance(values: &[f64]) -> f64 {
    let sample: crate::base::statistics::RunningStatistics = values.iter().copied().collect();
    sample.variance().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::stream::{Purpose, Streams};

    /// Numbers with this mean and standard deviation 0.1, nearly normal.
    fn draws(mean: f64, entity: u64, count: usize) -> Vec<f64> {
        let noise = Distribution::gamma(1.0, 0.1).unwrap();
        let mut stream = Streams::new(11, 0).stream(Purpose::Arrivals, entity, 0);
        Vec::from_iter((0..count).map(|_| mean - 1.0 + noise.sample(&mut stream)))
    }

    #[test]
    fn h_is_that_of_the_paper() {
        // Kim and Nelson's two-system constant: n₀ = 10, β = .05: η = ((.1)^(−2/9) − 1) / 2.
        let care = Care { error: 0.05, tolerance: 0.01, first: 10 };
        assert!((care.h_squared() - 9.0 * (libm::pow(10.0, 2.0 / 9.0) - 1.0)).abs() < 1e-12);
        assert_eq!(care.half_width(1.0, 1_000_000), 0.0);
    }

    #[test]
    fn a_mean_at_the_tolerance_is_told_rightly_as_often_as_promised() {
        let care = Care { error: 0.05, tolerance: 0.02, first: 20 };
        for mean in [0.02, -0.02] {
            let right = |entity: &u64| {
                let decided = sign(&draws(mean, *entity, 5000), &care);
                decided.expect("the region is closed by then").0 == (mean > 0.0)
            };
            let wrong = 400 - (0..400).filter(right).count();
            // 20 are expected at most; 38 is four standard deviations more.
            assert!(wrong <= 38, "{wrong} of 400 wrong at {mean}");
        }
        let (far, count) = sign(&draws(0.2, 3, 5000), &care).unwrap();
        assert!(far && count == 20, "what is far off is clear after the first stage: {count}");
        assert_eq!(sign(&draws(0.2, 3, 19), &care), None);
        assert_eq!(sign(&draws(0.001, 3, 25), &care), None);
    }

    #[test]
    fn the_least_survives_as_often_as_promised() {
        let care = Care { error: 0.05 / 3.0, tolerance: 0.02, first: 20 };
        let right = |round: &u64| {
            let means = [0.52, 0.5, 0.52, 0.56].iter().zip(0..);
            let systems = means.map(|(&mean, n)| draws(mean, round * 4 + n, 5000));
            survivors(&Vec::from_iter(systems), &care) == [1]
        };
        let wrong = 200 - (0..200).filter(right).count();
        assert!(wrong <= 23, "{wrong} of 200 wrong");
        let same = [draws(0.5, 1, 50), draws(0.5, 1, 50)];
        assert_eq!(survivors(&same, &care), [0, 1], "what is the same beats nobody");
    }
}
