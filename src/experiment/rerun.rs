//! Replications that are run again, to see whether they come out as before.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::ledger::definitions::{FIGURES, Parts};
use crate::ledger::outcome::Outcome;
use crate::simulation::{self, Failure, Update};

use super::Experiment;

impl Experiment {
    /// Some replications of it by themselves, all of them whatever precision is asked for.
    #[must_use]
    pub fn part(&self, replications: Range<u64>) -> Self {
        Self {
            variants: self.variants.clone(),
            replications,
            precision: None,
            control_variate: self.control_variate,
            checks: self.checks,
            rows: self.rows.clone(),
        }
    }

    /// Runs one replication again, by its position among all; comes to its figures.
    ///
    /// # Errors
    ///
    /// It meets a bug.
    pub fn again(&self, position: usize) -> Result<Vec<Option<Parts>>, Box<Failure>> {
        let mut figures = Ok(Vec::new());
        simulation::replicate(self.jobs(position).take(1), 1, &Arc::default(), |update| {
            if let Update::Ended(_, ended) = update {
                let outcome = ended.map(|finished| finished.outcome);
                figures = outcome.map(|it| it.map(|it| figures_of(&it)).unwrap_or_default());
            }
        });
        figures
    }

    /// Runs replications again, from a position among all on, and compares their figures with those that
    /// were saved; comes to the position of the first that is not the same. When `stop` is set, those not
    /// run yet count as the same.
    pub fn first_unlike(
        &self,
        first: usize,
        saved: &[Vec<Option<Parts>>],
        threads: usize,
        stop: &Arc<AtomicBool>,
    ) -> Option<usize> {
        let jobs = Vec::from_iter(self.jobs(first).take(saved.len()));
        let mut unlike = None;
        simulation::replicate(jobs, threads, stop, |update| {
            let Update::Ended(position, ended) = update else { return };
            let outcome = ended.ok().and_then(|finished| finished.outcome);
            let figures = outcome.map(|outcome| figures_of(&outcome));
            let is_same = figures.as_ref() == saved.get(position);
            let position = first + position;
            if !is_same {
                unlike = Some(unlike.map_or(position, |known: usize| known.min(position)));
            }
        });
        unlike
    }
}

/// The figures of a replication, and behind them those of the goals for parts.
pub(super) fn figures_of(outcome: &Outcome) -> Vec<Option<Parts>> {
    let figures = FIGURES.iter().map(|figure| figure.parts(outcome));
    let goals = outcome.frame.part_goals.iter().map(|goal| goal.parts(outcome));
    figures.chain(goals).collect()
}
