//! How the next pace is chosen.

use super::capacity_trials::{
    Attempt, CapacityBound, CapacitySearch, CapacityTrial, FoundCapacity, SearchEnding, TrialPhase,
};

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
    let mut state = SearchState { search, attempt, trials, held: Vec::new(), not_held: Vec::new() };
    let ending = match state.run() {
        Ok(ending) | Err(SearchHalt::Ended(ending)) => ending,
        Err(SearchHalt::Failed(error)) => return Err(error),
    };
    let (held, not_held) = (state.held(), state.not_held());
    Ok(FoundCapacity { held, not_held, ending, trials: state.trials })
}

struct SearchState<A, F> {
    search: CapacitySearch,
    attempt: F,
    trials: Vec<CapacityTrial<A>>,
    /// Paces, every one of them below all that are not held.
    held: Vec<f64>,
    not_held: Vec<f64>,
}

enum SearchHalt<E> {
    Ended(SearchEnding),
    Failed(E),
}

impl<A, E, F> SearchState<A, F>
where
    A: Attempt,
    F: FnMut(TrialPhase, f64) -> Result<Option<A>, E>,
{
    fn run(&mut self) -> Result<SearchEnding, SearchHalt<E>> {
        let mut step = 2.0;
        loop {
            let (held, not_held) = self.bracket(step)?;
            let (held, not_held) = self.narrow(held, not_held)?;
            step = (1.0 + self.search.precision).powi(2);
            if !self.confirm(held.pace)? {
                self.note(held.pace, false);
            } else if self.retest(not_held.pace)? {
                self.note(not_held.pace, true);
            } else {
                return Ok(SearchEnding::Confirmed);
            }
        }
    }

    /// Goes up or down in growing steps until there is a pace that holds and one that does not.
    fn bracket(&mut self, mut step: f64) -> Result<(CapacityBound, CapacityBound), SearchHalt<E>> {
        loop {
            let pace = match (self.held(), self.not_held()) {
                (Some(held), Some(not_held)) => return Ok((held, not_held)),
                (Some(held), None) => held.pace * step,
                (None, Some(not_held)) => not_held.pace / step,
                (None, None) => self.search.from,
            };
            if pace > MOST_PACE {
                return Err(SearchHalt::Ended(SearchEnding::EverythingHeld));
            }
            if pace < LEAST_PACE {
                return Err(SearchHalt::Ended(SearchEnding::NothingHeld));
            }
            self.decide(TrialPhase::Doubling, pace)?;
            step = (step * step).min(2.0);
        }
    }

    /// Halves the way between the two ends, by the rates that were achieved.
    fn narrow(
        &mut self,
        mut held: CapacityBound,
        mut not_held: CapacityBound,
    ) -> Result<(CapacityBound, CapacityBound), SearchHalt<E>> {
        while not_held.pace > held.pace * (1.0 + self.search.precision) {
            // A system that breaks down may get even fewer arrivals than before.
            let rates = not_held.rate / held.rate;
            let paces = not_held.pace / held.pace;
            let ratio = if rates > 1.0 && rates < paces { rates } else { paces };
            self.decide(TrialPhase::Bisection, held.pace * ratio.sqrt())?;
            (held, not_held) = self.bracket(2.0)?;
        }
        Ok((held, not_held))
    }

    /// Whether two of three valid trials hold. All three are made.
    fn confirm(&mut self, pace: f64) -> Result<bool, SearchHalt<E>> {
        let mut held = 0;
        for _ in 0..3 {
            held += u32::from(self.run_valid_trial(TrialPhase::Confirmation, pace)?);
        }
        Ok(held >= 2)
    }

    /// Whether two of at most three valid trials hold at a pace that did not.
    fn retest(&mut self, pace: f64) -> Result<bool, SearchHalt<E>> {
        let first = self.run_valid_trial(TrialPhase::Confirmation, pace)?;
        let second = self.run_valid_trial(TrialPhase::Confirmation, pace)?;
        if first == second {
            Ok(first)
        } else {
            self.run_valid_trial(TrialPhase::Confirmation, pace)
        }
    }

    /// Finds out on which side a pace is.
    fn decide(&mut self, phase: TrialPhase, pace: f64) -> Result<(), SearchHalt<E>> {
        let holds = self.test(phase, pace)?;
        self.note(pace, holds);
        Ok(())
    }

    /// What holds at a pace holds below it, and what does not does not above it, whatever was found
    /// there before.
    fn note(&mut self, pace: f64, holds: bool) {
        if holds {
            self.not_held.retain(|&not_held| not_held > pace);
            self.held.push(pace);
        } else {
            self.held.retain(|&held| held < pace);
            self.not_held.push(pace);
        }
    }

    /// The highest that held.
    fn held(&self) -> Option<CapacityBound> {
        self.last(self.held.iter().copied().reduce(f64::max)?)
    }

    /// The lowest that did not hold.
    fn not_held(&self) -> Option<CapacityBound> {
        self.last(self.not_held.iter().copied().reduce(f64::min)?)
    }

    /// Whether a pace holds before it has failed twice.
    fn test(&mut self, phase: TrialPhase, pace: f64) -> Result<bool, SearchHalt<E>> {
        Ok(self.run_valid_trial(phase, pace)? || self.run_valid_trial(phase, pace)?)
    }

    /// Whether a valid trial holds. A pace at which none is valid does not hold.
    fn run_valid_trial(&mut self, phase: TrialPhase, pace: f64) -> Result<bool, SearchHalt<E>> {
        for _ in 0..INVALID_ALLOWED {
            if let Some(held) = self.attempt(phase, pace)? {
                return Ok(held);
            }
        }
        Ok(false)
    }

    fn attempt(&mut self, phase: TrialPhase, pace: f64) -> Result<Option<bool>, SearchHalt<E>> {
        if self.trials.len() >= self.search.at_most {
            return Err(SearchHalt::Ended(SearchEnding::OutOfTrials));
        }
        let attempt = (self.attempt)(phase, pace).map_err(SearchHalt::Failed)?;
        let attempt = attempt.ok_or(SearchHalt::Ended(SearchEnding::Interrupted))?;
        let held = attempt.held();
        self.trials.push(CapacityTrial { phase, pace, attempt });
        Ok(held)
    }

    /// The end at this pace, at the rate of its last trial.
    fn last(&self, pace: f64) -> Option<CapacityBound> {
        let trial = self.trials.iter().rfind(|trial| trial.pace == pace)?;
        Some(CapacityBound { pace, rate: trial.attempt.rate() })
    }
}

/// So many invalid trials in a row are no accident.
const INVALID_ALLOWED: usize = 3;
/// Paces beyond these are not tried.
const MOST_PACE: f64 = 1e6;
const LEAST_PACE: f64 = 1e-3;
