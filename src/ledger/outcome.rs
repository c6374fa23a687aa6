//! What one replication, or several merged, came to.

use serde::{Deserialize, Serialize};

use crate::base::time::{Span, Time};

use super::durations::{Durations, Total};
use super::gauge::{Gauge, IntervalLevel, LevelFigure, Sampled};
use super::merge::{Merge, merge_by_field};
use super::settings::{Goals, ServiceLevel, ServiceLevelOf};

/// Everything measured, as integers that add exactly over replications.
///
/// Only conversations opened at or after the warm-up count. Time-weighted figures begin at the
/// warm-up and are kept apart up to the horizon and after it (the drain). Large sums are 128-bit:
/// save it with a format that knows them, such as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How many replications are merged here.
    pub replications: u64,
    /// Whether the invariants were checked in all of them.
    pub checked: bool,
    /// Under which settings.
    pub frame: Frame,
    /// Names behind the positions.
    pub labels: Labels,
    /// Conversations of the run.
    pub flow: Flow,
    /// Occurrences of the run.
    pub counts: Counts,
    /// Durations of the run.
    pub times: Times,
    /// By the skill asked for at the opening.
    pub skills: Vec<SkillFigures>,
    /// By agent group.
    pub groups: Vec<GroupFigures>,
    /// By agent.
    pub agents: Vec<AgentFigures>,
    /// Intervals from the start of the run, one after the other over all days; the first begins at
    /// the start of the run, whatever the warm-up.
    pub intervals: Vec<IntervalFigures>,
    /// Time-weighted figures, by [`Gauge`] as position.
    pub levels: [LevelFigure; Gauge::COUNT],
    /// `measure.at`.
    pub instants: Vec<InstantFigures>,
    /// Time from the end of the warm-up to the end of the run, summed over replications,
    /// microseconds.
    pub to_rest: u128,
}

/// Settings that the figures depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Measures begin.
    pub warm_up: Time,
    /// Arrivals end.
    pub until: Time,
    /// Length of an interval.
    pub interval: Span,
    /// Definition of the service level.
    pub service_level: ServiceLevel,
    /// A response within this time is in time.
    pub response_within: Span,
    /// Goals.
    pub goals: Goals,
}

/// Names behind the positions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    /// Skills.
    pub skills: Vec<String>,
    /// Agent groups.
    pub groups: Vec<String>,
    /// Away reasons.
    pub reasons: Vec<String>,
}

/// Conversations and how they fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Opened.
    pub offered: u64,
    /// First answered before any abandonment.
    pub answered: u64,
    /// Abandoned before the first answer, without an owner at that moment.
    pub abandoned_in_queue: Abandoned,
    /// Abandoned before the first answer, with an owner at that moment.
    pub abandoned_while_owned: Abandoned,
    /// Abandoned after the first answer.
    pub abandoned_mid_conversation: Abandoned,
    /// Resolved, neither answered nor abandoned before.
    pub closed_unanswered: u64,
    /// Open at the end of the run, neither answered nor abandoned.
    pub unanswered_at_end: u64,
    /// Open at the end of the run, whatever happened before.
    pub open_at_end: u64,
    /// Assigned before any abandonment.
    pub assigned: u64,
    /// Reached what ends the wait of the service level (first answer or first assignment).
    pub reached: u64,
    /// Reached it within the threshold.
    pub within: u64,
    /// Abandoned before reaching it, within the threshold.
    pub abandoned_within: u64,
    /// Opening to first answer.
    pub first_response: Total,
    /// Opening to first assignment.
    pub assignment: Total,
    /// Waiting since to reply, of every answered message.
    pub response: Total,
    /// Responses within `measure.response_within`.
    pub response_within: u64,
    /// Messages of consumers, the opening ones too.
    pub messages: u64,
}

merge_by_field!(Flow {
    offered,
    answered,
    abandoned_in_queue,
    abandoned_while_owned,
    abandoned_mid_conversation,
    closed_unanswered,
    unanswered_at_end,
    open_at_end,
    assigned,
    reached,
    within,
    abandoned_within,
    first_response,
    assignment,
    response,
    response_within,
    messages,
});

