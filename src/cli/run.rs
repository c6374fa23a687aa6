//! `shiftstorm run`.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::experiment::precision::Precision;
use crate::experiment::warm_up::WarmUp;
use crate::experiment::{Checkpoint, Experiment, Results};
use crate::ledger::definitions::find;
use crate::report::folder::ReportFolder;
use crate::report::terminal::wrapped;
use crate::report::{self, AuditExtent, Background, Report, RowFiles, WantedRows};
use crate::scenario::{Scenario, Setting, Variant};

use super::folder_options::{FolderOptions, save, unwritable};
use super::goals::GoalOptions;
use super::output::{Output, complain};
use super::run_watch::{RunFiles, RunWatch};
use super::scenario_file::SideFileOptions;
use super::session::Session;
use super::stop::{Exit, Stop};
use super::sweep::{self, AskedSweep, SweepRequest};
use super::{check, select};

/// Simulate all variants of a scenario, print the summary and write the report folder.
#[derive(Args)]
pub(super) struct RunCommand {
    /// Scenario file.
    file: PathBuf,
    /// Replications of each variant, instead of the scenario's.
    #[arg(short = 'n', long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replications: Option<u32>,
    /// Only this replication, from 0.
    #[arg(long, conflicts_with = "replications")]
    replication: Option<u32>,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Threads; the results are the same with any number [default: all processors].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// How sure an interval is to hold the true figure, e.g. 90%.
    #[arg(long, value_name = "PERCENT", default_value = "95%", value_parser = select::confidence)]
    confidence: f64,
    /// Go on until half the interval of a figure is at most so much of it in all variants, e.g.
    /// abandonment=5%; may be given several times. At most -n replications.
    #[arg(long, value_name = "FIGURE=PERCENT", value_parser = select::precision)]
    #[arg(conflicts_with = "replication")]
    precision: Vec<(String, f64)>,
    /// Correct figures to the expected number of arrivals (`precision.control_variate`).
    #[arg(long)]
    control_variate: bool,
    /// Only these variants; may be given several times.
    #[arg(long, value_name = "NAME")]
    variant: Vec<String>,
    /// Give a key of the file another value for this run; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    side_files: SideFileOptions,
    /// Run every value of a key, of two keys every choice: KEY=FROM..TO/STEP or
    /// KEY=VALUE,VALUE,…; of the base, or of the --variant named. KEY,KEY=… gives several keys the
    /// same value.
    #[arg(long, value_name = "KEY=VALUES")]
    vary: Vec<String>,
    /// Do not check the invariants: a little faster, and every output says so.
    #[arg(long)]
    no_checks: bool,
    /// Write conversations.csv too: a row a conversation.
    #[arg(long)]
    conversations: bool,
    /// Write audit.csv too: a row a change of owner or status; with --audit=all a row for every
    /// fact that figures are made from, such as states of agents, messages and answers.
    #[arg(long, value_name = "ROWS", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "changes")]
    audit: Option<AuditRows>,
    #[command(flatten)]
    goals: GoalOptions,
    #[command(flatten)]
    folder: FolderOptions,
    /// Print summary.json instead of the summary.
    #[arg(long)]
    json: bool,
    /// Print nothing but errors.
    #[arg(short, long, conflicts_with = "json")]
    quiet: bool,
    /// Run even if the memory may not suffice.
    #[arg(long, visible_alias = "yes")]
    force_size: bool,
}

/// What `--audit` asks for.
#[derive(Clone, Copy, ValueEnum)]
enum AuditRows {
    /// Changes of owner or status.
    Changes,
    /// All facts.
    All,
}

impl From<AuditRows> for AuditExtent {
    fn from(rows: AuditRows) -> Self {
        match rows {
            AuditRows::Changes => Self::Changes,
            AuditRows::All => Self::All,
        }
    }
}

