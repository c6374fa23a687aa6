//! Puts together what stretches of an experiment came to, as if they had been run in one go: what an
//! earlier run has saved, or the shards of many machines.

use crate::base::time::Time;
use crate::ledger::definitions::Parts;
use crate::ledger::outcome::{Outcome, OutcomeFrame};
use crate::scenario::Plan;
use crate::simulation::Failure;

use super::base_of_round::BaseOfRound;
use super::{Experiment, Results};

/// Results that grow by stretches of whole rounds, in the order of the experiment. Of each stretch come
/// its replications one by one, then the outcomes of its variants.
pub struct Merging<'a> {
    experiment: &'a Experiment,
    results: Results,
    base: BaseOfRound,
    merged: usize,
}

impl<'a> Merging<'a> {
    /// Nothing yet.
    pub fn new(experiment: &'a Experiment) -> Self {
        let results = Results {
            variants: experiment.nothing_yet(),
            planned: experiment.replications.end - experiment.replications.start,
            precise: experiment.precision.as_ref().map(|_| false),
            batches: None,
            interrupted: true,
        };
        Self { experiment, results, base: BaseOfRound::default(), merged: 0 }
    }

    /// How many replications of all variants together there are.
    pub fn merged(&self) -> usize {
        self.merged
    }

    /// Adds the next replication, by its figures or by how it failed.
    pub fn push(&mut self, ended: Result<Vec<Option<Parts>>, Box<Failure>>) {
        let (variant, _) = self.experiment.place(self.merged);
        self.merged += 1;
        let results = &mut self.results.variants[variant];
        match ended {
            Ok(figures) => results.push(variant, figures, &mut self.base),
            Err(failure) => {
                if variant == 0 {
                    self.base.clear();
                }
                results.failures.push(*failure);
            }
        }
    }

    /// Adds what replications came to that were added, by variant.
    pub fn pool(&mut self, outcomes: Vec<Option<Box<Outcome>>>) {
        for (variant, outcome) in self.results.variants.iter_mut().zip(outcomes) {
            let Some(outcome) = outcome else { continue };
            let Plan { run, measure, .. } = &*variant.plan;
            // The same settings, but to the last bit, which a text may not keep.
            let frame = OutcomeFrame::new(measure, Time::ZERO + run.warm_up, run.until);
            variant.pool(Box::new(Outcome { frame, ..*outcome }));
        }
    }

    /// Whether the replications so far make figures known well enough, if that is asked for; at the end
    /// of a round only.
    pub fn is_enough(&mut self) -> bool {
        self.experiment.is_enough(self.merged, &mut self.results)
    }

    /// What it all came to: interrupted unless every replication is there, or enough.
    pub fn results(self) -> Results {
        let mut results = self.results;
        let total = results.planned as usize * results.variants.len();
        results.interrupted = results.precise != Some(true) && self.merged < total;
        results
    }

    /// The same to go on from, with what is remembered of the base; interrupted until the end is reached.
    pub(super) fn into_parts(self) -> (Results, BaseOfRound) {
        (self.results, self.base)
    }
}
