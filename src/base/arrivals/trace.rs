//! Arrivals at given instants.

use std::sync::Arc;

use super::ArrivalError;
use crate::base::time::{Span, Time};

/// Given instants of arrival, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace(Arc<[Time]>);

impl Trace {
    /// Fails if an instant is before the start of the run or before the one in front of it.
    /// Equal instants are allowed.
    pub fn new(instants: Vec<Time>) -> Result<Self, ArrivalError> {
        let mut before = Time::ZERO;
        for (index, &instant) in instants.iter().enumerate() {
            if instant < before {
                let other = if index == 0 { "the start of the run" } else { "the one before it" };
                let number = index + 1;
                return Err(ArrivalError(format!(
                    "arrivals must be in order from the start of the run, but number {number}, \
                     at {instant}, is earlier than {other}"
                )));
            }
            before = instant;
        }
        Ok(Self(instants.into()))
    }

    /// The instants.
    pub fn instants(&self) -> &[Time] {
        &self.0
    }

    pub(super) fn count(&self, start: Time, end: Time) -> usize {
        let before = |instant| self.0.partition_point(|&time| time < instant);
        before(end).saturating_sub(before(start))
    }

    /// The most arrivals within any half-open interval of this length.
    pub(super) fn most_within(&self, length: Span) -> usize {
        let mut first = 0;
        let mut most = 0;
        for (index, &time) in self.0.iter().enumerate() {
            while time - self.0[first] >= length {
                first += 1;
            }
            most = most.max(index + 1 - first);
        }
        most
    }
}
