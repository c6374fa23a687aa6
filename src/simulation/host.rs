//! How a behaviour becomes an actix actor in virtual time. No logic of its own.

use actix::{Actor, ActorContext, ActorState, Handler, Message};

use crate::base::time::Time;
use crate::model::behaviour::{Behaviour, Outbox};

/// A behaviour as an actix actor.
#[derive(Debug)]
pub(super) struct Host<B>(pub(super) B);

/// The context of all actors of one replication: the present instant, and what they do in it.
#[derive(Debug)]
pub(super) struct VirtualContext {
    pub(super) now: Time,
    pub(super) outbox: Outbox,
}

impl VirtualContext {
    pub(super) fn new(has_ledger: bool) -> Self {
        Self { now: Time::ZERO, outbox: Outbox { has_ledger, ..Outbox::default() } }
    }
}

/// A message, handed over.
pub(super) struct Deliver<M>(pub(super) M);

/// A timer that has come due.
pub(super) struct Due<T>(pub(super) T);

impl<M> Message for Deliver<M> {
    type Result = ();
}

impl<T> Message for Due<T> {
    type Result = ();
}

/// An actor in virtual time lives for as long as its host keeps it.
impl ActorContext for VirtualContext {
    fn stop(&mut self) {}

    fn terminate(&mut self) {}

    fn state(&self) -> ActorState {
        ActorState::Running
    }
}

impl<B: Behaviour + Unpin + 'static> Actor for Host<B> {
    type Context = VirtualContext;
}

impl<B: Behaviour + Unpin + 'static> Handler<Deliver<B::Message>> for Host<B> {
    type Result = ();

    fn handle(&mut self, Deliver(message): Deliver<B::Message>, context: &mut VirtualContext) {
        self.0.receive(context.now, message, &mut context.outbox);
    }
}

impl<B: Behaviour + Unpin + 'static> Handler<Due<B::Timer>> for Host<B> {
    type Result = ();

    fn handle(&mut self, Due(timer): Due<B::Timer>, context: &mut VirtualContext) {
        self.0.due(context.now, timer, &mut context.outbox);
    }
}
