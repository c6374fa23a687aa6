//! What the actors of a shard share; they all live on one thread, so they share it without a lock.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use crate::base::ids::ConversationKey;
use crate::base::time::Time;
use crate::ledger::journal::TurnInput;
use crate::model::agent::Agent;
use crate::model::behaviour::Outbox;
use crate::model::consumer::{Consumer, ConsumerContext};
use crate::model::router::Router;
use crate::stress::actor_address::{AgentAddress, ConsumerAddress};
use crate::stress::actors::ShardActors;
use crate::stress::clock::Moment;
use crate::stress::progress::ShardContext;
use crate::stress::recorder::Recorder;
use crate::stress::replacement::Replacement;
use crate::stress::shard_timers::ShardTimers;
use crate::stress::stage_figures::StagesFigures;
use crate::stress::stress_figures::StressFigures;

/// A shard as its actors share it.
pub(crate) type SharedShard = Rc<RefCell<Shard>>;

/// How the shard starts its actors. They know the shard, so it is told how.
#[derive(Clone, Copy)]
pub(crate) struct ActorStarters {
    pub(crate) agent: fn(Agent, SharedShard) -> Box<dyn AgentAddress>,
    pub(crate) consumer: fn(Consumer, SharedShard) -> Box<dyn ConsumerAddress>,
}

/// What the actors of a shard share.
pub(crate) struct Shard {
    pub(super) me: Weak<RefCell<Self>>,
    pub(super) context: ShardContext,
    pub(super) recorder: Recorder,
    pub(super) crowd: Arc<ConsumerContext>,
    pub(super) starters: ActorStarters,
    pub(crate) actors: ShardActors,
    pub(crate) timers: ShardTimers,
    /// What the actor whose turn it is does.
    pub(crate) outbox: Outbox,
    /// The turn: its beginning, also in the time of the scenario.
    pub(super) began: Moment,
    pub(super) now: Time,
    /// What is handled in it.
    pub(super) handled: Option<TurnInput>,
    /// Turns since the timers were last looked at.
    pub(super) unchecked: u32,
    /// When a turn began, or the timers were looked at, last.
    pub(super) looked_at: Moment,
    /// Conversations that live here and that the router has not opened yet.
    pub(super) unadmitted: u64,
    /// Whether the router has been told of something to do and has not come to it yet.
    pub(super) router_awake: bool,
    /// A tool that waits for each answer could send again.
    pub(super) waiting_tool_is_free: Moment,
    /// Conversations that wait, since this turn, for somebody who is in another shard only.
    pub(super) departing: Vec<ConversationKey>,
    pub(super) figures: StressFigures,
    /// The same by stage of the load, over the whole run.
    pub(super) stages: StagesFigures,
    pub(super) next_snapshot: Moment,
    /// Who will take the places of actors that have died.
    pub(super) replacements: Vec<Replacement>,
    /// The router, once its thread has stopped.
    pub(super) router: Option<Box<Router>>,
    pub(super) over: bool,
}

impl Shard {
    pub(crate) fn new(
        context: ShardContext,
        recorder: Recorder,
        crowd: Arc<ConsumerContext>,
        starters: ActorStarters,
    ) -> SharedShard {
        let actors = ShardActors::new(Arc::clone(&context.accounting));
        Rc::new_cyclic(|me| {
            RefCell::new(Self {
                me: Weak::clone(me),
                next_snapshot: Moment::default().next_second(),
                stages: StagesFigures::new(context.window.stages.clone()),
                context,
                recorder,
                crowd,
                starters,
                actors,
                timers: ShardTimers::default(),
                outbox: Outbox::default(),
                began: Moment::default(),
                now: Time::ZERO,
                handled: None,
                unchecked: 0,
                looked_at: Moment::default(),
                unadmitted: 0,
                router_awake: false,
                waiting_tool_is_free: Moment::default(),
                departing: Vec::new(),
                figures: StressFigures::default(),
                replacements: Vec::new(),
                router: None,
                over: false,
            })
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        self.over
    }
}
