//! `shiftstorm stress`.

mod capacity;
mod live;
mod suite;

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::time::Span;
use crate::report::folder::ReportFolder;
use crate::report::stress::{FORM, StressReport, cases, described, summary};
use crate::report::{folder, junit};
use crate::scenario::stress::Stress as Settings;
use crate::scenario::{Scenario, Setting};
use crate::stress::{Failure, Job, Results, Verdict};

use self::live::Live;
use super::output::{Output, complain};
use super::search::save;
use super::{Exit, Stop, engines, load_with, machine, select, sweep};

/// Run a scenario on the wall clock, with real actors and mailboxes, and measure how well deadlines
/// are kept.
#[derive(Args)]
pub(super) struct Stress {
    /// Scenario file.
    #[arg(required_unless_present_any = ["engines", "suite"])]
    file: Option<PathBuf>,
    /// Without a scenario: compare timer engines under a storm of timers. This program's wheel, what
    /// one would take instead, and the wheel without actors.
    #[arg(long, conflicts_with_all = ["file", "variant", "speed", "shards", "set", "force"])]
    engines: bool,
    #[command(flatten)]
    comparison: engines::Comparison,
    #[command(flatten)]
    choice: suite::Choice,
    /// The variant to run, instead of the base.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Seconds of the scenario that pass in one second, instead of the scenario's.
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    speed: Option<f64>,
    /// Shards, instead of the scenario's: each a router with its part of agents and arrivals on a
    /// thread of its own.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=256))]
    shards: Option<u32>,
    /// How long the load lasts, e.g. 30s, instead of the scenario's; stages are left out. With
    /// --engines: how long to measure each flat out, and again at half the rate found [default: 2s].
    #[arg(long = "for", value_name = "DURATION", value_parser = length)]
    length: Option<Span>,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Give a key of the file another value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Report folder [default: out/NAME-OF-THE-FILE-stress, or -capacity, or out/stress-suite]. With --engines: a file for all that was
    /// measured, as JSON.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Write into a folder that holds something else.
    #[arg(long)]
    force: bool,
    /// Search the highest rate of arrivals that meets the thresholds, or, if there are none, that is
    /// neither refused nor late, by trials with the plan of arrivals walked faster and faster.
    #[arg(long, conflicts_with = "engines")]
    capacity: bool,
    /// Compare the capacity with that of an earlier search, by its report folder.
    #[arg(long, value_name = "DIR", requires = "capacity")]
    against: Option<PathBuf>,
    /// Write how the thresholds came out to this file, as JUnit XML.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["engines", "capacity"])]
    junit: Option<PathBuf>,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

impl Stress {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        if self.choice.suite {
            return self.run_suite(output);
        }
        let Some(file) = &self.file else {
            let Self { length, seed, out, comparison, .. } = self;
            return comparison.execute(engines::Given { length, seed, out }, output);
        };
        let set = sweep::settings(&self.set)?;
        let scenario = load_with(file, &set)?;
        let names = Vec::from_iter(self.variant.clone());
        let variants = select::variants(&scenario, &names, self.seed)?;
        let Some(variant) = variants.into_iter().next() else {
            return Err(Stop::new(Exit::BadInput, "the scenario has no variant"));
        };
        if self.capacity {
            return self.search_capacity(file, &scenario, &variant, output);
        }
        let path = self.path(file, "-stress");
        let folder = ReportFolder::take_for(&FORM, &path, &scenario.name, self.force)
            .map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))?;
        let job = Job { plan: variant.plan, settings: self.settings(&scenario), journal: false };
        let stop = machine::stop_on_interrupt();
        let live = Live::new(self.quiet);
        live.begin(format!("{}, {}", scenario.name, variant.name), &job.settings);
        let results = job.run(&stop, |beat| live.beat(beat));
        drop(live);
        let results = results.map_err(|failure| failed(&failure))?;
        let report = StressReport {
            name: &scenario.name,
            question: &scenario.question,
            variant: &variant.name,
            source: &scenario.source,
            settings: &Vec::from_iter(set.iter().map(Setting::text)),
            results: &results,
        };
        report.write(&folder).map_err(|error| unwritable(&path, &error))?;
        if !self.quiet {
            output.text(&summary(&report));
            output.text(&format!("\nReport: {}\n", path.display()));
        }
        self.save_cases(&scenario.name, &[cases(&variant.name, &results)])?;
        verdict(&results)
    }

    /// Writes the JUnit XML, if it is wanted.
    fn save_cases(&self, name: &str, suites: &[junit::JunitSuite]) -> Result<(), Stop> {
        match &self.junit {
            Some(path) => save(path, |file| junit::write(name, suites, file)),
            None => Ok(()),
        }
    }

    /// The report folder.
    fn path(&self, file: &Path, kind: &str) -> PathBuf {
        let named = || PathBuf::from("out").join(folder::name_for(file) + kind);
        self.out.clone().unwrap_or_else(named)
    }

    fn settings(&self, scenario: &Scenario) -> Settings {
        let mut settings = scenario.stress.clone();
        settings.speed = self.speed.unwrap_or(settings.speed);
        settings.shards = self.shards.or(settings.shards);
        if let Some(length) = self.length {
            settings.length = length;
            settings.stages.clear();
        }
        settings
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", path.display()))
}

fn verdict(results: &Results) -> Result<(), Stop> {
    if results.interrupted {
        let message = "interrupted; the report holds the part that was run";
        return Err(Stop::new(Exit::Interrupted, message));
    }
    if !results.is_valid() {
        let message = "the load generator was late itself: the measurement is invalid";
        return Err(Stop::new(Exit::Invalid, message));
    }
    let missed = results.judged().into_iter().filter(|judged| judged.verdict() != Verdict::Met);
    let missed = missed.map(|judged| format!("threshold missed: {}", described(&judged)));
    let missed = Vec::from_iter(missed).join("\n");
    if missed.is_empty() { Ok(()) } else { Err(Stop::new(Exit::Threshold, missed)) }
}

/// A bug, with all that a bug report needs.
fn failed(failure: &Failure) -> Stop {
    if let Failure::Broken { last_events, .. } = failure {
        for (at, event) in last_events {
            complain(&format!("  {at}  {event:?}"));
        }
    }
    let command = Vec::from_iter(std::env::args());
    let command = select::quoted(&command);
    Stop::new(Exit::Bug, format!("bug in Shiftstorm: {failure}\nwhile running: {command}"))
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| (0.001..=1e6).contains(speed));
    speed.ok_or_else(|| "not a number from 0.001 to 1000000".to_owned())
}

fn length(text: &str) -> Result<Span, String> {
    Settings::length_of(text).ok_or_else(|| "not a length of time such as 30s or 2m".to_owned())
}
