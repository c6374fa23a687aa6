//! What is measured on the wall clock: durations as histograms, occurrences as counts.
//!
//! Everything adds up: shards and seconds are merged without loss, and nothing grows with the
//! length of the run.

use hdrhistogram::Histogram;

use crate::model::event::{Cause, Event, Status};

/// A list of measures, each declared once: its name in results and what it means.
macro_rules! measures {
    ($(#[$about:meta])* $measure:ident { $($variant:ident = $name:literal, $text:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $measure {
            $(#[doc = $text] $variant),+
        }

        impl $measure {
            /// All, in order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Its name in results.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// What it means.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }

            /// The one with this name.
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|measure| measure.name() == name)
            }
        }
    };
}

measures! {
    /// What is timed, in nanoseconds of the wall clock.
    Timing {
        Admission = "admission",
            "Scheduled instant of an arrival to its conversation opened by the router.";
        AdmissionFromSent = "admission_from_sent",
            "Arrival sent to its conversation opened by the router.";
        AdmissionOneAtATime = "admission_one_at_a_time",
            "Arrival sent to opened, of those only that a tool would have sent which waits for each \
             answer: what such a tool would report.";
        DeadlineLateness = "deadline_lateness", "Unassign deadline due to handled.";
        TimerLateness = "timer_lateness", "Any other timer due to handled.";
        RouterWait = "router_wait", "Message sent to a router to handled.";
        AgentWait = "agent_wait", "Message sent to an agent to handled.";
        ConsumerWait = "consumer_wait", "Message sent to a consumer to handled.";
        RouterHandler = "router_handler", "Handling of one message or timer by a router.";
        AgentHandler = "agent_handler", "Handling of one message or timer by an agent.";
        ConsumerHandler = "consumer_handler", "Handling of one message or timer by a consumer.";
        GeneratorLag = "generator_lag",
            "Scheduled instant of an arrival to sent: how late the load generator itself was.";
    }
}

measures! {
    /// What is counted.
    Count {
        Scheduled = "scheduled", "Arrivals of the plan whose instant came.";
        Refused = "refused", "Arrivals refused because too much was waiting.";
        Late = "late", "Arrivals sent too late by the load generator.";
        Opened = "opened", "Conversations opened.";
        Closed = "closed", "Conversations over.";
        Answered = "answered", "Replies delivered.";
        Abandoned = "abandoned", "Consumers whose patience ended.";
        Unassigned = "unassigned", "Automatic unassignments.";
        Removed = "removed", "Ownership removals.";
        Messages = "messages", "Messages handled by all actors.";
        Armed = "armed", "Timers armed.";
        Cancelled = "cancelled", "Timers cancelled.";
        Fired = "fired", "Timers fired.";
    }
}

impl Count {
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
    fn every_measure_has_a_name_of_its_own() {
        let names = Timing::ALL.map(Timing::name).into_iter().chain(Count::ALL.map(Count::name));
        let names = Vec::from_iter(names);
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert_eq!(Timing::find("generator_lag"), Some(Timing::GeneratorLag));
        assert_eq!(Count::find("generator_lag"), None);
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
