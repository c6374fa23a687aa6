//! What the commands that experiment with one variant have in common.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::experiment::trials::{Bench, Ended};
use crate::scenario::{Scenario, Variant};

use super::output::complain;
use super::{Exit, Stop, load_with, machine, select, sweep};

/// Which variant, and how it is run.
#[derive(Args)]
pub(super) struct Common {
    /// Scenario file.
    pub(super) file: PathBuf,
    /// The variant to start from, instead of the base.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Give a key of the file another value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Threads; the results are the same with any number [default: all processors].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Common {
    /// The scenario and the variant chosen.
    pub(super) fn load(&self) -> Result<(Scenario, Variant), Stop> {
        let settings = sweep::settings(&self.set)?;
        let scenario = load_with(&self.file, &settings)?;
        let names = Vec::from_iter(self.variant.clone());
        let variants = select::variants(&scenario, &names, self.seed)?;
        match variants.into_iter().next() {
            Some(variant) => Ok((scenario, variant)),
            None => Err(Stop::new(Exit::BadInput, "the scenario has no variant")),
        }
    }

    /// Runs an experiment with a bar that shows itself on a terminal.
    pub(super) fn with_bench<T>(
        &self,
        experiment: impl FnOnce(&Bench<'_>) -> Result<T, Ended>,
    ) -> Result<T, Stop> {
        let stop = machine::stop_on_interrupt();
        let threads = self.threads.map_or_else(machine::processors, usize::from);
        let bar = bar();
        let progress = |share: f64| {
            if let Some(bar) = &bar {
                bar.set_position((share * STEPS as f64) as u64);
            }
        };
        let result = experiment(&Bench { threads, stop: &stop, progress: &progress });
        if let Some(bar) = &bar {
            bar.finish_and_clear();
        }
        result.map_err(|ended| match ended {
            Ended::Interrupted => {
                Stop::new(Exit::Interrupted, "interrupted; nothing is reported of a part")
            }
            Ended::Failed(failure) => {
                complain(&format!("bug in Shiftstorm: {failure}"));
                for (at, event) in &failure.last_events {
                    complain(&format!("  {at}  {event:?}"));
                }
                let command = Vec::from_iter(std::env::args());
                complain(&format!("while running: {}", select::quoted(&command)));
                Stop::new(Exit::Bug, "a replication failed")
            }
        })
    }
}

/// Writes a file that appears whole or not at all.
pub(super) fn save(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Stop> {
    let unfinished = path.with_added_extension("unfinished");
    let written = File::create(&unfinished).and_then(|file| {
        let mut output = BufWriter::new(file);
        write(&mut output)?;
        output.flush()?;
        output.get_ref().sync_all()?;
        fs::rename(&unfinished, path)
    });
    written.map_err(|error| {
        // Nothing unfinished stays behind if that can be helped.
        let _ = fs::remove_file(&unfinished);
        Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", path.display()))
    })
}

fn bar() -> Option<ProgressBar> {
    let target = ProgressDrawTarget::stderr_with_hz(5);
    if target.is_hidden() {
        return None;
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %").ok()?;
    Some(ProgressBar::with_draw_target(Some(STEPS), target).with_style(style))
}

/// Steps of the bar.
const STEPS: u64 = 1000;
