//! One way to validate a case: run its scenario file, estimate its figures, hold them against the
//! exact values.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

use shiftstorm::base::statistics::Sample;
use shiftstorm::ledger::Outcome;
use shiftstorm::scenario::{self, Plan};
use shiftstorm::simulation::{Finished, Job, Recording, Update, replicate};

/// A variant of a scenario with exact figures.
pub(crate) struct Case {
    /// Names the case and, hashed, its random streams.
    pub(crate) name: &'static str,
    /// Stem of the file in `scenarios/reference`.
    pub(crate) file: &'static str,
    /// Position among the variants; the base is 0.
    pub(crate) variant: usize,
    pub(crate) figures: &'static [Figure],
}

/// A figure whose value is known exactly.
pub(crate) struct Figure {
    name: &'static str,
    exact: f64,
    kind: Kind,
    /// Of one replication, or of all merged.
    estimate: fn(&Outcome) -> Option<f64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A mean or a quantile.
    Amount,
    Probability,
}

impl Figure {
    /// A mean, a rate or a quantile.
    pub(crate) const fn amount(
        name: &'static str,
        exact: f64,
        estimate: fn(&Outcome) -> Option<f64>,
    ) -> Self {
        Self { name, exact, kind: Kind::Amount, estimate }
    }

    /// A probability.
    pub(crate) const fn probability(
        name: &'static str,
        exact: f64,
        estimate: fn(&Outcome) -> Option<f64>,
    ) -> Self {
        Self { name, exact, kind: Kind::Probability, estimate }
    }

    fn largest_standard_error(&self) -> f64 {
        match self.kind {
            Kind::Amount => 0.01 * self.exact.abs(),
            Kind::Probability => 0.005,
        }
    }
}

/// Validates cases with as many seeds each as `THEORY_SEEDS` says, by default one, and reports all
/// failures at once.
pub(crate) fn validate(cases: &[Case]) {
    let seeds = std::env::var("THEORY_SEEDS").map_or(1, |seeds| seeds.parse().expect("a number"));
    let mut failures = String::new();
    for case in cases {
        for round in 0..seeds {
            run(case, seed(case.name, round), &mut failures);
        }
    }
    assert!(failures.is_empty(), "figures that disagree with theory:\n{failures}");
}

fn run(case: &Case, seed: u64, failures: &mut String) {
    let mut plan = plan(case.file, case.variant);
    plan.run.seed = seed;
    let mut samples = vec![Sample::default(); case.figures.len()];
    let mut merged: Option<Outcome> = None;
    replications(plan, |finished| {
        let Some(outcome) = finished.outcome else { return };
        assert!(outcome.flow.balances(), "{}: conversations lost or doubled", case.name);
        for (figure, sample) in case.figures.iter().zip(&mut samples) {
            sample.push((figure.estimate)(&outcome).expect(figure.name));
        }
        match &mut merged {
            Some(merged) => merged.merge(&outcome),
            None => merged = Some(*outcome),
        }
    });
    let merged = merged.expect("at least one replication");
    for (figure, sample) in case.figures.iter().zip(&samples) {
        let standard_error = sample.standard_error().expect("several replications");
        let verdict = judge(figure, (figure.estimate)(&merged), standard_error);
        println!("{verdict}  {}  {}  seed {seed}", case.name, figure.name);
        if !verdict.starts_with("ok") {
            let _ = writeln!(failures, "{verdict}  {}  {}  seed {seed}", case.name, figure.name);
        }
    }
}

/// The estimate is that of all replications merged: of ratios and quantiles it has no bias worth
/// mentioning. Its standard error is that of the mean of the replications' own estimates, which is
/// the same to first order.
fn judge(figure: &Figure, estimate: Option<f64>, standard_error: f64) -> String {
    let (exact, estimate) = (figure.exact, estimate.expect(figure.name));
    let distance = (estimate - exact).abs();
    // Compared so that what is not a number is refused.
    let verdict = if standard_error > figure.largest_standard_error() {
        "VAGUE"
    } else if distance <= 4.0 * standard_error + 1e-3 * exact.abs() {
        "ok   "
    } else {
        "WRONG"
    };
    let errors = (estimate - exact) / standard_error;
    let share = standard_error / figure.largest_standard_error();
    format!(
        "{verdict} exact {exact:<10} estimate {estimate:<10.6} ({errors:+.2} standard errors, each \
         {share:.2} of what is allowed)"
    )
}

/// The plan of a variant of a reference scenario.
pub(crate) fn plan(file: &str, variant: usize) -> Plan {
    let path = Path::new("scenarios/reference").join(file).with_extension("toml");
    let scenario = scenario::load(&path).unwrap_or_else(|findings| panic!("{findings}"));
    Plan::clone(&scenario.variants[variant].plan)
}

/// Runs all replications of a plan.
pub(crate) fn replications(plan: Plan, mut each: impl FnMut(Finished)) {
    let plan = Arc::new(plan);
    let jobs = (0..u64::from(plan.run.replications)).map({
        move |replication| Job {
            plan: Arc::clone(&plan),
            replication,
            recording: Recording::Checked,
            rows: None,
        }
    });
    let threads = available_parallelism().map_or(1, usize::from);
    replicate(jobs, threads, &Arc::new(AtomicBool::new(false)), |update| {
        if let Update::Ended(_, finished) = update {
            each(finished.unwrap_or_else(|failure| panic!("{failure}")));
        }
    });
}

/// Hash of the name (FNV-1a), one for each round, without the sign bit, so that it may be written
/// into a scenario file.
fn seed(name: &str, round: u64) -> u64 {
    let bytes = name.bytes().chain(round.to_le_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash >> 1
}

#[test]
fn the_rule_refuses_what_is_wrong_and_what_is_vague() {
    let nothing = |_: &Outcome| None;
    let amount = Figure::amount("", 4.0, nothing);
    let verdict = |figure: &Figure, estimate, standard_error| {
        judge(figure, Some(estimate), standard_error)[..5].to_owned()
    };
    assert_eq!(verdict(&amount, 4.083, 0.02), "ok   ");
    assert_eq!(verdict(&amount, 4.085, 0.02), "WRONG");
    assert_eq!(verdict(&amount, 3.915, 0.02), "WRONG");
    assert_eq!(verdict(&amount, 4.0, 0.041), "VAGUE");
    assert_eq!(verdict(&amount, f64::NAN, 0.02), "WRONG");
    let probability = Figure::probability("", 0.02, nothing);
    assert_eq!(verdict(&probability, 0.02, 0.0049), "ok   ");
    assert_eq!(verdict(&probability, 0.02, 0.0051), "VAGUE");
}
