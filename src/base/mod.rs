//! The ground floor: time, identifiers, keyed random streams, distributions, arrival processes,
//! the agenda, slots, statistics, and how files are written. Nothing here knows what a contact centre is,
//! reads a clock or prints.

pub mod agenda;
pub mod arrivals;
pub mod calendar;
pub mod closed_queue;
pub mod distribution;
pub mod erlang;
pub mod ids;
pub mod moments;
pub mod slots;
pub mod special;
pub mod statistics;
pub mod storage;
pub mod stream;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
