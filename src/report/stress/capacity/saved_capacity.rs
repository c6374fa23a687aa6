//! A capacity search as it is saved, and read again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::report::json_file::{self, FileHead, ScenarioTitle};
use crate::stress::capacity::{Attempt as _, CapacityTrial, FoundCapacity, TrialResult, Yardstick};

use super::capacity_words::reasons;

/// A capacity search as it is saved. Times in seconds, rates a second.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedCapacity {
    #[serde(flatten)]
    pub(super) head: FileHead<ScenarioTitle>,
    pub(super) variant: String,
    pub(super) seed: u64,
    /// By the clock on the wall, RFC 3339.
    pub(super) started: String,
    pub(super) shards: u32,
    pub(super) speed: f64,
    pub(super) length: f64,
    pub(super) thresholds: Vec<String>,
    pub(super) ending: String,
    /// The highest pace and rate held.
    pub held: Option<SavedBound>,
    /// The lowest above it that was not held.
    pub not_held: Option<SavedBound>,
    /// The machine.
    pub bare_wheel: BareWheelRates,
    /// By what part of the largest that differed.
    pub swing: f64,
    pub(super) trials: Vec<SavedTrial>,
}

/// One end of the interval.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SavedBound {
    pub(super) pace: f64,
    /// Arrivals a second.
    pub rate: f64,
}

/// Timer operations a second of the machine's bare wheel, before and after each
/// confirmation, or, without any, each trial.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct BareWheelRates {
    /// In the middle.
    pub median: f64,
    /// At least.
    pub least: f64,
    /// At most.
    pub most: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SavedTrial {
    pub(super) phase: String,
    pub(super) pace: f64,
    pub(super) rate: f64,
    pub(super) opened: f64,
    pub(super) timers: f64,
    pub(super) lateness_p99: Option<f64>,
    pub(super) length: f64,
    pub(super) valid: bool,
    pub(super) outcome: String,
    /// What was missed, or found too little to measure.
    pub(super) reasons: Vec<String>,
    pub(super) bare_wheel: Yardstick,
}

impl BareWheelRates {
    /// What it did before and after the confirmations, or, without any, all trials.
    pub(super) fn of(found: &FoundCapacity<TrialResult>) -> Self {
        let yardsticks = found.yardsticks();
        let mut rates = Vec::from_iter(yardsticks.iter().flat_map(|it| [it.before, it.after]));
        rates.sort_by(f64::total_cmp);
        let [least, .., most] = rates[..] else { return Self::default() };
        Self { median: rates[rates.len() / 2], least, most }
    }
}

impl SavedCapacity {
    /// Reads what an earlier search left in its folder.
    ///
    /// # Errors
    ///
    /// There is none, or it cannot be read.
    pub fn read(folder: &Path) -> Result<Self, String> {
        json_file::read(&folder.join(MAIN), SCHEMA)
    }

    /// Name of the scenario.
    pub fn name(&self) -> &str {
        &self.head.scenario.name
    }
}

impl SavedTrial {
    pub(super) fn of(trial: &CapacityTrial<TrialResult>) -> Self {
        let CapacityTrial { phase, pace, attempt } = trial;
        Self {
            phase: phase.name().to_owned(),
            pace: *pace,
            rate: attempt.rate,
            opened: attempt.opened,
            timers: attempt.timers,
            lateness_p99: attempt.lateness.map(|late| late.as_secs_f64()),
            length: attempt.length.as_secs_f64(),
            valid: attempt.valid,
            outcome: attempt.outcome().name().to_owned(),
            reasons: reasons(attempt),
            bare_wheel: attempt.yardstick,
        }
    }
}

pub(super) const SCHEMA: &str = "shiftstorm/stress-capacity/2";
pub(super) const MAIN: &str = "capacity.json";
