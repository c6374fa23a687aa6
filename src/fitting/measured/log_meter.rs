//! Rows of a log, in the order of time → what a planner looks at.

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::fitting::log_samples::{LocalInterval, LocalTime};
use crate::fitting::observer::{LogObserver, ObservedAgents};
use crate::log::form::{LoggedCause, LoggedEvent, LoggedParty, LoggedState};
use crate::log::{LogRow, LoggedAgent, LoggedConversation, LoggedSkill, RowTaker};

use super::measured_log::{LogPart, LoggedOpening, MeasuredLog, PartMeasures};
use super::state_timelines::StateTimelines;

/// What to measure by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MeterSettings {
    /// A first answer within this is in time.
    pub within: Span,
    /// Of skills that have a threshold of their own.
    pub within_of_skill: BTreeMap<LoggedSkill, Span>,
    /// The finest step of the clock.
    pub tick: Span,
}

/// Takes the rows of a log.
pub struct LogMeter<'a> {
    agents: &'a ObservedAgents,
    settings: &'a MeterSettings,
    timelines: StateTimelines,
    observer: LogObserver<'a>,
    open: BTreeMap<LoggedConversation, MeteredConversation>,
    busy: BTreeMap<LoggedAgent, BusyAgent>,
    measured: MeasuredWithout,
    last: Time,
    swept: Time,
}

/// All but what the observer knows.
#[derive(Default)]
struct MeasuredWithout {
    parts: BTreeMap<LogPart, PartMeasures>,
    unassigns: BTreeMap<Option<LoggedState>, u64>,
    removals: u64,
    stranded: Span,
    with_work: Span,
    openings: Vec<LoggedOpening>,
}

/// What is kept of a conversation.
#[derive(Clone, Copy)]
struct MeteredConversation {
    parts: [LogPart; 4],
    opened: Time,
    within: Span,
    is_answered: bool,
    waiting_since: Option<Time>,
    /// Whether it calls for an agent: its consumer waits, or a reminder came.
    calls: bool,
    owner: Option<LoggedAgent>,
    /// Since when it calls for its owner.
    calls_since: Option<Time>,
    last: Time,
    is_closed: bool,
}

/// How many conversations call for an agent, and since when any does.
#[derive(Clone, Copy)]
struct BusyAgent {
    calling: u32,
    since: Time,
}

/// What is closed is kept for so long in case its consumer writes again.
const CLOSED_FOR: Span = Span::from_hours(24);

impl<'a> LogMeter<'a> {
    /// Nothing has come yet.
    pub fn new(agents: &'a ObservedAgents, settings: &'a MeterSettings) -> Self {
        Self {
            agents,
            settings,
            timelines: StateTimelines::of(&agents.presence),
            observer: LogObserver::new(agents, settings.tick),
            open: BTreeMap::new(),
            busy: BTreeMap::new(),
            measured: MeasuredWithout::default(),
            last: Time::ZERO,
            swept: Time::ZERO,
        }
    }

    /// All rows have come.
    pub fn finish(mut self) -> MeasuredLog {
        let end = self.last;
        for key in Vec::from_iter(self.open.keys().copied()) {
            self.calls_no_more(key, end);
        }
        let first = self.measured.openings.first().map_or(end, |opening| opening.at);
        let online = self.timelines.agents();
        let online = online
            .map(|(agent, _)| self.timelines.time_in(agent, LoggedState::Online, [first, end]));
        let online = online.sum();
        let MeasuredWithout { parts, unassigns, removals, stranded, with_work, openings } =
            self.measured;
        let samples = self.observer.finish();
        MeasuredLog { parts, unassigns, removals, stranded, with_work, online, samples, openings }
    }

    fn opens(&mut self, row: &LogRow) {
        let local = LocalTime::of(row.at, row.offset_minutes);
        let LocalInterval { day, interval } = local.interval();
        let parts = [
            LogPart::Whole,
            LogPart::Day(day),
            LogPart::Hour(interval / 2),
            LogPart::Skill(row.skill),
        ];
        let own = row.skill.and_then(|skill| self.settings.within_of_skill.get(&skill));
        let conversation = MeteredConversation {
            parts,
            opened: row.at,
            within: own.copied().unwrap_or(self.settings.within),
            is_answered: false,
            waiting_since: Some(row.at),
            calls: true,
            owner: None,
            calls_since: None,
            last: row.at,
            is_closed: false,
        };
        self.open.insert(row.conversation, conversation);
        let (at, offset_minutes, skill) = (row.at, row.offset_minutes, row.skill);
        self.measured.openings.push(LoggedOpening { at, offset_minutes, day, skill });
        self.count(&parts, |part| part.offered += 1);
    }

    fn count(&mut self, parts: &[LogPart], count: impl Fn(&mut PartMeasures)) {
        let tick = self.settings.tick;
        for part in parts {
            let none = || PartMeasures::of_ticks(tick);
            count(self.measured.parts.entry(*part).or_insert_with(none));
        }
    }

