//! Wall clock: the actors of the model at machine speed, with real mailboxes and timers.
//!
//! The same behaviours as in `simulation` (router, agents, consumers), each an ordinary actix actor
//! (`router_actor`, `behaviour_actor`). A *shard* is one router with its agents and consumers on one
//! thread around one timer wheel (`shard`, `shard_thread`, `shard_timers`). Agents are dealt out one by
//! one (`partition`), so that small groups are in some shards only; a conversation that waits for a
//! skill which nobody in its shard has goes over to another as one message (`shard_transfer`). That,
//! and how many conversations live, is all that shards have in common. The *generator* walks the plan
//! of arrivals on a thread of its own and sends each at its scheduled instant, whatever becomes of it.
//! Every second shards and generator tell what they measured (`snapshots`, `stress_figures`), so that
//! memory does not grow with the length of the run.
//!
//! The *timer benchmark* (`timer_benchmark`) is for timers alone: it compares the wheel with what one
//! would take instead (`engines`).
//!
//! What is due to the model is handled in its order within an actor; between actors there is none
//! but that of the mailboxes, as in any real system. A journal (`ledger::journal`) keeps the order
//! in which things were handled, and `simulation` can replay it.

mod actor_address;
mod actor_messages;
mod actors;
mod behaviour_actor;
pub mod capacity;
mod clock;
mod collector;
pub mod engines;
mod fault_injector;
mod fault_plan;
mod generator;
mod memory;
mod message_accounting;
mod pace;
mod partition;
mod progress;
mod recorder;
mod recovery;
mod replacement;
mod results;
mod router_actor;
mod run_start;
mod run_window;
mod saved_histograms;
mod series;
mod shard;
mod shard_thread;
mod shard_timers;
mod shard_transfer;
mod snapshots;
mod stage_figures;
mod stress_failure;
mod stress_figures;
mod stress_job;
mod stress_run;
pub mod suite;
mod system_state;
mod threshold_verdict;
pub mod timer_benchmark;
mod timing_result;
pub mod wheel;

pub use clock::GRAIN;
pub use message_accounting::{Account, Mailbox};
pub use partition::{most_shards, part};
pub use recovery::Recovery;
pub use results::{ArrivalAccount, MemoryUse, StageResult, StressResults};
pub use run_start::wall_clock_now;
pub use series::{SeriesRow, StressSeries};
pub use snapshots::SystemSnapshot;
pub use stage_figures::StageFigures;
pub use stress_failure::StressFailure;
pub use stress_figures::{Count, StressFigures, Timing};
pub use stress_job::StressJob;
pub use system_state::SystemState;
pub use threshold_verdict::{JudgedThreshold, MeasuredValue, ThresholdVerdict};
pub use timing_result::TimingResult;
