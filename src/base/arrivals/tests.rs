use proptest::prelude::*;

use super::*;
use crate::base::testing::{KOLMOGOROV_BOUND, NORMAL_BOUND, kolmogorov_smirnov, standard_errors};

const KIND: KindId = KindId(2);
const DAY: Span = Span::from_hours(24);

fn hour(hours: i64) -> Time {
    Time::ZERO + Span::from_hours(hours)
}

fn hourly(start: i64, per_hour: &[f64]) -> PiecewiseRates {
    PiecewiseRates::new(hour(start), Span::from_hours(1), per_hour.to_vec()).unwrap()
}

fn arrivals(process: &ArrivalProcess, replication: u64, until: Time) -> Vec<Time> {
    Arrivals::new(process, &Streams::new(5, replication), KIND, until).collect()
}

/// √n times the distance between the law of the gaps, measured in expected arrivals, and the
/// exponential law of mean 1: the test of a Poisson process of known rate.
fn distance_from_poisson(process: &ArrivalProcess, until: Time) -> f64 {
    let mut before = Time::ZERO;
    let gaps: Vec<f64> = arrivals(process, 0, until)
        .into_iter()
        .map(|time| process.expected(std::mem::replace(&mut before, time), time))
        .collect();
    assert!(gaps.len() > 10_000, "too few for a test: {}", gaps.len());
    kolmogorov_smirnov(gaps, |gap| -libm::expm1(-gap.max(0.0)))
}

#[test]
fn arrivals_are_poisson_of_their_rate() {
    let rates = [40.0, 0.0, 90.0, 30.5, 3.0];
    let processes = [
        ("constant", ArrivalProcess::constant(100.0).unwrap(), hour(300)),
        ("once", ArrivalProcess::Piecewise(hourly(3, &[2000.0, 0.0, 9000.0, 1000.0])), hour(20)),
        ("daily", ArrivalProcess::Piecewise(hourly(22, &rates).daily().unwrap()), hour(4000)),
    ];
    for (name, process, until) in processes {
        let distance = distance_from_poisson(&process, until);
        assert!(distance < KOLMOGOROV_BOUND, "{name}: {distance}");
    }
}

#[test]
fn counts_by_interval_are_poisson_and_independent() {
    let rates = [4.0, 0.0, 9.0];
    let process = ArrivalProcess::Piecewise(hourly(1, &rates));
    let counts: Vec<[f64; 3]> = (0..20_000)
        .map(|replication| {
            let mut count = [0.0; 3];
            for time in arrivals(&process, replication, hour(100)) {
                count[(time.as_micros() / 3_600_000_000 - 1) as usize] += 1.0;
            }
            count
        })
        .collect();
    for (index, rate) in rates.into_iter().enumerate() {
        let distances = counts.iter().map(|count| count[index] - rate);
        if rate == 0.0 {
            assert_eq!(distances.map(f64::abs).sum::<f64>(), 0.0);
            continue;
        }
        assert!(standard_errors(distances.clone(), 0.0) < NORMAL_BOUND);
        assert!(
            standard_errors(distances.map(|distance| distance * distance), rate) < NORMAL_BOUND
        );
    }
    let products = counts.iter().map(|count| (count[0] - 4.0) * (count[2] - 9.0));
    assert!(standard_errors(products, 0.0) < NORMAL_BOUND);
}

#[test]
fn busyness_multiplies_all_rates_of_a_day_by_one_gamma_factor() {
    let (mean, shape) = (30.0, 10.0);
    let rates = hourly(8, &[10.0, 20.0]).daily().unwrap().with_busyness(shape).unwrap();
    let process = ArrivalProcess::Piecewise(rates);
    let mut days = vec![[0.0; 2]; 20_000];
    for time in arrivals(&process, 0, Time::ZERO + DAY * 20_000) {
        let hours = time.as_micros() / 3_600_000_000;
        days[(hours / 24) as usize][(hours % 24 - 8) as usize] += 1.0;
    }
    let totals = days.iter().map(|[first, second]| first + second - mean);
    assert!(standard_errors(totals.clone(), 0.0) < NORMAL_BOUND);
    let variance = mean + mean * mean / shape;
    assert!(standard_errors(totals.map(|total| total * total), variance) < NORMAL_BOUND);
    let products = days.iter().map(|[first, second]| (first - 10.0) * (second - 20.0));
    assert!(standard_errors(products, 10.0 * 20.0 / shape) < NORMAL_BOUND);
    let successors = days.windows(2).map(|pair| {
        let [today, tomorrow] = [&pair[0], &pair[1]].map(|[one, two]| one + two - mean);
        today * tomorrow
    });
    assert!(standard_errors(successors, 0.0) < NORMAL_BOUND);
}

