//! What is remembered of the base for the variants that follow it in a round.

use crate::ledger::day_figures::DayFigures;
use crate::ledger::definitions::Parts;
use crate::ledger::outcome::Outcome;

/// The replication of the base, if it ended well.
#[derive(Default)]
pub(super) struct BaseOfRound {
    /// Its figures, and behind them those of the goals for parts.
    pub(super) figures: Vec<Option<Parts>>,
    /// Part and whole of the shares of each interval.
    shares: Vec<[[u64; 2]; 2]>,
    /// Of its days.
    days: Vec<DayFigures>,
}

impl BaseOfRound {
    /// It met a bug: nothing is held against it.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes note of the intervals and days of its one replication.
    pub(super) fn note(&mut self, outcome: &Outcome) {
        let of = outcome.frame.service_level.of;
        self.shares = outcome.intervals.iter().map(|interval| interval.shares(of)).collect();
        self.days.clone_from(&outcome.days);
    }

    /// Holds the same replication of another variant against it.
    pub(super) fn pair(&self, outcome: &mut Outcome) {
        let of = outcome.frame.service_level.of;
        let pairs = outcome.intervals.iter_mut().zip(&self.shares);
        pairs.for_each(|(interval, &base)| interval.pair(of, base));
        let pairs = outcome.days.iter_mut().zip(&self.days);
        pairs.for_each(|(day, base)| day.pair(base));
    }
}
