//! The rules of the platform, each pinned by a test that names it: `a6_…` pins A6.

#[path = "../common/mod.rs"]
mod common;

mod assignment;
mod decisions;
mod order;
mod ownership;
mod unassign;
