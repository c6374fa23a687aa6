//! `shiftstorm report`.

use std::path::PathBuf;

use clap::Args;

use crate::report::Summary;
use crate::report::folder::{FolderRequest, ReportFolder};
use crate::report::stress::ComparedStressRun;

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
        if ComparedStressRun::is_in(&self.folder) {
            let message = format!(
                "`{}` holds a stress run, of which not all is saved that its page shows: run it again",
                self.folder.display()
            );
            return Err(Stop::new(Exit::BadInput, message));
        }
        let saved = Summary::read(&self.folder);
        let saved = saved.map_err(|message| Stop::new(Exit::BadInput, message))?;
        let storage = output.storage.clone();
        let request = FolderRequest { storage, ..FolderRequest::new(&self.folder, saved.name()) };
        let folder = ReportFolder::take(&request)
            .map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))?;
        folder.show_again(&saved).map_err(|error| {
            Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", self.folder.display()))
        })?;
        if !self.quiet {
            output.text(&format!("Report: {}\n", self.folder.display()));
        }
        Ok(())
    }
}