/// Abandonments, by whether the platform noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abandoned {
    /// Openly: resolved at once.
    pub open: u64,
    /// Silently: the platform does not know.
    pub silent: u64,
}

merge_by_field!(Abandoned { open, silent });

impl Abandoned {
    /// Both.
    pub fn all(&self) -> u64 {
        self.open + self.silent
    }
}

impl Flow {
    /// Abandoned before the first answer.
    pub fn abandoned(&self) -> u64 {
        self.abandoned_in_queue.all() + self.abandoned_while_owned.all()
    }

    /// Whether every conversation is accounted for once: offered = answered first + abandoned
    /// before the first answer + closed unanswered + unanswered at end.
    pub fn balances(&self) -> bool {
        self.offered
            == self.answered + self.abandoned() + self.closed_unanswered + self.unanswered_at_end
    }

    /// Abandoned before the first answer / offered.
    pub fn abandonment(&self) -> Option<f64> {
        ratio(self.abandoned(), self.offered)
    }

    /// The service level in one of the four ways, 0 to 1; `None` over nothing.
    pub fn service_level(&self, of: ServiceLevelOf) -> Option<f64> {
        match of {
            ServiceLevelOf::Offered => ratio(self.within, self.offered),
            ServiceLevelOf::Answered => ratio(self.within, self.reached),
            ServiceLevelOf::OfferedWithoutShortAbandons => {
                ratio(self.within, self.offered - self.abandoned_within)
            }
            ServiceLevelOf::ShortAbandonsCountAsServed => {
                ratio(self.within + self.abandoned_within, self.offered)
            }
        }
    }
}

/// Occurrences, each on a conversation that counts or, without a conversation, after the warm-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Resolved by the reply to the last message.
    pub resolved_by_agent: u64,
    /// Closed by the consumer.
    pub resolved_by_consumer: u64,
    /// Resolved because the consumer left openly.
    pub resolved_by_abandonment: u64,
    /// Closed for silence.
    pub auto_closed: u64,
    /// Ownerships begun: by assignment, claim or hand-over.
    pub assignments: u64,
    /// Of which claimed (pull mode).
    pub claims: u64,
    /// Replies that answered a message.
    pub answers: u64,
    /// Replies that answered none (D6).
    pub follow_ups: u64,
    /// Replies to consumers who had left silently.
    pub wasted_answers: u64,
    /// Auto-unassigns of owners who were Online.
    pub unassigned_online: u64,
    /// Auto-unassigns of owners who were Away.
    pub unassigned_away: u64,
    /// Auto-unassigns of owners who were Offline.
    pub unassigned_offline: u64,
    /// Auto-unassigns of a conversation that had one before.
    pub unassigned_again: u64,
    /// Assignments to the agent from whom the conversation was auto-unassigned last.
    pub back_to_same_agent: u64,
    /// Conversations by number of auto-unassigns: 0, 1, …, the last position and more.
    pub conversations_by_unassigns: [u64; UNASSIGN_CLASSES],
    /// Deadlines that fell due under a manual SLA (A7).
    pub suppressed_by_manual_sla: u64,
    /// Manual SLAs set.
    pub manual_slas: u64,
    /// Deadlines moved by a further message (D1).
    pub deadlines_moved: u64,
    /// Ownerships removed after a logout (B1).
    pub removed_on_logout: u64,
    /// Ownerships removed by a message to an offline owner (B3).
    pub removed_on_message: u64,
    /// Ownerships removed by a boomerang of an offline owner (B4).
    pub removed_on_boomerang: u64,
    /// Answers that came too late and were not delivered (D14).
    pub late_replies: u64,
    /// Stale unassign deadlines.
    pub stale_deadlines: u64,
    /// Stale ends of manual SLAs.
    pub stale_manual_slas: u64,
    /// Stale pairs of ownership removals (E3).
    pub stale_removals: u64,
    /// Stale acts of agents.
    pub stale_acts: u64,
    /// Stale boomerangs.
    pub stale_boomerangs: u64,
    /// Claims refused (E13).
    pub refused_claims: u64,
    /// Conversations that woke up above their owner's limit.
    pub overshoots: u64,
    /// Notifications at login (B6).
    pub notifications: u64,
    /// Of which stale (E11).
    pub stale_notifications: u64,
    /// Given back to the queue by the owner (A10).
    pub returned: u64,
    /// Given to another skill (A10).
    pub transferred_to_skill: u64,
    /// Given to another agent who was logged in (A10).
    pub transferred_to_agent: u64,
    /// Given to an agent who was offline (B6).
    pub assigned_offline: u64,
    /// Taken up at login (B6).
    pub taken_up: u64,
    /// Parked (B7).
    pub parked: u64,
    /// Boomerangs that brought a conversation back.
    pub boomerangs: u64,
}

