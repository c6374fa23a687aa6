//! Many tests at once.

/// What each probability of a test comes to when all of them are asked: below a bound with at most that
/// probability for any of them, whatever hangs together (Holm 1979, Scandinavian Journal of Statistics 6,
/// 65–70). The smallest counts times their number, the next times one less, and none less than the one
/// before.
pub fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut order = Vec::from_iter(0..probabilities.len());
    order.sort_by(|&one, &other| probabilities[one].total_cmp(&probabilities[other]));
    let mut adjusted = vec![1.0; probabilities.len()];
    let mut least: f64 = 0.0;
    for (rank, test) in order.into_iter().enumerate() {
        let left = (probabilities.len() - rank) as f64;
        least = least.max(probabilities[test] * left).min(1.0);
        adjusted[test] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_tests_by_hand() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (found, expected) in adjusted.into_iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((found - expected).abs() < 1e-15);
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert_eq!(holm(&[]), [0.0; 0]);
    }
}
