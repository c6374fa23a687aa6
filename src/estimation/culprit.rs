//! Which parameter of a scenario the log contradicts.

use super::holm::holm;
use super::symmetric::SymmetricMatrix;
use crate::base::special::gamma_survival;

/// Parameters that belong together, as estimated from a log and as a scenario has them.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedParameters {
    /// What they are: patience, work, interruptions …
    pub name: String,
    /// Estimate less scenario, unbounded parameters.
    pub difference: Vec<f64>,
    /// Covariance of the estimates.
    pub covariance: SymmetricMatrix,
}

/// How surely a candidate differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspicion {
    /// Place in the list of candidates.
    pub candidate: usize,
    /// Wald's statistic: of one parameter the square of its z.
    pub statistic: f64,
    /// The probability of so large a one if all candidates are right, after [`holm`].
    pub probability: f64,
}

impl ComparedParameters {
    /// The squared distance of the estimates from the scenario in units of their error, d' V⁻¹ d, which is
    /// chi-squared with as many degrees of freedom as parameters if the scenario is right (Wald 1943,
    /// Transactions of the American Mathematical Society 54, 426–482). None if the covariance is no covariance.
    pub fn statistic(&self) -> Option<f64> {
        Some(self.covariance.inverse()?.quadratic(&self.difference))
    }
}

/// The candidates by suspicion, most suspect first. The first is the one to put into the scenario and
/// simulate; it is named the culprit if the scenario then fits. What has no statistic is left out.
pub fn suspects(candidates: &[ComparedParameters]) -> Vec<Suspicion> {
    let statistics = candidates.iter().enumerate();
    let statistics = statistics.filter_map(|(number, candidate)| {
        let statistic = candidate.statistic()?;
        let freedom = candidate.difference.len() as f64;
        let probability = gamma_survival(freedom / 2.0, statistic / 2.0);
        Some(Suspicion { candidate: number, statistic, probability })
    });
    let mut suspects = Vec::from_iter(statistics);
    // Below the smallest probability that can be told from 0 the statistic decides.
    suspects.sort_by(|one, other| {
        let by_probability = one.probability.total_cmp(&other.probability);
        by_probability.then(other.statistic.total_cmp(&one.statistic))
    });
    let raw = Vec::from_iter(suspects.iter().map(|suspect| suspect.probability));
    for (suspect, probability) in suspects.iter_mut().zip(holm(&raw)) {
        suspect.probability = probability;
    }
    suspects
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(name: &str, difference: &[f64], variance: f64) -> ComparedParameters {
        let diagonal = |i: usize, j: usize| if i == j { variance } else { 0.0 };
        ComparedParameters {
            name: name.to_owned(),
            difference: difference.to_vec(),
            covariance: SymmetricMatrix::from_entries(difference.len(), diagonal),
        }
    }

    #[test]
    fn the_surest_difference_comes_first() {
        let candidates = [
            candidate("work", &[0.05], 0.0025),
            candidate("patience", &[-0.7, 0.1], 0.01),
            candidate("interruptions", &[0.25], 0.01),
        ];
        let found = suspects(&candidates);
        assert_eq!(found.iter().map(|one| one.candidate).collect::<Vec<_>>(), [1, 2, 0]);
        // (.49 + .01) / .01 with two degrees of freedom: exp(−25), times three.
        assert!((found[0].statistic - 50.0).abs() < 1e-9);
        assert!((found[0].probability / (3.0 * libm::exp(-25.0)) - 1.0).abs() < 1e-9);
        // z = 2.5: two-sided .012419, times two.
        assert!((found[1].probability - 2.0 * 0.012_419_3).abs() < 1e-6);
        // z = 1.
        assert!((found[2].probability - 0.317_310_5).abs() < 1e-6);
    }

    #[test]
    fn what_cannot_be_told_apart_is_left_out_and_far_ones_keep_their_order() {
        let found = suspects(&[
            candidate("no error", &[1.0], 0.0),
            candidate("far", &[60.0], 1.0),
            candidate("farther", &[70.0], 1.0),
        ]);
        assert_eq!(found.iter().map(|one| one.candidate).collect::<Vec<_>>(), [2, 1]);
    }
}
