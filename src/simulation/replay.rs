//! The twin of a wall-clock run: the same behaviours under the hosts of the simulation, given their
//! turns in the order and at the instants of a journal.
//!
//! The journal says whose turn it was, never what was said. Letters come from the behaviours' own
//! outboxes, first in, first out for each of them; a timer must have been set by them. If what was
//! stressed is what is simulated, every recorded fact is the same.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use actix::Handler;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::slots::Slots;
use crate::base::stream::ShardStreams;
use crate::base::time::Time;
use crate::ledger::journal::{Addressee, Journal, JournalEntry, TurnInput, conversation_of};
use crate::model::agent::{Agent, AgentContext};
use crate::model::behaviour::Behaviour;
use crate::model::consumer::{Consumer, ConsumerContext};
use crate::model::event::Event;
use crate::model::message::{AgentMessage, ClientHistory, ConsumerMessage, Letter, Timer};
use crate::model::router::Router;
use crate::model::router::TransferredConversation;
use crate::model::settings::Centre;

use super::host::{Deliver, Due, Host, VirtualContext};

/// Replays what a shard handled.
///
/// # Errors
///
/// The first place at which the two differ.
pub fn replay(centre: Centre, streams: ShardStreams, journal: &Journal) -> Result<(), Divergence> {
    let mut twin = Twin::new(Arc::new(centre), streams);
    let mut recorded = journal.events.iter();
    for (position, &entry) in journal.entries.iter().enumerate() {
        let differs = |what| Divergence { position, entry: Some(entry), what };
        twin.turn(entry, journal).map_err(differs)?;
        for event in twin.context.outbox.events.drain(..) {
            let found = (entry.at, event);
            match recorded.next() {
                Some(expected) if *expected == found => {}
                expected => {
                    let expected = expected.copied().map(Box::new);
                    return Err(differs(ReplayDifference::Event {
                        expected,
                        found: Box::new(found),
                    }));
                }
            }
        }
        twin.carry_out();
    }
    let at_end = |what| Divergence { position: journal.entries.len(), entry: None, what };
    if let Some(expected) = recorded.next() {
        return Err(at_end(ReplayDifference::Missing(Box::new(*expected))));
    }
    match twin.lost_timer(journal.handled_until) {
        Some((due, timer)) => Err(at_end(ReplayDifference::Lost { due, timer })),
        None => Ok(()),
    }
}

/// Where a replay differs from its journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Divergence {
    /// Position in the journal.
    pub position: usize,
    /// The entry there; `None` at the end.
    pub entry: Option<JournalEntry>,
    /// What differs.
    pub what: ReplayDifference,
}

/// What differs.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplayDifference {
    /// Nobody is there, nothing was said to whoever is, or nothing can go or come.
    NoLetter,
    /// Nobody set this timer.
    NoTimer,
    /// Another fact, or one too many.
    Event {
        /// What was recorded next, if anything.
        expected: Option<Box<(Time, Event)>>,
        /// What the replay came to.
        found: Box<(Time, Event)>,
    },
    /// A fact was recorded that the replay did not come to.
    Missing(Box<(Time, Event)>),
    /// A timer of the router was due, but never came.
    Lost {
        /// When it was due.
        due: Time,
        /// What.
        timer: Timer,
    },
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, entry, what } = self;
        match entry {
            Some(JournalEntry { at, input }) => {
                write!(f, "entry {position} at {at}, {input:?}: {what:?}")
            }
            None => write!(f, "after {position} entries: {what:?}"),
        }
    }
}

impl std::error::Error for Divergence {}

/// An actor and what has been said to it.
struct Inbox<B: Behaviour> {
    host: Host<B>,
    letters: VecDeque<B::Message>,
}

struct Twin {
    context: VirtualContext,
    router: Inbox<Router>,
    agents: Vec<Inbox<Agent>>,
    consumers: Slots<Inbox<Consumer>>,
    consumer_context: Arc<ConsumerContext>,
    /// Timers that have been set and have not come due.
    timers: BTreeMap<Time, Vec<Timer>>,
}

impl Twin {
    fn new(centre: Arc<Centre>, streams: ShardStreams) -> Self {
        let ShardStreams { own, consumers } = streams;
        let mut agents = AgentContext::new(Arc::clone(&centre), own).agents().into_iter();
        Self {
            context: VirtualContext::new(true),
            router: Inbox::new(Router::new(Arc::clone(&centre), own)),
            agents: agents.by_ref().map(|agent| Inbox::told(agent, AgentMessage::Start)).collect(),
            consumers: Slots::default(),
            consumer_context: Arc::new(ConsumerContext::new(centre, consumers)),
            timers: BTreeMap::new(),
        }
    }

    fn turn(
        &mut self,
        JournalEntry { at, input }: JournalEntry,
        journal: &Journal,
    ) -> Result<(), ReplayDifference> {
        self.context.now = at;
        match input {
            TurnInput::Letter(place) => self.deliver(place).ok_or(ReplayDifference::NoLetter),
            TurnInput::Visit(id) => {
                self.visit(id, ClientHistory::default());
                Ok(())
            }
            TurnInput::LogOut(agent) => self.tell(agent, AgentMessage::LogOut),
            TurnInput::LogIn(agent) => self.tell(agent, AgentMessage::LogIn),
            TurnInput::Refresh(agent) => self.tell(agent, AgentMessage::Refresh),
            TurnInput::MailboxLost => {
                self.router.letters.clear();
                Ok(())
            }
            TurnInput::Replaced(place) => self.replace(place).ok_or(ReplayDifference::NoLetter),
            TurnInput::Departs(conversation) => {
                self.departs(conversation).ok_or(ReplayDifference::NoLetter)
            }
            TurnInput::Arrives(number) => {
                let transfer = journal.arrivals.get(number).ok_or(ReplayDifference::NoLetter)?;
                self.arrives(transfer.clone());
                Ok(())
            }
            TurnInput::Timer { due, timer } => self
                .take(due, timer)
                .and_then(|()| self.due(timer))
                .ok_or(ReplayDifference::NoTimer),
        }
    }

