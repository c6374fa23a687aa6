//! Figures of a skill and of a group of agents by interval: counts and sums only, no distributions.

use serde::{Deserialize, Serialize};

use super::agent_work::{AgentCounts, AgentTimes};
use super::durations::Total;
use super::flow::Flow;
use super::gauge::IntervalLevel;
use super::merge::ratio;
use super::number_rows::numbers_by_field;

/// Stays with a skill that began in one interval, and what the skill saw in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SkillIntervalFigures {
    /// Stays that began in it, whenever they were answered, abandoned or closed.
    pub flow: Flow,
    /// Each time in the queue of these stays.
    pub queue: Total,
    /// Handle time of these stays.
    pub handle: Total,
    /// Auto-unassigns in it.
    pub auto_unassigned: u64,
    /// Ownership removals in it.
    pub ownership_removed: u64,
    /// Length of the queue in it.
    pub queue_length: IntervalLevel,
    /// Time logged in of agents who have the skill, in it, microseconds; one with several skills counts for
    /// each of them.
    pub logged_in: u128,
}

numbers_by_field!(SkillIntervalFigures {
    flow,
    queue,
    handle,
    auto_unassigned,
    ownership_removed,
    queue_length,
    logged_in,
});

impl SkillIntervalFigures {
    /// Length of the queue, mean over the time that was observed, in microseconds.
    pub fn mean_queue(&self, observed: u128) -> Option<f64> {
        ratio(self.queue_length.area, observed)
    }

    /// Agents logged in who have the skill, mean over the time that was observed, in microseconds.
    pub fn mean_logged_in(&self, observed: u128) -> Option<f64> {
        ratio(self.logged_in, observed)
    }
}

/// What a group of agents did in one interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GroupIntervalFigures {
    /// How its agents spent their time.
    pub times: AgentTimes,
    /// What they did, and what was done to them.
    pub work: AgentCounts,
}

numbers_by_field!(GroupIntervalFigures { times, work });
