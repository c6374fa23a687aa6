//! A figure as a part of a whole.

use std::iter::Sum;

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

/// Parts and wholes add up each by itself.
impl Sum for Parts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            part: sum.part + one.part,
            whole: sum.whole + one.whole,
        })
    }
}

/// A value over 1; nothing over nothing.
impl From<Option<f64>> for Parts {
    fn from(value: Option<f64>) -> Self {
        value.map_or_else(Self::default, |part| Self { part, whole: 1.0 })
    }
}
