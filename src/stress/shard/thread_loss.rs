//! What is left of a shard whose thread has stopped before the run was over, and how it goes on from
//! there on another thread.
//!
//! The thread takes all actors and mailboxes with it. What the router knew, what consumers remember,
//! the timers and the message accounting survive it, as in a platform that keeps them in a store; agents know
//! nothing any more and ask, and whoever said something that was lost with a mailbox says it again.

use std::sync::Arc;

use crate::ledger::journal::TurnInput;
use crate::model::router::Router;
use crate::stress::actors::ShardActors;
use crate::stress::progress::{RunProgress, ThreadLoss};
use crate::stress::replacement::Replacement;
use crate::stress::stress_figures::Count;

use super::state::{ActorStarters, Shard, SharedShard};

/// All actors hold the shard, so it goes when the last of them has gone.
impl Drop for Shard {
    fn drop(&mut self) {
        let Some(router) = self.router.take().filter(|_| !self.over) else { return };
        // The second that is over is not the one in which this happens.
        self.report_second_if_over(self.context.clock.now());
        self.tally(Count::Stopped, 1);
        let accounting = Arc::clone(&self.context.accounting);
        let loss = ThreadLoss {
            router,
            context: self.context.clone(),
            recorder: std::mem::take(&mut self.recorder),
            crowd: Arc::clone(&self.crowd),
            actors: std::mem::replace(&mut self.actors, ShardActors::new(accounting)),
            timers: std::mem::take(&mut self.timers),
            figures: std::mem::take(&mut self.figures),
            stages: std::mem::take(&mut self.stages),
            waiting_tool_is_free: self.waiting_tool_is_free,
            next_snapshot: self.next_snapshot,
            unadmitted: self.unadmitted,
            replacements: std::mem::take(&mut self.replacements),
        };
        // Nobody listens any more only when the run has been given up.
        let _ = self.context.progress.send(RunProgress::ThreadLost(Box::new(loss)));
    }
}

impl Shard {
    /// The shard goes on. The router is to be hosted first, then those who died are to be replaced.
    pub(crate) fn revive(loss: ThreadLoss, starters: ActorStarters) -> (SharedShard, Box<Router>) {
        let shared = Self::new(loss.context, loss.recorder, loss.crowd, starters);
        let mut shard = shared.borrow_mut();
        shard.actors = loss.actors;
        shard.timers = loss.timers;
        shard.figures = loss.figures;
        shard.stages = loss.stages;
        shard.waiting_tool_is_free = loss.waiting_tool_is_free;
        shard.next_snapshot = loss.next_snapshot;
        shard.unadmitted = loss.unadmitted;
        shard.replacements = loss.replacements;
        drop(shard);
        (shared, loss.router)
    }

    /// The router is there again: what waited for it in the mailbox is lost, and those who died are
    /// replaced.
    pub(crate) fn reopen(&mut self) {
        let now = self.context.clock.time(self.context.clock.now());
        self.recorder.note_input(now, TurnInput::MailboxLost);
        self.replacements.extend(self.actors.take_prepared().map(Replacement::Consumer));
        self.replace_dead();
    }
}
