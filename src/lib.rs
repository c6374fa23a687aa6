//! Shiftstorm simulates and load-tests a messaging contact centre.

pub mod base;
pub mod cli;
pub mod experiment;
pub mod ledger;
pub mod model;
pub mod report;
pub mod scenario;
pub mod simulation;
pub mod stress;
