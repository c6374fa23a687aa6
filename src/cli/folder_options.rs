//! The folder of a run: what an earlier run has left there, what is saved, and the report.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::base::storage::Storage;
use crate::experiment::{Experiment, Merging};
use crate::report::folder::{self, FolderRequest, ReportFolder, RunRequest};
use crate::report::resume::{Resumed, SpotCheck, resume};
use crate::report::sweep::SweepReport;
use crate::report::{Report, SavedProgress};

use super::run_watch::RunFiles;
use super::session::Session;
use super::stop::{Exit, Stop};

/// Where the report goes, and what becomes of what is there.
#[derive(Args)]
pub(super) struct FolderOptions {
    /// Report folder [default: out/NAME-OF-THE-FILE].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write into a folder that holds something else, a report of more replications, or what a run
    /// has saved that did not end; only what reports are made of is replaced.
    #[arg(long)]
    force: bool,
    /// Go on with a run that was interrupted or killed, from what its folder holds; the report is
    /// the same as without interruption. With a larger -n also from a whole report. If nothing is
    /// saved, the run begins at its first replication. Rows of conversations and of the audit cannot
    /// be gone on with.
    #[arg(long, conflicts_with_all = ["conversations", "audit", "replication"])]
    resume: bool,
    /// Go on with what another build of Shiftstorm has saved, if this one decides alike: a round that
    /// the other has run is run again and compared, which is a spot check and no proof.
    #[arg(long, requires = "resume")]
    allow_other_build: bool,
    /// Save what is needed for --resume every so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    checkpoint: u64,
}

impl FolderOptions {
    /// The report folder; a sweep does not replace an ordinary report.
    pub(super) fn path(&self, file: &Path, sweeps: bool) -> PathBuf {
        let named = || {
            let name = folder::name_for(file);
            PathBuf::from("out").join(if sweeps { name + "-sweep" } else { name })
        };
        self.out.clone().unwrap_or_else(named)
    }

    /// The folder, for a run of at most so many replications alone.
    pub(super) fn take(
        &self,
        path: &Path,
        name: &str,
        replications: u64,
        storage: &Storage,
    ) -> Result<ReportFolder, Stop> {
        let request = FolderRequest { path, name, force: self.force, storage: storage.clone() };
        let run = RunRequest { replications, resume: self.resume };
        let folder = ReportFolder::take_for_run(&request, run);
        folder.map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))
    }

    /// How much time lies between two checkpoints.
    pub(super) fn every(&self) -> Duration {
        Duration::from_secs(self.checkpoint)
    }

    /// What an earlier run has left, if this one is to go on from there, and what is saved from now on.
    pub(super) fn begin<'a>(
        &self,
        experiment: &'a Experiment,
        folder: &ReportFolder,
        session: &Session,
    ) -> Result<(Merging<'a>, SavedProgress), Stop> {
        let unwritable = |error| unwritable(folder, &error);
        if !self.resume {
            let progress = folder.start(experiment).map_err(unwritable)?;
            return Ok((Merging::new(experiment), progress));
        }
        let resumed = self.resumed(experiment, folder, session)?;
        let progress = resumed.start(folder, experiment).map_err(unwritable)?;
        Ok((resumed.so_far, progress))
    }

    /// What an earlier run has left, spot checks of other builds included.
    fn resumed<'a>(
        &self,
        experiment: &'a Experiment,
        folder: &ReportFolder,
        session: &Session,
    ) -> Result<Resumed<'a>, Stop> {
        let resumed = resume(folder, experiment, self.allow_other_build);
        let resumed = resumed.map_err(|refusal| Stop::new(Exit::BadInput, refusal.to_string()))?;
        let path = folder.path().display();
        if resumed.ended().is_none() {
            session
                .say(&format!("nothing is saved in `{path}` to go on from: the run begins at 0"));
        }
        for SpotCheck { first, figures } in &resumed.spot_checks {
            let (first, count, threads) = (*first, figures.len(), session.threads);
            let unlike = experiment.first_unlike(first, figures, threads, &session.stop);
            if let Some(unlike) = unlike {
                let (variant, replication) = experiment.place(unlike);
                let message = format!(
                    "`{path}` cannot be gone on with: in this build, replication {replication} of variant `{}` comes out otherwise than was saved; go on with the build that saved it, choose another folder with --out, or begin anew with --force instead of --resume",
                    experiment.variants[variant].name
                );
                return Err(Stop::new(Exit::BadInput, message));
            }
            let (_, replication) = experiment.place(first);
            session.say(&format!(
                "spot check: from replication {replication} on, {count} came out as they were saved"
            ));
        }
        Ok(resumed)
    }
}

/// Writes the report; what it is made of is saved already.
pub(super) fn save(
    report: &Report<'_>,
    swept: Option<&SweepReport<'_>>,
    folder: &ReportFolder,
    files: &mut RunFiles,
) -> Result<bool, Stop> {
    let swept = swept.map_or(Ok(()), |swept| folder.write_sweep(swept));
    let written = swept.and_then(|()| files.rows.finish());
    let written = written.and_then(|()| folder.finish(report, &mut files.progress));
    written.map_err(|error| {
        let path = folder.path().display();
        let message = format!(
            "cannot write to `{path}`: {error}; what the run came to is saved: go on with --resume"
        );
        Stop::new(Exit::Io, message)
    })
}

/// That a report folder cannot be written.
pub(super) fn unwritable(folder: &ReportFolder, error: &std::io::Error) -> Stop {
    Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", folder.path().display()))
}
