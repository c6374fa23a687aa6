//! What became of every message: sent = handled + queued + refused + dead, each counted where it
//! happens and none from the others.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use super::clock::Moment;
use super::run_window::RunWindow;
use super::stage_figures::StagesFigures;
use super::stress_figures::{StressFigures, Timing};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Messages that are still to be handled; what others count meanwhile may be missing.
    pub(super) fn waiting(&self) -> u64 {
        self.sent.saturating_sub(self.handled + self.queued + self.refused + self.dead)
    }

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
    /// Set when the run is over: what is dropped from then on was queued.
    closed: OnceLock<EndedRun>,
    /// How long what was unfinished at the end had waited.
    unfinished: Mutex<UnfinishedFigures>,
    /// Messages lost that somebody has told of.
    told: AtomicU64,
}

/// How long at least what was unfinished at the end of a run took.
#[derive(Clone, Debug, Default)]
pub(super) struct UnfinishedFigures {
    pub(super) all: StressFigures,
    pub(super) stages: StagesFigures,
}

/// The end of a run.
#[derive(Clone, Debug)]
pub(super) struct EndedRun {
    pub(super) at: Moment,
    pub(super) window: RunWindow,
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
        Receipt { accounting: Arc::clone(self), mailbox, sent, due: None, is_open: true }
    }

    /// Messages waiting for the router, arrivals and transfers included. Others count on meanwhile,
    /// so it may be off by what they do.
    pub(super) fn waiting_for_router(&self) -> u64 {
        let mailboxes = [Mailbox::Arrivals, Mailbox::Router, Mailbox::Transfers];
        let waiting = mailboxes.map(|mailbox| self.account(mailbox).waiting());
        waiting.iter().sum()
    }

    /// Messages lost with the actors that they were for, since somebody last asked.
    pub(super) fn newly_lost(&self) -> u64 {
        let lost = self.counters.iter().map(|counters| counters.dead.load(Ordering::Acquire)).sum();
        let told = self.told.fetch_max(lost, Ordering::AcqRel);
        u64::saturating_sub(lost, told)
    }

    /// From now on what is dropped was queued when the run ended.
    pub(super) fn close(&self, end: EndedRun) {
        let windows = end.window.stages.clone();
        // Who closes it again says nothing new.
        if self.closed.set(end).is_ok() {
            self.lock_unfinished().stages = StagesFigures::new(windows);
        }
    }

    /// Something that began at a moment is unfinished now that the run is over; it took at least
    /// until then. What began outside of the time that is measured is not looked at.
    pub(super) fn note_unfinished(&self, timing: Timing, began: Moment) {
        if let Some(end) = self.closed.get().filter(|end| end.window.is_timed(began)) {
            let nanos = end.at.since(began);
            let mut unfinished = self.lock_unfinished();
            unfinished.all.record(timing, nanos);
            unfinished.stages.record_unfinished(timing, began, nanos);
        }
    }

    /// How long at least what was unfinished at the end took.
    pub(super) fn unfinished(&self) -> UnfinishedFigures {
        self.lock_unfinished().clone()
    }

    /// Nothing is half done under this lock.
    fn lock_unfinished(&self) -> MutexGuard<'_, UnfinishedFigures> {
        self.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
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
    /// When the arrival was scheduled or the timer due of which it tells.
    due: Option<Moment>,
    is_open: bool,
}

impl Receipt {
    /// For a message that tells of an arrival or a timer.
    pub(super) fn of(self, due: Moment) -> Self {
        let mut receipt = self;
        receipt.due = Some(due);
        receipt
    }

    /// When the arrival was scheduled or the timer due of which it tells; of other messages when they
    /// were sent.
    pub(super) fn due(&self) -> Moment {
        self.due.unwrap_or(self.sent)
    }

    pub(super) fn sent(&self) -> Moment {
        self.sent
    }

    /// Its message has been handled; returns whether that counts. When the run is over, it was still
    /// waiting.
    pub(super) fn mark_handled(mut self) -> bool {
        let counts = self.accounting.closed.get().is_none();
        if counts {
            self.is_open = false;
            count(&self.counters().handled);
        }
        counts
    }

    pub(super) fn mark_refused(mut self) {
        self.is_open = false;
        count(&self.counters().refused);
    }

    /// What it tells of has a latency all the same: at least what it has waited until the end.
    fn note_unfinished(&self) {
        let wait = match self.mailbox {
            Mailbox::Arrivals | Mailbox::Router => Some(Timing::RouterWait),
            Mailbox::Agents => Some(Timing::AgentWait),
            Mailbox::Consumers => Some(Timing::ConsumerWait),
            // How long these take is counted from when the conversation was about to leave.
            Mailbox::Transfers => None,
        };
        let of = match self.mailbox {
            Mailbox::Arrivals => Timing::Admission,
            _ => Timing::TimerLateness,
        };
        let timings = [wait.map(|wait| (wait, self.sent)), self.due.map(|due| (of, due))];
        let sent =
            (self.mailbox == Mailbox::Arrivals).then_some((Timing::AdmissionFromSent, self.sent));
        for (timing, began) in timings.into_iter().chain([sent]).flatten() {
            self.accounting.note_unfinished(timing, began);
        }
    }

    fn counters(&self) -> &MailboxCounters {
        &self.accounting.counters[self.mailbox as usize]
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        if self.is_open {
            let queued = self.accounting.closed.get().is_some();
            count(if queued { &self.counters().queued } else { &self.counters().dead });
            self.note_unfinished();
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
        assert!(receipt().mark_handled());
        receipt().mark_refused();
        drop(receipt());
        assert_eq!((accounting.newly_lost(), accounting.newly_lost()), (1, 0));
        let (waiting, late) = (receipt(), receipt());
        assert_eq!(accounting.waiting_for_router(), 2);
        assert!(!accounting.account(Mailbox::Router).balances());
        let window = RunWindow {
            warmed_up: Moment(1),
            load_ends: Moment(1_000),
            drain: crate::base::time::Span::ZERO,
            stages: Default::default(),
        };
        accounting.close(EndedRun { at: Moment(5_000), window });
        drop(waiting);
        assert!(!late.mark_handled(), "the run is over");
        let account = accounting.account(Mailbox::Router);
        assert_eq!(account, Account { sent: 5, handled: 1, queued: 2, refused: 1, dead: 1 });
        assert!(account.balances());
        assert_eq!(accounting.account(Mailbox::Agents), Account::default());
    }

    #[test]
    fn what_waits_at_the_end_has_waited_so_long_at_least() {
        let accounting = Arc::new(MessageAccounting::default());
        let window = RunWindow {
            warmed_up: Moment(100),
            load_ends: Moment(1_000),
            drain: crate::base::time::Span::ZERO,
            stages: Default::default(),
        };
        let sent = |mailbox, sent, due| accounting.receipt(mailbox, Moment(sent)).of(Moment(due));
        let waiting = [
            sent(Mailbox::Arrivals, 300, 200),
            // Of the warm-up, and sent after the load.
            sent(Mailbox::Agents, 700, 99),
            sent(Mailbox::Agents, 1_000, 999),
        ];
        accounting.close(EndedRun { at: Moment(1_500), window });
        drop(waiting);
        let unfinished = accounting.unfinished().all;
        let longest = |timing| (unfinished.timing(timing).len(), unfinished.timing(timing).max());
        assert_eq!(longest(Timing::Admission), (1, 1_300));
        assert_eq!(longest(Timing::RouterWait), (1, 1_200));
        assert_eq!(longest(Timing::AgentWait), (1, 800));
        assert_eq!(longest(Timing::TimerLateness), (1, 501));
    }
}
