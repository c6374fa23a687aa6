//! The load generator: an open model. It walks the plan of arrivals on a thread of its own and
//! sends each at its scheduled instant, whatever became of those before; faults likewise.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::thread;
use std::time::Duration;

use actix::prelude::SendError;

use crate::base::arrivals::Arrivals;
use crate::base::ids::{ConversationId, KindId};
use crate::base::time::{Span, Time};
use crate::scenario::stress::{Fault, FaultStep};

use super::actor_messages::ConsumerArrives;
use super::clock::{Moment, RunClock};
use super::fault_injector::InjectFault;
use super::fault_plan::FaultAction;
use super::message_accounting::{Mailbox, MessageAccounting};
use super::pace::Pace;
use super::partition::number_of;
use super::progress::RunProgress;
use super::run_window::RunWindow;
use super::shard_thread::ShardAddresses;
use super::shard_transfer::{CountedConversation, ShardExchange};
use super::snapshots::{SnapshotSource, SourceSnapshot};
use super::stage_figures::StagesFigures;
use super::stress_figures::{Count, StressFigures, Timing};
use super::system_state::SystemState;

/// The load generator.
pub(super) struct Generator {
    pub(super) clock: RunClock,
    pub(super) pace: Pace,
    pub(super) arrivals: Vec<PlannedArrivals>,
    pub(super) entries: Vec<ShardEntry>,
    pub(super) exchange: Arc<ShardExchange>,
    /// Tells of shards that have opened again.
    pub(super) reopened: Receiver<(usize, ShardAddresses)>,
    pub(super) faults: Vec<FaultStep>,
    pub(super) actions: Vec<FaultAction>,
    /// An arrival sent later than so many nanoseconds was late.
    pub(super) late_after: u64,
    pub(super) progress: Sender<RunProgress>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) figures: StressFigures,
    pub(super) stages: StagesFigures,
    pub(super) next_snapshot: Moment,
    pub(super) window: RunWindow,
}

/// The arrivals of one kind.
pub(super) struct PlannedArrivals {
    pub(super) kind: KindId,
    pub(super) plan: Arrivals,
    /// The shard at which all of them arrive: members of a closed population come again where they
    /// were. Others go round the shards.
    pub(super) only: Option<usize>,
    /// How many of them have been sent.
    pub(super) sent: u64,
}

/// The way into a shard.
pub(super) struct ShardEntry {
    pub(super) addresses: ShardAddresses,
    pub(super) accounting: Arc<MessageAccounting>,
    /// Messages that may wait for the router.
    pub(super) mailbox: u64,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum GeneratorStep {
    Fault(usize),
    /// The n-th arrival of a flood.
    Flood(usize, u64),
    Arrive(usize),
}

impl Generator {
    /// Walks the plan to its end, or until it is to stop.
    pub(super) fn run(mut self) {
        let mut agenda = BinaryHeap::new();
        for position in 0..self.arrivals.len() {
            agenda.extend(self.next_arrival(position));
        }
        let actions = self.actions.iter().enumerate();
        let steps = actions.map(|(number, action)| (action.at, GeneratorStep::Fault(number)));
        agenda.extend(steps.map(Reverse));
        agenda.extend((0..self.faults.len()).filter_map(|fault| self.next_of_flood(fault, 0)));
        while let Some(next) = agenda.pop() {
            let Reverse((scheduled, step)) = next;
            if scheduled >= self.window.load_ends {
                self.exchange.end_arrivals();
            }
            if !self.wait_until(scheduled) {
                self.count_unsent(agenda.into_iter().chain([next]));
                break;
            }
            match step {
                GeneratorStep::Fault(number) => self.inject_fault(number),
                GeneratorStep::Flood(fault, number) => {
                    self.send(number as usize % self.arrivals.len(), scheduled);
                    agenda.extend(self.next_of_flood(fault, number + 1));
                }
                GeneratorStep::Arrive(position) => {
                    self.send(position, scheduled);
                    agenda.extend(self.next_arrival(position));
                }
            }
        }
        self.exchange.end_arrivals();
        self.report_second(self.clock.now().end_of_second());
        let _ = self.progress.send(RunProgress::Generated(Box::new(self.stages)));
    }

    /// Arrivals that were due and have not been sent when the run is over. So many make it invalid
    /// however many there are, so they are counted for a second at most.
    fn count_unsent(&mut self, agenda: impl Iterator<Item = Reverse<(Moment, GeneratorStep)>>) {
        let now = self.clock.now();
        let due = now.min(self.window.load_ends);
        let is_due = |next: &Reverse<(Moment, GeneratorStep)>| next.0.0 < due;
        let (clock, mut unsent) = (self.clock, 0);
        for Reverse((_, step)) in agenda.filter(is_due) {
            let mut next = 0;
            let mut follow = || match step {
                GeneratorStep::Fault(_) => None,
                GeneratorStep::Flood(fault, number) => {
                    next += 1;
                    self.next_of_flood(fault, number + next)
                }
                GeneratorStep::Arrive(position) => self.next_arrival(position),
            };
            unsent += u64::from(!matches!(step, GeneratorStep::Fault(_)));
            let is_in_time = |counted: u64| {
                !counted.is_multiple_of(COUNTED_AT_ONCE) || clock.now() < now + COUNTING
            };
            while is_in_time(unsent) && follow().is_some_and(|next| is_due(&next)) {
                unsent += 1;
            }
        }
        self.figures.tally(Count::Unsent, unsent);
    }

