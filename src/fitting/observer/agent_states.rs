//! Agents come and go: what their states and planned shifts tell.

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::estimation::DurationBins;
use crate::fitting::agent_desk::{AgentDesk, GapStart};
use crate::fitting::log_samples::LocalTime;
use crate::log::form::{LoggedState, SESSION_TIMEOUT};
use crate::log::{LoggedAgent, PlannedShift, PresenceRow};

use super::LogObserver;

impl LogObserver<'_> {
    pub(super) fn states_until(&mut self, now: Time) {
        while let Some(&row) = self.agents.presence.rows.get(self.presence)
            && row.at <= now
        {
            self.presence += 1;
            self.state_changes(&row);
        }
    }

    fn state_changes(&mut self, row: &PresenceRow) {
        let &PresenceRow { at, agent, state, cause, offset_minutes } = row;
        self.account_state(agent, at);
        let desk = self.desks.entry(agent).or_insert_with(|| AgentDesk::new(state, at));
        (desk.cause, desk.offset_minutes) = (cause, offset_minutes);
        if state == LoggedState::Offline {
            let (open, answer) = (desk.owned.len() as u64, desk.worked(at));
            desk.changes(at, state);
            desk.turns_to_next(at, GapStart::Other);
            if let Some(answer) = answer {
                self.cut_work(answer);
            }
            let samples = self.samples.agent(agent);
            samples.logouts += 1;
            samples.open_at_logout += open;
            self.note_late_logout(agent, at);
        } else {
            desk.changes(at, state);
        }
    }

    /// The time in a state that ends now, or goes on.
    pub(super) fn account_state(&mut self, agent: LoggedAgent, now: Time) {
        let has_states = !self.agents.presence.rows.is_empty();
        let Some(desk) = self.desks.get_mut(&agent).filter(|_| has_states) else { return };
        let (state, since, cause) = (desk.state, desk.since, desk.cause);
        let length = now - since;
        let local = LocalTime::of(since, desk.offset_minutes);
        desk.since = now;
        match state {
            LoggedState::Online => {
                self.samples.agent(agent).online += length;
                let team = self.agents.teams.get(&agent).copied().unwrap_or(0);
                self.samples.add_staff(team, local, length);
            }
            LoggedState::Away => {
                let bins = DurationBins::of_ticks(self.tick);
                self.samples.away.entry(cause).or_insert(bins).add(length);
            }
            LoggedState::Offline => {
                let is_timeout = cause.is_some_and(|cause| {
                    self.agents.presence.causes.names()[cause] == SESSION_TIMEOUT
                });
                if is_timeout {
                    self.samples.disconnects.add(length);
                } else if self.is_within_shift(agent, since, now) {
                    self.samples.logouts.add(length);
                }
            }
        }
    }

    /// Whether an agent was to be there all the time.
    fn is_within_shift(&self, agent: LoggedAgent, from: Time, to: Time) -> bool {
        let shifts = &self.agents.shifts;
        let begun = shifts.partition_point(|shift| shift.start < from);
        let last = shifts[..begun].iter().rev().find(|shift| shift.agent == agent);
        last.is_some_and(|shift| to < shift.end)
    }

    /// How long after the end of its shift an agent logs out.
    fn note_late_logout(&mut self, agent: LoggedAgent, at: Time) {
        let shifts = &self.agents.shifts;
        let begun = shifts.partition_point(|shift| shift.start < at);
        let last = shifts[..begun].iter().rev().find(|shift| shift.agent == agent);
        let Some(end) = last.map(|shift| shift.end) else { return };
        // Well before the end it is a logout within the shift, long after it none of this shift.
        if at - end < LATE_AT_MOST && end - at < EARLY_AT_MOST {
            self.samples.late_logouts.push(at - end);
        }
    }

    /// Planned shifts of the span of the log, and those at which nobody was there.
    pub(super) fn count_shifts(&mut self) {
        let Some([first, last]) = self.samples.span else { return };
        let mut there = BTreeMap::<LoggedAgent, Vec<Time>>::new();
        for row in &self.agents.presence.rows {
            if row.state != LoggedState::Offline {
                there.entry(row.agent).or_default().push(row.at);
            }
        }
        let in_span =
            |shift: &&PlannedShift| shift.start >= first - LATE_AT_MOST && shift.end <= last;
        for shift in self.agents.shifts.iter().filter(in_span) {
            let times = there.get(&shift.agent).map_or(&[][..], Vec::as_slice);
            let next = times.partition_point(|&time| time < shift.start - LATE_AT_MOST);
            let came = times.get(next).is_some_and(|&time| time < shift.end);
            self.samples.shifts += 1;
            self.samples.missed_shifts += u64::from(!came);
        }
    }
}

/// A logout longer before the end of a shift is one within it.
const EARLY_AT_MOST: Span = Span::from_mins(10);
/// A logout longer after a shift than this belongs to something else.
const LATE_AT_MOST: Span = Span::from_hours(4);
