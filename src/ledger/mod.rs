//! Audit events folded into measures, the interval table, the invariants and the `Outcome`.

mod account;
mod agent_accounts;
mod agent_rows;
pub mod agent_work;
pub mod day_figures;
pub mod definitions;
pub mod durations;
pub mod figures;
pub mod flow;
pub mod fold;
pub mod gauge;
mod gauges;
pub mod intervals;
pub mod invariants;
pub mod journal;
pub mod measures;
mod measuring_marks;
pub mod merge;
mod number_rows;
pub mod objectives;
pub mod outcome;
pub mod part_goal;
pub mod part_intervals;
pub mod recent_events;
pub mod rows;
pub mod settings;
#[cfg(test)]
mod test_events;
pub mod times;
mod wall_clock_waits;

pub use fold::{Ledger, TransferRecord};
pub use outcome::Outcome;
