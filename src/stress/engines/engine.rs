//! Which engine keeps the timers.

use serde::{Deserialize, Serialize};

/// What keeps the timers, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Engine {
    /// The wheel in a plain loop, without actors: the limit of the machine.
    BareWheel,
    /// The wheel in an actor, one message for each operation.
    Wheel,
    /// A binary heap in an actor; what was cancelled is skipped when it comes up.
    Heap,
    /// tokio's `DelayQueue` in an actor.
    DelayQueue,
    /// `ctx.run_later` for each timer.
    RunLater,
}

impl Engine {
    /// All of them, the measure of the others first.
    pub const ALL: [Self; 5] =
        [Self::BareWheel, Self::Wheel, Self::Heap, Self::DelayQueue, Self::RunLater];

    /// What it is called on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::BareWheel => "bare-wheel",
            Self::Wheel => "wheel",
            Self::Heap => "heap",
            Self::DelayQueue => "delay-queue",
            Self::RunLater => "run-later",
        }
    }

    /// What it is, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Self::BareWheel => "bare wheel, no actor",
            Self::Wheel => "wheel in the actor",
            Self::Heap => "binary heap, lazy",
            Self::DelayQueue => "tokio DelayQueue",
            Self::RunLater => "ctx.run_later each",
        }
    }
}
