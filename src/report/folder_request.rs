//! What a report folder is to be written for, and whether what it holds is to stay.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::base::storage::Storage;

use super::checkpoint_folder::CheckpointFolder;
use super::file_names::{CHECKPOINT, LOCK, UNFINISHED};
use super::folder_refusal::FolderRefusal;
use super::json_file;
use super::summary_file::{self, SCHEMA, SummaryHead};

/// What a folder is a report of, and what may be in it.
#[derive(Debug)]
pub struct FolderLayout {
    /// Version of the form of its last file.
    pub schema: &'static str,
    /// Files and folders, in the order in which they appear; the last, a file, tells that the report
    /// is whole, and of what it is.
    pub files: &'static [&'static str],
}

/// Which folder is to be written, and for what.
#[derive(Clone)]
pub struct FolderRequest<'a> {
    /// The folder.
    pub path: &'a Path,
    /// Name of the scenario.
    pub name: &'a str,
    /// Whether it may hold something else.
    pub force: bool,
    /// Through what it is written.
    pub storage: Storage,
}

/// For which run a folder is to be written.
#[derive(Clone, Copy, Debug)]
pub struct RunRequest {
    /// At most so many replications of each variant.
    pub replications: u64,
    /// Whether it goes on with an earlier one.
    pub resume: bool,
}

impl<'a> FolderRequest<'a> {
    /// For a folder that holds nothing else.
    pub fn new(path: &'a Path, name: &'a str) -> Self {
        Self { path, name, force: false, storage: Storage::default() }
    }
}

impl FolderLayout {
    /// Whether a folder holds a report of this form.
    pub fn is_in(&self, folder: &Path) -> bool {
        self.main(folder).exists()
    }

    pub(super) fn main(&self, folder: &Path) -> PathBuf {
        folder.join(self.files.last().copied().unwrap_or_default())
    }

    /// Whether a folder holds a report of this form of the scenario `name`.
    fn is_of(&self, path: &Path, name: &str) -> bool {
        json_file::is_of(&self.main(path), self.schema, name)
    }

    /// The report that a folder holds, if it is one of the scenario `name`.
    pub(super) fn held(&self, path: &Path, name: &str) -> Option<HeldReport> {
        if !self.is_of(path, name) {
            return None;
        }
        if self.schema != SCHEMA {
            let head: Completeness = json_file::read(&self.main(path), self.schema).ok()?;
            return Some(HeldReport { replications: 0, is_whole: head.is_whole() });
        }
        let head: SummaryHead = summary_file::read(path).ok()?;
        let replications = head.variants.iter().map(|variant| variant.replications).max()?;
        Some(HeldReport { replications, is_whole: head.complete })
    }
}

/// The report that a folder holds.
#[derive(Clone, Copy)]
pub(super) struct HeldReport {
    /// Of the variant that has most.
    pub(super) replications: u64,
    /// Whether its run was not interrupted.
    pub(super) is_whole: bool,
}

/// What reports of all forms tell of how their run ended.
#[derive(Deserialize)]
struct Completeness {
    complete: Option<bool>,
    ending: Option<String>,
}

impl Completeness {
    fn is_whole(&self) -> bool {
        self.complete != Some(false) && self.ending.as_deref() != Some("interrupted")
    }
}

impl FolderLayout {
    /// Whether a folder holds something that is to stay.
    pub(super) fn refuse(
        &self,
        request: &FolderRequest<'_>,
        run: Option<RunRequest>,
    ) -> Result<(), FolderRefusal> {
        let FolderRequest { path, name, force, storage } = request;
        if *force {
            return Ok(());
        }
        let taken = || Err(FolderRefusal::Taken(path.to_path_buf()));
        let others =
            others_in(path, self).map_err(|error| FolderRefusal::Io(path.to_path_buf(), error))?;
        let held = self.held(path, name);
        let checkpoints = CheckpointFolder::of(path, storage);
        let Some(run) = run else {
            let holds_nothing = !others.any && !checkpoints.is_in_use();
            return if holds_nothing || self.is_of(path, name) { Ok(()) } else { taken() };
        };
        // Whether it is to be gone on with is seen where that is tried.
        let goes_on = run.resume && !checkpoints.is_in_use();
        let held = held.filter(|held| !goes_on && held.replications > run.replications);
        if let Some(held) = held {
            let (path, held) = (path.to_path_buf(), held.replications);
            return Err(FolderRefusal::Larger { path, held, asked: run.replications });
        }
        if checkpoints.is_in_use() {
            if !run.resume {
                let path = path.to_path_buf();
                return Err(FolderRefusal::Saved { path, what: saved(&checkpoints) });
            }
            // It may have been killed when some files of its report had appeared.
            return if others.foreign && !self.is_of(path, name) { taken() } else { Ok(()) };
        }
        if others.any && !self.is_of(path, name) { taken() } else { Ok(()) }
    }
}

/// What a folder holds besides that of which Shiftstorm alone makes use.
struct OthersInFolder {
    any: bool,
    /// Something that is not even part of a report.
    foreign: bool,
}

fn others_in(path: &Path, form: &FolderLayout) -> io::Result<OthersInFolder> {
    let mut others = OthersInFolder { any: false, foreign: false };
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(others),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name();
        if ![UNFINISHED, CHECKPOINT, LOCK].iter().any(|ours| name == *ours) {
            others.any = true;
            others.foreign |= !form.files.iter().any(|file| name == *file);
        }
    }
    Ok(others)
}

/// What a run has saved that did not come to its end.
fn saved(checkpoints: &CheckpointFolder) -> String {
    match checkpoints.load() {
        Ok(Some(saved)) => format!("{}, saved by a run that did not end", saved.head.extent()),
        _ => "a damaged checkpoint of a run that did not end".to_owned(),
    }
}
