//! The shares of which each interval of the day has an interval of confidence, and a difference to the
//! base.

use crate::experiment::interval::Estimate;
use crate::experiment::share_sums::SharedSums;
use crate::ledger::gauge::{PairedSpread, Spread};
use crate::ledger::outcome::{IntervalFigures, Outcome};

/// A share of an interval: how it adds up, and how it varies by itself and with the base.
pub(super) struct IntervalShare {
    /// Its place among those of an interval.
    position: usize,
    spread: fn(&IntervalFigures) -> &Spread,
    paired: fn(&IntervalFigures) -> &PairedSpread,
}

/// Abandoned before the first answer / offered.
pub(super) const ABANDONMENT: IntervalShare = IntervalShare {
    position: 0,
    spread: |figures| &figures.abandonment,
    paired: |figures| &figures.abandonment_paired,
};

/// As configured.
pub(super) const SERVICE_LEVEL: IntervalShare = IntervalShare {
    position: 1,
    spread: |figures| &figures.service_level,
    paired: |figures| &figures.service_level_paired,
};

impl IntervalShare {
    /// The share in an interval of a run.
    pub(super) fn estimate(
        &self,
        outcome: &Outcome,
        figures: &IntervalFigures,
    ) -> Option<Estimate> {
        Estimate::of_share(outcome.replications, &self.sums(outcome, figures))
    }

    /// The share in the interval at a position less that of the base, replication by replication.
    pub(super) fn difference(
        &self,
        outcome: &Outcome,
        base: &Outcome,
        position: usize,
    ) -> Option<Estimate> {
        let [figures, of_base] = [outcome.intervals.get(position)?, base.intervals.get(position)?];
        let (own, of_base) = (self.sums(outcome, figures), self.sums(base, of_base));
        let (count, paired) = (outcome.replications, (self.paired)(figures));
        (count == base.replications).then(|| Estimate::of_shares(count, &own, &of_base, paired))?
    }

    /// Part and whole of the share in an interval of a run, and how they vary.
    pub(super) fn sums<'a>(
        &self,
        outcome: &Outcome,
        figures: &'a IntervalFigures,
    ) -> SharedSums<'a> {
        let [part, whole] = figures.shares(outcome.frame.service_level.of)[self.position];
        SharedSums { part, whole, spread: (self.spread)(figures) }
    }
}
