//! The capacity search: the highest rate of arrivals that is held.
//!
//! Trials at twice the pace until one does not hold, then between the two until they are close, then
//! three trials at what held to confirm it, and up to three at what did not. A disturbance of the
//! machine can make a trial fail that would have held, but hardly the other way round; so a trial that
//! fails is repeated, and a pace counts as not held after two failures. An invalid trial says nothing
//! of the system; only if trial after trial is invalid is the pace more than the generator can send.
//!
//! Near its limit a system holds in one trial and not in the next. If two of three confirmations come
//! out otherwise, they count, and the search goes on between what is known of other paces: one lucky
//! trial does not carry it away.

mod probe;
mod yardstick;

pub use self::probe::{Probe, Prober, defaults};
pub use self::yardstick::bare_wheel;

/// One trial at a pace.
pub trait Attempt {
    /// Arrivals a second that were really sent.
    fn rate(&self) -> f64;
    /// Whether the system held it; `None` if nothing is known, because the trial was invalid.
    fn held(&self) -> Option<bool>;
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// Pace of the first trial.
    pub from: f64,
    /// The two ends may differ by this part.
    pub precision: f64,
    /// Trials at most.
    pub at_most: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self { from: 1.0, precision: 0.05, at_most: 64 }
    }
}

/// What a trial was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// To find a pace that holds and one that does not.
    Doubling,
    /// To bring the two together.
    Bisection,
    /// To see once more that the one holds and the other does not.
    Confirmation,
}

impl Phase {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Doubling => "doubling",
            Self::Bisection => "bisection",
            Self::Confirmation => "confirmation",
        }
    }
}

/// A trial that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial<A> {
    /// What for.
    pub phase: Phase,
    /// How many times as fast as the scenario the plan of arrivals was walked.
    pub pace: f64,
    /// What came of it.
    pub attempt: A,
}

/// One end of the interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// Pace of the plan.
    pub pace: f64,
    /// Arrivals a second.
    pub rate: f64,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Both ends are confirmed.
    Confirmed,
    /// Before that, all trials were used up.
    OutOfTrials,
    /// Not even the least pace held.
    NothingHeld,
    /// Even the greatest pace held.
    EverythingHeld,
    /// The user stopped it.
    Interrupted,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<A> {
    /// The highest rate that held.
    pub held: Option<End>,
    /// The lowest above it that did not.
    pub not_held: Option<End>,
    /// How it ended.
    pub ending: Ending,
    /// All trials, in order.
    pub trials: Vec<Trial<A>>,
}

/// Searches; `attempt` makes a trial at a pace, and `None` ends the search.
///
/// # Errors
///
/// Those of a trial.
pub fn search<A: Attempt, E>(
    search: Search,
    attempt: impl FnMut(Phase, f64) -> Result<Option<A>, E>,
) -> Result<Found<A>, E> {
    let trials = Vec::new();
    let mut state = State { search, attempt, trials, held: Vec::new(), not_held: Vec::new() };
    let ending = match state.run() {
        Ok(ending) | Err(Halt::Ended(ending)) => ending,
        Err(Halt::Failed(error)) => return Err(error),
    };
    let (held, not_held) = (state.held(), state.not_held());
    Ok(Found { held, not_held, ending, trials: state.trials })
}

struct State<A, F> {
    search: Search,
    attempt: F,
    trials: Vec<Trial<A>>,
    /// Paces, every one of them below all that are not held.
    held: Vec<f64>,
    not_held: Vec<f64>,
}

enum Halt<E> {
    Ended(Ending),
    Failed(E),
}

