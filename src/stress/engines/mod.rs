//! Timer engines to choose from: the wheel, and what one would take without it.

mod delay_queue;
mod heap;
mod run_later;
mod wheel;

use actix::Context;
use serde::{Deserialize, Serialize};

use crate::base::time::Time;

use super::clock::Clock;
use super::storm::Keeper;

pub(super) use self::delay_queue::DelayQueueTimers;
pub(super) use self::heap::HeapTimers;
pub(super) use self::run_later::RunLaterTimers;
pub(super) use self::wheel::WheelTimers;

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

/// Timers of one actor. The payload comes back when a timer fires.
pub(super) trait Timers: Sized + Unpin + 'static {
    /// Names a live timer.
    type Handle: Copy + Unpin + 'static;

    /// Whether they wait to be asked what is due. Others call `Keeper::fired` by themselves.
    const ASKED: bool;

    fn with_capacity(live: usize, clock: Clock) -> Self;

    fn arm(&mut self, due: Time, payload: u64, context: &mut Context<Keeper<Self>>)
    -> Self::Handle;

    /// Takes back a timer that has neither fired nor been cancelled; whether it was found.
    fn cancel(&mut self, handle: Self::Handle, context: &mut Context<Keeper<Self>>) -> bool;

    /// The payload of the next timer due.
    fn pop(&mut self, now: Time) -> Option<u64>;

    /// Number of live timers.
    fn len(&self) -> usize;

    /// Bytes held on the heap, where that can be told.
    fn bytes(&self) -> Option<usize>;
}
