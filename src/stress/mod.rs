//! Wall clock: the actors of the model at machine speed, with real mailboxes and timers.
//!
//! The same behaviours as in `simulation` (router, agents, consumers), each an ordinary actix actor
//! (`host`, `desk`). A *shard* is one router with its agents and consumers on one thread around one
//! timer wheel (`shard`, `timers`). Agents are dealt out one by one (`partition`), so that small groups
//! are in some shards only; a conversation that waits for a skill which nobody in its shard has goes
//! over to another as one message (`moves`). That, and how many conversations live, is all that shards
//! have in common. The *generator* walks the plan of arrivals on a thread of its own and sends each at
//! its scheduled instant, whatever becomes of it. Every second shards and generator tell what they
//! measured (`beats`, `measures`), so that memory does not grow with the length of the run.
//!
//! A *storm* (`storm`) is for timers alone: it compares the wheel with what one would take instead
//! (`engines`).
//!
//! What is due to the model is handled in its order within an actor; between actors there is none
//! but that of the mailboxes, as in any real system. A journal (`ledger::journal`) keeps the order
//! in which things were handled, and `simulation` can replay it.

mod aftermath;
mod beats;
mod books;
pub mod capacity;
mod clock;
mod collector;
mod desk;
pub mod engines;
mod failure;
mod fault;
mod generator;
mod host;
mod measures;
mod memory;
mod moves;
mod pace;
mod partition;
mod people;
mod recorder;
mod report;
mod results;
mod run;
mod series;
mod shard;
mod site;
pub mod storm;
pub mod suite;
mod timers;
mod verdict;
pub mod wheel;

pub use aftermath::Aftermath;
pub use beats::Beat;
pub use books::{Account, Mailbox};
pub use failure::Failure;
pub use measures::{Count, Figures, Timing};
pub use partition::{most_shards, part};
pub use report::State;
pub use results::{Memory, Results};
pub use run::Job;
pub use series::{Row, Series};
pub use site::GRAIN;
pub use verdict::{Judged, Verdict};
