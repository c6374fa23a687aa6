//! The actors of a shard and the conversations that live there, and how to write to them.

use std::sync::Arc;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::slots::Slots;
use crate::base::time::{Span, Time};
use crate::ledger::journal::TurnInput;
use crate::model::consumer::Consumer;
use crate::model::message::{ConsumerMessage, ConsumerTimer, Letter, Timer};
use crate::scenario::stress::Death;

use super::actor_address::{AgentAddress, ConsumerAddress, RouterAddress};
use super::actor_messages::{
    DeliverLetter, DeliverTimer, EmptyMessage, KillActor, PrepareTransfer, StallRouter,
    TransferPrepared, WakeRouter,
};
use super::clock::Moment;
use super::message_accounting::{Mailbox, MessageAccounting};
use super::shard_transfer::{ArrivalTimes, CountedConversation, Departure};
use super::wheel::TimerHandle;

/// The actors of a shard.
pub(super) struct ShardActors {
    accounting: Arc<MessageAccounting>,
    /// `None` before the shard has opened.
    router: Option<Box<dyn RouterAddress>>,
    agents: Vec<Box<dyn AgentAddress>>,
    /// The live conversations.
    pub(super) live: Slots<HostedConversation>,
}

/// When a timer was due on the wall clock, and when somebody is told of it.
#[derive(Clone, Copy)]
pub(super) struct ReminderTimes {
    pub(super) due: Moment,
    pub(super) sent: Moment,
}

/// A live conversation as its host knows it.
pub(super) struct HostedConversation {
    pub(super) id: ConversationId,
    pub(super) consumer: Box<dyn ConsumerAddress>,
    /// Its timers on the wheel, and when they are due.
    pub(super) timers: Vec<(Time, TimerHandle)>,
    /// Timers that its consumer has been told of and has not handled yet.
    pub(super) told: Vec<(Time, ConsumerTimer)>,
    pub(super) arrival: ArrivalTimes,
    /// Whether the router has opened it.
    pub(super) admission: Admission,
    /// Whether it is to go over to another shard.
    pub(super) departure: Option<Box<Departure>>,
    pub(super) counted: CountedConversation,
}

/// Whether the router has opened a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// Not yet; it comes by the plan of arrivals.
    Planned,
    /// Not yet; whoever had one before comes again.
    Again,
    /// It has.
    Opened,
}

impl HostedConversation {
    /// A conversation that begins to live here.
    pub(super) fn new(
        id: ConversationId,
        consumer: Box<dyn ConsumerAddress>,
        arrival: ArrivalTimes,
        counted: CountedConversation,
    ) -> Self {
        let (timers, told, departure) = (Vec::new(), Vec::new(), None);
        let admission = Admission::Opened;
        Self { id, consumer, timers, told, arrival, admission, departure, counted }
    }
}

impl ShardActors {
    pub(super) fn new(accounting: Arc<MessageAccounting>) -> Self {
        Self { accounting, router: None, agents: Vec::new(), live: Slots::default() }
    }

    /// The router is there.
    pub(super) fn open(&mut self, router: Box<dyn RouterAddress>) {
        self.router = Some(router);
    }

    /// The agents are there.
    pub(super) fn set_agents(&mut self, agents: Vec<Box<dyn AgentAddress>>) {
        self.agents = agents;
    }

    /// Another actor has taken the place of one that died.
    pub(super) fn replace(&mut self, agent: AgentId, actor: Box<dyn AgentAddress>) {
        self.agents[agent.0 as usize] = actor;
    }

    /// Another actor has taken the place of a consumer's that died: it is told to begin, and again of
    /// the timers that the other had not handled, and to prepare for a transfer if that was still to be
    /// done.
    pub(super) fn replace_consumer(
        &mut self,
        conversation: ConversationKey,
        actor: Box<dyn ConsumerAddress>,
        sent: Moment,
        moment: impl Fn(Time) -> Moment,
    ) {
        let Some(live) = self.live.get_mut(conversation) else { return };
        live.consumer = actor;
        let told = std::mem::take(&mut live.told);
        self.post(Letter::Consumer(conversation, ConsumerMessage::Restart), sent);
        for (due, timer) in told {
            let times = ReminderTimes { due: moment(due), sent };
            self.remind(due, Timer::Consumer(conversation, timer), times);
        }
        self.request_preparation(conversation, sent);
    }

    /// A conversation is to go over to another shard: its consumer is told to prepare, once.
    pub(super) fn prepare_transfer(&mut self, of: ConversationKey, sent: Moment) {
        if let Some(live) = self.live.get_mut(of).filter(|live| live.departure.is_none()) {
            live.departure = Some(Box::new(Departure { since: sent, prepared: None }));
            self.request_preparation(of, sent);
        }
    }

    fn request_preparation(&self, of: ConversationKey, sent: Moment) {
        if let Some(live) = self.live.get(of).filter(|live| live.departure.is_some()) {
            let receipt = self.accounting.receipt(Mailbox::Consumers, sent);
            live.consumer.tell(PrepareTransfer { receipt });
        }
    }

