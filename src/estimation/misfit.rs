//! How far a fitted distribution is from the sample.

use super::duration_bins::Sample;
use super::law::Law;
use super::survival::SurvivalCurve;

/// How far a distribution is from the curve of Kaplan and Meier of its sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// The greatest distance between the two distribution functions, where the sample has one.
    pub distance: f64,
    /// The greatest distance that is tolerable.
    pub threshold: f64,
    /// Quantiles of both, for a plot of one against the other.
    pub quantiles: Vec<QuantilePoint>,
}

/// A quantile of the sample and of the distribution, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantilePoint {
    /// Share that is not longer.
    pub probability: f64,
    /// In the sample.
    pub measured: f64,
    /// In the fitted distribution.
    pub fitted: f64,
}

impl Misfit {
    /// Compares a distribution with its sample and the curve of that.
    ///
    /// The threshold is 0.03, about which no planner cares, and beside it the 1 % bound of Kolmogorov's
    /// statistic, 1.63 / √n for n times that ended, which chance exceeds still more rarely as the
    /// parameters were fitted (Lilliefors 1967, Journal of the American Statistical Association 62,
    /// 399–402).
    pub fn of(law: &Law, sample: &Sample, curve: &SurvivalCurve) -> Self {
        let mut distance: f64 = 0.0;
        let mut before = 1.0;
        for step in curve.steps() {
            let within = sample.bin(step.seconds);
            distance = distance
                .max((law.survival(within.from) - before).abs())
                .max((law.survival(within.to) - step.survival).abs());
            before = step.survival;
        }
        let point = |probability: f64| {
            let measured = curve.quantile(probability)?;
            Some(QuantilePoint { probability, measured, fitted: law.quantile(probability) })
        };
        Self {
            distance,
            threshold: NOBODY_CARES + KOLMOGOROV / libm::sqrt(sample.ends().max(1.0)),
            quantiles: (1..100).filter_map(|percent| point(f64::from(percent) / 100.0)).collect(),
        }
    }

    /// Whether the distribution may stand for the sample; else the sample should stand for itself
    /// ([`empirical_values`]).
    pub fn is_tolerable(&self) -> bool {
        self.distance <= self.threshold
    }
}

/// The sample in its own stead: `count` values, each as likely, that are the quantiles of the curve at the
/// middles of as many equal shares. None if that many times did not end, so that its tail is not known.
pub fn empirical_values(curve: &SurvivalCurve, count: u32) -> Option<Vec<f64>> {
    let middle = |number: u32| (f64::from(number) + 0.5) / f64::from(count);
    (0..count).map(|number| curve.quantile(middle(number))).collect()
}

const NOBODY_CARES: f64 = 0.03;
const KOLMOGOROV: f64 = 1.63;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::testing::stream;
    use crate::base::time::Span;
    use crate::estimation::drawn::durations;
    use crate::estimation::law::{Family, LawForm};
    use crate::estimation::{DurationBins, choose_fit};

    #[test]
    fn the_distance_by_hand() {
        let mut bins = DurationBins::of_ticks(Span::from_secs(10));
        [10, 20].into_iter().for_each(|seconds| bins.add(Span::from_secs(seconds)));
        let law = LawForm::plain(Family::Exponential).law(&[libm::log(20.0)]);
        let sample = bins.sample();
        let misfit = Misfit::of(&law, &sample, &SurvivalCurve::of(&sample));
        // At 15 s: a half against exp(−.75) = .4724; at 25 s: nobody against exp(−1.25) = .2865.
        assert!((misfit.distance - 0.286_505).abs() < 1e-6, "{misfit:?}");
        assert!((misfit.threshold - 0.03 - 1.63 / libm::sqrt(2.0)).abs() < 1e-12);
        assert_eq!(misfit.quantiles.len(), 99);
        let median = misfit.quantiles[49];
        assert_eq!((median.probability, median.measured), (0.5, 10.0));
        assert!((median.fitted - 20.0 * std::f64::consts::LN_2).abs() < 1e-9);
    }

    #[test]
    fn what_no_family_has_is_a_misfit_and_stands_for_itself() {
        let parts = [(0.5, 30.0, 31.0), (0.2, 100.0, 101.0), (0.3, 400.0, 500.0)];
        let parts = parts.map(|(w, low, high)| (w, Distribution::uniform(low, high).unwrap()));
        let mixture = Distribution::mixture(parts).unwrap();
        let bins = durations(20_000, &mixture, None, &mut stream(184));
        let families = [Family::Exponential, Family::Gamma, Family::Weibull, Family::Lognormal];
        let chosen = choose_fit(&bins.sample(), &families).unwrap();
        assert!(!chosen.misfit.is_tolerable(), "{:?}", chosen.misfit.distance);
        let values = empirical_values(&SurvivalCurve::of(&bins.sample()), 1_000).unwrap();
        let mean = values.iter().sum::<f64>() / 1_000.0;
        assert!((mean / mixture.mean() - 1.0).abs() < 0.02, "{mean}");
    }

    #[test]
    fn a_tail_that_was_not_seen_cannot_stand_for_itself() {
        let mut bins = DurationBins::exact();
        bins.add(Span::from_secs(1));
        bins.add_censored(Span::from_secs(2));
        let curve = SurvivalCurve::of(&bins.sample());
        assert_eq!(empirical_values(&curve, 10), None);
        let law = LawForm::plain(Family::Exponential).law(&[0.0]);
        assert_eq!(Misfit::of(&law, &bins.sample(), &curve).quantiles.len(), 50);
    }
}
