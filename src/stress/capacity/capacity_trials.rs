//! What a capacity search is made of: trials, bounds, and how it ended.

use super::yardstick::{SWING_ALLOWED, Yardstick};

/// One trial at a pace.
pub trait Attempt {
    /// Arrivals a second that were really sent.
    fn rate(&self) -> f64;
    /// How it came out.
    fn outcome(&self) -> TrialOutcome;
    /// What the machine could do before and after it.
    fn yardstick(&self) -> Yardstick;
}

/// How a trial came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialOutcome {
    /// Every threshold was met.
    Held,
    /// One was missed.
    NotHeld,
    /// None was missed, but one found too little to measure: more load may tell.
    Unknown,
    /// The load generator was late itself.
    Invalid,
}

impl TrialOutcome {
    /// All, in order.
    pub const ALL: [Self; 4] = [Self::Held, Self::NotHeld, Self::Unknown, Self::Invalid];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::NotHeld => "not held",
            Self::Unknown => "unknown",
            Self::Invalid => "invalid",
        }
    }
}

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CapacitySearch {
    /// Pace of the first trial.
    pub from: f64,
    /// The two ends may differ by this part.
    pub precision: f64,
    /// Trials at most.
    pub at_most: usize,
    /// A machine that swings by more than this part while the ends are confirmed cannot be measured.
    pub swing_allowed: f64,
}

impl Default for CapacitySearch {
    fn default() -> Self {
        Self { from: 1.0, precision: 0.05, at_most: 64, swing_allowed: SWING_ALLOWED }
    }
}

/// What a trial was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialPhase {
    /// To find a pace that holds and one that does not.
    Doubling,
    /// To bring the two together.
    Bisection,
    /// To see once more that the one holds and the other does not.
    Confirmation,
}

impl TrialPhase {
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
pub struct CapacityTrial<A> {
    /// What for.
    pub phase: TrialPhase,
    /// How many times as fast as the scenario the plan of arrivals was walked.
    pub pace: f64,
    /// What came of it.
    pub attempt: A,
}

/// One end of the interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CapacityBound {
    /// Pace of the plan.
    pub pace: f64,
    /// Arrivals a second.
    pub rate: f64,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchEnding {
    /// Both ends are confirmed.
    Confirmed,
    /// Before that, all trials were used up.
    OutOfTrials,
    /// Not even the least pace held.
    NothingHeld,
    /// Even the greatest pace held.
    EverythingHeld,
    /// Below what was not held, trials found too little to measure.
    TooFew,
    /// The machine was not the same from one confirmation to the next.
    TooNoisy,
    /// The user stopped it.
    Interrupted,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundCapacity<A> {
    /// The highest rate that held.
    pub held: Option<CapacityBound>,
    /// The lowest above it that did not.
    pub not_held: Option<CapacityBound>,
    /// How it ended.
    pub ending: SearchEnding,
    /// All trials, in order.
    pub trials: Vec<CapacityTrial<A>>,
}

impl<A: Attempt> FoundCapacity<A> {
    /// What the machine could do before and after the confirmations, or, without any, all trials.
    pub fn yardsticks(&self) -> Vec<Yardstick> {
        let of = |is: fn(&&CapacityTrial<A>) -> bool| {
            Vec::from_iter(self.trials.iter().filter(is).map(|trial| trial.attempt.yardstick()))
        };
        let confirming = of(|trial| trial.phase == TrialPhase::Confirmation);
        if confirming.is_empty() { of(|_| true) } else { confirming }
    }
}
