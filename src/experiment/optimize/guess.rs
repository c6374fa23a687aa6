//! The first guess: for each choice of timeouts and slots, about the cheapest agents that will do.

use super::super::runner::{Runner, RunnerError};
use super::space::{Candidate, Space};
use super::{KnownMargins, Outcome, RunningStatistics, SearchStage};

/// Where the tests begin.
pub(super) struct Guess {
    /// The cheapest guesses.
    pub(super) shortlist: Vec<Candidate>,
    /// Guesses that are dearer than those.
    pub(super) dropped: Vec<Candidate>,
}

/// Guesses by bisection; `known` are the choices that were run.
pub(super) fn guess(
    space: &Space<'_>,
    runner: &Runner<'_>,
    told: &dyn Fn(SearchStage<'_>),
    known: &mut KnownMargins,
) -> Result<Guess, RunnerError> {
    let mut guesser = Guesser { space, runner, told, known };
    let mut guesses = Vec::new();
    for policy in 0..space.policies() {
        let start = guesser.bisect(policy)?;
        guesses.push(guesser.trim(start)?);
    }
    // What does not seem to meet the goals with all agents comes last, then by cost; what has the
    // same cost by how well it meets them.
    let known = &*guesser.known;
    let margin = |candidate: &Candidate| known.get(candidate).copied().unwrap_or(f64::NEG_INFINITY);
    guesses.sort_by(|one, other| {
        let rank = |candidate: &Candidate| (margin(candidate) < 0.0, space.cost(candidate));
        let ((one_fails, one_cost), (other_fails, other_cost)) = (rank(one), rank(other));
        let by_cost = one_fails.cmp(&other_fails).then(one_cost.total_cmp(&other_cost));
        by_cost.then(margin(other).total_cmp(&margin(one)))
    });
    let dropped = guesses.split_off(guesses.len().min(KEPT));
    Ok(Guess { shortlist: guesses, dropped })
}

struct Guesser<'a> {
    space: &'a Space<'a>,
    runner: &'a Runner<'a>,
    told: &'a dyn Fn(SearchStage<'_>),
    known: &'a mut KnownMargins,
}

impl Guesser<'_> {
    /// Goes through the diagonal from the fewest to the most agents of all groups.
    fn bisect(&mut self, policy: usize) -> Result<Candidate, RunnerError> {
        let steps = self.space.ranges().map(|range| range.to - range.from).max().unwrap_or(0);
        let ranges = Vec::from_iter(self.space.ranges());
        let at = |step: u32| {
            let agents = ranges.iter().map(|range| {
                let way = u64::from(range.to - range.from) * u64::from(step);
                range.from + way.checked_div(u64::from(steps)).unwrap_or(0) as u32
            });
            Candidate { policy, agents: agents.collect() }
        };
        let (mut low, mut high) = (0, steps);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.seems_to_meet(&at(middle))? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        self.seems_to_meet(&at(high))?;
        Ok(at(high))
    }

    /// Takes away agents, one at a time, as long as that saves something and seems to do.
    fn trim(&mut self, start: Candidate) -> Result<Candidate, RunnerError> {
        let mut best = start;
        if !self.seems_to_meet(&best)? {
            return Ok(best);
        }
        'smaller: loop {
            let mut less = self.space.with_one_less(&best);
            less.sort_by(|one, other| self.space.cost(one).total_cmp(&self.space.cost(other)));
            for candidate in less {
                if self.seems_to_meet(&candidate)? {
                    best = candidate;
                    continue 'smaller;
                }
            }
            return Ok(best);
        }
    }

    /// Whether the goals are met in the mean of a few replications.
    fn seems_to_meet(&mut self, candidate: &Candidate) -> Result<bool, RunnerError> {
        if let Some(margin) = self.known.get(candidate) {
            return Ok(*margin >= 0.0);
        }
        (self.told)(SearchStage::Guess(candidate));
        let goals = self.space.goals();
        let read = |outcome: &Outcome| {
            Vec::from_iter(goals.iter().map(|goal| {
                let (part, whole) = goal.parts(outcome);
                (goal.margin(part, whole), whole)
            }))
        };
        let plan = [self.space.plan_of(candidate)];
        let replications = 0..u64::from(self.space.search.first_replications);
        let values = self.runner.run(&plan, replications, read)?;
        let least = (0..goals.len()).map(|goal| {
            let mean = |value: fn(&(f64, f64)) -> f64| {
                let all = values.iter().flatten().map(|run| value(&run[goal]));
                all.collect::<RunningStatistics>().mean().unwrap_or(0.0)
            };
            mean(|pair| pair.0) / mean(|pair| pair.1).max(f64::MIN_POSITIVE)
        });
        let margin = least.fold(f64::INFINITY, f64::min);
        self.known.insert(candidate.clone(), margin);
        Ok(margin >= 0.0)
    }
}

/// Guesses that are tested.
const KEPT: usize = 6;
