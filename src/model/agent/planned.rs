//! Absences at a fixed time: what is planned is not swallowed (D24).
//!
//! What begins at a time of the day (a break, a planned Away, a logout) and meets an agent who is
//! interrupted, cut off or logged out waits until the agent is back. Accidents at a fixed time
//! (interruptions, disconnects) do not wait: they are void then.

use crate::base::stream::Purpose;
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::Event;
use crate::model::settings::{Episode, Trigger, WhenLate};

use super::Agent;
use super::absence_states::WaitingPlan;
use super::episodes::draw_index;

impl Agent {
    /// The instant of an absence at a fixed time. A plan belongs to an agent within a shift only.
    pub(super) fn plan_is_due(&mut self, now: Time, episode: u16, day: u16, outbox: &mut Outbox) {
        self.plans_for_day(episode, day + 1, outbox);
        let (is_part, when_late) = match &self.episode(episode).trigger {
            Trigger::At { share, when_late, .. } => {
                (self.draw_for_day(Purpose::Share, episode, day) < *share, *when_late)
            }
            Trigger::Listed { when_late, .. } => (true, Some(*when_late)),
            Trigger::Every(_) => return,
        };
        if !is_part || (when_late.is_some() && !self.is_rostered(now)) {
            return;
        }
        let length = self.planned_length(episode, day);
        if when_late == Some(WhenLate::Never) {
            self.ends_interruptions(now, outbox);
        }
        if self.may_begin(episode) {
            self.begins(now, episode, length, outbox);
            self.announces(now, outbox);
        } else if let Some(when_late) = when_late.filter(|_| !self.presence.absences.is_on(episode))
        {
            let plan = WaitingPlan { planned: now, episode, length, when_late };
            self.presence.absences.wait(plan);
        }
    }

    fn planned_length(&self, episode: u16, day: u16) -> Span {
        let Episode { trigger, length, .. } = self.episode(episode);
        if let Trigger::Listed { agents, are_daily, .. } = trigger {
            let plan = self.listed_plans(agents, *are_daily).get(day);
            return plan.map_or(Span::ZERO, |plan| plan.end - plan.start);
        }
        self.draw(Purpose::PlannedLength, draw_index(episode, u32::from(day)), length)
    }

    /// What waited begins as soon as the agent is there, one after the other. It lasts as long as it
    /// was to, or to the end that it was to have, and no longer than the shift: the rest is lost.
    pub(super) fn begins_what_waits(&mut self, now: Time, outbox: &mut Outbox) {
        while self.presence.absences.late.is_none()
            && let Some(plan) = self.presence.absences.next_waiting()
        {
            let WaitingPlan { planned, episode, length, when_late } = plan;
            let delay = now - planned;
            let left = match when_late {
                WhenLate::Full => length,
                WhenLate::Rest | WhenLate::Never => length - delay,
            };
            let shift = self.shift_ends(now).map_or(Span::MAX, |end| end - now);
            let taken = left.min(shift).max(Span::ZERO);
            let agent = self.id;
            if taken.is_zero() && !length.is_zero() {
                outbox.record(Event::PlanLate { agent, delay: None, lost: length });
                continue;
            }
            if !delay.is_zero() {
                let lost = length - taken;
                outbox.record(Event::PlanLate { agent, delay: Some(delay), lost });
            }
            self.begins(now, episode, taken, outbox);
            self.presence.absences.late = Some(episode);
        }
    }

    /// The shift is over: what waited is lost.
    pub(super) fn drops_what_waits(&mut self, outbox: &mut Outbox) {
        for WaitingPlan { length, .. } in std::mem::take(&mut self.presence.absences.waiting) {
            outbox.record(Event::PlanLate { agent: self.id, delay: None, lost: length });
        }
    }
}
