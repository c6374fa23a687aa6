//! Scenario files: as written, checked, and as a plan.

pub mod plan;
