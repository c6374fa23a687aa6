//! Whoever runs the shards, listening to what they and the generator tell.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::base::time::Span;
use crate::ledger::journal::Addressee;
use crate::scenario::stress::Stress;

use super::clock::Moment;
use super::memory;
use super::progress::{FinishedShard, RunProgress, ThreadLoss};
use super::recorder::{BrokenRule, Recorded};
use super::recovery::Recovery;
use super::results::MemoryUse;
use super::series::StressSeries;
use super::snapshots::{SnapshotAssembly, SnapshotSource, SystemSnapshot};
use super::stress_failure::StressFailure;
use super::stress_figures::StressFigures;

/// Puts together what is told.
pub(super) struct ProgressCollector<'a> {
    watch: &'a mut dyn FnMut(&SystemSnapshot),
    snapshots: SnapshotAssembly,
    pub(super) figures: StressFigures,
    /// How long at least what was unfinished at the end took.
    pub(super) unfinished: StressFigures,
    pub(super) series: StressSeries,
    pub(super) memory: MemoryUse,
    pub(super) recoveries: Vec<Recovery>,
    calm: Span,
    /// By shard.
    finished: Vec<Option<Result<Recorded, Box<BrokenRule>>>>,
    /// Shards whose threads have stopped and that are to go on.
    lost_threads: Vec<ThreadLoss>,
    /// The first actor that panicked.
    died: Option<(usize, Addressee)>,
    /// When the last shard ended.
    pub(super) ended: Moment,
}

/// What may end a run before its time.
pub(super) struct StopConditions<'a> {
    /// The user's wish.
    pub(super) asked: &'a AtomicBool,
    /// Told to everybody.
    pub(super) told: &'a AtomicBool,
    /// When everything must have ended.
    pub(super) latest: Instant,
}

impl<'a> ProgressCollector<'a> {
    pub(super) fn new(
        shards: usize,
        settings: &Stress,
        watch: &'a mut dyn FnMut(&SystemSnapshot),
    ) -> Self {
        Self {
            recoveries: settings.faults.iter().map(|&step| Recovery::new(step)).collect(),
            calm: settings.calm,
            watch,
            snapshots: SnapshotAssembly::new(shards),
            figures: StressFigures::default(),
            unfinished: StressFigures::default(),
            series: StressSeries::default(),
            memory: MemoryUse { before: memory::resident(), ..MemoryUse::default() },
            finished: Vec::from_iter((0..shards).map(|_| None)),
            lost_threads: Vec::new(),
            died: None,
            ended: Moment::default(),
        }
    }

    /// Listens until all shards have ended. `reopen` sees to it that a shard goes on whose thread has
    /// stopped.
    pub(super) fn listen(
        &mut self,
        progress: &Receiver<RunProgress>,
        mut reopen: impl FnMut(ThreadLoss) -> Result<(), StressFailure>,
        conditions: &StopConditions<'_>,
    ) -> Result<(), StressFailure> {
        while let Some(missing) = self.finished.iter().position(Option::is_none) {
            match progress.recv_timeout(PATIENCE) {
                Ok(news) => self.take(news),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(died(missing, Addressee::Router));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.lost_threads.drain(..).try_for_each(&mut reopen)?;
            if let Some((shard, place)) = self.died {
                return Err(died(shard, place));
            }
            if conditions.asked.load(Ordering::Relaxed) || self.has_failed() {
                conditions.told.store(true, Ordering::Relaxed);
            }
            if Instant::now() > conditions.latest {
                return Err(StressFailure::Stuck(missing));
            }
        }
        Ok(())
    }

    fn has_failed(&self) -> bool {
        self.finished.iter().flatten().any(Result::is_err)
    }

    /// Takes note of a piece of news.
    pub(super) fn take(&mut self, news: RunProgress) {
        match news {
            RunProgress::Measured(snapshot) => self.snapshots.take(&snapshot),
            RunProgress::ActorDied(shard, place) => {
                self.died.get_or_insert((shard, place));
            }
            RunProgress::Generated => self.snapshots.end(SnapshotSource::Generator),
            RunProgress::ThreadLost(loss) => self.lost_threads.push(*loss),
            RunProgress::Finished(finished) => {
                let FinishedShard { shard, ended, recorded } = *finished;
                self.finished[shard] = Some(recorded);
                self.ended = self.ended.max(ended);
                self.snapshots.end(SnapshotSource::Shard(shard));
            }
        }
        for snapshot in self.snapshots.complete() {
            self.figures.add(&snapshot.figures);
            self.series.add(&snapshot);
            self.memory.note(&snapshot);
            self.recoveries.iter_mut().for_each(|one| one.note(&snapshot, self.calm));
            (self.watch)(&snapshot);
        }
    }

    /// What each shard recorded, in order.
    pub(super) fn recorded(&mut self) -> Result<Vec<Recorded>, StressFailure> {
        if let Some((shard, place)) = self.died {
            return Err(died(shard, place));
        }
        let all = std::mem::take(&mut self.finished).into_iter().enumerate();
        let all = all.map(|(shard, finished)| match finished {
            Some(Ok(recorded)) => Ok(recorded),
            Some(Err(broken)) => {
                let BrokenRule { violation, last_events } = *broken;
                Err(StressFailure::Broken { shard, violation, last_events })
            }
            None => Err(died(shard, Addressee::Router)),
        });
        all.collect()
    }
}

impl MemoryUse {
    fn note(&mut self, snapshot: &SystemSnapshot) {
        self.after = snapshot.resident;
        self.most = self.most.max(snapshot.resident);
        if snapshot.state.live > self.live {
            (self.live, self.at_most_live) = (snapshot.state.live, snapshot.resident);
        }
        if snapshot.state.timers > self.timers {
            (self.timers, self.timer_bytes) = (snapshot.state.timers, snapshot.state.timer_bytes);
        }
    }
}

fn died(shard: usize, place: Addressee) -> StressFailure {
    let who = match place {
        Addressee::Router => "the router".to_owned(),
        Addressee::Agent(agent) => format!("agent {}", agent.0),
        Addressee::Consumer(conversation) => format!("the consumer in slot {}", conversation.slot),
    };
    StressFailure::Died(format!("{who} of shard {shard}"))
}

/// How often to look up while nothing is told.
const PATIENCE: Duration = Duration::from_millis(50);