#[test]
fn a_factor_changes_at_the_day_of_its_process_even_within_an_interval() {
    let week = PiecewiseRates::new(hour(5), Span::from_hours(70), vec![60.0]).unwrap();
    assert_eq!(week.piece(hour(6)), RatePiece { per_hour: 60.0, end: hour(75) });
    let week = week.with_busyness(2.0).unwrap();
    assert_eq!(week.piece(hour(0)), RatePiece { per_hour: 0.0, end: hour(5) });
    assert_eq!(week.piece(hour(6)), RatePiece { per_hour: 60.0, end: hour(29) });
    assert_eq!(week.piece(hour(53)), RatePiece { per_hour: 60.0, end: hour(75) });
    assert_eq!(week.piece(hour(75)), RatePiece { per_hour: 0.0, end: Time::MAX });
}

#[test]
fn gaps_below_a_microsecond_do_not_stand_still() {
    let process = ArrivalProcess::constant(3.6e10).unwrap();
    let count = 1_000_000;
    let streams = Streams::new(5, 0);
    let last = Arrivals::new(&process, &streams, KIND, Time::MAX).nth(count - 1).unwrap();
    // A sum of a million exponential times of 0.1 µs: mean 100,000 µs, standard deviation 100 µs.
    assert!((last.as_micros() - 100_000).abs() < 442, "{last}");
}

#[test]
fn ten_years_with_few_or_no_arrivals_end() {
    let ten_years = Time::ZERO + DAY * 3652;
    let minutes = |rate| {
        let rates = PiecewiseRates::new(Time::ZERO, Span::from_mins(1), vec![rate; 1440]);
        ArrivalProcess::Piecewise(rates.unwrap().daily().unwrap())
    };
    assert_eq!(arrivals(&minutes(0.0), 0, Time::MAX), []);
    assert_eq!(arrivals(&minutes(1e-300), 0, ten_years), []);
    assert_eq!(arrivals(&ArrivalProcess::constant(0.0).unwrap(), 0, Time::MAX), []);
    assert_eq!(arrivals(&ArrivalProcess::constant(f64::MIN_POSITIVE).unwrap(), 0, Time::MAX), []);
    let yearly = 4.0 / (24.0 * 365.25);
    let count = arrivals(&minutes(yearly), 0, ten_years).len();
    assert!((10..80).contains(&count), "{count} of about 40");
    // Unchecked numbers are no rates.
    for per_hour in [f64::NAN, -3.0] {
        assert_eq!(arrivals(&ArrivalProcess::Constant { per_hour }, 0, Time::MAX), []);
    }
}

#[test]
fn a_daily_pattern_reaches_over_midnight_and_back_before_its_start() {
    let night = hourly(22, &[1.0, 2.0, 3.0, 4.0]).daily().unwrap();
    let rates: Vec<f64> = [0, 1, 2, 21, 22, 23, 24, 25, 26, 46]
        .into_iter()
        .map(|at| night.piece(hour(at)).per_hour)
        .collect();
    assert_eq!(rates, [3.0, 4.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 0.0, 1.0]);
    let process = ArrivalProcess::Piecewise(night);
    assert!((process.expected(hour(0), hour(48)) - 20.0).abs() < 1e-12);
    assert_eq!(process.expected(hour(23), hour(25)), 5.0);
    assert_eq!(process.expected(hour(25), hour(23)), 0.0);
    assert_eq!(process.peak_per_hour(), 4.0);
}

