//! What is planned by the day: shifts, and absences at a fixed time.

use crate::base::stream::{Purpose, uniform};
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::message::AgentTimer;
use crate::model::settings::{ListedPlans, Shift, Trigger};

use super::Agent;
use super::episodes::draw_index;

impl Agent {
    fn shifts(&self) -> Option<OwnShifts<'_>> {
        let roster = &self.group().roster;
        let agents = roster.lists()?;
        let own = agents.get(self.presence.member as usize).or_else(|| agents.last());
        let list = own.map_or(&[][..], Vec::as_slice);
        Some(OwnShifts { list, are_daily: roster.is_daily(), agent: self })
    }

    pub(super) fn is_rostered(&self, now: Time) -> bool {
        match self.shifts() {
            Some(shifts) => shifts.end_at(now).is_some(),
            None => !self.is_absent(Time::ZERO),
        }
    }

    /// Whether the agent is absent from what begins at an instant.
    fn is_absent(&self, start: Time) -> bool {
        let absentees = &self.context.absentees[usize::from(self.group.0)];
        absentees.as_ref().is_some_and(|absentees| absentees.has(self.presence.member, start))
    }

    /// When the shift ends that covers an instant, and those that follow it without a pause; `None`
    /// if that is never.
    pub(super) fn shift_ends(&self, now: Time) -> Option<Time> {
        let shifts = self.shifts()?;
        let mut end = shifts.end_at(now)?;
        while let Some(later) = shifts.end_at(end) {
            if shifts.are_daily && later - now > DAY {
                return None;
            }
            end = later;
        }
        Some(end)
    }

    pub(super) fn plans_next_shift(&self, now: Time, outbox: &mut Outbox) {
        if let Some(next) = self.shifts().and_then(|shifts| shifts.next_boundary(now)) {
            self.remind(next, AgentTimer::Shift, outbox);
        }
    }

    /// Sets the time at which a planned absence may begin on a day of the run. The day stands where
    /// a random absence has its generation.
    pub(super) fn plans_for_day(&self, episode: u16, day: u16, outbox: &mut Outbox) {
        if let Some(due) = self.planned(episode, day) {
            self.remind(due, AgentTimer::EpisodeBegins { episode, generation: day }, outbox);
        }
    }

    /// The same for the first day on which it is still to come.
    pub(super) fn plans_next_day(&self, now: Time, episode: u16, outbox: &mut Outbox) {
        let today = match &self.episode(episode).trigger {
            Trigger::At { at, .. } => at.day_at(now),
            Trigger::Listed { agents, are_daily, .. } => {
                self.listed_plans(agents, *are_daily).number_at(now)
            }
            Trigger::Every(_) => return,
        };
        let is_over =
            now > Time::ZERO && self.planned(episode, today).is_some_and(|due| due <= now);
        self.plans_for_day(episode, today + u16::from(is_over), outbox);
    }

    fn planned(&self, episode: u16, day: u16) -> Option<Time> {
        let (at, spread) = match &self.episode(episode).trigger {
            Trigger::At { at, spread, .. } => (at, spread),
            Trigger::Listed { agents, are_daily, .. } => {
                return self.listed_plans(agents, *are_daily).get(day).map(|plan| plan.start);
            }
            Trigger::Every(_) => return None,
        };
        let part = self.draw_for_day(Purpose::Episode, episode, day);
        Some(at.of_day(day)? + Span::from_secs_f64(spread.as_secs_f64() * part))
    }

    /// The planned absences of the roster that are the agent's.
    pub(super) fn listed_plans<'a>(
        &self,
        agents: &'a [Vec<Shift>],
        are_daily: bool,
    ) -> ListedPlans<'a> {
        let list = agents.get(self.presence.member as usize).map_or(&[][..], Vec::as_slice);
        ListedPlans { list, are_daily }
    }

    /// A uniform number for a planned absence on a day.
    pub(super) fn draw_for_day(&self, purpose: Purpose, episode: u16, day: u16) -> f64 {
        let index = draw_index(episode, u32::from(day));
        uniform(&mut self.context.streams.stream(purpose, self.stream_key, index))
    }
}

/// The shifts of one agent.
#[derive(Clone, Copy)]
struct OwnShifts<'a> {
    list: &'a [Shift],
    /// Whether they come again every 24 hours.
    are_daily: bool,
    /// Whose they are, unless absent.
    agent: &'a Agent,
}

impl OwnShifts<'_> {
    /// When the last of the shifts ends that cover an instant.
    fn end_at(self, now: Time) -> Option<Time> {
        self.list.iter().filter_map(|shift| self.end_of(*shift, now)).max()
    }

    /// When a shift ends that covers an instant.
    fn end_of(self, shift: Shift, now: Time) -> Option<Time> {
        let since = (now - shift.start).as_micros();
        let since = if self.are_daily { since.rem_euclid(DAY.as_micros()) } else { since };
        let (since, length) = (Span::from_micros(since), shift.end - shift.start);
        let is_in = (Span::ZERO..length).contains(&since);
        (is_in && !self.agent.is_absent(now - since)).then(|| now + length - since)
    }

    /// The next start or end after an instant.
    fn next_boundary(self, now: Time) -> Option<Time> {
        let boundaries = self.list.iter().flat_map(|shift| [shift.start, shift.end]);
        let next = |boundary: Time| {
            if self.are_daily {
                let since = (now - boundary).as_micros().rem_euclid(DAY.as_micros());
                return Some(now + (DAY - Span::from_micros(since)));
            }
            Some(boundary).filter(|boundary| *boundary > now)
        };
        boundaries.filter_map(next).min()
    }
}

const DAY: Span = Span::from_hours(24);
