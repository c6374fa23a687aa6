//! How a behaviour becomes an actix actor with a mailbox of its own. No logic.

use actix::{
    Actor, ActorContext as _, AsyncContext as _, Context, Handler, Message, WrapFuture as _,
};
use actix_rt::task::yield_now;

use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::agent::Agent;
use crate::model::behaviour::Behaviour;
use crate::model::consumer::Consumer;
use crate::model::message::ConsumerMessage;
use crate::scenario::stress::Death;

use super::books::Ticket;
use super::desk::MESSAGES_IN_A_ROW;
use super::moves::Pack;
use super::shard::{Shared, harm};

/// An agent or a consumer as an actix actor.
pub(super) struct Host<B: Hosted> {
    behaviour: B,
    place: Addressee,
    shard: Shared,
    in_turn: bool,
    /// In the turn in which it is to die: what it knew before.
    before_last_turn: Option<Box<B::Memory>>,
    /// Whether it is to die in its next turn.
    is_doomed: bool,
    /// Whether it has had its last message: what comes later is void (A12), or it hears of it elsewhere.
    over: bool,
    /// Messages handled since it last gave way.
    in_a_row: u32,
}

/// actix lets an actor die without a word, so it says so itself. One that dies between two turns
/// has left nothing half done. One that a fault kills in a turn has done nothing to others, since all
/// that it does leaves it at the end, and who takes its place knows what it knew before. One that dies
/// in a turn for another reason has met a bug, which ends the run.
impl<B: Hosted> Drop for Host<B> {
    fn drop(&mut self) {
        if self.in_turn {
            match self.before_last_turn.take().and_then(|memory| self.behaviour.heir(*memory)) {
                Some(heir) => harm::note_death_in_turn(&self.shard, heir),
                None => harm::mourn(&self.shard, self.place),
            }
        } else if !self.over
            && let Some(heir) = self.behaviour.heir(self.behaviour.memory())
        {
            harm::note_death(&self.shard, heir);
        }
    }
}

impl<B: Hosted> Host<B> {
    pub(super) fn new(behaviour: B, place: Addressee, shard: Shared) -> Self {
        let (in_turn, before_last_turn, is_doomed) = (false, None, false);
        let (over, in_a_row) = (false, 0);
        Self { behaviour, place, shard, in_turn, before_last_turn, is_doomed, over, in_a_row }
    }

    /// Its turn begins.
    fn begins_turn(&mut self) {
        self.in_turn = true;
        self.before_last_turn = self.is_doomed.then(|| Box::new(self.behaviour.memory()));
    }

    /// actix empties a mailbox before it looks at another: one that is flooded must not keep
    /// everybody else waiting.
    fn gives_way(&mut self, context: &mut Context<Self>) {
        self.in_a_row += 1;
        if self.in_a_row == MESSAGES_IN_A_ROW {
            self.in_a_row = 0;
            context.wait(yield_now().into_actor(self));
        }
    }
}

/// What a host must know of its behaviour.
pub(super) trait Hosted: Behaviour + Unpin + 'static {
    /// Whether the actor ends with this message.
    fn ends_with(_: &Self::Message) -> bool {
        false
    }

    /// What it knows that outlives it.
    type Memory: Unpin;

    /// What it knows now.
    fn memory(&self) -> Self::Memory;

    /// Who takes its place if it dies, knowing this.
    fn heir(&self, _: Self::Memory) -> Option<Heir> {
        None
    }
}

/// As a panic, but without a message on the terminal.
fn panic() -> ! {
    std::panic::resume_unwind(Box::new("a fault of the scenario"))
}

/// Who takes the place of an actor that has died.
pub(super) enum Heir {
    /// An agent who knows nothing.
    Agent(Agent),
    /// A consumer who remembers what the other did.
    Consumer(Consumer),
}

impl Hosted for Agent {
    type Memory = ();

    fn memory(&self) {}

    fn heir(&self, (): ()) -> Option<Heir> {
        Some(Heir::Agent(self.replacement()))
    }
}

impl Hosted for Consumer {
    type Memory = Self;

    fn ends_with(message: &ConsumerMessage) -> bool {
        *message == ConsumerMessage::Resolved
    }

    fn memory(&self) -> Self {
        self.clone()
    }

    fn heir(&self, memory: Self) -> Option<Heir> {
        Some(Heir::Consumer(memory))
    }
}

/// A letter.
pub(super) struct Deliver<M> {
    pub(super) message: M,
    pub(super) ticket: Ticket,
}

/// A timer that has come due; `input` is the same for the journal.
pub(super) struct Due<T> {
    pub(super) timer: T,
    pub(super) input: TurnInput,
    pub(super) ticket: Ticket,
}

impl<M> Message for Deliver<M> {
    type Result = ();
}

impl<T> Message for Due<T> {
    type Result = ();
}

impl<B: Hosted> Actor for Host<B> {
    type Context = Context<Self>;
}

impl<B: Hosted<Message: Send>> Handler<Deliver<B::Message>> for Host<B> {
    type Result = ();