#[test]
fn a_pattern_may_begin_before_the_run() {
    let process = ArrivalProcess::Piecewise(hourly(-2, &[50.0, 60.0, 70.0]));
    assert_eq!(process.expected(hour(-5), hour(9)), 70.0);
    let times = arrivals(&process, 0, hour(9));
    assert!(times.len() > 30 && times.iter().all(|&time| time >= Time::ZERO && time < hour(1)));
}

#[test]
fn volumes_are_expected_numbers_of_their_intervals() {
    let quarter = Span::from_mins(15);
    let rates = PiecewiseRates::from_volumes(Time::ZERO, quarter, &[10.0, 25.0]).unwrap();
    assert_eq!(rates.peak_per_hour(), 100.0);
    let process = ArrivalProcess::Piecewise(rates);
    assert_eq!(process.expected(Time::ZERO, Time::MAX), 35.0);
}

#[test]
fn a_closed_population_opens_at_the_start() {
    let pause = Distribution::exponential(60.0).unwrap();
    let process = ArrivalProcess::Closed { population: 3, whole: 3, pause };
    assert_eq!(arrivals(&process, 0, hour(1)), [Time::ZERO; 3]);
    assert_eq!(arrivals(&process, 0, Time::ZERO), []);
    assert_eq!(process.expected(Time::ZERO, hour(1)), 3.0);
    assert_eq!(process.expected(hour(1), hour(2)), 0.0);
    assert_eq!(process.peak_per_hour(), 180.0);
}

#[test]
fn the_peak_of_a_trace_is_its_busiest_hour() {
    let times = [0, 50, 59, 60, 61, 109, 200].map(|minute| Time::ZERO + Span::from_mins(minute));
    let process = ArrivalProcess::Trace(Trace::new(times.to_vec()).unwrap());
    assert_eq!(process.peak_per_hour(), 5.0);
    assert_eq!(process.expected(hour(1), hour(2)), 3.0);
}

#[test]
fn kinds_and_replications_have_their_own_gaps() {
    let process = ArrivalProcess::constant(60.0).unwrap();
    let first = |replication, kind| {
        let streams = Streams::new(5, replication);
        Arrivals::new(&process, &streams, KindId(kind), Time::MAX).next()
    };
    assert_eq!(first(0, 0), first(0, 0));
    assert_ne!(first(0, 0), first(0, 1));
    assert_ne!(first(0, 0), first(1, 0));
}

