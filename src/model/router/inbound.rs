//! What consumers, and the clocks of a conversation, do (A2, A3, A11, A12, B4, B5, E9).

use std::num::NonZeroU32;

use crate::base::ids::ConversationKey;
use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, Cause, Event, Stale, Status};
use crate::model::message::{
    AgentMessage, ConsumerAct, ConsumerMessage, RouterTimer, SetBoomerang, Timer,
};
use crate::model::settings::BoomerangThen;

use super::Router;
use super::conversation::{Conversation, Opening};
use super::destination::Destination;

impl Router {
    /// A consumer opens a conversation: New and unowned.
    pub(super) fn open_conversation(&mut self, now: Time, opening: &Opening, outbox: &mut Outbox) {
        let key = opening.key;
        self.conversations.insert(key, Conversation::open(now, opening));
        self.enters_queue(now, key, outbox);
        if let Some(&row) = self.centre.backlog_row(opening.id) {
            self.carries_over(now, key, row, outbox);
        }
    }

    /// A conversation begins: New and unowned.
    pub(super) fn enters_queue(&mut self, now: Time, key: ConversationKey, outbox: &mut Outbox) {
        let conversation = self.conversations.live(key);
        let &mut Conversation { id, skill, priority, .. } = conversation;
        outbox.record(Event::Opened { conversation: key, id, skill, priority });
        outbox.record(Event::ConsumerMessage {
            conversation: key,
            further: false,
            moved_deadline: false,
        });
        let line = conversation.line();
        outbox.record(Event::Change(conversation.opened(key)));
        self.queue.enter(line, conversation.place(&self.centre), key);
        self.request_service(now, line, outbox);
    }

    /// A consumer says something. What it writes after a close is not lost (A14); else nobody listens
    /// once the conversation is over (A12).
    pub(super) fn consumer_says(
        &mut self,
        now: Time,
        key: ConversationKey,
        said: ConsumerAct,
        outbox: &mut Outbox,
    ) {
        let Some(conversation) = self.conversations.kept_mut(key) else { return };
        conversation.heard = conversation.heard.saturating_add(1);
        if !conversation.is_open() {
            return self.hears_after_close(now, key, said, outbox);
        }
        match said {
            ConsumerAct::Write { last } => self.consumer_writes(now, key, last, outbox),
            ConsumerAct::Leave { silent, returns } => {
                let next = conversation.id.next_need().filter(|_| returns);
                if let Some(next) = next {
                    outbox.record(Event::ComesAgain { conversation: key, next });
                }
                self.consumer_leaves(now, key, silent, outbox);
            }
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
        let place = conversation.is_queued().then(|| conversation.place(&self.centre));
        let further = conversation.first_unanswered.is_some();
        conversation.first_unanswered.get_or_insert(now);
        conversation.last_message = now;
        conversation.last = last;
        conversation.forget_boomerang();
        if conversation.status == Status::Pending {
            let event =
                Event::ConsumerMessage { conversation: key, further, moved_deadline: false };
            outbox.record(event);
            let causes = (Cause::ConsumerMessage, Cause::InboundWhileOffline);
            self.wake(now, key, Actor::Consumer, causes, outbox);
            return;
        }
        if let Some(place) = place.filter(|&place| place != conversation.place(&self.centre)) {
            self.queue.leave(conversation.line(), place);
            self.queue.enter(conversation.line(), conversation.place(&self.centre), key);
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
        let Some(conversation) = self.conversations.kept_mut(key) else {
            let is_over = self.conversations.has_been_open(key);
            let over = ConsumerMessage::Resolved { kept: false };
            return outbox.consumer(key, if is_over { over } else { ConsumerMessage::Start });
        };
        let was_open = conversation.is_open();
        if let Some((said, times)) = said.filter(|(_, times)| conversation.heard < times.get()) {
            // Of several that were lost, the last one stands for all.
            conversation.heard = times.get() - 1;
            self.consumer_says(now, key, said, outbox);
        }
        let Some(conversation) = self.conversations.kept_mut(key) else { return };
        let (id, was_assigned) = (conversation.id, conversation.was_assigned());
        let is_open = conversation.is_open();
        let is_closed = !is_open && !was_open;
        let is_answered = awaits && conversation.first_unanswered.is_none();
        if is_open && was_assigned && self.ends_patience(id) {
            outbox.consumer(key, ConsumerMessage::Assigned);
        }
        if is_answered {
            outbox.consumer(key, ConsumerMessage::Replied);
        }
        if is_closed {
            outbox.consumer(key, ConsumerMessage::Resolved { kept: true });
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
            self.schedule_close(now, key, outbox);
        } else {
            self.resolve(now, key, Actor::Consumer, Cause::Abandoned, outbox);
        }
    }

    pub(super) fn resolve(
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

    /// Starts a boomerang; one set before is dead.
    pub(super) fn set_boomerang(
        &mut self,
        now: Time,
        key: ConversationKey,
        boomerang: SetBoomerang,
        outbox: &mut Outbox,
    ) {
        let SetBoomerang { after, then } = boomerang;
        let conversation = self.conversations.live(key);
        conversation.cancel_boomerang();
        conversation.then = then;
        let generation = conversation.boomerang_generation;
        conversation.has_boomerang = true;
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
            let skill = self.conversations.live(key).skill;
            self.weigh(now, key, self.centre.inactive_weight(skill), outbox);
        }
    }
}

impl Conversation {
    /// The boomerang that is set, if any, is dead.
    pub(super) fn cancel_boomerang(&mut self) {
        self.has_boomerang = false;
        self.boomerang_generation = self.boomerang_generation.wrapping_add(1);
    }

    /// It is dead, and what was due at it or after it is not due any more.
    pub(super) fn forget_boomerang(&mut self) {
        self.cancel_boomerang();
        self.then = BoomerangThen::FollowUp;
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
