//! Puts the shards of a plan together, one after the other, in memory that does not grow with their number.

use std::fs::File;
use std::io::{self, BufReader};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::experiment::{Experiment, Merging, Results, Watch};
use crate::ledger::definitions::Parts;
use crate::ledger::outcome::Outcome;
use crate::report::build_identity::BuildIdentity;
use crate::report::columns::harmless;
use crate::report::conversations_csv::RowFiles;
use crate::report::replications_csv::{self, ReplicationRow};
use crate::report::saved_progress::SavedProgress;
use crate::report::saved_run::{ShardPlace, ShardReader};

use super::{ShardState, WorkFolder};

/// How shards are put together.
pub struct ShardMerge<'a> {
    /// Where they are.
    pub work: &'a WorkFolder,
    /// The whole run.
    pub experiment: &'a Experiment,
    /// Whether some may be missing.
    pub partial: bool,
    /// On so many threads what has to be run again is run.
    pub threads: usize,
    /// Ends it when it is set.
    pub stop: &'a Arc<AtomicBool>,
}

/// Why shards cannot be put together.
#[derive(Debug)]
pub enum MergeRefusal {
    /// Some are not there, or cannot be used: the list.
    Shards(Vec<(usize, ShardState)>),
    /// This program does not come to what a shard says.
    Unlike(String),
    /// It was stopped.
    Interrupted,
    /// The report cannot be written.
    Io(io::Error),
}

impl From<io::Error> for MergeRefusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl ShardMerge<'_> {
    /// What the run comes to; its figures go to `progress`, its rows to `rows`. It ends with the round
    /// after which figures are known well enough, if that was asked for, and shards behind that are not
    /// looked at.
    ///
    /// # Errors
    ///
    /// Shards are missing or unusable, or a replication that is run again comes out otherwise.
    pub fn run(
        &self,
        progress: &mut SavedProgress,
        rows: &mut RowFiles,
        told: &dyn Fn(f64),
    ) -> Result<Results, MergeRefusal> {
        let mut merged = Merged {
            merging: Merging::new(self.experiment),
            progress,
            rows,
            trusted: vec![BuildIdentity::current()],
        };
        let mut absent = Vec::new();
        let count = self.work.plan().shards.len();
        for index in 0..count {
            if self.stop.load(Ordering::Relaxed) {
                return Err(MergeRefusal::Interrupted);
            }
            let reader = match self.work.reader(index) {
                Ok(reader) => reader,
                Err(state) => {
                    absent.push((index, state));
                    continue;
                }
            };
            // Without all that come before, nobody knows where the run would have ended.
            let may_end = absent.is_empty();
            if (may_end || self.partial) && self.add(&mut merged, index, reader, may_end)? {
                break;
            }
            told((index + 1) as f64 / count as f64);
        }
        match absent.is_empty() || self.partial {
            true => Ok(merged.merging.results()),
            false => Err(MergeRefusal::Shards(absent)),
        }
    }

    /// Adds a shard; tells whether the run ends in it.
    fn add(
        &self,
        merged: &mut Merged<'_>,
        index: usize,
        mut reader: ShardReader,
        may_end: bool,
    ) -> Result<bool, MergeRefusal> {
        let unusable = |why: String| MergeRefusal::Shards(vec![(index, ShardState::Unusable(why))]);
        let shard = self.work.plan().shards[index].clone();
        let part = self.experiment.part(shard.clone());
        let variants = part.variants.len().max(1);
        let outcomes = reader.outcomes().map_err(unusable)?;
        let build = reader.head.builds.first().map(|stretch| stretch.build.clone());
        let ShardPlace { failed, files, .. } =
            reader.head.shard.take().unwrap_or_else(|| ShardPlace::new("", index));
        let files = Vec::from_iter(files.into_keys());
        let is_trusted = build.as_ref().is_some_and(|build| merged.trusted.contains(build));
        let mut rows = replications_csv::lines(reader.rows()).map_err(unusable)?;
        let total = (shard.end - shard.start) as usize * variants;
        for position in 0..total {
            let (variant, replication) = part.place(position);
            let has_failed = failed.contains(&(position as u64));
            let found = match has_failed {
                true => None,
                false => {
                    let name = &part.variants[variant].name;
                    Some(next_row(&mut rows, name, replication).map_err(unusable)?)
                }
            };
            // A failure tells itself when it is run again; of another kind of machine one round is.
            let again = has_failed || !is_trusted && position < variants;
            let again = again.then(|| part.again(position));
            if let Some(again) = &again
                && again.as_ref().ok() != found.as_ref()
            {
                return Err(unlike(index, &part, position, build.as_ref()));
            }
            merged.progress.row(variant, replication, found.as_deref())?;
            let failure = again.and_then(Result::err);
            merged.merging.push(failure.map_or_else(|| Ok(found.unwrap_or_default()), Err));
            if may_end && merged.merging.is_enough() {
                let ended = shard.start + ((position + 1) / variants) as u64;
                if ended < shard.end {
                    let part = part.part(shard.start..ended);
                    merged.merging.pool(self.rerun(part, merged.rows)?);
                } else {
                    self.append(index, &files, merged.rows)?;
                    merged.merging.pool(outcomes);
                }
                return Ok(true);
            }
        }
        merged.trusted.extend(build.filter(|_| !is_trusted));
        self.append(index, &files, merged.rows)?;
        merged.merging.pool(outcomes);
        Ok(false)
    }

    /// Adds the files of rows of a shard.
    fn append(&self, index: usize, files: &[String], rows: &mut RowFiles) -> io::Result<()> {
        files.iter().try_for_each(|name| {
            rows.append(name, BufReader::new(File::open(self.work.shard(index, name))?))
        })
    }

    /// What a part of a shard comes to, by variant.
    fn rerun(
        &self,
        mut part: Experiment,
        rows: &mut RowFiles,
    ) -> Result<Vec<Option<Box<Outcome>>>, MergeRefusal> {
        part.rows = rows.rows(&part.variants, part.checks);
        let mut taken = TakenRows { rows, written: Ok(()) };
        let results = part.run(self.threads, self.stop, &mut taken);
        taken.written?;
        match results.interrupted {
            true => Err(MergeRefusal::Interrupted),
            false => Ok(results.variants.into_iter().map(|variant| variant.pooled).collect()),
        }
    }
}

