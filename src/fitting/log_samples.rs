//! What a log comes to before anything is estimated: counts, and durations in bins.

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::estimation::{DurationBins, ReplyGaps, WaitsByOutcome};
use crate::log::form::{LoggedCause, LoggedState};
use crate::log::{LoggedAgent, LoggedSkill};

/// Intervals of a day in which arrivals and staff are counted.
pub(super) const INTERVALS: u8 = 48;

/// Where arrivals are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArrivalCell {
    /// Local days since 1970-01-01.
    pub day: i32,
    /// Half-hour of the day, from 0.
    pub interval: u8,
    /// Skill asked for.
    pub skill: Option<LoggedSkill>,
}

/// Where the time of agents is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StaffCell {
    /// Local days since 1970-01-01.
    pub day: i32,
    /// Half-hour of the day, from 0.
    pub interval: u8,
    /// Number of the team.
    pub team: usize,
}

/// What one agent did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AgentSamples {
    /// Time Online.
    pub online: Span,
    /// Messages written.
    pub messages: u64,
    /// Conversations owned at once at most.
    pub slots: u32,
    /// Gaps in which it wrote answers, by skill.
    pub replies: BTreeMap<Option<LoggedSkill>, DurationBins>,
    /// Conversations owned when it logged out.
    pub open_at_logout: u64,
    /// Logouts.
    pub logouts: u64,
}

impl AgentSamples {
    /// Answers of which it is known how long they took.
    pub fn answers(&self) -> u64 {
        self.replies.values().map(DurationBins::ended).sum()
    }
}

/// What consumers did who asked for one skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerSamples {
    /// Conversations that were answered and are over, by how often the consumer wrote anew.
    pub turns: BTreeMap<u32, u64>,
    /// From an answer to the next message of the consumer.
    pub think: DurationBins,
    /// Waits until the consumer left, or, cut, until the first answer.
    pub waits_to_answer: DurationBins,
    /// Waits until the consumer left, or, cut, until the first assignment.
    pub waits_to_assignment: DurationBins,
    /// First waits by what became of the conversation.
    pub outcomes: WaitsByOutcome,
}

impl ConsumerSamples {
    fn of_ticks(tick: Span) -> Self {
        let bins = || DurationBins::of_ticks(tick);
        let outcomes = WaitsByOutcome::of_ticks(tick);
        let (think, waits_to_answer, waits_to_assignment) = (bins(), bins(), bins());
        Self { turns: BTreeMap::new(), think, waits_to_answer, waits_to_assignment, outcomes }
    }

    fn merge(&mut self, other: &Self) {
        for (turns, count) in &other.turns {
            *self.turns.entry(*turns).or_default() += count;
        }
        self.think.merge(&other.think);
        self.waits_to_answer.merge(&other.waits_to_answer);
        self.waits_to_assignment.merge(&other.waits_to_assignment);
        self.outcomes.merge(&other.outcomes);
    }
}

/// What a log comes to.
#[derive(Clone, Debug)]
pub struct LogSamples {
    /// Length of a tick of its clock.
    pub tick: Span,
    /// The first and the last instant.
    pub span: Option<[Time; 2]>,
    /// Rows taken.
    pub rows: u64,
    /// Whether the log tells who got a conversation, and when.
    pub has_assignments: bool,
    /// Whether it tells how conversations end.
    pub has_endings: bool,
    /// Whether it tells who wrote.
    pub has_parties: bool,
    /// Conversations by day, interval and skill of their opening.
    pub arrivals: BTreeMap<ArrivalCell, u64>,
    /// Messages of consumers.
    pub consumer_messages: u64,
    /// Messages of agents.
    pub agent_messages: u64,
    /// What consumers did, by skill.
    pub consumers: BTreeMap<Option<LoggedSkill>, ConsumerSamples>,
    /// Turns, by how many messages they had.
    pub turn_sizes: BTreeMap<u32, u64>,
    /// From a message to the next of the same turn.
    pub burst_gaps: DurationBins,
    /// From the opening to the first answer.
    pub first_answers: DurationBins,
    /// From the first unanswered message to the answer.
    pub answers: DurationBins,
    /// From the last message to the answer.
    pub answers_from_last: DurationBins,
    /// Gaps in which answers were written, by skill; cut where the conversation was taken away.
    pub work: BTreeMap<Option<LoggedSkill>, ReplyGaps>,
    /// Who left before the first answer: in the queue, and while an agent had the conversation.
    pub left_in_queue: u64,
    /// Who left before the first answer while an agent had the conversation.
    pub left_while_owned: u64,
    /// Later waits: until the consumer left, or, cut, until the answer.
    pub later_waits: DurationBins,
    /// Closed without any answer, but not because the consumer left.
    pub closed_unanswered: u64,
    /// Conversations that were closed, by how.
    pub endings: BTreeMap<Option<LoggedCause>, u64>,
    /// From the last message to a close by an agent.
    pub closes: DurationBins,
    /// From the last message to a close for silence.
    pub auto_closes: DurationBins,
    /// Conversations without an end in the log.
    pub never_ended: u64,
    /// Messages that came after the close.
    pub reopened: u64,
    /// Answers by agents who did not have the conversation.
    pub answered_unassigned: u64,
    /// Losses of a conversation, by cause.
    pub losses: BTreeMap<Option<LoggedCause>, u64>,
    /// From the last message, or the assignment behind it, to the loss for waiting, by state of the agent.
    pub unassigns: BTreeMap<Option<LoggedState>, DurationBins>,
    /// From a logout to the loss.
    pub removals: DurationBins,
    /// By agent.
    pub agents: BTreeMap<LoggedAgent, AgentSamples>,
    /// Time Online by day, interval and team.
    pub staff: BTreeMap<StaffCell, Span>,
    /// Absences by number of their reason.
    pub away: BTreeMap<Option<usize>, DurationBins>,
    /// Time offline after a lost connection.
    pub disconnects: DurationBins,
    /// Time offline after a logout within a planned shift, until the agent was back in it.
    pub logouts: DurationBins,
    /// From the planned end of each shift to the logout; zero before it.
    pub late_logouts: Vec<Span>,
    /// Planned shifts of days that the log has.
    pub shifts: u64,
    /// Those at which their agent was not there.
    pub missed_shifts: u64,
}

