//! The wheel, with ticks of a microsecond as in the shards.

use actix::Context;

use crate::base::time::Time;
use crate::stress::clock::Clock;
use crate::stress::storm::Keeper;
use crate::stress::wheel::{Handle, Wheel};

use super::Timers;

pub(in crate::stress) struct WheelTimers(Wheel<u64>);

impl Timers for WheelTimers {
    type Handle = Handle;

    const ASKED: bool = true;

    fn with_capacity(live: usize, _: Clock) -> Self {
        Self(Wheel::with_capacity(live))
    }

    fn arm(&mut self, due: Time, payload: u64, _: &mut Context<Keeper<Self>>) -> Handle {
        self.0.arm(tick(due), payload)
    }

    fn cancel(&mut self, handle: Handle, _: &mut Context<Keeper<Self>>) -> bool {
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
