//! A run that many machines share: a folder with its plan, and what each shard of it came to.
//!
//! ```text
//! work/plan.json            what is to be run, cut into shards
//! work/files/9f86d081…      the files that the scenario names, each under its SHA-256
//! work/shards/00007.shard   what shard 7 came to; there as a whole or not at all
//! ```
//!
//! Whoever runs a shard needs the program and the folder, nothing else. Running one twice does no harm:
//! it comes to the same bytes.

mod planned_files;
mod shard_merge;
mod work_plan;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::base::storage::Storage;
use crate::experiment::{Experiment, Results};
use crate::ledger::definitions::Parts;
use crate::scenario::SideFileSource;

use self::planned_files::{PlannedFiles, sum};
use super::build_identity::BuildIdentity;
use super::json_file;
use super::replications_csv::ReplicationsFile;
use super::saved_run::{self, SavedRunHead, ShardPlace, ShardReader};

pub use self::planned_files::RecordedFiles;
pub use self::shard_merge::{MergeRefusal, ShardMerge};
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
        PlannedFiles { folder: self.path.join(FILES), sums: self.plan.files.clone() }.source()
    }

    /// How far a shard has come, by its index.
    pub fn state(&self, index: usize) -> ShardState {
        let since = || self.shard(index).metadata().and_then(|it| it.modified());
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

    fn shard(&self, index: usize) -> PathBuf {
        self.path.join(SHARDS).join(format!("{index:05}.shard"))
    }

    /// What a shard came to; otherwise why there is nothing to read.
    fn reader(&self, index: usize) -> Result<ShardReader, ShardState> {
        let path = self.shard(index);
        if !path.exists() {
            return Err(ShardState::Missing);
        }
        let reader = ShardReader::open(&path).map_err(ShardState::Unusable)?;
        let this = BuildIdentity::current();
        let place = reader.head.shard.as_ref();
        let is_this = place.is_some_and(|place| place.plan == self.id && place.index == index);
        let why = match reader.head.builds.first() {
            _ if !is_this => "it is not this shard of this plan".to_owned(),
            Some(stretch) if stretch.build.source == this.source => return Ok(reader),
            Some(stretch) => {
                format!("another build of Shiftstorm ran it, {}; this one is {this}", stretch.build)
            }
            None => "it does not tell which build ran it".to_owned(),
        };
        Err(ShardState::Unusable(why))
    }

    /// Begins to save what comes of a shard, an experiment of its replications alone.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn begin(&self, index: usize, name: &str, shard: &Experiment) -> io::Result<ShardProgress> {
        // Others may run it too, here and elsewhere.
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let own = format!("{index:05}.{}.{}", host.trim(), std::process::id());
        let unfinished = self.path.join(SHARDS).join(&own);
        let goals = shard.variants.first().map_or(&[][..], |it| &it.plan.measure.part_goals);
        let rows_path = unfinished.with_extension(format!("{}.rows", std::process::id()));
        let rows = ReplicationsFile::begin(&self.storage, rows_path.clone(), goals)?;
        let mut head = SavedRunHead::new(name, shard);
        let plan = self.id.clone();
        head.shard = Some(ShardPlace { plan, index, failed: Vec::new() });
        Ok(ShardProgress {
            storage: self.storage.clone(),
            path: self.shard(index),
            unfinished: unfinished.with_extension(format!("{}.new", std::process::id())),
            rows_path,
            rows,
            head,
        })
    }
}

/// What comes of a shard while it runs.
pub struct ShardProgress {
    storage: Storage,
    path: PathBuf,
    unfinished: PathBuf,
    rows_path: PathBuf,
    rows: ReplicationsFile,
    head: SavedRunHead,
}

impl ShardProgress {
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
        let position = self.head.ended;
        self.head.ended += 1;
        match figures {
            Some(figures) => self.rows.row(&self.head.variants[variant].name, replication, figures),
            None => {
                self.head.failed += 1;
                if let Some(place) = &mut self.head.shard {
                    place.failed.push(position);
                }
                Ok(())
            }
        }
    }

    /// Saves the whole shard: it appears at once, and survives a loss of power.
    ///
    /// # Errors
    ///
    /// It cannot be written; then it is not there.
    pub fn save(mut self, results: &Results) -> io::Result<()> {
        self.head.rows = self.rows.sync()?;
        let mut rows = BufReader::new(File::open(&self.rows_path)?).take(self.head.rows.bytes);
        self.storage.replace(&self.path, &self.unfinished, |output| {
            saved_run::write_shard(&self.head, results, &mut rows, output)
        })?;
        self.path.parent().map_or(Ok(()), |folder| self.storage.sync_folder(folder))
    }
}

/// Leaves no rows behind.
impl Drop for ShardProgress {
    fn drop(&mut self) {
        // What cannot be removed stays; it is in the way of nothing.
        let _ = self.storage.remove(&self.rows_path);
    }
}

const PLAN: &str = "plan.json";
const FILES: &str = "files";
const SHARDS: &str = "shards";
