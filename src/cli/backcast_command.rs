//! `shiftstorm backcast`.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::base::calendar::date_of_day;
use crate::experiment::backcast::{
    ArrivalsReplayed, Backcast, BackcastResults, BackcastTrouble, LoggedPast, PresenceReplayed,
    ReplayedPast, Verdict, meter_settings,
};
use crate::fitting::{FittedParameters, LogEstimates, LogMeter, MeasuredLog, WorkEstimate};
use crate::log::{LogColumn, LogRead, LogReader};
use crate::report::backcast::{BACKCAST_LAYOUT, BackcastReport, saved_parameters};
use crate::report::folder::{self, FolderRequest, ReportFolder};
use crate::scenario::written::written_keys;
use crate::scenario::{Scenario, Setting, Variant};
use clap::{Args, ValueEnum};

use super::log_arguments::{KnownAgents, LogArguments, LogFiles};
use super::output::{Output, complain};
use super::scenario_file::SideFileOptions;
use super::session::Session;
use super::stop::{Exit, Stop};
use super::{select, sweep};

/// Simulate the days of a log with its own conversations and the presence of its agents, and say whether
/// the scenario fits the log, and if not, which parameter explains it.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct BackcastCommand {
    /// Scenario file; if fit.json of `fit` stands beside it, parameters are drawn from its estimates.
    file: PathBuf,
    /// Logs of messages as CSV, or a folder that `record` has written; other days than the scenario was
    /// fitted to.
    #[arg(value_name = "LOG", required = true)]
    logs: Vec<PathBuf>,
    /// Replications.
    #[arg(short = 'n', long, default_value_t = 999)]
    #[arg(value_parser = clap::value_parser!(u32).range(39..=100_000))]
    replications: u32,
    /// When consumers come: when they did, or at random as the scenario says.
    #[arg(long, value_name = "WHOSE", default_value = "log")]
    arrivals: PlayedArrivals,
    /// When agents are there: when they were, or when they were to be (roster.csv), with random absences.
    #[arg(long, value_name = "WHOSE", default_value = "presence")]
    roster: PlayedRoster,
    /// Parameters are those of the scenario in all replications, also where fit.json stands beside it.
    #[arg(long)]
    fixed: bool,
    /// Folder to write to [default: out/NAME-OF-THE-FILE-backcast].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The variant, instead of the base.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Give a key of the file another value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    #[command(flatten)]
    side_files: SideFileOptions,
    #[command(flatten)]
    reading: LogArguments,
    /// Planned shifts, for --roster plan: agent, start, end [default: roster.csv in the folder].
    #[arg(long, value_name = "FILE")]
    planned: Option<PathBuf>,
    /// Threads [default: all processors]; the report is the same on any number.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Write into a folder that holds something else; only what a backcast is made of is replaced.
    #[arg(long)]
    force: bool,
    /// Print backcast.json instead of the summary.
    #[arg(long)]
    json: bool,
    /// Print nothing but errors.
    #[arg(short, long, conflicts_with = "json")]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PlayedArrivals {
    /// When they came.
    Log,
    /// At random.
    Scenario,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PlayedRoster {
    /// As the states of agents say.
    Presence,
    /// As the planned shifts say.
    Plan,
}

const EXIT_CODES: &str = "\
Exit codes: 0 fits · 4 does not fit · 5 too little data to say · 2 usage · 3 bad input
· 6 cannot write · 130 interrupted";

