//! Absences as they begin and end.

use crate::base::stream::Purpose;
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::AgentState;
use crate::model::message::AgentTimer;
use crate::model::settings::{Absence, Episode, Trigger};

use super::Agent;

impl Agent {
    /// Sets the time at which each random absence that is not on begins.
    pub(super) fn plans_all_random(&mut self, now: Time, outbox: &mut Outbox) {
        for episode in 0..self.presence.absences.states.len() {
            if !self.presence.absences.states[episode].is_on {
                self.plans_random(now, episode as u16, outbox);
            }
        }
    }

    /// Sets the time at which a random absence begins, for as long as this login lasts.
    fn plans_random(&mut self, now: Time, episode: u16, outbox: &mut Outbox) {
        let index = self.next_draw(episode);
        let Trigger::Every(every) = &self.episode(episode).trigger else { return };
        let wait = self.draw(Purpose::Episode, index, every);
        let generation = self.presence.absences.states[usize::from(episode)].generation;
        self.remind(now + wait, AgentTimer::EpisodeBegins { episode, generation }, outbox);
    }

    pub(super) fn episode(&self, episode: u16) -> &Episode {
        &self.group().episodes[usize::from(episode)]
    }

    fn next_draw(&mut self, episode: u16) -> u64 {
        let state = &mut self.presence.absences.states[usize::from(episode)];
        state.draws += 1;
        draw_index(episode, BEYOND_DAYS | state.draws)
    }

    /// An absence begins, if the agent is there to begin it.
    pub(super) fn episode_begins(
        &mut self,
        now: Time,
        episode: u16,
        generation: u16,
        outbox: &mut Outbox,
    ) {
        if let Trigger::At { .. } | Trigger::Listed { .. } = self.episode(episode).trigger {
            return self.plan_is_due(now, episode, generation, outbox);
        }
        if self.presence.absences.states[usize::from(episode)].generation != generation {
            return;
        }
        if self.may_begin(episode) {
            let index = self.next_draw(episode);
            let length = self.draw(Purpose::Episode, index, &self.episode(episode).length);
            self.begins(now, episode, length, outbox);
            self.announces(now, outbox);
        } else {
            self.plans_random(now, episode, outbox);
        }
    }

    /// Whether the agent is there to begin it.
    pub(super) fn may_begin(&self, episode: u16) -> bool {
        let state = self.presence.state();
        let is_there = state.is_logged_in() && self.presence.is_responsive();
        let interrupts = self.episode(episode).absence == Absence::Interruption;
        is_there
            && !self.presence.absences.is_on(episode)
            && (state == AgentState::Online || !interrupts)
    }

    /// Begins an absence, which the agent has still to announce.
    pub(super) fn begins(&mut self, now: Time, episode: u16, length: Span, outbox: &mut Outbox) {
        let absence = self.episode(episode).absence;
        let begun = &mut self.presence.absences.states[usize::from(episode)];
        begun.is_on = true;
        begun.generation = begun.generation.wrapping_add(1);
        let generation = begun.generation;
        self.remind(now + length, AgentTimer::EpisodeEnds { episode, generation }, outbox);
        match absence {
            Absence::Away(reason) => self.presence.absences.away.push((episode, reason)),
            Absence::Disconnect => {
                let timer = AgentTimer::SessionTimeout { episode, generation };
                self.remind(now + self.group().session_timeout, timer, outbox);
            }
            Absence::Interruption | Absence::Logout => {}
        }
    }

    /// An absence ends; a random one may come again.
    pub(super) fn episode_ends(
        &mut self,
        now: Time,
        episode: u16,
        generation: u16,
        outbox: &mut Outbox,
    ) {
        if self.presence.absences.states[usize::from(episode)].generation != generation {
            return;
        }
        self.presence.absences.end(episode);
        // If it was kept out until now, its login plans all that are to come.
        let was_logged_in = self.presence.state().is_logged_in();
        self.announces(now, outbox);
        if was_logged_in {
            self.plans_random(now, episode, outbox);
        }
        self.goes_when_finished(now, outbox);
    }

    /// Whatever interrupts the agent is over.
    pub(super) fn ends_interruptions(&mut self, now: Time, outbox: &mut Outbox) {
        for episode in 0..self.presence.absences.states.len() as u16 {
            let is_interruption = self.episode(episode).absence == Absence::Interruption;
            if is_interruption && self.presence.absences.is_on(episode) {
                let generation = self.presence.absences.states[usize::from(episode)].generation;
                self.episode_ends(now, episode, generation, outbox);
            }
        }
    }

    /// E12: the platform ends the session of a disconnected agent; that is its logout.
    pub(super) fn session_times_out(
        &mut self,
        now: Time,
        episode: u16,
        generation: u16,
        outbox: &mut Outbox,
    ) {
        let state = &mut self.presence.absences.states[usize::from(episode)];
        if state.generation == generation {
            state.timed_out = true;
            self.announces(now, outbox);
        }
    }
}

/// Names a draw for an absence: by its day for a planned one, else by a count from [`BEYOND_DAYS`].
pub(super) fn draw_index(episode: u16, number: u32) -> u64 {
    (u64::from(episode) << 32) | u64::from(number)
}

const BEYOND_DAYS: u32 = 1 << 31;
