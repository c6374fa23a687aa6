//! How the next pace is chosen.

use super::capacity_trials::{
    Attempt, CapacityBound, CapacitySearch, CapacityTrial, FoundCapacity, SearchEnding,
    TrialOutcome, TrialPhase,
};
use super::yardstick::swing;

/// Searches; `attempt` makes a trial at a pace, and `None` ends the search.
///
/// # Errors
///
/// Those of a trial.
pub fn search<A: Attempt, E>(
    search: CapacitySearch,
    attempt: impl FnMut(TrialPhase, f64) -> Result<Option<A>, E>,
) -> Result<FoundCapacity<A>, E> {
    let trials = Vec::new();
    let (held, unknown, not_held) = (Vec::new(), Vec::new(), Vec::new());
    let mut state = SearchState { search, attempt, trials, held, unknown, not_held };
    let ending = match state.run() {
        Ok(ending) | Err(SearchHalt::Ended(ending)) => ending,
        Err(SearchHalt::Failed(error)) => return Err(error),
    };
    let (held, not_held) = (state.held(), state.not_held());
    let mut found = FoundCapacity { held, not_held, ending, trials: state.trials };
    if ending == SearchEnding::Confirmed && swing(&found.yardsticks()) > state.search.swing_allowed
    {
        (found.held, found.not_held, found.ending) = (None, None, SearchEnding::TooNoisy);
    }
    Ok(found)
}

struct SearchState<A, F> {
    search: CapacitySearch,
    attempt: F,
    trials: Vec<CapacityTrial<A>>,
    /// Paces, every one of them below all that are not held.
    held: Vec<f64>,
    /// Paces at which there was too little to measure; likewise.
    unknown: Vec<f64>,
    not_held: Vec<f64>,
}

enum SearchHalt<E> {
    Ended(SearchEnding),
    Failed(E),
}

/// The lower end of where the limit is looked for, and the upper one.
#[derive(Clone, Copy)]
struct SearchedRange {
    lower: CapacityBound,
    upper: CapacityBound,
}

