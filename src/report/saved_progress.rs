//! What a run saves while it goes on: a row a replication, and now and then a checkpoint.

use std::io;

use crate::base::storage::Storage;
use crate::experiment::{Experiment, Results};
use crate::ledger::definitions::Parts;
use crate::ledger::part_goal::PartGoal;

use super::build_identity::BuildIdentity;
use super::checkpoint_folder::CheckpointFolder;
use super::replications_csv::ReplicationsFile;
use super::saved_run::{BuildStretch, SavedRunHead};

/// How far a run has come, on disk.
pub struct SavedProgress {
    checkpoints: CheckpointFolder,
    rows: ReplicationsFile,
    head: SavedRunHead,
}

impl SavedProgress {
    /// Of a run that begins; what was saved before is thrown away.
    pub(super) fn begin(
        storage: &Storage,
        checkpoints: &CheckpointFolder,
        head: SavedRunHead,
        experiment: &Experiment,
    ) -> io::Result<Self> {
        checkpoints.clear()?;
        checkpoints.create()?;
        let rows = ReplicationsFile::begin(storage, checkpoints.rows(), goals(experiment))?;
        Ok(Self { checkpoints: checkpoints.clone(), rows, head })
    }

    /// Of a run that goes on from a checkpoint.
    pub(super) fn go_on(
        storage: &Storage,
        checkpoints: &CheckpointFolder,
        head: &SavedRunHead,
        experiment: &Experiment,
    ) -> io::Result<Self> {
        let (mut head, goals) = (head.clone(), goals(experiment));
        let rows = ReplicationsFile::go_on(storage, checkpoints.rows(), goals, head.rows.bytes)?;
        let build = BuildIdentity::current();
        if head.builds.last().is_none_or(|last| last.build != build) {
            head.builds.push(BuildStretch { from: head.ended, build });
        }
        head.planned = experiment.replications.end - experiment.replications.start;
        Ok(Self { checkpoints: checkpoints.clone(), rows, head })
    }

    /// Adds a replication of a variant, by the position of the variant: its figures by their position, or
    /// none if it met a bug.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn row(
        &mut self,
        variant: usize,
        replication: u64,
        figures: Option<&[Option<Parts>]>,
    ) -> io::Result<()> {
        self.head.ended += 1;
        match figures {
            Some(figures) => self.rows.row(&self.head.variants[variant].name, replication, figures),
            None => {
                self.head.failed += 1;
                Ok(())
            }
        }
    }

    /// Saves what is needed to go on from here: once it is there, neither a kill nor a loss of power
    /// takes it away.
    ///
    /// # Errors
    ///
    /// It cannot be written; what was saved before is as it was.
    pub fn save(&mut self, results: &Results) -> io::Result<()> {
        self.head.rows = self.rows.sync()?;
        self.checkpoints.save(&self.head, results)
    }

    /// The rows, to be read from their beginning.
    pub(super) fn rows(&mut self) -> io::Result<impl io::Read + use<>> {
        self.rows.read()
    }
}

/// Those behind the figures of a row; all variants have the same.
fn goals(experiment: &Experiment) -> &[PartGoal] {
    experiment.variants.first().map_or(&[], |base| &base.plan.measure.part_goals)
}
