//! `shiftstorm check`, and the size of a run before it is begun.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use clap::Args;

use crate::report::terminal::wrapped;
use crate::report::{format, load as load_report};
use crate::scenario::{Variant, estimate};

use super::output::{Output, complain};
use super::scenario_file::{load, rendered};
use super::stop::{Exit, Stop};
use super::{machine, select};

/// Validate a scenario; print the load it brings, the staffing, and what a run will take.
#[derive(Args)]
pub(super) struct CheckCommand {
    /// Scenario file.
    file: PathBuf,
    /// Only these variants; may be given several times.
    #[arg(long, value_name = "NAME")]
    variant: Vec<String>,
}

impl CheckCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let scenario = load(&self.file)?;
        let variants = select::variants(&scenario, &self.variant, None)?;
        complain(&rendered(&scenario.warnings));
        output.text(&load_report::load(&scenario, &variants));
        let replications = variants.first().map_or(1, |base| base.plan.run.replications);
        let size = Size::of(&variants, &(0..replications.into()), machine::processors());
        output.text(&format!("\n{}\n", wrapped(&size.to_string(), 2)));
        Ok(())
    }
}

/// What a run will take.
pub(super) struct Size {
    replications: u64,
    seconds: f64,
    memory: f64,
    free: Option<f64>,
}

impl Size {
    pub(super) fn of(variants: &[Variant], replications: &Range<u64>, threads: usize) -> Self {
        let replications = replications.end - replications.start;
        let (mut seconds, mut memory) = (0.0, 0.0_f64);
        for variant in variants {
            let one = estimate(&variant.plan);
            seconds += one.seconds * replications as f64;
            memory = memory.max(one.memory);
        }
        let at_once = threads.min(machine::processors()).max(1) as f64;
        let worlds = (threads as u64).min(replications * variants.len() as u64) as f64;
        Self {
            replications,
            seconds: seconds / at_once,
            memory: memory * worlds,
            free: machine::free_memory(),
        }
    }

    /// Whether somebody will wait for it.
    pub(super) fn is_long(&self) -> bool {
        self.seconds > LONG
    }

    /// Refuses what will not fit into memory, unless forced.
    pub(super) fn refuse_too_large(&self, forced: bool) -> Result<(), Stop> {
        match self.free {
            Some(free) if !forced && self.memory > free * SHARE_OF_MEMORY => {
                let message = format!(
                    "the run would take about {} of memory, more than 80 % of the {} that are free; use fewer --threads, or --force-size to try",
                    format::bytes(self.memory),
                    format::bytes(free)
                );
                Err(Stop::new(Exit::BadInput, wrapped(&message, 2)))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let replications = match self.replications {
            1 => "1 replication".to_owned(),
            count => format!("{count} replications"),
        };
        write!(
            f,
            "Estimate for {replications} of each variant: {}, {} of memory",
            format::time(self.seconds),
            format::bytes(self.memory)
        )?;
        self.free.map_or(Ok(()), |free| write!(f, " ({} free)", format::bytes(free)))
    }
}

/// Seconds from which on a run is announced.
const LONG: f64 = 20.0;
const SHARE_OF_MEMORY: f64 = 0.8;
