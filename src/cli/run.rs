//! `shiftstorm run`.

use std::time::Instant;

use clap::Args;

use crate::experiment::{Experiment, Merging, Results};
use crate::report::folder::ReportFolder;
use crate::report::terminal::wrapped;
use crate::report::{self, Report, RowFiles};

use super::check;
use super::folder_options::{FolderOptions, save, unwritable};
use super::goals::GoalOptions;
use super::output::{Output, complain};
use super::plan_options::PlanOptions;
use super::prepared_run::PreparedRun;
use super::run_arguments::RunArguments;
use super::run_watch::{RunFiles, RunWatch};
use super::scenario_file::ScenarioInput;
use super::session::Session;
use super::stop::{Exit, Stop};
use super::watched_run::WatchedRunOptions;

/// Simulate all variants of a scenario, print the summary and write the report folder.
#[derive(Args)]
pub(super) struct RunCommand {
    #[command(flatten)]
    what: RunArguments,
    /// Threads; the results are the same with any number [default: all processors].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
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
    #[command(flatten)]
    plan: PlanOptions,
    /// Run even if the memory may not suffice.
    #[arg(long, visible_alias = "yes")]
    force_size: bool,
    #[command(flatten)]
    watched: WatchedRunOptions,
}

impl RunCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        if let Some(path) = &self.plan.plan {
            return self.plan.write(path, &self.what, output);
        }
        let input = ScenarioInput::of_file(&self.what.file, self.what.side_files)?;
        let mut run = PreparedRun::new(self.what.clone(), &input)?;
        let session = Session::new(self.threads, self.quiet);
        self.watched.stop_with_stdin(&session.stop);
        let (variants, replications) = (&run.experiment.variants, &run.experiment.replications);
        let size = check::Size::of(variants, replications, session.threads);
        if !self.quiet && size.is_long() {
            complain(&wrapped(&size.to_string(), 2));
        }
        size.refuse_too_large(self.force_size)?;
        let path = self.folder.path(&self.what.file, run.sweep.is_some());
        let most = replications.end - replications.start;
        let folder = self.folder.take(&path, &run.scenario.name, most, &output.storage)?;
        self.goals.try_path(&output.storage)?;
        run.settle(&session)?;
        let rows = self.begin_rows(&mut run.experiment, &folder)?;
        let (so_far, progress) = self.folder.begin(&run.experiment, &folder, &session)?;
        let files = RunFiles { rows, progress };
        let mut lines = self.watched.lines(run.scenario.thresholds);
        let mut watch = RunWatch {
            files,
            written: Ok(()),
            saved: Instant::now(),
            every: self.folder.every(),
            session: &session,
            lines: lines.as_mut(),
        };
        let results = simulate(&run.experiment, so_far, &mut watch)?;
        let mut files = watch.files;
        let background = run.background();
        let report = run.report(&background, &results);
        let swept = run.sweep.as_ref().map(|sweep| sweep.report(&report));
        self.show(&report, swept.as_ref(), output)?;
        let is_written = save(&report, swept.as_ref(), &folder, &mut files)?;
        if let Some(lines) = lines {
            lines.ended(&report);
        } else if is_written && !self.json && !self.quiet {
            output.text(&format!("\nReport: {}\n", folder.path().display()));
        }
        let suites = report::suites(&report);
        self.goals.save(&output.storage, &run.scenario.name, &suites)?;
        run.verdict(&results, (!is_written).then_some(folder.path()))?;
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
            _ if self.quiet || self.watched.is_told() => {}
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
        let rows = RowFiles::begin(folder.storage(), folder.unfinished(), self.what.rows());
        let rows = rows.map_err(|error| unwritable(folder, &error))?;
        experiment.rows = rows.rows(&experiment.variants, experiment.checks);
        Ok(rows)
    }
}

/// Runs everything; what came of it is saved when this is over.
fn simulate(
    experiment: &Experiment,
    so_far: Merging<'_>,
    watch: &mut RunWatch<'_>,
) -> Result<Results, Stop> {
    let session = watch.session;
    session.begin("");
    let results = experiment.resume(so_far, session.threads, &session.stop, watch);
    session.end();
    let written = std::mem::replace(&mut watch.written, Ok(()));
    let saved = written.and_then(|()| watch.files.progress.save(&results));
    saved.map_err(|error| {
        let message = format!(
            "cannot write what the run has come to: {error}; when there is room again, go on with --resume from what was saved before"
        );
        Stop::new(Exit::Io, message)
    })?;
    Ok(results)
}
