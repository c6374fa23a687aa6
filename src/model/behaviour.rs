//! What a behaviour is, and how what it does leaves it.

use std::collections::VecDeque;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;

use super::event::Event;
use super::message::{AgentMessage, ConsumerMessage, Letter, RouterMessage, Timer};

/// A pure state machine that a host runs as an actor. It has no clock, no mailbox and no global
/// random source: time comes in, everything it does leaves through the outbox.
pub trait Behaviour {
    /// What others say to it.
    type Message;
    /// What it has reminded itself of.
    type Timer;

    /// Handles one message.
    fn receive(&mut self, now: Time, message: Self::Message, outbox: &mut Outbox);

    /// Handles a timer that has come due.
    fn due(&mut self, now: Time, timer: Self::Timer, outbox: &mut Outbox);
}

/// Everything a behaviour does.
#[derive(Debug)]
pub struct Outbox {
    /// Letters to deliver in this instant, first in, first out.
    pub letters: VecDeque<Letter>,
    /// Timers to set.
    pub timers: Vec<Reminder>,
    /// Facts for the ledger, in order.
    pub events: Vec<Event>,
    /// Whether there is a ledger; if not, no fact is kept.
    pub has_ledger: bool,
}

/// A timer to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// When.
    pub due: Time,
    /// What breaks ties with its like, if not the order in which they were set (D20).
    pub tie: Option<ConversationId>,
    /// What.
    pub timer: Timer,
}

impl Default for Outbox {
    fn default() -> Self {
        let (timers, events) = (Vec::new(), Vec::new());
        Self { letters: VecDeque::new(), timers, events, has_ledger: true }
    }
}

impl Outbox {
    /// Sends a message to the router.
    pub fn router(&mut self, message: RouterMessage) {
        self.letters.push_back(Letter::Router(message));
    }

    /// Sends a message to an agent.
    pub fn agent(&mut self, agent: AgentId, message: AgentMessage) {
        self.letters.push_back(Letter::Agent(agent, message));
    }

    /// Sends a message to a consumer.
    pub fn consumer(&mut self, conversation: ConversationKey, message: ConsumerMessage) {
        self.letters.push_back(Letter::Consumer(conversation, message));
    }

    /// Sets a timer.
    pub fn at(&mut self, due: Time, timer: Timer) {
        self.timers.push(Reminder { due, tie: None, timer });
    }

    /// Sets a timer that ties with its like by conversation (D20).
    pub fn at_by_name(&mut self, due: Time, id: ConversationId, timer: Timer) {
        self.timers.push(Reminder { due, tie: Some(id), timer });
    }

    /// Records a fact.
    pub fn record(&mut self, event: Event) {
        if self.has_ledger {
            self.events.push(event);
        }
    }
}
