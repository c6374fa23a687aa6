use rand::Rng as _;

use super::*;
use crate::base::stream::{Purpose, Streams};
use crate::base::testing::{
    KOLMOGOROV_BOUND, NORMAL_BOUND, kolmogorov_smirnov, standard_errors, stream,
};

/// One of each sampler, and of each branch of one.
fn every_sampler() -> Vec<(&'static str, Distribution)> {
    let lognormal = Distribution::lognormal(60.0, 1.5).unwrap();
    let exponential = Distribution::exponential(30.0).unwrap();
    let parts = [
        (0.25, Distribution::Fixed(0.0)),
        (0.50, exponential.clone()),
        (0.25, Distribution::uniform(5.0, 9.0).unwrap()),
    ];
    vec![
        ("fixed", Distribution::fixed(42.5)),
        ("uniform", Distribution::uniform(10.0, 30.0)),
        ("exponential", Distribution::exponential(90.0)),
        ("gamma, shape above 1", Distribution::gamma(60.0, 0.7)),
        ("gamma, shape below 1", Distribution::gamma(60.0, 1.6)),
        ("erlang", Distribution::erlang(240.0, 3)),
        ("lognormal", Ok(lognormal.clone())),
        ("weibull, cv below 1", Distribution::weibull(45.0, 0.5)),
        ("weibull, cv above 1", Distribution::weibull(45.0, 1.8)),
        ("hyperexponential", Distribution::hyperexponential(&[(0.9, 10.0), (0.1, 200.0)])),
        ("hyperexponential by cv", Distribution::hyperexponential_by_cv(100.0, 2.0)),
        ("mixture", Distribution::mixture(parts.clone())),
        ("truncated lognormal", Distribution::truncated(lognormal, 20.0, 180.0)),
        (
            "truncated mixture",
            Distribution::truncated(Distribution::mixture(parts).unwrap(), 0.0, 8.0),
        ),
        ("truncated to a tail", Distribution::truncated(exponential, 60.0, f64::INFINITY)),
        ("empirical", Distribution::empirical(vec![5.0, 1.0, 4.0, 1.0, 100.0, 7.5, 0.0])),
    ]
    .into_iter()
    .map(|(name, distribution)| (name, distribution.expect(name)))
    .collect()
}

fn draws(distribution: &Distribution, entity: u64, count: usize) -> Vec<f64> {
    let mut stream = stream(entity);
    (0..count).map(|_| distribution.sample(&mut stream)).collect()
}

#[test]
fn samples_follow_the_distribution_function() {
    for (entity, (name, distribution)) in (0..).zip(every_sampler()) {
        let statistic =
            kolmogorov_smirnov(draws(&distribution, entity, 100_000), |x| distribution.cdf(x));
        assert!(statistic < KOLMOGOROV_BOUND, "{name}: {statistic}");
    }
}

/// Not only do our samplers follow our distribution functions: those of an established library do.
#[test]
fn an_established_library_draws_from_the_same_distributions() {
    use rand_distr::{Distribution as Sampler, Exp, Gamma, LogNormal, Weibull};
    fn follows(library: impl Sampler<f64>, ours: &Distribution, entity: u64) {
        let mut stream = stream(entity);
        let draws = (0..100_000).map(|_| library.sample(&mut stream)).collect();
        let statistic = kolmogorov_smirnov(draws, |x| ours.cdf(x));
        assert!(statistic < KOLMOGOROV_BOUND, "{ours:?}: {statistic}");
    }
    let exponential = Distribution::exponential(90.0).unwrap();
    follows(Exp::new(1.0 / 90.0).unwrap(), &exponential, 201);
    let gamma = Distribution::gamma_by_shape(60.0, 2.5).unwrap();
    follows(Gamma::new(2.5, 24.0).unwrap(), &gamma, 202);
    let lognormal = Distribution::lognormal(60.0, 1.5).unwrap();
    follows(LogNormal::from_mean_cv(60.0, 1.5).unwrap(), &lognormal, 203);
    let weibull = Distribution::weibull_by_shape(1.7, 45.0).unwrap();
    follows(Weibull::new(45.0, 1.7).unwrap(), &weibull, 204);
}

#[test]
fn a_mean_wrong_by_three_percent_would_be_noticed() {
    let right = Distribution::exponential(100.0).unwrap();
    let wrong = Distribution::exponential(103.0).unwrap();
    let statistic = kolmogorov_smirnov(draws(&right, 0, 100_000), |x| wrong.cdf(x));
    assert!(statistic > KOLMOGOROV_BOUND, "{statistic}");
}

