//! `shiftstorm shard`.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::Args;

use crate::base::storage::Storage;
use crate::experiment::Watch;
use crate::experiment::warm_up::fix;
use crate::ledger::definitions::Parts;
use crate::report::work::{ShardProgress, ShardState, WorkFolder, WorkRefusal};
use crate::scenario::Source;

use super::output::Output;
use super::prepared_run::PreparedRun;
use super::run_arguments::RunArguments;
use super::scenario_file::ScenarioInput;
use super::session::Session;
use super::stop::{Exit, Stop};

/// Run one shard of a plan that `run --plan` has made. A shard that is there already is not run again.
#[derive(Args)]
pub(super) struct ShardCommand {
    /// Folder with the plan.
    folder: PathBuf,
    /// Which shard, from 0 [default: what an array job says in SLURM_ARRAY_TASK_ID,
    /// JOB_COMPLETION_INDEX, PBS_ARRAY_INDEX or AWS_BATCH_JOB_ARRAY_INDEX].
    index: Option<usize>,
    /// Threads; what comes of it is the same with any number.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// End at the end of standard input, so that nothing is left running when whoever started this is
    /// gone.
    #[arg(long)]
    with_stdin: bool,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

impl ShardCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        if self.with_stdin {
            end_with_input();
        }
        let work = open(&self.folder, &output.storage)?;
        let index = self.index(work.plan().shards.len())?;
        let told = |output: &mut Output, what: &str| {
            if !self.quiet {
                output.text(&format!("shard {index}: {what}\n"));
            }
        };
        if let ShardState::There(_) = work.state(index) {
            told(output, "is there already");
            return Ok(());
        }
        let run = prepared(&work)?;
        let mut shard = run.experiment.part(work.plan().shards[index].clone());
        let unwritable = |error: std::io::Error| {
            let path = work.path().display();
            Stop::new(Exit::Io, format!("cannot write shard {index} to `{path}`: {error}"))
        };
        let wanted = run.arguments.rows();
        let progress = ShardProgress::begin(&work, index, &run.scenario.name, &shard, wanted);
        let progress = progress.map_err(unwritable)?;
        shard.rows = progress.rows(&shard);
        let session = Session::new(Some(self.threads), self.quiet);
        session.begin("");
        let mut watch = ShardWatch { progress, written: Ok(()), session: &session };
        let results = shard.run(session.threads, &session.stop, &mut watch);
        session.end();
        watch.written.map_err(unwritable)?;
        if results.interrupted {
            let message = format!("interrupted; shard {index} is not there: run it again");
            return Err(Stop::new(Exit::Interrupted, message));
        }
        watch.progress.save(&results).map_err(unwritable)?;
        let replications = shard.replications;
        told(output, &format!("replications {} to {}", replications.start, replications.end - 1));
        Ok(())
    }

    /// Which shard is meant.
    fn index(&self, count: usize) -> Result<usize, Stop> {
        let usage = |message: String| Stop::new(Exit::Usage, message);
        let of_array = || {
            let told = ARRAYS.iter().find_map(|name| Some((name, std::env::var(name).ok()?)));
            let (name, text) = told.ok_or_else(|| {
                usage(format!("which shard? Give its number, or set {}", ARRAYS.join(", ")))
            })?;
            let index = text.parse();
            index.map_err(|_| usage(format!("{name} is `{text}`, which is no number of a shard")))
        };
        let index = self.index.map_or_else(of_array, Ok)?;
        match index < count {
            true => Ok(index),
            false => Err(usage(format!(
                "there is no shard {index}; there are {count}, from 0 to {}",
                count - 1
            ))),
        }
    }
}

/// The run of a plan, whatever part of it is run here.
pub(super) fn prepared(work: &WorkFolder) -> Result<PreparedRun, Stop> {
    let plan = work.plan();
    let bad = |message: String| {
        let path = work.path().display();
        Stop::new(Exit::BadInput, format!("cannot use the plan in `{path}`: {message}"))
    };
    let arguments = serde_json::from_value::<RunArguments>(plan.arguments.clone());
    let arguments = arguments.map_err(|error| bad(error.to_string()))?;
    let source = Source { name: plan.file.clone(), text: plan.scenario.clone() };
    let input = ScenarioInput { path: arguments.file.clone(), source, files: work.files() };
    let mut run = PreparedRun::new(arguments, &input)?;
    if let Some(warm_up) = plan.warm_up {
        run.warm_up = Some(warm_up.into());
        fix(&mut run.experiment.variants, warm_up.into());
    }
    match plan.is_of(&run.experiment) {
        true => Ok(run),
        false => {
            Err(bad("its scenario does not come to the variants that were planned".to_owned()))
        }
    }
}

/// The folder of a plan.
pub(super) fn open(path: &Path, storage: &Storage) -> Result<WorkFolder, Stop> {
    WorkFolder::open(path, storage).map_err(refused)
}

pub(super) fn refused(refusal: WorkRefusal) -> Stop {
    match refusal {
        WorkRefusal::Io(message) => Stop::new(Exit::Io, message),
        WorkRefusal::Unusable(message) => Stop::new(Exit::BadInput, message),
    }
}

/// Ends the program when nobody is left who could write to its standard input.
fn end_with_input() {
    std::thread::spawn(|| {
        let mut buffer = [0_u8; 256];
        let mut input = std::io::stdin().lock();
        while input.read(&mut buffer).is_ok_and(|count| count > 0) {}
        std::process::exit(Exit::Interrupted as i32);
    });
}

/// Sees to the rows as replications end, and to the bar.
struct ShardWatch<'a> {
    progress: ShardProgress,
    written: std::io::Result<()>,
    session: &'a Session,
}

impl Watch for ShardWatch<'_> {
    fn progress(&mut self, done: f64) {
        self.session.progress(done);
    }

    fn merged(&mut self, variant: usize, replication: u64, figures: Option<&[Option<Parts>]>) {
        if self.written.is_ok() {
            self.written = self.progress.row(variant, replication, figures);
            if self.written.is_err() {
                self.session.stop.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// Where those who run arrays of jobs tell a job its index.
const ARRAYS: [&str; 4] =
    ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "PBS_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"];
