//! Figures of an outcome by interval of the day.

use serde::{Deserialize, Serialize};

use super::durations::{Durations, Total};
use super::flow::Flow;
use super::gauge::{Gauge, IntervalLevel, PairedSpread, Spread};
use super::merge::{merge_by_field, ratio};
use super::settings::ServiceLevelOf;

/// Figures of one interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntervalFigures {
    /// Conversations opened in it, whenever they were answered, abandoned or closed.
    pub flow: Flow,
    /// Waiting since to reply, of every answered message of these conversations, with 1 digit.
    pub response: Durations,
    /// Handle time of these conversations, as far as they were resolved.
    pub handle: Total,
    /// How abandonment varies over replications.
    pub abandonment: Spread,
    /// How the service level as configured varies over replications.
    pub service_level: Spread,
    /// How abandonment varies together with that of the base.
    #[serde(default)]
    pub abandonment_paired: PairedSpread,
    /// How the service level varies together with that of the base.
    #[serde(default)]
    pub service_level_paired: PairedSpread,
    /// Auto-unassigns in it.
    pub auto_unassigned: u64,
    /// Ownership removals in it.
    pub ownership_removed: u64,
    /// Time of it that was simulated and measured, summed over replications, microseconds.
    pub observed: u128,
    /// Time-weighted figures in it, by [`Gauge`] as position.
    pub levels: [IntervalLevel; Gauge::COUNT],
}

merge_by_field!(IntervalFigures {
    flow,
    response,
    handle,
    abandonment,
    service_level,
    abandonment_paired,
    service_level_paired,
    auto_unassigned,
    ownership_removed,
    observed,
    levels,
});

impl Default for IntervalFigures {
    fn default() -> Self {
        Self {
            flow: Flow::default(),
            response: Durations::new(1),
            handle: Total::default(),
            abandonment: Spread::default(),
            service_level: Spread::default(),
            abandonment_paired: PairedSpread::default(),
            service_level_paired: PairedSpread::default(),
            auto_unassigned: 0,
            ownership_removed: 0,
            observed: 0,
            levels: Default::default(),
        }
    }
}

impl IntervalFigures {
    /// Time at work / time logged in, over all agents.
    pub fn occupancy(&self) -> Option<f64> {
        let area = |gauge: Gauge| self.levels[gauge as usize].area;
        ratio(area(Gauge::Busy), area(Gauge::Online) + area(Gauge::Away))
    }

    /// Writes down how the shares of this one replication add to their spread.
    pub(super) fn note_spread(&mut self, of: ServiceLevelOf) {
        let [abandonment, level] = self.shares(of);
        self.abandonment = Spread::of(abandonment[0], abandonment[1]);
        self.service_level = Spread::of(level[0], level[1]);
    }

    /// Part and whole of its abandonment and of its service level.
    pub fn shares(&self, of: ServiceLevelOf) -> [[u64; 2]; 2] {
        let level = self.flow.service_level_parts(of).into();
        [[self.flow.abandoned(), self.flow.offered], level]
    }

    /// Holds the shares of this one replication against those of the same one of the base.
    pub fn pair(&mut self, of: ServiceLevelOf, base: [[u64; 2]; 2]) {
        let [abandonment, level] = self.shares(of);
        self.abandonment_paired = PairedSpread::of(abandonment, base[0]);
        self.service_level_paired = PairedSpread::of(level, base[1]);
    }

    /// Time-weighted mean over the time observed, in whole units (slots, not thousandths).
    pub fn mean(&self, gauge: Gauge) -> Option<f64> {
        let area = self.levels[gauge as usize].area;
        ratio(area, self.observed).map(|mean| mean / gauge.scale())
    }

    /// Agents logged in, Online or Away, mean over the time observed.
    pub fn logged_in(&self) -> Option<f64> {
        Some(self.mean(Gauge::Online)? + self.mean(Gauge::Away)?)
    }

    /// Highest value, in whole units.
    pub fn maximum(&self, gauge: Gauge) -> f64 {
        self.levels[gauge as usize].maximum as f64 / gauge.scale()
    }
}
