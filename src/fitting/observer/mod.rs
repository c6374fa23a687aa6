//! Rows of a log, in the order of time → samples.

mod agent_states;
mod conversation_ends;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::estimation::{DurationBins, ReplyGaps};
use crate::log::form::{LoggedCause, LoggedEvent, LoggedParty, LoggedState};
use crate::log::{
    LogRow, LoggedAgent, LoggedConversation, LoggedSkill, PlannedShift, PresenceLog, RowTaker,
};

use super::agent_desk::{AgentDesk, GapStart, ReadyAnswer, WorkedAnswer};
use super::log_samples::{ArrivalCell, LocalInterval, LocalTime, LogSamples};
use super::open_conversation::OpenConversation;

/// What is known of agents beside the rows of conversations.
#[derive(Clone, Debug, Default)]
pub struct ObservedAgents {
    /// Their states; none if the log has none.
    pub presence: PresenceLog,
    /// Planned shifts, in order.
    pub shifts: Vec<PlannedShift>,
    /// Number of the team of each agent who has one.
    pub teams: BTreeMap<LoggedAgent, usize>,
}

/// Takes the rows of a log.
pub struct LogObserver<'a> {
    agents: &'a ObservedAgents,
    tick: Span,
    samples: LogSamples,
    open: BTreeMap<LoggedConversation, OpenConversation>,
    desks: BTreeMap<LoggedAgent, AgentDesk>,
    /// States that have come.
    presence: usize,
    /// When what is over was forgotten last.
    swept: Time,
}

impl<'a> LogObserver<'a> {
    /// Nothing has come yet, of a log whose clock has ticks of this length.
    pub fn new(agents: &'a ObservedAgents, tick: Span) -> Self {
        Self {
            agents,
            tick,
            samples: LogSamples::of_ticks(tick),
            open: BTreeMap::new(),
            desks: BTreeMap::new(),
            presence: 0,
            swept: Time::ZERO,
        }
    }

    /// All rows have come.
    pub fn finish(mut self) -> LogSamples {
        let end = self.samples.span.map_or(Time::ZERO, |[_, last]| last);
        let keys = Vec::from_iter(self.desks.keys().copied());
        for agent in keys {
            if self.desks[&agent].state == LoggedState::Online {
                self.account_state(agent, end);
            }
            if let Some(answer) = self.desks[&agent].worked(end) {
                self.cut_work(answer);
            }
        }
        for (_, conversation) in std::mem::take(&mut self.open) {
            self.leave(&conversation, end);
        }
        self.count_shifts();
        self.samples
    }

    /// The gap of an answer that was taken away.
    fn cut_work(&mut self, answer: WorkedAnswer) {
        let skill = self.open.get(&answer.conversation).and_then(|open| open.skill);
        self.gaps(skill, answer.start).add_censored(answer.worked);
    }

    /// Where a gap counts.
    fn gaps(&mut self, skill: Option<LoggedSkill>, start: GapStart) -> &mut DurationBins {
        let of_skill = self.samples.work.entry(skill);
        let gaps = of_skill.or_insert_with(|| ReplyGaps::of_ticks(self.tick));
        match start {
            GapStart::Send => &mut gaps.after_send,
            GapStart::Other => &mut gaps.after_other,
            GapStart::Loss => &mut gaps.after_loss,
        }
    }

    fn desk(&mut self, agent: LoggedAgent, now: Time) -> &mut AgentDesk {
        // Without states, whoever acts is there; with states, whoever has none yet is not.
        let state = match self.agents.presence.rows.is_empty() {
            true => LoggedState::Online,
            false => LoggedState::Offline,
        };
        self.desks.entry(agent).or_insert_with(|| AgentDesk::new(state, now))
    }

    fn message_of_consumer(&mut self, row: &LogRow) {
        self.samples.consumer_messages += 1;
        let Some(open) = self.open.get_mut(&row.conversation) else {
            return self.opens(row);
        };
        if open.is_closed {
            self.samples.reopened += 1;
            (open.is_closed, open.owner) = (false, None);
        }
        let now = row.at;
        if open.consumer_waits {
            self.samples.burst_gaps.add(now - open.last_message);
            open.turn_size += 1;
        } else {
            if let Some(answer) = open.last_answer {
                self.samples.consumers(open.skill).think.add(now - answer);
            }
            *self.samples.turn_sizes.entry(open.turn_size).or_default() += 1;
            open.turns += 1;
            (open.turn_size, open.consumer_waits) = (1, true);
            open.waiting_since = Some(now);
        }
        open.last_message = now;
        self.makes_ready(row.conversation, now);
    }

