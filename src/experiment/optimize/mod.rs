//! The least cost that meets the goals, with stated confidence.
//!
//! *First guess.* For each choice of timeouts and slots the fewest agents that seem to meet the goals
//! are found by bisection, then by taking agents away one at a time, on a few replications each.
//! *Test.* From the cheapest guess on, choices are tested on fresh replications, one after the other,
//! each until it is clear whether it meets every goal (`sequential::sign`). What meets the goals
//! brings in the choices with one agent fewer; what misses one, those with one agent more. That goes
//! on until everything cheaper than the cheapest that meets the goals has missed one. *Choice.* Among
//! equally cheap ones the least abandonment wins (`sequential::survivors`).
//!
//! Two things are taken for granted: more agents never serve worse, and what the first guess
//! drops from the shortlist is not the answer. All choices face the same consumers.

mod curve;
mod guess;
mod sequential;
mod space;

use std::collections::BTreeMap;

use crate::base::statistics::RunningStatistics;
use crate::ledger::outcome::Outcome;

pub use self::curve::{Curve, CurvePoint, curves};
use self::sequential::Care;
pub use self::space::{Candidate, Goal, Space};
use super::runner::{Runner, RunnerError};

/// What was found.
pub struct OptimizeResults {
    /// Every choice that was tested, in the order of the tests.
    pub tested: Vec<Tested>,
    /// Position of the winner among them; `None` if nothing was found to meet the goals.
    pub winner: Option<usize>,
    /// Guesses that were too dear for the shortlist, with their cost.
    pub dropped: Vec<Candidate>,
    /// Choices that were run to make the first guess.
    pub guessed: usize,
    /// Why the answer is less sure than was asked for; empty if it is not.
    pub doubts: Vec<Doubt>,
    /// Whether it was stopped before the end; the winner is the best so far then.
    pub interrupted: bool,
}

/// One choice that was tested.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The choice.
    pub candidate: Candidate,
    /// Cost of a run.
    pub cost: f64,
    /// Replications.
    pub replications: usize,
    /// The figure of each goal: its ratio over all replications, and the standard error of that.
    pub figures: Vec<(f64, f64)>,
    /// Abandonment of each replication.
    pub abandonment: Vec<f64>,
    /// What came of it.
    pub verdict: OptimizeVerdict,
}

/// What came of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptimizeVerdict {
    /// Every goal is met.
    Met,
    /// A goal is missed: its position.
    Missed(usize),
    /// Not clear after as many replications as were allowed.
    Undecided,
}

/// A reason to be less sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// A cheaper choice was not decided: its position among the tested.
    CheaperUndecided(usize),
    /// A cheaper choice, its position among the tested, misses a goal by less than the tolerance.
    CheaperClose(usize),
    /// The winner's figure of this goal is within the tolerance of the goal.
    Close(usize),
    /// Several equally cheap choices could not be told apart.
    Tie,
    /// There were more tests to make than are provided for.
    TooManyTests,
}

/// Searches the space. When it is stopped, what was found by then comes back.
///
/// # Errors
///
/// A replication met a bug.
pub fn optimize(space: &Space<'_>, runner: &Runner<'_>) -> Result<OptimizeResults, RunnerError> {
    let mut course = Course::new(space, runner);
    match course.run() {
        Err(RunnerError::Interrupted) => course.interrupt(),
        ended => ended?,
    }
    Ok(course.found)
}

/// A search under way.
struct Course<'a> {
    space: &'a Space<'a>,
    runner: &'a Runner<'a>,
    /// To be tested, unless something makes that needless.
    waiting: Vec<Candidate>,
    found: OptimizeResults,
}

impl<'a> Course<'a> {
    fn new(space: &'a Space<'a>, runner: &'a Runner<'a>) -> Self {
        let found = OptimizeResults {
            tested: Vec::new(),
            winner: None,
            dropped: Vec::new(),
            guessed: 0,
            doubts: Vec::new(),
            interrupted: false,
        };
        Self { space, runner, waiting: Vec::new(), found }
    }

    fn run(&mut self) -> Result<(), RunnerError> {
        let mut known = KnownMargins::new();
        let guess = guess::guess(self.space, self.runner, &mut known);
        self.found.guessed = known.len();
        let guess = guess?;
        self.found.dropped = guess.dropped;
        guess.shortlist.into_iter().for_each(|candidate| self.open(candidate));
        while let Some(candidate) = self.next() {
            if self.found.tested.len() >= TESTS {
                self.found.doubts.push(Doubt::TooManyTests);
                break;
            }
            self.test(candidate)?;
        }
        self.choose()
    }

    /// The best so far is the cheapest of those that meet the goals.
    fn interrupt(&mut self) {
        self.found.interrupted = true;
        let best = self.least_cost();
        let tested = self.found.tested.iter();
        let mut met = tested.map(|test| test.verdict == OptimizeVerdict::Met && test.cost <= best);
        self.found.winner = met.position(|is_best| is_best);
        self.doubt();
    }

