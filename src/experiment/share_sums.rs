//! Shares from sums of whole numbers over replications, as the intervals of the day keep them.

use crate::ledger::day_figures::RatioSums;
use crate::ledger::definitions::Parts;
use crate::ledger::gauge::{PairedSpread, Spread};

use super::interval::{Estimate, ROUNDING};

/// Part and whole of a share, summed over replications, and how they vary.
#[derive(Clone, Copy)]
pub struct SharedSums<'a> {
    /// Above the line.
    pub part: u64,
    /// Below it.
    pub whole: u64,
    /// Squares and products.
    pub spread: &'a Spread,
}

impl SharedSums<'_> {
    fn quotient(&self) -> Option<f64> {
        Parts { part: self.part as f64, whole: self.whole as f64 }.quotient()
    }

    /// Squares of part − value × whole, over the square of the whole.
    fn residuals(&self, value: f64) -> f64 {
        let Spread { part, both, whole } = *self.spread;
        let squares = part as f64 - 2.0 * value * both as f64 + value * value * whole as f64;
        squares.max(0.0) / (self.whole as f64 * self.whole as f64)
    }
}

impl<'a> From<&'a RatioSums> for SharedSums<'a> {
    fn from(sums: &'a RatioSums) -> Self {
        Self { part: sums.part, whole: sums.whole, spread: &sums.spread }
    }
}

impl Estimate {
    /// A share from the sums over replications of its part and whole, by the delta method.
    pub fn of_share(replications: u64, sums: &SharedSums<'_>) -> Option<Self> {
        let (value, SharedSums { part, whole, spread }) = (sums.quotient()?, *sums);
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

    /// A share less that of the base over the same replications, from the sums over them, by the delta
    /// method; none unless all of them are in pairs.
    pub fn of_shares(
        replications: u64,
        own: &SharedSums<'_>,
        base: &SharedSums<'_>,
        paired: &PairedSpread,
    ) -> Option<Self> {
        let [value, of_base] = [own, base].map(|sums| sums.quotient());
        let (value, of_base) = value.zip(of_base).filter(|_| paired.pairs == replications)?;
        let [squares, base_squares] = [own.residuals(value), base.residuals(of_base)];
        let product = paired.parts as f64
            - of_base * paired.part_whole as f64
            - value * paired.whole_part as f64
            + value * of_base * paired.wholes as f64;
        let products = product / (own.whole as f64 * base.whole as f64);
        // Residuals of both have no mean: what is left of alike ones is rounding.
        let rest = squares + base_squares - 2.0 * products;
        let rest = if rest > ROUNDING * (squares + base_squares) { rest } else { 0.0 };
        let freedom = replications.saturating_sub(1);
        let variance = rest * replications as f64 / freedom as f64;
        Some(Self {
            value: value - of_base,
            standard_error: (freedom > 0).then(|| libm::sqrt(variance)),
            freedom: freedom as f64,
            replications,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::interval::FigureSeries;
    use crate::ledger::merge::Merge as _;

    fn parts(part: f64, whole: f64) -> Option<Parts> {
        Some(Parts { part, whole })
    }

    #[test]
    fn sums_of_whole_numbers_tell_the_same_as_the_replications() {
        let counts = [(1, 10), (6, 20), (0, 0), (9, 30)];
        let mut series = FigureSeries::default();
        let mut spread = Spread::default();
        for (part, whole) in counts {
            series.push(parts(part as f64, whole as f64), None);
            spread.merge(&Spread::of(part, whole));
        }
        let of = |replications, part, whole| {
            Estimate::of_share(replications, &SharedSums { part, whole, spread: &spread })
        };
        let (from_sums, expected) = (of(4, 16, 60).unwrap(), series.estimate().unwrap());
        assert_eq!((from_sums.value, from_sums.freedom), (expected.value, expected.freedom));
        let errors = [from_sums, expected].map(|estimate| estimate.standard_error.unwrap());
        assert!((errors[0] - errors[1]).abs() < 1e-15);
        assert_eq!(of(1, 1, 2).unwrap().standard_error, None);
        assert_eq!(of(4, 0, 0), None);
    }

    #[test]
    fn sums_of_pairs_tell_the_same_as_the_replications() {
        let own = [(1, 10), (6, 20), (3, 12), (9, 30)];
        let base = [(2, 10), (7, 21), (2, 12), (12, 29)];
        let mut series = FigureSeries::default();
        let (mut spreads, mut paired) = ([Spread::default(); 2], PairedSpread::default());
        for ((part, whole), (base_part, base_whole)) in own.into_iter().zip(base) {
            let counts = |part: u64, whole: u64| parts(part as f64, whole as f64);
            series.push(counts(part, whole), counts(base_part, base_whole));
            spreads[0].merge(&Spread::of(part, whole));
            spreads[1].merge(&Spread::of(base_part, base_whole));
            paired.merge(&PairedSpread::of([part, whole], [base_part, base_whole]));
        }
        let sums = |part, whole, at: usize| SharedSums { part, whole, spread: &spreads[at] };
        let (own, base) = (sums(19, 72, 0), sums(23, 72, 1));
        let found = Estimate::of_shares(4, &own, &base, &paired).unwrap();
        let expected = series.against_base().unwrap();
        assert!((found.value - expected.value).abs() < 1e-15);
        let errors = [found, expected].map(|estimate| estimate.standard_error.unwrap());
        assert!((errors[0] - errors[1]).abs() < 1e-14, "{errors:?}");
        // Not all in pairs: no difference. The same: exactly none.
        assert_eq!(Estimate::of_shares(5, &own, &base, &paired), None);
        let mut twins = PairedSpread::default();
        for (part, whole) in [(1, 10), (6, 20), (3, 12), (9, 30)] {
            twins.merge(&PairedSpread::of([part, whole], [part, whole]));
        }
        let same = Estimate::of_shares(4, &own, &sums(19, 72, 0), &twins).unwrap();
        assert_eq!((same.value, same.standard_error), (0.0, Some(0.0)));
    }
}