    /// A consumer is prepared. Its shard keeps it, and the router is told, who hears before that all
    /// that the consumer has said.
    pub(super) fn keep_prepared(&mut self, consumer: Consumer, sent: Moment) {
        let conversation = consumer.key();
        let departure = self.live.get_mut(conversation).and_then(|live| live.departure.as_mut());
        if let (Some(departure), Some(router)) = (departure, &self.router) {
            departure.prepared = Some(consumer);
            let receipt = self.accounting.receipt(Mailbox::Router, sent);
            router.tell(TransferPrepared { conversation, receipt });
        }
    }

    /// A conversation is not to go over to another shard any more. Its consumer is to be hosted again,
    /// if it is prepared.
    pub(super) fn cancel_transfer(&mut self, of: ConversationKey) -> Option<Consumer> {
        self.live.get_mut(of)?.departure.take()?.prepared
    }

    /// All who are prepared and of whom the router has not heard.
    pub(super) fn take_prepared(&mut self) -> impl Iterator<Item = Consumer> {
        self.live.iter_mut().filter_map(|live| live.departure.as_mut()?.prepared.take())
    }

    /// The actors of some consumers are to die.
    pub(super) fn kill_consumers(&self, death: Death, is_struck: impl Fn(ConversationId) -> bool) {
        for live in self.live.iter().filter(|live| is_struck(live.id)) {
            live.consumer.tell(KillActor(death));
        }
    }

    /// The actor of an agent is to die.
    pub(super) fn kill(&self, agent: AgentId, death: Death) {
        self.agents[agent.0 as usize].tell(KillActor(death));
    }

    /// The router is to stand still.
    pub(super) fn stall(&self, length: Span) {
        if let Some(router) = &self.router {
            router.tell(StallRouter(length));
        }
    }

    /// The router is sent a message that says nothing.
    pub(super) fn fill(&self, sent: Moment) {
        if let Some(router) = &self.router {
            let receipt = self.accounting.receipt(Mailbox::Router, sent);
            router.tell(EmptyMessage { receipt });
        }
    }

    /// Posts a letter.
    pub(super) fn post(&self, letter: Letter, sent: Moment) {
        match letter {
            Letter::Router(message) => {
                if let Some(router) = &self.router {
                    let receipt = self.accounting.receipt(Mailbox::Router, sent);
                    router.tell(DeliverLetter { message, receipt });
                }
            }
            Letter::Agent(agent, message) => {
                let receipt = self.accounting.receipt(Mailbox::Agents, sent);
                self.agents[agent.0 as usize].tell(DeliverLetter { message, receipt });
            }
            Letter::Consumer(conversation, message) => {
                // A consumer whose conversation is over is nobody to write to.
                if let Some(live) = self.live.get(conversation) {
                    let receipt = self.accounting.receipt(Mailbox::Consumers, sent);
                    live.consumer.tell(DeliverLetter { message, receipt });
                }
            }
        }
    }

    /// Tells an agent or a consumer that a timer of theirs has come due.
    pub(super) fn remind(&mut self, due: Time, timer: Timer, times: ReminderTimes) {
        let ReminderTimes { due: moment, sent } = times;
        let input = TurnInput::Timer { due, timer };
        match timer {
            Timer::Agent(agent, timer) => {
                let receipt = self.accounting.receipt(Mailbox::Agents, sent).of(moment);
                self.agents[agent.0 as usize].tell(DeliverTimer { timer, input, receipt });
            }
            Timer::Consumer(conversation, timer) => {
                self.note_told(conversation, due, timer);
                if let Some(live) = self.live.get(conversation) {
                    let receipt = self.accounting.receipt(Mailbox::Consumers, sent).of(moment);
                    live.consumer.tell(DeliverTimer { timer, input, receipt });
                }
            }
            Timer::Router(_) | Timer::Visit(..) => {}
        }
    }

    /// A consumer has still to handle a timer that it has been told of.
    pub(super) fn note_told(&mut self, of: ConversationKey, due: Time, timer: ConsumerTimer) {
        if let Some(live) = self.live.get_mut(of) {
            live.told.push((due, timer));
        }
    }

    /// A consumer handles a timer that it has been told of.
    pub(super) fn remove_told(&mut self, of: ConversationKey, due: Time, timer: ConsumerTimer) {
        let Some(live) = self.live.get_mut(of) else { return };
        if let Some(position) = live.told.iter().position(|&told| told == (due, timer)) {
            live.told.remove(position);
        }
    }

    /// Sees to it that the router has a turn.
    pub(super) fn wake_router(&self) {
        if let Some(router) = &self.router {
            router.tell(WakeRouter);
        }
    }

    /// A timer of a live conversation is on the wheel.
    pub(super) fn note_timer(&mut self, of: ConversationKey, due: Time, handle: TimerHandle) {
        if let Some(live) = self.live.get_mut(of) {
            live.timers.push((due, handle));
        }
    }

    /// A timer of a conversation has come due.
    pub(super) fn remove_timer(&mut self, of: ConversationKey, due: Time) {
        let Some(live) = self.live.get_mut(of) else { return };
        if let Some(position) = live.timers.iter().position(|&(at, _)| at == due) {
            live.timers.swap_remove(position);
        }
    }
}
