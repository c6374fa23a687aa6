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
use super::stage_figures::StagesFigures;
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
    /// What was measured in each stage of the load.
    pub(super) stages: StagesFigures,
    /// Arrivals of the plan that routers have begun with and not opened.
    pub(super) started: u64,
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
            stages: StagesFigures::default(),
            started: 0,
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
        let mut latest = conditions.latest;
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
            if (conditions.asked.load(Ordering::Relaxed) || self.has_failed())
                && !conditions.told.swap(true, Ordering::Relaxed)
            {
                latest = latest.min(Instant::now() + TO_STOP);
            }
            if Instant::now() > latest {
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
            RunProgress::Generated(stages) => {
                self.stages.add(&stages);
                self.snapshots.end(SnapshotSource::Generator);
            }
            RunProgress::ThreadLost(loss) => self.lost_threads.push(*loss),
            RunProgress::Finished(finished) => {
                let FinishedShard { shard, ended, started, stages, recorded } = *finished;
                self.started += started;
                self.stages.add(&stages);
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
/// How long a shard has that is told to stop.
const TO_STOP: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::base::time::Time;
    use crate::ledger::invariants::Violation;

    /// One of two shards hangs when the user stops the run.
    #[test]
    fn a_shard_that_does_not_stop_is_given_up_and_named() {
        let source = crate::scenario::Source {
            name: String::new(),
            text: "agents.chat = {}\nconsumers.web.arrivals = '9/s'".to_owned(),
        };
        let settings = crate::scenario::parse(source, "").unwrap().stress;
        let mut watch = |_: &SystemSnapshot| {};
        let mut collector = ProgressCollector::new(2, &settings, &mut watch);
        let (progress, received) = mpsc::channel();
        let (at, detail) = (Time::ZERO, String::new());
        let violation = Violation { rule: 1, at, conversation: None, detail };
        let recorded = Err(Box::new(BrokenRule { violation, last_events: Vec::new() }));
        let (ended, started, stages) = (Moment::default(), 0, StagesFigures::default());
        let finished = FinishedShard { shard: 0, ended, started, stages, recorded };
        progress.send(RunProgress::Finished(Box::new(finished))).unwrap();
        let (asked, told) = (AtomicBool::new(true), AtomicBool::new(false));
        let begun = Instant::now();
        let latest = begun + Duration::from_secs(60);
        let conditions = StopConditions { asked: &asked, told: &told, latest };
        let listened = collector.listen(&received, |_| Ok(()), &conditions);
        let waited = begun.elapsed();
        assert!(matches!(listened, Err(StressFailure::Stuck(1))), "{listened:?}");
        assert!(told.load(Ordering::Relaxed));
        assert!((TO_STOP..TO_STOP * 4).contains(&waited), "{waited:?}");
    }
}