impl LogSamples {
    /// Nothing yet, of a log whose clock has ticks of this length.
    pub fn of_ticks(tick: Span) -> Self {
        let bins = || DurationBins::of_ticks(tick);
        Self {
            tick,
            span: None,
            rows: 0,
            has_assignments: false,
            has_endings: false,
            has_parties: false,
            arrivals: BTreeMap::new(),
            consumer_messages: 0,
            agent_messages: 0,
            consumers: BTreeMap::new(),
            turn_sizes: BTreeMap::new(),
            burst_gaps: bins(),
            first_answers: bins(),
            answers: bins(),
            answers_from_last: bins(),
            work: BTreeMap::new(),
            left_in_queue: 0,
            left_while_owned: 0,
            later_waits: bins(),
            closed_unanswered: 0,
            endings: BTreeMap::new(),
            closes: bins(),
            auto_closes: bins(),
            never_ended: 0,
            reopened: 0,
            answered_unassigned: 0,
            losses: BTreeMap::new(),
            unassigns: BTreeMap::new(),
            removals: bins(),
            agents: BTreeMap::new(),
            staff: BTreeMap::new(),
            away: BTreeMap::new(),
            disconnects: bins(),
            logouts: bins(),
            late_logouts: Vec::new(),
            shifts: 0,
            missed_shifts: 0,
        }
    }

    /// Conversations that were opened.
    pub fn conversations(&self) -> u64 {
        self.arrivals.values().sum()
    }

    /// All consumers together.
    pub fn all_consumers(&self) -> ConsumerSamples {
        let mut all = ConsumerSamples::of_ticks(self.tick);
        self.consumers.values().for_each(|own| all.merge(own));
        all
    }

    pub(super) fn consumers(&mut self, skill: Option<LoggedSkill>) -> &mut ConsumerSamples {
        let tick = self.tick;
        self.consumers.entry(skill).or_insert_with(|| ConsumerSamples::of_ticks(tick))
    }

    pub(super) fn agent(&mut self, agent: LoggedAgent) -> &mut AgentSamples {
        self.agents.entry(agent).or_default()
    }

    /// Adds to the time Online of a team from one instant to another.
    pub(super) fn add_staff(&mut self, team: usize, from: LocalTime, length: Span) {
        let interval = Span::from_hours(24).as_micros() / i64::from(INTERVALS);
        let (mut at, end) = (from.0, from.0 + length.as_micros().max(0));
        while at < end {
            let next = (at.div_euclid(interval) + 1) * interval;
            let LocalInterval { day, interval: of_day } = LocalTime(at).interval();
            let cell = StaffCell { day, interval: of_day, team };
            *self.staff.entry(cell).or_default() += Span::from_micros(next.min(end) - at);
            at = next;
        }
    }
}

/// What a local clock shows: microseconds since 1970-01-01 of that clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LocalTime(pub(super) i64);

/// A day and half-hour of a local clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LocalInterval {
    pub(super) day: i32,
    pub(super) interval: u8,
}

impl LocalTime {
    pub(super) fn of(at: Time, offset_minutes: i16) -> Self {
        Self(at.as_micros() + i64::from(offset_minutes) * Span::from_mins(1).as_micros())
    }

    pub(super) fn interval(self) -> LocalInterval {
        let day = Span::from_hours(24).as_micros();
        let interval = self.0.rem_euclid(day) * i64::from(INTERVALS) / day;
        LocalInterval { day: self.0.div_euclid(day) as i32, interval: interval as u8 }
    }
}
