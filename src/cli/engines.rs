//! `shiftstorm stress --engines`: each engine in a process of its own, so that one's memory is not
//! another's, and one that does not come back can be ended.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::base::storage::Storage;
use crate::base::time::Span;
use crate::report::{engines, junit};
use crate::stress::engines::Engine;
use crate::stress::timer_benchmark::{self, EngineMeasurement, TimerBenchmark};
use crate::stress::wall_clock_now;

use super::output::Output;
use super::search::{save, try_path};
use super::stop::{Exit, Stop};

/// How engines are compared.
#[derive(Args)]
pub(super) struct EngineOptions {
    /// Live timers, e.g. 10k, 100k, 1M; several, with commas, are taken one after the other.
    #[arg(long, value_name = "NUMBER", default_value = "100k", value_delimiter = ',')]
    #[arg(value_parser = live, conflicts_with = "file")]
    live: Vec<u32>,
    /// Only these engines; may be given several times.
    #[arg(long, value_name = "NAME", value_enum, conflicts_with = "file")]
    engine: Vec<Engine>,
    /// Write a page that shows them beside each other to this file.
    #[arg(long, value_name = "FILE", requires = "engines")]
    html: Option<PathBuf>,
    /// Measure one engine in this process and print JSON.
    #[arg(long, hide = true, conflicts_with = "file")]
    alone: bool,
}

/// What is given by options that are not for engines alone.
pub(super) struct GivenOptions {
    pub(super) length: Option<Span>,
    pub(super) seed: Option<u64>,
    pub(super) out: Option<PathBuf>,
    pub(super) junit: Option<PathBuf>,
    pub(super) json: bool,
}

/// What is saved.
#[derive(Serialize)]
struct SavedEngines {
    version: u32,
    engines: Vec<EngineMeasurement>,
    /// Engines that said nothing within their time.
    cut_off: Vec<CutOffEngine>,
}

#[derive(Serialize)]
struct CutOffEngine {
    engine: Engine,
    #[serde(rename = "storm")]
    benchmark: TimerBenchmark,
    after_seconds: f64,
}

impl EngineOptions {
    pub(super) fn execute(self, given: GivenOptions, output: &mut Output) -> Result<(), Stop> {
        let measure = given.length.unwrap_or(LENGTH);
        if !(SHORTEST..=LONGEST).contains(&measure) {
            return Err(Stop::new(Exit::Usage, "allowed for an engine: --for 100ms to 10m"));
        }
        let seed = given.seed.unwrap_or(1);
        let engines = if self.engine.is_empty() { &Engine::ALL[..] } else { &self.engine };
        let mut benchmarks = self.live.iter().map(|&live| TimerBenchmark { live, measure, seed });
        for path in [&given.out, &given.junit, &self.html] {
            try_path(&output.storage, path.as_deref())?;
        }
        if self.alone {
            let engines = engines.first().zip(benchmarks.next());
            let measured =
                engines.map(|(&engine, benchmark)| timer_benchmark::run(engine, benchmark));
            return json(&measured).map(|text| output.text(&text));
        }
        let mut saved = SavedEngines { version: 1, engines: Vec::new(), cut_off: Vec::new() };
        let started = wall_clock_now();
        for (number, benchmark) in benchmarks.enumerate() {
            let mut say = |text: &str| {
                if !given.json {
                    output.text(text);
                }
            };
            if number > 0 {
                say("\n");
            }
            saved.compare(engines, &benchmark, &mut say)?;
        }
        if given.json {
            output.text(&json(&saved)?);
        }
        if let Some(file) = given.out {
            write(&output.storage, &file, &json(&saved)?)?;
        }
        if let Some(file) = given.junit {
            let cut_off = saved.cut_off.iter().map(|it| (it.engine, it.after_seconds));
            let suites = engines::junit_suites(&saved.engines, &Vec::from_iter(cut_off), &started);
            save(&output.storage, &file, |file| junit::write("timer engines", &suites, file))?;
        }
        match self.html {
            Some(file) => write(&output.storage, &file, &saved.page()),
            None => Ok(()),
        }
    }
}

