//! Where the timer actor lives: behind a mailbox, or in the loop that makes the load.

use std::marker::PhantomData;
use std::time::Duration;

use actix::{Actor as _, Addr, Context, dev::SendError};
use actix_rt::{task, time};

use crate::base::time::Time;
use crate::stress::clock::RunClock;
use crate::stress::engines::TimerEngine;

use super::operations::Operation;
use super::timer_actor::{InsideActor, TimerActor};

pub(super) trait ActorHost<T: TimerEngine> {
    fn now(&self) -> Time;

    /// Hands over operations, and lets them be done.
    async fn hand_over(&mut self, operations: impl Iterator<Item = Operation>);

    /// Does something with the actor when all operations before are done.
    async fn visit<R: Send + 'static>(
        &mut self,
        visit: impl FnOnce(&mut TimerActor<T>, &mut Context<TimerActor<T>>) -> R + Send + 'static,
    ) -> R;

    /// Lets a little time pass.
    async fn rest(&mut self);
}

/// The actor has a mailbox, on the same thread as the load.
pub(super) struct MailboxHost<T: TimerEngine> {
    actor: Addr<TimerActor<T>>,
    clock: RunClock,
}

impl<T: TimerEngine> MailboxHost<T> {
    pub(super) fn start(live: u32, clock: RunClock) -> Self {
        Self { actor: TimerActor::new(live, clock).start(), clock }
    }
}

impl<T: TimerEngine> ActorHost<T> for MailboxHost<T> {
    fn now(&self) -> Time {
        self.clock.time(self.clock.now())
    }

    async fn hand_over(&mut self, operations: impl Iterator<Item = Operation>) {
        for mut operation in operations {
            while let Err(refused) = self.actor.try_send(operation) {
                let SendError::Full(back) = refused else { panic!("{GONE}") };
                operation = back;
                task::yield_now().await;
            }
        }
        task::yield_now().await;
    }

    async fn visit<R: Send + 'static>(
        &mut self,
        visit: impl FnOnce(&mut TimerActor<T>, &mut Context<TimerActor<T>>) -> R + Send + 'static,
    ) -> R {
        self.actor.send(InsideActor(visit, PhantomData)).await.expect(GONE)
    }

    async fn rest(&mut self) {
        time::sleep(REST).await;
    }
}

/// The actor is called directly, in a context that nobody runs.
pub(super) struct DirectHost<T: TimerEngine> {
    actor: TimerActor<T>,
    context: Context<TimerActor<T>>,
}

impl<T: TimerEngine> DirectHost<T> {
    pub(super) fn start(live: u32, clock: RunClock) -> Self {
        Self { actor: TimerActor::new(live, clock), context: Context::new() }
    }
}

impl<T: TimerEngine> ActorHost<T> for DirectHost<T> {
    fn now(&self) -> Time {
        self.actor.now()
    }

    async fn hand_over(&mut self, operations: impl Iterator<Item = Operation>) {
        for operation in operations {
            self.actor.apply(operation, &mut self.context);
        }
        self.actor.look();
    }

    async fn visit<R: Send + 'static>(
        &mut self,
        visit: impl FnOnce(&mut TimerActor<T>, &mut Context<TimerActor<T>>) -> R + Send + 'static,
    ) -> R {
        visit(&mut self.actor, &mut self.context)
    }

    async fn rest(&mut self) {
        time::sleep(REST).await;
        self.actor.look();
    }
}

/// How long a host rests that has nothing to do.
const REST: Duration = Duration::from_millis(1);
const GONE: &str = "the actor lives as long as its host";
