//! Coming and going: shifts, absences, being unresponsive, and what the platform sees of it.

use crate::base::ids::ReasonId;
use crate::base::stream::Purpose;
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{AgentState, Event};
use crate::model::message::{AgentTimer, RouterMessage};
use crate::model::settings::{Absence, Episode, FinishPending, FinishWhen, Trigger};

use super::{Agent, note_change};

/// Where an agent is.
#[derive(Debug)]
pub(super) struct Presence {
    /// Position in its group, for the roster.
    pub(super) member: u32,
    /// Logged out from outside, whatever the shift.
    pub(super) kept_out: bool,
    on_shift: bool,
    /// Works on although the shift is over (`finish.when = late`).
    is_late: bool,
    /// Shift over, finishing first (`finish.when = after_finishing`).
    closing: bool,
    /// Shifts begun or ended so far.
    shift: u32,
    /// Logins so far.
    login: u32,
    /// One for each absence of the group.
    absences: Vec<AbsenceState>,
    /// Away reasons in force, the present one last.
    away: Vec<(u16, ReasonId)>,
    /// Taken out of service by the platform (D12).
    set_away: Option<SetAway>,
    sets_away: u32,
    announced: Announced,
}

/// One absence of the group's list as it concerns this agent.
#[derive(Clone, Copy, Debug, Default)]
struct AbsenceState {
    /// Dead triggers and ends carry an earlier one.
    generation: u16,
    /// Draws so far.
    draws: u32,
    /// Whether the absence is on.
    is_on: bool,
    /// A disconnect whose session the platform has ended (E12).
    timed_out: bool,
}

/// Why the platform's Away ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SetAway {
    UntilResponsive,
    Until { generation: u32 },
}

/// What others know already.
#[derive(Debug)]
struct Announced {
    state: AgentState,
    closing: bool,
    unresponsive: bool,
}

impl Presence {
    pub(super) fn new(member: u32, episodes: usize) -> Self {
        Self {
            member,
            kept_out: false,
            on_shift: false,
            is_late: false,
            closing: false,
            shift: 0,
            login: 0,
            absences: vec![AbsenceState::default(); episodes],
            away: Vec::new(),
            set_away: None,
            sets_away: 0,
            announced: Announced {
                state: AgentState::Offline,
                closing: false,
                unresponsive: false,
            },
        }
    }

    /// The state that the platform sees.
    pub(super) fn state(&self) -> AgentState {
        self.announced.state
    }

    pub(super) fn is_responsive(&self) -> bool {
        !self.announced.unresponsive
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing
    }

    pub(super) fn login(&self) -> u32 {
        self.login
    }
}

impl Agent {
    /// The run begins: the agent is on shift or waits for its first.
    pub(super) fn starts(&mut self, now: Time, outbox: &mut Outbox) {
        for episode in 0..self.group().episodes.len() {
            self.plans_next_day(now, episode as u16, outbox);
        }
        self.presence.on_shift = self.is_rostered(now);
        self.plans_next_shift(now, outbox);
        self.announces(now, outbox);
    }

    /// A shift begins or ends.
    pub(super) fn shift_changes(&mut self, now: Time, outbox: &mut Outbox) {
        let rostered = self.is_rostered(now);
        self.plans_next_shift(now, outbox);
        let presence = &mut self.presence;
        if rostered == presence.on_shift && !presence.is_late {
            return;
        }
        presence.shift += 1;
        let shift = presence.shift;
        presence.is_late = false;
        presence.closing = false;
        presence.on_shift = rostered;
        if !rostered {
            let finish = self.group().finish.clone();
            let grace = match finish.when {
                FinishWhen::AtShiftEnd => None,
                FinishWhen::AfterFinishing => {
                    self.presence.closing = self.presence.state().is_logged_in();
                    Some(finish.at_most)
                }
                FinishWhen::Late(late) => {
                    self.presence.on_shift = true;
                    self.presence.is_late = true;
                    Some(self.draw(Purpose::Late, u64::from(shift), &late))
                }
            };
            if let Some(grace) = grace {
                self.remind(now + grace, AgentTimer::MustGo { shift }, outbox);
            }
        }
        self.announces(now, outbox);
        self.goes_when_finished(now, outbox);
    }

    /// A late agent goes, or a closing agent at its limit.
    pub(super) fn goes_at_latest(&mut self, now: Time, shift: u32, outbox: &mut Outbox) {
        let presence = &mut self.presence;
        if shift == presence.shift && (presence.is_late || presence.closing) {
            presence.is_late = false;
            presence.closing = false;
            presence.on_shift = false;
            self.announces(now, outbox);
        }
    }