impl RunCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let settings = sweep::settings(&self.set)?;
        let scenario = self.side_files.load(&self.file, &settings)?;
        let mut variants = select::variants(&scenario, &self.variant, self.seed)?;
        let sweep = self.sweep(&scenario, &settings)?;
        if let Some(sweep) = &sweep {
            variants = sweep.points.iter().map(|point| point.variant.clone()).collect();
        }
        let precision = self.precision(&scenario);
        let replications = self.replications(&scenario, precision.is_some(), &variants);
        let session = Session::new(self.threads, self.quiet);
        let size = check::Size::of(&variants, &replications, session.threads);
        if !self.quiet && size.is_long() {
            complain(&wrapped(&size.to_string(), 2));
        }
        size.refuse_too_large(self.force_size)?;
        let wanted = self.control_variate || scenario.precision.control_variate;
        let control_variate = select::control_variate(wanted, &variants, &replications)?;
        let path = self.folder.path(&self.file, sweep.is_some());
        let most = replications.end - replications.start;
        let folder = self.folder.take(&path, &scenario.name, most, &output.storage)?;
        self.goals.try_path(&output.storage)?;
        let warm_up = session.settle(&mut variants)?;
        let (checks, first) = (!self.no_checks, replications.start);
        let mut experiment =
            Experiment { variants, replications, precision, control_variate, checks, rows: None };
        let rows = self.begin_rows(&mut experiment, &folder)?;
        let (checkpoint, progress) = self.folder.begin(&experiment, &folder, &session)?;
        let files = RunFiles { rows, progress };
        let background = sweep::background(&scenario, &settings, &experiment.variants, &sweep);
        let about = About { scenario: &scenario, background: &background, first, warm_up };
        let (results, mut files) = self.simulate(&experiment, checkpoint, &session, files)?;
        let report = self.report(about, &results);
        let swept = sweep.as_ref().map(|sweep| sweep.report(&report));
        self.show(&report, swept.as_ref(), output)?;
        let is_written = save(&report, swept.as_ref(), &folder, &mut files)?;
        if is_written && !self.json && !self.quiet {
            output.text(&format!("\nReport: {}\n", folder.path().display()));
        }
        let suites = report::suites(&report);
        self.goals.save(&output.storage, &scenario.name, &suites)?;
        self.verdict(&results, sweep.as_ref(), (!is_written).then_some(folder.path()))?;
        self.goals.missed(&suites)
    }

    fn show(
        &self,
        report: &Report<'_>,
        swept: Option<&report::sweep::SweepReport<'_>>,
        output: &mut Output,
    ) -> Result<(), Stop> {
        match swept {
            _ if self.json => {
                let mut text = Vec::new();
                let written = report::Summary::new(report).write(&mut text);
                written.map_err(|error| Stop::new(Exit::Io, format!("cannot write: {error}")))?;
                output.bytes(&text);
            }
            _ if self.quiet => {}
            Some(swept) => output.text(&report::sweep::table(swept)),
            None => output.text(&report::summary::summary(report)),
        }
        Ok(())
    }

    /// The rows of conversations and of the audit, those that are wanted.
    fn begin_rows(
        &self,
        experiment: &mut Experiment,
        folder: &ReportFolder,
    ) -> Result<RowFiles, Stop> {
        let audit = self.audit.map(AuditExtent::from);
        let wanted = WantedRows { conversations: self.conversations, audit };
        let rows = RowFiles::begin(folder.storage(), folder.unfinished(), wanted);
        let rows = rows.map_err(|error| unwritable(folder, &error))?;
        experiment.rows = rows.rows(&experiment.variants, experiment.checks);
        Ok(rows)
    }

    fn sweep(&self, scenario: &Scenario, settings: &[Setting]) -> Result<Option<AskedSweep>, Stop> {
        let request = SweepRequest {
            file: &self.file,
            scenario,
            settings,
            variants: &self.variant,
            seed: self.seed,
            side_files: self.side_files,
        };
        AskedSweep::asked(&self.vary, &request)
    }

    /// The precision that the flags ask for, or else the file.
    fn precision(&self, scenario: &Scenario) -> Option<Precision> {
        let asked = &scenario.precision;
        let within = if self.precision.is_empty() { &asked.within } else { &self.precision };
        let within = within.iter().filter_map(|(name, bound)| Some((find(name)?, *bound)));
        let within = Vec::from_iter(within);
        (!within.is_empty() && self.replication.is_none()).then(|| Precision {
            within,
            confidence: self.confidence,
            at_least: asked.at_least.into(),
        })
    }

    /// Which replications, at most.
    fn replications(&self, scenario: &Scenario, grows: bool, variants: &[Variant]) -> Range<u64> {
        if let Some(only) = self.replication {
            return only.into()..u64::from(only) + 1;
        }
        let planned = match grows {
            true => scenario.precision.at_most,
            false => variants.first().map_or(1, |base| base.plan.run.replications),
        };
        0..self.replications.unwrap_or(planned).into()
    }

    /// Runs everything; what came of it is saved when this is over.
    fn simulate(
        &self,
        experiment: &Experiment,
        checkpoint: Checkpoint,
        session: &Session,
        files: RunFiles,
    ) -> Result<(Results, RunFiles), Stop> {
        session.begin("");
        let mut watch = RunWatch {
            files,
            written: Ok(()),
            saved: Instant::now(),
            every: self.folder.every(),
            session,
        };
        let results = experiment.resume(checkpoint, session.threads, &session.stop, &mut watch);
        session.end();
        let written = watch.written.and_then(|()| watch.files.progress.save(&results));
        match written {
            Ok(()) => Ok((results, watch.files)),
            Err(error) => {
                let message = format!(
                    "cannot write what the run has come to: {error}; when there is room again, go on with --resume from what was saved before"
                );
                Err(Stop::new(Exit::Io, message))
            }
        }
    }

    fn report<'a>(
        &self,
        About { scenario, background, first, warm_up }: About<'a>,
        results: &'a Results,
    ) -> Report<'a> {
        Report {
            name: &scenario.name,
            question: &scenario.question,
            replications: first..first + results.planned,
            warm_up,
            confidence: self.confidence,
            thresholds: scenario.thresholds,
            checked: !self.no_checks,
            warnings: scenario.warnings.iter().map(|finding| finding.message.clone()).collect(),
            background,
            results,
        }
    }

    /// Failures first, with all that a bug report needs; then whether the user stopped it.
    fn verdict(
        &self,
        results: &Results,
        sweep: Option<&AskedSweep>,
        kept: Option<&Path>,
    ) -> Result<(), Stop> {
        for (variant, failure) in results.failures() {
            complain(&format!("error: a bug in Shiftstorm: variant `{}`, {failure}", variant.name));
            for (at, event) in &failure.last_events {
                complain(&format!("  {at}  {event:?}"));
            }
            let which = match sweep {
                None => vec!["--variant".to_owned(), variant.name.clone()],
                Some(sweep) => self.replayed_point(sweep, &variant.name),
            };
            complain(&format!(
                "  replay: {}",
                self.replay(&which, failure.seed, failure.replication)
            ));
        }
        match results.failures().count() {
            0 if results.interrupted => Err(Stop::new(Exit::Interrupted, interrupted(kept))),
            0 => Ok(()),
            count => Err(Stop::new(Exit::Bug, format!("{count} replications failed"))),
        }
    }

    fn replayed_point(&self, sweep: &AskedSweep, name: &str) -> Vec<String> {
        let variants = self.variant.iter().flat_map(|name| ["--variant".to_owned(), name.clone()]);
        variants.chain(sweep.flags(name)).collect()
    }

    fn replay(&self, which: &[String], seed: u64, replication: u64) -> String {
        let file = self.file.to_string_lossy();
        let (seed, replication) = (seed.to_string(), replication.to_string());
        let mut command = vec!["shiftstorm", "run", &file];
        command.extend(self.set.iter().flat_map(|setting| ["--set", setting.as_str()]));
        command.extend(which.iter().map(String::as_str));
        command.extend(["--seed", &seed, "--replication", &replication, "--threads", "1"]);
        if self.no_checks {
            command.push("--no-checks");
        }
        select::quoted(&command)
    }
}

/// What became of a run that was interrupted, and how it goes on; `kept` is a folder whose earlier
/// report has stayed.
fn interrupted(kept: Option<&Path>) -> String {
    let what = match kept {
        None => "the report holds what had ended".to_owned(),
        Some(path) => format!("`{}` keeps its earlier report", path.display()),
    };
    format!("interrupted; {what}: go on with --resume")
}

/// What a report tells besides the results.
#[derive(Clone, Copy)]
struct About<'a> {
    scenario: &'a Scenario,
    background: &'a Background,
    first: u64,
    warm_up: Option<WarmUp>,
}
