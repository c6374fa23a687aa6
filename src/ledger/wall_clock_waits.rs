//! Waits by the clock on the wall, beside those that count opening hours only (D25).

use serde::{Deserialize, Serialize};

use super::durations::Total;
use super::merge::merge_by_field;

/// Waits by the clock on the wall, of centres in which those of some skill count opening hours only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallClockWaits {
    /// Opening to first answer.
    pub first_response: Total,
    /// Opening to first assignment.
    pub assignment: Total,
    /// Waiting since to reply, of every answered message.
    pub response: Total,
    /// Each stay in a queue that ended.
    pub queue: Total,
}

merge_by_field!(WallClockWaits { first_response, assignment, response, queue });
