//! Where a shard is: an arbiter, and on it everything from the router to the last agent.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use actix::{Actor, Addr, Arbiter};
use actix_rt::time::sleep;

use crate::base::ids::AgentId;
use crate::base::stream::Streams;
use crate::base::time::Time;
use crate::ledger::Ledger;
use crate::ledger::journal::Addressee;
use crate::model::agent::{Agent, AgentContext};
use crate::model::consumer::ConsumerContext;
use crate::model::message::{AgentMessage, Letter};
use crate::model::router::Router;
use crate::model::settings::Centre;

use super::books::Books;
use super::desk::Desk;
use super::fault::Saboteur;
use super::host::Host;
use super::recorder::Recorder;
use super::run::Job;
use super::shard::remains::Remains;
use super::shard::{Frame, Shard, Shared};

/// The place of one shard.
pub(super) struct Site {
    arbiter: Arbiter,
    pub(super) books: Arc<Books>,
    /// The shard's part of the centre.
    pub(super) centre: Arc<Centre>,
    hands: Hands,
    begin: Sender<Frame>,
    /// Tells first that all is prepared, then whom to write to.
    answers: Receiver<Option<Doors>>,
}

/// Whom to write to in a shard that is open.
pub(super) struct Doors {
    pub(super) router: Addr<Desk>,
    pub(super) saboteur: Addr<Saboteur>,
}

/// A shard before the clock starts.
struct Prepared {
    router: Router,
    agents: Vec<Agent>,
    crowd: Arc<ConsumerContext>,
    recorder: Recorder,
    hands: Hands,
}

/// What the desk and the saboteur of a shard need besides.
#[derive(Clone, Copy)]
struct Hands {
    streams: Streams,
    /// Messages that may wait for the router.
    mailbox: u64,
}

impl Site {
    /// Begins to prepare a shard with its part of the centre. `until` = when arrivals end, in the
    /// time of the scenario.
    pub(super) fn new(job: &Job, number: u32, centre: Centre, until: Time) -> Self {
        let (begin, frames) = mpsc::channel();
        let (answer, answers) = mpsc::channel();
        // Shards draw from streams of their own, as replications do.
        let streams = Streams::new(job.plan.run.seed, number.into());
        let centre = Arc::new(centre);
        let (plan, journal) = (Arc::clone(&job.plan), job.journal);
        let hands = Hands { streams, mailbox: job.settings.mailbox };
        let own = Arc::clone(&centre);
        let prepare = move || {
            let warm_up = Time::ZERO + plan.run.warm_up;
            let ledger = Ledger::new(Arc::clone(&own), &plan.measure, warm_up, until, true);
            Prepared {
                router: Router::new(Arc::clone(&own), streams),
                agents: AgentContext::new(Arc::clone(&own), streams).agents(),
                crowd: Arc::new(ConsumerContext::new(own, streams)),
                recorder: Recorder::new(ledger, journal),
                hands,
            }
        };
        let arbiter = Arbiter::new();
        arbiter.spawn_fn(move || {
            let prepared = prepare();
            // Whoever prepares this may have given up meanwhile; then nothing begins.
            let _ = answer.send(None);
            if let Ok(frame) = frames.recv() {
                let _ = answer.send(Some(prepared.open(frame)));
            }
        });
        Self { arbiter, books: Arc::default(), centre, hands, begin, answers }
    }

    /// The streams of the shard.
    pub(super) fn streams(&self) -> Streams {
        self.hands.streams
    }

    /// Waits until all is prepared.
    pub(super) fn is_prepared(&self) -> bool {
        self.answers.recv().is_ok()
    }

    /// Starts the actors. The clock is running. `None` if that did not work out.
    pub(super) fn open(&self, frame: Frame) -> Option<Doors> {
        self.begin.send(frame).ok()?;
        self.answers.recv().ok()?
    }

    /// A shard whose thread has stopped goes on on another. `None` if that did not work out.
    pub(super) fn reopen(&mut self, remains: Remains) -> Option<Doors> {
        let (answer, answers) = mpsc::channel();
        let hands = self.hands;
        let stopped = std::mem::replace(&mut self.arbiter, Arbiter::new());
        self.arbiter.spawn_fn(move || {
            let (shard, router) = Shard::revived(remains);
            let doors = hands.open(&shard, *router);
            shard.borrow_mut().reopens();
            let _ = answer.send(doors);
        });
        let ended = stopped.join();
        debug_assert!(ended.is_ok(), "an arbiter thread panicked");
        answers.recv().ok()
    }

    /// Ends the thread of the shard and with it all actors; messages that waited are dropped.
    pub(super) fn close(self) -> Arc<Books> {
        self.arbiter.stop();
        let ended = self.arbiter.join();
        debug_assert!(ended.is_ok(), "an arbiter thread panicked");
        self.books
    }
}

impl Prepared {
    fn open(self, frame: Frame) -> Doors {
        let shard = Shard::new(frame, self.recorder, self.crowd);
        let agents = (0..).map(AgentId).zip(self.agents).map(|(agent, behaviour)| {
            Host::new(behaviour, Addressee::Agent(agent), Shared::clone(&shard)).start()
        });
        let agents = Vec::from_iter(agents);
        let employed = agents.len() as u32;
        shard.borrow_mut().people.employ(agents);
        let doors = self.hands.open(&shard, self.router);
        for agent in (0..employed).map(AgentId) {
            shard.borrow().tell(Letter::Agent(agent, AgentMessage::Start));
        }
        doors
    }
}

impl Hands {
    /// Starts the router and whoever carries out faults, and sees to it that the clock is looked at.
    fn open(self, shard: &Shared, router: Router) -> Doors {
        let Self { streams, mailbox } = self;
        let router = Desk::create(|context| {
            context.set_mailbox_capacity(mailbox as usize);
            Desk::new(router, Shared::clone(shard))
        });
        shard.borrow_mut().opens(router.clone());
        let saboteur = Saboteur { shard: Shared::clone(shard), streams, mailbox }.start();
        let shard = Shared::clone(shard);
        actix_rt::spawn(async move {
            loop {
                sleep(GRAIN).await;
                let mut shard = shard.borrow_mut();
                shard.look();
                shard.replace_dead();
            }
        });
        Doors { router, saboteur }
    }
}

/// The timers are looked at this often even if nothing happens, which is as often as a timer of the
/// runtime can be had.
pub const GRAIN: Duration = Duration::from_millis(1);
