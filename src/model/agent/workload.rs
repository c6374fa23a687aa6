//! What an agent has to do: the conversations it owns, and what is happening with each.

use crate::base::ids::ConversationKey;
use crate::base::time::{Span, Time};
use crate::model::message::Task;

use super::slowdown::Slowdown;

/// What the agent owns and what it is doing.
#[derive(Debug, Default)]
pub(super) struct Workload {
    /// What asks for work, is being worked on, or is parked.
    pub(super) works: Vec<Work>,
    /// The Pending ones that were answered. They ask for nothing, so that a name is enough; where
    /// conversations live for days, nearly all are here.
    resting: Vec<ConversationKey>,
    /// What holds the attention of an agent who does one thing at a time.
    pub(super) focus: Focus,
    /// Counts pieces of work; the end of an earlier one is void.
    generation: u32,
    pub(super) busy: bool,
    /// By how much answers take longer at present.
    pub(super) slowdown: Slowdown,
}

/// A conversation that the agent owns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub(super) task: Task,
    pub(super) state: WorkState,
    /// Whether the agent has parked this turn, or failed to hand it over: it does so once.
    pub(super) tried: bool,
}

/// What is happening with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum WorkState {
    /// Nothing to do: Pending.
    Parked,
    /// New, not begun.
    Waiting,
    /// Being worked on.
    Active { piece: WorkPiece, since: Time, ends: Time, generation: u32 },
    /// Begun and interrupted.
    Paused { piece: WorkPiece, left: Span },
    /// Reply sent.
    Sent,
}

/// A piece of work: what it ends in, and since when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WorkPiece {
    pub(super) step: WorkResult,
    pub(super) started: Time,
    /// The same before and after an interruption.
    pub(super) number: u32,
    /// How long it has been worked on until its last pause.
    pub(super) worked: Span,
}

/// What a piece of work ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkResult {
    Answer,
    Park,
    /// Close it, after a boomerang (B9).
    Resolve,
    /// Position in the group's list of hand-overs.
    HandOver(u8),
}

/// What holds the attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Focus {
    #[default]
    Free,
    /// A conversation, also while interrupted.
    On(ConversationKey),
    WrapUp {
        ends: Time,
        generation: u32,
    },
    WrapUpPaused {
        left: Span,
    },
}

impl Work {
    /// The piece of work in hand, begun and perhaps paused, as it stands now.
    pub(super) fn begun(&self, now: Time) -> Option<WorkPiece> {
        match self.state {
            WorkState::Active { piece, since, .. } => {
                Some(WorkPiece { worked: piece.worked + (now - since), ..piece })
            }
            WorkState::Paused { piece, .. } => Some(piece),
            WorkState::Parked | WorkState::Waiting | WorkState::Sent => None,
        }
    }
}

impl Workload {
    pub(super) fn is_empty(&self) -> bool {
        self.works.is_empty() && self.resting.is_empty()
    }

    /// Whether it holds a conversation that is New.
    pub(super) fn has_new(&self) -> bool {
        self.works.iter().any(|work| work.state != WorkState::Parked)
    }

    pub(super) fn is_wrapping_up(&self) -> bool {
        matches!(self.focus, Focus::WrapUp { .. })
    }

    pub(super) fn position(&self, conversation: ConversationKey) -> Option<usize> {
        self.works.iter().position(|work| work.task.conversation == conversation)
    }

    /// A conversation asks for work.
    pub(super) fn takes(&mut self, task: Task) {
        if let Some(position) = self.position(task.conversation) {
            let work = &mut self.works[position];
            work.task = task;
            if work.state == WorkState::Parked {
                work.state = WorkState::Waiting;
            }
        } else {
            self.forgets_resting(task.conversation);
            self.works.push(Work { task, state: WorkState::Waiting, tried: false });
        }
    }

    /// The conversation is answered and still the agent's.
    pub(super) fn rests(&mut self, position: usize) {
        let work = self.works.swap_remove(position);
        self.resting.push(work.task.conversation);
    }

    /// A Pending conversation is the agent's, as the router says.
    pub(super) fn notes_resting(&mut self, conversation: ConversationKey) {
        if self.position(conversation).is_none() && !self.resting.contains(&conversation) {
            self.resting.push(conversation);
        }
    }

    /// Whether it was one of those that were answered.
    pub(super) fn forgets_resting(&mut self, conversation: ConversationKey) -> bool {
        let position = self.resting.iter().position(|&resting| resting == conversation);
        position.map(|position| self.resting.swap_remove(position)).is_some()
    }

    pub(super) fn next_generation(&mut self) -> u32 {
        self.generation = self.generation.wrapping_add(1);
        self.generation
    }

    /// What to turn to: what was begun, else the longest-waiting message (ties by name).
    pub(super) fn next(&self) -> Option<usize> {
        let begun = |work: &Work| matches!(work.state, WorkState::Paused { .. });
        self.works.iter().position(begun).or_else(|| {
            let waiting = self.works.iter().enumerate();
            let waiting = waiting.filter(|(_, work)| work.state == WorkState::Waiting);
            let first = waiting.min_by_key(|(_, work)| (work.task.waiting_since, work.task.id));
            first.map(|(position, _)| position)
        })
    }

    pub(super) fn is_busy(&self) -> bool {
        matches!(self.focus, Focus::WrapUp { .. })
            || self.works.iter().any(|work| matches!(work.state, WorkState::Active { .. }))
    }
}
