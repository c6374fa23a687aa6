//! Distributions as fits see them: on unbounded parameters, with densities and tails.

use std::f64::consts::PI;

use super::duration_bins::Sample;
use crate::base::distribution::{Distribution, DistributionError};
use crate::base::special::{gamma_cdf, gamma_survival, normal_cdf};

/// A family of distributions of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Exponential.
    Exponential,
    /// Gamma.
    Gamma,
    /// Weibull.
    Weibull,
    /// Lognormal.
    Lognormal,
    /// One of two lognormals.
    TwoLognormals,
}

/// A family, and whether a share of the times is no time at all beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LawForm {
    /// Of the times that are not at once.
    pub family: Family,
    /// Whether a share ends at once.
    pub has_share_at_once: bool,
}

/// A distribution of times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    /// Probability of no time at all.
    pub at_once: f64,
    /// Of the others.
    pub body: Body,
}

/// A distribution of times above 0; scales in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Body {
    /// Exponential.
    Exponential {
        /// Mean, seconds.
        mean: f64,
    },
    /// Gamma.
    Gamma {
        /// Mean, seconds.
        mean: f64,
        /// Shape.
        shape: f64,
    },
    /// Weibull.
    Weibull {
        /// The 63.2 % quantile, seconds.
        scale: f64,
        /// Shape.
        shape: f64,
    },
    /// Lognormal.
    Lognormal(LogNormal),
    /// One of two lognormals.
    TwoLognormals {
        /// Probability of the first.
        share: f64,
        /// The first.
        first: LogNormal,
        /// The second.
        second: LogNormal,
    },
}

/// A lognormal distribution of seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    /// Mean of the logarithm.
    pub mu: f64,
    /// Standard deviation of the logarithm.
    pub sigma: f64,
}

/// How a parameter is shown: its name, and how the value comes from the unbounded one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterKind {
    /// As in a table of results.
    pub name: &'static str,
    /// From the unbounded to the natural scale.
    pub scale: ParameterScale,
}

/// From an unbounded parameter to its natural scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterScale {
    /// Its exponential: a positive number.
    Positive,
    /// exp / (1 + exp): a share.
    Share,
}

impl ParameterScale {
    /// The natural value; grows with the unbounded one.
    pub fn natural(self, unbounded: f64) -> f64 {
        match self {
            Self::Positive => libm::exp(unbounded),
            Self::Share => logistic(unbounded),
        }
    }
}

impl LawForm {
    /// A family without a share at once.
    pub const fn plain(family: Family) -> Self {
        Self { family, has_share_at_once: false }
    }

    /// Its parameters, in order.
    pub fn parameters(self) -> Vec<ParameterKind> {
        use ParameterScale::{Positive, Share};
        let kind = |name, scale| ParameterKind { name, scale };
        let mut kinds = Vec::new();
        if self.has_share_at_once {
            kinds.push(kind("share_at_once", Share));
        }
        let [mean, shape, scale] = ["mean", "shape", "scale"].map(|name| kind(name, Positive));
        match self.family {
            Family::Exponential => kinds.push(mean),
            Family::Gamma => kinds.extend([mean, shape]),
            Family::Weibull => kinds.extend([scale, shape]),
            Family::Lognormal => kinds.extend(["median", "sigma"].map(|name| kind(name, Positive))),
            Family::TwoLognormals => {
                kinds.push(kind("share_of_first", Share));
                let names = ["median_of_first", "sigma_of_first"];
                kinds.extend(names.map(|name| kind(name, Positive)));
                let names = ["median_of_second", "sigma_of_second"];
                kinds.extend(names.map(|name| kind(name, Positive)));
            }
        }
        kinds
    }

