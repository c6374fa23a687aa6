//! What the ledger keeps of a conversation while it is open: 80 bytes.

use crate::base::ids::{AgentId, SkillId};
use crate::base::time::{Span, Time};
use crate::model::event::Status;

/// An open conversation, or, if it is `Resolved`, one that is over or may be opened again.
#[derive(Clone, Copy)]
pub(super) struct ConversationAccount {
    pub(super) opened: Time,
    /// Beginning of the present stay: in this status, with this owner, in this queue.
    pub(super) since: Time,
    /// The owner's time Offline until then.
    pub(super) owner_offline: Span,
    /// Time in the queue, until `since`.
    pub(super) queued: Span,
    /// Time New with an owner, until `since`.
    pub(super) owned: Span,
    /// Of which with an Offline owner.
    pub(super) stranded: Span,
    /// The last auto-unassign or ownership removal that no reply has followed yet.
    pub(super) removed_at: Option<Time>,
    removed_from: u32,
    owner: u32,
    /// Tells it from others that were kept in its slot before.
    pub(super) generation: u32,
    /// Interval of the opening.
    pub(super) interval: u32,
    /// Skill asked for at the opening.
    pub(super) asked: SkillId,
    /// Skill that it is with.
    pub(super) skill: SkillId,
    /// No more than so many are told apart.
    pub(super) auto_unassigns: u8,
    pub(super) status: Status,
    marks: u16,
}

/// What has happened to a conversation.
#[derive(Clone, Copy)]
#[repr(u16)]
pub(super) enum Happened {
    /// It was opened after the warm-up.
    Counts = 1,
    /// It was assigned.
    Assigned = 2,
    /// It was answered.
    Answered = 4,
    /// The consumer's patience ended.
    Abandoned = 8,
    /// The last removal was an auto-unassign.
    Unassigned = 16,
    /// Nobody has owned it since the last removal.
    AwaitsOwner = 32,
    /// The first contact of its client was opened after the warm-up.
    ClientCounts = 64,
    /// Its client has been answered, in this conversation or one before.
    ClientServed = 128,
    /// It was closed and may be opened again (A14).
    Closed = 256,
    /// It is with its skill since a hand-over, not since its opening.
    HandedIn = 512,
    /// An agent who was logged in has had it since it is with its skill.
    AssignedBySkill = 1024,
    /// It was answered since it is with its skill.
    AnsweredBySkill = 2048,
    /// The consumer's patience ended since it is with its skill.
    AbandonedBySkill = 4096,
    /// It awaits its first answer since before the run began.
    BeforeRun = 8192,
}

/// A stay with a skill that began with a hand-over. One that began with the opening needs no more than
/// the account of its conversation.
#[derive(Clone, Copy)]
pub(super) struct SkillStay {
    pub(super) began: Time,
    /// Interval of its beginning.
    pub(super) interval: u32,
    /// Handle time of the conversation, since it was opened last, until then.
    pub(super) handled: Span,
}

impl ConversationAccount {
    /// A free slot.
    pub(super) const FREE: Self = Self {
        opened: Time::ZERO,
        since: Time::ZERO,
        owner_offline: Span::ZERO,
        queued: Span::ZERO,
        owned: Span::ZERO,
        stranded: Span::ZERO,
        removed_at: None,
        removed_from: NOBODY,
        owner: NOBODY,
        generation: 0,
        interval: 0,
        asked: SkillId(0),
        skill: SkillId(0),
        auto_unassigns: 0,
        status: Status::Resolved,
        marks: 0,
    };

    /// A conversation that opens now, in no queue yet.
    pub(super) fn open(now: Time, skill: SkillId, interval: u32) -> Self {
        Self { opened: now, since: now, interval, asked: skill, skill, ..Self::FREE }
    }

    pub(super) fn has(&self, what: Happened) -> bool {
        self.marks & what as u16 != 0
    }

    pub(super) fn mark(&mut self, what: Happened, happened: bool) {
        if happened {
            self.marks |= what as u16;
        } else {
            self.marks &= !(what as u16);
        }
    }

    /// Whether it was answered or abandoned.
    pub(super) fn is_settled(&self) -> bool {
        self.has(Happened::Answered) || self.has(Happened::Abandoned)
    }

    /// The same, since it is with its skill.
    pub(super) fn is_settled_by_skill(&self) -> bool {
        self.has(Happened::AnsweredBySkill) || self.has(Happened::AbandonedBySkill)
    }

    /// Goes to another skill, with which nothing has happened yet.
    pub(super) fn hand_in(&mut self, skill: SkillId) {
        self.skill = skill;
        self.mark(Happened::HandedIn, true);
        self.mark(Happened::AssignedBySkill, false);
        self.mark(Happened::AnsweredBySkill, false);
        self.mark(Happened::AbandonedBySkill, false);
    }

    pub(super) fn owner(&self) -> Option<AgentId> {
        (self.owner != NOBODY).then_some(AgentId(self.owner))
    }

    pub(super) fn set_owner(&mut self, owner: Option<AgentId>) {
        self.owner = owner.map_or(NOBODY, |agent| agent.0);
    }

    pub(super) fn removed_from(&self) -> AgentId {
        AgentId(self.removed_from)
    }

    /// The last owner is nobody who is known from now on.
    pub(super) fn forget_who(&mut self) {
        self.removed_from = NOBODY;
    }

    pub(super) fn remove_from(&mut self, agent: Option<AgentId>, now: Time, unassigned: bool) {
        self.removed_at = Some(now);
        self.removed_from = agent.map_or(NOBODY, |agent| agent.0);
        self.mark(Happened::AwaitsOwner, true);
        self.mark(Happened::Unassigned, unassigned);
    }
}

const NOBODY: u32 = u32::MAX;

const _: () = assert!(size_of::<ConversationAccount>() <= 80);