impl BackcastCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let settings = sweep::settings(&self.set)?;
        let (scenario, variant) = self.load(&settings)?;
        let parameters = match self.fixed {
            true => None,
            false => saved_parameters(&self.file)
                .map_err(|message| Stop::new(Exit::BadInput, message))?,
        };
        let folder = self.folder(&scenario.name, output)?;
        let session = Rc::new(Session::new(self.threads, self.quiet));
        let files = self.reading.files(&self.logs, self.planned.as_ref(), &session)?;
        let log = self.read(&files, &folder, &variant)?;
        let (scenario, variant) = self.on_days_of(scenario, variant, &settings, &log.measured)?;
        let results = self.compare(&variant, &log, &files.known, parameters.as_ref(), &session)?;
        let report = BackcastReport {
            name: &scenario.name,
            variant: &variant.name,
            results: &results,
            measured: &log.measured,
            skills: &log.read.vocabulary.skills,
            seed: variant.plan.run.seed,
            are_parameters_drawn: parameters.is_some(),
            are_arrivals_drawn: self.arrivals == PlayedArrivals::Scenario,
            is_roster_planned: self.roster == PlayedRoster::Plan,
            notes: notes(&log),
        };
        report.write(&folder).map_err(|error| {
            Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", folder.path().display()))
        })?;
        if self.json {
            let mut text = Vec::new();
            // Into memory nothing fails.
            let _ = report.json(&mut text);
            output.bytes(&text);
        } else if !self.quiet {
            output.text(&format!("{}\nReport: {}\n", report.text(), folder.path().display()));
        }
        match report.verdict() {
            Verdict::Fits => Ok(()),
            Verdict::DoesNotFit => {
                Err(Stop::new(Exit::Threshold, "the scenario does not fit the log"))
            }
            Verdict::TooLittleData => {
                Err(Stop::new(Exit::Invalid, "too little data to say whether the scenario fits"))
            }
        }
    }

    fn load(&self, settings: &[Setting]) -> Result<(Scenario, Variant), Stop> {
        let scenario = self.side_files.load(&self.file, settings)?;
        let variant = select::one_variant(&scenario, self.variant.as_ref(), self.seed)?;
        Ok((scenario, variant))
    }

    fn folder(&self, name: &str, output: &Output) -> Result<ReportFolder, Stop> {
        let named = || PathBuf::from("out").join(folder::name_for(&self.file) + "-backcast");
        let path = self.out.clone().unwrap_or_else(named);
        let storage = output.storage.clone();
        let request = FolderRequest { path: &path, name, force: self.force, storage };
        let taken = ReportFolder::take_for(&BACKCAST_LAYOUT, &request);
        taken.map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))
    }

    fn read(
        &self,
        files: &LogFiles,
        folder: &ReportFolder,
        variant: &Variant,
    ) -> Result<MeteredLog, Stop> {
        let readers = files.readers()?;
        readers.iter().try_for_each(refuse_without_columns)?;
        let known = &files.known.observed;
        self.refuse_without_agents(
            &self.logs,
            known.presence.rows.is_empty(),
            known.shifts.is_empty(),
        )?;
        let tick = readers.iter().map(LogReader::tick).max().unwrap_or_default();
        // Thresholds of skills by their names need the log's, which come with its rows.
        let first = meter_settings(&variant.plan, &files.vocabulary, tick);
        let mut names = LogMeter::new(known, &first);
        let read = files.read(&readers, folder, &mut names)?;
        let settings = meter_settings(&variant.plan, &read.vocabulary, tick);
        let measured = if settings == first {
            names.finish()
        } else {
            let mut meter = LogMeter::new(known, &settings);
            files.read(&readers, folder, &mut meter)?;
            meter.finish()
        };
        if !measured.samples.has_endings || !measured.samples.has_assignments {
            let (what, column) = match measured.samples.has_assignments {
                false => {
                    ("who got a conversation and when", "`event` with `assigned`, and `agent`")
                }
                true => ("how conversations end", "`event` with `resolved`, and `cause`"),
            };
            return Err(Stop::new(
                Exit::BadInput,
                format!(
                    "the log does not tell {what}: it needs the column {column} (docs/data.md)"
                ),
            ));
        }
        Ok(MeteredLog { measured, read, tick })
    }

    fn refuse_without_agents(
        &self,
        logs: &[PathBuf],
        no_presence: bool,
        no_shifts: bool,
    ) -> Result<(), Stop> {
        let shown = logs.first().map_or_else(|| Path::new(""), PathBuf::as_path).display();
        let message = match self.roster {
            PlayedRoster::Presence if no_presence => format!(
                "where agents were is not known: `{shown}` has no presence.csv beside it; give one with agent, time \
                 and state (--presence), or planned shifts (--roster plan)"
            ),
            PlayedRoster::Plan if no_shifts => format!(
                "when agents were to be there is not known: `{shown}` has no roster.csv beside it; give one with \
                 agent, start and end (--planned)"
            ),
            _ => return Ok(()),
        };
        Err(Stop::new(Exit::BadInput, message))
    }

    /// A scenario with dates is that of the log's days.
    fn on_days_of(
        &self,
        scenario: Scenario,
        variant: Variant,
        settings: &[Setting],
        log: &MeasuredLog,
    ) -> Result<(Scenario, Variant), Stop> {
        let (Some(first), Some(last)) = (log.openings.first(), log.openings.last()) else {
            return Err(Stop::new(Exit::BadInput, "nobody writes in the log"));
        };
        if variant.plan.run.calendar.first_date().is_none() {
            return Ok((scenario, variant));
        }
        let date_of = |day: i32| {
            date_of_day(day)
                .ok_or_else(|| Stop::new(Exit::BadInput, "a day of the log is beyond the calendar"))
        };
        let written = written_keys(&scenario.source, &variant.name, settings);
        let mut wanted = vec![format!("run.from={}", date_of(first.day)?)];
        wanted.push(match written.contains_key("run.until") {
            true => format!("run.until={}T00:00", date_of(last.day + 1)?),
            false => format!("run.days={}", last.day - first.day + 1),
        });
        let mut settings = settings.to_vec();
        for text in &wanted {
            let setting = Setting::parse("--days of the log", text);
            settings.push(setting.map_err(|message| Stop::new(Exit::Usage, message))?);
        }
        self.load(&settings)
    }

    fn compare(
        &self,
        variant: &Variant,
        log: &MeteredLog,
        known: &KnownAgents,
        parameters: Option<&FittedParameters>,
        session: &Session,
    ) -> Result<BackcastResults, Stop> {
        let MeteredLog { measured, read, tick } = log;
        let past = LoggedPast {
            measured,
            agents: &known.observed,
            agent_rows: &known.rows,
            vocabulary: &read.vocabulary,
        };
        let arrivals = match self.arrivals {
            PlayedArrivals::Log => ArrivalsReplayed::AsLogged,
            PlayedArrivals::Scenario => ArrivalsReplayed::AsDrawn,
        };
        let presence = match self.roster {
            PlayedRoster::Presence => PresenceReplayed::AsLogged,
            PlayedRoster::Plan => PresenceReplayed::AsPlanned,
        };
        let replayed = ReplayedPast::new(&variant.plan, &past, arrivals, presence, *tick);
        let replayed =
            replayed.map_err(|refusal| Stop::new(Exit::BadInput, refusal.to_string()))?;
        let estimates = LogEstimates::of(&measured.samples, read.vocabulary.agents.names());
        let skills = read.vocabulary.skills.names();
        let skill = |work: &WorkEstimate| {
            let name = work.skill.and_then(|skill| skills.get(usize::from(skill.0)));
            name.map_or("general", String::as_str).to_owned()
        };
        let of_log = FittedParameters::of(&estimates, &skill);
        session.begin("backcast ");
        let backcast = Backcast {
            log: past,
            past: &replayed,
            scenario: &variant.plan,
            estimated: parameters,
            of_log: &of_log,
            replications: self.replications.into(),
            threads: session.threads,
            stop: &session.stop,
            progress: &|share| session.progress(share),
        };
        let results = backcast.run();
        session.end();
        results.map_err(|trouble| match trouble {
            BackcastTrouble::Stopped => Stop::new(Exit::Interrupted, trouble.to_string()),
            BackcastTrouble::Failed(_) => {
                complain(&format!("error: a bug in Shiftstorm: {trouble}"));
                Stop::new(Exit::Bug, "a replication failed")
            }
        })
    }
}

