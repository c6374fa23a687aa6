//! Figures of whole days of a run, and what tells how sure they are.

use serde::{Deserialize, Serialize};

use super::gauge::{PairedSpread, Spread};
use super::intervals::IntervalFigures;
use super::merge::{Merge as _, merge_by_field};
use super::settings::ServiceLevelOf;

/// A ratio of whole numbers: its sums over replications, and how it varies by itself and with that of
/// the base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatioSums {
    /// Above the line.
    pub part: u64,
    /// Below it.
    pub whole: u64,
    /// Squares and products.
    pub spread: Spread,
    /// Products with those of the base.
    #[serde(default)]
    pub paired: PairedSpread,
}

merge_by_field!(RatioSums { part, whole, spread, paired });

impl RatioSums {
    /// Of one replication.
    fn of(part: u64, whole: u64) -> Self {
        Self { part, whole, spread: Spread::of(part, whole), paired: PairedSpread::default() }
    }

    fn pair(&mut self, base: &Self) {
        self.paired = PairedSpread::of([self.part, self.whole], [base.part, base.whole]);
    }
}

/// Figures of a day, or of several days together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    /// Conversations opened / days.
    pub offered: RatioSums,
    /// As configured.
    pub service_level: RatioSums,
    /// Abandoned before the first answer / offered.
    pub abandonment: RatioSums,
    /// Microseconds from the opening to the first answer / conversations answered.
    pub first_response: RatioSums,
    /// Auto-unassigns and ownership removals / days.
    pub reassignments: RatioSums,
}

merge_by_field!(DayFigures { offered, service_level, abandonment, first_response, reassignments });

impl DayFigures {
    /// Of the intervals of so many days, in one replication.
    pub fn of<'a>(
        intervals: impl IntoIterator<Item = &'a IntervalFigures>,
        days: u64,
        of: ServiceLevelOf,
    ) -> Self {
        let mut all = IntervalFigures::default();
        for interval in intervals {
            all.flow.merge(&interval.flow);
            all.auto_unassigned += interval.auto_unassigned;
            all.ownership_removed += interval.ownership_removed;
        }
        let [[abandoned, offered], [served, judged]] = all.shares(of);
        let first = all.flow.first_response;
        Self {
            offered: RatioSums::of(offered, days),
            service_level: RatioSums::of(served, judged),
            abandonment: RatioSums::of(abandoned, offered),
            first_response: RatioSums::of(first.micros.try_into().unwrap_or(u64::MAX), first.count),
            reassignments: RatioSums::of(all.auto_unassigned + all.ownership_removed, days),
        }
    }

    /// Holds the figures of this one replication against those of the same one of the base.
    pub fn pair(&mut self, base: &Self) {
        self.offered.pair(&base.offered);
        self.service_level.pair(&base.service_level);
        self.abandonment.pair(&base.abandonment);
        self.first_response.pair(&base.first_response);
        self.reassignments.pair(&base.reassignments);
    }
}
