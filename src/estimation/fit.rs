//! The distribution that a sample of times came from.

use super::confidence::{CONFIDENCE, ConfidenceInterval, Estimated};
use super::duration_bins::Sample;
use super::law::{Family, Law, LawForm, ParameterKind, log_odds};
use super::likelihood::{Maximum, maximize};
use super::misfit::Misfit;
use super::survival::SurvivalCurve;

/// A distribution fitted to a sample by maximum likelihood.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Which distribution.
    pub form: LawForm,
    /// With the estimated parameters.
    pub law: Law,
    /// The likelihood at its maximum, on unbounded parameters.
    pub maximum: Maximum,
    /// The parameters on their natural scale.
    pub parameters: Vec<FittedParameter>,
    /// The mean, seconds.
    pub mean: Estimated,
}

/// A parameter of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedParameter {
    /// Its name and scale.
    pub kind: ParameterKind,
    /// Its natural value; the interval is Wald's on the unbounded scale.
    pub estimated: Estimated,
}

/// Distributions fitted to the same sample.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenFit {
    /// All that could be fitted, best first.
    pub fits: Vec<Fit>,
    /// How far the best is from the sample.
    pub misfit: Misfit,
}

impl ChosenFit {
    /// The best.
    pub fn best(&self) -> &Fit {
        &self.fits[0]
    }
}

impl Fit {
    /// Fits one form; none if the sample does not determine its parameters.
    pub fn of(sample: &Sample, form: LawForm) -> Option<Self> {
        if sample.ends() == 0.0 {
            return None;
        }
        let tops = starts(sample, form);
        let tops = tops.into_iter().filter_map(|start| {
            maximize(&start, |place| {
                if is_in_reach(place) { form.law(place).log_likelihood(sample) } else { f64::NAN }
            })
        });
        let tops = tops.filter(is_determined);
        let maximum =
            tops.max_by(|left, right| left.log_likelihood.total_cmp(&right.log_likelihood));
        maximum.map(|maximum| Self::at(form, maximum, sample))
    }

    fn at(form: LawForm, maximum: Maximum, sample: &Sample) -> Self {
        let observations = libm::round(sample.ends()) as u64;
        let estimated = |value: f64, interval| Estimated { value, interval, observations };
        let parameters = form.parameters().into_iter().zip(&maximum.parameters).enumerate();
        let parameters = parameters.map(|(number, (kind, &value))| {
            let error = maximum.standard_error(number);
            let interval = ConfidenceInterval::wald(value, error, CONFIDENCE);
            let natural = |unbounded: f64| kind.scale.natural(unbounded);
            FittedParameter { kind, estimated: estimated(natural(value), interval.map(natural)) }
        });
        let mean = maximum.derived(|place| libm::log(form.law(place).mean()));
        let interval = ConfidenceInterval::wald(mean.value, mean.standard_error, CONFIDENCE);
        Self {
            form,
            law: form.law(&maximum.parameters),
            parameters: parameters.collect(),
            mean: estimated(libm::exp(mean.value), interval.map(libm::exp)),
            maximum,
        }
    }
}

/// Fits all of the families, and, if some of the sample ended at once, each beside a share at once too,
/// and puts first what Akaike's criterion prefers. Two lognormals must be better than any simpler one by
/// 10, which leaves those "essentially no support" (Burnham and Anderson 2002, Model Selection and
/// Multimodel Inference, section 2.6): the criterion is too generous with mixtures. None if nothing could be
/// fitted.
pub fn choose_fit(sample: &Sample, families: &[Family]) -> Option<ChosenFit> {
    let at_once = sample.ends_at_once() > 0.0;
    let forms = families.iter().flat_map(|&family| {
        let shares = [false, true].into_iter().filter(move |&share| at_once || !share);
        shares.map(move |has_share_at_once| LawForm { family, has_share_at_once })
    });
    let mut fits = Vec::from_iter(forms.filter_map(|form| Fit::of(sample, form)));
    let criterion = |fit: &Fit| {
        let is_mixture = fit.form.family == Family::TwoLognormals;
        fit.maximum.aic() + if is_mixture { NO_SUPPORT } else { 0.0 }
    };
    fits.sort_by(|left, right| criterion(left).total_cmp(&criterion(right)));
    let misfit = Misfit::of(&fits.first()?.law, sample, &SurvivalCurve::of(sample));
    Some(ChosenFit { fits, misfit })
}

