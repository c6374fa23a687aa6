//! The simulator against queueing theory: the scenarios of `scenarios/reference` have exact
//! solutions, named with their sources in each file, and every figure must agree with its own.
//!
//! What is run here is what `shiftstorm validate` runs, with one seed, and the committed page of it
//! must say the same. Of each number only the case that is simulated fastest is run, and of one that
//! takes longer than some seconds a part; all of them with one seed or with the ten of the full run:
//!
//! ```text
//! THEORY_SEEDS=1 cargo test --release --test work theory::
//! THEORY_SEEDS=10 cargo test --release --test work theory::
//! ```

mod clock_changes;
mod day;
mod laws;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;

use shiftstorm::experiment::runner::Runner;
use shiftstorm::experiment::validate::{
    Exact, ScenarioFile, Validated, ValidationCase, ValidationFigure, ValidationVerdict, all,
    validate,
};
use shiftstorm::ledger::Outcome;
use shiftstorm::report::validation;

/// What `shiftstorm validate --markdown` wrote.
const COMMITTED: &str = include_str!("../../../reports/validation.md");

macro_rules! cases {
    ($($test:ident $number:literal)+) => {
        $(
            #[test]
            fn $test() {
                agrees($number);
            }
        )+

        #[test]
        fn every_case_is_tested() {
            let tested = BTreeSet::from([$($number),+]);
            assert_eq!(tested, all().iter().map(ValidationCase::number).collect());
        }
    };
}

cases! {
    v1_m_m_1 "V1"
    v2_erlang_c "V2"
    v3_erlang_a "V3"
    v4_general_patience "V4"
    v5_m_g_1 "V5"
    v6_m_g_n "V6"
    v7_erlang_b "V7"
    v9_infinite_servers "V9"
    v10_busyness "V10"
    v11_a_day_with_shifts "V11"
    v13_messages "V13"
    v15_automatic_unassignment "V15"
    v16_ownership_removal "V16"
    v18_priorities "V18"
    v19_staffing "V19"
    v20_coverage "V20"
    v21_common_random_numbers "V21"
    v22_conservation "V22"
    v23_slowdown "V23"
    v24_repeat_contacts "V24"
    v25_messages_after_a_close "V25"
    v26_bot_first "V26"
    v27_two_skills "V27"
    v28_changes_of_clocks "V28"
}

/// Runs the cases of a number with as many seeds each as `THEORY_SEEDS` says, by default the fastest
/// with one.
fn agrees(number: &str) {
    let mut cases = all();
    cases.retain(|case| case.number() == number);
    let seeds = std::env::var("THEORY_SEEDS").ok();
    let seeds = seeds.map(|seeds| seeds.parse().expect("THEORY_SEEDS is a number"));
    if seeds.is_none() {
        cases.sort_by(|one, other| one.seconds().total_cmp(&other.seconds()));
        cases.truncate(1);
        if cases[0].seconds() > LONGEST && cases[0].experiment.is_none() {
            return a_part_agrees(&cases[0]);
        }
    }
    let seeds = seeds.unwrap_or(1);
    let validated = run(&cases, seeds);
    let (figures, agreeing) = validation::tally(&validated);
    assert!(figures > 0 && agreeing == figures, "{}", validation::text(&validated));
    if seeds == 1 {
        let page = validation::page(&validated);
        let (_, sections) = page.split_once("\n### ").expect("a section for each case");
        assert!(COMMITTED.contains(sections), "reports/validation.md is not of this program");
    }
}

/// Runs a part of the replications of a case: too few for the exactness that `validate` asks for, but
/// each estimate is as near to the exact value as its own standard error says.
fn a_part_agrees(case: &ValidationCase) {
    let replications = case.scenario().variants[case.variant].plan.run.replications;
    let some = (replications / PART).max(replications.min(FEWEST));
    let whole = format!("\nreplications = {replications}\n");
    let part = format!("\nreplications = {some}\n");
    assert_eq!(case.file.text.matches(&whole).count(), 1, "{}", case.file.path);
    let text = case.file.text.replace(&whole, &part).leak();
    let file = ScenarioFile { text, ..case.file };
    let validated = run(&[ValidationCase { file, ..*case }], 1);
    assert!(!case.figures.is_empty() && validated[0].figures.len() == case.figures.len());
    for judged in &validated[0].figures {
        let off = judged.figure.exact.standard_errors_off(&judged.estimate);
        // What cannot vary has no standard error, and is the exact value.
        let is_near =
            off.map_or(judged.verdict == ValidationVerdict::Agrees, |off| off.abs() <= 4.0);
        assert!(is_near, "{}", validation::text(&validated));
        assert_eq!(judged.estimate.replications, u64::from(some));
    }
}