    fn open(&mut self, candidate: Candidate) {
        let known = self.found.tested.iter().map(|tested| &tested.candidate);
        if !known.chain(&self.waiting).any(|other| *other == candidate) {
            self.waiting.push(candidate);
        }
    }

    /// The cheapest choice that still has to be tested.
    fn next(&mut self) -> Option<Candidate> {
        let best = self.least_cost();
        let space = self.space;
        let tested = &self.found.tested;
        self.waiting.retain(|candidate| {
            let misses = |test: &Tested| {
                matches!(test.verdict, OptimizeVerdict::Missed(_))
                    && candidate.has_no_more_than(&test.candidate)
            };
            // With as much or more of everything than what meets the goals it is not cheaper.
            let meets = |test: &Tested| {
                test.verdict == OptimizeVerdict::Met && test.candidate.has_no_more_than(candidate)
            };
            space.cost(candidate) <= best && !tested.iter().any(|test| misses(test) || meets(test))
        });
        let cost = |candidate: &Candidate| space.cost(candidate);
        let mut positions = 0..self.waiting.len();
        let first = positions.next()?;
        let cheapest = positions.fold(first, |least, position| {
            let cheaper = cost(&self.waiting[position]) < cost(&self.waiting[least]);
            if cheaper { position } else { least }
        });
        Some(self.waiting.remove(cheapest))
    }

    fn least_cost(&self) -> f64 {
        let met = self.found.tested.iter().filter(|test| test.verdict == OptimizeVerdict::Met);
        met.map(|test| test.cost).fold(f64::INFINITY, f64::min)
    }

    /// Runs a choice until it is clear, and opens its neighbours.
    fn test(&mut self, candidate: Candidate) -> Result<(), RunnerError> {
        let search = self.space.search;
        let plan = [self.space.plan_of(&candidate)];
        let goals = self.space.goals();
        let mut runs: Vec<Reading> = Vec::new();
        let (verdict, ended) = loop {
            let from = FIRST_FRESH + runs.len() as u64;
            let more = (runs.len() / 2).max(search.first_replications as usize);
            let left = search.at_most as usize - runs.len();
            let fresh = from..from + more.min(left) as u64;
            let read = |outcome: &Outcome| Reading::of(outcome, goals);
            match self.runner.run(&plan, fresh, read) {
                Ok(more) => runs.extend(more.into_iter().flatten()),
                Err(ended) => break (OptimizeVerdict::Undecided, Err(ended)),
            }
            let verdict = self.judge(&runs);
            if verdict != OptimizeVerdict::Undecided || runs.len() >= search.at_most as usize {
                break (verdict, Ok(()));
            }
        };
        if runs.is_empty() {
            return ended;
        }
        let neighbours = match verdict {
            OptimizeVerdict::Met => self.space.with_one_less(&candidate),
            OptimizeVerdict::Missed(_) | OptimizeVerdict::Undecided => {
                self.space.with_one_more(&candidate)
            }
        };
        neighbours.into_iter().for_each(|neighbour| self.open(neighbour));
        self.found.tested.push(Tested {
            cost: self.space.cost(&candidate),
            candidate,
            replications: runs.len(),
            figures: (0..goals.len()).map(|goal| figure(&runs, goal)).collect(),
            abandonment: runs.iter().map(|run| run.abandonment).collect(),
            verdict,
        });
        ended
    }

    /// Missed as soon as one goal is clearly missed, met when all clearly are.
    fn judge(&self, runs: &[Reading]) -> OptimizeVerdict {
        let goals = self.space.goals();
        let first = self.space.search.first_replications as usize;
        let care = Care {
            error: self.error_of_tests() / goals.len().max(1) as f64,
            tolerance: self.space.search.tolerance,
            first,
        };
        let mut verdict = OptimizeVerdict::Met;
        for (position, goal) in goals.iter().enumerate() {
            let wholes = runs.iter().take(first).map(|run| run.parts[position].1);
            let whole =
                wholes.collect::<RunningStatistics>().mean().unwrap_or(0.0).max(f64::MIN_POSITIVE);
            let margins = runs.iter().map(|run| {
                let (part, of) = run.parts[position];
                goal.margin(part, of) / whole
            });
            match sequential::sign(&Vec::from_iter(margins), &care) {
                Some((true, _)) => {}
                Some((false, _)) => return OptimizeVerdict::Missed(position),
                None => verdict = OptimizeVerdict::Undecided,
            }
        }
        verdict
    }

    /// Probability of a wrong verdict in one test: half of what is allowed for all tests together.
    fn error_of_tests(&self) -> f64 {
        (1.0 - self.space.search.confidence) / 2.0 / TESTS as f64
    }

