//! The folder within a report folder in which a run saves what it needs to go on: the newest checkpoint,
//! the one before it, and the rows of both.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::base::storage::Storage;
use crate::experiment::Results;

use super::file_names::CHECKPOINT;
use super::replications_csv;
use super::saved_run::{self, SavedRows, SavedRun, SavedRunHead};

/// The folder, whether it is there or not.
#[derive(Clone)]
pub(super) struct CheckpointFolder {
    storage: Storage,
    path: PathBuf,
}

impl CheckpointFolder {
    /// That of a report folder.
    pub(super) fn of(report: &Path, storage: &Storage) -> Self {
        Self { storage: storage.clone(), path: report.join(CHECKPOINT) }
    }

    /// The file of rows.
    pub(super) fn rows(&self) -> PathBuf {
        self.path.join(replications_csv::NAME)
    }

    /// The newest checkpoint; the one before it if there is no newest, as a run may be killed between
    /// the two names.
    fn newest(&self) -> Option<PathBuf> {
        [NEWEST, BEFORE].map(|name| self.path.join(name)).into_iter().find(|path| path.exists())
    }

    /// Whether it has a checkpoint.
    pub(super) fn is_in_use(&self) -> bool {
        self.newest().is_some()
    }

    /// What was saved last; `None` if nothing was.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and how to go on.
    pub(super) fn load(&self) -> Result<Option<SavedRun>, String> {
        let Some(path) = self.newest() else { return Ok(None) };
        let read = fs::read(&path).map_err(|error| error.to_string());
        let saved = read.and_then(|bytes| saved_run::read(&bytes));
        saved.map(Some).map_err(|why| self.damaged(&path, &why))
    }

    /// The rows that belong to a checkpoint, to be read from their beginning.
    ///
    /// # Errors
    ///
    /// They are not as they were.
    pub(super) fn saved_rows(&self, rows: &SavedRows) -> Result<impl Read + use<>, String> {
        let path = self.rows();
        let open = || Ok::<_, io::Error>(BufReader::new(File::open(&path)?).take(rows.bytes));
        let found = open().and_then(saved_run::rows_of).map_err(|error| error.to_string());
        match found {
            Ok(found) if found == *rows => open().map_err(|error| error.to_string()),
            Ok(found) if found.bytes < rows.bytes => Err("a part of it is missing".to_owned()),
            Ok(_) => Err("its checksum is not that of what it holds".to_owned()),
            Err(error) => Err(error),
        }
        .map_err(|why| self.damaged(&path, &why))
    }

    /// What to do about a file that cannot be gone on from.
    fn damaged(&self, path: &Path, why: &str) -> String {
        let newest = self.path.join(NEWEST);
        let has_earlier = newest.exists() && self.path.join(BEFORE).exists();
        let earlier = format!("remove `{}` to go on from the one before, ", newest.display());
        let earlier = if has_earlier { earlier } else { String::new() };
        format!(
            "cannot go on from `{}`: {why}; {earlier}begin anew with --force instead of --resume, or choose another folder with --out",
            path.display()
        )
    }

    /// An empty folder, whatever was saved before.
    pub(super) fn clear(&self) -> io::Result<()> {
        for name in [UNFINISHED, BEFORE, NEWEST, replications_csv::NAME] {
            self.storage.remove(&self.path.join(name))?;
        }
        // What somebody else put there stays.
        let _ = self.storage.remove_folder(&self.path);
        Ok(())
    }

    /// Makes the folder.
    pub(super) fn create(&self) -> io::Result<()> {
        self.storage.create_folder(&self.path)
    }

    /// Saves how far a run has come; what was saved before stays as the one before. The rows must have
    /// been synced.
    pub(super) fn save(&self, head: &SavedRunHead, results: &Results) -> io::Result<()> {
        let [unfinished, newest, before] =
            [UNFINISHED, NEWEST, BEFORE].map(|name| self.path.join(name));
        self.storage
            .write_synced(&unfinished, |output| saved_run::write(head, results, output))
            .inspect_err(|_| {
                // It is in the way of nothing, but takes room on a full disk.
                let _ = self.storage.remove(&unfinished);
            })?;
        if newest.exists() {
            self.storage.rename(&newest, &before)?;
        }
        self.storage.rename(&unfinished, &newest)?;
        self.storage.sync_folder(&self.path)
    }
}

const NEWEST: &str = "checkpoint";
const BEFORE: &str = "checkpoint.before";
const UNFINISHED: &str = "checkpoint.new";
