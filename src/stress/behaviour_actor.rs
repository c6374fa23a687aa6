//! Agents and consumers as actix actors with mailboxes of their own: how a behaviour becomes an actor.
//! No logic.

use actix::{Actor, ActorContext as _, AsyncContext as _, Context, Handler, WrapFuture as _};
use actix_rt::task::yield_now;

use crate::ledger::journal::{Addressee, TurnInput};
use crate::model::agent::Agent;
use crate::model::behaviour::Behaviour;
use crate::model::consumer::Consumer;
use crate::model::message::ConsumerMessage;
use crate::scenario::stress::Death;

use super::actor_address::{AgentAddress, ConsumerAddress};
use super::actor_messages::{
    DeliverLetter, DeliverTimer, KillActor, MESSAGES_IN_A_ROW, PrepareTransfer,
};
use super::replacement::Replacement;
use super::shard::{ActorStarters, SharedShard, note_death, note_death_in_turn, report_death};

/// An agent or a consumer as an actix actor.
struct BehaviourActor<B: HostedBehaviour> {
    behaviour: B,
    place: Addressee,
    shard: SharedShard,
    in_turn: bool,
    /// In the turn in which it is to die: what it knew before.
    before_last_turn: Option<Box<B::Memory>>,
    /// Whether it is to die in its next turn.
    dies_in_next_turn: bool,
    /// Whether it has had its last message: what comes later is void (A12), or it hears of it elsewhere.
    over: bool,
    /// Messages handled since it last gave way.
    in_a_row: u32,
}

/// actix lets an actor die without a word, so it says so itself. One that dies between two turns
/// has left nothing half done. One that a fault kills in a turn has done nothing to others, since all
/// that it does leaves it at the end, and who takes its place knows what it knew before. One that dies
/// in a turn for another reason has met a bug, which ends the run.
impl<B: HostedBehaviour> Drop for BehaviourActor<B> {
    fn drop(&mut self) {
        if self.in_turn {
            match self
                .before_last_turn
                .take()
                .and_then(|memory| self.behaviour.replacement_knowing(*memory))
            {
                Some(replacement) => note_death_in_turn(&self.shard, replacement),
                None => report_death(&self.shard, self.place),
            }
        } else if !self.over
            && let Some(replacement) = self.behaviour.replacement_knowing(self.behaviour.memory())
        {
            note_death(&self.shard, replacement);
        }
    }
}

impl<B: HostedBehaviour> BehaviourActor<B> {
    fn new(behaviour: B, place: Addressee, shard: SharedShard) -> Self {
        let (in_turn, before_last_turn, dies_in_next_turn) = (false, None, false);
        let (over, in_a_row) = (false, 0);
        Self {
            behaviour,
            place,
            shard,
            in_turn,
            before_last_turn,
            dies_in_next_turn,
            over,
            in_a_row,
        }
    }

    /// Its turn begins.
    fn begin_turn(&mut self) {
        self.in_turn = true;
        self.before_last_turn = self.dies_in_next_turn.then(|| Box::new(self.behaviour.memory()));
    }

    /// actix empties a mailbox before it looks at another: one that is flooded must not keep
    /// everybody else waiting.
    fn give_way(&mut self, context: &mut Context<Self>) {
        self.in_a_row += 1;
        if self.in_a_row == MESSAGES_IN_A_ROW {
            self.in_a_row = 0;
            context.wait(yield_now().into_actor(self));
        }
    }
}

/// What the actor must know of its behaviour.
trait HostedBehaviour: Behaviour + Unpin + 'static {
    /// Whether it ends with this message, now that it has handled it.
    fn is_over_after(&self, _: &Self::Message) -> bool {
        false
    }

    /// What it knows that outlives it.
    type Memory: Unpin;

    /// What it knows now.
    fn memory(&self) -> Self::Memory;

    /// Who takes its place if it dies, knowing this.
    fn replacement_knowing(&self, _: Self::Memory) -> Option<Replacement> {
        None
    }
}

/// How a shard starts the actors of agents and consumers.
pub(super) const STARTERS: ActorStarters =
    ActorStarters { agent: start_agent, consumer: start_consumer };

fn start_agent(agent: Agent, shard: SharedShard) -> Box<dyn AgentAddress> {
    let place = Addressee::Agent(agent.id());
    Box::new(BehaviourActor::new(agent, place, shard).start())
}

fn start_consumer(consumer: Consumer, shard: SharedShard) -> Box<dyn ConsumerAddress> {
    let place = Addressee::Consumer(consumer.key());
    Box::new(BehaviourActor::new(consumer, place, shard).start())
}

/// As a panic, but without a message on the terminal.
fn panic() -> ! {
    std::panic::resume_unwind(Box::new("a fault of the scenario"))
}

impl HostedBehaviour for Agent {
    type Memory = ();

    fn memory(&self) {}

    fn replacement_knowing(&self, _: ()) -> Option<Replacement> {
        Some(Replacement::Agent(self.replacement()))
    }
}

impl HostedBehaviour for Consumer {
    type Memory = Self;

    fn is_over_after(&self, message: &ConsumerMessage) -> bool {
        message.is_last()
    }

    fn memory(&self) -> Self {
        self.clone()
    }

    fn replacement_knowing(&self, memory: Self) -> Option<Replacement> {
        Some(Replacement::Consumer(memory))
    }
}

