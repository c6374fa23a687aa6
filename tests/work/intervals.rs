//! Intervals hold the truth as often as they say, and comparisons are right where the answer is
//! known.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

use shiftstorm::base::statistics::RunningStatistics;
use shiftstorm::base::stream::{Purpose, Streams, open_uniform};
use shiftstorm::experiment::compare::{Comparison, ComparisonVerdict, Rule};
use shiftstorm::experiment::interval::{CONFIDENCE, FigureSeries};
use shiftstorm::experiment::runner::Runner;
use shiftstorm::experiment::warm_up::settle;
use shiftstorm::experiment::{Experiment, Results};
use shiftstorm::ledger::definitions::{Definition, Parts, find};
use shiftstorm::scenario::{Plan, Source, Variant, parse};

/// V20 on numbers: a mean of normal variables, and a ratio of sums of as many exponential ones as
/// chance wants, 20 replications each.
#[test]
fn of_hundreds_of_intervals_as_many_hold_the_truth_as_they_say() {
    let streams = Streams::new(20, 0);
    let (mut entity, mut corrections) = (0, 0);
    let mut covered = |replication: &Replication, truth: f64, experiments: u32| {
        let holds = |_| {
            entity += 1;
            let mut stream = streams.stream(Purpose::Test, entity, 0);
            let mut uniform = || open_uniform(&mut stream);
            let mut series = FigureSeries::default();
            for _ in 0..20 {
                series.push(Some(replication(&mut uniform)), None);
            }
            let estimate = series.estimate().unwrap();
            (estimate.value - truth).abs() <= estimate.half_width(CONFIDENCE).unwrap()
        };
        (0..experiments).map(holds).filter(|&holds| holds).count()
    };
    let normal = |uniform: &mut dyn FnMut() -> f64| {
        let radius = (-2.0 * uniform().ln()).sqrt();
        let angle = std::f64::consts::TAU * uniform();
        Parts { part: 5.0 + 2.0 * radius * angle.cos(), whole: 1.0 }
    };
    let ratio = |uniform: &mut dyn FnMut() -> f64| {
        let count = 20 + (40.0 * uniform()) as u32;
        Parts { part: (0..count).map(|_| -uniform().ln()).sum(), whole: f64::from(count) }
    };
    // A figure that arrivals explain in part.
    let mut corrected = |experiments: u32| {
        let holds = |_: &u32| {
            corrections += 1;
            let mut stream = streams.stream(Purpose::Test, 1_000_000 + corrections, 0);
            let mut normal = || normal(&mut || open_uniform(&mut stream)).part - 5.0;
            let mut series = FigureSeries::default();
            for _ in 0..20 {
                let surplus = normal();
                let parts = Parts { part: 7.0 + 0.6 * surplus + normal(), whole: 1.0 };
                series.push_with(Some(parts), None, surplus);
            }
            let estimate = series.corrected(find("answered").unwrap()).unwrap();
            (estimate.value - 7.0).abs() <= estimate.half_width(CONFIDENCE).unwrap()
        };
        (0..experiments).filter(holds).count()
    };
    for (experiments, bounds) in [(200, 179..=198), (400, 364..=393), (1000, 926..=971)] {
        let counts = [
            covered(&normal, 5.0, experiments),
            covered(&ratio, 1.0, experiments),
            corrected(experiments),
        ];
        for covered in counts {
            assert!(bounds.contains(&covered), "{covered} of {experiments}");
        }
    }
}

/// What one replication measures, from uniform numbers.
type Replication = dyn Fn(&mut dyn FnMut() -> f64) -> Parts;

/// V20 on a queue with a known answer: M/M/10/10 at a load of 8 blocks .121661.
#[test]
fn of_two_hundred_experiments_some_190_hold_the_truth() {
    let plan = plan(
        "run = { warm_up = '1m', until = '4m', end = 'cut' }\n\
         agents.line = { count = 10, concurrency = 1, reply_time = { exponential = { mean = '10s' } } }\n\
         consumers.caller = { arrivals = '48/min', messages = 1, \
         patience = { first = '0s', until = 'assignment' } }",
    );
    let narrowed = covers(&plan, "abandonment", 0.121_661);
    assert!(narrowed > 0.1, "shorter by {narrowed} only");
}

