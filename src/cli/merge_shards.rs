//! `shiftstorm merge`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::base::storage::Storage;
use crate::report;
use crate::report::folder::{FolderRequest, ReportFolder, RunRequest};
use crate::report::work::{MergeRefusal, ShardMerge, ShardState, WorkFolder};
use crate::report::{RowFiles, format};

use super::goals::GoalOptions;
use super::output::Output;
use super::prepared_run::PreparedRun;
use super::run_shard::{open, prepared};
use super::session::Session;
use super::stop::{Exit, Stop};

/// Put the shards of a plan together: the report that `run` would have written, byte for byte.
#[derive(Args)]
pub(super) struct MergeCommand {
    /// Folder with the plan.
    folder: PathBuf,
    /// Report folder.
    #[arg(long, value_name = "DIR", required_unless_present = "status")]
    out: Option<PathBuf>,
    /// Only tell which shards are missing or cannot be used, and when the rest will be there.
    #[arg(long)]
    status: bool,
    /// Make a report of the shards that are there, as of a run that was interrupted.
    #[arg(long)]
    partial: bool,
    /// Write into a folder that holds something else, or a report of more replications.
    #[arg(long)]
    force: bool,
    /// Threads for what has to be run again [default: all processors].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    goals: GoalOptions,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

impl MergeCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let work = open(&self.folder, &output.storage)?;
        let Some(out) = self.out.as_ref().filter(|_| !self.status) else {
            return status(&work, output);
        };
        let run = prepared(&work)?;
        self.goals.try_path(&output.storage)?;
        let folder = self.taken(out, &run, &output.storage)?;
        let unwritable = |error: std::io::Error| {
            let path = out.display();
            Stop::new(
                Exit::Io,
                format!("cannot write to `{path}`: {error}; the shards are as they were"),
            )
        };
        let session = Session::new(self.threads, self.quiet);
        let mut progress = folder.start(&run.experiment).map_err(unwritable)?;
        let rows = RowFiles::begin(folder.storage(), folder.unfinished(), run.arguments.rows());
        let mut rows = rows.map_err(unwritable)?;
        let merge = ShardMerge {
            work: &work,
            experiment: &run.experiment,
            partial: self.partial,
            threads: session.threads,
            stop: &session.stop,
        };
        session.begin("");
        let results = merge.run(&mut progress, &mut rows, &|done| session.progress(done));
        session.end();
        let results = match results {
            Ok(results) => results,
            Err(refusal) => {
                // Nothing is saved that could be gone on with.
                folder.forget_progress().map_err(unwritable)?;
                return Err(Self::refused(refusal, work.plan().shards.len()));
            }
        };
        let background = run.background();
        let report = run.report(&background, &results);
        let swept = run.sweep.as_ref().map(|sweep| sweep.report(&report));
        if !self.quiet {
            output.text(
                &swept
                    .as_ref()
                    .map_or_else(|| report::summary::summary(&report), report::sweep::table),
            );
        }
        let written = swept.as_ref().map_or(Ok(()), |swept| folder.write_sweep(swept));
        let written = written.and_then(|()| rows.finish());
        let written = written.and_then(|()| folder.write(&report, &mut progress));
        written.and_then(|()| folder.forget_progress()).map_err(unwritable)?;
        if !self.quiet {
            output.text(&format!("\nReport: {}\n", out.display()));
        }
        let suites = report::suites(&report);
        self.goals.save(&output.storage, &run.scenario.name, &suites)?;
        if results.failures().count() > 0 {
            run.verdict(&results, None)?;
        }
        self.goals.missed(&suites)
    }

    /// The report folder, for a run of so many replications.
    fn taken(
        &self,
        out: &Path,
        run: &PreparedRun,
        storage: &Storage,
    ) -> Result<ReportFolder, Stop> {
        let replications = &run.experiment.replications;
        let (name, storage) = (run.scenario.name.as_str(), storage.clone());
        let request = FolderRequest { path: out, name, force: self.force, storage };
        let asked =
            RunRequest { replications: replications.end - replications.start, resume: false };
        let folder = ReportFolder::take_for_run(&request, asked);
        folder.map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))
    }

    fn refused(refusal: MergeRefusal, count: usize) -> Stop {
        match refusal {
            MergeRefusal::Shards(absent) => {
                let help = "run them with `shiftstorm shard`, or put together what is there with --partial";
                let mut text = format!("{} of {count} shards cannot be put together", absent.len());
                listed(&mut text, absent.iter().map(|(index, state)| (*index, state)));
                Stop::new(Exit::BadInput, format!("{text}\n{help}"))
            }
            MergeRefusal::Unlike(message) => Stop::new(Exit::BadInput, message),
            MergeRefusal::Interrupted => {
                Stop::new(Exit::Interrupted, "interrupted; the shards are as they were")
            }
            MergeRefusal::Io(error) => {
                Stop::new(Exit::Io, format!("cannot put shards together: {error}"))
            }
        }
    }
}

/// How many shards are there, which are not, and when they will be.
fn status(work: &WorkFolder, output: &mut Output) -> Result<(), Stop> {
    let count = work.plan().shards.len();
    let states = Vec::from_iter((0..count).map(|index| work.state(index)));
    let there = states.iter().filter(|state| matches!(state, ShardState::There(_))).count();
    let mut text = format!("{there} of {count} shards are there");
    let left = count - there;
    if let Some(pace) = WorkFolder::pace(&states).filter(|_| left > 0) {
        let rest = pace.saturating_mul(u32::try_from(left).unwrap_or(u32::MAX));
        let _ = write!(text, "; at the pace so far the rest takes {}", told(rest));
    }
    listed(&mut text, states.iter().enumerate());
    output.text(&format!("{text}\n"));
    match left {
        0 => Ok(()),
        _ => Err(Stop::new(Exit::BadInput, "")),
    }
}

fn told(length: Duration) -> String {
    format::time(length.as_secs_f64())
}

/// Those that are missing, as ranges, and those that cannot be used, with the reason.
fn listed<'a>(text: &mut String, states: impl Iterator<Item = (usize, &'a ShardState)>) {
    let states = Vec::from_iter(states);
    let missing = states.iter().filter(|(_, state)| *state == &ShardState::Missing);
    let missing = Vec::from_iter(missing.map(|(index, _)| *index));
    if !missing.is_empty() {
        let ranges = missing.chunk_by(|one, next| one + 1 == *next);
        let ranges = ranges.map(|range| match range {
            [one] => one.to_string(),
            _ => format!("{}-{}", range[0], range[range.len() - 1]),
        });
        let _ = write!(text, "\nmissing: {}", Vec::from_iter(ranges).join(","));
    }
    for (index, state) in states {
        if let ShardState::Unusable(why) = state {
            let _ = write!(text, "\nshard {index} cannot be used: {why}; run it again");
        }
    }
}
