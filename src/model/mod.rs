//! The contact centre: pure behaviour, no clock, no mailbox, no global random source.

pub mod agent;
pub mod behaviour;
pub mod consumer;
mod effort;
pub mod event;
pub mod message;
pub mod order;
pub mod router;
pub mod settings;
