//! What became of every message: sent = handled + queued + refused + dead, each counted where it
//! happens and none from the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::clock::Moment;

/// A class of mailboxes, or of what arrives in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// Arrivals, in the mailbox of the router.
    Arrivals,
    /// Everything else in the mailbox of the router.
    Router,
    /// Mailboxes of agents.
    Agents,
    /// Mailboxes of consumers.
    Consumers,
    /// Conversations from other shards, in the mailbox of the router.
    Transfers,
}

impl Mailbox {
    /// All classes, in order.
    pub const ALL: [Self; 5] =
        [Self::Arrivals, Self::Router, Self::Agents, Self::Consumers, Self::Transfers];

    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arrivals => "arrivals",
            Self::Router => "router",
            Self::Agents => "agents",
            Self::Consumers => "consumers",
            Self::Transfers => "transfers",
        }
    }
}

/// What became of the messages of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Given to the actor system, or meant to be.
    pub sent: u64,
    /// Handled by the actor they were for.
    pub handled: u64,
    /// Still waiting when the run was over.
    pub queued: u64,
    /// Not taken, because the mailbox was full.
    pub refused: u64,
    /// Lost with the actor that they were for.
    pub dead: u64,
}

impl Account {
    /// Whether nothing is missing and nothing was doubled.
    pub fn balances(&self) -> bool {
        self.sent == self.handled + self.queued + self.refused + self.dead
    }

    /// Adds the messages of another shard.
    pub fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.handled += other.handled;
        self.queued += other.queued;
        self.refused += other.refused;
        self.dead += other.dead;
    }
}

/// Counts what becomes of the messages to one shard; several threads do so.
#[derive(Debug, Default)]
pub(super) struct MessageAccounting {
    counters: [MailboxCounters; Mailbox::ALL.len()],
    /// The run is over: what is dropped from now on was queued.
    closed: AtomicBool,
    /// Messages lost that somebody has told of.
    told: AtomicU64,
}

#[derive(Debug, Default)]
struct MailboxCounters {
    sent: AtomicU64,
    handled: AtomicU64,
    queued: AtomicU64,
    refused: AtomicU64,
    dead: AtomicU64,
}

impl MessageAccounting {
    /// A receipt for a message about to be sent.
    pub(super) fn receipt(self: &Arc<Self>, mailbox: Mailbox, sent: Moment) -> Receipt {
        count(&self.counters[mailbox as usize].sent);
        Receipt { accounting: Arc::clone(self), mailbox, sent, is_open: true }
    }

    /// Messages waiting for the router, arrivals and transfers included. Others count on meanwhile,
    /// so it may be off by what they do.
    pub(super) fn waiting_for_router(&self) -> u64 {
        let mailboxes = [Mailbox::Arrivals, Mailbox::Router, Mailbox::Transfers];
        let waiting = mailboxes.map(|mailbox| {
            let account = self.account(mailbox);
            let gone = account.handled + account.queued + account.refused + account.dead;
            account.sent.saturating_sub(gone)
        });
        waiting.iter().sum()
    }

    /// Messages lost with the actors that they were for, since somebody last asked.
    pub(super) fn newly_lost(&self) -> u64 {
        let lost = self.counters.iter().map(|counters| counters.dead.load(Ordering::Acquire)).sum();
        let told = self.told.fetch_max(lost, Ordering::AcqRel);
        u64::saturating_sub(lost, told)
    }

    /// From now on what is dropped was queued when the run ended.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    pub(super) fn account(&self, mailbox: Mailbox) -> Account {
        let counters = &self.counters[mailbox as usize];
        let read = |counter: &AtomicU64| counter.load(Ordering::Acquire);
        Account {
            sent: read(&counters.sent),
            handled: read(&counters.handled),
            queued: read(&counters.queued),
            refused: read(&counters.refused),
            dead: read(&counters.dead),
        }
    }
}

/// Goes with one message and writes down what became of it. A message that is dropped without
/// having been handled, by whomever, is dead, or queued if the run is over.
#[derive(Debug)]
pub(super) struct Receipt {
    accounting: Arc<MessageAccounting>,
    mailbox: Mailbox,
    sent: Moment,
    is_open: bool,
}

impl Receipt {
    pub(super) fn sent(&self) -> Moment {
        self.sent
    }

    pub(super) fn mark_handled(mut self) {
        self.is_open = false;
        count(&self.counters().handled);
    }

    pub(super) fn mark_refused(mut self) {
        self.is_open = false;
        count(&self.counters().refused);
    }

    fn counters(&self) -> &MailboxCounters {
        &self.accounting.counters[self.mailbox as usize]
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        if self.is_open {
            let queued = self.accounting.closed.load(Ordering::Acquire);
            count(if queued { &self.counters().queued } else { &self.counters().dead });
        }
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::AcqRel);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_ends_up_in_one_column() {
        let accounting = Arc::new(MessageAccounting::default());
        let receipt = || accounting.receipt(Mailbox::Router, Moment::default());
        receipt().mark_handled();
        receipt().mark_refused();
        drop(receipt());
        assert_eq!((accounting.newly_lost(), accounting.newly_lost()), (1, 0));
        let waiting = receipt();
        assert_eq!(accounting.waiting_for_router(), 1);
        assert!(!accounting.account(Mailbox::Router).balances());
        accounting.close();
        drop(waiting);
        let account = accounting.account(Mailbox::Router);
        assert_eq!(account, Account { sent: 4, handled: 1, queued: 1, refused: 1, dead: 1 });
        assert!(account.balances());
        assert_eq!(accounting.account(Mailbox::Agents), Account::default());
    }
}
