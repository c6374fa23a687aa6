//! `shiftstorm validate`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::experiment::validate::{chosen, validate};
use crate::report::validation;

use super::output::Output;
use super::search::{save, try_path};
use super::session::Session;
use super::stop::{Exit, Stop};

/// Hold the simulator against exact values: run scenarios whose figures are known from theory, and
/// print exact value, estimate, 95 % interval, distance and verdict of each figure.
#[derive(Args)]
#[command(after_help = AFTER)]
pub(super) struct ValidateCommand {
    /// Only these cases, such as V3 or "V15 f" [default: all].
    #[arg(value_name = "CASE")]
    cases: Vec<String>,
    /// Ten seeds for each case instead of one; all together and each by itself must agree.
    #[arg(long)]
    full: bool,
    /// Print JSON: everything that is known of each figure.
    #[arg(long)]
    json: bool,
    /// Write the table to this file too, as a page in Markdown.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Threads; the results are the same with any number [default: all processors].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl ValidateCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let cases = chosen(&self.cases);
        let cases = cases.map_err(|message| Stop::new(Exit::Usage, message))?;
        try_path(&output.storage, self.markdown.as_deref())?;
        let seeds = if self.full { FULL } else { 1 };
        let session = Session::new(self.threads, false);
        let validated = session.run("", |runner| validate(&cases, seeds, runner))?;
        if self.json {
            let mut text = Vec::new();
            validation::json(&validated, &mut text)
                .map_err(|error| Stop::new(Exit::Io, format!("cannot write: {error}")))?;
            output.bytes(&text);
        } else {
            output.text(&validation::text(&validated));
        }
        if let Some(path) = &self.markdown {
            save(&output.storage, path, |file| {
                file.write_all(validation::page(&validated).as_bytes())
            })?;
        }
        match validation::tally(&validated) {
            (figures, agreeing) if figures == agreeing => Ok(()),
            (figures, agreeing) => {
                let message = format!(
                    "{} of {figures} figures do not agree: a bug in Shiftstorm",
                    figures - agreeing
                );
                Err(Stop::new(Exit::Bug, message))
            }
        }
    }
}

/// Seeds of a full run.
const FULL: u64 = 10;

const AFTER: &str = "\
Exit codes: 0 every figure agrees · 1 a figure disagrees or is vague, or a replication
failed: a bug in Shiftstorm · 2 no such case · 6 cannot write · 130 interrupted";
