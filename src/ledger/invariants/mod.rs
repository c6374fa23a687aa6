//! What must hold in every run, checked while it runs.
//!
//! The observer keeps its own picture of every open conversation, built from the facts alone: it
//! replays the audit trail, computes every unassign deadline anew and never asks the router before
//! the end. Rule 10 (same seed, same trace) takes two runs and is checked elsewhere.
//!
//! In virtual time no timer is late: what was due before now must have happened. On the wall clock
//! timers are late, and how late they may be depends on the machine and its load. There the host
//! says up to which instant all timers of the router have been handled, and what was due before
//! that must have happened: a deadline may be late, but none may be lost.

mod balance;
mod exchange;
mod observed;
mod observer;
mod rules;
#[cfg(test)]
mod tests;
mod violation;
mod wrong;

pub(super) use observed::ObservedConversation;
pub(super) use observer::Observer;
pub use violation::{Snapshot, Violation};
