//! How things are at some instant.

use serde::{Deserialize, Serialize};

/// How things are at some instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemState {
    /// Live conversations.
    pub live: u64,
    /// Timers to come.
    pub timers: u64,
    /// Bytes that they take.
    pub timer_bytes: u64,
    /// Messages waiting for the routers.
    pub waiting: u64,
}

impl SystemState {
    /// Adds another shard.
    pub(super) fn add(&mut self, other: &Self) {
        self.live += other.live;
        self.timers += other.timers;
        self.timer_bytes += other.timer_bytes;
        self.waiting += other.waiting;
    }
}
