//! What consumers, and the clocks of a conversation, do (A2, A3, A11–A13, B4, B5, E9, auto-close).

use std::num::NonZeroU32;

use crate::base::ids::{ConversationKey, Epoch};
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, Cause, Event, Stale, Status};
use crate::model::message::{AgentMessage, ConsumerAct, ConsumerMessage, RouterTimer, Timer};

use super::Router;
use super::conversation::{Conversation, Opening};
use super::destination::Destination;

impl Router {
    /// A consumer opens a conversation: New and unowned.
    pub(super) fn open_conversation(&mut self, now: Time, opening: &Opening, outbox: &mut Outbox) {
        let &Opening { key, id, skill, priority, .. } = opening;
        self.conversations.insert(key, Conversation::open(now, opening));
        outbox.record(Event::Opened { conversation: key, id, skill, priority });
        outbox.record(Event::ConsumerMessage {
            conversation: key,
            further: false,
            moved_deadline: false,
        });
        let conversation = self.conversations.live(key);
        let change = conversation.opened(key);
        self.queue.enter(skill, conversation.place(None), key);
        outbox.record(Event::Change(change));
        self.request_service(now, skill, outbox);
    }

    /// A consumer says something. Once the conversation is over, nobody listens (A12).
    pub(super) fn consumer_says(
        &mut self,
        now: Time,
        key: ConversationKey,
        said: ConsumerAct,
        outbox: &mut Outbox,
    ) {
        let Some(conversation) = self.conversations.get_mut(key) else { return };
        conversation.heard = conversation.heard.saturating_add(1);
        match said {
            ConsumerAct::Write { last } => self.consumer_writes(now, key, last, outbox),
            ConsumerAct::Leave { silent } => self.consumer_leaves(now, key, silent, outbox),
            ConsumerAct::Close => {
                self.resolve(now, key, Actor::Consumer, Cause::ResolvedByConsumer, outbox);
            }
        }
    }

    /// A consumer writes. On a Pending conversation: New, with its owner (A2, B5) or, if that one
    /// is logged out, without (B3). On a New one: the deadline moves (A3), the owner stays (E5).
    /// Either way a boomerang that is still to come is cancelled (E9).
    fn consumer_writes(
        &mut self,
        now: Time,
        key: ConversationKey,
        last: bool,
        outbox: &mut Outbox,
    ) {
        let conversation = self.conversations.live(key);
        let most = self.centre.unassign.max_per_conversation;
        let place = conversation.is_queued().then(|| conversation.place(most));
        let further = conversation.first_unanswered.is_some();
        conversation.first_unanswered.get_or_insert(now);
        conversation.last_message = now;
        conversation.last = last;
        conversation.cancel_boomerang();
        if conversation.status == Status::Pending {
            let event =
                Event::ConsumerMessage { conversation: key, further, moved_deadline: false };
            outbox.record(event);
            let causes = (Cause::ConsumerMessage, Cause::InboundWhileOffline);
            self.wake(now, key, Actor::Consumer, causes, outbox);
            return;
        }
        if let Some(place) = place.filter(|&place| place != conversation.place(most)) {
            self.queue.leave(conversation.skill, place);
            self.queue.enter(conversation.skill, conversation.place(most), key);
        }
        let conversation = self.conversations.live(key);
        if let (Some(owner), false) = (conversation.owner, further) {
            outbox.agent(owner, AgentMessage::Work(conversation.task(key)));
        }
        let moved_deadline = self.schedule_deadline(now, key, outbox);
        outbox.record(Event::ConsumerMessage { conversation: key, further, moved_deadline });
    }

    /// A consumer's actor was replaced. What the other said last may have been lost on the way to the
    /// router: then it is heard now. What was said to the other may have been lost too: then the new
    /// one is told again.
    pub(super) fn consumer_catches_up(
        &mut self,
        now: Time,
        key: ConversationKey,
        awaits: bool,
        said: Option<(ConsumerAct, NonZeroU32)>,
        outbox: &mut Outbox,
    ) {
        let Some(conversation) = self.conversations.get_mut(key) else {
            let is_over = self.conversations.has_been_open(key);
            let told = if is_over { ConsumerMessage::Resolved } else { ConsumerMessage::Start };
            return outbox.consumer(key, told);
        };
        if let Some((said, times)) = said.filter(|(_, times)| conversation.heard < times.get()) {
            // Of several that were lost, the last one stands for all.
            conversation.heard = times.get() - 1;
            self.consumer_says(now, key, said, outbox);
        }
        let Some(conversation) = self.conversations.get(key) else { return };
        if conversation.epoch != Epoch::default() && self.ends_patience(conversation.id) {
            outbox.consumer(key, ConsumerMessage::Assigned);
        }
        if awaits && conversation.first_unanswered.is_none() {
            outbox.consumer(key, ConsumerMessage::Replied);
        }
    }

    /// Pending becomes New: with its owner, or without if ownership removal is on and the owner is
    /// logged out (B3–B5). `causes` = (stays, is removed).
    fn wake(
        &mut self,
        now: Time,
        key: ConversationKey,
        actor: Actor,
        causes: (Cause, Cause),
        outbox: &mut Outbox,
    ) {
        let owner = self.conversations.live(key).owner;
        let is_removed = self.centre.remove_ownership.enabled
            && owner.is_some_and(|owner| self.agents.is_offline(owner));
        let (owner, cause) = if is_removed { (None, causes.1) } else { (owner, causes.0) };
        self.transition(now, key, Destination { owner, status: Status::New, actor, cause }, outbox);
    }

