//! Conversations that go over to another shard, because nobody in theirs has the skill that they wait
//! for. Nothing of them is lost on the way.
//!
//! First the consumer's actor is told to prepare. It comes to that when it has heard all that was said
//! to it before, and then writes to its router, which comes to that when it has heard all that the
//! consumer said. Now the conversation, its consumer, its timers and what the ledger knows of it go as
//! one message to the router of the other shard. If that message is lost with a mailbox, what it
//! carries is left where the other shard looks for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix::{Message, Recipient};

use crate::base::ids::ConversationId;
use crate::base::time::Time;
use crate::ledger::TransferRecord;
use crate::model::consumer::Consumer;
use crate::model::router::TransferredConversation;

use super::clock::Moment;
use super::message_accounting::{Mailbox, MessageAccounting, Receipt};

/// What all shards of a run share: where conversations arrive at each of them, and how many live.
#[derive(Default)]
pub(super) struct ShardExchange {
    shards: Vec<TransferInbox>,
    /// Conversations that live in a shard, are on their way to one or have been sent to it.
    live: AtomicU64,
    /// Whether the load generator has nothing more to send.
    all_sent: AtomicBool,
}

/// Where conversations arrive at a shard.
#[derive(Default)]
struct TransferInbox {
    accounting: Arc<MessageAccounting>,
    /// `None` before the shard has opened.
    router: Mutex<Option<Recipient<IncomingTransfer>>>,
    /// What messages carried that were lost.
    undelivered: Mutex<Vec<ConversationTransfer>>,
}

impl ShardExchange {
    /// Of shards that count their messages so.
    pub(super) fn new(accounting: impl Iterator<Item = Arc<MessageAccounting>>) -> Arc<Self> {
        let shards =
            accounting.map(|accounting| TransferInbox { accounting, ..TransferInbox::default() });
        Arc::new(Self { shards: shards.collect(), ..Self::default() })
    }

    /// A router is there, for the first time or again.
    pub(super) fn open(&self, shard: usize, router: Recipient<IncomingTransfer>) {
        if let Some(inbox) = self.shards.get(shard) {
            *lock(&inbox.router) = Some(router);
        }
    }

    /// The load generator has nothing more to send.
    pub(super) fn end_arrivals(&self) {
        self.all_sent.store(true, Ordering::Release);
    }

    /// Whether the load generator has nothing more to send.
    pub(super) fn all_sent(&self) -> bool {
        self.all_sent.load(Ordering::Acquire)
    }

    /// Whether no conversation lives anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.live.load(Ordering::Acquire) == 0
    }

    /// A conversation sets out.
    pub(super) fn send(self: &Arc<Self>, to: usize, transfer: ConversationTransfer, sent: Moment) {
        let Some(inbox) = self.shards.get(to) else { return };
        let receipt = inbox.accounting.receipt(Mailbox::Transfers, sent);
        let payload =
            TransferPayload { transfer: Some(Box::new(transfer)), to, exchange: Arc::clone(self) };
        let router = lock(&inbox.router).clone();
        if let Some(router) = router {
            router.do_send(IncomingTransfer { payload, receipt });
        }
    }

    /// What was on its way to a shard when it was lost with a mailbox.
    pub(super) fn take_undelivered(&self, shard: usize) -> Vec<ConversationTransfer> {
        self.shards
            .get(shard)
            .map(|inbox| std::mem::take(&mut *lock(&inbox.undelivered)))
            .unwrap_or_default()
    }

    /// The run is over: what still waits in a mailbox is dropped.
    pub(super) fn close(&self) {
        self.shards.iter().for_each(|inbox| *lock(&inbox.router) = None);
    }

    /// The run is over: what the ledgers knew of conversations that are in no shard.
    pub(super) fn strays(&self) -> Vec<TransferRecord> {
        let transfers = (0..self.shards.len()).flat_map(|shard| self.take_undelivered(shard));
        transfers.filter_map(|transfer| transfer.record).collect()
    }
}

/// Nothing is half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A conversation that lives, wherever it is, and is counted as long as this exists.
pub(super) struct CountedConversation(Arc<ShardExchange>);

impl CountedConversation {
    pub(super) fn new(exchange: &Arc<ShardExchange>) -> Self {
        exchange.live.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(exchange))
    }
}

impl Drop for CountedConversation {
    fn drop(&mut self) {
        self.0.live.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A conversation that is to go over to another shard.
pub(super) struct Departure {
    /// Since when.
    pub(super) since: Moment,
    /// Its consumer, once that is prepared.
    pub(super) prepared: Option<Consumer>,
}

/// When a conversation was to come, and when it was sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ArrivalTimes {
    pub(super) scheduled: Moment,
    pub(super) sent: Moment,
}

/// Everything that there is of a conversation.
pub(super) struct ConversationTransfer {
    pub(super) conversation: TransferredConversation,
    pub(super) record: Option<TransferRecord>,
    pub(super) id: ConversationId,
    pub(super) arrival: ArrivalTimes,
    /// Since when it has been about to leave, and when it did.
    pub(super) since: Moment,
    pub(super) left: Time,
    pub(super) counted: CountedConversation,
}

/// What a message carries: if nobody takes it out, it is left for the shard.
struct TransferPayload {
    transfer: Option<Box<ConversationTransfer>>,
    to: usize,
    exchange: Arc<ShardExchange>,
}

impl Drop for TransferPayload {
    fn drop(&mut self) {
        let inbox = self.exchange.shards.get(self.to);
        if let (Some(inbox), Some(transfer)) = (inbox, self.transfer.take()) {
            lock(&inbox.undelivered).push(*transfer);
        }
    }
}

/// A conversation comes from another shard.
pub(super) struct IncomingTransfer {
    payload: TransferPayload,
    receipt: Receipt,
}

impl Message for IncomingTransfer {
    type Result = ();
}

impl IncomingTransfer {
    /// When the conversation left the other shard.
    pub(super) fn left(&self) -> Time {
        self.payload.transfer.as_ref().map_or(Time::ZERO, |transfer| transfer.left)
    }

    /// Takes out what it carries.
    pub(super) fn unpack(mut self) -> (Option<ConversationTransfer>, Receipt) {
        (self.payload.transfer.take().map(|transfer| *transfer), self.receipt)
    }
}
