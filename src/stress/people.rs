//! Who is in a shard, and how to write to them.

use std::sync::Arc;

use actix::{Actor, Addr, Handler, Message};

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::slots::Slots;
use crate::base::time::{Span, Time};
use crate::ledger::journal::TurnInput;
use crate::model::agent::Agent;
use crate::model::consumer::Consumer;
use crate::model::message::{ConsumerMessage, ConsumerTimer, Letter, Timer};
use crate::scenario::stress::Death;

use super::books::{Books, Mailbox};
use super::clock::Moment;
use super::desk::{Desk, Nothing, Stall, Wake};
use super::host::{Deliver, Die, Due, Host};
use super::moves::{Alive, Leaving, Pack, Packed};
use super::wheel::Handle;

/// The actors of a shard.
pub(super) struct People {
    books: Arc<Books>,
    /// `None` before the shard has opened.
    router: Option<Addr<Desk>>,
    agents: Vec<Addr<Host<Agent>>>,
    /// The live conversations.
    pub(super) live: Slots<Live>,
}

/// A live conversation as its host knows it.
pub(super) struct Live {
    pub(super) id: ConversationId,
    pub(super) consumer: Addr<Host<Consumer>>,
    /// Its timers on the wheel, and when they are due.
    pub(super) timers: Vec<(Time, Handle)>,
    /// Timers that its consumer has been told of and has not handled yet.
    pub(super) told: Vec<(Time, ConsumerTimer)>,
    /// When it was to come, and when it was sent.
    pub(super) scheduled: Moment,
    pub(super) sent: Moment,
    /// Whether it is to go over to another shard.
    pub(super) leaving: Option<Box<Leaving>>,
    pub(super) alive: Alive,
}

impl Live {
    /// A conversation that begins to live here.
    pub(super) fn new(
        (id, consumer): (ConversationId, Addr<Host<Consumer>>),
        (scheduled, sent): (Moment, Moment),
        alive: Alive,
    ) -> Self {
        let (timers, told, leaving) = (Vec::new(), Vec::new(), None);
        Self { id, consumer, timers, told, scheduled, sent, leaving, alive }
    }
}

impl People {
    pub(super) fn new(books: Arc<Books>) -> Self {
        Self { books, router: None, agents: Vec::new(), live: Slots::default() }
    }

    /// The router is there.
    pub(super) fn open(&mut self, router: Addr<Desk>) {
        self.router = Some(router);
    }

    /// The agents are there.
    pub(super) fn employ(&mut self, agents: Vec<Addr<Host<Agent>>>) {
        self.agents = agents;
    }

    /// Another actor has taken the place of one that died.
    pub(super) fn replace(&mut self, agent: AgentId, actor: Addr<Host<Agent>>) {
        self.agents[agent.0 as usize] = actor;
    }

    /// Another actor has taken the place of a consumer's that died: it is told to begin, and again of
    /// the timers that the other had not handled, and to pack if that was still to be done.
    pub(super) fn replace_consumer(
        &mut self,
        conversation: ConversationKey,
        actor: Addr<Host<Consumer>>,
        sent: Moment,
    ) {
        let Some(live) = self.live.get_mut(conversation) else { return };
        live.consumer = actor;
        let told = std::mem::take(&mut live.told);
        self.post(Letter::Consumer(conversation, ConsumerMessage::Restart), sent);
        for (due, timer) in told {
            self.remind(due, Timer::Consumer(conversation, timer), sent);
        }
        self.tell_to_pack(conversation, sent);
    }

    /// A conversation is to go over to another shard: its consumer is told to pack, once.
    pub(super) fn ask_to_pack(&mut self, of: ConversationKey, sent: Moment) {
        if let Some(live) = self.live.get_mut(of).filter(|live| live.leaving.is_none()) {
            live.leaving = Some(Box::new(Leaving { since: sent, packed: None }));
            self.tell_to_pack(of, sent);
        }
    }

    fn tell_to_pack(&self, of: ConversationKey, sent: Moment) {
        if let Some(live) = self.live.get(of).filter(|live| live.leaving.is_some()) {
            let ticket = self.books.ticket(Mailbox::Consumers, sent);
            send(&live.consumer, Pack { ticket });
        }
    }

    /// A consumer has packed. Its shard keeps it, and the router is told, who hears before that all
    /// that the consumer has said.
    pub(super) fn keep_packed(&mut self, consumer: Consumer, sent: Moment) {
        let conversation = consumer.key();
        let leaving = self.live.get_mut(conversation).and_then(|live| live.leaving.as_mut());
        if let (Some(leaving), Some(router)) = (leaving, &self.router) {
            leaving.packed = Some(consumer);
            let ticket = self.books.ticket(Mailbox::Router, sent);
            send(router, Packed { conversation, ticket });
        }
    }

