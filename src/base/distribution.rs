//! Distributions by name (placeholder until the full set lands).

use super::stream::{Stream, uniform};
use super::time::Span;

/// A distribution of non-negative numbers; of times, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same value.
    Fixed(f64),
    /// Exponential with this mean.
    Exponential {
        /// Mean.
        mean: f64,
    },
}

impl Distribution {
    /// One draw.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Exponential { mean } => -mean * libm::log1p(-uniform(stream)),
        }
    }

    /// One draw of a distribution of seconds.
    pub fn span(&self, stream: &mut Stream) -> Span {
        Span::from_secs_f64(self.sample(stream))
    }
}