impl<A, E, F> State<A, F>
where
    A: Attempt,
    F: FnMut(Phase, f64) -> Result<Option<A>, E>,
{
    fn run(&mut self) -> Result<Ending, Halt<E>> {
        let mut step = 2.0;
        loop {
            let (held, not_held) = self.bracket(step)?;
            let (held, not_held) = self.narrow(held, not_held)?;
            step = (1.0 + self.search.precision).powi(2);
            if !self.confirm(held.pace)? {
                self.note(held.pace, false);
            } else if self.holds_after_all(not_held.pace)? {
                self.note(not_held.pace, true);
            } else {
                return Ok(Ending::Confirmed);
            }
        }
    }

    /// Goes up or down in growing steps until there is a pace that holds and one that does not.
    fn bracket(&mut self, mut step: f64) -> Result<(End, End), Halt<E>> {
        loop {
            let pace = match (self.held(), self.not_held()) {
                (Some(held), Some(not_held)) => return Ok((held, not_held)),
                (Some(held), None) => held.pace * step,
                (None, Some(not_held)) => not_held.pace / step,
                (None, None) => self.search.from,
            };
            if pace > MOST_PACE {
                return Err(Halt::Ended(Ending::EverythingHeld));
            }
            if pace < LEAST_PACE {
                return Err(Halt::Ended(Ending::NothingHeld));
            }
            self.decide(Phase::Doubling, pace)?;
            step = (step * step).min(2.0);
        }
    }

    /// Halves the way between the two ends, by the rates that were achieved.
    fn narrow(&mut self, mut held: End, mut not_held: End) -> Result<(End, End), Halt<E>> {
        while not_held.pace > held.pace * (1.0 + self.search.precision) {
            // A system that breaks down may get even fewer arrivals than before.
            let rates = not_held.rate / held.rate;
            let paces = not_held.pace / held.pace;
            let ratio = if rates > 1.0 && rates < paces { rates } else { paces };
            self.decide(Phase::Bisection, held.pace * ratio.sqrt())?;
            (held, not_held) = self.bracket(2.0)?;
        }
        Ok((held, not_held))
    }

    /// Whether two of three valid trials hold. All three are made.
    fn confirm(&mut self, pace: f64) -> Result<bool, Halt<E>> {
        let mut held = 0;
        for _ in 0..3 {
            held += u32::from(self.valid(Phase::Confirmation, pace)?);
        }
        Ok(held >= 2)
    }

    /// Whether two of at most three valid trials hold at a pace that did not.
    fn holds_after_all(&mut self, pace: f64) -> Result<bool, Halt<E>> {
        let first = self.valid(Phase::Confirmation, pace)?;
        let second = self.valid(Phase::Confirmation, pace)?;
        if first == second { Ok(first) } else { self.valid(Phase::Confirmation, pace) }
    }

    /// Finds out on which side a pace is.
    fn decide(&mut self, phase: Phase, pace: f64) -> Result<(), Halt<E>> {
        let holds = self.holds(phase, pace)?;
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
    fn held(&self) -> Option<End> {
        self.last(self.held.iter().copied().reduce(f64::max)?)
    }

    /// The lowest that did not hold.
    fn not_held(&self) -> Option<End> {
        self.last(self.not_held.iter().copied().reduce(f64::min)?)
    }

    /// Whether a pace holds before it has failed twice.
    fn holds(&mut self, phase: Phase, pace: f64) -> Result<bool, Halt<E>> {
        Ok(self.valid(phase, pace)? || self.valid(phase, pace)?)
    }

    /// Whether a valid trial holds. A pace at which none is valid does not hold.
    fn valid(&mut self, phase: Phase, pace: f64) -> Result<bool, Halt<E>> {
        for _ in 0..INVALID_ALLOWED {
            if let Some(held) = self.attempt(phase, pace)? {
                return Ok(held);
            }
        }
        Ok(false)
    }

    fn attempt(&mut self, phase: Phase, pace: f64) -> Result<Option<bool>, Halt<E>> {
        if self.trials.len() >= self.search.at_most {
            return Err(Halt::Ended(Ending::OutOfTrials));
        }
        let attempt = (self.attempt)(phase, pace).map_err(Halt::Failed)?;
        let attempt = attempt.ok_or(Halt::Ended(Ending::Interrupted))?;
        let held = attempt.held();
        self.trials.push(Trial { phase, pace, attempt });
        Ok(held)
    }

    /// The end at this pace, at the rate of its last trial.
    fn last(&self, pace: f64) -> Option<End> {
        let trial = self.trials.iter().rfind(|trial| trial.pace == pace)?;
        Some(End { pace, rate: trial.attempt.rate() })
    }
}

/// So many invalid trials in a row are no accident.
const INVALID_ALLOWED: usize = 3;
/// Paces beyond these are not tried.
const MOST_PACE: f64 = 1e6;
const LEAST_PACE: f64 = 1e-3;

#[cfg(test)]
mod tests;