#[test]
fn what_is_not_allowed_is_refused() {
    let message = |error: ArrivalError| error.to_string();
    for rate in [-1.0, f64::NAN, f64::INFINITY, 3.7e10] {
        let error = ArrivalProcess::constant(rate).map_err(message).unwrap_err();
        assert!(error.starts_with("arrivals an hour must be between 0 and 36000000000"), "{error}");
    }
    let rates = |start, interval, rates| {
        PiecewiseRates::new(Time::ZERO + start, interval, rates).map_err(message)
    };
    let hour = Span::from_hours(1);
    let refused = [
        (rates(hour, hour, vec![]), "there must be at least one interval"),
        (rates(hour, hour, vec![1.0, f64::NAN]), "arrivals an hour must be"),
        (rates(hour, Span::from_micros(999_999), vec![1.0]), "intervals must last at least 1s"),
        (rates(Span::MAX, hour, vec![1.0]), "intervals must lie within a thousand years"),
        (rates(hour, Span::MAX, vec![1.0]), "intervals must lie within a thousand years"),
        (
            hourly(0, &[1.0; 25]).daily().map_err(message),
            "intervals that repeat daily must fit into 24h, but last 25h",
        ),
        (hourly(0, &[1.0]).with_busyness(0.0).map_err(message), "busyness: shape must be between"),
    ];
    for (result, expected) in refused {
        let error = result.unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
    let trace = |seconds: &[i64]| {
        Trace::new(seconds.iter().copied().map(Time::from_secs).collect()).map_err(message)
    };
    assert!(trace(&[0, 5, 5]).is_ok());
    let error = trace(&[9, 8]).unwrap_err();
    assert!(error.ends_with("number 2, at 8s, is earlier than the one before it"), "{error}");
    let error = trace(&[-1]).unwrap_err();
    assert!(error.ends_with("at -1s, is earlier than the start of the run"), "{error}");
}

proptest! {
    #[test]
    fn any_rates_give_ordered_arrivals_within_the_horizon_as_many_as_expected(
        start in -100_000i64..100_000,
        interval in 1i64..20_000,
        per_hour in prop::collection::vec(prop_oneof![Just(0.0), 0.0..50.0, 0.0..20_000.0], 1..12),
        daily: bool,
        until in 0i64..300_000,
        seed: u64,
    ) {
        let start = Time::from_secs(start);
        let rates = PiecewiseRates::new(start, Span::from_secs(interval), per_hour).unwrap();
        let rates = if daily { rates.clone().daily().unwrap_or(rates) } else { rates };
        let until = Time::from_secs(until);
        let process = ArrivalProcess::Piecewise(rates.clone());
        let times: Vec<Time> = Arrivals::new(&process, &Streams::new(seed, 0), KIND, until).collect();
        prop_assert!(times.is_sorted());
        prop_assert!(times.iter().all(|&time| time >= Time::ZERO && time < until));
        prop_assert!(times.iter().all(|&time| rates.piece(time).per_hour > 0.0));
        // By Bernstein's inequality a Poisson number is off by as much once in 10^13.
        let expected = process.expected(Time::ZERO, until);
        let off = (times.len() as f64 - expected).abs();
        prop_assert!(off <= 8.0 * expected.sqrt() + 22.0, "{} of {expected}", times.len());
    }

    #[test]
    fn the_start_of_a_longer_run_is_the_shorter_run(
        per_hour in 0.1..1000.0f64,
        seed: u64,
        hours in 1i64..50,
    ) {
        let rates = hourly(0, &[per_hour, 0.0, 2.0]).daily().unwrap().with_busyness(3.0).unwrap();
        let process = ArrivalProcess::Piecewise(rates);
        let streams = Streams::new(seed, 0);
        let until = |until| Arrivals::new(&process, &streams, KIND, until);
        let short: Vec<Time> = until(hour(hours)).collect();
        let start: Vec<Time> =
            until(hour(100)).take_while(|&time| time < hour(hours)).collect();
        prop_assert_eq!(short, start);
    }

    #[test]
    fn a_trace_is_given_back(mut micros in prop::collection::vec(0i64..i64::MAX, 0..100)) {
        micros.sort_unstable();
        let times: Vec<Time> = micros.into_iter().map(Time::from_micros).collect();
        let process = ArrivalProcess::Trace(Trace::new(times.clone()).unwrap());
        prop_assert_eq!(&arrivals(&process, 0, Time::MAX), &times);
        let middle = times.get(times.len() / 2).copied().unwrap_or_default();
        let before: Vec<Time> = times.into_iter().filter(|&time| time < middle).collect();
        prop_assert_eq!(arrivals(&process, 0, middle), before);
    }
}

/// Pins, not proofs: they show that a platform, a version of a dependency or a change of the
/// process changes every result.
#[test]
fn pinned_arrivals() {
    let daily = hourly(8, &[30.0, 60.0]).daily().unwrap();
    let processes = [
        ArrivalProcess::constant(60.0).unwrap(),
        ArrivalProcess::Piecewise(daily.clone()),
        ArrivalProcess::Piecewise(daily.with_busyness(5.0).unwrap()),
    ];
    let pins = processes.map(|process| {
        let streams = Streams::new(1, 0);
        let mut arrivals = Arrivals::new(&process, &streams, KIND, Time::MAX);
        [0, 1, 100].map(|skipped| arrivals.nth(skipped).unwrap().as_micros())
    });
    assert_eq!(pins, PINS);
}

const PINS: [[i64; 3]; 3] = [
    [68_022_541, 215_233_366, 6_338_411_702],
    [28_936_045_082, 29_230_466_733, 117_076_823_405],
    [28_966_899_449, 29_328_094_507, 118_588_076_363],
];
