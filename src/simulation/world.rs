//! One replication: the actors, their agenda and the ledger.

use std::sync::Arc;

use actix::Handler;

use crate::base::agenda::Agenda;
use crate::base::arrivals::Arrivals;
use crate::base::ids::{ConversationId, KindId};
use crate::base::slots::Slots;
use crate::base::stream::Streams;
use crate::base::time::Time;
use crate::ledger::fold::Ledger;
use crate::ledger::invariants::{Snapshot, Violation};
use crate::ledger::outcome::Outcome;
use crate::ledger::recent_events::RecentEvents;
use crate::model::agent::{Agent, AgentContext};
use crate::model::behaviour::Reminder;
use crate::model::consumer::{Consumer, ConsumerContext};
use crate::model::message::{AgentMessage, ClientHistory, ConsumerMessage, Letter, Timer, Visit};
use crate::model::router::Router;
use crate::scenario::plan::{Plan, RunEnd};

use super::failure::{Failure, FailureKind};
use super::host::{Deliver, Due, Host, VirtualContext};

/// One replication.
pub struct World {
    plan: Arc<Plan>,
    replication: u64,
    agenda: Agenda<Timer>,
    context: VirtualContext,
    router: Host<Router>,
    agents: Vec<Host<Agent>>,
    consumer_context: Arc<ConsumerContext>,
    /// The consumers of live conversations.
    consumers: Slots<Host<Consumer>>,
    arrivals: Vec<OpenArrivals>,
    ledger: Option<Ledger>,
    recent_events: RecentEvents,
    /// Events of the agenda and letters handled so far.
    handled: u64,
}

/// A replication that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// The measures; `None` of a bare model.
    pub outcome: Option<Box<Outcome>>,
    /// Conversations still open at the end.
    pub open: usize,
    /// Agenda events and messages handled.
    pub handled: u64,
    /// When it ended.
    pub ended: Time,
}

/// The arrivals of one kind still to come.
#[derive(Debug)]
struct OpenArrivals {
    times: Arrivals,
    /// Number of the consumer who is on the agenda.
    number: u64,
}

impl World {
    /// A replication at its start. `ledger` is `None` for a bare model.
    pub fn new(plan: Arc<Plan>, replication: u64, ledger: Option<Ledger>) -> Self {
        let streams = Streams::new(plan.run.seed, replication);
        let centre = Arc::new(plan.centre.clone());
        let kinds = (0..).map(KindId).zip(&plan.centre.kinds);
        let arrivals = kinds.map(|(kind, settings)| OpenArrivals {
            times: Arrivals::new(&settings.arrivals, &streams, kind, plan.run.until),
            number: 0,
        });
        let first = centre.backlog().first().map_or(Time::ZERO, |&(opened, _)| opened);
        let mut world = Self {
            arrivals: arrivals.collect(),
            replication,
            agenda: Agenda::beginning_at(first),
            context: VirtualContext::new(ledger.is_some()),
            router: Host(Router::new(Arc::clone(&centre), streams)),
            agents: AgentContext::new(Arc::clone(&centre), streams)
                .agents()
                .into_iter()
                .map(Host)
                .collect(),
            consumer_context: Arc::new(ConsumerContext::new(centre, streams)),
            consumers: Slots::default(),
            ledger,
            recent_events: RecentEvents::default(),
            handled: 0,
            plan,
        };
        world.start();
        world
    }

    fn start(&mut self) {
        self.carry_over();
        for agent in &mut self.agents {
            agent.handle(Deliver(AgentMessage::Start), &mut self.context);
        }
        self.settle();
        for kind in 0..self.arrivals.len() {
            self.plan_arrival(KindId(kind as u8));
        }
    }

    /// What is open when the run begins comes about at its instants, before anybody is there.
    fn carry_over(&mut self) {
        for (opened, id) in self.plan.centre.backlog() {
            let timer = Timer::Visit(Visit::new(id, ClientHistory::default()));
            self.agenda.push(opened, timer.class() as u8, timer);
        }
        while self.agenda.next_time().is_some_and(|next| next < Time::ZERO) {
            self.step();
        }
        self.context.now = Time::ZERO;
    }

    /// Works through at most `events` entries of the agenda. `Some` when the replication has ended.
    ///
    /// # Errors
    ///
    /// A broken invariant.
    pub fn advance(&mut self, events: usize) -> Result<Option<Finished>, Box<Failure>> {
        for _ in 0..events {
            match self.agenda.next_time() {
                Some(next) if !self.is_over(next) => self.step(),
                next => return self.finish(next).map(Some),
            }
            if let Some(violation) = self.ledger.as_ref().and_then(Ledger::violation) {
                return Err(self.failure(FailureKind::Invariant(violation.clone())));
            }
        }
        Ok(None)
    }

    /// A failure of this replication with its last events.
    pub fn failure(&self, kind: FailureKind) -> Box<Failure> {
        Box::new(Failure {
            seed: self.plan.run.seed,
            replication: self.replication,
            kind,
            last_events: self.recent_events.to_vec(),
        })
    }

    /// How much of the time until arrivals stop has passed, 0 to 1.
    pub fn progress(&self) -> f64 {
        (self.agenda.now().as_secs_f64() / self.plan.run.until.as_secs_f64()).clamp(0.0, 1.0)
    }

    /// Whether the run ends before an event at `next`.
    fn is_over(&self, next: Time) -> bool {
        let run = &self.plan.run;
        // Whoever means to write again is waited for (A14).
        next >= run.until
            && (run.end == RunEnd::Cut || self.consumers.is_empty() || next > run.ends_at_most())
    }