/// Whether the sample says anything of each parameter.
fn is_determined(maximum: &Maximum) -> bool {
    (0..maximum.parameters.len()).all(|number| maximum.standard_error(number) < REACH)
}

/// Shapes and shares stay where distributions can be drawn from; a mixture must not put all its weight
/// on a single time.
fn is_in_reach(place: &[f64]) -> bool {
    place.iter().all(|parameter| parameter.abs() < REACH)
}

/// Where to look for the maximum from: a simple guess, for a mixture two.
fn starts(sample: &Sample, form: LawForm) -> Vec<Vec<f64>> {
    let ends = sample.ends();
    let mean = libm::log((sample.exposure() / ends.max(1.0)).max(f64::MIN_POSITIVE));
    let logarithms = LogarithmMoments::of(sample);
    let LogarithmMoments { mu, sigma } = logarithms;
    let bodies = match form.family {
        Family::Exponential => vec![vec![mean]],
        Family::Gamma | Family::Weibull => vec![vec![mean, 0.0]],
        Family::Lognormal => vec![vec![mu, libm::log(sigma)]],
        Family::TwoLognormals => {
            let narrow = libm::log(0.6 * sigma);
            vec![
                vec![0.0, mu - 0.8 * sigma, narrow, mu + 0.8 * sigma, narrow],
                vec![2.0, mu - 0.2 * sigma, narrow, mu + 1.8 * sigma, narrow],
            ]
        }
    };
    let share = (sample.ends_at_once() / (ends + sample.cuts())).clamp(1e-4, 0.9);
    let share = form.has_share_at_once.then(|| log_odds(share));
    let with_share = |body: Vec<f64>| share.into_iter().chain(body).collect();
    bodies.into_iter().map(with_share).collect()
}

/// Of the times above 0, ended or cut.
struct LogarithmMoments {
    mu: f64,
    sigma: f64,
}

impl LogarithmMoments {
    fn of(sample: &Sample) -> Self {
        let (mut weight, mut sum, mut squares) = (0.0, 0.0, 0.0);
        let times = sample.ended.iter().chain(&sample.censored);
        for time in times.filter(|time| time.seconds > sample.at_once) {
            let logarithm = libm::log(time.seconds);
            weight += time.weight;
            sum += time.weight * logarithm;
            squares += time.weight * logarithm * logarithm;
        }
        let mu = if weight > 0.0 { sum / weight } else { 0.0 };
        let variance = if weight > 0.0 { squares / weight - mu * mu } else { 1.0 };
        Self { mu, sigma: libm::sqrt(variance.max(1e-4)) }
    }
}

