//! The one way in which a conversation changes its owner or its status: clocks, queue, slots, epoch
//! and audit record go together or not at all.

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::event::{Cause, Change, Event, Status};
use crate::model::message::{AgentMessage, ConsumerMessage, RouterTimer, Task, Timer};
use crate::model::settings::{PatienceUntil, SlotWeight, UnassignClock};

use super::Router;
use super::close::Closed;
use super::conversation::Conversation;
use super::destination::Destination;

impl Router {
    /// Changes owner, status or both; everything that follows from the change happens here.
    pub(super) fn transition(
        &mut self,
        now: Time,
        key: ConversationKey,
        to: Destination,
        outbox: &mut Outbox,
    ) {
        let clock = self.centre.unassign.clock;
        let conversation = self.conversations.live(key);
        let (from, was, epoch) = (conversation.owner, conversation.status, conversation.epoch);
        if conversation.is_queued() {
            self.queue.leave(conversation.line(), conversation.place(&self.centre));
        }
        if to.owner.is_some() || to.cause == Cause::FellBack {
            conversation.reserved_for = None;
        }
        if from != to.owner {
            conversation.change_owner(now, to);
        }
        if was != to.status {
            conversation.change_status(now, to.status, clock);
        }
        let change = Change {
            conversation: key,
            id: conversation.id,
            from,
            to: to.owner,
            status: to.status,
            skill: conversation.skill,
            epoch: conversation.epoch,
            actor: to.actor,
            cause: to.cause,
        };
        if from != to.owner || matches!(to.cause, Cause::Reply | Cause::ReplyWithBoomerang) {
            self.end_manual_sla(key, outbox);
        }
        outbox.record(Event::Change(change));
        self.move_slots(now, key, from, to.owner, outbox);
        if let Some(from) = from.filter(|&from| Some(from) != to.owner && !to.is_by(from)) {
            let taken = to.cause.takes_answer();
            outbox.agent(from, AgentMessage::Removed { conversation: key, epoch, taken });
        }
        match to.status {
            Status::Resolved => self.close(key, Closed { owner: from, cause: to.cause }, outbox),
            Status::Pending => self.rest(now, key, outbox),
            Status::New => self.ask_for_work(now, key, change, outbox),
        }
    }

    /// Takes the conversation out of the old owner's slots and puts it into the new owner's, even above
    /// the limit if somebody hands it over (E16); such overshoot is counted.
    fn move_slots(
        &mut self,
        now: Time,
        key: ConversationKey,
        from: Option<AgentId>,
        to: Option<AgentId>,
        outbox: &mut Outbox,
    ) {
        let conversation = self.conversations.live(key);
        let full = self.centre.weight(conversation.skill);
        if from == to {
            self.weigh(now, key, full, outbox);
            return;
        }
        let skill = conversation.skill;
        let (position, weight) = (conversation.position as usize, conversation.weight);
        conversation.weight = full;
        if let Some(from) = from {
            let record = self.agents.get_mut(from);
            record.in_use.0 -= weight.0;
            record.owned.swap_remove(position);
            record.owned_skills.swap_remove(position);
            if let Some(&moved) = record.owned.get(position) {
                self.conversations.live(moved).position = position as u32;
            }
            self.slots_changed(now, from, outbox);
        }
        if let Some(to) = to {
            let record = self.agents.get_mut(to);
            record.in_use.0 += full.0;
            self.conversations.live(key).position = record.owned.len() as u32;
            record.owned.push(key);
            record.owned_skills.push(skill);
            if self.agents.is_above_limit(to, skill) {
                outbox.record(Event::Overshoot { conversation: key, agent: to });
            }
            self.agents.note_assigned(now, to);
            self.slots_changed(now, to, outbox);
        }
    }