/// Number of classes of [`Counts::conversations_by_unassigns`].
pub const UNASSIGN_CLASSES: usize = 11;

merge_by_field!(Counts {
    resolved_by_agent,
    resolved_by_consumer,
    resolved_by_abandonment,
    auto_closed,
    assignments,
    claims,
    answers,
    follow_ups,
    wasted_answers,
    unassigned_online,
    unassigned_away,
    unassigned_offline,
    unassigned_again,
    back_to_same_agent,
    conversations_by_unassigns,
    suppressed_by_manual_sla,
    manual_slas,
    deadlines_moved,
    removed_on_logout,
    removed_on_message,
    removed_on_boomerang,
    late_replies,
    stale_deadlines,
    stale_manual_slas,
    stale_removals,
    stale_acts,
    stale_boomerangs,
    refused_claims,
    overshoots,
    notifications,
    stale_notifications,
    returned,
    transferred_to_skill,
    transferred_to_agent,
    assigned_offline,
    taken_up,
    parked,
    boomerangs,
});

impl Counts {
    /// Auto-unassigns, whatever the owner's state.
    pub fn auto_unassigned(&self) -> u64 {
        self.unassigned_online + self.unassigned_away + self.unassigned_offline
    }

    /// Ownership removals, whatever the cause.
    pub fn ownership_removed(&self) -> u64 {
        self.removed_on_logout + self.removed_on_message + self.removed_on_boomerang
    }
}

/// Durations of the run, with 3 digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Times {
    /// Opening to first answer.
    pub first_response: Durations,
    /// Opening to first assignment.
    pub assignment: Durations,
    /// Waiting since to reply, of every answered message.
    pub response: Durations,
    /// Waiting since to the start of writing.
    pub start_of_writing: Durations,
    /// Each stay in the queue.
    pub queue: Durations,
    /// Message to auto-unassign.
    pub unassign_delay: Durations,
    /// Auto-unassign or ownership removal to next owner.
    pub next_owner: Durations,
    /// Auto-unassign or ownership removal to the reply of another agent.
    pub rescue: Durations,
    /// Logout (or, if later, assignment) to ownership removal (B1).
    pub removal_delay: Durations,
    /// Time that a conversation spent New with an owner who was Offline, one value for each stay
    /// with that owner in New.
    pub stranded: Durations,
    /// Handle time: time in New, owned or not, of one conversation (E14).
    pub handle: Durations,
    /// Handle time with an owner.
    pub handle_owned: Durations,
    /// Handle time with an owner who was logged in.
    pub handle_logged_in: Durations,
}

merge_by_field!(Times {
    first_response,
    assignment,
    response,
    start_of_writing,
    queue,
    unassign_delay,
    next_owner,
    rescue,
    removal_delay,
    stranded,
    handle,
    handle_owned,
    handle_logged_in,
});

impl Default for Times {
    fn default() -> Self {
        let none = || Durations::new(3);
        Self {
            first_response: none(),
            assignment: none(),
            response: none(),
            start_of_writing: none(),
            queue: none(),
            unassign_delay: none(),
            next_owner: none(),
            rescue: none(),
            removal_delay: none(),
            stranded: none(),
            handle: none(),
            handle_owned: none(),
            handle_logged_in: none(),
        }
    }
}

