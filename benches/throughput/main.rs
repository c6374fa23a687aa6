//! Simulation throughput on the messaging case, as ratios to a hand-written event loop.
//!
//! ```text
//! cargo bench --bench throughput                    all figures
//! cargo bench --bench throughput -- --rounds 15     more rounds
//! cargo bench --bench throughput -- --bare-only     one small run of the bare model, to profile:
//!     valgrind --tool=callgrind target/release/deps/throughput-… --bare-only
//! cargo bench --bench throughput -- --baseline-only the same of the hand-written loop
//! cargo bench --bench throughput -- --checked-only  the same with ledger and checks
//! ```
//!
//! The loop of `baseline` lives through the very same run, which is verified before anything is
//! timed: counts and every change of owner and status are the same. Runs are interleaved, one of
//! each kind a round, and measured in processor time of their thread; quoted is the median of the
//! rounds, with the lowest and the highest. Ratios are taken within a round.

#[path = "../shared/mod.rs"]
mod shared;

mod baseline;
mod clock;
mod trail;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use shiftstorm::scenario::plan::Plan;
use shiftstorm::simulation::{Finished, Job, Recording, Update, replicate};

use clock::timed;
use shared::messaging_case;
use trail::{Counts, Recorder};

fn main() {
    let arguments = Vec::from_iter(std::env::args().skip(1));
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let value = arguments.iter().skip_while(|argument| *argument != "--rounds").nth(1);
    let rounds = value.map_or(9, |value| value.parse().expect("--rounds takes a number"));
    let small = Arc::new(messaging_case(1, 2));
    if has("--bare-only") {
        println!("{} items handled", run(&small, Recording::Bare).handled);
    } else if has("--checked-only") {
        println!("{} items handled", run(&small, Recording::Checked).handled);
    } else if has("--baseline-only") {
        println!("{} events", baseline::run::<false>(&small, 0).events);
    } else {
        let normal = Arc::new(messaging_case(1, 20));
        let large = Arc::new(messaging_case(10, 2));
        println!("Messaging case, 200 agents");
        let conversations = verify(&normal);
        against_baseline(&normal, conversations, rounds);
        println!("\nThe same with 10 times the agents and consumers");
        let many = verify(&large);
        against_baseline(&large, many, rounds);
        println!();
        against_size([(&normal, conversations), (&large, many)], rounds);
        on_two_threads(&normal, rounds);
    }
}

fn run(plan: &Arc<Plan>, recording: Recording) -> Finished {
    let job = Job { plan: Arc::clone(plan), replication: 0, recording, rows: None };
    job.run().unwrap_or_else(|failure| panic!("{failure}"))
}

/// Makes sure that model and loop live through the same run. Gives the number of conversations.
fn verify(plan: &Arc<Plan>) -> u64 {
    let by_hand = baseline::run::<true>(plan, 0);
    let recorder = Recorder::default();
    let job = Job {
        plan: Arc::clone(plan),
        replication: 0,
        recording: Recording::Checked,
        rows: Some(Box::new(recorder.clone())),
    };
    let finished = job.run().unwrap_or_else(|failure| panic!("{failure}"));
    let outcome = finished.outcome.expect("a checked run has an outcome");
    assert_eq!(by_hand.counts, Counts::of(&outcome), "loop (left) and model count differently");
    assert_eq!(by_hand.trail, recorder.trail(), "loop (left) and model make different changes");
    println!("  same run in both: {:?}", by_hand.trail);
    println!("  {:?}", by_hand.counts);
    println!(
        "  utilisation {:.1} %, at most {} conversations open",
        100.0 * by_hand.utilisation,
        by_hand.most_open
    );
    by_hand.counts.opened
}

