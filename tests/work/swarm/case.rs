//! What the facts say about one conversation.

use shiftstorm::base::ids::{AgentId, ConversationId, Epoch, SkillId};
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::event::{Cause, Change, Status};
use shiftstorm::model::settings::{BoomerangThen, Resolve, UnassignClock};

use super::world::World;

/// An open conversation.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) id: ConversationId,
    pub(crate) skill: SkillId,
    pub(crate) priority: i16,
    pub(crate) status: Status,
    pub(crate) status_since: Time,
    pub(crate) owner: Option<AgentId>,
    pub(crate) owner_since: Time,
    /// In the queue: who alone may have it, and until when (E16).
    pub(crate) reserved: Option<(AgentId, Time)>,
    pub(crate) epoch: Epoch,
    /// Everyone who has owned it, in order.
    pub(crate) owners: Vec<AgentId>,
    pub(crate) first_unanswered: Option<Time>,
    pub(crate) last_message: Time,
    /// The clock does not start before this: assignment, end of a manual SLA (D2).
    pub(crate) floor: Time,
    /// Time on the clock when it was stopped by parking (B7).
    pub(crate) stopped_at: Option<Span>,
    pub(crate) deadline: Option<Time>,
    pub(crate) sla: Option<Time>,
    /// A deadline fell due under the manual SLA (A7).
    pub(crate) suppressed: bool,
    pub(crate) boomerang: Option<Boomerang>,
    /// What is due at it and after it, until the consumer writes or is answered (B9).
    pub(crate) then: BoomerangThen,
    pub(crate) removals: Vec<Removal>,
    pub(crate) unassigns: u32,
    /// Who owned it when it was closed.
    pub(crate) closed_owner: Option<AgentId>,
    /// The consumer's patience has ended: silently?
    pub(crate) left: Option<(Time, bool)>,
    /// Announced by the fact before, to be followed by its change in the same instant.
    pub(crate) announced: Option<Announced>,
    /// Handed over to one agent, who may not have its skill: it needs no other (B10).
    pub(crate) is_lent: bool,
    pub(crate) figures: Figures,
    /// Messages of the consumer in the conversations that were closed before (A14).
    pub(crate) messages_before: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Announced {
    Answer,
    Abandonment,
}

#[derive(Clone, Copy)]
pub(crate) struct Boomerang {
    pub(crate) due: Time,
    /// Of the owner for whom it was set.
    pub(crate) epoch: Epoch,
}

#[derive(Clone, Copy)]
pub(crate) struct Removal {
    pub(crate) agent: AgentId,
    pub(crate) at: Time,
    pub(crate) acts: u32,
}

/// What the row of a conversation must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) opened: Time,
    pub(crate) assigned: Option<Time>,
    pub(crate) answered: Option<Time>,
    pub(crate) messages: u32,
    pub(crate) answers: u32,
    pub(crate) owners: u32,
    pub(crate) auto_unassigns: u32,
    pub(crate) ownership_removals: u32,
    pub(crate) handle_time: Span,
    pub(crate) queue_time: Span,
}

impl Case {
    pub(crate) fn open(now: Time, id: ConversationId, skill: SkillId, priority: i16) -> Self {
        let figures = Figures {
            opened: now,
            assigned: None,
            answered: None,
            messages: 0,
            answers: 0,
            owners: 0,
            auto_unassigns: 0,
            ownership_removals: 0,
            handle_time: Span::ZERO,
            queue_time: Span::ZERO,
        };
        Self {
            id,
            skill,
            priority,
            status: Status::New,
            status_since: now,
            owner: None,
            owner_since: now,
            reserved: None,
            epoch: Epoch::default(),
            owners: Vec::new(),
            first_unanswered: None,
            last_message: now,
            floor: now,
            stopped_at: None,
            deadline: None,
            sla: None,
            suppressed: false,
            boomerang: None,
            then: BoomerangThen::FollowUp,
            removals: Vec::new(),
            unassigns: 0,
            closed_owner: None,
            left: None,
            announced: None,
            is_lent: false,
            figures,
            messages_before: 0,
        }
    }