    fn next_arrival(&mut self, position: usize) -> Option<Reverse<(Moment, GeneratorStep)>> {
        let arrivals = &mut self.arrivals[position];
        let at: Time = arrivals.plan.next()?;
        let moment = self.pace.moment(at.as_secs_f64())?;
        Some(Reverse((moment, GeneratorStep::Arrive(position))))
    }

    /// Floods go round the kinds of consumers.
    fn next_of_flood(&self, fault: usize, number: u64) -> Option<Reverse<(Moment, GeneratorStep)>> {
        let FaultStep { at, over, fault: Fault::Flood(arrivals) } = self.faults[fault] else {
            return None;
        };
        let after = Span::from_secs_f64(over.as_secs_f64() * number as f64 / arrivals as f64);
        let is_left = number < arrivals && !self.arrivals.is_empty();
        is_left.then(|| Reverse((Moment::after(at + after), GeneratorStep::Flood(fault, number))))
    }

    /// Returns whether to go on.
    fn wait_until(&mut self, moment: Moment) -> bool {
        loop {
            while let Ok((shard, addresses)) = self.reopened.try_recv() {
                self.entries[shard].addresses = addresses;
            }
            let now = self.clock.now();
            if now >= self.next_snapshot {
                self.report_second(now);
            }
            if self.stop.load(Ordering::Relaxed) {
                return false;
            }
            let left = self.clock.until(moment);
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(LONGEST_SLEEP));
        }
    }

    fn send(&mut self, position: usize, scheduled: Moment) {
        let arrivals = &mut self.arrivals[position];
        let (kind, nth, shards) = (arrivals.kind, arrivals.sent, self.entries.len());
        arrivals.sent += 1;
        let (shard, number) = match arrivals.only {
            Some(shard) => (shard, number_of(nth, shard, shards)),
            None => ((nth % shards as u64) as usize, nth + 1),
        };
        let (entry, figures) = (&self.entries[shard], &mut self.figures);
        let sent = self.clock.now();
        let lag = sent.since(scheduled);
        let late = u64::from(lag > self.late_after);
        figures.record(Timing::GeneratorLag, lag);
        figures.tally(Count::Scheduled, 1);
        figures.tally(Count::Late, late);
        self.stages.record(Timing::GeneratorLag, scheduled, lag);
        self.stages.tally(Count::Scheduled, scheduled, 1);
        self.stages.tally(Count::Late, scheduled, late);
        let id = ConversationId::new(kind, number, 0);
        let receipt = entry.accounting.receipt(Mailbox::Arrivals, sent).of(scheduled);
        let counted = CountedConversation::new(&self.exchange);
        // actix lets one more message in for each that is taken out, however full the mailbox is,
        // so the bound is held here too.
        let refused = if entry.accounting.waiting_for_router() > entry.mailbox {
            Some(receipt)
        } else {
            let arrival = ConsumerArrives { id, counted, receipt };
            match entry.addresses.router.try_send(arrival) {
                Err(SendError::Full(arrival)) => Some(arrival.receipt),
                // If the router is gone, the receipt is dropped and writes that down.
                Err(SendError::Closed(_)) | Ok(()) => None,
            }
        };
        if let Some(receipt) = refused {
            receipt.mark_refused();
            figures.tally(Count::Refused, 1);
            self.stages.tally(Count::Refused, scheduled, 1);
        }
    }

    fn inject_fault(&self, number: usize) {
        let FaultAction { shard, effect, .. } = &self.actions[number];
        self.entries[*shard].addresses.fault_injector.do_send(InjectFault(effect.clone()));
    }

    fn report_second(&mut self, until: Moment) {
        self.next_snapshot = until.next_second();
        // A shard whose thread has stopped does not tell of what is lost there.
        for entry in &self.entries {
            let lost = entry.accounting.newly_lost();
            self.figures.tally(Count::Lost, lost);
            self.stages.tally(Count::Lost, until, lost);
        }
        let figures = std::mem::take(&mut self.figures);
        let (source, state) = (SnapshotSource::Generator, SystemState::default());
        let until = self.window.second_of(until);
        let snapshot = SourceSnapshot { source, until, figures, state };
        // Nobody listens any more only when the run has been given up.
        let _ = self.progress.send(RunProgress::Measured(Box::new(snapshot)));
    }
}

/// How long arrivals are counted that were not sent, and how many between two looks at the clock.
const COUNTING: Span = Span::from_secs(1);
const COUNTED_AT_ONCE: u64 = 1024;
/// Sleeps are cut to this, to notice when it is time to stop.
const LONGEST_SLEEP: Duration = Duration::from_millis(20);
