//! What the commands that experiment with one variant have in common.

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::storage::{Storage, StoredFile};
use crate::report::folder_lock::FolderLock;
use crate::report::folder_refusal::FolderRefusal;
use crate::scenario::{Scenario, Variant};

use super::scenario_file::SideFileOptions;
use super::session::Session;
use super::stop::{Exit, Stop};
use super::{select, sweep};

/// Which variant, and how it is run.
#[derive(Args)]
pub(super) struct VariantOptions {
    /// Scenario file.
    pub(super) file: PathBuf,
    /// The variant to start from, instead of the base.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Give a key of the file another value; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    side_files: SideFileOptions,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Threads; the results are the same with any number [default: all processors].
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl VariantOptions {
    /// Where it is run.
    pub(super) fn session(&self) -> Session {
        Session::new(self.threads, false)
    }

    /// The scenario and the variant chosen, its warm-up found if it is to be.
    pub(super) fn load(&self, session: &Session) -> Result<(Scenario, Variant), Stop> {
        let settings = sweep::settings(&self.set)?;
        let scenario = self.side_files.load(&self.file, &settings)?;
        let names = Vec::from_iter(self.variant.clone());
        let mut variants = select::variants(&scenario, &names, self.seed)?;
        variants.truncate(1);
        session.settle(&mut variants)?;
        match variants.into_iter().next() {
            Some(variant) => Ok((scenario, variant)),
            None => Err(Stop::new(Exit::BadInput, "the scenario has no variant")),
        }
    }
}

/// How a command ends that was stopped and has told what it had.
pub(super) fn interrupted() -> Stop {
    Stop::new(Exit::Interrupted, "interrupted; what had ended by then is reported")
}

/// Finds out before the work whether a file can be written, without touching what is there.
pub(super) fn try_path(storage: &Storage, path: Option<&Path>) -> Result<(), Stop> {
    let Some(path) = path else { return Ok(()) };
    let unfinished = unfinished(path);
    let is_other = path.exists() && !path.is_file();
    let tried = match is_other {
        true => Err(io::Error::other("it is there, and is not a file")),
        false => storage.create(&unfinished).and_then(|_| storage.remove(&unfinished)),
    };
    tried.map_err(|error| unwritable(path, &error))
}

/// Writes a file that appears whole or not at all.
pub(super) fn save(
    storage: &Storage,
    path: &Path,
    write: impl FnOnce(&mut BufWriter<StoredFile>) -> io::Result<()>,
) -> Result<(), Stop> {
    let saved = storage.replace(path, &unfinished(path), write);
    saved.map_err(|error| unwritable(path, &error))
}

fn unfinished(path: &Path) -> PathBuf {
    path.with_added_extension("unfinished")
}

fn unwritable(path: &Path, error: &io::Error) -> Stop {
    Stop::new(Exit::Io, format!("cannot write to `{}`: {error}", path.display()))
}

/// Nobody writes into a report folder as long as this is there, to read it.
pub(super) fn locked(folder: &Path) -> Result<Option<FolderLock>, Stop> {
    FolderLock::to_read(folder).map_err(|refusal| {
        Stop::new(Exit::BadInput, FolderRefusal::of_lock(folder, refusal).to_string())
    })
}