    /// The distribution of unbounded parameters, in the order of [`LawForm::parameters`].
    ///
    /// # Panics
    ///
    /// If there are too few of them.
    pub fn law(self, unbounded: &[f64]) -> Law {
        let share = usize::from(self.has_share_at_once);
        let at_once = if self.has_share_at_once { logistic(unbounded[0]) } else { 0.0 };
        let own = &unbounded[share..];
        let positive = |parameter: usize| libm::exp(own[parameter]);
        let lognormal = |from: usize| LogNormal { mu: own[from], sigma: positive(from + 1) };
        let body = match self.family {
            Family::Exponential => Body::Exponential { mean: positive(0) },
            Family::Gamma => Body::Gamma { mean: positive(0), shape: positive(1) },
            Family::Weibull => Body::Weibull { scale: positive(0), shape: positive(1) },
            Family::Lognormal => Body::Lognormal(lognormal(0)),
            Family::TwoLognormals => Body::TwoLognormals {
                share: logistic(own[0]),
                first: lognormal(1),
                second: lognormal(3),
            },
        };
        Law { at_once, body }
    }
}

impl Law {
    /// The probability of lasting longer than a time (seconds, at least 0).
    pub fn survival(&self, seconds: f64) -> f64 {
        (1.0 - self.at_once) * self.body.survival(seconds)
    }

    /// The mean, seconds.
    pub fn mean(&self) -> f64 {
        (1.0 - self.at_once) * self.body.mean()
    }

    /// The time that a share `probability` does not outlast, seconds.
    pub fn quantile(&self, probability: f64) -> f64 {
        if probability <= self.at_once {
            return 0.0;
        }
        let (mut low, mut high) = (LOWEST_LOGARITHM, HIGHEST_LOGARITHM);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            let is_below = 1.0 - self.survival(libm::exp(middle)) < probability;
            *(if is_below { &mut low } else { &mut high }) = middle;
        }
        libm::exp(f64::midpoint(low, high))
    }

    /// As scenarios have it; an error if it has no finite mean and variance.
    pub fn distribution(&self) -> Result<Distribution, DistributionError> {
        let body = self.body.distribution()?;
        if self.at_once == 0.0 {
            return Ok(body);
        }
        Distribution::mixture([
            (self.at_once, Distribution::fixed(0.0)?),
            (1.0 - self.at_once, body),
        ])
    }

    /// The log-likelihood of a sample: densities of times that ended, probabilities of the intervals
    /// where a coarse clock leaves them, tails of those that were cut (Klein and Moeschberger 2003,
    /// Survival Analysis, section 3.5).
    pub fn log_likelihood(&self, sample: &Sample) -> f64 {
        let mut sum = 0.0;
        for time in &sample.ended {
            sum += time.weight * self.log_end(sample, time.seconds);
        }
        for time in &sample.censored {
            sum += time.weight * floored_log(self.survival(time.seconds));
        }
        sum
    }

    fn log_end(&self, sample: &Sample, seconds: f64) -> f64 {
        let place = sample.place(seconds);
        if place.from == place.to {
            return libm::log1p(-self.at_once) + self.body.log_density(seconds);
        }
        let within = (1.0 - self.at_once) * self.body.probability(place.from, place.to);
        floored_log(if place.from == 0.0 { self.at_once + within } else { within })
    }
}

/// From here on a gamma variable is as good as the cube of a normal one, to five digits; series and
/// fractions take a time that grows with the root of the shape, and a likelihood that grows without end
/// leads to ever larger ones.
const LARGE_SHAPE: f64 = 1e4;

/// The standard normal deviate of a gamma variable of large shape at a multiple of its mean (Wilson and
/// Hilferty 1931, The distribution of chi-square, PNAS 17, 684–688).
fn gamma_deviate(shape: f64, of_mean: f64) -> f64 {
    let variance = 1.0 / (9.0 * shape);
    (libm::cbrt(of_mean) - (1.0 - variance)) / libm::sqrt(variance)
}

impl Body {
    /// Logarithm of the density at a time above 0.
    pub fn log_density(&self, x: f64) -> f64 {
        match *self {
            Self::Exponential { mean } => -libm::log(mean) - x / mean,
            Self::Gamma { mean, shape } => {
                let scaled = x * shape / mean;
                shape * libm::log(scaled) - scaled - libm::lgamma(shape) - libm::log(x)
            }
            Self::Weibull { scale, shape } => {
                let logarithm = shape * libm::log(x / scale);
                libm::log(shape) + logarithm - libm::exp(logarithm) - libm::log(x)
            }
            Self::Lognormal(lognormal) => lognormal.log_density(x),
            Self::TwoLognormals { share, first, second } => {
                let first = share * libm::exp(first.log_density(x));
                floored_log(first + (1.0 - share) * libm::exp(second.log_density(x)))
            }
        }
    }

