//! The shares of which each interval of the day has an interval of confidence, and a difference to the
//! base.

use crate::experiment::interval::Estimate;
use crate::experiment::share_sums::SharedSums;
use crate::ledger::gauge::{PairedSpread, Spread};
use crate::ledger::outcome::{IntervalFigures, Outcome};

/// A share of an interval: how it adds up, and how it varies by itself and with the base.
pub(super) struct IntervalShare {
    parts: fn(&IntervalFigures, &Outcome) -> [u64; 2],
    spread: fn(&IntervalFigures) -> &Spread,
    paired: fn(&IntervalFigures) -> &PairedSpread,
}

/// Abandoned before the first answer / offered.
pub(super) const ABANDONMENT: IntervalShare = IntervalShare {
    parts: |figures, _| [figures.flow.abandoned(), figures.flow.offered],
    spread: |figures| &figures.abandonment,
    paired: |figures| &figures.abandonment_paired,
};

/// As configured.
pub(super) const SERVICE_LEVEL: IntervalShare = IntervalShare {
    parts: |figures, outcome| {
        figures.flow.service_level_parts(outcome.frame.service_level.of).into()
    },
    spread: |figures| &figures.service_level,
    paired: |figures| &figures.service_level_paired,
};

impl IntervalShare {
    /// The share in the interval at a position.
    pub(super) fn estimate(&self, outcome: &Outcome, position: usize) -> Option<Estimate> {
        let SharedSums { part, whole, spread } = self.sums(outcome, position)?;
        Estimate::of_share(outcome.replications, part, whole, spread)
    }

    /// The share less that of the base, replication by replication.
    pub(super) fn difference(
        &self,
        outcome: &Outcome,
        base: &Outcome,
        position: usize,
    ) -> Option<Estimate> {
        let (own, of_base) = (self.sums(outcome, position)?, self.sums(base, position)?);
        let paired = (self.paired)(&outcome.intervals[position]);
        let count = outcome.replications;
        (count == base.replications).then(|| Estimate::of_shares(count, &own, &of_base, paired))?
    }

    fn sums<'a>(&self, outcome: &'a Outcome, position: usize) -> Option<SharedSums<'a>> {
        let figures = outcome.intervals.get(position)?;
        let [part, whole] = (self.parts)(figures, outcome);
        Some(SharedSums { part, whole, spread: (self.spread)(figures) })
    }
}
