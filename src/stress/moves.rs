//! Conversations that go over to another shard, because nobody in theirs has the skill that they wait
//! for. Nothing of them is lost on the way.
//!
//! First the consumer's actor is told to pack. It comes to that when it has heard all that was said
//! to it before, and then writes to its router, which comes to that when it has heard all that the
//! consumer said. Now the conversation, its consumer, its timers and what the ledger knows of it go as
//! one message to the router of the other shard. If that message is lost with a mailbox, what it
//! carries is left where the other shard looks for it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix::{Addr, AsyncContext, Context, Handler, Message};

use crate::base::ids::{ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::ledger::TransferRecord;
use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::consumer::Consumer;
use crate::model::router::TransferredConversation;

use super::books::{Books, Mailbox, Ticket};
use super::clock::Moment;
use super::desk::Desk;
use super::site::GRAIN;

/// What all shards of a run share.
#[derive(Default)]
pub(super) struct Commons {
    shards: Vec<Station>,
    /// Conversations that live in a shard, are on their way to one or have been sent to it.
    live: AtomicU64,
}

/// Where conversations arrive at a shard.
#[derive(Default)]
struct Station {
    books: Arc<Books>,
    /// `None` before the shard has opened.
    router: Mutex<Option<Addr<Desk>>>,
    /// What messages carried that were lost.
    left: Mutex<Vec<Parcel>>,
}

impl Commons {
    /// Of shards with these books.
    pub(super) fn new(books: impl Iterator<Item = Arc<Books>>) -> Arc<Self> {
        let shards = books.map(|books| Station { books, ..Station::default() });
        Arc::new(Self { shards: shards.collect(), live: AtomicU64::new(0) })
    }

    /// A router is there, for the first time or again.
    pub(super) fn opens(&self, shard: usize, router: Addr<Desk>) {
        if let Some(station) = self.shards.get(shard) {
            *lock(&station.router) = Some(router);
        }
    }

    /// Whether no conversation lives anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.live.load(Ordering::Acquire) == 0
    }

    /// A conversation sets out.
    pub(super) fn send(self: &Arc<Self>, to: usize, parcel: Parcel, sent: Moment) {
        let Some(station) = self.shards.get(to) else { return };
        let ticket = station.books.ticket(Mailbox::Transfers, sent);
        let load = Load { parcel: Some(Box::new(parcel)), to, commons: Arc::clone(self) };
        let router = lock(&station.router).clone();
        if let Some(router) = router {
            router.do_send(Transfer { load, ticket });
        }
    }

    /// What was left for a shard.
    pub(super) fn take_left(&self, shard: usize) -> Vec<Parcel> {
        self.shards
            .get(shard)
            .map(|station| std::mem::take(&mut *lock(&station.left)))
            .unwrap_or_default()
    }

    /// The run is over: what still waits in a mailbox is dropped.
    pub(super) fn close(&self) {
        self.shards.iter().for_each(|station| *lock(&station.router) = None);
    }

    /// The run is over: what the ledgers knew of conversations that are in no shard.
    pub(super) fn strays(&self) -> Vec<TransferRecord> {
        let parcels = (0..self.shards.len()).flat_map(|shard| self.take_left(shard));
        parcels.filter_map(|parcel| parcel.record).collect()
    }
}

/// Nothing is half done under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A conversation that lives, wherever it is.
pub(super) struct Alive(Arc<Commons>);

impl Alive {
    pub(super) fn new(commons: &Arc<Commons>) -> Self {
        commons.live.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(commons))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.live.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A conversation that is to go over to another shard.
pub(super) struct Leaving {
    /// Since when.
    pub(super) since: Moment,
    /// Its consumer, once that has packed.
    pub(super) packed: Option<Consumer>,
}

/// Everything that there is of a conversation.
pub(super) struct Parcel {
    pub(super) transfer: TransferredConversation,
    pub(super) record: Option<TransferRecord>,
    pub(super) id: ConversationId,
    /// When it was to come, and when it was sent.
    pub(super) scheduled: Moment,
    pub(super) sent: Moment,
    /// Since when it has been about to leave, and when it did.
    pub(super) since: Moment,
    pub(super) left: Time,
    pub(super) alive: Alive,
}

/// What a message carries: if nobody takes it out, it is left for the shard.
struct Load {
    parcel: Option<Box<Parcel>>,
    to: usize,
    commons: Arc<Commons>,
}

impl Drop for Load {
    fn drop(&mut self) {
        let station = self.commons.shards.get(self.to);
        if let (Some(station), Some(parcel)) = (station, self.parcel.take()) {
            lock(&station.left).push(*parcel);
        }
    }
}

/// A conversation comes from another shard.
pub(super) struct Transfer {
    load: Load,
    ticket: Ticket,
}

/// To a consumer: its conversation is to go over to another shard, and it is to come along.
pub(super) struct Pack {
    pub(super) ticket: Ticket,
}

/// To a router: a consumer has packed.
pub(super) struct Packed {
    pub(super) conversation: ConversationKey,
    pub(super) ticket: Ticket,
}

impl Message for Transfer {
    type Result = ();
}

impl Message for Pack {
    type Result = ();
}

impl Message for Packed {
    type Result = ();
}

impl Handler<Packed> for Desk {
    type Result = ();

    fn handle(&mut self, Packed { conversation, ticket }: Packed, context: &mut Context<Self>) {
        {
            let mut shard = self.shard.borrow_mut();
            let skill = self.router.awaited_skill(conversation);
            match skill.and_then(|skill| shard.way(conversation, skill)) {
                Some(to) => {
                    shard.begins(
                        Addressee::Router,
                        Some(&ticket),
                        TurnInput::Departs(conversation),
                    );
                    if let Some(released) = self.router.release(conversation) {
                        shard.departs(conversation, released, to);
                    }
                    shard.ends(Addressee::Router);
                    ticket.handled();
                }
                // It has ended meanwhile.
                None => {
                    shard.passes_over(Addressee::Router, ticket);
                    shard.stays(conversation);
                }
            }
        }
        self.goes_on(context);
    }
}

impl Handler<Transfer> for Desk {
    type Result = ();

    fn handle(&mut self, transfer: Transfer, context: &mut Context<Self>) {
        let left = transfer.load.parcel.as_ref().map_or(Time::ZERO, |parcel| parcel.left);
        if self.shard.borrow().comes_later(left) {
            // The clock stands still here, and stood still there a little later.
            context.notify_later(transfer, GRAIN);
        } else {
            let Transfer { mut load, ticket } = transfer;
            if let Some(parcel) = load.parcel.take() {
                self.shard.borrow_mut().adopts(*parcel, &ticket, &mut self.router);
            }
            ticket.handled();
        }
        self.goes_on(context);
    }
}