    /// A conversation is not to go over to another shard any more. Its consumer is to be hosted again,
    /// if it has packed.
    pub(super) fn unpack(&mut self, of: ConversationKey) -> Option<Consumer> {
        self.live.get_mut(of)?.leaving.take()?.packed
    }

    /// All who have packed and of whom the router has not heard.
    pub(super) fn take_packed(&mut self) -> impl Iterator<Item = Consumer> {
        self.live.iter_mut().filter_map(|live| live.leaving.as_mut()?.packed.take())
    }

    /// The actors of some consumers are to die.
    pub(super) fn kill_consumers(&self, death: Death, is_struck: impl Fn(ConversationId) -> bool) {
        for live in self.live.iter().filter(|live| is_struck(live.id)) {
            send(&live.consumer, Die(death));
        }
    }

    /// The actor of an agent is to die.
    pub(super) fn kill(&self, agent: AgentId, death: Death) {
        send(&self.agents[agent.0 as usize], Die(death));
    }

    /// The router is to stand still.
    pub(super) fn stall(&self, length: Span) {
        if let Some(router) = &self.router {
            send(router, Stall(length));
        }
    }

    /// The router is sent a message that says nothing.
    pub(super) fn fill(&self, sent: Moment) {
        if let Some(router) = &self.router {
            let ticket = self.books.ticket(Mailbox::Router, sent);
            send(router, Nothing { ticket });
        }
    }

    /// Posts a letter.
    pub(super) fn post(&self, letter: Letter, sent: Moment) {
        match letter {
            Letter::Router(message) => {
                if let Some(router) = &self.router {
                    let ticket = self.books.ticket(Mailbox::Router, sent);
                    send(router, Deliver { message, ticket });
                }
            }
            Letter::Agent(agent, message) => {
                let ticket = self.books.ticket(Mailbox::Agents, sent);
                send(&self.agents[agent.0 as usize], Deliver { message, ticket });
            }
            Letter::Consumer(conversation, message) => {
                // A consumer whose conversation is over is nobody to write to.
                if let Some(live) = self.live.get(conversation) {
                    let ticket = self.books.ticket(Mailbox::Consumers, sent);
                    send(&live.consumer, Deliver { message, ticket });
                }
            }
        }
    }

    /// Tells an agent or a consumer that a timer of theirs has come due.
    pub(super) fn remind(&mut self, due: Time, timer: Timer, sent: Moment) {
        let input = TurnInput::Timer { due, timer };
        match timer {
            Timer::Agent(agent, timer) => {
                let ticket = self.books.ticket(Mailbox::Agents, sent);
                send(&self.agents[agent.0 as usize], Due { timer, input, ticket });
            }
            Timer::Consumer(conversation, timer) => {
                self.note_told(conversation, due, timer);
                if let Some(live) = self.live.get(conversation) {
                    let ticket = self.books.ticket(Mailbox::Consumers, sent);
                    send(&live.consumer, Due { timer, input, ticket });
                }
            }
            Timer::Router(_) | Timer::Visit(_) => {}
        }
    }

    /// A consumer has still to handle a timer that it has been told of.
    pub(super) fn note_told(&mut self, of: ConversationKey, due: Time, timer: ConsumerTimer) {
        if let Some(live) = self.live.get_mut(of) {
            live.told.push((due, timer));
        }
    }

    /// A consumer handles a timer that it has been told of.
    pub(super) fn strike_told(&mut self, of: ConversationKey, due: Time, timer: ConsumerTimer) {
        let Some(live) = self.live.get_mut(of) else { return };
        if let Some(position) = live.told.iter().position(|&told| told == (due, timer)) {
            live.told.remove(position);
        }
    }

    /// Sees to it that the router has a turn.
    pub(super) fn wake_router(&self) {
        if let Some(router) = &self.router {
            send(router, Wake);
        }
    }

    /// A timer of a live conversation is on the wheel.
    pub(super) fn note_timer(&mut self, of: ConversationKey, due: Time, handle: Handle) {
        if let Some(live) = self.live.get_mut(of) {
            live.timers.push((due, handle));
        }
    }

    /// A timer of a conversation has come due.
    pub(super) fn strike_timer(&mut self, of: ConversationKey, due: Time) {
        let Some(live) = self.live.get_mut(of) else { return };
        if let Some(position) = live.timers.iter().position(|&(at, _)| at == due) {
            live.timers.swap_remove(position);
        }
    }
}

/// Sends a message however full the mailbox is: load is shed where it arrives, never inside. If the
/// actor is gone, the message is dropped, and its ticket writes that down.
fn send<A, M>(to: &Addr<A>, message: M)
where
    A: Actor<Context = actix::Context<A>> + Handler<M>,
    M: Message<Result = ()> + Send + 'static,
{
    to.do_send(message);
}