    /// A11: openly = resolved at once; silently = the platform does not know.
    fn consumer_leaves(
        &mut self,
        now: Time,
        key: ConversationKey,
        silent: bool,
        outbox: &mut Outbox,
    ) {
        outbox.record(Event::Abandoned { conversation: key, silent });
        if silent {
            self.conversations.live(key).left_silently = true;
            self.schedule_auto_close(now, key, outbox);
        } else {
            self.resolve(now, key, Actor::Consumer, Cause::Abandoned, outbox);
        }
    }

    fn resolve(
        &mut self,
        now: Time,
        key: ConversationKey,
        actor: Actor,
        cause: Cause,
        outbox: &mut Outbox,
    ) {
        self.transition(
            now,
            key,
            Destination { owner: None, status: Status::Resolved, actor, cause },
            outbox,
        );
    }

    /// A13 with `resolve.after`: nobody has written since the reply to the last message.
    pub(super) fn resolve_is_due(
        &mut self,
        now: Time,
        key: ConversationKey,
        spell: u32,
        outbox: &mut Outbox,
    ) {
        let Some(conversation) = self.conversations.get(key) else { return };
        let (owner, epoch) = (conversation.owner, conversation.epoch);
        if conversation.spell == spell {
            let actor = owner.map_or(Actor::System, Actor::Agent);
            self.resolve(now, key, actor, Cause::ResolvedByAgent, outbox);
            // It was the agent's doing, but some time ago.
            if let Some(owner) = owner {
                let taken = Cause::ResolvedByAgent.takes_answer();
                let removed = AgentMessage::Removed { conversation: key, epoch, taken };
                outbox.agent(owner, removed);
            }
        }
    }

    /// Starts a boomerang; one set before is dead.
    pub(super) fn set_boomerang(
        &mut self,
        now: Time,
        key: ConversationKey,
        after: Span,
        outbox: &mut Outbox,
    ) {
        let conversation = self.conversations.live(key);
        conversation.cancel_boomerang();
        let generation = conversation.boomerang_generation;
        let timer = RouterTimer::Boomerang { conversation: key, generation };
        outbox.at(now + after, Timer::Router(timer));
    }

    /// B4, B5: back to New, whoever owns it by now.
    pub(super) fn boomerang_fires(
        &mut self,
        now: Time,
        key: ConversationKey,
        generation: u32,
        outbox: &mut Outbox,
    ) {
        let Some(conversation) = self.conversations.get_mut(key) else { return };
        if conversation.boomerang_generation != generation {
            return;
        }
        conversation.cancel_boomerang();
        if conversation.status == Status::Pending {
            let causes = (Cause::Boomerang, Cause::BoomerangWhileOffline);
            self.wake(now, key, Actor::System, causes, outbox);
        } else {
            outbox.record(Event::Stale(Stale::Boomerang));
        }
    }

    /// An idle Pending conversation weighs less from now on (`capacity.inactive_after`).
    pub(super) fn becomes_inactive(
        &mut self,
        now: Time,
        key: ConversationKey,
        spell: u32,
        outbox: &mut Outbox,
    ) {
        let is_idle = self.conversations.get(key).is_some_and(|found| found.spell == spell);
        if is_idle {
            self.weigh(now, key, self.centre.capacity.inactive_weight, outbox);
        }
    }

    /// Makes sure that the agenda asks in time whether to auto-close.
    pub(super) fn schedule_auto_close(
        &mut self,
        now: Time,
        key: ConversationKey,
        outbox: &mut Outbox,
    ) {
        let Some(after) = self.centre.auto_close else { return };
        let conversation = self.conversations.live(key);
        let Some(due) = conversation.auto_close_due(after).map(|due| due.max(now)) else { return };
        if conversation.auto_close_entry.is_none_or(|entry| due < entry) {
            conversation.auto_close_entry = Some(due);
            outbox.at(due, Timer::Router(RouterTimer::AutoClose { conversation: key }));
        }
    }

    /// The agenda asks about auto-close.
    pub(super) fn auto_close_is_due(
        &mut self,
        now: Time,
        key: ConversationKey,
        outbox: &mut Outbox,
    ) {
        let (Some(after), Some(conversation)) =
            (self.centre.auto_close, self.conversations.get_mut(key))
        else {
            return;
        };
        conversation.auto_close_entry = None;
        if conversation.auto_close_due(after).is_some_and(|due| due <= now) {
            self.resolve(now, key, Actor::System, Cause::AutoClosed, outbox);
        } else {
            self.schedule_auto_close(now, key, outbox);
        }
    }
}

impl Conversation {
    /// Pending: so long after the last act of the agent. New: so long after the last message of a
    /// consumer who left silently. One that is parked or kept for an offline specialist while its
    /// consumer waits for an answer is not closed.
    fn auto_close_due(&self, after: Span) -> Option<Time> {
        let is_awaited = self.first_unanswered.is_some() && !self.left_silently;
        match self.status {
            Status::Pending if !is_awaited => Some(self.status_since + after),
            Status::New if self.left_silently => Some(self.last_message + after),
            Status::New | Status::Pending | Status::Resolved => None,
        }
    }

    /// The boomerang that is set, if any, is dead.
    fn cancel_boomerang(&mut self) {
        self.boomerang_generation = self.boomerang_generation.wrapping_add(1);
    }

    fn opened(&self, key: ConversationKey) -> crate::model::event::Change {
        crate::model::event::Change {
            conversation: key,
            id: self.id,
            from: None,
            to: None,
            status: Status::New,
            skill: self.skill,
            epoch: self.epoch,
            actor: Actor::Consumer,
            cause: Cause::Opened,
        }
    }
}
