//! Constructors of distributions: parameters as people know them, checked.

use std::fmt;
use std::ops::RangeInclusive;

use super::{Distribution, Truncated, Weighted};
use crate::base::special::normal_quantile;

/// A value and the probability of staying at or below it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// Above 0 and below 1: 0.5 for the median.
    pub probability: f64,
    /// The value.
    pub value: f64,
}

/// A parameter that is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionError {
    parameter: &'static str,
    message: String,
}

impl DistributionError {
    fn new(parameter: &'static str, message: impl Into<String>) -> Self {
        Self { parameter, message: message.into() }
    }

    /// The name of the parameter, as in the constructor.
    pub fn parameter(&self) -> &'static str {
        self.parameter
    }
}

/// What is allowed and what was given.
impl fmt::Display for DistributionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DistributionError {}

/// Every constructor fails on numbers that are not finite and on those named in its description.
impl Distribution {
    /// Always `value`, which may be 0.
    pub fn fixed(value: f64) -> Result<Self, DistributionError> {
        not_negative("value", value).map(Self::Fixed)
    }

    /// Uniform between `min` ≥ 0 and `max` ≥ `min`.
    pub fn uniform(min: f64, max: f64) -> Result<Self, DistributionError> {
        not_negative("min", min)?;
        not_negative("max", max)?;
        if max < min {
            return Err(at_least_min(min, max));
        }
        if max == min {
            return Ok(Self::Fixed(min));
        }
        Self::Uniform { min, width: max - min }.with_finite_moments("max")
    }

    /// Exponential with `mean` > 0.
    pub fn exponential(mean: f64) -> Result<Self, DistributionError> {
        Self::Exponential { mean: positive("mean", mean)? }.with_finite_moments("mean")
    }

    /// Gamma with `mean` > 0 and coefficient of variation `cv` from 0.001 to 1000.
    pub fn gamma(mean: f64, cv: f64) -> Result<Self, DistributionError> {
        within("cv", cv, CV)?;
        Self::gamma_by_shape(mean, 1.0 / (cv * cv))
    }

    /// Gamma with `mean` > 0 and `shape` from 10⁻⁶ to 10⁶.
    pub fn gamma_by_shape(mean: f64, shape: f64) -> Result<Self, DistributionError> {
        positive("mean", mean)?;
        within("shape", shape, GAMMA_SHAPE)?;
        Self::Gamma { shape, scale: mean / shape }.with_finite_moments("mean")
    }

    /// Erlang: the sum of `phases` exponential times, 1 to 10⁶, with `mean` > 0 together.
    pub fn erlang(mean: f64, phases: u32) -> Result<Self, DistributionError> {
        within("phases", f64::from(phases), 1.0..=*GAMMA_SHAPE.end())?;
        Self::gamma_by_shape(mean, f64::from(phases))
    }

    /// Lognormal with `mean` > 0 and coefficient of variation `cv` from 0.001 to 1000.
    pub fn lognormal(mean: f64, cv: f64) -> Result<Self, DistributionError> {
        positive("mean", mean)?;
        within("cv", cv, CV)?;
        let variance = libm::log1p(cv * cv);
        Self::Lognormal { mu: libm::log(mean) - variance / 2.0, sigma: libm::sqrt(variance) }
            .with_finite_moments("mean")
    }

    /// Lognormal through two quantiles of values above 0, the higher value at the higher
    /// probability.
    pub fn lognormal_by_quantiles(
        one: Quantile,
        other: Quantile,
    ) -> Result<Self, DistributionError> {
        let (low, high) = ordered(one, other)?;
        let (z_low, z_high) = (normal_quantile(low.probability), normal_quantile(high.probability));
        let sigma = (libm::log(high.value) - libm::log(low.value)) / (z_high - z_low);
        Self::Lognormal { mu: libm::log(low.value) - sigma * z_low, sigma }
            .with_finite_moments("quantiles")
    }

    /// Weibull with `mean` > 0 and coefficient of variation `cv` from 0.001 to 1000.
    pub fn weibull(mean: f64, cv: f64) -> Result<Self, DistributionError> {
        positive("mean", mean)?;
        within("cv", cv, CV)?;
        let inverse_shape = weibull_inverse_shape(cv);
        let scale = mean / libm::tgamma(1.0 + inverse_shape);
        Self::Weibull { scale, inverse_shape }.with_finite_moments("mean")
    }

