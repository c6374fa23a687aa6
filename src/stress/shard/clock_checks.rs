//! What a shard does by the clock: due timers, the second that is over, the end of the run.

use std::sync::atomic::Ordering;

use crate::base::time::Span;
use crate::ledger::invariants::Snapshot;
use crate::ledger::journal::conversation_of;
use crate::model::message::Timer;
use crate::stress::actors::Admission;
use crate::stress::clock::Moment;
use crate::stress::message_accounting::{EndedRun, Mailbox};
use crate::stress::progress::{FinishedShard, RunProgress, ShardContext};
use crate::stress::shard_transfer::ArrivalTimes;
use crate::stress::snapshots::{SnapshotSource, SourceSnapshot};
use crate::stress::stress_figures::{Count, Timing};
use crate::stress::system_state::SystemState;

use super::actor_turns::lateness_of;
use super::state::Shard;

impl Shard {
    /// Looks at the clock: timers, the second that is over, the end of the run.
    pub(crate) fn check_clock(&mut self) {
        let now = self.context.clock.now();
        self.resend_undelivered(now);
        self.check_timers(now);
    }

    pub(super) fn check_timers(&mut self, moment: Moment) {
        self.unchecked = 0;
        self.looked_at = moment;
        let now = self.context.clock.time(moment);
        let live = &self.actors.live;
        let name = |key| live.get(key).map(|live| live.id.bits());
        for due in self.timers.take_due(now, name) {
            self.tally(Count::Fired, 1);
            if let Some(conversation) = conversation_of(&due.timer) {
                self.actors.remove_timer(conversation, due.due);
            }
            match due.timer {
                Timer::Router(timer) => self.timers.hand_over(due.with(timer)),
                timer => self.fire(due.due, timer, moment),
            }
        }
        self.report_second_if_over(moment);
        self.over |= self.is_done(moment) || self.context.stop.load(Ordering::Relaxed);
        self.wake_router_if_due();
    }

    /// Whether the load is over and what there was to do after it, or the time for that.
    fn is_done(&self, moment: Moment) -> bool {
        let ShardContext { window, exchange, .. } = &self.context;
        let is_worked_off = || {
            exchange.all_sent()
                && (exchange.is_empty() || window.drain == Span::ZERO && self.has_settled())
        };
        moment >= window.ends() || moment >= window.load_ends && is_worked_off()
    }

    /// Whether everything is handled that was scheduled or due while the load lasted.
    fn has_settled(&self) -> bool {
        let ShardContext { window, clock, accounting, .. } = &self.context;
        self.unadmitted == 0
            && accounting.account(Mailbox::Arrivals).waiting() == 0
            && self.timers.handled_until() >= clock.going_on().time(window.load_ends)
    }

    /// Sees to it that the router has a turn if there is something to do besides messages.
    pub(crate) fn wake_router_if_due(&mut self) {
        if (self.timers.router_has_due() || self.over) && !self.router_awake {
            self.router_awake = true;
            self.actors.wake_router();
        }
    }

    pub(crate) fn note_router_awake(&mut self) {
        self.router_awake = false;
    }

    /// Tells of the second that is over, if one is.
    pub(super) fn report_second_if_over(&mut self, moment: Moment) {
        if moment >= self.next_snapshot {
            self.report_second(moment);
        }
    }

    fn report_second(&mut self, moment: Moment) {
        self.next_snapshot = moment.next_second();
        let state = SystemState {
            live: self.actors.live.len() as u64,
            timers: self.timers.len() as u64,
            timer_bytes: self.timers.bytes() as u64,
            waiting: self.context.accounting.waiting_for_router(),
        };
        self.report_state(moment, state);
    }

    fn report_state(&mut self, moment: Moment, state: SystemState) {
        let lost = self.context.accounting.newly_lost();
        self.tally(Count::Lost, lost);
        let (source, figures) =
            (SnapshotSource::Shard(self.context.number), std::mem::take(&mut self.figures));
        let until = self.context.window.second_of(moment);
        let snapshot = SourceSnapshot { source, until, figures, state };
        // Nobody listens any more only when the run has been given up.
        let _ = self.context.progress.send(RunProgress::Measured(Box::new(snapshot)));
    }

    /// The run ends here and now: nothing handled after this counts.
    pub(crate) fn finish(&mut self, live: impl Iterator<Item = Snapshot>) {
        self.end_record(live, |shard, moment| {
            let end = EndedRun { at: moment, window: shard.context.window.clone() };
            shard.context.accounting.close(end);
            shard.report_second(moment.end_of_second());
            shard.note_unfinished(moment);
        });
    }

    /// Timers that are overdue and arrivals that are not opened take at least until now.
    fn note_unfinished(&mut self, moment: Moment) {
        let ShardContext { clock, accounting, .. } = &self.context;
        let due = self.timers.overdue(clock.going_on().time(moment));
        for (due, timer) in due {
            if let Some(timing) = lateness_of(&timer) {
                accounting.note_unfinished(timing, clock.moment(due));
            }
        }
        for live in self.actors.live.iter().filter(|live| live.admission != Admission::Opened) {
            let ArrivalTimes { scheduled, sent } = live.arrival;
            accounting.note_unfinished(Timing::Admission, scheduled);
            accounting.note_unfinished(Timing::AdmissionFromSent, sent);
        }
    }

    /// Arrivals of the plan that the router has begun with and not opened.
    fn started(&self) -> u64 {
        let live = self.actors.live.iter();
        live.filter(|live| live.admission == Admission::Planned).count() as u64
    }

    /// The record ends; `last` is told just before that is reported. Nothing happens if it has
    /// ended before.
    fn end_record(
        &mut self,
        live: impl Iterator<Item = Snapshot>,
        last: impl FnOnce(&mut Self, Moment),
    ) {
        let moment = self.context.clock.now();
        let (now, handled_until) = (self.context.clock.time(moment), self.timers.handled_until());
        let Some(recorded) = self.recorder.finish(now, handled_until, live) else { return };
        self.over = true;
        last(self, moment);
        let (shard, started) = (self.context.number, self.started());
        let stages = std::mem::take(&mut self.stages);
        let finished = FinishedShard { shard, ended: moment, started, stages, recorded };
        let _ = self.context.progress.send(RunProgress::Finished(Box::new(finished)));
    }
}
