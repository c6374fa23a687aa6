//! The router as an actix actor: its mailbox is the way into the shard.
//!
//! actix empties a mailbox before it looks at anything else. Two things keep a flood of messages
//! from starving the rest: the router handles its due timers between any two messages, and after
//! some messages it gives way to the other actors of its thread.

use std::time::{Duration, Instant};

use actix::{Actor, ActorContext, AsyncContext, Context, Handler, WrapFuture};
use actix_rt::task::yield_now;
use actix_rt::time::sleep;

use crate::ledger::invariants::Snapshot;
use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::behaviour::Behaviour as _;
use crate::model::message::{RouterMessage, Timer};
use crate::model::router::Router;

use super::actor_messages::{
    ConsumerArrives, DeliverLetter, EmptyMessage, MESSAGES_IN_A_ROW, StallRouter, TransferPrepared,
    WakeRouter,
};
use super::clock::GRAIN;
use super::shard::{SharedShard, report_death};
use super::shard_transfer::IncomingTransfer;

/// The router of a shard.
pub(super) struct RouterActor {
    router: Router,
    shard: SharedShard,
    /// Messages handled since it last gave way.
    in_a_row: u32,
}

impl RouterActor {
    pub(super) fn new(router: Router, shard: SharedShard) -> Self {
        Self { router, shard, in_a_row: 0 }
    }

    /// After each message: the timers that are due, the end of the run, and the others' turn.
    fn finish_turn(&mut self, context: &mut Context<Self>) {
        for _ in 0..TIMERS_A_TURN {
            if !self.handle_due_timer() {
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

    fn handle_due_timer(&mut self) -> bool {
        let mut shard = self.shard.borrow_mut();
        let Some(next) = shard.timers.take_up() else { return false };
        let input = TurnInput::Timer { due: next.due, timer: Timer::Router(next.timer) };
        let now = shard.begin_turn(Addressee::Router, None, input);
        self.router.due(now, next.timer, &mut shard.outbox);
        shard.end_turn(Addressee::Router);
        shard.timers.put_down();
        true
    }
}

/// A router that panics is gone without a word, so it says so itself. One that is dropped before
/// the run is over goes with its thread.
impl Drop for RouterActor {
    fn drop(&mut self) {
        if std::thread::panicking() {
            report_death(&self.shard, Addressee::Router);
        } else if let Ok(mut shard) = self.shard.try_borrow_mut() {
            shard.keep_router(&self.router);
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

impl Actor for RouterActor {
    type Context = Context<Self>;
}

impl Handler<DeliverLetter<RouterMessage>> for RouterActor {
    type Result = ();

    fn handle(&mut self, letter: DeliverLetter<RouterMessage>, context: &mut Context<Self>) {
        {
            let mut shard = self.shard.borrow_mut();
            let place = Addressee::Router;
            let now = shard.begin_turn(place, Some(&letter.receipt), TurnInput::Letter(place));
            self.router.receive(now, letter.message, &mut shard.outbox);
            shard.end_turn(place);
            shard.mark_handled(letter.receipt);
        }
        self.finish_turn(context);
    }
}

impl Handler<ConsumerArrives> for RouterActor {
    type Result = ();

    fn handle(&mut self, arrival: ConsumerArrives, context: &mut Context<Self>) {
        self.shard.borrow_mut().admit_arrival(arrival);
        self.finish_turn(context);
    }
}

impl Handler<WakeRouter> for RouterActor {
    type Result = ();

    fn handle(&mut self, _: WakeRouter, context: &mut Context<Self>) {
        self.shard.borrow_mut().note_router_awake();
        self.finish_turn(context);
    }
}

impl Handler<EmptyMessage> for RouterActor {
    type Result = ();

    fn handle(&mut self, EmptyMessage { receipt }: EmptyMessage, context: &mut Context<Self>) {
        self.shard.borrow_mut().handle_empty(Addressee::Router, receipt);
        self.finish_turn(context);
    }
}

impl Handler<StallRouter> for RouterActor {
    type Result = ();

    fn handle(&mut self, StallRouter(length): StallRouter, context: &mut Context<Self>) {
        let until = Instant::now() + Duration::from_micros(length.as_micros().max(0) as u64);
        let shard = SharedShard::clone(&self.shard);
        let stall = async move {
            // It keeps nobody waiting for the end of the run.
            while !shard.borrow().is_over() {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break;
                }
                sleep(left.min(LOOK_UP)).await;
            }
        };
        context.wait(stall.into_actor(self));
    }
}

impl Handler<TransferPrepared> for RouterActor {
    type Result = ();

    fn handle(&mut self, prepared: TransferPrepared, context: &mut Context<Self>) {
        let TransferPrepared { conversation, receipt } = prepared;
        {
            let mut shard = self.shard.borrow_mut();
            let skill = self.router.awaited_skill(conversation);
            match skill.and_then(|skill| shard.destination(conversation, skill)) {
                Some(to) => {
                    shard.begin_turn(
                        Addressee::Router,
                        Some(&receipt),
                        TurnInput::Departs(conversation),
                    );
                    if let Some(released) = self.router.release(conversation) {
                        shard.send_away(conversation, released, to);
                    }
                    shard.end_turn(Addressee::Router);
                    shard.mark_handled(receipt);
                }
                // It has ended meanwhile.
                None => {
                    shard.handle_empty(Addressee::Router, receipt);
                    shard.keep_here(conversation);
                }
            }
        }
        self.finish_turn(context);
    }
}

impl Handler<IncomingTransfer> for RouterActor {
    type Result = ();

    fn handle(&mut self, transfer: IncomingTransfer, context: &mut Context<Self>) {
        if self.shard.borrow().is_still_to_come(transfer.left()) {
            // The clock stands still here, and stood still there a little later.
            context.notify_later(transfer, GRAIN);
        } else {
            let (conversation, receipt) = transfer.unpack();
            let mut shard = self.shard.borrow_mut();
            if let Some(conversation) = conversation {
                shard.adopt(conversation, &receipt, &mut self.router);
            }
            shard.mark_handled(receipt);
            drop(shard);
        }
        self.finish_turn(context);
    }
}

/// How often a router that stands still looks whether the run is over.
const LOOK_UP: Duration = Duration::from_millis(20);
/// Timers handled between two messages.
const TIMERS_A_TURN: usize = 256;
