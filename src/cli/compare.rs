//! `shiftstorm compare`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::report::comparison::{ComparedReport, ComparisonOptions, compare};
use crate::report::stress::{ComparedStressRun, StressComparison};

use super::output::Output;
use super::search::{locked, save, try_path};
use super::select;
use super::stop::{Exit, Stop};

/// Compare two report folders, replication by replication if they have the same seed, or those of two
/// stress runs. What matters is what matters in the first.
#[derive(Args)]
pub(super) struct CompareCommand {
    /// Report folder to compare with.
    base: PathBuf,
    /// The other report folder. Each of its variants is compared with its namesake in the first, or
    /// with the base of that report.
    other: PathBuf,
    /// Only this variant of the other report.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// How sure an interval is to hold the true difference, e.g. 90%.
    #[arg(long, value_name = "PERCENT", default_value = "95%", value_parser = select::confidence)]
    confidence: f64,
    /// Write a page with charts to this file too.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Print JSON: the differences of all figures.
    #[arg(long)]
    json: bool,
}

impl CompareCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        try_path(&output.storage, self.html.as_deref())?;
        let _locks = [locked(&self.base)?, locked(&self.other)?];
        if [&self.base, &self.other].iter().any(|folder| ComparedStressRun::is_in(folder)) {
            return self.compare_stress(output);
        }
        let read = |folder: &PathBuf| {
            ComparedReport::read(folder).map_err(|message| Stop::new(Exit::BadInput, message))
        };
        let (base, other) = (read(&self.base)?, read(&self.other)?);
        if let Some(name) = self.variant.as_ref().filter(|name| !other.has(name)) {
            let message = format!("`{}` has no variant `{name}`", self.other.display());
            return Err(Stop::new(Exit::Usage, message));
        }
        let how = ComparisonOptions { only: self.variant.as_deref(), confidence: self.confidence };
        let compared = compare(&base, &other, &how);
        if self.json {
            let mut text = Vec::new();
            compared
                .json(&mut text)
                .map_err(|error| Stop::new(Exit::Io, format!("cannot write: {error}")))?;
            output.bytes(&text);
        } else {
            output.text(&compared.text());
        }
        match &self.html {
            None => Ok(()),
            Some(path) => {
                save(&output.storage, path, |file| file.write_all(compared.html().as_bytes()))
            }
        }
    }

    /// Two wall-clock runs.
    fn compare_stress(&self, output: &mut Output) -> Result<(), Stop> {
        if self.html.is_some() || self.variant.is_some() {
            let message = "two stress runs are compared without --html and --variant";
            return Err(Stop::new(Exit::Usage, message));
        }
        let read = |folder: &PathBuf| {
            ComparedStressRun::read(folder).map_err(|message| Stop::new(Exit::BadInput, message))
        };
        let (base, other) = (read(&self.base)?, read(&self.other)?);
        let compared = StressComparison::of(&base, &other, self.confidence);
        if !self.json {
            output.text(&compared.text());
            return Ok(());
        }
        let mut text = Vec::new();
        let written = compared.json(&mut text);
        written.map_err(|error| Stop::new(Exit::Io, format!("cannot write: {error}")))?;
        output.bytes(&text);
        Ok(())
    }
}
