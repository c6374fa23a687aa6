//! The router as an actix actor: its mailbox is the door of the shard.
//!
//! actix empties a mailbox before it looks at anything else. Two things keep a flood of messages
//! from starving the rest: the router handles its due timers between any two messages, and after
//! some messages it gives way to the other actors of its thread.

use std::time::Duration;

use actix::{Actor, ActorContext, AsyncContext, Context, Handler, Message, WrapFuture};
use actix_rt::task::yield_now;
use actix_rt::time::sleep;

use crate::base::ids::ConversationId;
use crate::base::time::Span;
use crate::ledger::invariants::Snapshot;
use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::behaviour::Behaviour as _;
use crate::model::message::{RouterMessage, Timer};
use crate::model::router::Router;

use super::books::Ticket;
use super::clock::Moment;
use super::host::Deliver;
use super::moves::Alive;
use super::shard::{Shared, harm};

/// The router of a shard.
pub(super) struct Desk {
    pub(super) router: Router,
    pub(super) shard: Shared,
    /// Messages handled since it last gave way.
    in_a_row: u32,
}

/// A consumer arrives.
pub(super) struct Arrive {
    pub(super) id: ConversationId,
    /// When it should.
    pub(super) scheduled: Moment,
    pub(super) alive: Alive,
    pub(super) ticket: Ticket,
}

/// There is something to do besides messages.
pub(super) struct Wake;

/// A message that says nothing and takes a place in the mailbox.
pub(super) struct Nothing {
    pub(super) ticket: Ticket,
}

/// It is to handle neither messages nor timers for so long; everybody else goes on.
pub(super) struct Stall(pub(super) Span);

impl Message for Arrive {
    type Result = ();
}

impl Message for Wake {
    type Result = ();
}

impl Message for Nothing {
    type Result = ();
}

impl Message for Stall {
    type Result = ();
}

impl Desk {
    pub(super) fn new(router: Router, shard: Shared) -> Self {
        Self { router, shard, in_a_row: 0 }
    }

    /// After each message: the timers that are due, the end of the run, and the others' turn.
    pub(super) fn goes_on(&mut self, context: &mut Context<Self>) {
        for _ in 0..TIMERS_A_TURN {
            if !self.handles_due_timer() {
                break;
            }
        }
        let mut shard = self.shard.borrow_mut();
        shard.wake_router_if_due();
        if shard.is_over() {
            shard.finish(live(&self.router));
            context.stop();
            return;
        }
        self.in_a_row += 1;
        if self.in_a_row == MESSAGES_IN_A_ROW {
            self.in_a_row = 0;
            context.wait(yield_now().into_actor(self));
        }
    }

    fn handles_due_timer(&mut self) -> bool {
        let mut shard = self.shard.borrow_mut();
        let Some(next) = shard.timers.take_up() else { return false };
        let input = TurnInput::Timer { due: next.due, timer: Timer::Router(next.timer) };
        let now = shard.begins(Addressee::Router, None, input);
        self.router.due(now, next.timer, &mut shard.outbox);
        shard.ends(Addressee::Router);
        shard.timers.put_down();
        true
    }
}

/// A router that panics is gone without a word, so it says so itself. One that is dropped before
/// the run is over goes with its thread.
impl Drop for Desk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            harm::mourn(&self.shard, Addressee::Router);
        } else if let Ok(mut shard) = self.shard.try_borrow_mut() {
            shard.loses_router(&self.router);
        }
    }
}

fn live(router: &Router) -> impl Iterator<Item = Snapshot> {
    router.live().map(|found| Snapshot {
        conversation: found.key,
        id: found.id,
        owner: found.owner,
        status: found.status,
    })
}

impl Actor for Desk {
    type Context = Context<Self>;
}

impl Handler<Deliver<RouterMessage>> for Desk {
    type Result = ();

    fn handle(&mut self, letter: Deliver<RouterMessage>, context: &mut Context<Self>) {
        {
            let mut shard = self.shard.borrow_mut();
            let place = Addressee::Router;
            let now = shard.begins(place, Some(&letter.ticket), TurnInput::Letter(place));
            self.router.receive(now, letter.message, &mut shard.outbox);
            shard.ends(place);
            letter.ticket.handled();
        }
        self.goes_on(context);
    }
}

impl Handler<Arrive> for Desk {
    type Result = ();

    fn handle(&mut self, arrival: Arrive, context: &mut Context<Self>) {
        self.shard.borrow_mut().arrives(arrival);
        self.goes_on(context);
    }
}

impl Handler<Wake> for Desk {
    type Result = ();

    fn handle(&mut self, _: Wake, context: &mut Context<Self>) {
        self.shard.borrow_mut().router_is_awake();
        self.goes_on(context);
    }
}

impl Handler<Nothing> for Desk {
    type Result = ();

    fn handle(&mut self, Nothing { ticket }: Nothing, context: &mut Context<Self>) {
        self.shard.borrow_mut().passes_over(Addressee::Router, ticket);
        self.goes_on(context);
    }
}

impl Handler<Stall> for Desk {
    type Result = ();

    fn handle(&mut self, Stall(length): Stall, context: &mut Context<Self>) {
        let length = Duration::from_micros(length.as_micros().max(0) as u64);
        context.wait(sleep(length).into_actor(self));
    }
}

/// Timers handled between two messages.
const TIMERS_A_TURN: usize = 256;
/// Messages handled before others have their turn.
pub(super) const MESSAGES_IN_A_ROW: u32 = 64;
