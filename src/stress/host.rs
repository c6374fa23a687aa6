//! How a behaviour becomes an actix actor with a mailbox of its own. No logic.

use actix::{Actor, Context, Handler, Message};

use crate::ledger::journal::{Input, Place};
use crate::model::agent::Agent;
use crate::model::behaviour::Behaviour;
use crate::model::consumer::Consumer;
use crate::model::message::ConsumerMessage;

use super::books::Ticket;
use super::shard::Shared;

/// An agent or a consumer as an actix actor.
pub(super) struct Host<B> {
    behaviour: B,
    place: Place,
    shard: Shared,
    /// Whether it has had its last message: what comes later is void (A12).
    over: bool,
}

impl<B> Host<B> {
    pub(super) fn new(behaviour: B, place: Place, shard: Shared) -> Self {
        Self { behaviour, place, shard, over: false }
    }
}

/// What a host must know of its behaviour.
pub(super) trait Hosted: Behaviour + Unpin + 'static {
    /// Whether the actor ends with this message.
    fn ends_with(_: &Self::Message) -> bool {
        false
    }
}

impl Hosted for Agent {}

impl Hosted for Consumer {
    fn ends_with(message: &ConsumerMessage) -> bool {
        *message == ConsumerMessage::Resolved
    }
}

/// A letter.
pub(super) struct Deliver<M> {
    pub(super) message: M,
    pub(super) ticket: Ticket,
}

/// A timer that has come due; `input` is the same for the journal.
pub(super) struct Due<T> {
    pub(super) timer: T,
    pub(super) input: Input,
    pub(super) ticket: Ticket,
}

impl<M> Message for Deliver<M> {
    type Result = ();
}

impl<T> Message for Due<T> {
    type Result = ();
}

impl<B: Hosted> Actor for Host<B> {
    type Context = Context<Self>;
}

impl<B: Hosted<Message: Send>> Handler<Deliver<B::Message>> for Host<B> {
    type Result = ();

    fn handle(&mut self, letter: Deliver<B::Message>, _: &mut Context<Self>) {
        let Deliver { message, ticket } = letter;
        if self.over {
            return ticket.handled();
        }
        self.over = B::ends_with(&message);
        let mut shard = self.shard.borrow_mut();
        let now = shard.begins(self.place, Some(ticket), Input::Letter(self.place));
        self.behaviour.receive(now, message, &mut shard.outbox);
        if self.over {
            // Nobody can write to it any more, so it ends when its mailbox is empty.
            shard.forget(self.place);
        }
        shard.ends(self.place);
    }
}

impl<B: Hosted<Timer: Send>> Handler<Due<B::Timer>> for Host<B> {
    type Result = ();

    fn handle(&mut self, due: Due<B::Timer>, _: &mut Context<Self>) {
        let Due { timer, input, ticket } = due;
        if self.over {
            return ticket.handled();
        }
        let mut shard = self.shard.borrow_mut();
        let now = shard.begins(self.place, Some(ticket), input);
        self.behaviour.due(now, timer, &mut shard.outbox);
        shard.ends(self.place);
    }
}
