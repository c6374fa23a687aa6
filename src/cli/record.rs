//! `shiftstorm record`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::report::folder::{self, FolderRequest, ReportFolder};
use crate::report::recording::{LOG_LAYOUT, LogRecording, RecordingRefusal};
use crate::scenario::written::written_keys;
use crate::scenario::{Plan, RunEnd, RunSettings, Scenario, Setting, Variant};

use super::output::Output;
use super::scenario_file::SideFileOptions;
use super::session::Session;
use super::stop::{Exit, Stop};
use super::{select, sweep};

/// Simulate one variant and write a log of messages as a platform keeps it: messages, owners, states of
/// agents, planned shifts. A run without a date that is no longer than a day is made anew for each day.
#[derive(Args)]
pub(super) struct RecordCommand {
    /// Scenario file.
    file: PathBuf,
    /// Folder of the log [default: out/NAME-OF-THE-FILE-log].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Days [default: those of the scenario; 28 if it has a single one without a date].
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: Option<u32>,
    /// Date of the first day [default: that of the scenario, or 2026-01-05, a Monday].
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The variant, instead of the base.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Give a key of the file another value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The first replication, from 0.
    #[arg(long, default_value_t = 0)]
    replication: u32,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    #[command(flatten)]
    side_files: SideFileOptions,
    /// Write into a folder that holds something else; only what logs are made of is replaced.
    #[arg(long)]
    force: bool,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

/// The day from which a log begins where nothing else is said.
const FIRST_DAY: Date = jiff::civil::date(2026, 1, 5);
/// How many days a log has where nothing else is said.
const DAYS: u32 = 28;

impl RecordCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let mut settings = sweep::settings(&self.set)?;
        let (mut scenario, mut variant) = self.load(&settings)?;
        let longer = self.settings_of_dates(&scenario, &variant, &settings)?;
        if !longer.is_empty() {
            settings.extend(longer);
            (scenario, variant) = self.load(&settings)?;
        }
        let recording = self.recording(variant)?;
        let path = self
            .out
            .clone()
            .unwrap_or_else(|| PathBuf::from("out").join(folder::name_for(&self.file) + "-log"));
        let storage = output.storage.clone();
        let request =
            FolderRequest { path: &path, name: &scenario.name, force: self.force, storage };
        let folder = ReportFolder::take_for(&LOG_LAYOUT, &request);
        let folder = folder.map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))?;
        let session = Session::new(Some(1), self.quiet);
        session.begin("");
        let written = recording.write(&folder, &session.stop, &|share| session.progress(share));
        session.end();
        let rows = written.map_err(|refusal| {
            let exit = match refusal {
                RecordingRefusal::Stopped => Exit::Interrupted,
                RecordingRefusal::Failed(_) => Exit::Bug,
                RecordingRefusal::Io(_) => Exit::Io,
            };
            Stop::new(exit, refusal.to_string())
        })?;
        if !self.quiet {
            output.text(&format!("{rows}\nLog: {}\n", folder.path().display()));
        }
        Ok(())
    }

    fn load(&self, settings: &[Setting]) -> Result<(Scenario, Variant), Stop> {
        let scenario = self.side_files.load(&self.file, settings)?;
        let variant = select::one_variant(&scenario, self.variant.as_ref(), self.seed)?;
        Ok((scenario, variant))
    }

    /// What the scenario has to say of its days to be as long as is asked for; nothing of one that is
    /// run anew for each day.
    fn settings_of_dates(
        &self,
        scenario: &Scenario,
        variant: &Variant,
        given: &[Setting],
    ) -> Result<Vec<Setting>, Stop> {
        let run = &variant.plan.run;
        let mut wanted = Vec::new();
        let date = run.calendar.first_date();
        if let (Some(from), Some(_)) = (self.from, date) {
            wanted.push(format!("run.from={from}"));
        }
        let written = written_keys(&scenario.source, &variant.name, given);
        match (self.days, date.map(|date| self.from.unwrap_or(date))) {
            (None, _) => {}
            (Some(days), Some(from)) if written.contains_key("run.until") => {
                let last = Calendar::from_date(from, Span::ZERO, TimeZone::UTC);
                let last = last.ok().and_then(|first| first.day(i64::from(days)).date);
                let last = last.ok_or_else(|| Stop::new(Exit::Usage, "beyond the calendar"))?;
                wanted.push(format!("run.until={last}T00:00"));
            }
            (Some(days), Some(_)) => wanted.push(format!("run.days={days}")),
            (Some(_), None) if is_run_daily(run) => {}
            (Some(days), None) if written.contains_key("run.days") => {
                wanted.push(format!("run.days={days}"));
            }
            (Some(days), None) => {
                let length = Span::from_hours(24) * i64::from(days) - run.calendar.starts_at();
                wanted.push(format!("run.until={}s", length.as_secs_f64()));
            }
        }
        let settings = wanted.iter().map(|text| Setting::parse("--days", text));
        settings.collect::<Result<_, _>>().map_err(|message| Stop::new(Exit::Usage, message))
    }

    fn recording(&self, Variant { name, plan }: Variant) -> Result<LogRecording, Stop> {
        let (variant, replication) = (name, self.replication.into());
        let run = &plan.run;
        if run.calendar.first_date().is_some() {
            let stretches = vec![run.calendar.clone()];
            return Ok(LogRecording { variant, plan, replication, stretches });
        }
        let dated = |date: Option<Date>| {
            let date = date.ok_or_else(|| "is beyond the calendar".to_owned());
            date.and_then(|date| Calendar::from_date(date, run.calendar.starts_at(), TimeZone::UTC))
                .map_err(|why| Stop::new(Exit::Usage, format!("a day of the log {why}")))
        };
        let first = self.from.unwrap_or(FIRST_DAY);
        if !is_run_daily(run) {
            let stretches = vec![dated(Some(first))?];
            return Ok(LogRecording { variant, plan, replication, stretches });
        }
        let calendar = dated(Some(first))?;
        let days = i64::from(self.days.unwrap_or(DAYS));
        let stretches = (0..days).map(|number| dated(calendar.day(number).date));
        let stretches = stretches.collect::<Result<_, _>>()?;
        Ok(LogRecording { variant, plan: within_a_day(&plan), replication, stretches })
    }
}

/// Whether a replication stands for a day: it has no date, and all is over before the next begins.
fn is_run_daily(run: &RunSettings) -> bool {
    let is_short = run.until <= Time::ZERO + Span::from_hours(24);
    run.calendar.first_date().is_none() && is_short
}

/// The run ends before the next day begins at the latest.
fn within_a_day(plan: &Arc<Plan>) -> Arc<Plan> {
    let left = Span::from_hours(24) - plan.run.until.since_start();
    let end = match plan.run.end {
        RunEnd::Drain { at_most } if !left.is_zero() => {
            RunEnd::Drain { at_most: at_most.min(left) }
        }
        RunEnd::Drain { .. } | RunEnd::Cut => RunEnd::Cut,
    };
    let run = RunSettings { end, ..plan.run.clone() };
    Arc::new(Plan { run, ..Plan::clone(plan) })
}
