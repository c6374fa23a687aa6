//! Distributions by name, with samplers whose bits do not depend on the platform.
//!
//! Sampling uses arithmetic and the `libm` crate only. One uniform number makes one sample, by
//! inversion, wherever the inverse is cheap: then a sample grows with its uniform number, which
//! keeps common random numbers effective when a parameter changes.

mod build;
mod partial_moments;
mod scale;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use build::{DistributionError, Quantile};

use super::special::normal_quantile;
use super::stream::{Stream, open_uniform, uniform};
use super::time::Span;

/// A distribution of non-negative numbers; of times, in seconds.
///
/// Made by the constructors ([`Distribution::lognormal`] …), which check the parameters. What is
/// stored are the parameters that sampling needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same value.
    Fixed(f64),
    /// Uniform on an interval.
    Uniform {
        /// Lower end.
        min: f64,
        /// Upper end less lower end.
        width: f64,
    },
    /// Exponential.
    Exponential {
        /// Mean.
        mean: f64,
    },
    /// Gamma; Erlang if the shape is a whole number.
    Gamma {
        /// Shape; the squared coefficient of variation is its reciprocal.
        shape: f64,
        /// Mean divided by shape.
        scale: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Weibull.
    Weibull {
        /// The 63.2 % quantile.
        scale: f64,
        /// Reciprocal of the shape.
        inverse_shape: f64,
    },
    /// Exponential with a mean that is drawn first.
    Hyperexponential(Arc<[Weighted<f64>]>),
    /// One of several distributions, drawn first.
    Mixture(Arc<[Weighted<Self>]>),
    /// A distribution under the condition that it falls into an interval.
    Truncated(Arc<Truncated>),
    /// One of the listed values, each equally likely; ascending.
    Empirical(Arc<[f64]>),
}

/// A part of a mixture.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighted<T> {
    /// The probability of this part or one before it.
    cumulative: f64,
    part: T,
}

/// See [`Distribution::truncated`].
#[derive(Clone, Debug, PartialEq)]
pub struct Truncated {
    part: Distribution,
    min: f64,
    max: f64,
    /// Probability that `part` falls into the interval.
    mass: f64,
}

impl Distribution {
    /// One draw.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Exponential { mean } => mean * exponential(stream),
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * normal(stream)),
            Self::Uniform { min, width } => min + width * uniform(stream),
            Self::Weibull { scale, inverse_shape } => {
                scale * libm::pow(exponential(stream), inverse_shape)
            }
            Self::Gamma { shape, scale } => scale * gamma(shape, stream),
            Self::Hyperexponential(ref phases) => *choose(phases, stream) * exponential(stream),
            Self::Mixture(ref parts) => choose(parts, stream).sample(stream),
            Self::Truncated(ref truncated) => truncated.sample(stream),
            Self::Empirical(ref values) => {
                values[((uniform(stream) * values.len() as f64) as usize).min(values.len() - 1)]
            }
        }
    }

    /// One draw of a distribution of seconds.
    #[inline]
    pub fn span(&self, stream: &mut Stream) -> Span {
        Span::from_secs_f64(self.sample(stream))
    }

    /// One draw of a distribution of seconds under the condition that it is longer than a span, which it
    /// is to be now and then.
    pub fn span_beyond(&self, least: Span, stream: &mut Stream) -> Span {
        let mut draws = (0..CONDITIONED_TRIES).map(|_| self.span(stream));
        draws.find(|span| *span > least).unwrap_or(least)
    }

    /// The exact mean.
    pub fn mean(&self) -> f64 {
        self.partial_moment(1, f64::INFINITY)
    }

    /// The exact variance.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        (self.partial_moment(2, f64::INFINITY) - mean * mean).max(0.0)
    }

    /// The coefficient of variation: standard deviation divided by mean; 0 if the mean is 0.
    pub fn cv(&self) -> f64 {
        let mean = self.mean();
        if mean > 0.0 { libm::sqrt(self.variance()) / mean } else { 0.0 }
    }

    /// The probability of a value of at most `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.partial_moment(0, x)
    }
}

impl Truncated {
    /// Draws until a value falls into the interval. The constructor has made sure that one in a
    /// hundred does, so the value after the last try is cut for form's sake only.
    fn sample(&self, stream: &mut Stream) -> f64 {
        let mut value = self.part.sample(stream);
        for _ in 1..TRUNCATED_TRIES {
            if self.min <= value && value <= self.max {
                break;
            }
            value = self.part.sample(stream);
        }
        value.clamp(self.min, self.max)
    }
}

#[inline]
fn exponential(stream: &mut Stream) -> f64 {
    -libm::log1p(-uniform(stream))
}

#[inline]
fn normal(stream: &mut Stream) -> f64 {
    normal_quantile(open_uniform(stream))
}

/// Gamma of scale 1 (Marsaglia and Tsang 2000, ACM Transactions on Mathematical Software 26(3),
/// 363–372), with their power of a uniform number for shapes below 1.
fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(open_uniform(stream), 1.0 / shape);
        return boost * gamma(shape + 1.0, stream);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = normal(stream);
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        let u = open_uniform(stream);
        let square = x * x;
        if u < 1.0 - 0.0331 * square * square
            || libm::log(u) < 0.5 * square + d * (1.0 - v + libm::log(v))
        {
            return d * v;
        }
    }
}

fn choose<'a, T>(parts: &'a [Weighted<T>], stream: &mut Stream) -> &'a T {
    let u = uniform(stream);
    let index = parts.partition_point(|part| part.cumulative <= u);
    &parts[index.min(parts.len() - 1)].part
}

/// All fail with a probability below 0.99^10000 ≈ 10⁻⁴⁴.
const TRUNCATED_TRIES: u32 = 10_000;
/// Of a draw that one in ten thousand is; all fail once in 10⁴³.
const CONDITIONED_TRIES: u32 = 1_000_000;