    /// A closing agent logs out when it owns no New conversation, or, with
    /// `finish.pending = "wait"`, none at all, and has wrapped up.
    pub(super) fn goes_when_finished(&mut self, now: Time, outbox: &mut Outbox) {
        let finished = match self.group().finish.pending {
            FinishPending::Leave => !self.workload.has_new(),
            FinishPending::Wait => self.workload.is_empty(),
        };
        let finished = finished && !self.workload.is_wrapping_up();
        if self.presence.closing && self.presence.is_responsive() && finished {
            self.presence.closing = false;
            self.announces(now, outbox);
        }
    }

    /// Sets the time at which a random absence begins, for as long as this login lasts.
    fn plans_random(&mut self, now: Time, episode: u16, outbox: &mut Outbox) {
        let index = self.next_draw(episode);
        let Trigger::Every(every) = &self.episode(episode).trigger else { return };
        let wait = self.draw(Purpose::Episode, index, every);
        let generation = self.presence.absences[usize::from(episode)].generation;
        self.remind(now + wait, AgentTimer::EpisodeBegins { episode, generation }, outbox);
    }

    pub(super) fn episode(&self, episode: u16) -> &Episode {
        &self.group().episodes[usize::from(episode)]
    }

    fn next_draw(&mut self, episode: u16) -> u64 {
        let absence = &mut self.presence.absences[usize::from(episode)];
        absence.draws += 1;
        draw_index(episode, BEYOND_DAYS | absence.draws)
    }

    /// An absence begins, if the agent is there to begin it.
    pub(super) fn episode_begins(
        &mut self,
        now: Time,
        episode: u16,
        generation: u16,
        outbox: &mut Outbox,
    ) {
        let takes_part = match self.episode(episode).trigger {
            Trigger::Every(_) => {
                if self.presence.absences[usize::from(episode)].generation != generation {
                    return;
                }
                true
            }
            Trigger::At { share, .. } => {
                let day = generation;
                self.plans_for_day(episode, day + 1, outbox);
                self.draw_for_day(Purpose::Share, episode, day) < share
            }
        };
        let absence = self.presence.absences[usize::from(episode)];
        let is_there = self.presence.state().is_logged_in()
            && self.presence.is_responsive()
            && (self.presence.state() == AgentState::Online
                || self.episode(episode).absence != Absence::Interruption);
        if !takes_part || absence.is_on || !is_there {
            self.plans_random(now, episode, outbox);
            return;
        }
        self.begins(now, episode, outbox);
    }

    fn begins(&mut self, now: Time, episode: u16, outbox: &mut Outbox) {
        let index = self.next_draw(episode);
        let Episode { absence, length, .. } = self.episode(episode);
        let (absence, ends) = (*absence, now + self.draw(Purpose::Episode, index, length));
        let begun = &mut self.presence.absences[usize::from(episode)];
        begun.is_on = true;
        begun.generation = begun.generation.wrapping_add(1);
        let generation = begun.generation;
        self.remind(ends, AgentTimer::EpisodeEnds { episode, generation }, outbox);
        match absence {
            Absence::Away(reason) => self.presence.away.push((episode, reason)),
            Absence::Disconnect => {
                let timer = AgentTimer::SessionTimeout { episode, generation };
                self.remind(now + self.group().session_timeout, timer, outbox);
            }
            Absence::Interruption | Absence::Logout => {}
        }
        self.announces(now, outbox);
    }

    /// An absence ends; a random one may come again.
    pub(super) fn episode_ends(
        &mut self,
        now: Time,
        episode: u16,
        generation: u16,
        outbox: &mut Outbox,
    ) {
        if self.presence.absences[usize::from(episode)].generation != generation {
            return;
        }
        self.presence.end_absence(episode);
        // If it was kept out until now, its login plans all that are to come.
        let was_logged_in = self.presence.state().is_logged_in();
        self.announces(now, outbox);
        if was_logged_in {
            self.plans_random(now, episode, outbox);
        }
        self.goes_when_finished(now, outbox);
    }

    /// E12: the platform ends the session of a disconnected agent; that is its logout.
    pub(super) fn session_times_out(
        &mut self,
        now: Time,
        episode: u16,
        generation: u16,
        outbox: &mut Outbox,
    ) {
        let absence = &mut self.presence.absences[usize::from(episode)];
        if absence.generation == generation {
            absence.timed_out = true;
            self.announces(now, outbox);
        }
    }