    /// Messages of the consumer about this need.
    pub(crate) fn messages(&self) -> u32 {
        self.messages_before + self.figures.messages
    }

    pub(crate) fn is_queued(&self) -> bool {
        self.status == Status::New && self.owner.is_none()
    }

    pub(crate) fn has_left_silently(&self) -> bool {
        self.left.is_some_and(|(_, silent)| silent)
    }

    pub(crate) fn waiting_since(&self) -> Time {
        self.first_unanswered.unwrap_or(self.status_since)
    }

    pub(crate) fn clock_message(&self, clock: UnassignClock) -> Option<Time> {
        self.first_unanswered.map(|first| match clock {
            UnassignClock::LastMessage => self.last_message,
            UnassignClock::FirstUnanswered => first,
        })
    }

    /// D2: from where the timeout counts.
    pub(crate) fn origin(&self, clock: UnassignClock) -> Option<Time> {
        self.clock_message(clock).map(|message| message.max(self.floor))
    }

    /// Pending that long without a boomerang to come, or New that long after the last message of one
    /// who left silently.
    pub(crate) fn auto_close_due(&self, world: &World<'_>) -> Option<Time> {
        let auto_close = world.auto_close(self.skill);
        match self.status {
            Status::Pending if self.boomerang.is_some() => None,
            Status::Pending if self.first_unanswered.is_none() || self.has_left_silently() => {
                world.reached(self.skill, self.status_since, auto_close.pending?)
            }
            Status::New if self.has_left_silently() => {
                world.reached(self.skill, self.last_message, auto_close.new?)
            }
            _ => None,
        }
    }

    /// A15: Pending, nobody waits, nothing is to come.
    pub(crate) fn resolve_due(&self, world: &World<'_>) -> Option<Time> {
        let rests = self.status == Status::Pending && self.first_unanswered.is_none();
        match world.centre.resolve {
            Resolve::After(after) if rests && self.boomerang.is_none() => {
                world.reached(self.skill, self.status_since, after)
            }
            _ => None,
        }
    }

    /// It is closed. Its consumer may write again (A14).
    pub(crate) fn closes(&mut self, now: Time, change: &Change) {
        self.count_time(now);
        (self.status, self.owner, self.closed_owner) = (Status::Resolved, None, change.from);
        (self.epoch, self.announced) = (change.epoch, None);
        (self.first_unanswered, self.deadline, self.boomerang) = (None, None, None);
        (self.sla, self.suppressed, self.stopped_at) = (None, false, None);
    }

    /// A14: it is New again.
    pub(crate) fn reopens(&mut self, now: Time, change: &Change) {
        (self.status, self.owner, self.epoch) = (Status::New, change.to, change.epoch);
        (self.status_since, self.owner_since, self.floor) = (now, now, now);
        self.owners.extend(change.to);
        self.figures.note(now, change);
    }

    /// Adds the time since the last change to the figures.
    pub(crate) fn count_time(&mut self, now: Time) {
        let since = self.owner_since.max(self.status_since).max(self.figures.opened);
        if self.status == Status::New {
            self.figures.handle_time += now - since;
        }
        if self.is_queued() {
            self.figures.queue_time += now - since;
        }
    }

    pub(crate) fn has_spent_boomerang(&self, now: Time) -> bool {
        self.status == Status::New && self.boomerang.is_some_and(|boomerang| boomerang.due == now)
    }

    /// What the row of the conversation must say if it ends now.
    pub(crate) fn figures_at(&self, now: Time) -> Figures {
        let mut case = self.clone();
        case.count_time(now);
        case.figures
    }
}

impl Figures {
    pub(crate) fn note(&mut self, now: Time, change: &Change) {
        if change.from != change.to && change.to.is_some() {
            self.owners += 1;
            self.assigned.get_or_insert(now);
        }
        match change.cause {
            Cause::AutoUnassigned { .. } => self.auto_unassigns += 1,
            Cause::OwnerLoggedOut | Cause::InboundWhileOffline | Cause::BoomerangWhileOffline => {
                self.ownership_removals += 1;
            }
            _ => {}
        }
    }
}