/// Takes over rows as replications end.
struct TakenRows<'a> {
    rows: &'a mut RowFiles,
    written: io::Result<()>,
}

impl Watch for TakenRows<'_> {
    fn merged(&mut self, variant: usize, replication: u64, figures: Option<&[Option<Parts>]>) {
        if self.written.is_ok() {
            self.written = self.rows.merged(variant, replication, figures.is_some());
        }
    }
}

/// What was put together so far.
struct Merged<'a> {
    merging: Merging<'a>,
    progress: &'a mut SavedProgress,
    rows: &'a mut RowFiles,
    /// Builds that decide as this one does.
    trusted: Vec<BuildIdentity>,
}

/// The next row, which is to be of this variant and replication.
fn next_row(
    rows: &mut impl Iterator<Item = Result<ReplicationRow, String>>,
    variant: &str,
    replication: u64,
) -> Result<Vec<Option<Parts>>, String> {
    let (name, number, figures) = rows.next().ok_or("it has too few rows")??;
    match harmless(variant) == name && number == replication {
        true => Ok(figures),
        false => Err("it has rows out of order".to_owned()),
    }
}

/// That a replication does not come out as a shard says.
fn unlike(
    index: usize,
    part: &Experiment,
    position: usize,
    build: Option<&BuildIdentity>,
) -> MergeRefusal {
    let (variant, replication) = part.place(position);
    let who = build.map(|build| format!(", run by {build}")).unwrap_or_default();
    MergeRefusal::Unlike(format!(
        "shard {index}{who}: replication {replication} of variant `{}` comes out otherwise in this build, {}",
        part.variants[variant].name,
        BuildIdentity::current(),
    ))
}