    /// D12: taken out of service until the interruption ends, or for a time if there is none.
    pub(super) fn goes_away(&mut self, now: Time, away_for: Span, outbox: &mut Outbox) {
        if self.presence.state() != AgentState::Online {
            return;
        }
        self.presence.set_away = Some(if self.presence.is_responsive() {
            self.presence.sets_away += 1;
            let generation = self.presence.sets_away;
            self.remind(now + away_for, AgentTimer::SetAwayEnds { generation }, outbox);
            SetAway::Until { generation }
        } else {
            SetAway::UntilResponsive
        });
        self.announces(now, outbox);
    }

    pub(super) fn set_away_ends(&mut self, now: Time, generation: u32, outbox: &mut Outbox) {
        if self.presence.set_away == Some(SetAway::Until { generation }) {
            self.presence.set_away = None;
            self.announces(now, outbox);
        }
    }

    /// Works out where the agent is by now, tells whoever has to know, and stops or resumes work.
    pub(super) fn announces(&mut self, now: Time, outbox: &mut Outbox) {
        let agent = self.id;
        let (state, unresponsive) = self.whereabouts();
        let was_logged_in = self.presence.announced.state.is_logged_in();
        if was_logged_in && !state.is_logged_in() {
            self.presence.log_out(&self.context.centre.groups[usize::from(self.group.0)].episodes);
        }
        let closing = self.presence.closing;
        let announced = &mut self.presence.announced;
        let event = Event::Unresponsive { agent, unresponsive };
        note_change(&mut announced.unresponsive, unresponsive, event, outbox);
        if (announced.state, announced.closing) != (state, closing) {
            (announced.state, announced.closing) = (state, closing);
            outbox.router(RouterMessage::AgentState { agent, state, closing });
        }
        if !was_logged_in && state.is_logged_in() {
            self.presence.login += 1;
            for episode in 0..self.presence.absences.len() {
                if !self.presence.absences[episode].is_on {
                    self.plans_random(now, episode as u16, outbox);
                }
            }
            self.plans_to_look(now, outbox);
        }
        self.stops_or_resumes(now, outbox);
    }

    /// State, and whether the agent is unresponsive in it.
    fn whereabouts(&mut self) -> (AgentState, bool) {
        let presence = &self.presence;
        let absences = self.group().episodes.iter().zip(&presence.absences);
        let (mut gone, mut unresponsive) = (!presence.on_shift && !presence.closing, false);
        for (episode, _) in absences.filter(|(_, absence)| absence.is_on) {
            match episode.absence {
                Absence::Logout => gone = true,
                Absence::Interruption | Absence::Disconnect => unresponsive = true,
                Absence::Away(_) => {}
            }
        }
        gone |= presence.kept_out || presence.absences.iter().any(|absence| absence.timed_out);
        if !unresponsive && presence.set_away == Some(SetAway::UntilResponsive) {
            self.presence.set_away = None;
        }
        let presence = &self.presence;
        let state = match (presence.set_away, presence.away.last()) {
            _ if gone => AgentState::Offline,
            (Some(_), _) => AgentState::Away(ReasonId(0)),
            (None, Some(&(_, reason))) => AgentState::Away(reason),
            (None, None) => AgentState::Online,
        };
        (state, unresponsive && !gone)
    }
}

impl Presence {
    fn end_absence(&mut self, episode: u16) {
        let absence = &mut self.absences[usize::from(episode)];
        absence.is_on = false;
        absence.timed_out = false;
        absence.generation = absence.generation.wrapping_add(1);
        self.away.retain(|&(away, _)| away != episode);
    }

    /// A logout ends every absence but the one that keeps the agent logged out, and every plan for
    /// a random one.
    fn log_out(&mut self, episodes: &[Episode]) {
        self.closing = false;
        self.set_away = None;
        for (position, episode) in episodes.iter().enumerate() {
            let absence = self.absences[position];
            let keeps_out = absence.timed_out || episode.absence == Absence::Logout;
            if !(absence.is_on && keeps_out) {
                self.end_absence(position as u16);
            }
        }
    }
}

/// Names a draw for an absence: by its day for a planned one, else by a count from [`BEYOND_DAYS`].
pub(super) fn draw_index(episode: u16, number: u32) -> u64 {
    (u64::from(episode) << 32) | u64::from(number)
}

const BEYOND_DAYS: u32 = 1 << 31;
