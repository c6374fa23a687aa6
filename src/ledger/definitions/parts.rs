//! A figure as a part of a whole.

use crate::ledger::durations::Total;

/// A part and the whole that it is a share or a mean of. Both add up over replications.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Above the line.
    pub part: f64,
    /// Below it.
    pub whole: f64,
}

impl Parts {
    /// The share or mean; `None` over nothing.
    pub fn quotient(self) -> Option<f64> {
        (self.whole > 0.0).then(|| self.part / self.whole)
    }
}

/// A value over 1; nothing over nothing.
impl From<Option<f64>> for Parts {
    fn from(value: Option<f64>) -> Self {
        value.map_or_else(Self::default, |part| Self { part, whole: 1.0 })
    }
}

/// A number of its own.
pub(super) fn count(value: u64) -> Parts {
    counts(value, 1)
}

/// A number out of another.
pub(super) fn counts(part: u64, whole: u64) -> Parts {
    Parts { part: part as f64, whole: whole as f64 }
}

/// Microseconds out of others.
pub(super) fn times(part: u128, whole: u128) -> Parts {
    Parts { part: part as f64 / 1e6, whole: whole as f64 / 1e6 }
}

/// Seconds over occurrences.
pub(super) fn mean(total: Total) -> Parts {
    Parts { part: total.micros as f64 / 1e6, whole: total.count as f64 }
}