    /// Weibull with `shape` > 0 and `scale` > 0, the 63.2 % quantile.
    pub fn weibull_by_shape(shape: f64, scale: f64) -> Result<Self, DistributionError> {
        positive("shape", shape)?;
        positive("scale", scale)?;
        Self::Weibull { scale, inverse_shape: 1.0 / shape }.with_finite_moments("shape")
    }

    /// Weibull through two quantiles of values above 0, the higher value at the higher
    /// probability.
    pub fn weibull_by_quantiles(one: Quantile, other: Quantile) -> Result<Self, DistributionError> {
        let (low, high) = ordered(one, other)?;
        let log_hazard = |p: f64| libm::log(-libm::log1p(-p));
        let inverse_shape = (libm::log(high.value) - libm::log(low.value))
            / (log_hazard(high.probability) - log_hazard(low.probability));
        let scale = libm::exp(libm::log(low.value) - inverse_shape * log_hazard(low.probability));
        Self::Weibull { scale, inverse_shape }.with_finite_moments("quantiles")
    }

    /// Exponential with one of several means > 0, given as (probability, mean); the
    /// probabilities sum to 1.
    pub fn hyperexponential(phases: &[(f64, f64)]) -> Result<Self, DistributionError> {
        for &(_, mean) in phases {
            positive("mean", mean)?;
        }
        let parts = weighted("probability", phases.iter().copied())?;
        let sum: f64 = phases.iter().map(|&(probability, _)| probability).sum();
        if (sum - 1.0).abs() > 1e-6 {
            let message = format!("probability: all must sum to 1, but sum to {sum}");
            return Err(DistributionError::new("probability", message));
        }
        Self::Hyperexponential(parts.into()).with_finite_moments("mean")
    }

    /// Hyperexponential of two phases that contribute the same to the `mean` > 0 ("balanced
    /// means"), with coefficient of variation `cv` above 1 and at most 1000 (Whitt 1982,
    /// Operations Research 30(1), 125–147).
    pub fn hyperexponential_by_cv(mean: f64, cv: f64) -> Result<Self, DistributionError> {
        positive("mean", mean)?;
        if !(cv > 1.0 && cv <= *CV.end()) {
            let message = format!("cv must be above 1 and at most {}, but is {cv}", CV.end());
            return Err(DistributionError::new("cv", message));
        }
        let square = cv * cv;
        // The probability of the long phase, written so that a large cv costs it no digits.
        let root = libm::sqrt((square - 1.0) / (square + 1.0));
        let long = 1.0 / ((square + 1.0) * (1.0 + root));
        let short = 1.0 - long;
        Self::hyperexponential(&[(short, mean / (2.0 * short)), (long, mean / (2.0 * long))])
    }

    /// One of several distributions, given as (weight, part); weights are at least 0, not all 0,
    /// and need not sum to 1.
    pub fn mixture(
        parts: impl IntoIterator<Item = (f64, Self)>,
    ) -> Result<Self, DistributionError> {
        let parts = weighted("weight", parts)?;
        Self::Mixture(parts.into()).with_finite_moments("weight")
    }

    /// `part` under the condition that it falls between `min` and `max`, both included; `max` may
    /// be infinite. At least one percent of `part` must lie there.
    pub fn truncated(part: Self, min: f64, max: f64) -> Result<Self, DistributionError> {
        not_negative("min", min)?;
        if max.is_nan() || max < min {
            return Err(at_least_min(min, max));
        }
        let mass = part.cdf(max) - part.cdf(min.next_down());
        if mass < TRUNCATED_MASS {
            let (least, percent) = (100.0 * TRUNCATED_MASS, 100.0 * mass);
            let message = format!(
                "min: at least {least} % of the distribution must lie between {min} and {max}, \
                 but {percent:.4} % does"
            );
            return Err(DistributionError::new("min", message));
        }
        Self::Truncated(Truncated { part, min, max, mass }.into()).with_finite_moments("max")
    }

