//! Audit events folded into measures, the interval table, the invariants and the `Outcome`.

pub mod aims;
mod board;
mod calendar;
mod causes;
mod conversations;
pub mod definitions;
pub mod durations;
pub mod figures;
pub mod flow;
pub mod fold;
pub mod gauge;
pub mod intervals;
pub mod invariants;
pub mod journal;
mod live;
pub mod measures;
pub mod merge;
mod moves;
pub mod outcome;
pub mod rows;
pub mod settings;
mod staff;
#[cfg(test)]
mod tape;

pub use fold::Ledger;
pub use moves::Record;
pub use outcome::Outcome;
