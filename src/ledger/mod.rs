//! Audit events folded into measures, the interval table, the invariants and the `Outcome`.

pub mod settings;
