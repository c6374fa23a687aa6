//! What the observer believes of one conversation and one agent.

use crate::base::ids::{AgentId, ConversationId, Epoch, SkillId};
use crate::base::time::Time;
use crate::model::event::{AgentState, Cause, Status};
use crate::model::settings::Centre;

/// One conversation; `Resolved` = a free slot.
#[derive(Clone, Copy)]
pub(crate) struct ObservedConversation {
    pub(super) id: ConversationId,
    /// When the owner is unassigned, or nobody waits longer for one agent, if nothing happens before.
    pub(super) deadline: Option<Time>,
    /// max(message, assignment, end of the last manual SLA) (D2). While the clock stands still
    /// (B7): the same, with zero for the instant at which it was stopped.
    pub(super) origin: Time,
    /// End of the running manual SLA.
    pub(super) manual_sla: Option<Time>,
    pub(super) epoch: Epoch,
    pub(super) generation: u32,
    owner: u32,
    /// In the queue: who alone may have it, until its deadline (E16).
    reserved_for: u32,
    /// Position among the owner's conversations.
    pub(super) place: u32,
    pub(super) skill: SkillId,
    pub(super) status: Status,
    marks: u8,
}

/// What the observer remembers of a conversation.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Remembered {
    /// `Opened` was seen, its first change was not.
    Fresh = 1,
    /// A consumer message is unanswered.
    Unanswered = 2,
    /// Pending with an unanswered message: the unassign clock stands still.
    Stopped = 4,
    /// Was New and owned when the owner logged out.
    RemovalDue = 8,
    /// A manual SLA of this epoch has ended.
    SlaEnded = 16,
    /// Answered before any abandonment.
    Answered = 32,
    /// The patience ended before any answer.
    Abandoned = 64,
}

impl ObservedConversation {
    pub(super) fn free() -> Self {
        Self {
            id: ConversationId::new(crate::base::ids::KindId(0), 0, 0),
            deadline: None,
            origin: Time::ZERO,
            manual_sla: None,
            epoch: Epoch::default(),
            generation: 0,
            owner: NOBODY,
            reserved_for: NOBODY,
            place: 0,
            skill: SkillId(0),
            status: Status::Resolved,
            marks: 0,
        }
    }

    pub(super) fn opened(id: ConversationId, generation: u32) -> Self {
        let fresh = Remembered::Fresh as u8;
        Self { id, generation, status: Status::New, marks: fresh, ..Self::free() }
    }

    pub(super) fn has(&self, mark: Remembered) -> bool {
        self.marks & mark as u8 != 0
    }

    pub(super) fn set(&mut self, mark: Remembered, on: bool) {
        if on {
            self.marks |= mark as u8;
        } else {
            self.marks &= !(mark as u8);
        }
    }

    /// Whether it counts as answered or abandoned already (rule 2).
    pub(super) fn is_settled(&self) -> bool {
        self.has(Remembered::Answered) || self.has(Remembered::Abandoned)
    }

    pub(super) fn owner(&self) -> Option<AgentId> {
        (self.owner != NOBODY).then_some(AgentId(self.owner))
    }

    pub(super) fn set_owner(&mut self, owner: Option<AgentId>) {
        self.owner = owner.map_or(NOBODY, |agent| agent.0);
    }

    pub(super) fn reserved_for(&self) -> Option<AgentId> {
        (self.reserved_for != NOBODY).then_some(AgentId(self.reserved_for))
    }

    /// From now on it waits for one agent, or for nobody in particular (E16).
    pub(super) fn note_reservation(&mut self, cause: Cause) {
        self.reserved_for = NOBODY;
        if let Cause::Reserved { agent, until } = cause {
            (self.reserved_for, self.deadline) = (agent.0, Some(until));
        }
    }

    /// What is wrong if it is still as it is after its deadline.
    pub(super) fn overdue(&self, deadline: Time) -> String {
        match (self.owner(), self.reserved_for()) {
            (Some(owner), _) => {
                format!("still with agent {} after its deadline {deadline}", owner.0)
            }
            (None, reserved_for) => {
                let agent = reserved_for.map_or(NOBODY, |agent| agent.0);
                format!("still reserved for agent {agent} after {deadline}")
            }
        }
    }