    fn message_of_consumer(&mut self, row: &LogRow) {
        let Some(open) = self.open.get_mut(&row.conversation) else { return self.opens(row) };
        open.is_closed = false;
        open.calls = true;
        open.waiting_since = open.waiting_since.or(Some(row.at));
        self.calls(row.conversation, row.at);
    }

    fn message_of_agent(&mut self, row: &LogRow) {
        self.calls_no_more(row.conversation, row.at);
        let Some(open) = self.open.get_mut(&row.conversation) else { return };
        open.calls = false;
        let Some(waiting) = open.waiting_since.take() else { return };
        let (is_first, wait) = (!open.is_answered, row.at - open.opened);
        open.is_answered = true;
        let (parts, is_within) = (open.parts, wait <= open.within);
        self.count(&parts, |part| {
            part.replies.add(row.at - waiting);
            if is_first {
                part.first_waits.add(wait);
                part.within += u64::from(is_within);
            }
        });
    }

    /// It calls for its owner, if it has one.
    fn calls(&mut self, key: LoggedConversation, now: Time) {
        let Some(open) = self.open.get_mut(&key).filter(|open| open.calls) else { return };
        let (Some(owner), None) = (open.owner, open.calls_since) else { return };
        open.calls_since = Some(now);
        let agent = self.busy.entry(owner).or_insert(BusyAgent { calling: 0, since: now });
        if agent.calling == 0 {
            agent.since = now;
        }
        agent.calling += 1;
    }

    fn calls_no_more(&mut self, key: LoggedConversation, now: Time) {
        let Some(open) = self.open.get_mut(&key) else { return };
        let Some((owner, since)) = open.owner.zip(open.calls_since.take()) else { return };
        let time_in = |state, from| self.timelines.time_in(owner, state, [from, now]);
        self.measured.stranded += time_in(LoggedState::Offline, since);
        let Some(agent) = self.busy.get_mut(&owner) else { return };
        agent.calling -= 1;
        if agent.calling == 0 {
            self.measured.with_work += time_in(LoggedState::Online, agent.since);
        }
    }

    fn gets_owner(&mut self, row: &LogRow) {
        self.calls_no_more(row.conversation, row.at);
        if let Some(open) = self.open.get_mut(&row.conversation) {
            open.owner = row.agent;
        }
        self.calls(row.conversation, row.at);
    }

    fn loses_owner(&mut self, key: LoggedConversation, now: Time) {
        self.calls_no_more(key, now);
        if let Some(open) = self.open.get_mut(&key) {
            open.owner = None;
        }
    }

    fn unassigned(&mut self, row: &LogRow) {
        match row.cause {
            Some(LoggedCause::Timeout) => {
                *self.measured.unassigns.entry(row.state).or_default() += 1;
            }
            Some(
                LoggedCause::Logout
                | LoggedCause::MessageWhileOffline
                | LoggedCause::BoomerangWhileOffline,
            ) => self.measured.removals += 1,
            _ => {}
        }
        self.loses_owner(row.conversation, row.at);
    }

    fn resolved(&mut self, row: &LogRow) {
        self.loses_owner(row.conversation, row.at);
        let Some(open) = self.open.get_mut(&row.conversation).filter(|open| !open.is_closed) else {
            return;
        };
        open.is_closed = true;
        (open.waiting_since, open.calls) = (None, false);
        let (parts, is_answered) = (open.parts, open.is_answered);
        if row.cause == Some(LoggedCause::Abandoned) && !is_answered {
            self.count(&parts, |part| part.left += 1);
        }
    }

    fn sweep(&mut self, now: Time) {
        if now - self.swept < CLOSED_FOR {
            return;
        }
        self.swept = now;
        self.open.retain(|_, open| !open.is_closed || now - open.last < CLOSED_FOR);
    }
}

impl RowTaker for LogMeter<'_> {
    fn begin_again(&mut self) {
        *self = Self::new(self.agents, self.settings);
    }

    fn take(&mut self, row: &LogRow) {
        self.observer.take(row);
        self.sweep(row.at);
        self.last = row.at;
        let is_known = self.open.contains_key(&row.conversation);
        if let Some(open) = self.open.get_mut(&row.conversation) {
            open.last = row.at;
        }
        match (row.event, row.from) {
            (LoggedEvent::Message, Some(LoggedParty::Agent)) => self.message_of_agent(row),
            (LoggedEvent::Message, Some(LoggedParty::System)) => {}
            (LoggedEvent::Message, None) if is_known => {}
            (LoggedEvent::Message, _) => self.message_of_consumer(row),
            (LoggedEvent::Assigned, _) => self.gets_owner(row),
            (LoggedEvent::Unassigned, _) => self.unassigned(row),
            (LoggedEvent::Transferred, _) => self.loses_owner(row.conversation, row.at),
            (LoggedEvent::Parked, _) => {
                self.calls_no_more(row.conversation, row.at);
                if let Some(open) = self.open.get_mut(&row.conversation) {
                    open.calls = false;
                }
            }
            (LoggedEvent::Boomerang, _) => {
                if let Some(open) = self.open.get_mut(&row.conversation) {
                    open.calls = true;
                }
                self.calls(row.conversation, row.at);
            }
            (LoggedEvent::Resolved, _) => self.resolved(row),
        }
    }
}