    fn opens(&mut self, row: &LogRow) {
        let LocalInterval { day, interval } = LocalTime::of(row.at, row.offset_minutes).interval();
        let cell = ArrivalCell { day, interval, skill: row.skill };
        *self.samples.arrivals.entry(cell).or_default() += 1;
        self.open.insert(row.conversation, OpenConversation::opened(row.at, row.skill));
    }

    /// Its owner may begin an answer, if it has one.
    fn makes_ready(&mut self, key: LoggedConversation, now: Time) {
        let Some(open) = self.open.get(&key) else { return };
        let (owner, waiting) = (open.owner, open.waiting_since);
        let Some(owner) = owner else { return };
        let desk = self.desk(owner, now);
        let ready = waiting.map(|waiting_since| ReadyAnswer { waiting_since });
        desk.owned.insert(key, ready);
        desk.begins(now);
        let slots = desk.owned.len() as u32;
        let samples = self.samples.agent(owner);
        samples.slots = samples.slots.max(slots);
    }

    fn message_of_agent(&mut self, row: &LogRow) {
        self.samples.agent_messages += 1;
        let now = row.at;
        let Some(open) = self.open.get_mut(&row.conversation) else { return };
        if let Some(waiting) = open.waiting_since.filter(|_| open.consumer_waits) {
            self.samples.answers.add(now - waiting);
            self.samples.answers_from_last.add(now - open.last_message);
            if open.first_answer.is_none() {
                let wait = now - open.opened;
                open.first_answer = Some(now);
                self.samples.first_answers.add(wait);
                self.samples.consumers(open.skill).waits_to_answer.add_censored(wait);
            } else {
                self.samples.later_waits.add_censored(now - waiting);
            }
        }
        (open.waiting_since, open.consumer_waits) = (None, false);
        open.last_answer = Some(now);
        let (owner, skill) = (open.owner, open.skill);
        let Some(agent) = row.agent.or(owner) else { return };
        self.samples.agent(agent).messages += 1;
        if owner != Some(agent) {
            let has_owners = self.samples.has_assignments;
            self.samples.answered_unassigned += u64::from(has_owners);
        }
        self.sends(row.conversation, agent, skill, now);
    }

    /// An agent has sent an answer: its work ends, and it turns to the next.
    fn sends(
        &mut self,
        key: LoggedConversation,
        agent: LoggedAgent,
        skill: Option<LoggedSkill>,
        now: Time,
    ) {
        let desk = self.desk(agent, now);
        let was_ready = desk.owned.get(&key).is_some_and(Option::is_some);
        let answer = desk.worked(now).filter(|_| was_ready);
        if let Some(ready) = desk.owned.get_mut(&key) {
            *ready = None;
        }
        desk.turns_to_next(now, GapStart::Send);
        // Whatever it was taken to be at, this is what it has written meanwhile.
        let Some(answer) = answer else { return };
        self.gaps(skill, answer.start).add(answer.worked);
        // Who has just lost a conversation was probably not there: of its speed that says nothing.
        if answer.start == GapStart::Loss {
            return;
        }
        let tick = self.tick;
        let replies = &mut self.samples.agent(agent).replies;
        let of_skill = replies.entry(skill).or_insert_with(|| DurationBins::of_ticks(tick));
        of_skill.add(answer.worked);
    }

    /// A conversation leaves its owner; an answer under way is cut, or, if the owner itself gave it away,
    /// over.
    fn loses_owner(&mut self, key: LoggedConversation, now: Time, by_owner: bool) {
        let Some(open) = self.open.get_mut(&key) else { return };
        let Some(owner) = open.owner.take() else { return };
        open.assigned = None;
        let Some(desk) = self.desks.get_mut(&owner) else { return };
        desk.owned.remove(&key);
        let answer = desk.worked(now).filter(|answer| answer.conversation == key);
        let Some(answer) = answer else { return };
        desk.turns_to_next(now, if by_owner { GapStart::Other } else { GapStart::Loss });
        if !by_owner {
            self.cut_work(answer);
        }
    }

