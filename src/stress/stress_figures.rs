//! What is measured on the wall clock: durations as histograms, occurrences as counts.
//!
//! Everything adds up: shards and seconds are merged without loss, and nothing grows with the
//! length of the run.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

pub use crate::ledger::measures::{Count, Timing};

/// Everything measured over some time, by one shard or several.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StressFigures {
    #[serde(with = "super::saved_histograms")]
    timings: [Histogram<u64>; Timing::ALL.len()],
    counts: [u64; Count::ALL.len()],
    /// Of these, what happened while the load lasted.
    in_load: [u64; Count::ALL.len()],
}

impl Default for StressFigures {
    fn default() -> Self {
        let none = [0; Count::ALL.len()];
        Self { timings: Timing::ALL.map(|_| empty_histogram()), counts: none, in_load: none }
    }
}

impl StressFigures {
    /// The histogram of a timing, in nanoseconds.
    pub fn timing(&self, timing: Timing) -> &Histogram<u64> {
        &self.timings[timing as usize]
    }

    /// How often something happened.
    pub fn count(&self, count: Count) -> u64 {
        self.counts[count as usize]
    }

    /// How often it happened while the load lasted; of arrivals, those scheduled in it.
    pub fn in_load(&self, count: Count) -> u64 {
        self.in_load[count as usize]
    }

    /// Adds what was measured at another time or by another shard.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.timings.iter_mut().zip(&other.timings) {
            let added = mine.add(theirs);
            debug_assert!(added.is_ok(), "a growing histogram takes everything");
        }
        let (mine, theirs) = (&mut self.counts, &other.counts);
        mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        let (mine, theirs) = (&mut self.in_load, &other.in_load);
        mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
    }

    pub(super) fn record(&mut self, timing: Timing, nanos: u64) {
        let recorded = self.timings[timing as usize].record(nanos);
        debug_assert!(recorded.is_ok(), "a growing histogram takes everything");
    }

    /// Counts what happens while the load lasts.
    pub(super) fn tally(&mut self, count: Count, by: u64) {
        self.tally_after_load(count, by);
        self.in_load[count as usize] += by;
    }

    /// Counts what happens after the load.
    pub(super) fn tally_after_load(&mut self, count: Count, by: u64) {
        self.counts[count as usize] += by;
    }
}

/// Three significant digits, and as long as need be.
pub(super) fn empty_histogram() -> Histogram<u64> {
    Histogram::new(3).unwrap_or_else(|error| unreachable!("three digits are allowed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_is_the_same_as_measuring_at_once() {
        let (mut left, mut right, mut both) =
            (StressFigures::default(), StressFigures::default(), StressFigures::default());
        for (nanos, part) in [(70, &mut left), (3_000_000_000, &mut right)] {
            for figures in [part, &mut both] {
                figures.record(Timing::Admission, nanos);
                figures.tally(Count::Opened, 2);
            }
        }
        left.add(&right);
        assert_eq!(left.timing(Timing::Admission), both.timing(Timing::Admission));
        assert_eq!((left.count(Count::Opened), left.count(Count::Closed)), (4, 0));
        left.tally_after_load(Count::Opened, 3);
        assert_eq!((left.count(Count::Opened), left.in_load(Count::Opened)), (7, 4));
    }
}
