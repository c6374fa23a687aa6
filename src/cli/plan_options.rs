//! `shiftstorm run … --plan`: a run is cut into shards for many machines, and nothing is run.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::report::format;
use crate::report::terminal::wrapped;
use crate::report::work::{PlannedInput, RecordedFiles, WorkFolder, WorkPlan};
use crate::scenario::{ScenarioFolder, SideFileSource, estimate};

use super::output::Output;
use super::prepared_run::PreparedRun;
use super::run_arguments::RunArguments;
use super::run_shard::refused;
use super::scenario_file::ScenarioInput;
use super::session::Session;
use super::stop::{Exit, Stop};

/// How a run is shared out.
#[derive(Args)]
pub(super) struct PlanOptions {
    /// Run nothing, but write a plan of shards for `shard` and `merge` into this folder.
    #[arg(long, value_name = "DIR")]
    #[arg(conflicts_with_all = ["resume", "out", "json", "junit"])]
    pub(super) plan: Option<PathBuf>,
    /// Shards of about so many seconds on one processor, by the estimate of `check`.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, requires = "plan")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=86_400))]
    shard_seconds: u32,
    /// So many replications of each variant a shard, whatever they take.
    #[arg(long, value_name = "COUNT", requires = "plan", conflicts_with = "shard_seconds")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    shard_replications: Option<u32>,
}

impl PlanOptions {
    /// Writes the plan and tells how it goes on.
    pub(super) fn write(
        &self,
        path: &Path,
        arguments: &RunArguments,
        output: &mut Output,
    ) -> Result<(), Stop> {
        let options = arguments.side_files;
        let mut input = ScenarioInput::of_file(&arguments.file, options)?;
        let files = RecordedFiles::new(ScenarioFolder::of(&arguments.file, options.allow_outside));
        input.files = SideFileSource::from(files.clone());
        let mut run = PreparedRun::new(arguments.clone(), &input)?;
        if run.experiment.variants.iter().any(|variant| variant.plan.run.batch_means) {
            let message = "batch means are of one run, which cannot be cut into shards: run it without --plan";
            return Err(Stop::new(Exit::BadInput, message));
        }
        run.settle(&Session::new(None, false))?;
        let seconds = seconds_of_round(&run);
        let rounds = self
            .shard_replications
            .map_or_else(|| (f64::from(self.shard_seconds) / seconds).max(1.0) as u64, u64::from);
        let json = serde_json::to_value(arguments);
        let planned = PlannedInput {
            arguments: json.map_err(|error| Stop::new(Exit::Bug, error.to_string()))?,
            file: input.source.name.clone(),
            scenario: input.source.text.clone(),
            warm_up: run.warm_up,
        };
        let plan = WorkPlan::new(planned, &run.experiment, rounds);
        let work = WorkFolder::create(path, &output.storage, plan, &files.read());
        let work = work.map_err(refused)?;
        let shards = &work.plan().shards;
        let longest = shards.first().map_or(0, |shard| shard.end - shard.start);
        let (count, each) = (shards.len(), format::time(seconds * longest as f64));
        let (shards, last) = (if count == 1 { "shard" } else { "shards" }, count - 1);
        let told = format!("{count} {shards}, each {each} on one processor; nothing was run.");
        let path = path.display();
        output.text(&format!(
            "{}\nRun each:      shiftstorm shard {path} K    with K from 0 to {last}\n\
             Put together:  shiftstorm merge {path} --out DIR\n",
            wrapped(&told, 0)
        ));
        Ok(())
    }
}

/// How long one replication of all variants takes on one processor, as `check` estimates it.
fn seconds_of_round(run: &PreparedRun) -> f64 {
    let variants = run.experiment.variants.iter();
    let seconds: f64 = variants.map(|variant| estimate(&variant.plan).seconds).sum();
    seconds.max(1e-6)
}
