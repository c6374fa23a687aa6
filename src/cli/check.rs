//! `shiftstorm check`, and the size of a run before it is begun.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::PathBuf;

use clap::Args;

use crate::report::findings::CheckedScenario;
use crate::report::terminal::wrapped;
use crate::report::{format, load as load_report, load_page};
use crate::scenario::{Scenario, Variant, estimate};

use super::output::{Output, complain};
use super::scenario_file::{SideFileOptions, rendered};
use super::search::{save, try_path};
use super::stop::{Exit, Stop};
use super::{machine, select, sweep};

/// Validate a scenario; print the load it brings, the staffing, and what a run will take.
#[derive(Args)]
pub(super) struct CheckCommand {
    /// Scenario file.
    file: PathBuf,
    /// Only these variants; may be given several times.
    #[arg(long, value_name = "NAME")]
    variant: Vec<String>,
    /// Give a key of the file another value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Take warnings as errors.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    side_files: SideFileOptions,
    /// Print JSON: what was found, with its places, for editors and build servers.
    #[arg(long)]
    json: bool,
    /// Write what was understood as a page: tables, findings, and work against staff as curves.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
    /// Let the page replace a file that is no such page.
    #[arg(long, requires = "html")]
    force: bool,
}

impl CheckCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        self.refuse_to_replace()?;
        try_path(&output.storage, self.html.as_deref())?;
        let read = self.read();
        if self.json {
            return self.tell_findings(read, output);
        }
        let (scenario, variants) = read?;
        complain(&rendered(&scenario.warnings));
        output.text(&load_report::load(&scenario, &variants));
        let replications = variants.first().map_or(1, |base| base.plan.run.replications);
        let size = Size::of(&variants, &(0..replications.into()), machine::processors());
        output.text(&format!("\n{}\n", wrapped(&size.to_string(), 2)));
        if let Some(path) = &self.html {
            let page = load_page::page(&scenario, &variants);
            save(&output.storage, path, |file| file.write_all(page.as_bytes()))?;
        }
        self.refused(&scenario).map_or(Ok(()), Err)
    }

    /// Why warnings end it.
    fn refused(&self, scenario: &Scenario) -> Option<Stop> {
        let count = scenario.warnings.len();
        let noun = if count == 1 { "warning" } else { "warnings" };
        let message = format!("{}: {count} {noun}", self.file.display());
        (self.strict && count > 0).then(|| Stop::new(Exit::BadInput, message))
    }

    /// A page may replace an earlier one, and nothing else in silence.
    fn refuse_to_replace(&self) -> Result<(), Stop> {
        let Some(path) = self.html.as_deref().filter(|path| path.is_file() && !self.force) else {
            return Ok(());
        };
        let text = fs::read(path).unwrap_or_default();
        if load_page::is_page(&String::from_utf8_lossy(&text)) {
            return Ok(());
        }
        let message = format!(
            "`{}` is there and is no page of `check`; name another file, or use --force",
            path.display()
        );
        Err(Stop::new(Exit::Io, message))
    }

    fn read(&self) -> Result<(Scenario, Vec<Variant>), Stop> {
        let settings = sweep::settings(&self.set)?;
        let scenario = self.side_files.load(&self.file, &settings)?;
        let variants = select::variants(&scenario, &self.variant, None)?;
        Ok((scenario, variants))
    }

    /// All findings as JSON, errors too; the exit code is as without.
    fn tell_findings(
        &self,
        read: Result<(Scenario, Vec<Variant>), Stop>,
        output: &mut Output,
    ) -> Result<(), Stop> {
        let file = self.file.display().to_string();
        let (checked, ending) = match read {
            Ok((scenario, _)) => {
                let ending =
                    self.refused(&scenario).map_or(Ok(()), |stop| Err(Stop::new(stop.exit, "")));
                (CheckedScenario::new(file, &scenario.warnings), ending)
            }
            Err(Stop { message, exit, findings }) => {
                let checked = match findings.is_empty() {
                    true => CheckedScenario::refused(file, &message),
                    false => CheckedScenario::new(file, &findings),
                };
                (checked, Err(Stop::new(exit, "")))
            }
        };
        let mut text = Vec::new();
        let written = checked.write(&mut text);
        written.map_err(|error| Stop::new(Exit::Io, format!("cannot write: {error}")))?;
        output.bytes(&text);
        ending
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
                    "the run would take about {} of memory, more than 80 % of the\n  {} that are free; use fewer --threads, or --force-size to try",
                    format::bytes(self.memory),
                    format::bytes(free)
                );
                Err(Stop::new(Exit::BadInput, message))
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