    fn assigned(&mut self, row: &LogRow) {
        self.samples.has_assignments = true;
        let Some(agent) = row.agent else { return };
        if self.open.get(&row.conversation).is_none_or(|open| open.owner.is_some()) {
            self.loses_owner(row.conversation, row.at, true);
        }
        let Some(open) = self.open.get_mut(&row.conversation) else { return };
        if !open.was_assigned && open.first_answer.is_none() {
            let wait = row.at - open.opened;
            self.samples.consumers(open.skill).waits_to_assignment.add_censored(wait);
        }
        open.was_assigned = true;
        (open.owner, open.assigned) = (Some(agent), Some(row.at));
        self.makes_ready(row.conversation, row.at);
    }

    fn unassigned(&mut self, row: &LogRow) {
        *self.samples.losses.entry(row.cause).or_default() += 1;
        let bins = DurationBins::of_ticks(self.tick);
        if let Some(open) = self.open.get(&row.conversation) {
            let since = open.assigned.map_or(open.last_message, |at| at.max(open.last_message));
            match row.cause {
                Some(LoggedCause::Timeout) => {
                    let of_state = self.samples.unassigns.entry(row.state).or_insert(bins);
                    of_state.add(row.at - since);
                }
                Some(LoggedCause::Logout) => {
                    // All that an agent has goes at once: one logout, one delay.
                    let desk = open.owner.and_then(|owner| self.desks.get_mut(&owner));
                    if let Some(desk) = desk.filter(|desk| desk.state == LoggedState::Offline)
                        && desk.removed != Some(desk.since)
                    {
                        desk.removed = Some(desk.since);
                        self.samples.removals.add(row.at - desk.since);
                    }
                }
                _ => {}
            }
        }
        let by_owner = row.cause == Some(LoggedCause::ManualReturn);
        self.loses_owner(row.conversation, row.at, by_owner);
    }
}

impl RowTaker for LogObserver<'_> {
    fn begin_again(&mut self) {
        *self = Self::new(self.agents, self.tick);
    }

    fn take(&mut self, row: &LogRow) {
        self.states_until(row.at);
        self.sweep(row.at);
        let samples = &mut self.samples;
        samples.rows += 1;
        samples.span = Some([samples.span.map_or(row.at, |[first, _]| first), row.at]);
        samples.has_parties |= row.from.is_some();
        let is_known = self.open.contains_key(&row.conversation);
        if let Some(open) = self.open.get_mut(&row.conversation) {
            open.last_row = row.at;
            open.skill = row.skill.or(open.skill);
        }
        match (row.event, row.from) {
            (LoggedEvent::Message, Some(LoggedParty::Agent)) if is_known => {
                self.message_of_agent(row);
            }
            (LoggedEvent::Message, Some(LoggedParty::Agent)) => {
                self.samples.agent_messages += 1;
            }
            (LoggedEvent::Message, Some(LoggedParty::System)) => {}
            (LoggedEvent::Message, None) if is_known => {}
            (LoggedEvent::Message, _) => self.message_of_consumer(row),
            (LoggedEvent::Assigned, _) => self.assigned(row),
            (LoggedEvent::Unassigned, _) => self.unassigned(row),
            (LoggedEvent::Transferred | LoggedEvent::Parked, _) => {
                if row.event == LoggedEvent::Transferred {
                    self.loses_owner(row.conversation, row.at, true);
                } else {
                    self.parked(row);
                }
            }
            (LoggedEvent::Boomerang, _) => self.boomerang(row),
            (LoggedEvent::Resolved, _) => self.resolved(row),
        }
    }
}

impl LogObserver<'_> {
    /// Put aside: nothing to do until a reminder or a message.
    fn parked(&mut self, row: &LogRow) {
        let owner = self.open.get(&row.conversation).and_then(|open| open.owner);
        if let Some(desk) = owner.and_then(|owner| self.desks.get_mut(&owner)) {
            desk.owned.insert(row.conversation, None);
            let answer = desk.worked(row.at);
            if answer.is_some_and(|answer| answer.conversation == row.conversation) {
                desk.turns_to_next(row.at, GapStart::Other);
            }
        }
    }

    fn boomerang(&mut self, row: &LogRow) {
        if let Some(open) = self.open.get_mut(&row.conversation) {
            open.waiting_since = open.waiting_since.or(Some(row.at));
        }
        self.makes_ready(row.conversation, row.at);
    }
}
