//! Figures of an outcome by what they are about: skills, groups, agents, instants.

use serde::{Deserialize, Serialize};

use crate::base::time::Time;

use super::agent_work::{AgentCounts, AgentTimes};
use super::durations::Durations;
use super::flow::Flow;
use super::gauge::{LevelFigure, Sampled};
use super::merge::{Merge, merge_by_field};
use super::part_intervals::{GroupIntervalFigures, SkillIntervalFigures};

/// Figures of one skill, of every stay of a conversation with it. A stay begins at the opening or with
/// a hand-over from another skill, and ends with the next or at the close; it is answered, abandoned
/// and late by what happens in it, and its waits run from its beginning. Durations with 2 digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkillFigures {
    /// Stays. Assigned is one that an agent who is logged in has had.
    pub flow: Flow,
    /// Stays that began with a hand-over from another skill.
    pub handed_in: u64,
    /// Stays that ended with a hand-over to another skill.
    pub handed_out: u64,
    /// Of which neither answered nor abandoned before.
    pub handed_out_unanswered: u64,
    /// Auto-unassigns.
    pub auto_unassigned: u64,
    /// Ownership removals.
    pub ownership_removed: u64,
    /// Beginning of the stay to its first answer.
    pub first_response: Durations,
    /// Waiting since, or the beginning of the stay if that is later, to reply.
    pub response: Durations,
    /// Each time in this skill's queue.
    pub queue: Durations,
    /// Handle time of one stay.
    pub handle: Durations,
    /// Length of this skill's queue.
    pub queue_length: LevelFigure,
    /// Interval by interval, as those of the run; empty where nobody asks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "super::number_rows")]
    pub intervals: Vec<SkillIntervalFigures>,
}

merge_by_field!(SkillFigures {
    flow,
    handed_in,
    handed_out,
    handed_out_unanswered,
    auto_unassigned,
    ownership_removed,
    first_response,
    response,
    queue,
    handle,
    queue_length,
    intervals,
});

impl Default for SkillFigures {
    fn default() -> Self {
        let none = || Durations::new(2);
        Self {
            flow: Flow::default(),
            handed_in: 0,
            handed_out: 0,
            handed_out_unanswered: 0,
            auto_unassigned: 0,
            ownership_removed: 0,
            first_response: none(),
            response: none(),
            queue: none(),
            handle: none(),
            queue_length: LevelFigure::default(),
            intervals: Vec::new(),
        }
    }
}

impl SkillFigures {
    /// Whether every stay is accounted for once: offered = answered first + abandoned before the first
    /// answer + closed unanswered + handed out before an answer + unanswered at end.
    pub fn balances(&self) -> bool {
        self.flow.offered == self.flow.settled() + self.handed_out_unanswered
    }
}

/// Figures of one agent group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFigures {
    /// Number of agents.
    pub agents: u32,
    /// Time from the end of the warm-up to the horizon.
    pub horizon: AgentTimes,
    /// Time from the horizon to the end of the run.
    pub drain: AgentTimes,
    /// Time Away by reason, to the horizon, microseconds.
    pub away: Vec<u128>,
    /// What they did.
    pub work: AgentCounts,
    /// Waiting since to reply, with 2 digits.
    pub response: Durations,
    /// Interval by interval, as those of the run; empty where nobody asks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "super::number_rows")]
    pub intervals: Vec<GroupIntervalFigures>,
}

impl GroupFigures {
    pub(super) fn none(agents: u32, reasons: usize) -> Self {
        Self {
            agents,
            horizon: AgentTimes::default(),
            drain: AgentTimes::default(),
            away: vec![0; reasons],
            work: AgentCounts::default(),
            response: Durations::new(2),
            intervals: Vec::new(),
        }
    }
}

impl Merge for GroupFigures {
    fn merge(&mut self, other: &Self) {
        self.horizon.merge(&other.horizon);
        self.drain.merge(&other.drain);
        self.away.merge(&other.away);
        self.work.merge(&other.work);
        self.response.merge(&other.response);
        self.intervals.merge(&other.intervals);
    }
}

/// Figures of one agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentFigures {
    /// Position of its group.
    pub group: u16,
    /// Time from the end of the warm-up to the horizon.
    pub horizon: AgentTimes,
    /// Time from the horizon to the end of the run.
    pub drain: AgentTimes,
    /// Time Away by reason, to the horizon, microseconds.
    pub away: Vec<u128>,
    /// What it did.
    pub work: AgentCounts,
}

impl AgentFigures {
    pub(super) fn none(group: u16, reasons: usize) -> Self {
        Self {
            group,
            horizon: AgentTimes::default(),
            drain: AgentTimes::default(),
            away: vec![0; reasons],
            work: AgentCounts::default(),
        }
    }
}

impl Merge for AgentFigures {
    fn merge(&mut self, other: &Self) {
        self.horizon.merge(&other.horizon);
        self.drain.merge(&other.drain);
        self.away.merge(&other.away);
        self.work.merge(&other.work);
    }
}

/// What was seen at one instant of `measure.at`, just after all that happened at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstantFigures {
    /// The instant.
    pub at: Time,
    /// Replications that saw it: those that were not cut off before.
    #[serde(default)]
    pub seen: u64,
    /// Open conversations.
    pub open: Sampled,
    /// New conversations without an owner.
    pub queued: Sampled,
    /// Busy agents.
    pub busy: Sampled,
    /// Thousandths of slots in use by logged-in agents.
    pub slots_used: Sampled,
}

impl InstantFigures {
    pub(super) fn none(at: Time) -> Self {
        Self {
            at,
            seen: 0,
            open: Sampled::default(),
            queued: Sampled::default(),
            busy: Sampled::default(),
            slots_used: Sampled::default(),
        }
    }
}

impl Merge for InstantFigures {
    fn merge(&mut self, other: &Self) {
        self.seen += other.seen;
        self.open.merge(&other.open);
        self.queued.merge(&other.queued);
        self.busy.merge(&other.busy);
        self.slots_used.merge(&other.slots_used);
    }
}