    /// Gives an owned conversation its weight. One that wakes up stays with its owner even above
    /// the limit; such overshoot is counted.
    pub(super) fn weigh(
        &mut self,
        now: Time,
        key: ConversationKey,
        weight: SlotWeight,
        outbox: &mut Outbox,
    ) {
        let conversation = self.conversations.live(key);
        let before = std::mem::replace(&mut conversation.weight, weight);
        let skill = conversation.skill;
        let Some(owner) = conversation.owner.filter(|_| before != weight) else { return };
        let record = self.agents.get_mut(owner);
        record.in_use.0 = record.in_use.0 - before.0 + weight.0;
        if weight > before && self.agents.is_above_limit(owner, skill) {
            outbox.record(Event::Overshoot { conversation: key, agent: owner });
        }
        self.slots_changed(now, owner, outbox);
    }

    fn slots_changed(&mut self, now: Time, agent: AgentId, outbox: &mut Outbox) {
        let record = self.agents.get_mut(agent);
        let used = record.in_use;
        outbox.record(Event::SlotsInUse { agent, used });
        if let Some(open) = record.changed_load() {
            outbox.agent(agent, AgentMessage::Load { open });
        }
        self.agents.touch(now, agent);
        self.request_service_for(now, agent, outbox);
    }

    /// Pending: nobody has to act, the deadline is gone (A4, B7).
    fn rest(&mut self, now: Time, key: ConversationKey, outbox: &mut Outbox) {
        self.conversations.live(key).deadline = None;
        if let Some(after) = self.centre.capacity.inactive_after {
            let spell = self.conversations.live(key).spell;
            let timer = RouterTimer::Inactive { conversation: key, spell };
            outbox.at(now + after, Timer::Router(timer));
        }
        self.schedule_close(now, key, outbox);
    }

    /// New: into the queue, or on the owner's list.
    fn ask_for_work(
        &mut self,
        now: Time,
        key: ConversationKey,
        change: Change,
        outbox: &mut Outbox,
    ) {
        let conversation = self.conversations.live(key);
        let Some(owner) = change.to else {
            let line = conversation.line();
            self.queue.enter(line, conversation.place(&self.centre), key);
            self.schedule_close(now, key, outbox);
            self.request_service(now, line, outbox);
            return;
        };
        let task = conversation.task(key);
        if change.from != change.to && self.ends_patience(task.id) {
            outbox.consumer(key, ConsumerMessage::Assigned);
        }
        if change.cause != Cause::AssignedOffline {
            outbox.agent(owner, AgentMessage::Work(task));
        }
        self.schedule_deadline(now, key, outbox);
        self.schedule_close(now, key, outbox);
    }

    /// Whether the patience of the consumer ends when somebody gets the conversation.
    pub(super) fn ends_patience(&self, id: ConversationId) -> bool {
        let kind = &self.centre.kinds[usize::from(id.kind().0)];
        kind.patience.until == PatienceUntil::Assignment
    }
}

impl Conversation {
    fn change_owner(&mut self, now: Time, to: Destination) {
        self.epoch = self.epoch.next();
        self.attempt = self.attempt.saturating_add(u16::from(self.owner.is_some()));
        self.owner = to.owner;
        self.start_clock(now);
    }

    /// The unassign clock starts no earlier than now (D2).
    pub(super) fn start_clock(&mut self, now: Time) {
        self.not_before = if self.clock_stopped { self.status_since } else { now };
    }

    /// While it is Pending with an unanswered message (parked) the unassign clock stands still
    /// (B7): back in New, it starts later by the time that it was Pending.
    fn change_status(&mut self, now: Time, status: Status, clock: UnassignClock) {
        if self.clock_stopped {
            self.not_before += self.status_for(now);
        }
        let unanswered = self.clock_message(clock).filter(|_| status == Status::Pending);
        if let Some(message) = unanswered {
            self.not_before = self.not_before.max(message);
        }
        self.clock_stopped = unanswered.is_some();
        self.status = status;
        self.status_since = now;
        self.spell = self.spell.wrapping_add(1);
    }

    /// The work that it means for its owner.
    pub(super) fn task(&self, key: ConversationKey) -> Task {
        Task {
            conversation: key,
            id: self.id,
            skill: self.skill,
            epoch: self.epoch,
            waiting_since: self.waiting_since(),
            turn: self.turn,
            attempt: self.attempt,
            work_factor: self.work_factor,
            unanswered: self.first_unanswered.is_some(),
            then: self.then,
        }
    }
}