impl<A, E, F> SearchState<A, F>
where
    A: Attempt,
    F: FnMut(TrialPhase, f64) -> Result<Option<A>, E>,
{
    fn run(&mut self) -> Result<SearchEnding, SearchHalt<E>> {
        let mut step = 2.0;
        loop {
            let range = self.bracket(step)?;
            let SearchedRange { lower, upper } = self.narrow(range)?;
            step = (1.0 + self.search.precision).powi(2);
            if !self.held.contains(&lower.pace) {
                return Ok(SearchEnding::TooFew);
            }
            let at_lower = self.confirm(lower.pace)?;
            if at_lower != TrialOutcome::Held {
                self.note(lower.pace, at_lower);
                continue;
            }
            let at_upper = self.retest(upper.pace)?;
            if at_upper == TrialOutcome::NotHeld {
                return Ok(SearchEnding::Confirmed);
            }
            self.note(upper.pace, at_upper);
        }
    }

    /// Goes up or down in growing steps until there is a pace that holds, or at which too little is
    /// measured, and one that does not hold.
    fn bracket(&mut self, mut step: f64) -> Result<SearchedRange, SearchHalt<E>> {
        loop {
            let pace = match (self.lower(), self.not_held()) {
                (Some(lower), Some(upper)) => return Ok(SearchedRange { lower, upper }),
                (Some(lower), None) => lower.pace * step,
                (None, Some(upper)) => upper.pace / step,
                (None, None) => self.search.from,
            };
            if pace > MOST_PACE {
                let is_held = self.lower().is_some_and(|lower| self.held.contains(&lower.pace));
                let ending =
                    if is_held { SearchEnding::EverythingHeld } else { SearchEnding::TooFew };
                return Err(SearchHalt::Ended(ending));
            }
            if pace < LEAST_PACE {
                return Err(SearchHalt::Ended(SearchEnding::NothingHeld));
            }
            self.decide(TrialPhase::Doubling, pace)?;
            step = (step * step).min(2.0);
        }
    }

    /// Halves the way between the two ends, by the rates that were achieved.
    fn narrow(&mut self, mut range: SearchedRange) -> Result<SearchedRange, SearchHalt<E>> {
        while range.upper.pace > range.lower.pace * (1.0 + self.search.precision) {
            let SearchedRange { lower, upper } = range;
            // A system that breaks down may get even fewer arrivals than before.
            let rates = upper.rate / lower.rate;
            let paces = upper.pace / lower.pace;
            let ratio = if rates > 1.0 && rates < paces { rates } else { paces };
            self.decide(TrialPhase::Bisection, lower.pace * ratio.sqrt())?;
            range = self.bracket(2.0)?;
        }
        Ok(range)
    }

    /// What two of three valid trials come to, if they agree. All three are made.
    fn confirm(&mut self, pace: f64) -> Result<TrialOutcome, SearchHalt<E>> {
        let mut outcomes = [TrialOutcome::Unknown; 3];
        for outcome in &mut outcomes {
            *outcome = self.run_valid_trial(TrialPhase::Confirmation, pace)?;
        }
        Ok(majority(&outcomes))
    }

    /// What two of at most three valid trials come to at a pace that did not hold.
    fn retest(&mut self, pace: f64) -> Result<TrialOutcome, SearchHalt<E>> {
        let first = self.run_valid_trial(TrialPhase::Confirmation, pace)?;
        let second = self.run_valid_trial(TrialPhase::Confirmation, pace)?;
        if first == second {
            return Ok(first);
        }
        let third = self.run_valid_trial(TrialPhase::Confirmation, pace)?;
        Ok(majority(&[first, second, third]))
    }

    /// Finds out on which side a pace is.
    fn decide(&mut self, phase: TrialPhase, pace: f64) -> Result<(), SearchHalt<E>> {
        let outcome = self.test(phase, pace)?;
        self.note(pace, outcome);
        Ok(())
    }

    /// What holds at a pace holds below it, and what does not does not above it, whatever was found
    /// there before. Where too little was measured, less load tells nothing either.
    fn note(&mut self, pace: f64, outcome: TrialOutcome) {
        self.held.retain(|&held| held != pace);
        match outcome {
            TrialOutcome::Held => {
                self.not_held.retain(|&not_held| not_held > pace);
                self.held.push(pace);
            }
            TrialOutcome::Unknown => {
                self.not_held.retain(|&not_held| not_held > pace);
                self.unknown.push(pace);
            }
            TrialOutcome::NotHeld | TrialOutcome::Invalid => {
                self.held.retain(|&held| held < pace);
                self.unknown.retain(|&unknown| unknown < pace);
                self.not_held.push(pace);
            }
        }
    }

    /// The highest that held.
    fn held(&self) -> Option<CapacityBound> {
        self.last(self.held.iter().copied().reduce(f64::max)?)
    }

    /// The highest that held, or at which too little was measured.
    fn lower(&self) -> Option<CapacityBound> {
        self.last(self.held.iter().chain(&self.unknown).copied().reduce(f64::max)?)
    }

    /// The lowest that did not hold.
    fn not_held(&self) -> Option<CapacityBound> {
        self.last(self.not_held.iter().copied().reduce(f64::min)?)
    }

    /// How a pace comes out, which does not hold only if it has failed twice.
    fn test(&mut self, phase: TrialPhase, pace: f64) -> Result<TrialOutcome, SearchHalt<E>> {
        match self.run_valid_trial(phase, pace)? {
            TrialOutcome::NotHeld => self.run_valid_trial(phase, pace),
            other => Ok(other),
        }
    }

    /// How a valid trial comes out. A pace at which none is valid does not hold.
    fn run_valid_trial(
        &mut self,
        phase: TrialPhase,
        pace: f64,
    ) -> Result<TrialOutcome, SearchHalt<E>> {
        for _ in 0..INVALID_ALLOWED {
            let outcome = self.attempt(phase, pace)?;
            if outcome != TrialOutcome::Invalid {
                return Ok(outcome);
            }
        }
        Ok(TrialOutcome::NotHeld)
    }

    fn attempt(&mut self, phase: TrialPhase, pace: f64) -> Result<TrialOutcome, SearchHalt<E>> {
        if self.trials.len() >= self.search.at_most {
            return Err(SearchHalt::Ended(SearchEnding::OutOfTrials));
        }
        let attempt = (self.attempt)(phase, pace).map_err(SearchHalt::Failed)?;
        let attempt = attempt.ok_or(SearchHalt::Ended(SearchEnding::Interrupted))?;
        let outcome = attempt.outcome();
        self.trials.push(CapacityTrial { phase, pace, attempt });
        Ok(outcome)
    }

    /// The end at this pace, at the rate of its last trial.
    fn last(&self, pace: f64) -> Option<CapacityBound> {
        let trial = self.trials.iter().rfind(|trial| trial.pace == pace)?;
        Some(CapacityBound { pace, rate: trial.attempt.rate() })
    }
}

/// What two of three come to; if all differ, nobody knows.
fn majority(outcomes: &[TrialOutcome; 3]) -> TrialOutcome {
    let [first, second, third] = *outcomes;
    match first == second || first == third {
        true => first,
        false if second == third => second,
        false => TrialOutcome::Unknown,
    }
}

/// So many invalid trials in a row are no accident.
const INVALID_ALLOWED: usize = 3;
/// Paces beyond these are not tried.
const MOST_PACE: f64 = 1e6;
const LEAST_PACE: f64 = 1e-3;
