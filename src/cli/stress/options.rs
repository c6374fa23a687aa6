//! The options of the command, and what follows from them alone.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::storage::Storage;
use crate::base::time::Span;
use crate::report::folder::{self, FolderLayout, FolderRequest, ReportFolder};
use crate::report::junit;
use crate::scenario::Scenario;
use crate::scenario::stress::Stress;

use super::super::engines::EngineOptions;
use super::super::output::Output;
use super::super::scenario_file::SideFileOptions;
use super::super::search::{save as save_file, try_path};
use super::failures::unwritable;
use super::live_display::LiveDisplay;
use super::metrics_server::address;
use super::suite_choice::SuiteChoice;
use crate::cli::stop::{Exit, Stop};

/// Run a scenario on the wall clock, with real actors and mailboxes, and measure how well deadlines
/// are kept.
#[derive(Args)]
pub(crate) struct StressCommand {
    /// Scenario file.
    #[arg(required_unless_present_any = ["engines", "suite"])]
    pub(super) file: Option<PathBuf>,
    /// Without a scenario: compare timer engines under a storm of timers. This program's wheel, what
    /// one would take instead, and the wheel without actors.
    #[arg(long, conflicts_with_all = ["file", "variant", "speed", "shards", "set", "force"])]
    pub(super) engines: bool,
    #[command(flatten)]
    pub(super) comparison: EngineOptions,
    #[command(flatten)]
    pub(super) choice: SuiteChoice,
    /// The variant to run, instead of the base.
    #[arg(long, value_name = "NAME")]
    pub(super) variant: Option<String>,
    /// Seconds of the scenario that pass in one second, instead of the scenario's.
    #[arg(long, value_name = "FACTOR", value_parser = speed)]
    pub(super) speed: Option<f64>,
    /// Shards, instead of the scenario's: each a router with its part of agents and arrivals on a
    /// thread of its own.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(super) shards: Option<u32>,
    /// How long the load lasts, e.g. 30s, instead of the scenario's; stages are left out. With
    /// --engines: how long to measure each flat out, and again at half the rate found [default: 2s].
    #[arg(long = "for", value_name = "DURATION", value_parser = length)]
    pub(super) length: Option<Span>,
    #[command(flatten)]
    pub(super) side_files: SideFileOptions,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    pub(super) seed: Option<u64>,
    /// Give a key of the file another value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// Report folder [default: out/NAME-OF-THE-FILE-stress, or -capacity, or out/stress-suite]. With --engines: a file for all that was
    /// measured, as JSON.
    #[arg(long, value_name = "PATH")]
    pub(super) out: Option<PathBuf>,
    /// Write into a folder that holds something else.
    #[arg(long)]
    pub(super) force: bool,
    /// Search the highest rate of arrivals that meets the thresholds, or, if there are none, that is
    /// neither refused nor late, by trials with the plan of arrivals walked faster and faster.
    #[arg(long, conflicts_with = "engines", group = "compared")]
    pub(super) capacity: bool,
    /// Compare the capacity with that of an earlier search, or the suite with an earlier one, by its
    /// report folder.
    #[arg(long, value_name = "DIR", requires = "compared")]
    pub(super) against: Option<PathBuf>,
    /// Write how it came out to this file, as JUnit XML: thresholds, the ends of a capacity search, what
    /// engines did.
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Write what was measured to this file, as OpenMetrics text.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["engines", "capacity", "suite"])]
    pub(super) metrics: Option<PathBuf>,
    /// Serve what is measured meanwhile as OpenMetrics text, at /metrics of this address and port; of a
    /// port alone to this machine only.
    #[arg(long, value_name = "[ADDR:]PORT", value_parser = address, conflicts_with = "engines")]
    pub(super) metrics_listen: Option<SocketAddr>,
    /// Print JSON instead of the summary: what stands in stress.json, capacity.json or suite.json, or all
    /// that was measured of engines.
    #[arg(long, conflicts_with_all = ["quiet", "alone"])]
    pub(super) json: bool,
    /// Print nothing but errors.
    #[arg(short, long)]
    pub(super) quiet: bool,
}

/// What a command prints: for people, or for machines.
pub(super) struct PrintedResult<'a> {
    pub(super) summary: &'a str,
    pub(super) json: &'a dyn Fn(&mut Vec<u8>) -> io::Result<()>,
}

impl StressCommand {
    /// The report folder at a path, for this run alone.
    pub(super) fn take(
        &self,
        form: &'static FolderLayout,
        path: &Path,
        name: &str,
        storage: &Storage,
    ) -> Result<ReportFolder, Stop> {
        try_path(storage, self.junit.as_deref())?;
        try_path(storage, self.metrics.as_deref())?;
        let request = FolderRequest { path, name, force: self.force, storage: storage.clone() };
        let folder = ReportFolder::take_for(form, &request);
        folder.map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))
    }

    /// Prints the summary, or JSON, and writes the report, but not that of an interrupted run in the place of a
    /// whole one; tells whether it was written.
    pub(super) fn finish(
        &self,
        folder: &ReportFolder,
        is_interrupted: bool,
        printed: &PrintedResult<'_>,
        write: impl FnOnce(&ReportFolder) -> io::Result<()>,
        output: &mut Output,
    ) -> Result<bool, Stop> {
        if self.json {
            let mut text = Vec::new();
            let made = (printed.json)(&mut text);
            made.map_err(|error| Stop::new(Exit::Bug, error.to_string()))?;
            output.bytes(&text);
        } else if !self.quiet {
            output.text(printed.summary);
        }
        if is_interrupted && folder.keeps_its_report(0) {
            return Ok(false);
        }
        write(folder).map_err(|error| unwritable(folder.path(), &error))?;
        if !self.quiet && !self.json {
            output.text(&format!("\nReport: {}\n", folder.path().display()));
        }
        Ok(true)
    }

    /// Writes the JUnit XML, if it is wanted.
    pub(super) fn save_cases(
        &self,
        storage: &Storage,
        name: &str,
        suites: &[junit::JunitSuite],
    ) -> Result<(), Stop> {
        match &self.junit {
            Some(path) => save_file(storage, path, |file| junit::write(name, suites, file)),
            None => Ok(()),
        }
    }

    /// What standard error shows, and what is served, of runs of this scenario.
    pub(super) fn live(&self, scenario: &str) -> Result<LiveDisplay, Stop> {
        let live = LiveDisplay::new(self.quiet);
        let Some(address) = self.metrics_listen else { return Ok(live) };
        live.serving(scenario, address)
            .map_err(|error| Stop::new(Exit::Io, format!("cannot listen at {address}: {error}")))
    }

    /// The report folder.
    pub(super) fn path(&self, file: &Path, kind: &str) -> PathBuf {
        let named = || PathBuf::from("out").join(folder::name_for(file) + kind);
        self.out.clone().unwrap_or_else(named)
    }

    pub(super) fn settings(&self, scenario: &Scenario) -> Stress {
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

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().ok().filter(|speed| (0.001..=1e6).contains(speed));
    speed.ok_or_else(|| "not a number from 0.001 to 1000000".to_owned())
}

fn length(text: &str) -> Result<Span, String> {
    Stress::length_of(text).ok_or_else(|| "not a length of time such as 30s or 2m".to_owned())
}
