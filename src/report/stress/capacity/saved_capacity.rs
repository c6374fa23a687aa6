//! A capacity search as it is saved, and read again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::report::json_file::{self, FileHead, ScenarioTitle};
use crate::report::stress::thresholds::described;
use crate::stress::capacity::{Attempt as _, CapacityTrial, TrialResult};

/// A capacity search as it is saved. Times in seconds, rates a second.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SavedCapacity {
    #[serde(flatten)]
    pub(super) head: FileHead<ScenarioTitle>,
    pub(super) variant: String,
    pub(super) seed: u64,
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
    pub(super) trials: Vec<SavedTrial>,
}

/// One end of the interval.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SavedBound {
    pub(super) pace: f64,
    /// Arrivals a second.
    pub rate: f64,
}

/// Timer operations a second of the machine's bare wheel, measured before each trial.
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
    pub(super) valid: bool,
    /// `None` of an invalid trial.
    pub(super) held: Option<bool>,
    pub(super) missed: Vec<String>,
    pub(super) bare_wheel: f64,
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
            valid: attempt.valid,
            held: attempt.held(),
            missed: attempt.missed().map(described).collect(),
            bare_wheel: attempt.wheel,
        }
    }
}

pub(super) const SCHEMA: &str = "shiftstorm/stress-capacity/1";
pub(super) const MAIN: &str = "capacity.json";
