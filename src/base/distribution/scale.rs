//! The same distribution in a larger or smaller unit.

use super::{Distribution, Truncated, Weighted};

impl Distribution {
    /// The distribution of `factor` times a draw, `factor` positive and finite: every draw from the
    /// same random numbers is multiplied by it, shape and coefficient of variation stay.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        debug_assert!(factor > 0.0 && factor.is_finite(), "a factor of {factor}");
        match *self {
            Self::Fixed(value) => Self::Fixed(value * factor),
            Self::Uniform { min, width } => {
                Self::Uniform { min: min * factor, width: width * factor }
            }
            Self::Exponential { mean } => Self::Exponential { mean: mean * factor },
            Self::Gamma { shape, scale } => Self::Gamma { shape, scale: scale * factor },
            Self::Lognormal { mu, sigma } => Self::Lognormal { mu: mu + libm::log(factor), sigma },
            Self::Weibull { scale, inverse_shape } => {
                Self::Weibull { scale: scale * factor, inverse_shape }
            }
            Self::Hyperexponential(ref phases) => {
                Self::Hyperexponential(each(phases, |mean| mean * factor))
            }
            Self::Mixture(ref parts) => Self::Mixture(each(parts, |part| part.scaled(factor))),
            Self::Truncated(ref truncated) => Self::Truncated(
                Truncated {
                    part: truncated.part.scaled(factor),
                    min: truncated.min * factor,
                    max: truncated.max * factor,
                    mass: truncated.mass,
                }
                .into(),
            ),
            Self::Empirical(ref values) => {
                Self::Empirical(values.iter().map(|value| value * factor).collect())
            }
        }
    }
}

fn each<T>(parts: &[Weighted<T>], change: impl Fn(&T) -> T) -> std::sync::Arc<[Weighted<T>]> {
    let changed =
        |part: &Weighted<T>| Weighted { cumulative: part.cumulative, part: change(&part.part) };
    parts.iter().map(changed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::KindId;
    use crate::base::stream::{Purpose, Streams};

    #[test]
    fn every_draw_is_multiplied() {
        let part = Distribution::lognormal(60.0, 1.5).unwrap();
        let mixture = [(0.3, Distribution::fixed(5.0).unwrap()), (0.7, part.clone())];
        let all = [
            Distribution::fixed(5.0),
            Distribution::uniform(1.0, 4.0),
            Distribution::exponential(60.0),
            Distribution::gamma(60.0, 0.5),
            Ok(part.clone()),
            Distribution::weibull(60.0, 1.5),
            Distribution::hyperexponential_by_cv(60.0, 2.0),
            Distribution::mixture(mixture),
            Distribution::truncated(part, 10.0, 100.0),
            Distribution::empirical(vec![1.0, 2.0, 7.0]),
        ];
        for distribution in all {
            let distribution = distribution.unwrap();
            let longer = distribution.scaled(1.25);
            assert!((longer.mean() / distribution.mean() - 1.25).abs() < 1e-9, "{distribution:?}");
            let streams = Streams::new(7, 0);
            let stream = || streams.stream(Purpose::Arrivals, u64::from(KindId(0).0), 0);
            let (mut one, mut other) = (stream(), stream());
            for _ in 0..100 {
                let (draw, scaled) = (distribution.sample(&mut one), longer.sample(&mut other));
                assert!((scaled / draw - 1.25).abs() < 1e-9, "{distribution:?}: {draw} {scaled}");
            }
        }
    }
}
