//! What an engine must do, and what it must know of the actor whose timers it keeps.

use actix::{Actor, Context};

use crate::base::time::Time;
use crate::stress::clock::RunClock;

/// The actor whose timers an engine keeps.
pub(crate) trait TimerOwner: Actor<Context = Context<Self>> {
    /// A timer has fired.
    fn fired(&mut self, payload: u64);
}

/// Keeps the timers of one actor. The payload comes back when a timer fires.
pub(crate) trait TimerEngine: Sized + Unpin + 'static {
    /// Names a live timer.
    type Handle: Copy + Unpin + 'static;

    /// Whether they wait to be asked what is due. Others call [`TimerOwner::fired`] by
    /// themselves.
    const ASKED: bool;

    fn with_capacity(live: usize, clock: RunClock) -> Self;

    fn arm<A: TimerOwner>(
        &mut self,
        due: Time,
        payload: u64,
        context: &mut Context<A>,
    ) -> Self::Handle;

    /// Takes back a timer that has neither fired nor been cancelled; whether it was found.
    fn cancel<A: TimerOwner>(&mut self, handle: Self::Handle, context: &mut Context<A>) -> bool;

    /// The payload of the next timer due.
    fn pop(&mut self, now: Time) -> Option<u64>;

    /// Number of live timers.
    fn len(&self) -> usize;

    /// Bytes held on the heap, where that can be told.
    fn bytes(&self) -> Option<usize>;
}
