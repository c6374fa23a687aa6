//! What the machine could do before and after something: if that changed, so did the machine.

use serde::{Deserialize, Serialize};

/// What the machine could do before and after a run: timer operations a second of the bare wheel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Yardstick {
    /// Before the load.
    pub before: f64,
    /// After it.
    pub after: f64,
}

/// By what part of the largest the rates of some yardsticks differ; 0 of none.
pub fn swing(yardsticks: &[Yardstick]) -> f64 {
    let rates = || yardsticks.iter().flat_map(|it| [it.before, it.after]);
    let most = rates().fold(0.0, f64::max);
    if most > 0.0 { 1.0 - rates().fold(most, f64::min) / most } else { 0.0 }
}

/// Machines that swing by more than this part cannot be compared.
pub const SWING_ALLOWED: f64 = 0.15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swing_is_a_part_of_the_largest() {
        let of = |rates: &[[f64; 2]]| {
            let yardsticks = rates.iter().map(|&[before, after]| Yardstick { before, after });
            swing(&Vec::from_iter(yardsticks))
        };
        assert_eq!((of(&[]), of(&[[3e7, 3e7]])), (0.0, 0.0));
        assert_eq!(of(&[[3e7, 4e7], [3.5e7, 2e7]]), 0.5);
    }
}
