//! Puts what comes back into the order in which it was asked for.

use std::collections::BTreeMap;

use crate::ledger::outcome::Outcome;
use crate::simulation::{Failure, Finished};

/// The outcome of one replication, or its failure.
type ReplicationResult = Result<Box<Outcome>, Box<Failure>>;

/// Hands on in order of position what arrives in any order.
#[derive(Default)]
pub(super) struct InOrder {
    next: usize,
    waiting: BTreeMap<usize, ReplicationResult>,
}

impl InOrder {
    /// Something has arrived; everything whose turn it is goes to `take`.
    pub(super) fn arrived(
        &mut self,
        position: usize,
        ended: Result<Finished, Box<Failure>>,
        mut take: impl FnMut(usize, ReplicationResult),
    ) {
        let outcome = ended.map(|finished| {
            finished.outcome.unwrap_or_else(|| unreachable!("only a bare model has no outcome"))
        });
        self.waiting.insert(position, outcome);
        while let Some(ended) = self.waiting.remove(&self.next) {
            take(self.next, ended);
            self.next += 1;
        }
    }

    /// The first position not handed on yet.
    pub(super) fn next(&self) -> usize {
        self.next
    }
}

/// How much of all replications is done.
pub(super) struct Progress {
    total: u64,
    ended: u64,
    under_way: BTreeMap<usize, f64>,
}

impl Progress {
    pub(super) fn new(total: u64) -> Self {
        Self { total, ended: 0, under_way: BTreeMap::new() }
    }

    /// A replication has come so far. The share of everything that is done.
    pub(super) fn under_way(&mut self, position: usize, share: f64) -> f64 {
        self.under_way.insert(position, share);
        self.share()
    }

    /// A replication has ended. The share of everything that is done.
    pub(super) fn ended(&mut self, position: usize) -> f64 {
        self.under_way.remove(&position);
        self.ended += 1;
        self.share()
    }

    fn share(&self) -> f64 {
        let under_way: f64 = self.under_way.values().sum();
        (self.ended as f64 + under_way) / self.total.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::FailureKind;

    fn failed(replication: u64) -> Box<Failure> {
        let kind = FailureKind::Panic("planted".to_owned());
        Box::new(Failure { seed: 1, replication, kind, last_events: Vec::new() })
    }

    #[test]
    fn what_comes_in_any_order_goes_on_in_one() {
        let mut in_order = InOrder::default();
        let mut taken = Vec::new();
        for position in [2, 0, 3, 1, 5] {
            in_order.arrived(position, Err(failed(position as u64)), |position, ended| {
                taken.push((position, ended.unwrap_err().replication));
            });
        }
        assert_eq!(taken, [(0, 0), (1, 1), (2, 2), (3, 3)]);
        assert_eq!((in_order.next(), in_order.waiting.len()), (4, 1));
    }

    #[test]
    fn progress_counts_what_is_under_way() {
        let mut progress = Progress::new(4);
        assert_eq!(progress.under_way(0, 0.5), 0.125);
        assert_eq!(progress.under_way(1, 0.5), 0.25);
        assert_eq!(progress.ended(0), 0.375);
        assert_eq!(progress.ended(1), 0.5);
    }
}