/// Figures of one skill. Conversations belong to the skill asked for at the opening; queue figures
/// to the skill in whose queue the time was spent. Durations with 2 digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkillFigures {
    /// Conversations.
    pub flow: Flow,
    /// Auto-unassigns.
    pub auto_unassigned: u64,
    /// Ownership removals.
    pub ownership_removed: u64,
    /// Opening to first answer.
    pub first_response: Durations,
    /// Waiting since to reply.
    pub response: Durations,
    /// Each stay in this skill's queue.
    pub queue: Durations,
    /// Handle time of one conversation.
    pub handle: Durations,
    /// Length of this skill's queue.
    pub queue_length: LevelFigure,
}

merge_by_field!(SkillFigures {
    flow,
    auto_unassigned,
    ownership_removed,
    first_response,
    response,
    queue,
    handle,
    queue_length,
});

impl Default for SkillFigures {
    fn default() -> Self {
        let none = || Durations::new(2);
        Self {
            flow: Flow::default(),
            auto_unassigned: 0,
            ownership_removed: 0,
            first_response: none(),
            response: none(),
            queue: none(),
            handle: none(),
            queue_length: LevelFigure::default(),
        }
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
}

impl Merge for GroupFigures {
    fn merge(&mut self, other: &Self) {
        self.horizon.merge(&other.horizon);
        self.drain.merge(&other.drain);
        self.away.merge(&other.away);
        self.work.merge(&other.work);
        self.response.merge(&other.response);
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

impl Merge for AgentFigures {
    fn merge(&mut self, other: &Self) {
        self.horizon.merge(&other.horizon);
        self.drain.merge(&other.drain);
        self.away.merge(&other.away);
        self.work.merge(&other.work);
    }
}

/// How agents spent their time, microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTimes {
    /// Online or Away.
    pub logged_in: u128,
    /// Online.
    pub online: u128,
    /// Away.
    pub away: u128,
    /// Logged in and at work: writing, deciding on a hand-over, wrapping up.
    pub busy: u128,
    /// Logged in and unresponsive.
    pub interrupted: u128,
    /// Online, neither at work nor unresponsive.
    pub idle: u128,
    /// Logged in and closing.
    pub closing: u128,
    /// Thousandths of slots in use while logged in × microseconds.
    pub slots_used: u128,
    /// Thousandths of slots while logged in × microseconds.
    pub slots: u128,
}

merge_by_field!(AgentTimes {
    logged_in,
    online,
    away,
    busy,
    interrupted,
    idle,
    closing,
    slots_used,
    slots,
});

impl AgentTimes {
    /// Busy / logged in.
    pub fn occupancy(&self) -> Option<f64> {
        ratio(self.busy, self.logged_in)
    }

    /// Weighted slots used / slots, while logged in.
    pub fn slot_use(&self) -> Option<f64> {
        ratio(self.slots_used, self.slots)
    }
}

/// What agents did and what was done to them, on conversations that count (late replies, refused
/// claims and overshoots: after the warm-up).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentCounts {
    /// Ownerships begun.
    pub conversations: u64,
    /// Replies that answered a message.
    pub answers: u64,
    /// Waiting since to reply.
    pub response: Total,
    /// Auto-unassigns suffered.
    pub auto_unassigned: u64,
    /// Ownership removals suffered.
    pub ownership_removed: u64,
    /// Parked.
    pub parked: u64,
    /// Handed over: given back, transferred, assigned to an offline agent.
    pub handed_over: u64,
    /// Late replies.
    pub late_replies: u64,
    /// Claims refused.
    pub refused_claims: u64,
    /// Conversations that woke up above the limit.
    pub overshoots: u64,
}

merge_by_field!(AgentCounts {
    conversations,
    answers,
    response,
    auto_unassigned,
    ownership_removed,
    parked,
    handed_over,
    late_replies,
    refused_claims,
    overshoots,
});

/// Figures of one interval.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntervalFigures {
    /// Conversations opened in it, whenever they were answered, abandoned or closed.
    pub flow: Flow,
    /// Auto-unassigns in it.
    pub auto_unassigned: u64,
    /// Ownership removals in it.
    pub ownership_removed: u64,
    /// Time of it that was simulated and measured, summed over replications, microseconds.
    pub observed: u128,
    /// Time-weighted figures in it, by [`Gauge`] as position.
    pub levels: [IntervalLevel; Gauge::COUNT],
}

