//! What the platform knows of one live conversation.

use crate::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, SkillId};
use crate::base::time::{Span, Time};
use crate::model::event::Status;
use crate::model::settings::{BoomerangThen, Centre, SlotWeight, UnassignClock};

use super::queue::{QueueLine, QueuePosition};

/// A live conversation.
#[derive(Clone, Debug)]
pub(super) struct Conversation {
    pub(super) id: ConversationId,
    pub(super) generation: u32,
    pub(super) skill: SkillId,
    /// The skill asked for at the opening.
    pub(super) asked: SkillId,
    pub(super) priority: i16,
    pub(super) status: Status,
    /// Since when it has this status. For a Pending conversation: the last message or act of the
    /// agent, from which auto-close and inactivity count.
    pub(super) status_since: Time,
    /// Counts the spells in one status; timers that belong to a spell die with it.
    pub(super) spell: u32,
    pub(super) owner: Option<AgentId>,
    /// In the queue: who alone may have it (E16).
    pub(super) reserved_for: Option<AgentId>,
    pub(super) epoch: Epoch,
    /// The epoch at its opening.
    pub(super) first_epoch: Epoch,
    /// Who owned it when it was closed; it is kept because its consumer may still write (A14).
    pub(super) closed_owner: Option<AgentId>,
    /// Position in the owner's list of conversations.
    pub(super) position: u32,
    pub(super) weight: SlotWeight,

    /// The first unanswered consumer message.
    pub(super) first_unanswered: Option<Time>,
    /// The last consumer message.
    pub(super) last_message: Time,
    /// Whether the consumer means to write nothing more.
    pub(super) last: bool,
    /// The consumer left and the platform does not know. No rule reads it but auto-close.
    pub(super) left_silently: bool,
    /// How often the consumer has said something since the opening.
    pub(super) heard: u32,
    /// Replies delivered.
    pub(super) turn: u32,
    /// Owners who lost it since the last reply.
    pub(super) attempt: u16,
    /// What the work drawn for an answer is multiplied by.
    pub(super) work_factor: f64,

    /// The unassign clock does not start before this: the assignment, or the end of the last
    /// manual SLA of this epoch, moved on by the time it was parked (D2).
    pub(super) not_before: Time,
    /// Whether the unassign clock stands still: parked with an unanswered message (B7).
    pub(super) clock_stopped: bool,
    /// The scheduled unassign deadline and the epoch for which it was scheduled.
    pub(super) deadline: Option<(Time, Epoch)>,
    /// When the agenda will ask about the deadline; never later than the deadline.
    pub(super) deadline_entry: Option<Time>,
    /// End of the running manual SLA.
    pub(super) manual_sla: Option<Time>,
    pub(super) manual_sla_generation: u32,
    /// Whether a deadline was already suppressed by the running manual SLA (A7: counted once).
    pub(super) suppressed: bool,
    pub(super) boomerang_generation: u32,
    /// Whether a boomerang is still to come.
    pub(super) has_boomerang: bool,
    /// When the agenda will ask whether to close it; never later than that is due.
    pub(super) close_entry: Option<Time>,
    /// What is due at the boomerang, or after it, if no message is unanswered (B9).
    pub(super) then: BoomerangThen,
    /// Auto-unassigns so far.
    pub(super) unassigns: u16,
    /// Who was auto-unassigned from it or gave it back, oldest first, each agent once (D10, D21).
    pub(super) removals: Removals,
}

/// From whom one conversation was taken, or who gave it back. Most conversations have none, so an
/// empty list takes one word.
#[expect(clippy::box_collection, reason = "a live conversation pays 8 bytes for it, not 24")]
#[derive(Clone, Debug, Default)]
pub(super) struct Removals(Option<Box<Vec<Removal>>>);

impl Removals {
    pub(super) fn remember(&mut self, removal: Removal) {
        let list = &mut **self.0.get_or_insert_default();
        list.retain(|earlier| earlier.agent != removal.agent);
        list.push(removal);
    }

    pub(super) fn as_slice(&self) -> &[Removal] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// One auto-unassign or manual return as D10 remembers it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Removal {
    pub(super) agent: AgentId,
    pub(super) at: Time,
    /// How often the agent had acted by then.
    pub(super) acts: u32,
}

/// What `Open` says.
pub(super) struct Opening {
    pub(super) key: ConversationKey,
    pub(super) id: ConversationId,
    pub(super) skill: SkillId,
    pub(super) priority: i16,
    pub(super) last: bool,
    pub(super) work_factor: f64,
}

