//! What a capacity search is made of: trials, bounds, and how it ended.

/// One trial at a pace.
pub trait Attempt {
    /// Arrivals a second that were really sent.
    fn rate(&self) -> f64;
    /// Whether the system held it; `None` if nothing is known, because the trial was invalid.
    fn held(&self) -> Option<bool>;
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
}

impl Default for CapacitySearch {
    fn default() -> Self {
        Self { from: 1.0, precision: 0.05, at_most: 64 }
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