/// A log that was read and measured.
struct MeteredLog {
    measured: MeasuredLog,
    read: LogRead,
    tick: crate::base::time::Span,
}

/// Columns without which nothing can be held against a scenario.
fn refuse_without_columns(reader: &LogReader<'_>) -> Result<(), Stop> {
    let needed = [
        (LogColumn::From, "who wrote"),
        (LogColumn::Event, "when conversations were assigned and how they ended"),
        (LogColumn::Agent, "who wrote and who had a conversation"),
        (LogColumn::Cause, "who left"),
    ];
    let missing = needed.iter().filter(|(column, _)| !reader.columns().has(*column));
    let missing = missing.map(|(column, why)| format!("`{}` ({why})", column.word()));
    let missing = Vec::from_iter(missing);
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Stop::new(
            Exit::BadInput,
            format!(
                "{}: to hold a log against a scenario it needs the column {}; docs/data.md says what each buys, \
                 --column names one with another heading",
                reader.name(),
                missing.join(", ")
            ),
        )),
    }
}

/// What must not be overlooked.
fn notes(log: &MeteredLog) -> Vec<String> {
    let mut notes = Vec::new();
    if log.read.tally.bad > 0 {
        notes.push(format!("{} rows were not understood and are left out.", log.read.tally.bad));
    }
    if log.measured.samples.reopened > 0 {
        notes.push(format!(
            "{} messages came after a close: what goes on in a new conversation is replayed as one of its own.",
            log.measured.samples.reopened
        ));
    }
    notes
}