fn against_baseline(plan: &Arc<Plan>, conversations: u64, rounds: usize) {
    let mut events = 0;
    let mut handled = 0;
    let times = interleaved(
        rounds,
        &mut [
            &mut || events = baseline::run::<false>(plan, 0).events,
            &mut || handled = run(plan, Recording::Bare).handled,
            &mut || drop(run(plan, Recording::Unchecked)),
            &mut || drop(run(plan, Recording::Checked)),
        ],
    );
    let [by_hand, bare, unchecked, checked] = &times[..] else { unreachable!("four runs") };
    println!("  loop: {events} events; model: {handled} messages and events handled");
    let names = ["hand-written loop", "bare model", "with ledger", "with ledger and checks"];
    for (name, times) in names.iter().zip(&times) {
        let of_event = Spread::of(times.iter().map(|time| time / events as f64));
        let of_conversation = Spread::of(times.iter().map(|time| time / conversations as f64));
        println!("  {name:<24} {of_event:.1} ns an event of the loop");
        println!("  {:<24} {of_conversation:.0} ns a conversation", "");
    }
    verdict("bare model / loop", &ratios(bare, by_hand), Target::AtMost(2.0));
    verdict("ledger and checks / loop", &ratios(checked, by_hand), Target::AtMost(3.0));
    verdict("with checks / without", &ratios(checked, unchecked), Target::AtMost(1.15));
}

fn against_size(plans: [(&Arc<Plan>, u64); 2], rounds: usize) {
    let [(normal, some), (large, many)] = plans;
    let times = interleaved(
        rounds,
        &mut [
            &mut || drop(run(normal, Recording::Bare)),
            &mut || drop(run(large, Recording::Bare)),
            &mut || drop(run(normal, Recording::Checked)),
            &mut || drop(run(large, Recording::Checked)),
        ],
    );
    let factor = some as f64 / many as f64;
    for (name, pair) in [("bare", &times[..2]), ("with ledger and checks", &times[2..])] {
        let cost: Vec<f64> =
            ratios(&pair[1], &pair[0]).into_iter().map(|ratio| ratio * factor).collect();
        let what = format!("10 times the size, a conversation, {name}");
        verdict(&what, &cost, Target::AtMost(1.5));
    }
}

/// Wall-clock time, which needs a machine with nothing else to do.
fn on_two_threads(plan: &Arc<Plan>, rounds: usize) {
    let mut gains = Vec::new();
    for _ in 0..rounds {
        let [one, two] = [1, 2].map(|threads| {
            let jobs = (0..8).map(|replication| Job {
                plan: Arc::clone(plan),
                replication,
                recording: Recording::Checked,
                rows: None,
            });
            let jobs = Vec::from_iter(jobs);
            let started = Instant::now();
            replicate(jobs, threads, &Arc::new(AtomicBool::new(false)), |update| {
                if let Update::Ended(_, Err(failure)) = update {
                    panic!("{failure}");
                }
            });
            started.elapsed().as_secs_f64()
        });
        gains.push(one / two);
    }
    verdict("8 replications, 2 threads against 1, wall clock", &gains, Target::AtLeast(1.9));
}

/// Times of each kind of work, one round after the other.
fn interleaved(rounds: usize, works: &mut [&mut dyn FnMut()]) -> Vec<Vec<f64>> {
    let mut times = vec![Vec::new(); works.len()];
    for round in 0..=rounds {
        for (work, times) in works.iter_mut().zip(&mut times) {
            let ((), time) = timed(work);
            // The first round warms up.
            if round > 0 {
                times.push(time);
            }
        }
    }
    times
}

fn ratios(above: &[f64], below: &[f64]) -> Vec<f64> {
    above.iter().zip(below).map(|(above, below)| above / below).collect()
}

enum Target {
    AtMost(f64),
    AtLeast(f64),
}

fn verdict(what: &str, ratios: &[f64], target: Target) {
    let spread = Spread::of(ratios.iter().copied());
    let (reached, words) = match target {
        Target::AtMost(most) => (spread.median <= most, format!("at most {most}")),
        Target::AtLeast(least) => (spread.median >= least, format!("at least {least}")),
    };
    let reached = if reached { "reached" } else { "MISSED" };
    println!("  {what}: {spread:.2}, to reach: {words}: {reached}");
}

/// Median, lowest and highest.
struct Spread {
    median: f64,
    lowest: f64,
    highest: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values = Vec::from_iter(values);
        values.sort_by(f64::total_cmp);
        let (lowest, highest) = (values[0], values[values.len() - 1]);
        Self { median: values[values.len() / 2], lowest, highest }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = f.precision().unwrap_or(2);
        let Self { median, lowest, highest } = self;
        write!(f, "{median:.digits$} ({lowest:.digits$} to {highest:.digits$})")
    }
}
