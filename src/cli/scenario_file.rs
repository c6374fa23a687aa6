//! The scenario file that a command reads, and what is wrong with it.

use std::io::IsTerminal as _;
use std::path::Path;

use clap::Args;

use crate::scenario::{self, Diagnostics, Scenario, Setting};

use super::stop::{Exit, Stop};

/// What a scenario may make the program read.
#[derive(Args, Clone, Copy)]
pub(super) struct SideFileOptions {
    /// Read files that the scenario names even if they do not lie below its folder.
    #[arg(long)]
    pub(super) allow_outside: bool,
}

impl SideFileOptions {
    /// Reads a scenario with some of its keys set from outside; what is wrong with it is shown as in a
    /// compiler.
    pub(super) fn load(self, path: &Path, settings: &[Setting]) -> Result<Scenario, Stop> {
        let read = scenario::read(path, settings, self.allow_outside);
        read.map_err(|findings| refused(path, &findings))
    }
}

pub(super) fn refused(path: &Path, findings: &Diagnostics) -> Stop {
    let count = findings.iter().count();
    let errors = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
    let message = format!("{}: {errors}; nothing was run", path.display());
    Stop { findings: findings.clone(), ..Stop::new(Exit::BadInput, message) }
}

pub(super) fn rendered(findings: &Diagnostics) -> String {
    findings.render(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
}