/// Of a case that is run as a whole whenever the tests are, in seconds of its own estimate.
const LONGEST: f64 = 2.5;
/// One replication of so many is run of a longer one.
const PART: u32 = 20;
/// But at least so many, for a standard error that says something.
const FEWEST: u32 = 16;

fn run(cases: &[ValidationCase], seeds: u64) -> Vec<Validated> {
    let threads = available_parallelism().map_or(1, usize::from);
    let stop = Arc::new(AtomicBool::new(false));
    validate(cases, seeds, &Runner { threads, stop: &stop, progress: &|_| {} }).unwrap()
}

/// Erlang B, M/M/10/10 with a load of 8, blocks .121661.
fn planted(figures: &'static [ValidationFigure]) -> ValidationCase {
    const TEXT: &str = "\
        run = { replications = 40, warm_up = '5m', until = '1h' }\n\
        agents.line = { count = 10, concurrency = 1, \
        reply_time = { exponential = { mean = '60s' } } }\n\
        consumers.caller = { arrivals = '8/min', messages = 1, \
        patience = { first = '0s', until = 'assignment' } }";
    ValidationCase::new(
        "planted",
        "Erlang B",
        ScenarioFile { path: "planted.toml", text: TEXT },
        figures,
    )
}

fn blocked(outcome: &Outcome) -> Option<f64> {
    outcome.flow.abandonment()
}

#[test]
fn a_wrong_exact_value_is_found_out() {
    const FIGURES: &[ValidationFigure] = &[
        ValidationFigure::probability("right", 0.121_661, blocked),
        ValidationFigure::probability("wrong", 0.1, blocked),
        ValidationFigure::probability("wrong too", 0.15, blocked),
        ValidationFigure::bounded("out of bounds", 0.0, 0.1, blocked),
        ValidationFigure::amount("not known well enough", 0.121_661, blocked),
        ValidationFigure::amount("never measured", 1.0, |_| None),
    ];
    let validated = run(&[planted(FIGURES)], 2);
    let verdicts = Vec::from_iter(validated[0].figures.iter().map(|judged| judged.verdict));
    let (wrong, vague) = (ValidationVerdict::Disagrees, ValidationVerdict::Vague);
    assert_eq!(verdicts, [ValidationVerdict::Agrees, wrong, wrong, wrong, vague, wrong]);
    assert_eq!(validation::tally(&validated), (6, 1));
    let text = validation::text(&validated);
    assert!(text.contains("1 of 6 figures agree, in 1 case with 2 seeds each."), "{text}");
    let again = |line: &&str| line.starts_with("again: shiftstorm run planted.toml --seed ");
    assert_eq!(text.lines().filter(again).count(), 2, "{text}");
    assert_eq!(text.matches("disagrees").count(), 4, "{text}");
}

#[test]
fn two_seeds_are_two_experiments_and_more_exact_than_one() {
    const FIGURES: &[ValidationFigure] =
        &[ValidationFigure::probability("blocked", 0.121_661, blocked)];
    let of = |seeds| run(&[planted(FIGURES)], seeds).pop().unwrap();
    let (one, two) = (of(1), of(2));
    let [first, second] = &two.trials[..] else { panic!("two seeds") };
    assert_ne!(first.seed, second.seed);
    let estimates = [first, second].map(|trial| trial.estimates.as_ref().unwrap()[0]);
    assert_eq!(one.figures[0].estimate, estimates[0], "the first seed is the same");
    let mean = (estimates[0].value + estimates[1].value) / 2.0;
    let both = two.figures[0].estimate;
    assert!((both.value - mean).abs() < 1e-12);
    assert!(both.standard_error < one.figures[0].estimate.standard_error);
    assert_eq!(both.replications, 2 * one.figures[0].estimate.replications);
}

#[test]
fn every_reference_scenario_is_a_case_and_every_case_has_a_readable_source() {
    let entries = std::fs::read_dir("scenarios/reference").unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let shipped: BTreeSet<_> = names.map(|name| format!("scenarios/reference/{name}")).collect();
    let cases = all();
    assert_eq!(shipped, cases.iter().map(|case| case.file.path.to_owned()).collect());
    let mut names = BTreeSet::new();
    for case in &cases {
        assert!(names.insert(case.name), "{} twice", case.name);
        assert_eq!(std::fs::read_to_string(Path::new(case.file.path)).unwrap(), case.file.text);
        let scenario = case.scenario();
        assert!(scenario.warnings.is_empty(), "{}: {}", case.name, scenario.warnings);
        assert!(scenario.variants.len() > case.variant, "{}", case.name);
        assert!(!case.figures.is_empty() && !case.theory.is_empty(), "{}", case.name);
        for figure in case.figures {
            let Exact::Amount(value) = figure.exact else { continue };
            assert!(value != 0.0, "{}: nothing is within 1 % of 0", case.name);
        }
    }
}