    /// One of `values`, each equally likely; at least one, none negative.
    pub fn empirical(mut values: Vec<f64>) -> Result<Self, DistributionError> {
        if values.is_empty() {
            return Err(DistributionError::new("values", "values must not be empty"));
        }
        for &value in &values {
            not_negative("values", value)?;
        }
        values.sort_by(f64::total_cmp);
        Self::Empirical(values.into()).with_finite_moments("values")
    }

    fn with_finite_moments(self, parameter: &'static str) -> Result<Self, DistributionError> {
        let second = self.partial_moment(2, f64::INFINITY);
        if self.mean().is_finite() && second.is_finite() {
            return Ok(self);
        }
        let message = format!("{parameter}: these parameters give no finite mean and variance");
        Err(DistributionError::new(parameter, message))
    }
}

fn not_negative(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    let message = format!("{parameter} must be a finite number of at least 0, but is {value}");
    Err(DistributionError::new(parameter, message))
}

fn positive(parameter: &'static str, value: f64) -> Result<f64, DistributionError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    let message = format!("{parameter} must be a finite number above 0, but is {value}");
    Err(DistributionError::new(parameter, message))
}

fn within(
    parameter: &'static str,
    value: f64,
    range: RangeInclusive<f64>,
) -> Result<f64, DistributionError> {
    if range.contains(&value) {
        return Ok(value);
    }
    let (low, high) = range.into_inner();
    let message = format!("{parameter} must be between {low} and {high}, but is {value}");
    Err(DistributionError::new(parameter, message))
}

fn at_least_min(min: f64, max: f64) -> DistributionError {
    DistributionError::new("max", format!("max must be at least min, {min}, but is {max}"))
}

fn ordered(one: Quantile, other: Quantile) -> Result<(Quantile, Quantile), DistributionError> {
    for quantile in [one, other] {
        if !(quantile.probability > 0.0 && quantile.probability < 1.0) {
            let message = format!(
                "quantiles: a probability must be above 0 and below 1, but is {}",
                quantile.probability
            );
            return Err(DistributionError::new("quantiles", message));
        }
        positive("quantiles", quantile.value)?;
    }
    let (low, high) = if one.probability < other.probability { (one, other) } else { (other, one) };
    if low.probability < high.probability && low.value < high.value {
        return Ok((low, high));
    }
    let message = format!(
        "quantiles: of two the one at the higher probability must have the higher value, \
         but they are {} at {} and {} at {}",
        low.value, low.probability, high.value, high.probability
    );
    Err(DistributionError::new("quantiles", message))
}

/// Normalizes the weights and leaves out parts that cannot be drawn.
fn weighted<T>(
    parameter: &'static str,
    parts: impl IntoIterator<Item = (f64, T)>,
) -> Result<Vec<Weighted<T>>, DistributionError> {
    let mut sum = 0.0;
    let mut weighted = Vec::new();
    for (weight, part) in parts {
        if not_negative(parameter, weight)? > 0.0 {
            sum += weight;
            weighted.push(Weighted { cumulative: sum, part });
        }
    }
    if weighted.is_empty() || !f64::is_finite(sum) {
        let message = format!("{parameter}: at least one must be above 0, and the sum finite");
        return Err(DistributionError::new(parameter, message));
    }
    for part in &mut weighted {
        part.cumulative /= sum;
    }
    Ok(weighted)
}

/// Solves Γ(1 + 2s) / Γ(1 + s)² = 1 + cv² for s, the reciprocal of the shape, by bisection: the
/// left side grows with s.
fn weibull_inverse_shape(cv: f64) -> f64 {
    let target = libm::log1p(cv * cv);
    let (mut low, mut high) = (1e-4, 20.0);
    for _ in 0..100 {
        let middle = libm::sqrt(low * high);
        let value = libm::lgamma(1.0 + 2.0 * middle) - 2.0 * libm::lgamma(1.0 + middle);
        if value < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

const CV: RangeInclusive<f64> = 0.001..=1000.0;
/// The shapes of those coefficients of variation.
const GAMMA_SHAPE: RangeInclusive<f64> = 1e-6..=1e6;
/// Sampling draws again until it meets the interval.
const TRUNCATED_MASS: f64 = 0.01;
