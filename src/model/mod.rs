//! The contact centre: pure behaviour, no clock, no mailbox, no global random source.

pub mod event;
pub mod message;
pub mod settings;
