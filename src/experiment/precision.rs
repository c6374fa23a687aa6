//! As many replications as it takes: when figures are known well enough.

use crate::ledger::definitions::Definition;

use super::VariantResults;

/// How well figures are to be known before an experiment ends by itself.
///
/// Looked at after each whole round of replications, in their order, so that where it ends does not
/// depend on threads. Looking again and again makes intervals hold the truth a little less often
/// than they say, the less the more replications there are (Chow and Robbins 1965, Annals of
/// Mathematical Statistics 36(2), 457–462); hence the minimum.
#[derive(Clone, Debug)]
pub struct Precision {
    /// Figures, and half the length of their intervals relative to them, not to be exceeded in any
    /// variant.
    pub within: Vec<(&'static Definition, f64)>,
    /// Of all intervals together: each is longer for it (Bonferroni).
    pub confidence: f64,
    /// Replications that there must be in any case.
    pub at_least: u64,
}

impl Precision {
    /// Whether all figures of all variants are known well enough after so many whole rounds. What a
    /// variant has no value of is not waited for.
    pub(super) fn is_reached(&self, rounds: u64, variants: &[VariantResults]) -> bool {
        let each = 1.0 - (1.0 - self.confidence) / self.within.len().max(1) as f64;
        let is_known = |variant: &VariantResults, figure: &Definition, bound: f64| {
            variant.estimate(figure).is_none_or(|estimate| {
                let half = estimate.half_width(each);
                half.is_some_and(|half| half <= bound * estimate.value.abs())
            })
        };
        rounds >= self.at_least
            && variants.iter().all(|variant| {
                self.within.iter().all(|&(figure, bound)| is_known(variant, figure, bound))
            })
    }
}
