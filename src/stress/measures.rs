//! What is measured on the wall clock: durations as histograms, occurrences as counts.
//!
//! Everything adds up: shards and seconds are merged without loss, and nothing grows with the
//! length of the run.

use hdrhistogram::Histogram;

use crate::model::event::{Cause, Event, Status};

/// What is timed, in nanoseconds of the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Scheduled instant of an arrival → conversation opened by the router.
    Admission,
    /// The same from the instant at which it was sent.
    AdmissionFromSent,
    /// The same, of those only that a tool would have sent which waits for each answer.
    AdmissionOneAtATime,
    /// Unassign deadline due → handled.
    DeadlineLateness,
    /// Any other timer due → handled.
    TimerLateness,
    /// Message sent to the router → handled.
    RouterWait,
    /// Message sent to an agent → handled.
    AgentWait,
    /// Message sent to a consumer → handled.
    ConsumerWait,
    /// Handling of one message or timer by the router.
    RouterHandler,
    /// The same by an agent.
    AgentHandler,
    /// The same by a consumer.
    ConsumerHandler,
    /// Scheduled instant of an arrival → sent: how late the load generator itself was.
    GeneratorLag,
}

impl Timing {
    /// All, in order.
    pub const ALL: [Self; 12] = [
        Self::Admission,
        Self::AdmissionFromSent,
        Self::AdmissionOneAtATime,
        Self::DeadlineLateness,
        Self::TimerLateness,
        Self::RouterWait,
        Self::AgentWait,
        Self::ConsumerWait,
        Self::RouterHandler,
        Self::AgentHandler,
        Self::ConsumerHandler,
        Self::GeneratorLag,
    ];

    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admission => "admission",
            Self::AdmissionFromSent => "admission_from_sent",
            Self::AdmissionOneAtATime => "admission_one_at_a_time",
            Self::DeadlineLateness => "deadline_lateness",
            Self::TimerLateness => "timer_lateness",
            Self::RouterWait => "router_wait",
            Self::AgentWait => "agent_wait",
            Self::ConsumerWait => "consumer_wait",
            Self::RouterHandler => "router_handler",
            Self::AgentHandler => "agent_handler",
            Self::ConsumerHandler => "consumer_handler",
            Self::GeneratorLag => "generator_lag",
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Arrivals of the plan whose instant came.
    Scheduled,
    /// Arrivals that were refused, because too much was waiting.
    Refused,
    /// Arrivals sent too late by the generator.
    Late,
    /// Conversations opened.
    Opened,
    /// Conversations over.
    Closed,
    /// Replies delivered.
    Answered,
    /// Consumers whose patience ended.
    Abandoned,
    /// Automatic unassignments.
    Unassigned,
    /// Ownership removals.
    Removed,
    /// Messages handled by all actors.
    Messages,
    /// Timers armed.
    Armed,
    /// Timers cancelled.
    Cancelled,
    /// Timers fired.
    Fired,
}

impl Count {
    /// All, in order.
    pub const ALL: [Self; 13] = [
        Self::Scheduled,
        Self::Refused,
        Self::Late,
        Self::Opened,
        Self::Closed,
        Self::Answered,
        Self::Abandoned,
        Self::Unassigned,
        Self::Removed,
        Self::Messages,
        Self::Armed,
        Self::Cancelled,
        Self::Fired,
    ];

    /// Its name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Refused => "refused",
            Self::Late => "late",
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Answered => "answered",
            Self::Abandoned => "abandoned",
            Self::Unassigned => "unassigned",
            Self::Removed => "removed",
            Self::Messages => "messages",
            Self::Armed => "armed",
            Self::Cancelled => "cancelled",
            Self::Fired => "fired",
        }
    }

    /// What a fact counts as, if anything.
    pub(super) fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Opened { .. } => Some(Self::Opened),
            Event::Answered { .. } => Some(Self::Answered),
            Event::Abandoned { .. } => Some(Self::Abandoned),
            Event::Change(change) => match change.cause {
                Cause::AutoUnassigned { .. } => Some(Self::Unassigned),
                Cause::OwnerLoggedOut
                | Cause::InboundWhileOffline
                | Cause::BoomerangWhileOffline => Some(Self::Removed),
                _ => (change.status == Status::Resolved).then_some(Self::Closed),
            },
            _ => None,
        }
    }
}

/// Everything measured over some time, by one shard or several.
#[derive(Clone, Debug)]
pub struct Figures {
    timings: [Histogram<u64>; Timing::ALL.len()],
    counts: [u64; Count::ALL.len()],
}

impl Default for Figures {
    fn default() -> Self {
        Self { timings: Timing::ALL.map(|_| empty()), counts: [0; Count::ALL.len()] }
    }
}

impl Figures {
    /// The histogram of a timing, in nanoseconds.
    pub fn timing(&self, timing: Timing) -> &Histogram<u64> {
        &self.timings[timing as usize]
    }

    /// How often something happened.
    pub fn count(&self, count: Count) -> u64 {
        self.counts[count as usize]
    }

    /// Adds what was measured at another time or by another shard.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.timings.iter_mut().zip(&other.timings) {
            let added = mine.add(theirs);
            debug_assert!(added.is_ok(), "a growing histogram takes everything");
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }

    pub(super) fn record(&mut self, timing: Timing, nanos: u64) {
        let recorded = self.timings[timing as usize].record(nanos);
        debug_assert!(recorded.is_ok(), "a growing histogram takes everything");
    }

    pub(super) fn tally(&mut self, count: Count, by: u64) {
        self.counts[count as usize] += by;
    }
}

/// Three significant digits, and as long as need be.
fn empty() -> Histogram<u64> {
    Histogram::new(3).unwrap_or_else(|error| unreachable!("three digits are allowed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_names_agree() {
        for (position, timing) in Timing::ALL.into_iter().enumerate() {
            assert_eq!(timing as usize, position);
        }
        for (position, count) in Count::ALL.into_iter().enumerate() {
            assert_eq!(count as usize, position);
        }
        let names = Timing::ALL.map(Timing::name).into_iter().chain(Count::ALL.map(Count::name));
        let names = Vec::from_iter(names);
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }

    #[test]
    fn adding_is_the_same_as_measuring_at_once() {
        let (mut left, mut right, mut both) =
            (Figures::default(), Figures::default(), Figures::default());
        for (nanos, part) in [(70, &mut left), (3_000_000_000, &mut right)] {
            for figures in [part, &mut both] {
                figures.record(Timing::Admission, nanos);
                figures.tally(Count::Opened, 2);
            }
        }
        left.add(&right);
        assert_eq!(left.timing(Timing::Admission), both.timing(Timing::Admission));
        assert_eq!((left.count(Count::Opened), left.count(Count::Closed)), (4, 0));
    }
}
