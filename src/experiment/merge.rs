//! Puts what comes back into the order in which it was asked for.

use std::collections::BTreeMap;

use crate::ledger::outcome::Outcome;
use crate::simulation::{Failure, Finished};

/// The outcome of one replication, or its failure.
type Ended = Result<Box<Outcome>, Box<Failure>>;

/// Hands on in order of position what arrives in any order.
#[derive(Default)]
pub(super) struct InOrder {
    next: usize,
    waiting: BTreeMap<usize, Ended>,
}

impl InOrder {
    /// Something has arrived; everything whose turn it is goes to `take`.
    pub(super) fn arrived(
        &mut self,
        position: usize,
        ended: Result<Finished, Box<Failure>>,
        mut take: impl FnMut(usize, Ended),
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
