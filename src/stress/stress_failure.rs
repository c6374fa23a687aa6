//! A wall-clock run that ended in a bug.

use std::fmt;

use super::message_accounting::{Account, Mailbox};
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
    /// Somebody ended without having been told to.
    Died(String),
    /// A shard did not end when it should.
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
            Self::Died(who) => write!(f, "{who} ended without having been told to"),
            Self::Stuck(shard) => write!(f, "shard {shard} did not end when it should"),
            Self::NoThread(error) => write!(f, "cannot start a thread: {error}"),
        }
    }
}

impl std::error::Error for StressFailure {}