    fn tell(&mut self, agent: AgentId, message: AgentMessage) -> Result<(), ReplayDifference> {
        self.agents[agent.0 as usize].letters.push_back(message);
        Ok(())
    }

    /// An actor dies with its letters, and another takes its place. Timers die with an agent's; a
    /// consumer's are kept by the shard.
    fn replace(&mut self, place: Addressee) -> Option<()> {
        match place {
            Addressee::Router => return None,
            Addressee::Agent(agent) => {
                let inbox = &mut self.agents[agent.0 as usize];
                *inbox = Inbox::told(inbox.host.0.replacement(), AgentMessage::Restart);
                for together in self.timers.values_mut() {
                    together.retain(|timer| !matches!(*timer, Timer::Agent(of, _) if of == agent));
                }
            }
            Addressee::Consumer(conversation) => {
                let inbox = self.consumers.get_mut(conversation)?;
                inbox.letters = VecDeque::from([ConsumerMessage::Restart]);
            }
        }
        Some(())
    }

    /// A conversation goes over to another shard: nothing of it stays here.
    fn departs(&mut self, conversation: ConversationKey) -> Option<()> {
        self.router.host.0.release(conversation)?;
        self.consumers.remove(conversation)?;
        for together in self.timers.values_mut() {
            together.retain(|timer| conversation_of(timer) != Some(conversation));
        }
        Some(())
    }

    fn arrives(&mut self, transfer: TransferredConversation) {
        let consumer = transfer.consumer.clone();
        let key = self.consumers.insert(|key| Inbox::new(consumer.kept_at(key)));
        let VirtualContext { now, outbox } = &mut self.context;
        transfer.settle_in(*now, key, &mut self.router.host.0, outbox);
    }

    fn deliver(&mut self, place: Addressee) -> Option<()> {
        let context = &mut self.context;
        match place {
            Addressee::Router => self.router.open(context).map(drop),
            Addressee::Agent(agent) => self.agents[agent.0 as usize].open(context).map(drop),
            Addressee::Consumer(conversation) => {
                let inbox = self.consumers.get_mut(conversation)?;
                let message = inbox.open(context)?;
                if message.is_last() {
                    self.consumers.remove(conversation);
                }
                Some(())
            }
        }
    }

    /// Takes a timer that was set.
    fn take(&mut self, due: Time, timer: Timer) -> Option<()> {
        let together = self.timers.get_mut(&due)?;
        let position = together.iter().position(|set| *set == timer)?;
        together.swap_remove(position);
        if together.is_empty() {
            self.timers.remove(&due);
        }
        Some(())
    }

    fn due(&mut self, timer: Timer) -> Option<()> {
        let context = &mut self.context;
        match timer {
            Timer::Router(timer) => self.router.host.handle(Due(timer), context),
            Timer::Agent(agent, timer) => {
                self.agents[agent.0 as usize].host.handle(Due(timer), context);
            }
            Timer::Consumer(conversation, timer) => {
                self.consumers.get_mut(conversation)?.host.handle(Due(timer), context);
            }
            Timer::Visit(visit) => self.visit(visit.id(), visit.history),
        }
        Some(())
    }

    fn visit(&mut self, id: ConversationId, history: ClientHistory) {
        let consumer_context = Arc::clone(&self.consumer_context);
        self.consumers.insert(|key| {
            Inbox::told(Consumer::new(consumer_context, key, id, history), ConsumerMessage::Start)
        });
    }

    fn carry_out(&mut self) {
        let outbox = &mut self.context.outbox;
        for reminder in outbox.timers.drain(..) {
            self.timers.entry(reminder.due).or_default().push(reminder.timer);
        }
        for letter in outbox.letters.drain(..) {
            match letter {
                Letter::Router(message) => self.router.letters.push_back(message),
                Letter::Agent(agent, message) => {
                    self.agents[agent.0 as usize].letters.push_back(message);
                }
                Letter::Consumer(conversation, message) => {
                    // A consumer whose conversation is over is nobody to write to.
                    if let Some(inbox) = self.consumers.get_mut(conversation) {
                        inbox.letters.push_back(message);
                    }
                }
            }
        }
    }

    /// A timer of the router that should have come by then.
    fn lost_timer(&self, handled_until: Time) -> Option<(Time, Timer)> {
        let due = self.timers.range(..handled_until);
        let mut due = due.flat_map(|(&due, timers)| timers.iter().map(move |&timer| (due, timer)));
        due.find(|(_, timer)| {
            let lives = |conversation| self.consumers.get(conversation).is_some();
            matches!(timer, Timer::Router(_)) && conversation_of(timer).is_none_or(lives)
        })
    }
}

impl<B: Behaviour + Unpin + 'static> Inbox<B>
where
    B::Message: Copy,
{
    fn new(behaviour: B) -> Self {
        Self { host: Host(behaviour), letters: VecDeque::new() }
    }

    fn told(behaviour: B, message: B::Message) -> Self {
        Self { host: Host(behaviour), letters: VecDeque::from([message]) }
    }

    /// Hands over the next letter and returns what it says; `None` if there is none.
    fn open(&mut self, context: &mut VirtualContext) -> Option<B::Message> {
        let message = self.letters.pop_front()?;
        self.host.handle(Deliver(message), context);
        Some(message)
    }
}