    fn handle(&mut self, letter: Deliver<B::Message>, context: &mut Context<Self>) {
        let Deliver { message, ticket } = letter;
        if self.over {
            return ticket.handled();
        }
        self.over = B::ends_with(&message);
        self.begins_turn();
        let mut shard = self.shard.borrow_mut();
        let now = shard.begins(self.place, Some(&ticket), TurnInput::Letter(self.place));
        self.behaviour.receive(now, message, &mut shard.outbox);
        if self.is_doomed {
            panic();
        }
        if self.over {
            // Nobody can write to it any more, so it ends when its mailbox is empty.
            shard.forget(self.place);
        }
        shard.ends(self.place);
        drop(shard);
        ticket.handled();
        self.in_turn = false;
        self.gives_way(context);
    }
}

impl<B: Hosted<Timer: Send>> Handler<Due<B::Timer>> for Host<B> {
    type Result = ();

    fn handle(&mut self, due: Due<B::Timer>, context: &mut Context<Self>) {
        let Due { timer, input, ticket } = due;
        if self.over {
            return ticket.handled();
        }
        self.begins_turn();
        let mut shard = self.shard.borrow_mut();
        let now = shard.begins(self.place, Some(&ticket), input);
        self.behaviour.due(now, timer, &mut shard.outbox);
        if self.is_doomed {
            panic();
        }
        shard.ends(self.place);
        drop(shard);
        ticket.handled();
        self.in_turn = false;
        self.gives_way(context);
    }
}

impl Handler<Pack> for Host<Consumer> {
    type Result = ();

    fn handle(&mut self, Pack { ticket }: Pack, context: &mut Context<Self>) {
        if self.over {
            return ticket.handled();
        }
        self.over = true;
        self.shard.borrow_mut().packs(ticket, self.behaviour.clone());
        self.gives_way(context);
    }
}

/// It is to die.
pub(super) struct Die(pub(super) Death);

impl Message for Die {
    type Result = ();
}

impl<B: Hosted> Handler<Die> for Host<B> {
    type Result = ();

    fn handle(&mut self, Die(death): Die, context: &mut Context<Self>) {
        match death {
            Death::Panic => panic(),
            Death::PanicInTurn => self.is_doomed = true,
            Death::Stop => context.stop(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc;

    use super::*;
    use crate::base::ids::AgentId;
    use crate::base::stream::Streams;
    use crate::base::time::Time;
    use crate::ledger::Ledger;
    use crate::model::behaviour::Outbox;
    use crate::model::consumer::ConsumerContext;
    use crate::model::message::{AgentMessage, AgentTimer};
    use crate::stress::books::{Books, Mailbox};
    use crate::stress::clock::{Clock, Moment};
    use crate::stress::partition::Elsewhere;
    use crate::stress::recorder::Recorder;
    use crate::stress::report::Report;
    use crate::stress::shard::{Frame, Shard};
    use actix::System;

    struct Bomb;

    impl Behaviour for Bomb {
        type Message = AgentMessage;
        type Timer = AgentTimer;

        fn receive(&mut self, _: Time, _: AgentMessage, _: &mut Outbox) {
            panic!("as planned");
        }

        fn due(&mut self, _: Time, _: AgentTimer, _: &mut Outbox) {}
    }

    impl Hosted for Bomb {
        type Memory = ();

        fn memory(&self) {}
    }

    #[test]
    fn an_actor_that_panics_does_not_go_unnoticed() {
        let text = "agents.chat = {}\nconsumers.web.arrivals = '60/h'".to_owned();
        let source = crate::scenario::Source { name: String::new(), text };
        let scenario = crate::scenario::parse(source, "".as_ref()).unwrap();
        let plan = &scenario.variants[0].plan;
        let centre = Arc::new(plan.centre.clone());
        let until = Time::from_secs(60);
        let ledger = Ledger::new(Arc::clone(&centre), &plan.measure, Time::ZERO, until, true);
        let crowd = Arc::new(ConsumerContext::new(centre, Streams::new(1, 0)));
        let (reports, received) = mpsc::channel();
        let books = Arc::new(Books::default());
        let own = Arc::clone(&books);
        System::new().block_on(async move {
            let clock = Clock::start(1.0);
            let frame = Frame {
                number: 0,
                clock,
                books: Arc::clone(&own),
                reports,
                load_ends: Moment(u64::MAX),
                ends: Moment(u64::MAX),
                stop: Arc::default(),
                elsewhere: Elsewhere::default(),
                commons: Arc::default(),
            };
            let shard = Shard::new(frame, Recorder::new(ledger, false), crowd);
            let bomb = Host::new(Bomb, Addressee::Agent(AgentId(7)), shard).start();
            for _ in 0..2 {
                let ticket = own.ticket(Mailbox::Agents, clock.now());
                bomb.do_send(Deliver { message: AgentMessage::Start, ticket });
            }
            yield_now().await;
            assert!(!bomb.connected(), "it is still there");
        });
        let died = received.try_iter().find_map(|report| match report {
            Report::Died(shard, place) => Some((shard, place)),
            _ => None,
        });
        assert_eq!(died, Some((0, Addressee::Agent(AgentId(7)))));
        let account = books.account(Mailbox::Agents);
        assert_eq!((account.sent, account.handled, account.dead), (2, 0, 2));
    }
}
