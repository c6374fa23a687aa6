//! Where the keeper lives: in an actor, or in the hands of the loop that makes the load.

use std::marker::PhantomData;

use actix::{Actor as _, Addr, Context, dev::SendError};
use actix_rt::{task, time};

use crate::base::time::Time;
use crate::stress::clock::Clock;
use crate::stress::engines::Timers;

use super::REST;
use super::keeper::{Keeper, Visit};
use super::load::Operation;

pub(super) trait Host<T: Timers> {
    fn now(&self) -> Time;

    /// Hands over operations, and lets them be done.
    async fn hand_over(&mut self, operations: impl Iterator<Item = Operation>);

    /// Does something with the keeper when all operations before are done.
    async fn visit<R: Send + 'static>(
        &mut self,
        visit: impl FnOnce(&mut Keeper<T>, &mut Context<Keeper<T>>) -> R + Send + 'static,
    ) -> R;

    /// Lets a little time pass.
    async fn rest(&mut self);
}

/// The keeper is an actor with a mailbox, on the same thread as the load.
pub(super) struct Mailbox<T: Timers> {
    keeper: Addr<Keeper<T>>,
    clock: Clock,
}

impl<T: Timers> Mailbox<T> {
    pub(super) fn start(live: u32, clock: Clock) -> Self {
        Self { keeper: Keeper::new(live, clock).start(), clock }
    }
}

impl<T: Timers> Host<T> for Mailbox<T> {
    fn now(&self) -> Time {
        self.clock.time(self.clock.now())
    }

    async fn hand_over(&mut self, operations: impl Iterator<Item = Operation>) {
        for mut operation in operations {
            while let Err(refused) = self.keeper.try_send(operation) {
                let SendError::Full(back) = refused else { panic!("{GONE}") };
                operation = back;
                task::yield_now().await;
            }
        }
        task::yield_now().await;
    }

    async fn visit<R: Send + 'static>(
        &mut self,
        visit: impl FnOnce(&mut Keeper<T>, &mut Context<Keeper<T>>) -> R + Send + 'static,
    ) -> R {
        self.keeper.send(Visit(visit, PhantomData)).await.expect(GONE)
    }

    async fn rest(&mut self) {
        time::sleep(REST).await;
    }
}

/// The keeper is called directly, in a context that nobody runs.
pub(super) struct Bare<T: Timers> {
    keeper: Keeper<T>,
    context: Context<Keeper<T>>,
}

impl<T: Timers> Bare<T> {
    pub(super) fn start(live: u32, clock: Clock) -> Self {
        Self { keeper: Keeper::new(live, clock), context: Context::new() }
    }
}

impl<T: Timers> Host<T> for Bare<T> {
    fn now(&self) -> Time {
        self.keeper.now()
    }

    async fn hand_over(&mut self, operations: impl Iterator<Item = Operation>) {
        for operation in operations {
            self.keeper.apply(operation, &mut self.context);
        }
        self.keeper.look();
    }

    async fn visit<R: Send + 'static>(
        &mut self,
        visit: impl FnOnce(&mut Keeper<T>, &mut Context<Keeper<T>>) -> R + Send + 'static,
    ) -> R {
        visit(&mut self.keeper, &mut self.context)
    }

    async fn rest(&mut self) {
        time::sleep(REST).await;
        self.keeper.look();
    }
}

const GONE: &str = "the keeper lives as long as its host";