    /// Whether the audit trail may say this of it: the table of states A1–A13, B1–B8.
    pub(super) fn allows(&self, cause: Cause, owner: Option<AgentId>, status: Status) -> bool {
        let from = (self.status, self.owner().is_some());
        let to = (status, owner.is_some());
        let kept = self.owner() == owner;
        match cause {
            Cause::Opened => self.has(Remembered::Fresh) && to == QUEUED,
            _ if self.has(Remembered::Fresh) => false,
            Cause::Assigned | Cause::Claimed => {
                let may_have_it = self.reserved_for().is_none_or(|agent| owner == Some(agent));
                from == QUEUED && to == OWNED_NEW && may_have_it
            }
            Cause::ConsumerMessage | Cause::Boomerang => {
                from.0 == Status::Pending && to.0 == Status::New && kept
            }
            Cause::InboundWhileOffline | Cause::BoomerangWhileOffline => {
                from == OWNED_PENDING && to == QUEUED
            }
            Cause::Reply | Cause::ReplyWithBoomerang | Cause::Parked => {
                from == OWNED_NEW && to == OWNED_PENDING && kept
            }
            Cause::AutoUnassigned { .. } | Cause::OwnerLoggedOut => {
                from == OWNED_NEW && to == QUEUED
            }
            Cause::ManualReturn | Cause::TransferredToSkill => from == OWNED_NEW && to == QUEUED,
            Cause::TransferredToAgent => from == OWNED_NEW && to == OWNED_NEW,
            Cause::Reserved { .. } => from == OWNED_NEW && to == QUEUED,
            Cause::FellBack => from == QUEUED && to == QUEUED && self.reserved_for().is_some(),
            Cause::AssignedOffline => from == OWNED_NEW && to.1 && to.0 != Status::Resolved,
            Cause::TakenUp => from.1 && to == OWNED_NEW && kept,
            Cause::CarriedOver => from == QUEUED && to.1 && to.0 != Status::Resolved,
            Cause::Reopened => from == (Status::Resolved, false) && to.0 == Status::New,
            Cause::ResolvedByAgent
            | Cause::ResolvedByConsumer
            | Cause::Abandoned
            | Cause::AutoClosed => to == (Status::Resolved, false),
        }
    }

    /// Computes the deadline anew from D1–D6, for an owner like this.
    pub(super) fn arm(&mut self, now: Time, centre: &Centre, owner: &ObservedAgent) {
        let (unassign, timeouts) = (&centre.unassign, centre.timeouts(self.skill));
        let armed =
            unassign.enabled && self.status == Status::New && self.has(Remembered::Unanswered);
        let timeout = match owner.state {
            AgentState::Online => timeouts.online,
            AgentState::Away(_) => timeouts.away,
            AgentState::Offline => timeouts.offline,
        };
        let origin = self.manual_sla.map_or(self.origin, |end| end.max(self.origin));
        let returned = owner.returned_at.filter(|&at| origin < at);
        let grace = returned.map_or(now, |at| at + unassign.return_grace);
        let due = timeout.filter(|_| armed).and_then(|it| centre.reached(self.skill, origin, it));
        self.deadline = due.map(|due| due.max(grace).max(now).max(Time::ZERO));
    }
}

/// One agent.
pub(super) struct ObservedAgent {
    pub(super) state: AgentState,
    /// When it came back, if it is Online: older work has a grace from then on (D3).
    pub(super) returned_at: Option<Time>,
    pub(super) logouts: u32,
    /// Slots of the conversations it owns.
    pub(super) owned: Vec<u32>,
    /// How many of these are New.
    pub(super) new: u32,
    /// Slots in use, in thousandths, as reported.
    pub(super) reported: u32,
    /// Whether its slots are to be compared when the instant is over.
    pub(super) touched: bool,
}

impl ObservedAgent {
    pub(super) fn new() -> Self {
        Self {
            state: AgentState::Offline,
            returned_at: None,
            logouts: 0,
            owned: Vec::new(),
            new: 0,
            reported: 0,
            touched: false,
        }
    }
}

const NOBODY: u32 = u32::MAX;
const QUEUED: (Status, bool) = (Status::New, false);
const OWNED_NEW: (Status, bool) = (Status::New, true);
const OWNED_PENDING: (Status, bool) = (Status::Pending, true);

const _: () = assert!(size_of::<ObservedConversation>() <= 56);
