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
mod edge;
mod guess;
mod reading;
mod search_goal;
mod sequential;
mod space;
mod tested;

use std::collections::BTreeMap;

use crate::base::statistics::RunningStatistics;
use crate::ledger::outcome::Outcome;

pub use self::curve::{Curve, CurvePoint, curves};
pub use self::edge::Edge;
pub use self::reading::{Reading, TRADED_FIGURES};
pub use self::search_goal::Goal;
use self::sequential::Care;
pub use self::space::{Candidate, Space};
use self::tested::figure;
pub use self::tested::{OptimizeVerdict, Tested};
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

/// What a search is doing.
#[derive(Clone, Copy, Debug)]
pub enum SearchStage<'a> {
    /// It looks whether a choice seems to do.
    Guess(&'a Candidate),
    /// It tests a choice.
    Test(&'a Candidate),
    /// It runs a choice further, to compare it with others of the same cost.
    Compare(&'a Candidate),
}

/// Searches the space and tells what it begins. When it is stopped, what was found by then comes back.
///
/// # Errors
///
/// A replication met a bug.
pub fn optimize(
    space: &Space<'_>,
    runner: &Runner<'_>,
    told: &dyn Fn(SearchStage<'_>),
) -> Result<OptimizeResults, RunnerError> {
    let mut course = Course::new(space, runner, told);
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
    told: &'a dyn Fn(SearchStage<'_>),
    /// To be tested, unless something makes that needless.
    waiting: Vec<Candidate>,
    found: OptimizeResults,
}

impl<'a> Course<'a> {
    fn new(
        space: &'a Space<'a>,
        runner: &'a Runner<'a>,
        told: &'a dyn Fn(SearchStage<'_>),
    ) -> Self {
        let found = OptimizeResults {
            tested: Vec::new(),
            winner: None,
            dropped: Vec::new(),
            guessed: 0,
            doubts: Vec::new(),
            interrupted: false,
        };
        Self { space, runner, told, waiting: Vec::new(), found }
    }

    fn run(&mut self) -> Result<(), RunnerError> {
        let mut known = KnownMargins::new();
        let guess = guess::guess(self.space, self.runner, self.told, &mut known);
        self.found.guessed = known.len();
        let guess = guess?;
        self.found.dropped = guess.dropped;
        guess.shortlist.into_iter().for_each(|candidate| self.open(candidate));
        loop {
            let is_whole = self.test_all()?;
            // What more replications have made unclear may bring in others.
            if self.choose()? || !is_whole {
                break;
            }
        }
        self.doubt();
        Ok(())
    }

    /// Tests until nothing is left, or too much was; gives back whether nothing is.
    fn test_all(&mut self) -> Result<bool, RunnerError> {
        while let Some(candidate) = self.next() {
            if self.found.tested.len() >= TESTS {
                self.found.doubts.push(Doubt::TooManyTests);
                return Ok(false);
            }
            self.test(candidate)?;
        }
        Ok(true)
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
        (self.told)(SearchStage::Test(&candidate));
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
        self.open_neighbours(&candidate, verdict);
        self.found.tested.push(Tested::new(self.space, candidate, runs, verdict));
        ended
    }

    /// What meets the goals brings in what has less, anything else what has more.
    fn open_neighbours(&mut self, candidate: &Candidate, verdict: OptimizeVerdict) {
        let neighbours = match verdict {
            OptimizeVerdict::Met => self.space.with_one_less(candidate),
            OptimizeVerdict::Missed(_) | OptimizeVerdict::Undecided => {
                self.space.with_one_more(candidate)
            }
        };
        neighbours.into_iter().for_each(|neighbour| self.open(neighbour));
    }

    /// Missed as soon as one goal is clearly missed, met when all clearly are; not clear if the figure
    /// over all these replications is on the other side of its goal after all.
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
            let meets = goal.margin(figure(runs, position).0, 1.0) >= 0.0;
            match sequential::sign(&Vec::from_iter(margins), &care) {
                Some((true, _)) if meets => {}
                Some((false, _)) if !meets => return OptimizeVerdict::Missed(position),
                _ => verdict = OptimizeVerdict::Undecided,
            }
        }
        verdict
    }

    /// Probability of a wrong verdict in one test: half of what is allowed for all tests together.
    fn error_of_tests(&self) -> f64 {
        (1.0 - self.space.search.confidence) / 2.0 / TESTS as f64
    }

    /// The winner among the cheapest that meet the goals. Gives back whether it stands: not if more
    /// replications have made it unclear whether one of them meets its goals.
    fn choose(&mut self) -> Result<bool, RunnerError> {
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
            let runs = left.iter().map(|&at| self.found.tested[at].readings.len());
            let longest = runs.max().unwrap_or(0);
            if !self.extend(&left, longest)? {
                return Ok(false);
            }
            let lists = left.iter().map(|&at| self.found.tested[at].abandonments());
            let alive = sequential::survivors(&Vec::from_iter(lists), &care);
            left = alive.into_iter().map(|position| left[position]).collect();
            if longest >= search.at_most as usize {
                break;
            }
            let more = (longest + longest / 2 + 1).min(search.at_most as usize);
            if !self.extend(&left, more)? {
                return Ok(false);
            }
        }
        if left.len() > 1 {
            self.found.doubts.push(Doubt::Tie);
        }
        let mean = |at: &usize| {
            let sample: RunningStatistics =
                self.found.tested[*at].abandonments().into_iter().collect();
            sample.mean().unwrap_or(0.0)
        };
        self.found.winner = left.into_iter().min_by(|one, other| mean(one).total_cmp(&mean(other)));
        Ok(true)
    }

    /// Runs replications of tested choices until each has so many. Gives back whether all still meet
    /// their goals then.
    fn extend(&mut self, chosen: &[usize], to: usize) -> Result<bool, RunnerError> {
        if chosen.len() < 2 {
            return Ok(true);
        }
        let goals = self.space.goals();
        let mut stands = true;
        for &at in chosen {
            let tested = &self.found.tested[at];
            let (candidate, done) = (tested.candidate.clone(), tested.readings.len());
            if done >= to {
                continue;
            }
            (self.told)(SearchStage::Compare(&candidate));
            let fresh = FIRST_FRESH + done as u64..FIRST_FRESH + to as u64;
            let read = |outcome: &Outcome| Reading::of(outcome, goals);
            let more = self.runner.run(&[self.space.plan_of(&candidate)], fresh, read)?;
            let mut readings = std::mem::take(&mut self.found.tested[at].readings);
            readings.extend(more.into_iter().flatten());
            let verdict = self.judge(&readings);
            if verdict != OptimizeVerdict::Met {
                stands = false;
                self.open_neighbours(&candidate, verdict);
            }
            self.found.tested[at] = Tested::new(self.space, candidate, readings, verdict);
        }
        Ok(stands)
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

/// Known margins, so that nothing is run twice while guessing.
type KnownMargins = BTreeMap<Candidate, f64>;

/// Replications that the first guess does not use.
const FIRST_FRESH: u64 = 1_000_000;
/// Tests of choices that the confidence is shared among.
const TESTS: usize = 16;
