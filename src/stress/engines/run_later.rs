//! `ctx.run_later` for each timer: the first thing that comes to mind with actix.
//!
//! A context keeps its futures in one list. It polls all of them whenever the actor wakes up, and
//! goes through all of them to cancel one.

use std::rc::Rc;

use actix::{AsyncContext as _, Context, SpawnHandle};

use crate::base::time::Time;
use crate::stress::clock::RunClock;

use super::timer_engine::{TimerEngine, TimerOwner};

pub(crate) struct RunLaterTimers {
    clock: RunClock,
    /// A clone in each timer, to count those that live.
    each: Rc<()>,
}

impl TimerEngine for RunLaterTimers {
    type Handle = SpawnHandle;

    const ASKED: bool = false;

    fn with_capacity(_: usize, clock: RunClock) -> Self {
        Self { clock, each: Rc::new(()) }
    }

    fn arm<A: TimerOwner>(
        &mut self,
        due: Time,
        payload: u64,
        context: &mut Context<A>,
    ) -> SpawnHandle {
        let one = Rc::clone(&self.each);
        context.run_later(self.clock.until(self.clock.moment(due)), move |actor: &mut A, _| {
            drop(one);
            actor.fired(payload);
        })
    }

    fn cancel<A: TimerOwner>(&mut self, handle: SpawnHandle, context: &mut Context<A>) -> bool {
        context.cancel_future(handle)
    }

    fn pop(&mut self, _: Time) -> Option<u64> {
        None
    }

    fn len(&self) -> usize {
        Rc::strong_count(&self.each) - 1
    }

    fn bytes(&self) -> Option<usize> {
        None
    }
}
