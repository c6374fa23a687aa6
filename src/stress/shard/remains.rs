//! What is left of a shard whose thread has stopped before the run was over, and how it goes on from
//! there on another thread.
//!
//! The thread takes all actors and mailboxes with it. What the router knew, what consumers remember,
//! the timers and the books survive it, as in a platform that keeps them in a store; agents know
//! nothing any more and ask, and whoever said something that was lost with a mailbox says it again.

use std::sync::Arc;

use crate::ledger::journal::TurnInput;
use crate::model::consumer::ConsumerContext;
use crate::model::router::Router;
use crate::stress::clock::Moment;
use crate::stress::host::Heir;
use crate::stress::measures::{Count, Figures};
use crate::stress::people::People;
use crate::stress::recorder::Recorder;
use crate::stress::report::Report;
use crate::stress::timers::Timers;

use super::{Frame, Shard, Shared};

/// What is left of a shard.
pub(in crate::stress) struct Remains {
    pub(in crate::stress) router: Box<Router>,
    frame: Frame,
    recorder: Recorder,
    crowd: Arc<ConsumerContext>,
    people: People,
    timers: Timers,
    figures: Figures,
    waiting_tool_is_free: Moment,
    next_pulse: Moment,
    heirs: Vec<Heir>,
}

impl Remains {
    /// Which shard it was.
    pub(in crate::stress) fn shard(&self) -> usize {
        self.frame.number
    }
}

/// All actors hold the shard, so it goes when the last of them has gone.
impl Drop for Shard {
    fn drop(&mut self) {
        let Some(router) = self.router.take().filter(|_| !self.over) else { return };
        // The second that is over is not the one in which this happens.
        self.pulse_if_due(self.frame.clock.now());
        self.figures.tally(Count::Stopped, 1);
        let books = Arc::clone(&self.frame.books);
        let remains = Remains {
            router,
            frame: self.frame.clone(),
            recorder: std::mem::take(&mut self.recorder),
            crowd: Arc::clone(&self.crowd),
            people: std::mem::replace(&mut self.people, People::new(books)),
            timers: std::mem::take(&mut self.timers),
            figures: std::mem::take(&mut self.figures),
            waiting_tool_is_free: self.waiting_tool_is_free,
            next_pulse: self.next_pulse,
            heirs: std::mem::take(&mut self.heirs),
        };
        // Nobody listens any more only when the run has been given up.
        let _ = self.frame.reports.send(Report::Fell(Box::new(remains)));
    }
}

impl Shard {
    /// The shard goes on. The router is to be hosted first, then those who died are to be replaced.
    pub(in crate::stress) fn revived(remains: Remains) -> (Shared, Box<Router>) {
        let shared = Self::new(remains.frame, remains.recorder, remains.crowd);
        let mut shard = shared.borrow_mut();
        shard.people = remains.people;
        shard.timers = remains.timers;
        shard.figures = remains.figures;
        shard.waiting_tool_is_free = remains.waiting_tool_is_free;
        shard.next_pulse = remains.next_pulse;
        shard.heirs = remains.heirs;
        drop(shard);
        (shared, remains.router)
    }

    /// The router is there again: what waited for it in the mailbox is lost, and those who died are
    /// replaced.
    pub(in crate::stress) fn reopens(&mut self) {
        let now = self.frame.clock.time(self.frame.clock.now());
        self.recorder.note_input(now, TurnInput::MailboxLost);
        self.heirs.extend(self.people.take_packed().map(Heir::Consumer));
        self.replace_dead();
    }
}