#[test]
fn samples_have_the_exact_mean_and_variance() {
    for (entity, (name, distribution)) in (100..).zip(every_sampler()) {
        let (mean, variance) = (distribution.mean(), distribution.variance());
        let values = draws(&distribution, entity, 200_000);
        if variance == 0.0 {
            assert!(values.iter().all(|&value| value == mean), "{name}");
            continue;
        }
        let errors = standard_errors(values.iter().copied(), mean);
        assert!(errors < NORMAL_BOUND, "mean of {name}: {errors} standard errors");
        // The exact fourth moment, because a sample's own is too small when the tail is long.
        let [m2, m3, m4] = [2, 3, 4].map(|order| distribution.partial_moment(order, f64::INFINITY));
        let fourth =
            m4 - 4.0 * mean * m3 + 6.0 * mean * mean * m2 - 3.0 * mean * mean * mean * mean;
        let standard_error = ((fourth - variance * variance) / values.len() as f64).sqrt();
        let estimate =
            values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / 200_000.0;
        let errors = (estimate - variance).abs() / standard_error;
        assert!(errors < NORMAL_BOUND, "variance of {name}: {errors} standard errors");
    }
}

#[test]
fn constructors_by_mean_and_cv_give_that_mean_and_cv() {
    type Constructor = fn(f64, f64) -> Result<Distribution, DistributionError>;
    let families: [(Constructor, &[f64]); 4] = [
        (Distribution::gamma, &[0.01, 0.5, 1.0, 3.0, 100.0]),
        (Distribution::lognormal, &[0.01, 0.5, 1.0, 3.0, 100.0, 1000.0]),
        (Distribution::weibull, &[0.01, 0.5, 1.0, 3.0, 100.0, 1000.0]),
        (Distribution::hyperexponential_by_cv, &[1.01, 1.5, 3.0, 100.0, 1000.0]),
    ];
    for (constructor, cvs) in families {
        for &cv in cvs {
            for mean in [0.001, 75.0, 1e6] {
                let distribution = constructor(mean, cv).unwrap();
                let close = |left: f64, right: f64| (left / right - 1.0).abs() < 1e-9;
                assert!(close(distribution.mean(), mean), "{distribution:?}");
                assert!(close(distribution.cv(), cv), "{distribution:?}: {}", distribution.cv());
            }
        }
    }
    assert_eq!(Distribution::Fixed(0.0).cv(), 0.0);
}

#[test]
fn constructors_by_quantiles_meet_them_in_either_order() {
    let median = Quantile { probability: 0.5, value: 90.0 };
    let high = Quantile { probability: 0.95, value: 600.0 };
    for constructor in [Distribution::lognormal_by_quantiles, Distribution::weibull_by_quantiles] {
        let distribution = constructor(median, high).unwrap();
        assert_eq!(constructor(high, median).as_ref(), Ok(&distribution));
        for Quantile { probability, value } in [median, high] {
            assert!((distribution.cdf(value) - probability).abs() < 1e-12, "{distribution:?}");
        }
    }
}

#[test]
fn distribution_functions_and_moments_agree_with_closed_forms() {
    let close = |left: f64, right: f64| (left / right - 1.0).abs() < 1e-12;
    let erlang = Distribution::erlang(20.0, 2).unwrap();
    assert!(close(erlang.cdf(15.0), 1.0 - 2.5 * libm::exp(-1.5)));
    let weibull = Distribution::weibull_by_shape(2.0, 10.0).unwrap();
    assert!(close(weibull.cdf(5.0), 1.0 - libm::exp(-0.25)));
    assert!(close(weibull.mean(), 5.0 * std::f64::consts::PI.sqrt()));
    let lognormal = Distribution::lognormal(60.0, 1.5).unwrap();
    assert!(close(lognormal.cdf(60.0 / 3.25f64.sqrt()), 0.5));
    let uniform = Distribution::uniform(10.0, 30.0).unwrap();
    assert!(close(uniform.variance(), 400.0 / 12.0));
    let exponential = Distribution::exponential(10.0).unwrap();
    let cut = Distribution::truncated(exponential.clone(), 0.0, 20.0).unwrap();
    assert!(close(cut.mean(), 10.0 - 20.0 / (libm::exp(2.0) - 1.0)));
    let tail = Distribution::truncated(exponential, 25.0, f64::INFINITY).unwrap();
    assert!(close(tail.mean(), 35.0) && close(tail.variance(), 100.0));
    let empirical = Distribution::empirical(vec![1.0, 2.0, 6.0]).unwrap();
    assert!(close(empirical.mean(), 3.0) && close(empirical.variance(), 14.0 / 3.0));
    assert!(close(empirical.cdf(2.0), 2.0 / 3.0) && empirical.cdf(0.9) == 0.0);
}