    /// The probability of lasting longer.
    pub fn survival(&self, x: f64) -> f64 {
        match *self {
            Self::Exponential { mean } => libm::exp(-x / mean),
            Self::Gamma { mean, shape } if shape > LARGE_SHAPE => {
                normal_cdf(-gamma_deviate(shape, x / mean))
            }
            Self::Gamma { mean, shape } => gamma_survival(shape, x * shape / mean),
            Self::Weibull { scale, shape } => libm::exp(-libm::pow(x / scale, shape)),
            Self::Lognormal(lognormal) => lognormal.survival(x),
            Self::TwoLognormals { share, first, second } => {
                share * first.survival(x) + (1.0 - share) * second.survival(x)
            }
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        match *self {
            Self::Exponential { mean } => -libm::expm1(-x / mean),
            Self::Gamma { mean, shape } if shape > LARGE_SHAPE => {
                normal_cdf(gamma_deviate(shape, x / mean))
            }
            Self::Gamma { mean, shape } => gamma_cdf(shape, x * shape / mean),
            Self::Weibull { scale, shape } => -libm::expm1(-libm::pow(x / scale, shape)),
            Self::Lognormal(lognormal) => lognormal.cdf(x),
            Self::TwoLognormals { share, first, second } => {
                share * first.cdf(x) + (1.0 - share) * second.cdf(x)
            }
        }
    }

    /// The probability of an interval, from whichever tail has the digits.
    fn probability(&self, from: f64, to: f64) -> f64 {
        let below = self.cdf(from);
        if below < 0.5 { self.cdf(to) - below } else { self.survival(from) - self.survival(to) }
    }

    fn mean(&self) -> f64 {
        match *self {
            Self::Exponential { mean } | Self::Gamma { mean, .. } => mean,
            Self::Weibull { scale, shape } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Self::Lognormal(lognormal) => lognormal.mean(),
            Self::TwoLognormals { share, first, second } => {
                share * first.mean() + (1.0 - share) * second.mean()
            }
        }
    }

    fn distribution(&self) -> Result<Distribution, DistributionError> {
        match *self {
            Self::Exponential { mean } => Distribution::exponential(mean),
            Self::Gamma { mean, shape } => Distribution::gamma_by_shape(mean, shape),
            Self::Weibull { scale, shape } => Distribution::weibull_by_shape(shape, scale),
            Self::Lognormal(lognormal) => lognormal.distribution(),
            Self::TwoLognormals { share, first, second } => Distribution::mixture([
                (share, first.distribution()?),
                (1.0 - share, second.distribution()?),
            ]),
        }
    }
}

impl LogNormal {
    fn standard(self, x: f64) -> f64 {
        (libm::log(x) - self.mu) / self.sigma
    }

    fn log_density(self, x: f64) -> f64 {
        let z = self.standard(x);
        -z * z / 2.0 - libm::log(self.sigma * x) - libm::log(2.0 * PI) / 2.0
    }

    fn survival(self, x: f64) -> f64 {
        normal_cdf(-self.standard(x))
    }

    fn cdf(self, x: f64) -> f64 {
        normal_cdf(self.standard(x))
    }

    fn mean(self) -> f64 {
        libm::exp(self.mu + self.sigma * self.sigma / 2.0)
    }

    fn distribution(self) -> Result<Distribution, DistributionError> {
        Distribution::lognormal(self.mean(), libm::sqrt(libm::expm1(self.sigma * self.sigma)))
    }
}

/// exp(x) / (1 + exp(x)).
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// The inverse of [`logistic`].
pub(super) fn log_odds(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}

/// A logarithm that stays finite where a probability is no longer told from 0.
pub(super) fn floored_log(probability: f64) -> f64 {
    libm::log(probability.max(LEAST))
}

const LEAST: f64 = 1e-300;
/// Of a nanosecond.
const LOWEST_LOGARITHM: f64 = -21.0;
/// Of ten thousand years.
const HIGHEST_LOGARITHM: f64 = 27.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_variables_of_large_shape_are_as_those_of_the_series() {
        for of_mean in [0.96, 0.98, 1.0, 1.01, 1.03] {
            let (shape, mean) = (1.000_001 * LARGE_SHAPE, 40.0);
            let body = Body::Gamma { mean, shape };
            let (x, exact) = (of_mean * mean, gamma_survival(shape, of_mean * shape));
            assert!((body.survival(x) - exact).abs() < 1e-5, "{of_mean}: {}", body.survival(x));
            assert!((body.cdf(x) - (1.0 - exact)).abs() < 1e-5, "{of_mean}");
        }
    }
    use crate::base::time::Span;
    use crate::estimation::DurationBins;

