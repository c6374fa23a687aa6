//! When a conversation is closed, and what becomes of it then (A12, A14, A15, B8, auto-close).

use crate::base::ids::ConversationKey;
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, Cause, Event, Status};
use crate::model::message::{AgentMessage, ConsumerAct, ConsumerMessage, RouterTimer, Timer};
use crate::model::settings::{AfterClose, Centre, Resolve};

use super::Router;
use super::conversation::{Conversation, Opening};
use super::destination::Destination;

impl Router {
    /// Makes sure that the agenda asks in time whether to close. It holds one entry for a conversation,
    /// as for a deadline.
    pub(super) fn schedule_close(&mut self, now: Time, key: ConversationKey, outbox: &mut Outbox) {
        let conversation = self.conversations.live(key);
        let Some((due, _)) = conversation.close_due(&self.centre) else { return };
        let due = due.max(now);
        if conversation.close_entry.is_none_or(|entry| due < entry) {
            conversation.close_entry = Some(due);
            outbox.at(due, Timer::Router(RouterTimer::Close { conversation: key }));
        }
    }

    /// The agenda asks whether to close.
    pub(super) fn close_is_due(&mut self, now: Time, key: ConversationKey, outbox: &mut Outbox) {
        let Some(conversation) = self.conversations.kept_mut(key) else { return };
        conversation.close_entry = None;
        match conversation.close_due(&self.centre) {
            Some((due, _)) if due > now => self.schedule_close(now, key, outbox),
            Some((_, Closer::Agent)) => self.agent_resolves(now, key, outbox),
            Some((_, Closer::Platform)) => {
                self.resolve(now, key, Actor::System, Cause::AutoClosed, outbox);
            }
            None => {}
        }
    }

    /// A15: in the name of its owner, who may be offline.
    fn agent_resolves(&mut self, now: Time, key: ConversationKey, outbox: &mut Outbox) {
        let conversation = self.conversations.live(key);
        let (owner, epoch) = (conversation.owner, conversation.epoch);
        let actor = owner.map_or(Actor::System, Actor::Agent);
        self.resolve(now, key, actor, Cause::ResolvedByAgent, outbox);
        // It was the agent's doing, but some time ago.
        if let Some(owner) = owner {
            let taken = Cause::ResolvedByAgent.takes_answer();
            let removed = AgentMessage::Removed { conversation: key, epoch, taken };
            outbox.agent(owner, removed);
        }
    }

    /// Resolved: unowned, every timer dead (A12, B8). It is kept while its consumer means to write
    /// (A14).
    pub(super) fn close(&mut self, key: ConversationKey, last: Closed, outbox: &mut Outbox) {
        self.conversations.note_closed();
        let conversation = self.conversations.live(key);
        conversation.deadline = None;
        conversation.cancel_boomerang();
        conversation.closed_owner = last.owner;
        let has_left = conversation.left_silently
            || matches!(last.cause, Cause::Abandoned | Cause::ResolvedByConsumer);
        if has_left || conversation.last {
            self.forget(key, outbox);
        } else {
            outbox.consumer(key, ConsumerMessage::Resolved { kept: true });
        }
    }

    /// Its consumer writes no more.
    fn forget(&mut self, key: ConversationKey, outbox: &mut Outbox) {
        self.conversations.remove(key);
        if self.centre.after_close == AfterClose::Reopen {
            outbox.record(Event::ClosedForGood { conversation: key });
        }
        outbox.consumer(key, ConsumerMessage::Resolved { kept: false });
    }

    /// A14: what is written after a close opens a new conversation, or the old one again.
    pub(super) fn hears_after_close(
        &mut self,
        now: Time,
        key: ConversationKey,
        said: ConsumerAct,
        outbox: &mut Outbox,
    ) {
        let ConsumerAct::Write { last } = said else { return self.forget(key, outbox) };
        self.conversations.note_opened();
        let conversation = self.conversations.live(key);
        match self.centre.after_close {
            AfterClose::New => {
                let priority = self.centre.priority(conversation.id.kind(), conversation.asked);
                conversation.begins_next_part(now, key, Said { last, priority });
                self.enters_queue(now, key, outbox);
            }
            AfterClose::Reopen => self.reopens(now, key, last, outbox),
        }
    }

    /// A14: New again, with its owner if logged in, else unowned, whether ownership removal is on or
    /// off.
    fn reopens(&mut self, now: Time, key: ConversationKey, last: bool, outbox: &mut Outbox) {
        let conversation = self.conversations.live(key);
        conversation.first_unanswered = Some(now);
        conversation.last_message = now;
        conversation.last = last;
        conversation.attempt = 0;
        let owner = conversation.closed_owner.filter(|&owner| !self.agents.is_offline(owner));
        let (actor, cause) = (Actor::Consumer, Cause::Reopened);
        let to = Destination { owner, status: Status::New, actor, cause };
        self.transition(now, key, to, outbox);
        outbox.record(Event::ConsumerMessage {
            conversation: key,
            further: false,
            moved_deadline: false,
        });
    }
}

/// How a conversation was when it was closed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closed {
    pub(super) owner: Option<crate::base::ids::AgentId>,
    pub(super) cause: Cause,
}

/// What opens the next conversation of a client.
struct Said {
    last: bool,
    priority: i16,
}

/// Who closes a conversation in which nobody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closer {
    /// Its owner (A15).
    Agent,
    /// The platform.
    Platform,
}

impl Conversation {
    /// When it is closed if nobody writes, and by whom; of two at one instant the agent. Not while a
    /// boomerang is still to come, and not while its consumer, parked or kept for an offline
    /// specialist, waits for an answer.
    fn close_due(&self, centre: &Centre) -> Option<(Time, Closer)> {
        let is_awaited = self.first_unanswered.is_some();
        let auto_close = centre.auto_close_of(self.skill);
        let reached = |from: Time, after: Span| centre.reached(self.skill, from, after);
        match self.status {
            Status::Pending if !self.has_boomerang => {
                let by_agent = match centre.resolve {
                    Resolve::After(after) if !is_awaited => reached(self.status_since, after),
                    Resolve::After(_) | Resolve::WithLastReply => None,
                };
                let may_close = !is_awaited || self.left_silently;
                let by_platform = auto_close.pending.filter(|_| may_close);
                let by_platform = by_platform.and_then(|after| reached(self.status_since, after));
                let by_agent = by_agent.map(|due| (due, Closer::Agent));
                let by_platform = by_platform.map(|due| (due, Closer::Platform));
                by_agent.into_iter().chain(by_platform).min_by_key(|&(due, _)| due)
            }
            Status::New if self.left_silently => {
                let due = auto_close.new.and_then(|after| reached(self.last_message, after));
                due.map(|due| (due, Closer::Platform))
            }
            Status::New | Status::Pending | Status::Resolved => None,
        }
    }

    /// The next conversation of the same client about the same need. What counts on, so that what
    /// belongs to the one before is void, goes on counting.
    fn begins_next_part(&mut self, now: Time, key: ConversationKey, said: Said) {
        let Said { last, priority } = said;
        let (id, skill, work_factor) = (self.id.next_part(), self.asked, self.work_factor);
        *self = Self {
            spell: self.spell.wrapping_add(1),
            epoch: self.epoch,
            first_epoch: self.epoch,
            heard: self.heard,
            turn: self.turn,
            deadline_entry: self.deadline_entry,
            manual_sla_generation: self.manual_sla_generation,
            boomerang_generation: self.boomerang_generation,
            close_entry: self.close_entry,
            ..Self::open(now, &Opening { key, id, skill, priority, last, work_factor })
        };
    }
}
