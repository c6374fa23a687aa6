//! Replications of several plans under common random numbers, each read off on its own.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::ledger::outcome::Outcome;
use crate::scenario::Plan;
use crate::simulation::{self, Failure, Finished, Job, Recording, Update};

use super::backpressure::Backpressure;

/// Where replications run.
pub struct Runner<'a> {
    /// Arbiters.
    pub threads: usize,
    /// Set from outside to end everything.
    pub stop: &'a Arc<AtomicBool>,
    /// Is told how much of the present stretch of work is done, 0 to 1.
    pub progress: &'a dyn Fn(f64),
}

/// Why there are no results.
#[derive(Debug)]
pub enum RunnerError {
    /// It was stopped from outside.
    Interrupted,
    /// A replication met a bug.
    Failed(Box<Failure>),
}

impl fmt::Display for RunnerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted"),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

impl std::error::Error for RunnerError {}

impl Runner<'_> {
    /// Runs the same replications of all plans and reads each off: a list a plan, in the order of
    /// the replications, whatever the number of threads.
    ///
    /// # Errors
    ///
    /// As for [`Runner::each`].
    pub fn run<T>(
        &self,
        plans: &[Arc<Plan>],
        replications: Range<u64>,
        read: impl Fn(&Outcome) -> T,
    ) -> Result<Vec<Vec<T>>, RunnerError> {
        let lists = self.run_as_far(plans, replications, read)?;
        if self.stop.load(Ordering::Relaxed) {
            return Err(RunnerError::Interrupted);
        }
        Ok(lists)
    }

    /// As [`Runner::run`], but when it is stopped the replications that all plans have ended by then
    /// come back: lists of equal length, perhaps empty.
    ///
    /// # Errors
    ///
    /// A replication met a bug.
    pub fn run_as_far<T>(
        &self,
        plans: &[Arc<Plan>],
        replications: Range<u64>,
        read: impl Fn(&Outcome) -> T,
    ) -> Result<Vec<Vec<T>>, RunnerError> {
        let count = replications.clone().count();
        let empty = || Vec::from_iter((0..count).map(|_| None));
        let mut lists: Vec<Vec<Option<T>>> = plans.iter().map(|_| empty()).collect();
        let first = replications.start;
        let ended = self.each(plans, replications, |plan, replication, outcome| {
            lists[plan][(replication - first) as usize] = Some(read(&outcome));
        });
        if let Err(RunnerError::Failed(failure)) = ended {
            return Err(RunnerError::Failed(failure));
        }
        let all_have = |at: &usize| lists.iter().all(|list| list[*at].is_some());
        let whole = (0..count).take_while(all_have).count();
        let lists = lists.into_iter().map(|list| list.into_iter().take(whole).flatten().collect());
        Ok(lists.collect())
    }

    /// Runs the same replications of all plans and hands each on as soon as it has ended, with the
    /// position of its plan and its number: in no order. Only a few wait to be taken.
    ///
    /// # Errors
    ///
    /// It was stopped, or a replication met a bug; of several the first by replication, then plan.
    pub fn each(
        &self,
        plans: &[Arc<Plan>],
        replications: Range<u64>,
        mut take: impl FnMut(usize, u64, Box<Outcome>),
    ) -> Result<(), RunnerError> {
        (self.progress)(0.0);
        let (plans, width, first) = (plans.to_vec(), plans.len().max(1), replications.start);
        let total = plans.len() * replications.clone().count();
        let backpressure = Arc::new(Backpressure::of_threads(self.threads, self.stop));
        let jobs = replications.flat_map(move |replication| {
            plans.clone().into_iter().map(move |plan| Job {
                plan,
                replication,
                recording: Recording::Checked,
                rows: None,
            })
        });
        let jobs = backpressure.admit(jobs);
        let mut failures: Vec<(usize, Box<Failure>)> = Vec::new();
        let mut ended = 0;
        simulation::replicate(jobs, self.threads, self.stop, |update| {
            let Update::Ended(position, result) = update else { return };
            let (plan, replication) = (position % width, first + (position / width) as u64);
            match result {
                Ok(Finished { outcome: Some(outcome), .. }) => take(plan, replication, outcome),
                Ok(_) => {}
                Err(failure) => failures.push((position, failure)),
            }
            ended += 1;
            backpressure.open_up_to(ended);
            (self.progress)(ended as f64 / total as f64);
        });
        if let Some((_, failure)) = failures.into_iter().min_by_key(|(position, _)| *position) {
            return Err(RunnerError::Failed(failure));
        }
        if self.stop.load(Ordering::Relaxed) { Err(RunnerError::Interrupted) } else { Ok(()) }
    }
}