    fn laws() -> Vec<Law> {
        let form = |family, parameters: &[f64]| LawForm::plain(family).law(parameters);
        vec![
            form(Family::Exponential, &[3.0]),
            form(Family::Gamma, &[3.0, 0.7]),
            form(Family::Weibull, &[3.0, -0.4]),
            form(Family::Lognormal, &[3.0, 0.2]),
            form(Family::TwoLognormals, &[0.5, 2.0, -0.5, 4.0, 0.1]),
            LawForm { family: Family::Exponential, has_share_at_once: true }.law(&[-1.0, 3.0]),
        ]
    }

    #[test]
    fn a_law_is_the_distribution_that_scenarios_have() {
        for law in laws() {
            let distribution = law.distribution().unwrap();
            assert!((law.mean() / distribution.mean() - 1.0).abs() < 1e-9, "{law:?}");
            for x in [0.01, 1.0, 20.0, 90.0] {
                let sum = law.survival(x) + distribution.cdf(x);
                assert!((sum - 1.0).abs() < 1e-9, "{law:?} {x}");
                assert!((law.body.survival(x) + law.body.cdf(x) - 1.0).abs() < 1e-12);
            }
            for p in [0.3, 0.5, 0.99] {
                assert!((1.0 - law.survival(law.quantile(p)) - p).abs() < 1e-9, "{law:?} {p}");
            }
        }
        assert_eq!(laws()[5].quantile(0.2), 0.0);
    }

    #[test]
    fn a_density_is_the_slope_of_its_distribution() {
        for law in laws() {
            for x in [0.5, 12.0, 60.0] {
                let slope = law.body.probability(x - 1e-4, x + 1e-4) / 2e-4;
                let density = libm::exp(law.body.log_density(x));
                assert!((slope / density - 1.0).abs() < 1e-6, "{law:?} {x} {slope} {density}");
            }
        }
    }

    #[test]
    fn ends_cells_and_cuts_have_their_likelihood() {
        let law = LawForm { family: Family::Exponential, has_share_at_once: true }
            .law(&[log_odds(0.2), libm::log(10.0)]);
        let mut bins = DurationBins::exact();
        bins.add(Span::from_secs(0));
        bins.add(Span::from_secs(20));
        bins.add_censored(Span::from_secs(30));
        let by_hand = libm::log(0.2) + (libm::log(0.08) - 2.0) + (libm::log(0.8) - 3.0);
        assert!((law.log_likelihood(&bins.sample()) - by_hand).abs() < 1e-6);
        let mut seconds = DurationBins::of_ticks(Span::from_secs(1));
        seconds.add(Span::from_secs(20));
        let cell = 0.8 * (libm::exp(-1.95) - libm::exp(-2.05));
        assert!((law.log_likelihood(&seconds.sample()) - libm::log(cell)).abs() < 1e-9);
    }

    #[test]
    fn a_form_names_as_many_parameters_as_it_takes() {
        for family in [
            Family::Exponential,
            Family::Gamma,
            Family::Weibull,
            Family::Lognormal,
            Family::TwoLognormals,
        ] {
            for has_share_at_once in [false, true] {
                let form = LawForm { family, has_share_at_once };
                let kinds = form.parameters();
                // One fewer would be too few.
                let law = form.law(&vec![0.1; kinds.len()]);
                assert!(law.mean() > 0.0);
                let fewer = std::panic::catch_unwind(|| form.law(&vec![0.1; kinds.len() - 1]));
                assert!(fewer.is_err());
            }
        }
        assert_eq!(ParameterScale::Share.natural(0.0), 0.5);
        assert_eq!(ParameterScale::Positive.natural(0.0), 1.0);
    }
}
