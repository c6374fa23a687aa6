//! A shard: a router with its agents and consumers on one thread, around one set of timers.

mod actor_turns;
mod clock_checks;
mod fault_injection;
mod state;
mod thread_loss;
mod transfers;

pub(super) use self::fault_injection::{note_death, note_death_in_turn, report_death};
pub(super) use self::state::{ActorStarters, Shard, SharedShard};
