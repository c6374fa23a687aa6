//! What a shard is given when it starts, and what shards and the load generator tell whoever runs
//! them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Sender;

use crate::ledger::journal::Addressee;
use crate::model::consumer::ConsumerContext;
use crate::model::router::Router;

use super::actors::ShardActors;
use super::clock::{Moment, RunClock};
use super::message_accounting::MessageAccounting;
use super::partition::RemoteSkills;
use super::recorder::{BrokenRule, Recorded, Recorder};
use super::replacement::Replacement;
use super::run_window::RunWindow;
use super::shard_timers::ShardTimers;
use super::shard_transfer::ShardExchange;
use super::snapshots::SourceSnapshot;
use super::stage_figures::StagesFigures;
use super::stress_figures::StressFigures;

/// What a shard is given.
#[derive(Clone)]
pub(super) struct ShardContext {
    pub(super) number: usize,
    pub(super) clock: RunClock,
    pub(super) accounting: Arc<MessageAccounting>,
    pub(super) progress: Sender<RunProgress>,
    pub(super) window: RunWindow,
    /// Set when the run is to end now.
    pub(super) stop: Arc<AtomicBool>,
    /// Where the skills are that nobody here has.
    pub(super) remote_skills: RemoteSkills,
    pub(super) exchange: Arc<ShardExchange>,
}

/// A piece of news.
pub(super) enum RunProgress {
    /// What was measured since the last one.
    Measured(Box<SourceSnapshot>),
    /// The generator has nothing more to send, and measured this in each stage of the load.
    Generated(Box<StagesFigures>),
    /// An actor of a shard has panicked.
    ActorDied(usize, Addressee),
    /// The thread of a shard has stopped before the run was over.
    ThreadLost(Box<ThreadLoss>),
    /// A shard has ended.
    Finished(Box<FinishedShard>),
}

/// A shard that has ended.
pub(super) struct FinishedShard {
    pub(super) shard: usize,
    pub(super) ended: Moment,
    /// Arrivals of the plan that its router has begun with and not opened.
    pub(super) started: u64,
    /// What was measured in each stage of the load.
    pub(super) stages: StagesFigures,
    pub(super) recorded: Result<Recorded, Box<BrokenRule>>,
}

/// What is left of a shard whose thread has stopped.
pub(super) struct ThreadLoss {
    pub(super) router: Box<Router>,
    pub(super) context: ShardContext,
    pub(super) recorder: Recorder,
    pub(super) crowd: Arc<ConsumerContext>,
    pub(super) actors: ShardActors,
    pub(super) timers: ShardTimers,
    pub(super) figures: StressFigures,
    pub(super) stages: StagesFigures,
    pub(super) waiting_tool_is_free: Moment,
    pub(super) next_snapshot: Moment,
    pub(super) unadmitted: u64,
    pub(super) replacements: Vec<Replacement>,
}

impl ThreadLoss {
    /// Which shard it was.
    pub(super) fn shard(&self) -> usize {
        self.context.number
    }
}
