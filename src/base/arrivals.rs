//! Arrival processes (placeholder until the full set lands).

use super::ids::KindId;
use super::stream::{Purpose, Stream, Streams, uniform};
use super::time::{Span, Time};

/// When consumers of one kind arrive.
#[derive(Clone, Debug, PartialEq)]
pub enum ArrivalProcess {
    /// A Poisson process of constant rate, per hour.
    Constant {
        /// Consumers an hour.
        per_hour: f64,
    },
    /// A fixed population, each member opening its next conversation a pause after the last ended.
    Closed {
        /// Members.
        population: u64,
        /// Time between conversations, seconds.
        pause: super::distribution::Distribution,
    },
}

/// The arrival instants of one kind in one replication, in order, before `until`.
#[derive(Debug)]
pub struct Arrivals<'a> {
    process: &'a ArrivalProcess,
    stream: Stream,
    now: Time,
    until: Time,
}

impl<'a> Arrivals<'a> {
    /// The arrivals of `kind` up to `until`.
    pub fn new(process: &'a ArrivalProcess, streams: &Streams, kind: KindId, until: Time) -> Self {
        let stream = streams.stream(Purpose::Arrivals, u64::from(kind.0), 0);
        Self { process, stream, now: Time::ZERO, until }
    }
}

impl Iterator for Arrivals<'_> {
    type Item = Time;
    fn next(&mut self) -> Option<Time> {
        match self.process {
            ArrivalProcess::Constant { per_hour } => {
                let gap = -libm::log1p(-uniform(&mut self.stream)) * 3600.0 / per_hour;
                self.now += Span::from_secs_f64(gap);
                (self.now < self.until).then_some(self.now)
            }
            ArrivalProcess::Closed { .. } => None,
        }
    }
}
