//! What came of the suite.

use crate::scenario::Diagnostics;
use crate::stress::capacity::Yardstick;
use crate::stress::results::StressResults;
use crate::stress::stress_failure::StressFailure;
use crate::stress::threshold_verdict::{JudgedThreshold, ThresholdVerdict};

use super::cases::SuiteCase;
use super::races::{BrokenOrder, Races};

/// What came of a case.
#[derive(Debug)]
pub struct FinishedCase {
    /// The case.
    pub case: &'static SuiteCase,
    /// What came of it.
    pub ending: CaseEnding,
}

/// What came of a case.
#[derive(Debug)]
pub enum CaseEnding {
    /// A run.
    Run(Box<StressResults>),
    /// All orders of a race.
    Races(Races),
    /// The machine holds nothing, so there is nothing to overload.
    NoCapacity,
}

/// What came of the suite.
#[derive(Debug)]
pub struct SuiteResults {
    /// What the machine could do before and after all cases.
    pub yardstick: Yardstick,
    /// The cases that were run, in order.
    pub done: Vec<FinishedCase>,
    /// Those that the user stopped, or that were to come after it.
    pub left: Vec<&'static SuiteCase>,
}

/// Why the suite came to nothing.
#[derive(Debug)]
pub enum SuiteHalt {
    /// A run ended in a bug.
    Failed(StressFailure),
    /// An order of a race broke a rule.
    Broken(Box<BrokenOrder>),
    /// A scenario of the suite cannot be read.
    Unreadable(Diagnostics),
}

impl From<StressFailure> for SuiteHalt {
    fn from(failure: StressFailure) -> Self {
        Self::Failed(failure)
    }
}

impl FinishedCase {
    /// Whether it says anything: whether the load generator kept up.
    pub fn is_valid(&self) -> bool {
        match &self.ending {
            CaseEnding::Run(results) => results.is_valid(),
            CaseEnding::Races(_) => true,
            CaseEnding::NoCapacity => false,
        }
    }

    /// Its thresholds that were not met.
    pub fn missed(&self) -> Vec<JudgedThreshold> {
        let CaseEnding::Run(results) = &self.ending else { return Vec::new() };
        let judged = results.judged().into_iter();
        judged.filter(|judged| judged.verdict() != ThresholdVerdict::Met).collect()
    }
}
