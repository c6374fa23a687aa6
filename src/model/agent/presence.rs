//! Coming and going: shifts, absences, being unresponsive, and what the platform sees of it.

use crate::base::ids::ReasonId;
use crate::base::stream::Purpose;
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{AgentState, Event};
use crate::model::message::{AgentTimer, RouterMessage};
use crate::model::settings::{FinishPending, FinishWhen};

use super::absence_states::Absences;
use super::{Agent, note_change};

/// Where an agent is.
#[derive(Debug)]
pub(super) struct Presence {
    /// Position in its group, for the roster.
    pub(super) member: u32,
    /// Logged out from outside, whatever the shift.
    pub(super) kept_out: bool,
    pub(super) on_shift: bool,
    /// Works on although the shift is over (`finish.when = late`).
    pub(super) is_late: bool,
    /// Shift over, finishing first (`finish.when = after_finishing`).
    closing: bool,
    /// Shifts begun or ended so far.
    pub(super) shift: u32,
    pub(super) end_of_shift: EndOfShift,
    /// Logins so far.
    login: u32,
    pub(super) absences: Absences,
    /// Taken out of service by the platform (D12).
    set_away: Option<SetAway>,
    sets_away: u32,
    announced: Announced,
}

/// Why the platform's Away ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SetAway {
    UntilResponsive,
    Until { generation: u32 },
}

/// How far an agent is with what it does at the end of its shift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum EndOfShift {
    /// It is not time yet.
    #[default]
    Ahead,
    /// It is time, but the agent is interrupted, cut off or logged out.
    Due,
    /// It is done.
    Done,
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
            end_of_shift: EndOfShift::default(),
            login: 0,
            absences: Absences::new(episodes),
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
        self.plans_end_of_shift(now, outbox);
        self.announces(now, outbox);
    }

    /// A shift begins or ends.
    pub(super) fn shift_changes(&mut self, now: Time, outbox: &mut Outbox) {
        let rostered = self.is_rostered(now);
        self.plans_next_shift(now, outbox);
        if rostered == self.presence.on_shift && !self.presence.is_late {
            return;
        }
        let finish = self.group().finish.clone();
        if !rostered {
            self.drops_what_waits(outbox);
            if finish.when == FinishWhen::AtShiftEnd {
                self.ends_shift(now, outbox);
            }
        }
        let presence = &mut self.presence;
        presence.shift += 1;
        let shift = presence.shift;
        presence.is_late = false;
        presence.closing = false;
        presence.on_shift = rostered;
        if rostered {
            self.plans_end_of_shift(now, outbox);
        } else {
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
        if shift == self.presence.shift && (self.presence.is_late || self.presence.closing) {
            self.ends_shift(now, outbox);
            let presence = &mut self.presence;
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
        let plan_waits = !self.presence.absences.waiting.is_empty();
        if plan_waits && !self.is_gone() && !self.is_interrupted() {
            self.begins_what_waits(now, outbox);
        }
        let (state, unresponsive) = self.whereabouts();
        let was_logged_in = self.presence.announced.state.is_logged_in();
        if was_logged_in && !state.is_logged_in() {
            let episodes = &self.context.centre.groups[usize::from(self.group.0)].episodes;
            self.presence.closing = false;
            self.presence.set_away = None;
            self.presence.absences.log_out(episodes, !self.presence.on_shift);
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
            self.plans_all_random(now, outbox);
            self.plans_to_look(now, outbox);
        }
        if self.leaves_if_due(now, outbox) {
            return self.announces(now, outbox);
        }
        self.stops_or_resumes(now, outbox);
    }

    /// Whether the agent is logged out.
    fn is_gone(&self) -> bool {
        let presence = &self.presence;
        (!presence.on_shift && !presence.closing)
            || presence.kept_out
            || presence.absences.keep_out(&self.group().episodes)
    }

    /// Whether the agent is interrupted or cut off, logged in or not.
    pub(super) fn is_interrupted(&self) -> bool {
        self.presence.absences.interrupt(&self.group().episodes)
    }

    /// State, and whether the agent is unresponsive in it.
    fn whereabouts(&mut self) -> (AgentState, bool) {
        let (gone, interrupted) = (self.is_gone(), self.is_interrupted());
        if !interrupted && self.presence.set_away == Some(SetAway::UntilResponsive) {
            self.presence.set_away = None;
        }
        let presence = &self.presence;
        let reason = presence.absences.reason().or_else(|| self.reason_of_leaving());
        let state = match (presence.set_away, reason) {
            _ if gone => AgentState::Offline,
            (Some(_), _) => AgentState::Away(ReasonId(0)),
            (None, Some(reason)) => AgentState::Away(reason),
            (None, None) => AgentState::Online,
        };
        (state, interrupted && !gone)
    }
}