/// V20 on Erlang A (V3 d): ten agents for a load of 15 lose .345573.
#[test]
fn figures_corrected_for_the_arrivals_hold_the_truth_in_shorter_intervals() {
    let plan = plan(
        "run = { warm_up = '30m', until = '90m', end = 'drain' }\n\
         agents.server = { count = 10, concurrency = 1, reply_time = { exponential = { mean = '5m' } } }\n\
         consumers.customer = { arrivals = '3/min', messages = 1, \
         patience = { first = { exponential = { mean = '4m' } }, until = 'assignment' } }",
    );
    let narrowed = covers(&plan, "abandonment", 0.345_573);
    assert!(narrowed > 0.1, "shorter by {narrowed} only");
}

/// Of 200 experiments of 20 replications 179 to 198 hold the truth, as simulated and corrected for
/// the arrivals, and so does the mean of the corrected estimates. By how much the mean interval is
/// shorter.
fn covers(plan: &Plan, figure: &str, truth: f64) -> f64 {
    let figure = find(figure).unwrap();
    let mut covered = [0; 2];
    let (mut widths, mut values) = ([0.0; 2], RunningStatistics::default());
    for seed in 1..=200 {
        let results = run(vec![with_seed(plan, seed)], 20);
        let variant = &results.variants[0];
        let estimates = [variant.as_simulated(figure).unwrap(), variant.estimate(figure).unwrap()];
        for (at, estimate) in estimates.iter().enumerate() {
            let half_width = estimate.half_width(CONFIDENCE).unwrap();
            covered[at] += u32::from((estimate.value - truth).abs() <= half_width);
            widths[at] += half_width;
        }
        values.push(estimates[1].value);
    }
    assert!(covered.iter().all(|covered| (179..=198).contains(covered)), "{covered:?} of 200");
    let (mean, error) = (values.mean().unwrap(), values.standard_error().unwrap());
    assert!((mean - truth).abs() <= 4.0 * error + 1e-3 * truth, "{mean} ± {error}, not {truth}");
    1.0 - widths[1] / widths[0]
}

#[test]
fn what_is_the_same_differs_by_exactly_nothing_and_rarely_seems_to_under_other_seeds() {
    let plan = plan(
        "run.until = '30m'\nagents.chat.count = 3\n\
         consumers.web = { arrivals = '90/h', patience = { exponential = { mean = '2m' } } }",
    );
    let twins = run(vec![with_seed(&plan, 1), with_seed(&plan, 1)], 10);
    for comparison in
        Rule::at(CONFIDENCE).judge(&twins.variants[0].series, &twins.variants[1].series)
    {
        let difference = comparison.difference;
        assert_eq!((difference.value, difference.standard_error), (0.0, Some(0.0)));
        assert_eq!(comparison.verdict, ComparisonVerdict::Same, "{}", comparison.figure.name);
    }
    let seems_to = |seed: &u64| {
        let strangers = run(vec![with_seed(&plan, 2 * seed), with_seed(&plan, 2 * seed + 1)], 10);
        let verdict = verdict(&strangers, "abandonment").verdict;
        matches!(verdict, ComparisonVerdict::Better | ComparisonVerdict::Worse)
    };
    let wrong = (1..=100).filter(seems_to).count();
    assert!(wrong <= 10, "{wrong} of 100");
}

