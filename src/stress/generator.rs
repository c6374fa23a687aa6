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

use super::books::{Books, Mailbox};
use super::clock::{Clock, Moment};
use super::desk::Arrive;
use super::fault::{Blow, Suffer};
use super::measures::{Count, Figures, Timing};
use super::moves::{Alive, Commons};
use super::pace::Pace;
use super::partition::number_of;
use super::report::{Pulse, Report, Source, State};
use super::site::Doors;

/// The load generator.
pub(super) struct Generator {
    pub(super) clock: Clock,
    pub(super) pace: Pace,
    pub(super) plans: Vec<Walk>,
    pub(super) gates: Vec<Gate>,
    pub(super) commons: Arc<Commons>,
    /// Tells of shards that have opened again.
    pub(super) reopened: Receiver<(usize, Doors)>,
    pub(super) faults: Vec<FaultStep>,
    pub(super) blows: Vec<Blow>,
    /// An arrival sent later than so many nanoseconds was late.
    pub(super) late_after: u64,
    pub(super) reports: Sender<Report>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) figures: Figures,
    pub(super) next_pulse: Moment,
}

/// The arrivals of one kind at one shard.
pub(super) struct Walk {
    pub(super) shard: usize,
    pub(super) kind: KindId,
    pub(super) plan: Arrivals,
    /// How many of them have been sent.
    pub(super) sent: u64,
}

/// The way into a shard.
pub(super) struct Gate {
    pub(super) doors: Doors,
    pub(super) books: Arc<Books>,
    /// Messages that may wait for the router.
    pub(super) mailbox: u64,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Blow(usize),
    /// The n-th arrival of a flood.
    Flood(usize, u64),
    Arrive(usize),
}

impl Generator {
    /// Walks the plan to its end, or until it is to stop.
    pub(super) fn run(mut self) {
        let mut agenda = BinaryHeap::new();
        for position in 0..self.plans.len() {
            agenda.extend(self.next_arrival(position));
        }
        let blows = self.blows.iter().enumerate();
        agenda.extend(blows.map(|(number, blow)| Reverse((blow.at, Step::Blow(number)))));
        agenda.extend((0..self.faults.len()).filter_map(|fault| self.next_of_flood(fault, 0)));
        while let Some(Reverse((scheduled, step))) = agenda.pop() {
            if !self.wait_until(scheduled) {
                break;
            }
            match step {
                Step::Blow(number) => self.strike(number),
                Step::Flood(fault, number) => {
                    self.send(number as usize % self.plans.len(), scheduled);
                    agenda.extend(self.next_of_flood(fault, number + 1));
                }
                Step::Arrive(position) => {
                    self.send(position, scheduled);
                    agenda.extend(self.next_arrival(position));
                }
            }
        }
        self.pulse(self.clock.now().end_of_second());
        let _ = self.reports.send(Report::Generated);
    }

    fn next_arrival(&mut self, position: usize) -> Option<Reverse<(Moment, Step)>> {
        let walk = &mut self.plans[position];
        let at: Time = walk.plan.next()?;
        let moment = self.pace.moment(at.as_secs_f64())?;
        Some(Reverse((moment, Step::Arrive(position))))
    }

    /// Floods go round the kinds of consumers and the shards.
    fn next_of_flood(&self, fault: usize, number: u64) -> Option<Reverse<(Moment, Step)>> {
        let FaultStep { at, over, fault: Fault::Flood(arrivals) } = self.faults[fault] else {
            return None;
        };
        let after = Span::from_secs_f64(over.as_secs_f64() * number as f64 / arrivals as f64);
        let is_left = number < arrivals && !self.plans.is_empty();
        is_left.then(|| Reverse((Moment::after(at + after), Step::Flood(fault, number))))
    }

    /// Returns whether to go on.
    fn wait_until(&mut self, moment: Moment) -> bool {
        loop {
            while let Ok((shard, doors)) = self.reopened.try_recv() {
                self.gates[shard].doors = doors;
            }
            let now = self.clock.now();
            if now >= self.next_pulse {
                self.pulse(now);
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
        let walk = &mut self.plans[position];
        let Walk { shard, kind, .. } = *walk;
        let number = number_of(walk.sent, shard, self.gates.len());
        walk.sent += 1;
        let (gate, figures) = (&self.gates[shard], &mut self.figures);
        let sent = self.clock.now();
        let lag = sent.since(scheduled);
        figures.record(Timing::GeneratorLag, lag);
        figures.tally(Count::Scheduled, 1);
        figures.tally(Count::Late, u64::from(lag > self.late_after));
        let id = ConversationId::new(kind, number, 0);
        let ticket = gate.books.ticket(Mailbox::Arrivals, sent);
        let alive = Alive::new(&self.commons);
        // actix lets one more message in for each that is taken out, however full the mailbox is,
        // so the bound is held here too.
        let refused = if gate.books.waiting_for_router() > gate.mailbox {
            Some(ticket)
        } else {
            match gate.doors.router.try_send(Arrive { id, scheduled, alive, ticket }) {
                Err(SendError::Full(arrival)) => Some(arrival.ticket),
                // If the router is gone, the ticket is dropped and writes that down.
                Err(SendError::Closed(_)) | Ok(()) => None,
            }
        };
        if let Some(ticket) = refused {
            ticket.refused();
            figures.tally(Count::Refused, 1);
        }
    }

    fn strike(&self, number: usize) {
        let Blow { shard, deed, .. } = &self.blows[number];
        self.gates[*shard].doors.saboteur.do_send(Suffer(deed.clone()));
    }

    fn pulse(&mut self, until: Moment) {
        self.next_pulse = until.next_second();
        // A shard whose thread has stopped does not tell of what is lost there.
        for gate in &self.gates {
            self.figures.tally(Count::Lost, gate.books.newly_lost());
        }
        let figures = std::mem::take(&mut self.figures);
        let pulse = Pulse { source: Source::Generator, until, figures, state: State::default() };
        // Nobody listens any more only when the run has been given up.
        let _ = self.reports.send(Report::Pulse(Box::new(pulse)));
    }
}

/// Sleeps are cut to this, to notice when it is time to stop.
const LONGEST_SLEEP: Duration = Duration::from_millis(20);