#[test]
fn truncation_keeps_to_its_interval_and_counts_its_ends() {
    let values = Distribution::empirical(vec![1.0, 2.0, 3.0, 4.0]).unwrap();
    let cut = Distribution::truncated(values, 2.0, 3.0).unwrap();
    assert_eq!(cut.mean(), 2.5);
    let drawn = draws(&cut, 7, 100);
    assert!(drawn.iter().all(|&value| value == 2.0 || value == 3.0));
    assert!(drawn.contains(&2.0) && drawn.contains(&3.0));
}

#[test]
fn inversion_takes_one_number_and_keeps_its_order() {
    let inverted = [
        Distribution::exponential(20.0).unwrap(),
        Distribution::lognormal(20.0, 1.2).unwrap(),
        Distribution::weibull(20.0, 0.6).unwrap(),
        Distribution::uniform(3.0, 4.0).unwrap(),
        Distribution::empirical(vec![9.0, 2.0, 5.0]).unwrap(),
    ];
    let mut numbers: Vec<(u64, u64)> = (0..1000).map(|key| (stream(key).next_u64(), key)).collect();
    numbers.sort_unstable();
    for distribution in inverted {
        let ordered: Vec<f64> =
            numbers.iter().map(|&(_, key)| distribution.sample(&mut stream(key))).collect();
        assert!(ordered.is_sorted(), "{distribution:?}");
        assert!(ordered[0] < ordered[999], "{distribution:?}");
        let (mut used, mut skipped) = (stream(5), stream(5));
        distribution.sample(&mut used);
        skipped.next_u64();
        assert_eq!(used, skipped, "{distribution:?}");
    }
}

#[test]
fn samples_are_never_negative_or_not_a_number() {
    let extremes = [
        Distribution::gamma_by_shape(1.0, 1e-6),
        Distribution::gamma_by_shape(1e-300, 1e6),
        Distribution::lognormal(1e100, 1000.0),
        Distribution::weibull(1e-100, 1000.0),
        Distribution::weibull_by_shape(1e300, 1e-300),
        Distribution::weibull_by_shape(0.02, 1e-100),
        Distribution::hyperexponential_by_cv(1e-3, 1000.0),
        Distribution::uniform(0.0, 1e-310),
        Distribution::mixture([
            (1e-300, Distribution::Fixed(1.0)),
            (0.0, Distribution::Fixed(2.0)),
        ]),
    ];
    for distribution in extremes.map(Result::unwrap) {
        let mut stream = stream(3);
        for _ in 0..10_000 {
            let value = distribution.sample(&mut stream);
            assert!(value >= 0.0 && value != 2.0, "{distribution:?}: {value}");
            assert!(distribution.span(&mut stream) >= Span::ZERO);
        }
    }
}

