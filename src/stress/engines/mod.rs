//! Timer engines to choose from: the wheel, and what one would take without it.

mod delay_queue;
mod engine;
mod heap;
mod run_later;
mod timer_engine;
mod wheel;

pub use self::engine::Engine;

pub(super) use self::delay_queue::DelayQueueTimers;
pub(super) use self::heap::HeapTimers;
pub(super) use self::run_later::RunLaterTimers;
pub(super) use self::timer_engine::{TimerEngine, TimerOwner};
pub(super) use self::wheel::WheelTimers;