/// V1: the M/M/1 queue at 80 % load holds 4 in the end, but few of its first hours are like that.
#[test]
fn a_run_from_empty_is_biased_and_without_its_warm_up_it_is_not() {
    let text = |warm_up: &str| {
        format!(
            "run = {{ replications = 1350, warm_up = '{warm_up}', until = '300m', end = 'cut' }}\n\
             agents.server = {{ count = 1, concurrency = 1, reply_time = {{ exponential = {{ mean = '60s' }} }} }}\n\
             consumers.customer = {{ arrivals = '0.8/min', messages = 1 }}"
        )
    };
    let open = |variants: Vec<Variant>| {
        let estimate = run(variants, 1350).variants[0].estimate(find("open").unwrap()).unwrap();
        (estimate.value, estimate.half_width(CONFIDENCE).unwrap())
    };
    let mut sought = vec![with_seed(&plan(&text("mser-5")), 1)];
    let stop = Arc::new(AtomicBool::new(false));
    let threads = available_parallelism().map_or(1, usize::from);
    let runner = Runner { threads, stop: &stop, progress: &|_| () };
    let found = settle(&mut sought, &runner).unwrap().expect("it is asked for");
    assert_eq!(sought[0].plan.run.warm_up, found.length);
    assert!(!sought[0].plan.run.seeks_warm_up);
    let minutes = found.length.as_secs_f64() / 60.0;
    assert!((30.0..=150.0).contains(&minutes), "{minutes}");
    let (value, half) = open(sought);
    assert!((value - 4.0).abs() <= half && half < 0.15, "{value} ± {half}, not 4");
    let (value, half) = open(vec![with_seed(&plan(&text("0s")), 1)]);
    assert!(value + half < 4.0 - half, "{value} ± {half} from empty hides its bias");
    assert_eq!(settle(&mut [with_seed(&plan(&text("5m")), 1)], &runner).unwrap(), None);
}

/// V1 in one run of 2000 h that is cut into batches, and against a queue with less to do.
#[test]
fn one_long_run_holds_the_truth_in_batches() {
    let text = |rate: &str| {
        format!(
            "run = {{ replications = 'batch-means', warm_up = '20h', until = '2020h', end = 'cut' }}\n\
             measure.interval = '60m'\n\
             agents.server = {{ count = 1, concurrency = 1, reply_time = {{ exponential = {{ mean = '60s' }} }} }}\n\
             consumers.customer = {{ arrivals = '{rate}/min', messages = 1 }}"
        )
    };
    let variants = ["0.8", "0.7"].map(|rate| with_seed(&plan(&text(rate)), 6));
    let results = run(variants.into(), 1);
    let batches = results.batches.as_ref().expect("it is one run");
    assert_eq!(batches.doubtful, Vec::<&str>::new());
    let figures = [("open", 4.0), ("queue_length", 3.2), ("slot_use", 0.8), ("offered", 96_000.0)];
    for (name, truth) in figures {
        let estimate = results.variants[0].estimate(find(name).unwrap()).unwrap();
        let half_width = estimate.half_width(CONFIDENCE).unwrap();
        let (value, count) = (estimate.value, estimate.replications);
        assert!((value - truth).abs() <= half_width, "{name}: {value} ± {half_width}, not {truth}");
        assert!(half_width < 0.15 * truth && (8..=63).contains(&count), "{half_width} of {count}");
    }
    let open = find("open").unwrap();
    let difference = results.variants[1].against_base(open).unwrap();
    let half_width = difference.half_width(CONFIDENCE).unwrap();
    let exact = 0.7 / 0.3 - 4.0;
    assert!((difference.value - exact).abs() <= half_width, "{} ± {half_width}", difference.value);
    let quantile = results.variants[0].estimate(find("response_p90").unwrap()).unwrap();
    assert_eq!(quantile.half_width(CONFIDENCE), None, "intervals of the day keep no quantiles");
}

fn verdict(results: &Results, figure: &str) -> Comparison {
    let [base, other] = results.variants.as_slice() else { panic!("two variants") };
    let wanted: &Definition = find(figure).unwrap();
    let mut judged = Rule::at(CONFIDENCE).judge(&base.series, &other.series).into_iter();
    judged.find(|comparison| comparison.figure.name == wanted.name).unwrap()
}

fn plan(text: &str) -> Plan {
    let text =
        format!("{text}\n[unassign]\nenabled = false\n[remove_ownership]\nenabled = false\n");
    let source = Source { name: "test.toml".to_owned(), text };
    let scenario = parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
    Plan::clone(&scenario.variants[0].plan)
}

fn with_seed(plan: &Plan, seed: u64) -> Variant {
    let mut plan = plan.clone();
    plan.run.seed = seed;
    Variant { name: seed.to_string(), plan: Arc::new(plan) }
}

fn run(variants: Vec<Variant>, replications: u64) -> Results {
    let replications = 0..replications;
    let experiment = Experiment {
        variants,
        replications,
        precision: None,
        control_variate: true,
        checks: false,
        rows: None,
    };
    let threads = available_parallelism().map_or(1, usize::from);
    experiment.run(threads, &Arc::new(AtomicBool::new(false)), &mut ())
}
