//! Which absences are on, which wait, and what a logout does to them.

use crate::base::ids::ReasonId;
use crate::base::time::{Span, Time};
use crate::model::settings::{Absence, Episode, Trigger, WhenLate};

/// The absences of the group as they concern this agent.
#[derive(Debug)]
pub(super) struct Absences {
    /// One for each absence of the group.
    pub(super) states: Vec<AbsenceState>,
    /// Away reasons in force, the present one last.
    pub(super) away: Vec<(u16, ReasonId)>,
    /// Planned absences that wait until the agent is back (D24), in the order in which they begin.
    pub(super) waiting: Vec<WaitingPlan>,
    /// The planned absence that has begun late and is on.
    pub(super) late: Option<u16>,
}

/// One absence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AbsenceState {
    /// Dead triggers and ends carry an earlier one.
    pub(super) generation: u16,
    /// Draws so far.
    pub(super) draws: u32,
    /// Whether the absence is on.
    pub(super) is_on: bool,
    /// A disconnect whose session the platform has ended (E12).
    pub(super) timed_out: bool,
}

/// A planned absence whose agent was not there to begin it.
#[derive(Clone, Copy, Debug)]
pub(super) struct WaitingPlan {
    /// When it was to begin.
    pub(super) planned: Time,
    /// Position in the group's list.
    pub(super) episode: u16,
    /// How long it was to last.
    pub(super) length: Span,
    pub(super) when_late: WhenLate,
}

impl Absences {
    pub(super) fn new(episodes: usize) -> Self {
        let states = vec![AbsenceState::default(); episodes];
        Self { states, away: Vec::new(), waiting: Vec::new(), late: None }
    }

    /// Why the agent is Away, if it is.
    pub(super) fn reason(&self) -> Option<ReasonId> {
        self.away.last().map(|&(_, reason)| reason)
    }

    pub(super) fn is_on(&self, episode: u16) -> bool {
        self.states[usize::from(episode)].is_on
    }

    /// Whether an absence keeps the agent logged out.
    pub(super) fn keep_out(&self, episodes: &[Episode]) -> bool {
        let mut both = self.states.iter().zip(episodes);
        both.any(|(state, episode)| state.keeps_out(episode))
    }

    /// Whether an absence makes the agent unresponsive, if it is logged in.
    pub(super) fn interrupt(&self, episodes: &[Episode]) -> bool {
        let interrupts = |absence| matches!(absence, Absence::Interruption | Absence::Disconnect);
        let mut both = self.states.iter().zip(episodes);
        both.any(|(state, episode)| state.is_on && interrupts(episode.absence))
    }

    /// A logout ends every absence but the one that keeps the agent logged out, and every plan for
    /// a random one. A planned absence keeps its end (D24), unless the shift is over.
    pub(super) fn log_out(&mut self, episodes: &[Episode], shift_is_over: bool) {
        for (position, episode) in episodes.iter().enumerate() {
            let state = self.states[position];
            let goes_on = state.keeps_out(episode) || (episode.is_planned() && !shift_is_over);
            if !(state.is_on && goes_on) {
                self.end(position as u16);
            }
        }
    }

    /// Puts a plan where it belongs: by planned instant, then in the order of the file.
    pub(super) fn wait(&mut self, plan: WaitingPlan) {
        let before =
            |other: &WaitingPlan| (other.planned, other.episode) <= (plan.planned, plan.episode);
        let place = self.waiting.partition_point(before);
        self.waiting.insert(place, plan);
    }

    /// Takes the first that waits.
    pub(super) fn next_waiting(&mut self) -> Option<WaitingPlan> {
        (!self.waiting.is_empty()).then(|| self.waiting.remove(0))
    }

    /// The absence is over.
    pub(super) fn end(&mut self, episode: u16) {
        let state = &mut self.states[usize::from(episode)];
        state.is_on = false;
        state.timed_out = false;
        state.generation = state.generation.wrapping_add(1);
        self.away.retain(|&(away, _)| away != episode);
        self.late = self.late.filter(|&late| late != episode);
    }
}

impl AbsenceState {
    fn keeps_out(&self, episode: &Episode) -> bool {
        self.timed_out || (self.is_on && episode.absence == Absence::Logout)
    }
}

impl Episode {
    /// Whether it waits for an agent who is not there when it is due (D24).
    fn is_planned(&self) -> bool {
        matches!(self.trigger, Trigger::At { when_late: Some(_), .. })
    }
}
