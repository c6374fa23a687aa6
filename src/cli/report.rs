//! `shiftstorm report`.

use std::fmt::Display;
use std::path::PathBuf;

use clap::Args;

use crate::report::Summary;
use crate::report::folder::{FolderRequest, ReportFolder};
use crate::report::stress::suite::SUITE;
use crate::report::stress::{CAPACITY, FORM, SavedStressReport};

use super::output::Output;
use super::stop::{Exit, Stop};

/// Make the page and the charts of a report folder again, from what is saved in it.
#[derive(Args)]
pub(super) struct ReportCommand {
    /// Report folder.
    folder: PathBuf,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

impl ReportCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let unusable = |message| Stop::new(Exit::BadInput, message);
        if [CAPACITY, SUITE].iter().any(|form| form.is_in(&self.folder)) {
            return Err(unusable(format!(
                "`{}` holds a search for the capacity or a suite, of which not all is saved that its page \
                 shows: run it again",
                self.folder.display()
            )));
        }
        let storage = output.storage.clone();
        let request = |name| FolderRequest { storage, ..FolderRequest::new(&self.folder, name) };
        let shown = if FORM.is_in(&self.folder) {
            let saved = SavedStressReport::read(&self.folder).map_err(unusable)?;
            let folder = ReportFolder::take_for(&FORM, &request(saved.name())).map_err(refused)?;
            saved.show_again(&folder)
        } else {
            let saved = Summary::read(&self.folder).map_err(unusable)?;
            let folder = ReportFolder::take(&request(saved.name())).map_err(refused)?;
            folder.show_again(&saved)
        };
        shown.map_err(|error| {
            Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", self.folder.display()))
        })?;
        if !self.quiet {
            output.text(&format!("Report: {}\n", self.folder.display()));
        }
        Ok(())
    }
}

fn refused(refusal: impl Display) -> Stop {
    Stop::new(Exit::Io, refusal.to_string())
}
