//! Timers: how many operations a second an engine does, how late deadlines are served, and what a
//! timer takes, as ratios to the bare wheel in the same run.
//!
//! ```text
//! cargo bench --bench timers
//! ```
//!
//! Each figure is the median of some rounds, with the least and the most behind it. A round is a
//! storm in a process of its own that this program starts. Operations are counted by processor time,
//! which other programs do not disturb much; lateness is by the clock on the wall, so that of an
//! idle machine is the one that tells something.

use std::process::Command;

use shiftstorm::base::time::Span;
use shiftstorm::stress::engines::Engine;
use shiftstorm::stress::timer_benchmark::{self, EngineMeasurement, TimerBenchmark};

fn main() {
    let arguments = Vec::from_iter(std::env::args().skip(1));
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [engine, live] => {
            let engine = Engine::ALL.into_iter().find(|known| known.name() == engine);
            let live = live.parse().expect("a number of timers");
            let storm = TimerBenchmark { live, measure: Span::from_secs(1), seed: 1 };
            let measured = timer_benchmark::run(engine.expect("an engine"), storm);
            println!("{}", serde_json::to_string(&measured).expect("plain numbers"));
        }
        _ => LIVE.iter().for_each(|&live| compare(live)),
    }
}

fn compare(live: u32) {
    println!("\n{live} live timers");
    let mut rounds: Vec<Vec<EngineMeasurement>> = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(Engine::ALL.iter().map(|&engine| measure(engine, live)).collect());
    }
    for (position, engine) in Engine::ALL.into_iter().enumerate() {
        let figure = |of: &dyn Fn(&EngineMeasurement) -> f64| {
            Figure::of(rounds.iter().map(|round| of(&round[position])))
        };
        let rate = figure(&|row| row.flat_out.rate_of_processor() / 1e6);
        let ratios = rounds.iter().map(|round| {
            round[0].flat_out.rate_of_processor() / round[position].flat_out.rate_of_processor()
        });
        let ratio = Figure::of(ratios);
        let bytes = figure(&|row| row.bytes_resident.or(row.bytes_held).unwrap_or(f64::NAN));
        let late = figure(&|row| row.paced.lateness.p99 * 1e3);
        let mass = figure(&|row| row.mass.blocked * 1e3);
        println!("{}", engine.title());
        println!(
            "  {} million operations a second; bare wheel / this = {}",
            rate.text(3),
            ratio.text(2)
        );
        println!("  99 % at half that rate late by at most {} ms", late.text(2));
        println!("  {} bytes a timer", bytes.text(1));
        println!("  50,000 deadlines in one tick block for {} ms", mass.text(2));
        let whole = rounds.iter().all(|round| round[position].books_balance != Some(false));
        assert!(whole, "a timer was lost or fired twice");
        if (engine, live) == (Engine::Wheel, 1_000_000) {
            verdict("million operations a second", rate.median >= MILLIONS, "at least", MILLIONS);
            verdict("ms late", late.median <= LATE, "at most", LATE);
            verdict("bytes a timer", bytes.median.round() <= BYTES, "at most", BYTES);
        }
    }
}

fn verdict(what: &str, is_reached: bool, bound: &str, reach: f64) {
    let reached = if is_reached { "reached" } else { "MISSED" };
    println!("  to reach: {bound} {reach} {what}: {reached}");
}

/// The median of some rounds, the least and the most.
struct Figure {
    median: f64,
    least: f64,
    most: f64,
}

impl Figure {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values = Vec::from_iter(values);
        values.sort_by(f64::total_cmp);
        let most = values[values.len() - 1];
        Self { median: values[values.len() / 2], least: values[0], most }
    }

    fn text(&self, decimals: usize) -> String {
        let Self { median, least, most } = self;
        format!("{median:.decimals$} ({least:.decimals$} to {most:.decimals$})")
    }
}

fn measure(engine: Engine, live: u32) -> EngineMeasurement {
    let program = std::env::current_exe().expect("the program knows where it is");
    let output = Command::new(program).args([engine.name(), &live.to_string()]).output();
    let output = output.expect("the program starts itself");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("what it printed")
}

const LIVE: [u32; 3] = [10_000, 100_000, 1_000_000];
const ROUNDS: usize = 3;

/// What the wheel in the actor is to reach with a million live timers.
const MILLIONS: f64 = 3.0;
const LATE: f64 = 5.0;
const BYTES: f64 = 32.0;
