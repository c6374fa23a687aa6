//! Audit events folded into measures, the interval table, the invariants and the `Outcome`.

pub mod durations;
pub mod fold;
pub mod gauge;
pub mod invariants;
pub mod merge;
pub mod outcome;
pub mod rows;
pub mod settings;

pub use fold::Ledger;
pub use outcome::Outcome;