impl SavedEngines {
    fn page(&self) -> String {
        let cut_off = self.cut_off.iter().map(|cut_off| (cut_off.engine, cut_off.after_seconds));
        engines::page(&self.engines, &Vec::from_iter(cut_off))
    }

    fn compare(
        &mut self,
        engines: &[Engine],
        benchmark: &TimerBenchmark,
        say: &mut dyn FnMut(&str),
    ) -> Result<(), Stop> {
        say(&engines::head(benchmark));
        let begun = self.engines.len();
        for &engine in engines {
            let limit = Duration::from_secs_f64(30.0 + 8.0 * benchmark.measure.as_secs_f64());
            let Some(measured) = isolated(engine, benchmark, limit)? else {
                let after_seconds = limit.as_secs_f64();
                say(&engines::cut_off(engine, after_seconds));
                self.cut_off.push(CutOffEngine { engine, benchmark: *benchmark, after_seconds });
                continue;
            };
            self.engines.push(measured);
            let rows = &self.engines[begun..];
            let bare = rows.iter().find(|row| row.engine == Engine::BareWheel);
            say(&engines::row(&rows[rows.len() - 1], bare));
        }
        say(&engines::foot(&self.engines[begun..]));
        Ok(())
    }
}

/// Measures an engine in a process of its own; `None` if it did not end in time.
fn isolated(
    engine: Engine,
    benchmark: &TimerBenchmark,
    limit: Duration,
) -> Result<Option<EngineMeasurement>, Stop> {
    let failed = |error: String| Stop::new(Exit::Bug, format!("{}: {error}", engine.name()));
    let program = std::env::current_exe().map_err(|error| failed(error.to_string()))?;
    let mut child = Command::new(program)
        .args(["stress", "--engines", "--alone", "--engine", engine.name()])
        .args(["--live", &benchmark.live.to_string(), "--seed", &benchmark.seed.to_string()])
        .args(["--for", &format!("{}us", benchmark.measure.as_micros())])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let started = Instant::now();
    while child.try_wait().map_err(|error| failed(error.to_string()))?.is_none() {
        if started.elapsed() > limit {
            // It may have ended by itself just now.
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
    let mut text = String::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_string(&mut text).map_err(|error| failed(error.to_string()))?;
    }
    // If it failed, it has said why on standard error.
    serde_json::from_str(&text).map(Some).map_err(|error| failed(error.to_string()))
}

fn write(storage: &Storage, path: &Path, text: &str) -> Result<(), Stop> {
    save(storage, path, |file| file.write_all(text.as_bytes()))
}

fn json(value: &impl Serialize) -> Result<String, Stop> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| Stop::new(Exit::Bug, error.to_string()))?;
    Ok(text + "\n")
}

/// `1000`, `10k`, `1M`.
fn live(text: &str) -> Result<u32, String> {
    let (digits, unit) = match text.strip_suffix(['k', 'M']) {
        Some(digits) => (digits, if text.ends_with('k') { 1000 } else { 1_000_000 }),
        None => (text, 1),
    };
    let number = digits.parse::<u32>().ok().and_then(|number| number.checked_mul(unit));
    let number = number.filter(|number| (LIVE_LEAST..=LIVE_MOST).contains(number));
    number.ok_or_else(|| "allowed: a whole number from 1k to 20M".to_owned())
}

impl ValueEnum for Engine {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.title()))
    }
}

const LIVE_LEAST: u32 = 1000;
const LIVE_MOST: u32 = 20_000_000;
const LENGTH: Span = Span::from_secs(2);
const SHORTEST: Span = Span::from_micros(100_000);
const LONGEST: Span = Span::from_mins(10);