#[test]
fn what_is_not_allowed_is_refused_with_its_name_and_the_bounds() {
    let quantile = |probability, value| Quantile { probability, value };
    let fixed = || Distribution::Fixed(1.0);
    let refused = [
        (Distribution::fixed(-1.0), "value must be a finite number of at least 0, but is -1"),
        (Distribution::fixed(f64::NAN), "value must be a finite number of at least 0, but is NaN"),
        (Distribution::uniform(2.0, 1.0), "max must be at least min, 2, but is 1"),
        (Distribution::uniform(-2.0, 1.0), "min must be a finite number of at least 0, but is -2"),
        (Distribution::exponential(0.0), "mean must be a finite number above 0, but is 0"),
        (Distribution::exponential(f64::INFINITY), "mean must be a finite number above 0"),
        (Distribution::exponential(1e200), "mean: these parameters give no finite mean"),
        (Distribution::gamma(1.0, 0.0), "cv must be between 0.001 and 1000, but is 0"),
        (Distribution::gamma_by_shape(1.0, -3.0), "shape must be between"),
        (Distribution::erlang(1.0, 0), "phases must be between 1 and 1000000, but is 0"),
        (Distribution::lognormal(1.0, f64::NAN), "cv must be between 0.001 and 1000, but is NaN"),
        (
            Distribution::lognormal_by_quantiles(quantile(0.5, 10.0), quantile(0.9, 10.0)),
            "quantiles: of two the one at the higher probability must have the higher value",
        ),
        (
            Distribution::lognormal_by_quantiles(quantile(0.5, 1.0), quantile(0.5, 2.0)),
            "quantiles: of two",
        ),
        (
            Distribution::weibull_by_quantiles(quantile(0.0, 1.0), quantile(0.9, 2.0)),
            "quantiles: a probability must be above 0 and below 1, but is 0",
        ),
        (
            Distribution::weibull_by_quantiles(quantile(0.1, 0.0), quantile(0.9, 2.0)),
            "quantiles must be a finite number above 0, but is 0",
        ),
        (Distribution::weibull(-1.0, 1.0), "mean must be"),
        (Distribution::weibull_by_shape(1e-3, 1.0), "shape: these parameters give no finite"),
        (Distribution::hyperexponential(&[]), "probability: at least one must be above 0"),
        (
            Distribution::hyperexponential(&[(0.5, 1.0), (0.4, 1.0)]),
            "probability: all must sum to 1, but sum to 0.9",
        ),
        (Distribution::hyperexponential_by_cv(1.0, 1.0), "cv must be above 1 and at most 1000"),
        (Distribution::mixture([(-1.0, fixed())]), "weight must be a finite number of at least 0"),
        (Distribution::mixture([(0.0, fixed())]), "weight: at least one must be above 0"),
        (
            Distribution::truncated(Distribution::exponential(1.0).unwrap(), 10.0, 20.0),
            "min: at least 1 % of the distribution must lie between 10 and 20, but 0.0045 % does",
        ),
        (Distribution::truncated(fixed(), 2.0, 1.0), "max must be at least min, 2, but is 1"),
        (Distribution::truncated(fixed(), 0.0, f64::NAN), "max must be at least min, 0, but is"),
        (Distribution::empirical(vec![]), "values must not be empty"),
        (Distribution::empirical(vec![1.0, -0.5]), "values must be a finite number"),
    ];
    for (result, message) in refused {
        let error = result.expect_err(message);
        assert!(error.to_string().starts_with(message), "{error} is not {message}");
        assert!(error.to_string().starts_with(error.parameter()), "{error}");
    }
}

#[test]
fn a_distribution_is_small() {
    assert!(size_of::<Distribution>() <= 24);
}

/// Pins, not proofs: they show that a platform, a version of a dependency or a change of a sampler
/// changes results. Whoever changes a sampler on purpose replaces them.
#[test]
fn pinned_samples() {
    let samples: Vec<(&str, [f64; 3])> = (0..)
        .zip(every_sampler())
        .map(|(entity, (name, distribution))| {
            let mut stream = Streams::new(1, 0).stream(Purpose::Test, entity, 0);
            (name, std::array::from_fn(|_| distribution.sample(&mut stream)))
        })
        .collect();
    assert_eq!(samples, PINS);
}

const PINS: [(&str, [f64; 3]); 16] = [
    ("fixed", [42.5, 42.5, 42.5]),
    ("uniform", [14.292_375_835_836_225, 18.445_786_942_017_04, 14.232_311_389_389_698]),
    ("exponential", [4.182_275_567_672_903, 222.807_392_714_779_27, 20.506_666_052_449_21]),
    (
        "gamma, shape above 1",
        [6.091_090_149_087_132, 167.241_717_527_059_5, 47.596_497_506_131_726],
    ),
    (
        "gamma, shape below 1",
        [143.591_724_208_29, 1.490_109_960_035_556_7, 0.467_764_081_179_826_9],
    ),
    ("erlang", [195.808_386_724_506_25, 322.626_715_926_338_53, 524.436_439_833_321_1]),
    ("lognormal", [5.513_652_236_319_414, 240.110_350_738_380_82, 14.091_088_984_315_329]),
    ("weibull, cv below 1", [71.118_873_796_314, 36.666_843_302_096_68, 23.089_730_012_495_902]),
    ("weibull, cv above 1", [70.454_201_330_593_34, 127.963_453_708_362_72, 6.969_883_548_429_707]),
    ("hyperexponential", [11.458_116_916_071_614, 11.306_386_480_672_032, 8.156_436_864_579_788]),
    (
        "hyperexponential by cv",
        [2.534_381_551_984_685_7, 131.314_071_029_761_2, 802.570_333_911_200_2],
    ),
    ("mixture", [7.564_845_942_951_072, 0.0, 15.801_327_761_655_457]),
    ("truncated lognormal", [57.028_687_737_396_865, 20.730_909_809_099_77, 73.590_054_221_094_9]),
    ("truncated mixture", [5.242_001_241_727_269, 0.0, 4.262_275_508_757_543]),
    ("truncated to a tail", [60.603_040_756_345_415, 95.494_439_781_076_92, 67.205_634_448_178_43]),
    ("empirical", [100.0, 1.0, 7.5]),
];
