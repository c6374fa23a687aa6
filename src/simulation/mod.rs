//! Virtual time: the actors of the model hosted on an agenda, one replication after the other.
//!
//! *Kernel*: an ordinary actix actor with an ordinary mailbox, one for each arbiter. It owns the
//! agenda and works through it some thousand events a turn. *Agents, consumers, router*: actix
//! actors too, but with a context of our own that has no mailbox: the kernel hands each message
//! over with `Handler::handle`, in the order of the agenda. *Replay*: the same actors, given their
//! turns in the order of the journal of a wall-clock run.

mod failure;
mod host;
mod kernel;
pub mod replay;
mod world;

pub use failure::{Failure, FailureKind};
pub use kernel::{Job, Recording, Update, replicate};
pub use world::{Finished, World};
