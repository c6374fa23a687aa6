//! The messages between the actors of a shard.

use actix::Message;

use crate::base::ids::{ConversationId, ConversationKey};
use crate::base::time::Span;
use crate::ledger::journal::TurnInput;
use crate::scenario::stress::Death;

use super::message_accounting::Receipt;
use super::shard_transfer::CountedConversation;

/// To anybody: a letter.
pub(super) struct DeliverLetter<M> {
    pub(super) message: M,
    pub(super) receipt: Receipt,
}

/// To an agent or a consumer: a timer has come due; `input` is the same for the journal.
pub(super) struct DeliverTimer<T> {
    pub(super) timer: T,
    pub(super) input: TurnInput,
    pub(super) receipt: Receipt,
}

/// To an agent or a consumer: its actor is to die.
pub(super) struct KillActor(pub(super) Death);

/// To a consumer: its conversation is to go over to another shard, and it is to come along.
pub(super) struct PrepareTransfer {
    pub(super) receipt: Receipt,
}

/// To the router: a consumer is prepared to go over to another shard.
pub(super) struct TransferPrepared {
    pub(super) conversation: ConversationKey,
    pub(super) receipt: Receipt,
}

/// To the router: a consumer arrives.
pub(super) struct ConsumerArrives {
    pub(super) id: ConversationId,
    pub(super) counted: CountedConversation,
    pub(super) receipt: Receipt,
}

/// To the router: there is something to do besides messages.
pub(super) struct WakeRouter;

/// To the router: a message that says nothing and takes a place in the mailbox.
pub(super) struct EmptyMessage {
    pub(super) receipt: Receipt,
}

/// To the router: it is to handle neither messages nor timers for so long; everybody else goes on.
pub(super) struct StallRouter(pub(super) Span);

impl<M> Message for DeliverLetter<M> {
    type Result = ();
}

impl<T> Message for DeliverTimer<T> {
    type Result = ();
}

impl Message for KillActor {
    type Result = ();
}

impl Message for PrepareTransfer {
    type Result = ();
}

impl Message for TransferPrepared {
    type Result = ();
}

impl Message for ConsumerArrives {
    type Result = ();
}

impl Message for WakeRouter {
    type Result = ();
}

impl Message for EmptyMessage {
    type Result = ();
}

impl Message for StallRouter {
    type Result = ();
}

/// Messages that an actor handles before others of its thread have their turn.
pub(super) const MESSAGES_IN_A_ROW: u32 = 64;
