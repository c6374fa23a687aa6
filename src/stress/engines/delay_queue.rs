//! tokio's `DelayQueue`, asked as often as the wheel.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use actix::Context;
use tokio::task::coop::unconstrained;
use tokio_util::time::DelayQueue;
use tokio_util::time::delay_queue::Key;

use crate::base::time::Time;
use crate::stress::clock::RunClock;

use super::timer_engine::{TimerEngine, TimerOwner};

pub(crate) struct DelayQueueTimers {
    queue: DelayQueue<u64>,
    clock: RunClock,
}

impl TimerEngine for DelayQueueTimers {
    type Handle = Key;

    const ASKED: bool = true;

    fn with_capacity(live: usize, clock: RunClock) -> Self {
        Self { queue: DelayQueue::with_capacity(live), clock }
    }

    fn arm<A: TimerOwner>(&mut self, due: Time, payload: u64, _: &mut Context<A>) -> Key {
        self.queue.insert(payload, self.clock.until(self.clock.moment(due)))
    }

    fn cancel<A: TimerOwner>(&mut self, key: Key, _: &mut Context<A>) -> bool {
        self.queue.try_remove(&key).is_some()
    }

    fn pop(&mut self, _: Time) -> Option<u64> {
        // Nobody needs to be woken, since the actor asks again within a millisecond; but tokio is
        // not to stop it after 128 timers a turn.
        let next = poll_fn(|task| self.queue.poll_expired(task));
        match pin!(unconstrained(next)).poll(&mut Task::from_waker(Waker::noop())) {
            Poll::Ready(Some(expired)) => Some(expired.into_inner()),
            Poll::Ready(None) | Poll::Pending => None,
        }
    }

    fn len(&self) -> usize {
        self.queue.len()
    }

    fn bytes(&self) -> Option<usize> {
        None
    }
}
