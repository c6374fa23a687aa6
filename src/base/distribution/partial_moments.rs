//! Exact partial moments of every distribution.

use super::{Distribution, Truncated, Weighted};
use crate::base::special::{gamma_cdf, normal_cdf};

impl Distribution {
    /// E\[X^order; X ≤ x\]: for order 0 the distribution function, for `x` = ∞ the whole moment.
    ///
    /// One function serves mean, variance, distribution function and truncation. The forms follow
    /// from completing the density of each family to a member of the same family (Johnson, Kotz
    /// and Balakrishnan, Continuous Univariate Distributions I).
    pub(super) fn partial_moment(&self, order: u32, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        match *self {
            Self::Fixed(value) => atom(value, order, x),
            Self::Uniform { min, width } => {
                let end = x.clamp(min, min + width);
                (power(end, order + 1) - power(min, order + 1)) / (f64::from(order + 1) * width)
            }
            Self::Exponential { mean } => exponential(mean, order, x),
            Self::Gamma { shape, scale } => gamma(shape, scale, order, x),
            Self::Lognormal { mu, sigma } => {
                let order = f64::from(order);
                let whole = libm::exp(order * (mu + order * sigma * sigma / 2.0));
                whole * normal_cdf((libm::log(x) - mu) / sigma - order * sigma)
            }
            Self::Weibull { scale, inverse_shape } => {
                let shape = 1.0 + f64::from(order) * inverse_shape;
                let hazard = libm::pow(x / scale, 1.0 / inverse_shape);
                power(scale, order) * libm::tgamma(shape) * gamma_cdf(shape, hazard)
            }
            Self::Hyperexponential(ref phases) => {
                weighted(phases, |&mean| exponential(mean, order, x))
            }
            Self::Mixture(ref parts) => weighted(parts, |part| part.partial_moment(order, x)),
            Self::Truncated(ref truncated) => truncated.partial_moment(order, x),
            Self::Empirical(ref values) => {
                let sum: f64 = values.iter().map(|&value| atom(value, order, x)).sum();
                sum / values.len() as f64
            }
        }
    }
}

impl Truncated {
    fn partial_moment(&self, order: u32, x: f64) -> f64 {
        if x < self.min {
            return 0.0;
        }
        let up_to = |x| self.part.partial_moment(order, x);
        (up_to(x.min(self.max)) - up_to(self.min.next_down())) / self.mass
    }
}

fn atom(value: f64, order: u32, x: f64) -> f64 {
    if value <= x { power(value, order) } else { 0.0 }
}

fn exponential(mean: f64, order: u32, x: f64) -> f64 {
    gamma(1.0, mean, order, x)
}

fn gamma(shape: f64, scale: f64, order: u32, x: f64) -> f64 {
    let whole: f64 = (0..order).map(|k| (shape + f64::from(k)) * scale).product();
    whole * gamma_cdf(shape + f64::from(order), x / scale)
}

fn weighted<T>(parts: &[Weighted<T>], moment: impl Fn(&T) -> f64) -> f64 {
    let mut before = 0.0;
    let mut sum = 0.0;
    for part in parts {
        sum += (part.cumulative - before) * moment(&part.part);
        before = part.cumulative;
    }
    sum
}

/// Not `powi`, whose last bit is the platform's choice.
fn power(base: f64, exponent: u32) -> f64 {
    (0..exponent).map(|_| base).product()
}