impl<B: HostedBehaviour> Actor for BehaviourActor<B> {
    type Context = Context<Self>;
}

impl<B: HostedBehaviour<Message: Copy + Send>> Handler<DeliverLetter<B::Message>>
    for BehaviourActor<B>
{
    type Result = ();

    fn handle(&mut self, letter: DeliverLetter<B::Message>, context: &mut Context<Self>) {
        let DeliverLetter { message, receipt } = letter;
        if self.over {
            return self.shard.borrow_mut().mark_handled(receipt);
        }
        self.begin_turn();
        let mut shard = self.shard.borrow_mut();
        let now = shard.begin_turn(self.place, Some(&receipt), TurnInput::Letter(self.place));
        self.behaviour.receive(now, message, &mut shard.outbox);
        self.over = self.behaviour.is_over_after(&message);
        if self.dies_in_next_turn {
            panic();
        }
        if self.over {
            // Nobody can write to it any more, so it ends when its mailbox is empty.
            shard.end_conversation(self.place);
        }
        shard.end_turn(self.place);
        shard.mark_handled(receipt);
        drop(shard);
        self.in_turn = false;
        self.give_way(context);
    }
}

impl<B: HostedBehaviour<Timer: Send>> Handler<DeliverTimer<B::Timer>> for BehaviourActor<B> {
    type Result = ();

    fn handle(&mut self, due: DeliverTimer<B::Timer>, context: &mut Context<Self>) {
        let DeliverTimer { timer, input, receipt } = due;
        if self.over {
            return self.shard.borrow_mut().mark_handled(receipt);
        }
        self.begin_turn();
        let mut shard = self.shard.borrow_mut();
        let now = shard.begin_turn(self.place, Some(&receipt), input);
        self.behaviour.due(now, timer, &mut shard.outbox);
        if self.dies_in_next_turn {
            panic();
        }
        shard.end_turn(self.place);
        shard.mark_handled(receipt);
        drop(shard);
        self.in_turn = false;
        self.give_way(context);
    }
}

impl Handler<PrepareTransfer> for BehaviourActor<Consumer> {
    type Result = ();

    fn handle(&mut self, prepare: PrepareTransfer, context: &mut Context<Self>) {
        let PrepareTransfer { receipt } = prepare;
        if self.over {
            return self.shard.borrow_mut().mark_handled(receipt);
        }
        self.over = true;
        self.shard.borrow_mut().note_prepared(receipt, self.behaviour.clone());
        self.give_way(context);
    }
}

impl<B: HostedBehaviour> Handler<KillActor> for BehaviourActor<B> {
    type Result = ();

    fn handle(&mut self, KillActor(death): KillActor, context: &mut Context<Self>) {
        match death {
            Death::Panic => panic(),
            Death::PanicInTurn => self.dies_in_next_turn = true,
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
    use crate::stress::clock::RunClock;
    use crate::stress::message_accounting::{Mailbox, MessageAccounting};
    use crate::stress::partition::RemoteSkills;
    use crate::stress::progress::{RunProgress, ShardContext};
    use crate::stress::recorder::Recorder;
    use crate::stress::run_window::RunWindow;
    use crate::stress::shard::Shard;
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

    impl HostedBehaviour for Bomb {
        type Memory = ();

        fn memory(&self) {}
    }

    #[test]
    fn an_actor_that_panics_does_not_go_unnoticed() {
        let text = "agents.chat = {}\nconsumers.web.arrivals = '60/h'".to_owned();
        let source = crate::scenario::Source { name: String::new(), text };
        let scenario = crate::scenario::parse(source, "").unwrap();
        let plan = &scenario.variants[0].plan;
        let centre = Arc::new(plan.centre.clone());
        let until = Time::from_secs(60);
        let ledger = Ledger::new(Arc::clone(&centre), &plan.measure, Time::ZERO, until, true);
        let crowd = Arc::new(ConsumerContext::new(centre, Streams::new(1, 0)));
        let (progress, received) = mpsc::channel();
        let accounting = Arc::new(MessageAccounting::default());
        let own = Arc::clone(&accounting);
        System::new().block_on(async move {
            let clock = RunClock::start(1.0);
            let context = ShardContext {
                number: 0,
                clock,
                accounting: Arc::clone(&own),
                progress,
                window: RunWindow::endless(),
                stop: Arc::default(),
                remote_skills: RemoteSkills::default(),
                exchange: Arc::default(),
            };
            let shard = Shard::new(context, Recorder::new(ledger, false), crowd, STARTERS);
            let bomb = BehaviourActor::new(Bomb, Addressee::Agent(AgentId(7)), shard).start();
            for _ in 0..2 {
                let receipt = own.receipt(Mailbox::Agents, clock.now());
                bomb.do_send(DeliverLetter { message: AgentMessage::Start, receipt });
            }
            yield_now().await;
            assert!(!bomb.connected(), "it is still there");
        });
        let died = received.try_iter().find_map(|news| match news {
            RunProgress::ActorDied(shard, place) => Some((shard, place)),
            _ => None,
        });
        assert_eq!(died, Some((0, Addressee::Agent(AgentId(7)))));
        let account = accounting.account(Mailbox::Agents);
        assert_eq!((account.sent, account.handled, account.dead), (2, 0, 2));
    }
}
