//! What is planned by the day: shifts, and absences at a fixed time.

use crate::base::stream::{Purpose, uniform};
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::message::AgentTimer;
use crate::model::settings::{Roster, Shift, Trigger};

use super::Agent;
use super::episodes::draw_index;

impl Agent {
    fn shifts(&self) -> Option<&[Shift]> {
        match &self.group().roster {
            Roster::Always => None,
            Roster::Daily(agents) => {
                let own = agents.get(self.presence.member as usize).or_else(|| agents.last());
                Some(own.map_or(&[], Vec::as_slice))
            }
        }
    }

    pub(super) fn is_rostered(&self, now: Time) -> bool {
        self.shifts().is_none_or(|shifts| shifts.iter().any(|shift| shift.covers(now)))
    }

    /// When the shift ends that covers an instant, and those that follow it without a pause; `None`
    /// if that is never.
    pub(super) fn shift_ends(&self, now: Time) -> Option<Time> {
        let shifts = self.shifts()?;
        let end_at = |at: Time| {
            let covering = shifts.iter().filter(|shift| shift.covers(at));
            covering.map(|shift| shift.end_after(at)).max()
        };
        let mut end = end_at(now)?;
        while let Some(later) = end_at(end) {
            if later - now > DAY {
                return None;
            }
            end = later;
        }
        Some(end)
    }

    pub(super) fn plans_next_shift(&self, now: Time, outbox: &mut Outbox) {
        let boundaries = self.shifts().into_iter().flatten().map(|shift| shift.next_boundary(now));
        if let Some(next) = boundaries.min() {
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
        let today = ((now - Time::ZERO).as_micros() / DAY.as_micros()) as u16;
        let is_over =
            now > Time::ZERO && self.planned(episode, today).is_some_and(|due| due <= now);
        self.plans_for_day(episode, today + u16::from(is_over), outbox);
    }

    fn planned(&self, episode: u16, day: u16) -> Option<Time> {
        let Trigger::At { at, spread, .. } = self.episode(episode).trigger else { return None };
        let part = self.draw_for_day(Purpose::Episode, episode, day);
        Some(at + DAY * i64::from(day) + Span::from_secs_f64(spread.as_secs_f64() * part))
    }

    /// A uniform number for a planned absence on a day.
    pub(super) fn draw_for_day(&self, purpose: Purpose, episode: u16, day: u16) -> f64 {
        let index = draw_index(episode, u32::from(day));
        uniform(&mut self.context.streams.stream(purpose, u64::from(self.id.0), index))
    }
}

impl Shift {
    /// Whether an instant is within the shift on any day.
    fn covers(self, now: Time) -> bool {
        let into_day = (now - self.start).as_micros().rem_euclid(DAY.as_micros());
        into_day < (self.end - self.start).as_micros()
    }

    /// The end of the shift that covers an instant.
    fn end_after(self, now: Time) -> Time {
        let into_day = (now - self.start).as_micros().rem_euclid(DAY.as_micros());
        now + (self.end - self.start) - Span::from_micros(into_day)
    }

    /// The next start or end after an instant.
    fn next_boundary(self, now: Time) -> Time {
        let next = |boundary: Time| {
            let since = (now - boundary).as_micros().rem_euclid(DAY.as_micros());
            now + (DAY - Span::from_micros(since))
        };
        next(self.start).min(next(self.end))
    }
}

const DAY: Span = Span::from_hours(24);