    fn finish(&mut self, next: Option<Time>) -> Result<Finished, Box<Failure>> {
        let until = self.plan.run.until;
        let limit = self.plan.run.ends_at_most();
        let open = self.router.0.open();
        let ended = match next {
            Some(next) if open > 0 => limit.min(next),
            _ => self.agenda.now().max(until).min(limit),
        };
        let outcome = match self.ledger.take() {
            Some(mut ledger) => {
                let live = self.router.0.live().map(|found| Snapshot {
                    conversation: found.key,
                    id: found.id,
                    owner: found.owner,
                    status: found.status,
                });
                ledger
                    .verify(ended, live)
                    .map_err(|violation| self.failure(FailureKind::Invariant(violation)))?;
                let unheard = self.unheard(ended).filter(|_| ledger.is_checked());
                if let Some(violation) = unheard {
                    return Err(self.failure(FailureKind::Invariant(violation)));
                }
                ledger.leave_to_write(self.router.0.closed());
                if self.plan.run.end != RunEnd::Cut && self.consumers.is_empty() {
                    ledger.leave_nothing();
                }
                let outcome = ledger.finish(ended);
                outcome
                    .verify_balance(ended)
                    .map_err(|violation| self.failure(FailureKind::Invariant(violation)))?;
                Some(Box::new(outcome))
            }
            None => None,
        };
        Ok(Finished { outcome, open, handled: self.handled, ended })
    }

    /// Rule 2: nothing said is lost (A14). Whoever has not done has been heard as often as it spoke.
    fn unheard(&self, now: Time) -> Option<Violation> {
        self.consumers.iter().find_map(|Host(consumer)| {
            let (said, heard) = (consumer.said_times(), self.router.0.heard(consumer.key()));
            let detail = format!("its consumer spoke {said} times, heard were {heard:?}");
            let conversation = Some(consumer.id());
            (heard != Some(said)).then_some(Violation { rule: 2, at: now, conversation, detail })
        })
    }

    fn step(&mut self) {
        let Some((now, timer)) = self.agenda.pop() else { return };
        self.context.now = now;
        self.handled += 1;
        match timer {
            Timer::Router(timer) => self.router.handle(Due(timer), &mut self.context),
            Timer::Agent(agent, timer) => {
                self.agents[agent.0 as usize].handle(Due(timer), &mut self.context);
            }
            Timer::Consumer(key, timer) => {
                if let Some(consumer) = self.consumers.get_mut(key) {
                    consumer.handle(Due(timer), &mut self.context);
                }
            }
            Timer::Visit(visit) => self.visit(visit.id(), visit.history),
        }
        self.settle();
    }

    /// Messages without delay run to completion, first in, first out, before the next event.
    fn settle(&mut self) {
        self.carry_out();
        while let Some(letter) = self.context.outbox.letters.pop_front() {
            self.handled += 1;
            self.deliver(letter);
            self.carry_out();
        }
    }

    fn deliver(&mut self, letter: Letter) {
        match letter {
            Letter::Router(message) => self.router.handle(Deliver(message), &mut self.context),
            Letter::Agent(agent, message) => {
                self.agents[agent.0 as usize].handle(Deliver(message), &mut self.context);
            }
            Letter::Consumer(key, message) => {
                if let Some(consumer) = self.consumers.get_mut(key) {
                    consumer.handle(Deliver(message), &mut self.context);
                    if message.is_last() {
                        self.consumers.remove(key);
                    }
                }
            }
        }
    }

    /// Tells the ledger what happened and puts timers on the agenda.
    fn carry_out(&mut self) {
        let VirtualContext { now, outbox } = &mut self.context;
        if let Some(ledger) = &mut self.ledger {
            for event in &outbox.events {
                ledger.fold(*now, event);
                self.recent_events.note(*now, event);
            }
        }
        outbox.events.clear();
        let until = self.plan.run.until;
        for &Reminder { due, tie, timer } in &outbox.timers {
            let class = timer.class() as u8;
            // Nothing but messages of consumers comes about before the run begins.
            let is_of_consumer = matches!(timer, Timer::Consumer(..));
            let due = if is_of_consumer { due } else { due.max(Time::ZERO) };
            match (tie, timer) {
                (_, Timer::Visit(..)) if due >= until => {}
                (Some(id), _) => self.agenda.push_ranked(due, class, id.bits(), timer),
                (None, _) => self.agenda.push(due, class, timer),
            }
        }
        outbox.timers.clear();
    }

    /// A consumer visits: its actor starts, and if it came by the arrival process, the next one is
    /// put on the agenda.
    fn visit(&mut self, id: ConversationId, history: ClientHistory) {
        let context = Arc::clone(&self.consumer_context);
        let key = self.consumers.insert(|key| Host(Consumer::new(context, key, id, history)));
        if let Some(consumer) = self.consumers.get_mut(key) {
            consumer.handle(Deliver(ConsumerMessage::Start), &mut self.context);
        }
        let kind = id.kind();
        let arrivals = &self.arrivals[usize::from(kind.0)];
        if id.is_first() && id.number() == arrivals.number {
            self.plan_arrival(kind);
        }
    }

    fn plan_arrival(&mut self, kind: KindId) {
        let arrivals = &mut self.arrivals[usize::from(kind.0)];
        if let Some(at) = arrivals.times.next() {
            arrivals.number += 1;
            let id = ConversationId::new(kind, arrivals.number, 0);
            let timer = Timer::Visit(Visit::new(id, ClientHistory::default()));
            self.agenda.push(at, timer.class() as u8, timer);
        }
    }
}