impl Conversation {
    pub(super) fn open(now: Time, opening: &Opening) -> Self {
        Self {
            id: opening.id,
            generation: opening.key.generation,
            skill: opening.skill,
            asked: opening.skill,
            priority: opening.priority,
            status: Status::New,
            status_since: now,
            spell: 0,
            owner: None,
            reserved_for: None,
            epoch: Epoch::default(),
            first_epoch: Epoch::default(),
            closed_owner: None,
            position: 0,
            weight: SlotWeight(0),
            first_unanswered: Some(now),
            last_message: now,
            last: opening.last,
            left_silently: false,
            heard: 0,
            turn: 0,
            attempt: 0,
            work_factor: opening.work_factor,
            not_before: now,
            clock_stopped: false,
            deadline: None,
            deadline_entry: None,
            manual_sla: None,
            manual_sla_generation: 0,
            suppressed: false,
            boomerang_generation: 0,
            has_boomerang: false,
            close_entry: None,
            then: BoomerangThen::FollowUp,
            unassigns: 0,
            removals: Removals::default(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.status != Status::Resolved
    }

    /// Whether it has been assigned since its opening.
    pub(super) fn was_assigned(&self) -> bool {
        self.epoch != self.first_epoch
    }

    /// Semantics, *waiting since*: the first unanswered consumer message; if there is none, the
    /// moment it became New.
    pub(super) fn waiting_since(&self) -> Time {
        self.first_unanswered.unwrap_or(self.status_since)
    }

    /// The consumer message from which the unassign clock runs (D1), if one is unanswered (D6).
    pub(super) fn clock_message(&self, clock: UnassignClock) -> Option<Time> {
        let first = self.first_unanswered?;
        Some(match clock {
            UnassignClock::LastMessage => self.last_message,
            UnassignClock::FirstUnanswered => first,
        })
    }

    /// Semantics, *queue*: the unowned New conversations.
    pub(super) fn is_queued(&self) -> bool {
        self.status == Status::New && self.owner.is_none()
    }

    /// Where in the queue it stands, if it does.
    pub(super) fn line(&self) -> QueueLine {
        self.reserved_for.map_or(QueueLine::Skill(self.skill), QueueLine::Reserved)
    }

    /// Its place in service order. Beyond `max_per_conversation` auto-unassigns it goes first (D11).
    pub(super) fn place(&self, centre: &Centre) -> QueuePosition {
        let most = centre.unassign.max_per_conversation;
        let urgent = most.is_some_and(|most| u32::from(self.unassigns) > most);
        let due = centre.due(self.skill, self.waiting_since());
        QueuePosition::new(urgent, self.priority, due, self.id)
    }

    /// How long it has had its present status.
    pub(super) fn status_for(&self, now: Time) -> Span {
        now - self.status_since
    }
}

/// All live conversations, by slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Conversations {
    slots: Vec<Option<Conversation>>,
    /// By slot: the generation that comes next.
    next: Vec<u32>,
    open: usize,
}

impl Conversations {
    pub(super) fn insert(&mut self, key: ConversationKey, conversation: Conversation) {
        let slot = key.slot as usize;
        if slot >= self.slots.len() {
            self.slots.resize(slot + 1, None);
            self.next.resize(slot + 1, 0);
        }
        debug_assert!(self.slots[slot].is_none(), "slot {slot} is taken");
        self.slots[slot] = Some(conversation);
        self.next[slot] = key.generation.wrapping_add(1);
        self.open += 1;
    }

    pub(super) fn remove(&mut self, key: ConversationKey) -> Option<Conversation> {
        let conversation = self.slots[key.slot as usize].take();
        self.open -= usize::from(conversation.as_ref().is_some_and(Conversation::is_open));
        conversation
    }

    /// One that is kept was closed.
    pub(super) fn note_closed(&mut self) {
        self.open -= 1;
    }

    /// One that was closed is open again.
    pub(super) fn note_opened(&mut self) {
        self.open += 1;
    }

    /// Whether this one, if it is not there, is over rather than still to be opened.
    pub(super) fn has_been_open(&self, key: ConversationKey) -> bool {
        self.next.get(key.slot as usize).is_some_and(|&next| key.generation < next)
    }

    /// The conversation, unless it is closed.
    pub(super) fn get(&self, key: ConversationKey) -> Option<&Conversation> {
        self.kept(key).filter(|conversation| conversation.is_open())
    }

    /// The conversation, open or not.
    pub(super) fn kept(&self, key: ConversationKey) -> Option<&Conversation> {
        let conversation = self.slots.get(key.slot as usize)?.as_ref()?;
        (conversation.generation == key.generation).then_some(conversation)
    }

    /// The conversation, unless it is closed.
    pub(super) fn get_mut(&mut self, key: ConversationKey) -> Option<&mut Conversation> {
        self.kept_mut(key).filter(|conversation| conversation.is_open())
    }

    /// The conversation, also one that is closed and whose consumer may still write (A14).
    pub(super) fn kept_mut(&mut self, key: ConversationKey) -> Option<&mut Conversation> {
        let conversation = self.slots.get_mut(key.slot as usize)?.as_mut()?;
        (conversation.generation == key.generation).then_some(conversation)
    }

    /// A conversation that the router itself has just looked up or keeps in a list.
    pub(super) fn live(&mut self, key: ConversationKey) -> &mut Conversation {
        self.kept_mut(key).expect("the router lists only conversations that it keeps")
    }

    /// Those that are open.
    pub(super) fn iter(&self) -> impl Iterator<Item = (ConversationKey, &Conversation)> {
        self.slots.iter().enumerate().filter_map(|(slot, conversation)| {
            let conversation = conversation.as_ref().filter(|found| found.is_open())?;
            let generation = conversation.generation;
            Some((ConversationKey { slot: slot as u32, generation }, conversation))
        })
    }

    /// Those that are closed and kept.
    pub(super) fn closed(&self) -> impl Iterator<Item = ConversationKey> {
        self.slots.iter().enumerate().filter_map(|(slot, conversation)| {
            let conversation = conversation.as_ref().filter(|found| !found.is_open())?;
            Some(ConversationKey { slot: slot as u32, generation: conversation.generation })
        })
    }

    pub(super) fn open(&self) -> usize {
        self.open
    }
}
