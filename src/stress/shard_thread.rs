//! The thread of a shard: an arbiter, and on it everything from the router to the last agent.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use actix::{Actor, Addr, Arbiter};
use actix_rt::time::sleep;

use crate::base::ids::AgentId;
use crate::base::stream::{ShardStreams, Streams};
use crate::base::time::Time;
use crate::ledger::Ledger;
use crate::model::agent::{Agent, AgentContext};
use crate::model::consumer::ConsumerContext;
use crate::model::message::{AgentMessage, Letter};
use crate::model::router::Router;
use crate::model::settings::Centre;

use super::behaviour_actor::STARTERS;
use super::clock::GRAIN;
use super::fault_injector::FaultInjector;
use super::message_accounting::MessageAccounting;
use super::progress::{ShardContext, ThreadLoss};
use super::recorder::Recorder;
use super::router_actor::RouterActor;
use super::shard::{Shard, SharedShard};
use super::stress_job::StressJob;

/// The thread of one shard.
pub(super) struct ShardThread {
    arbiter: Arbiter,
    pub(super) accounting: Arc<MessageAccounting>,
    /// The shard's part of the centre.
    pub(super) centre: Arc<Centre>,
    settings: ActorSettings,
    begin: Sender<ShardContext>,
    /// Tells first that all is prepared, then whom to write to.
    answers: Receiver<Option<ShardAddresses>>,
}

/// Whom to write to in a shard that is open.
pub(super) struct ShardAddresses {
    pub(super) router: Addr<RouterActor>,
    pub(super) fault_injector: Addr<FaultInjector>,
}

/// A shard before the clock starts.
struct PreparedShard {
    router: Router,
    agents: Vec<Agent>,
    crowd: Arc<ConsumerContext>,
    recorder: Recorder,
    settings: ActorSettings,
}

/// What the router and the fault injector of a shard need besides.
#[derive(Clone, Copy)]
struct ActorSettings {
    streams: Streams,
    /// Messages that may wait for the router.
    mailbox: u64,
}

impl ShardThread {
    /// Begins to prepare a shard with its part of the centre. `until` = when arrivals end, in the
    /// time of the scenario.
    pub(super) fn new(job: &StressJob, number: u32, centre: Centre, until: Time) -> Self {
        let (begin, contexts) = mpsc::channel();
        let (answer, answers) = mpsc::channel();
        let ShardStreams { own: streams, consumers } = ShardStreams::new(job.plan.run.seed, number);
        let centre = Arc::new(centre);
        let (plan, journal) = (Arc::clone(&job.plan), job.journal);
        let settings = ActorSettings { streams, mailbox: job.settings.mailbox };
        let own = Arc::clone(&centre);
        let prepare = move || {
            let warm_up = Time::ZERO + plan.run.warm_up;
            let ledger = Ledger::new(Arc::clone(&own), &plan.measure, warm_up, until, true);
            PreparedShard {
                router: Router::new(Arc::clone(&own), streams),
                agents: AgentContext::new(Arc::clone(&own), streams).agents(),
                crowd: Arc::new(ConsumerContext::new(own, consumers)),
                recorder: Recorder::new(ledger, journal),
                settings,
            }
        };
        let arbiter = Arbiter::new();
        arbiter.spawn_fn(move || {
            let prepared = prepare();
            // Whoever prepares this may have given up meanwhile; then nothing begins.
            let _ = answer.send(None);
            if let Ok(context) = contexts.recv() {
                let _ = answer.send(Some(prepared.open(context)));
            }
        });
        Self { arbiter, accounting: Arc::default(), centre, settings, begin, answers }
    }

    /// The streams of the shard.
    pub(super) fn streams(&self) -> Streams {
        self.settings.streams
    }

    /// Waits until all is prepared; returns whether that worked out.
    pub(super) fn wait_until_prepared(&self) -> bool {
        self.answers.recv().is_ok()
    }

    /// Starts the actors. The clock is running. `None` if that did not work out.
    pub(super) fn open(&self, context: ShardContext) -> Option<ShardAddresses> {
        self.begin.send(context).ok()?;
        self.answers.recv().ok()?
    }

    /// A shard whose thread has stopped goes on on another. `None` if that did not work out.
    pub(super) fn reopen(&mut self, loss: ThreadLoss) -> Option<ShardAddresses> {
        let (answer, answers) = mpsc::channel();
        let settings = self.settings;
        let stopped = std::mem::replace(&mut self.arbiter, Arbiter::new());
        self.arbiter.spawn_fn(move || {
            let (shard, router) = Shard::revive(loss, STARTERS);
            let addresses = settings.open(&shard, *router);
            shard.borrow_mut().reopen();
            let _ = answer.send(addresses);
        });
        let ended = stopped.join();
        debug_assert!(ended.is_ok(), "an arbiter thread panicked");
        answers.recv().ok()
    }

    /// Leaves the thread of the shard alone, as it may never end.
    pub(super) fn abandon(self) {
        self.arbiter.stop();
    }

    /// Ends the thread of the shard and with it all actors; messages that waited are dropped.
    pub(super) fn close(self) -> Arc<MessageAccounting> {
        self.arbiter.stop();
        let ended = self.arbiter.join();
        debug_assert!(ended.is_ok(), "an arbiter thread panicked");
        self.accounting
    }
}

impl PreparedShard {
    fn open(self, context: ShardContext) -> ShardAddresses {
        let shard = Shard::new(context, self.recorder, self.crowd, STARTERS);
        let agents = self.agents.into_iter();
        let agents = agents.map(|agent| (STARTERS.agent)(agent, SharedShard::clone(&shard)));
        let agents = Vec::from_iter(agents);
        let employed = agents.len() as u32;
        shard.borrow_mut().actors.set_agents(agents);
        let addresses = self.settings.open(&shard, self.router);
        for agent in (0..employed).map(AgentId) {
            shard.borrow().send_letter(Letter::Agent(agent, AgentMessage::Start));
        }
        addresses
    }
}

impl ActorSettings {
    /// Starts the router and whoever carries out faults, and sees to it that the clock is looked at.
    fn open(self, shard: &SharedShard, router: Router) -> ShardAddresses {
        let Self { streams, mailbox } = self;
        let router = RouterActor::create(|context| {
            context.set_mailbox_capacity(mailbox as usize);
            RouterActor::new(router, SharedShard::clone(shard))
        });
        shard.borrow_mut().open(Box::new(router.clone()), router.clone().recipient());
        let fault_injector =
            FaultInjector { shard: SharedShard::clone(shard), streams, mailbox }.start();
        let shard = SharedShard::clone(shard);
        actix_rt::spawn(async move {
            loop {
                sleep(GRAIN).await;
                let mut shard = shard.borrow_mut();
                shard.check_clock();
                shard.replace_dead();
            }
        });
        ShardAddresses { router, fault_injector }
    }
}
