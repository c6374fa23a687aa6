//! A run that many machines share: a folder with its plan, and what each shard of it came to.
//!
//! ```text
//! work/plan.json            what is to be run, cut into shards
//! work/files/9f86d081…      the files that the scenario names, each under its SHA-256
//! work/shards/00007.shard   what shard 7 came to; there as a whole or not at all
//! work/shards/00007.audit.csv …   its rows of conversations and of the audit, if they are wanted
//! ```
//!
//! Whoever runs a shard needs the program and the folder, nothing else. Running one twice does no harm:
//! it comes to the same bytes.

mod planned_files;
mod shard_merge;
mod shard_progress;
mod work_plan;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::base::storage::Storage;
use crate::scenario::SideFileSource;

use self::planned_files::{PlannedFiles, sum};
use super::build_identity::BuildIdentity;
use super::json_file;
use super::saved_run::{SavedRunHead, ShardReader, rows_of};

pub use self::planned_files::RecordedFiles;
pub use self::shard_merge::{MergeRefusal, ShardMerge};
pub use self::shard_progress::ShardProgress;
pub use self::work_plan::{PlannedInput, PlannedWarmUp, WorkPlan};

/// A folder with a plan.
pub struct WorkFolder {
    path: PathBuf,
    storage: Storage,
    plan: WorkPlan,
    /// SHA-256 of the plan.
    id: String,
}

/// How far a shard has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShardState {
    /// It is there, since when.
    There(SystemTime),
    /// It was not run to its end.
    Missing,
    /// It cannot be used: why.
    Unusable(String),
}

/// Why a folder cannot be used.
#[derive(Debug)]
pub enum WorkRefusal {
    /// It cannot be read or written.
    Io(String),
    /// What it holds cannot be used.
    Unusable(String),
}

impl WorkFolder {
    /// Writes a plan and the files it needs. A folder that has this very plan stays as it is.
    ///
    /// # Errors
    ///
    /// It holds something else, or cannot be written.
    pub fn create(
        path: &Path,
        storage: &Storage,
        mut plan: WorkPlan,
        files: &BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, WorkRefusal> {
        let io = |error: io::Error| {
            WorkRefusal::Io(format!("cannot write to `{}`: {error}", path.display()))
        };
        plan.files = files.iter().map(|(name, bytes)| (name.clone(), sum(bytes))).collect();
        let mut text = Vec::new();
        json_file::write(&plan, &mut text).map_err(io)?;
        let folder = Self { path: path.to_owned(), storage: storage.clone(), plan, id: sum(&text) };
        if fs::read(path.join(PLAN)).is_ok_and(|held| held == text) {
            return Ok(folder);
        }
        let is_empty = fs::read_dir(path).map_or(true, |mut entries| entries.next().is_none());
        if !is_empty {
            let what = if path.join(PLAN).exists() { "another plan" } else { "something else" };
            let message = format!("`{}` holds {what}; choose a new folder", path.display());
            return Err(WorkRefusal::Io(message));
        }
        for folder in [FILES, SHARDS] {
            storage.create_folder(&path.join(folder)).map_err(io)?;
        }
        for bytes in files.values() {
            let file = path.join(FILES).join(sum(bytes));
            storage
                .write_synced(&file, |output| io::Write::write_all(output, bytes))
                .map_err(io)?;
        }
        // The plan last: where it is, all is there.
        let unfinished = path.join(format!("{PLAN}.new"));
        storage
            .replace(&path.join(PLAN), &unfinished, |output| io::Write::write_all(output, &text))
            .map_err(io)?;
        Ok(folder)
    }

    /// Opens a folder in which a plan was written.
    ///
    /// # Errors
    ///
    /// There is none, or none that this program can use.
    pub fn open(path: &Path, storage: &Storage) -> Result<Self, WorkRefusal> {
        let name = path.join(PLAN);
        let text = fs::read(&name).map_err(|error| {
            let help = "`shiftstorm run … --plan DIR` makes one";
            WorkRefusal::Unusable(format!("cannot read `{}`: {error}; {help}", name.display()))
        })?;
        let unusable =
            |why: String| WorkRefusal::Unusable(format!("cannot use `{}`: {why}", name.display()));
        let plan: WorkPlan =
            serde_json::from_slice(&text).map_err(|error| unusable(error.to_string()))?;
        match plan.unusable() {
            Some(why) => Err(unusable(why)),
            None => {
                Ok(Self { path: path.to_owned(), storage: storage.clone(), plan, id: sum(&text) })
            }
        }
    }

    /// The plan.
    pub fn plan(&self) -> &WorkPlan {
        &self.plan
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The files that the scenario names.
    pub fn files(&self) -> SideFileSource {
        PlannedFiles { folder: self.path.join(FILES), sums: self.plan.files.clone() }.into()
    }

    /// How far a shard has come, by its index.
    pub fn state(&self, index: usize) -> ShardState {
        let since = || self.shard(index, SHARD).metadata().and_then(|it| it.modified());
        match self.reader(index) {
            Ok(_) => ShardState::There(since().unwrap_or(SystemTime::UNIX_EPOCH)),
            Err(state) => state,
        }
    }

    /// How long the shards that are there took a piece, all machines together: from the first that was
    /// finished to the last.
    pub fn pace(states: &[ShardState]) -> Option<Duration> {
        let times = states.iter().filter_map(|state| match state {
            ShardState::There(since) => Some(*since),
            _ => None,
        });
        let times = Vec::from_iter(times);
        let (first, last) = (times.iter().min()?, times.iter().max()?);
        let length = last.duration_since(*first).ok()?;
        (times.len() > 1).then(|| length / (times.len() - 1) as u32)
    }

    /// A file of rows that is not beside a shard as it should be.
    fn lacks(&self, index: usize, head: &SavedRunHead) -> Option<String> {
        let mut files = head.shard.iter().flat_map(|place| &place.files);
        let found = |name: &str| File::open(self.shard(index, name)).and_then(rows_of).ok();
        let lacking = files.find(|(name, rows)| found(name).as_ref() != Some(rows));
        lacking.map(|(name, _)| name.clone())
    }

    fn shards(&self) -> PathBuf {
        self.path.join(SHARDS)
    }

    /// A file of a shard.
    fn shard(&self, index: usize, name: &str) -> PathBuf {
        self.shards().join(format!("{index:05}.{name}"))
    }

    /// What a shard came to; otherwise why there is nothing to read.
    fn reader(&self, index: usize) -> Result<ShardReader, ShardState> {
        let path = self.shard(index, SHARD);
        if !path.exists() {
            return Err(ShardState::Missing);
        }
        let reader = ShardReader::open(&path).map_err(ShardState::Unusable)?;
        let this = BuildIdentity::current();
        let place = reader.head.shard.as_ref();
        let is_this = place.is_some_and(|place| place.plan == self.id && place.index == index);
        let why = match reader.head.builds.first() {
            _ if !is_this => "it is not this shard of this plan".to_owned(),
            _ if let Some(name) = self.lacks(index, &reader.head) => {
                format!("its {name} is missing or damaged")
            }
            Some(stretch) if stretch.build.source == this.source => return Ok(reader),
            Some(stretch) => {
                format!("another build of Shiftstorm ran it, {}; this one is {this}", stretch.build)
            }
            None => "it does not tell which build ran it".to_owned(),
        };
        Err(ShardState::Unusable(why))
    }
}

const PLAN: &str = "plan.json";
const FILES: &str = "files";
const SHARDS: &str = "shards";
/// What a shard came to.
const SHARD: &str = "shard";