    /// The winner among the cheapest that meet the goals.
    fn choose(&mut self) -> Result<(), RunnerError> {
        let best = self.least_cost();
        let tested = &self.found.tested;
        let equal = |test: &Tested| test.verdict == OptimizeVerdict::Met && test.cost <= best;
        let mut left = Vec::from_iter((0..tested.len()).filter(|&at| equal(&tested[at])));
        let search = self.space.search;
        let care = Care {
            error: (1.0 - search.confidence) / 2.0 / left.len().max(2).saturating_sub(1) as f64,
            tolerance: search.tolerance,
            first: search.first_replications as usize,
        };
        while left.len() > 1 {
            let runs = left.iter().map(|&at| self.found.tested[at].abandonment.len());
            let longest = runs.max().unwrap_or(0);
            self.extend(&left, longest)?;
            let lists = left.iter().map(|&at| self.found.tested[at].abandonment.clone());
            let alive = sequential::survivors(&Vec::from_iter(lists), &care);
            left = alive.into_iter().map(|position| left[position]).collect();
            if longest >= search.at_most as usize {
                break;
            }
            self.extend(&left, (longest + longest / 2 + 1).min(search.at_most as usize))?;
        }
        if left.len() > 1 {
            self.found.doubts.push(Doubt::Tie);
        }
        let mean = |at: &usize| {
            let sample: RunningStatistics =
                self.found.tested[*at].abandonment.iter().copied().collect();
            sample.mean().unwrap_or(0.0)
        };
        self.found.winner = left.into_iter().min_by(|one, other| mean(one).total_cmp(&mean(other)));
        self.doubt();
        Ok(())
    }

    /// Runs replications of tested choices until each has so many.
    fn extend(&mut self, chosen: &[usize], to: usize) -> Result<(), RunnerError> {
        if chosen.len() < 2 {
            return Ok(());
        }
        let read = |outcome: &Outcome| outcome.flow.abandonment().unwrap_or(0.0);
        for &at in chosen {
            let tested = &mut self.found.tested[at];
            let done = tested.abandonment.len();
            if done < to {
                let plan = [self.space.plan_of(&tested.candidate)];
                let fresh = FIRST_FRESH + done as u64..FIRST_FRESH + to as u64;
                let more = self.runner.run(&plan, fresh, read)?;
                tested.abandonment.extend(more.into_iter().flatten());
            }
        }
        Ok(())
    }

    /// What makes the winner less than sure.
    fn doubt(&mut self) {
        let Some(winner) = self.found.winner else { return };
        let tested = &self.found.tested;
        let cost = tested[winner].cost;
        let undecided =
            |test: &Tested| test.verdict == OptimizeVerdict::Undecided && test.cost < cost;
        let cheaper = (0..tested.len()).filter(|&at| undecided(&tested[at]));
        let mut doubts = Vec::from_iter(cheaper.map(Doubt::CheaperUndecided));
        let just_missed = |test: &Tested| match test.verdict {
            OptimizeVerdict::Missed(goal) if test.cost < cost => {
                let margin = self.space.goals()[goal].margin(test.figures[goal].0, 1.0);
                margin > -self.space.search.tolerance
            }
            _ => false,
        };
        let close = (0..tested.len()).filter(|&at| just_missed(&tested[at]));
        doubts.extend(close.map(Doubt::CheaperClose));
        for (position, goal) in self.space.goals().iter().enumerate() {
            let (value, _) = tested[winner].figures[position];
            if goal.margin(value, 1.0) < self.space.search.tolerance {
                doubts.push(Doubt::Close(position));
            }
        }
        self.found.doubts.extend(doubts);
    }
}

/// What is read off a replication.
struct Reading {
    /// Part and whole of the figure of each goal.
    parts: Vec<(f64, f64)>,
    abandonment: f64,
}

impl Reading {
    fn of(outcome: &Outcome, goals: &[Goal]) -> Self {
        Self {
            parts: goals.iter().map(|goal| goal.parts(outcome)).collect(),
            abandonment: outcome.flow.abandonment().unwrap_or(0.0),
        }
    }
}

/// The ratio of the sums, and its standard error by the delta method.
fn figure(runs: &[Reading], goal: usize) -> (f64, f64) {
    let parts = || runs.iter().map(|run| run.parts[goal]);
    let whole: f64 = parts().map(|(_, whole)| whole).sum();
    if whole <= 0.0 {
        return (0.0, 0.0);
    }
    let ratio = parts().map(|(part, _)| part).sum::<f64>() / whole;
    let rests: RunningStatistics = parts().map(|(part, whole)| part - ratio * whole).collect();
    let error = rests.standard_error().unwrap_or(0.0) * runs.len() as f64 / whole;
    (ratio, error)
}

/// Known margins, so that nothing is run twice while guessing.
type KnownMargins = BTreeMap<Candidate, f64>;

/// Replications that the first guess does not use.
const FIRST_FRESH: u64 = 1_000_000;
/// Tests of choices that the confidence is shared among.
const TESTS: usize = 16;
