//! A wall-clock run that ended in a bug.

use std::fmt;

use super::message_accounting::{Account, Mailbox};
use super::results::ArrivalAccount;
use crate::base::time::Time;
use crate::ledger::invariants::Violation;
use crate::model::event::Event;

/// A run that could not be finished: a bug in Shiftstorm, never bad input.
#[derive(Clone, Debug)]
pub enum StressFailure {
    /// A rule that must hold did not.
    Broken {
        /// In which shard.
        shard: usize,
        /// Which rule.
        violation: Violation,
        /// The last facts before it, oldest first.
        last_events: Vec<(Time, Event)>,
    },
    /// Messages are missing, or are counted twice.
    Unbalanced {
        /// Of which class.
        mailbox: Mailbox,
        /// What became of them.
        account: Account,
    },
    /// Arrivals are missing, or are counted twice.
    LostArrivals(ArrivalAccount),
    /// More or fewer messages were counted as they were handled than their receipts say.
    MessagesMiscounted {
        /// By the receipts.
        handled: u64,
        /// As they were handled.
        counted: u64,
    },
    /// Somebody ended without having been told to.
    Died(String),
    /// A shard did not end when it should, nor two seconds after it was told to stop, and was given up.
    Stuck(usize),
    /// The system gave no thread.
    NoThread(String),
}

impl fmt::Display for StressFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken { shard, violation, .. } => write!(f, "shard {shard}: {violation}"),
            Self::Unbalanced { mailbox, account } => {
                let Account { sent, handled, queued, refused, dead } = account;
                write!(
                    f,
                    "messages to {} do not add up: {sent} sent, but {handled} handled, {queued} \
                     queued, {refused} refused and {dead} dead",
                    mailbox.name()
                )
            }
            Self::LostArrivals(arrivals) => {
                let ArrivalAccount { scheduled, opened, started, waiting, refused, lost } =
                    arrivals;
                write!(
                    f,
                    "arrivals do not add up: {scheduled} scheduled, but {opened} opened, {started} \
                     started, {waiting} waiting, {refused} refused and {lost} lost"
                )
            }
            Self::MessagesMiscounted { handled, counted } => {
                write!(f, "{handled} messages were handled, but {counted} were counted")
            }
            Self::Died(who) => write!(f, "{who} ended without having been told to"),
            Self::Stuck(shard) => {
                write!(f, "shard {shard} hangs: it did not end when it should, and was given up")
            }
            Self::NoThread(error) => write!(f, "cannot start a thread: {error}"),
        }
    }
}

impl std::error::Error for StressFailure {}