const NO_SUPPORT: f64 = 10.0;
/// Logarithms and log-odds beyond this are no estimates.
const REACH: f64 = 25.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::testing::stream;
    use crate::base::time::Span;
    use crate::estimation::DurationBins;
    use crate::estimation::drawn::{durations, in_whole_seconds, is_near};

    const ALL: [Family; 5] = [
        Family::Exponential,
        Family::Gamma,
        Family::Weibull,
        Family::Lognormal,
        Family::TwoLognormals,
    ];

    #[test]
    fn exponential_times_have_exposure_by_ends_as_their_mean() {
        let mut bins = DurationBins::exact();
        (1..=10).for_each(|seconds| bins.add(Span::from_secs(seconds)));
        (0..5).for_each(|_| bins.add_censored(Span::from_secs(20)));
        let fit = Fit::of(&bins.sample(), LawForm::plain(Family::Exponential)).unwrap();
        assert!((fit.mean.value - 15.5).abs() < 1e-6, "{fit:?}");
        // The logarithm of the mean has the standard error 1 / √ends.
        let expected = 15.5 * libm::exp(1.959_964 / libm::sqrt(10.0));
        assert!((fit.mean.interval.high - expected).abs() < 1e-4, "{fit:?}");
        assert_eq!((fit.mean.observations, fit.parameters.len()), (10, 1));
        assert_eq!(fit.parameters[0].estimated.value, fit.law.mean());
    }

    #[test]
    fn lognormal_times_have_the_moments_of_their_logarithms() {
        let lognormal = Distribution::lognormal(60.0, 1.0).unwrap();
        let bins = durations(5_000, &lognormal, None, &mut stream(180));
        let fit = Fit::of(&bins.sample(), LawForm::plain(Family::Lognormal)).unwrap();
        let [median, sigma] = [0, 1].map(|number| fit.parameters[number].estimated.value);
        // Bins stand for what is in them to a few millionths.
        assert!((libm::log(median) - bins.mean_logarithm().unwrap()).abs() < 2e-5);
        assert!((sigma * sigma / bins.variance_of_logarithms().unwrap() - 1.0).abs() < 1e-3);
    }

    /// How many of 200 samples have the true mean in the interval of the fit of a family.
    fn covered(family: Family, truth: &Distribution, cut: &Distribution, tick: bool) -> u64 {
        (0..200)
            .map(|number| {
                let mut stream = stream(2_000 + number);
                let mut bins = DurationBins::of_ticks(Span::from_secs(i64::from(tick)));
                for _ in 0..600 {
                    let shown = |span| if tick { in_whole_seconds(span) } else { span };
                    let (whole, cut) = (truth.span(&mut stream), cut.span(&mut stream));
                    if cut < whole { bins.add_censored(shown(cut)) } else { bins.add(shown(whole)) }
                }
                let fit = Fit::of(&bins.sample(), LawForm::plain(family)).unwrap();
                u64::from(fit.mean.interval.contains(truth.mean()))
            })
            .sum()
    }

    #[test]
    fn intervals_hold_the_true_mean_as_often_as_they_say() {
        let cut = Distribution::exponential(90.0).unwrap();
        for (family, truth, tick) in [
            (Family::Gamma, Distribution::gamma(60.0, 0.7), false),
            (Family::Weibull, Distribution::weibull(60.0, 1.3), false),
            (Family::Lognormal, Distribution::lognormal(60.0, 1.0), false),
            (Family::Lognormal, Distribution::lognormal(6.0, 1.0), true),
        ] {
            let covered = covered(family, &truth.unwrap(), &cut, tick);
            // Binomial with p = .95: outside 178–199 with a probability below one in a thousand.
            assert!((178..=199).contains(&covered), "{family:?} {tick}: {covered}");
        }
    }

    #[test]
    fn the_family_that_the_sample_came_from_is_chosen() {
        let cut = Distribution::exponential(200.0).unwrap();
        let short = Distribution::lognormal(20.0, 0.4).unwrap();
        let long = Distribution::lognormal(300.0, 0.5).unwrap();
        for (family, truth) in [
            (Family::Gamma, Distribution::gamma(60.0, 0.5).unwrap()),
            (Family::Weibull, Distribution::weibull_by_shape(0.6, 60.0).unwrap()),
            (Family::Lognormal, Distribution::lognormal(60.0, 1.0).unwrap()),
            (Family::TwoLognormals, Distribution::mixture([(0.7, short), (0.3, long)]).unwrap()),
        ] {
            let bins = durations(10_000, &truth, Some(&cut), &mut stream(181));
            let chosen = choose_fit(&bins.sample(), &ALL).unwrap();
            assert_eq!(chosen.best().form, LawForm::plain(family));
            assert!(is_near(chosen.best().mean, truth.mean()), "{:?}", chosen.best().mean);
            assert!(chosen.misfit.is_tolerable(), "{family:?} {:?}", chosen.misfit);
        }
    }

    #[test]
    fn a_share_at_once_is_found_beside_a_family_and_only_if_it_is_there() {
        let weibull = Distribution::weibull_by_shape(1.4, 100.0).unwrap();
        let at_once = Distribution::fixed(0.0).unwrap();
        let both = Distribution::mixture([(0.2, at_once), (0.8, weibull.clone())]).unwrap();
        let cut = Distribution::exponential(150.0).unwrap();
        let families = [Family::Exponential, Family::Weibull];
        let bins = durations(4_000, &both, Some(&cut), &mut stream(182));
        let chosen = choose_fit(&bins.sample(), &families).unwrap();
        assert!(chosen.best().form.has_share_at_once);
        let share = chosen.best().parameters[0].estimated;
        assert!(is_near(share, 0.2) && share.interval.high < 0.23, "{share:?}");
        assert!(is_near(chosen.best().mean, both.mean()));
        let bins = durations(4_000, &weibull, Some(&cut), &mut stream(183));
        let sample = bins.sample().with_at_once(Span::from_secs(2));
        assert!(sample.ends_at_once() > 0.0);
        assert!(!choose_fit(&sample, &families).unwrap().best().form.has_share_at_once);
    }

    #[test]
    fn a_sample_without_ends_has_no_fit() {
        let mut bins = DurationBins::exact();
        assert_eq!(choose_fit(&bins.sample(), &ALL), None);
        bins.add_censored(Span::from_secs(5));
        assert_eq!(choose_fit(&bins.sample(), &ALL), None);
    }
}