merge_by_field!(IntervalFigures { flow, auto_unassigned, ownership_removed, observed, levels });

impl IntervalFigures {
    /// Time-weighted mean over the time observed, in whole units (slots, not thousandths).
    pub fn mean(&self, gauge: Gauge) -> Option<f64> {
        let area = self.levels[gauge as usize].area;
        ratio(area, self.observed).map(|mean| mean / gauge.scale())
    }

    /// Highest value, in whole units.
    pub fn maximum(&self, gauge: Gauge) -> f64 {
        self.levels[gauge as usize].maximum as f64 / gauge.scale()
    }
}

/// What was seen at one instant of `measure.at`, just after all that happened at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstantFigures {
    /// The instant.
    pub at: Time,
    /// Open conversations.
    pub open: Sampled,
    /// New conversations without an owner.
    pub queued: Sampled,
    /// Busy agents.
    pub busy: Sampled,
    /// Thousandths of slots in use by logged-in agents.
    pub slots_used: Sampled,
}

impl Merge for InstantFigures {
    fn merge(&mut self, other: &Self) {
        self.open.merge(&other.open);
        self.queued.merge(&other.queued);
        self.busy.merge(&other.busy);
        self.slots_used.merge(&other.slots_used);
    }
}

impl Outcome {
    /// Adds other replications of the same plan. Exact and independent of grouping; do it in
    /// replication order all the same.
    pub fn merge(&mut self, other: &Self) {
        debug_assert!(self.frame == other.frame && self.labels == other.labels);
        self.replications += other.replications;
        self.checked &= other.checked;
        self.flow.merge(&other.flow);
        self.counts.merge(&other.counts);
        self.times.merge(&other.times);
        self.skills.merge(&other.skills);
        self.groups.merge(&other.groups);
        self.agents.merge(&other.agents);
        self.intervals.merge(&other.intervals);
        self.levels.merge(&other.levels);
        self.instants.merge(&other.instants);
        self.to_rest.merge(&other.to_rest);
    }

    /// Time from the end of the warm-up to the horizon, summed over replications, microseconds.
    pub fn horizon(&self) -> u128 {
        let span = (self.frame.until - self.frame.warm_up).as_micros().max(0);
        span as u128 * u128::from(self.replications)
    }

    /// Time-weighted mean from the end of the warm-up to the horizon, in whole units (slots, not
    /// thousandths).
    pub fn mean(&self, gauge: Gauge) -> Option<f64> {
        let area = self.levels[gauge as usize].horizon;
        ratio(area, self.horizon()).map(|mean| mean / gauge.scale())
    }

    /// Highest value after the warm-up in any replication, in whole units.
    pub fn maximum(&self, gauge: Gauge) -> f64 {
        self.levels[gauge as usize].maximum as f64 / gauge.scale()
    }

    /// The service level as configured.
    pub fn service_level(&self) -> Option<f64> {
        self.flow.service_level(self.frame.service_level.of)
    }

    /// Auto-unassigns and ownership removals / offered.
    pub fn reassignments(&self) -> Option<f64> {
        let removals = self.counts.auto_unassigned() + self.counts.ownership_removed();
        ratio(removals, self.flow.offered)
    }

    /// Times of all agents to the horizon.
    pub fn agent_times(&self) -> AgentTimes {
        let mut all = AgentTimes::default();
        self.groups.iter().for_each(|group| all.merge(&group.horizon));
        all
    }
}

/// An integer that may be divided for a report.
trait Countable {
    fn value(self) -> f64;
}

impl Countable for u64 {
    fn value(self) -> f64 {
        self as f64
    }
}

impl Countable for u128 {
    fn value(self) -> f64 {
        self as f64
    }
}

fn ratio<T: Countable>(part: T, whole: T) -> Option<f64> {
    let whole = whole.value();
    (whole > 0.0).then(|| part.value() / whole)
}
