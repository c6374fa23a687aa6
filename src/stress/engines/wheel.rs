//! The wheel, with ticks of a microsecond as in the shards.

use actix::Context;

use crate::base::time::Time;
use crate::stress::clock::RunClock;
use crate::stress::wheel::{TimerHandle, Wheel};

use super::timer_engine::{TimerEngine, TimerOwner};

pub(crate) struct WheelTimers(Wheel<u64>);

impl TimerEngine for WheelTimers {
    type Handle = TimerHandle;

    const ASKED: bool = true;

    fn with_capacity(live: usize, _: RunClock) -> Self {
        Self(Wheel::with_capacity(live))
    }

    fn arm<A: TimerOwner>(&mut self, due: Time, payload: u64, _: &mut Context<A>) -> TimerHandle {
        self.0.arm(tick(due), payload)
    }

    fn cancel<A: TimerOwner>(&mut self, handle: TimerHandle, _: &mut Context<A>) -> bool {
        self.0.cancel(handle).is_some()
    }

    fn pop(&mut self, now: Time) -> Option<u64> {
        self.0.pop(tick(now)).map(|(_, payload)| payload)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn bytes(&self) -> Option<usize> {
        Some(self.0.bytes())
    }
}

fn tick(time: Time) -> u64 {
    time.as_micros().max(0) as u64
}
