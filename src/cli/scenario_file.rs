//! The scenario file that a command reads, and what is wrong with it.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::scenario::{
    self, Diagnostics, Scenario, ScenarioFolder, Setting, SideFileSource, Source,
};

use super::stop::{Exit, Stop};

/// What a scenario may make the program read.
#[derive(Args, Clone, Copy, Serialize, Deserialize)]
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

/// A scenario before it is read: its text, and where the files lie that it names.
pub(super) struct ScenarioInput {
    pub(super) path: PathBuf,
    pub(super) source: Source,
    pub(super) files: SideFileSource,
}

impl ScenarioInput {
    /// That of a file.
    pub(super) fn of_file(path: &Path, options: SideFileOptions) -> Result<Self, Stop> {
        let source = scenario::source(path).map_err(|findings| refused(path, &findings))?;
        let files = ScenarioFolder::of(path, options.allow_outside).into();
        Ok(Self { path: path.to_owned(), source, files })
    }

    /// Reads it with some of its keys set from outside.
    pub(super) fn read(&self, settings: &[Setting]) -> Result<Scenario, Diagnostics> {
        let Source { name, text } = &self.source;
        let source = Source { name: name.clone(), text: text.clone() };
        scenario::parse_with_overrides(source, &self.files, settings)
    }

    /// The same; what is wrong with it is shown as in a compiler.
    pub(super) fn load(&self, settings: &[Setting]) -> Result<Scenario, Stop> {
        self.read(settings).map_err(|findings| refused(&self.path, &findings))
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
