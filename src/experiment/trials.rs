//! Replications of several plans under common random numbers, each read off on its own.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::ledger::outcome::Outcome;
use crate::scenario::Plan;
use crate::simulation::{self, Failure, Job, Recording, Update};

/// Where replications run.
pub struct Bench<'a> {
    /// Arbiters.
    pub threads: usize,
    /// Set from outside to end everything.
    pub stop: &'a Arc<AtomicBool>,
    /// Is told how much of the present stretch of work is done, 0 to 1.
    pub progress: &'a dyn Fn(f64),
}

/// Why there are no results.
#[derive(Debug)]
pub enum Ended {
    /// It was stopped from outside.
    Interrupted,
    /// A replication met a bug.
    Failed(Box<Failure>),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted"),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

impl std::error::Error for Ended {}

impl Bench<'_> {
    /// Runs the same replications of all plans and reads each off: a list a plan, in the order of
    /// the replications, whatever the number of threads.
    ///
    /// # Errors
    ///
    /// It was stopped, or a replication met a bug; of several the first by replication, then plan.
    pub fn run<T>(
        &self,
        plans: &[Arc<Plan>],
        replications: Range<u64>,
        read: impl Fn(&Outcome) -> T,
    ) -> Result<Vec<Vec<T>>, Ended> {
        let (plans, width) = (plans.to_vec(), plans.len().max(1));
        let total = plans.len() * replications.clone().count();
        let jobs = replications.flat_map(move |replication| {
            plans.clone().into_iter().map(move |plan| Job {
                plan,
                replication,
                recording: Recording::Checked,
                rows: None,
            })
        });
        let mut values = Vec::from_iter((0..total).map(|_| None));
        let mut failures: Vec<(usize, Box<Failure>)> = Vec::new();
        let mut ended = 0;
        simulation::replicate(jobs, self.threads, self.stop, |update| {
            let Update::Ended(position, result) = update else { return };
            match result {
                Ok(finished) => values[position] = finished.outcome.as_deref().map(&read),
                Err(failure) => failures.push((position, failure)),
            }
            ended += 1;
            (self.progress)(f64::from(ended) / total as f64);
        });
        if let Some((_, failure)) = failures.into_iter().min_by_key(|(position, _)| *position) {
            return Err(Ended::Failed(failure));
        }
        if self.stop.load(Ordering::Relaxed) {
            return Err(Ended::Interrupted);
        }
        let mut lists = Vec::from_iter((0..width).map(|_| Vec::with_capacity(total / width)));
        for (position, value) in values.into_iter().enumerate() {
            lists[position % width].extend(value);
        }
        Ok(lists)
    }
}
