//! What comes of a shard while it runs: in a folder of its own, until all of it is whole.

use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::path::PathBuf;

use crate::base::storage::Storage;
use crate::experiment::{Experiment, Results, RowsOf};
use crate::ledger::definitions::Parts;
use crate::report::conversations_csv::{RowFiles, WantedRows};
use crate::report::replications_csv::{self, ReplicationsFile};
use crate::report::saved_run::{self, SavedRunHead, ShardPlace, rows_of};

use super::WorkFolder;

/// What comes of a shard while it runs.
pub struct ShardProgress {
    storage: Storage,
    /// The shards.
    shards: PathBuf,
    index: usize,
    unfinished: PathBuf,
    replications: ReplicationsFile,
    rows: RowFiles,
    head: SavedRunHead,
}

impl ShardProgress {
    /// Begins to save what comes of a shard, an experiment of its replications alone.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn begin(
        work: &WorkFolder,
        index: usize,
        name: &str,
        shard: &Experiment,
        wanted: WantedRows,
    ) -> io::Result<Self> {
        let (storage, shards) = (&work.storage, work.shards());
        // Others may run it too, here and elsewhere.
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let own = format!("{index:05}.{}.{}.new", host.trim(), std::process::id());
        let unfinished = shards.join(own);
        storage.create_folder(&unfinished)?;
        let goals = shard.variants.first().map_or(&[][..], |it| &it.plan.measure.part_goals);
        let path = unfinished.join(replications_csv::NAME);
        let mut head = SavedRunHead::new(name, shard);
        head.shard = Some(ShardPlace::new(&work.id, index));
        Ok(Self {
            storage: storage.clone(),
            replications: ReplicationsFile::begin(storage, path, goals)?,
            rows: RowFiles::begin(storage, &unfinished, wanted)?,
            shards,
            index,
            unfinished,
            head,
        })
    }

    /// Where the rows of conversations and of the audit go, if they are wanted.
    pub fn rows(&self, shard: &Experiment) -> Option<RowsOf> {
        self.rows.rows(&shard.variants, shard.checks)
    }

    /// Adds a replication of a variant, by the position of the variant: its figures, or none if it met a
    /// bug.
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
        self.rows.merged(variant, replication, figures.is_some())?;
        let position = self.head.ended;
        self.head.ended += 1;
        if let Some(figures) = figures {
            let name = &self.head.variants[variant].name;
            return self.replications.row(name, replication, figures);
        }
        self.head.failed += 1;
        if let Some(place) = &mut self.head.shard {
            place.failed.push(position);
        }
        Ok(())
    }

    /// Saves the whole shard: it appears at once, and survives a loss of power.
    ///
    /// # Errors
    ///
    /// It cannot be written; then it is not there.
    pub fn save(mut self, results: &Results) -> io::Result<()> {
        self.rows.finish()?;
        for (name, path) in self.rows.files() {
            let found = rows_of(File::open(&path)?)?;
            if let Some(place) = &mut self.head.shard {
                place.files.insert(name.to_owned(), found);
            }
            self.storage.rename(&path, &self.shards.join(format!("{:05}.{name}", self.index)))?;
        }
        self.head.rows = self.replications.sync()?;
        let mut rows = self.replications.read()?.take(self.head.rows.bytes);
        let whole = self.unfinished.join("shard");
        self.storage.write_synced(&whole, |output| {
            saved_run::write_shard(&self.head, results, &mut BufReader::new(&mut rows), output)
        })?;
        self.storage.rename(&whole, &self.shards.join(format!("{:05}.shard", self.index)))?;
        self.storage.sync_folder(&self.shards)
    }
}

/// Leaves nothing unfinished behind.
impl Drop for ShardProgress {
    fn drop(&mut self) {
        // What cannot be removed stays; it is in the way of nothing.
        let _ = self.storage.remove_all(&self.unfinished);
    }
}
