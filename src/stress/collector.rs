//! Whoever runs the shards, listening to what they and the generator tell.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::base::time::Span;
use crate::ledger::journal::Addressee;
use crate::scenario::stress::Stress;

use super::aftermath::Aftermath;
use super::beats::{Beat, Beats};
use super::clock::Moment;
use super::failure::Failure;
use super::measures::Figures;
use super::memory;
use super::report::{Broken, Finished, Recorded, Report, Source};
use super::results::Memory;
use super::series::Series;
use super::shard::remains::Remains;

/// Puts together what is told.
pub(super) struct Collector<'a> {
    watch: &'a mut dyn FnMut(&Beat),
    beats: Beats,
    pub(super) figures: Figures,
    pub(super) series: Series,
    pub(super) memory: Memory,
    pub(super) aftermaths: Vec<Aftermath>,
    calm: Span,
    /// By shard.
    finished: Vec<Option<Result<Recorded, Box<Broken>>>>,
    /// Shards whose threads have stopped and that are to go on.
    fallen: Vec<Remains>,
    /// The first actor that panicked.
    died: Option<(usize, Addressee)>,
    /// When the last shard ended.
    pub(super) ended: Moment,
}

/// What may end a run before its time.
pub(super) struct Halt<'a> {
    /// The user's wish.
    pub(super) asked: &'a AtomicBool,
    /// Told to everybody.
    pub(super) told: &'a AtomicBool,
    /// When everything must have ended.
    pub(super) latest: Instant,
}

impl<'a> Collector<'a> {
    pub(super) fn new(shards: usize, settings: &Stress, watch: &'a mut dyn FnMut(&Beat)) -> Self {
        Self {
            aftermaths: settings.faults.iter().map(|&step| Aftermath::new(step)).collect(),
            calm: settings.calm,
            watch,
            beats: Beats::new(shards),
            figures: Figures::default(),
            series: Series::default(),
            memory: Memory { before: memory::resident(), ..Memory::default() },
            finished: Vec::from_iter((0..shards).map(|_| None)),
            fallen: Vec::new(),
            died: None,
            ended: Moment::default(),
        }
    }

    /// Listens until all shards have ended. `reopen` sees to it that a shard goes on whose thread has
    /// stopped.
    pub(super) fn listen(
        &mut self,
        reports: &Receiver<Report>,
        mut reopen: impl FnMut(Remains) -> Result<(), Failure>,
        halt: &Halt<'_>,
    ) -> Result<(), Failure> {
        while let Some(missing) = self.finished.iter().position(Option::is_none) {
            match reports.recv_timeout(PATIENCE) {
                Ok(report) => self.take(report),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(died(missing, Addressee::Router));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.fallen.drain(..).try_for_each(&mut reopen)?;
            if let Some((shard, place)) = self.died {
                return Err(died(shard, place));
            }
            if halt.asked.load(Ordering::Relaxed) || self.has_failed() {
                halt.told.store(true, Ordering::Relaxed);
            }
            if Instant::now() > halt.latest {
                return Err(Failure::Stuck(missing));
            }
        }
        Ok(())
    }

    fn has_failed(&self) -> bool {
        self.finished.iter().flatten().any(Result::is_err)
    }

    /// Takes note of a piece of news.
    pub(super) fn take(&mut self, report: Report) {
        match report {
            Report::Pulse(pulse) => self.beats.take(&pulse),
            Report::Died(shard, place) => {
                self.died.get_or_insert((shard, place));
            }
            Report::Generated => self.beats.end(Source::Generator),
            Report::Fell(remains) => self.fallen.push(*remains),
            Report::Finished(finished) => {
                let Finished { shard, ended, recorded } = *finished;
                self.finished[shard] = Some(recorded);
                self.ended = self.ended.max(ended);
                self.beats.end(Source::Shard(shard));
            }
        }
        for beat in self.beats.complete() {
            self.figures.add(&beat.figures);
            self.series.add(&beat);
            self.memory.note(&beat);
            self.aftermaths.iter_mut().for_each(|one| one.note(&beat, self.calm));
            (self.watch)(&beat);
        }
    }

    /// What each shard recorded, in order.
    pub(super) fn recorded(&mut self) -> Result<Vec<Recorded>, Failure> {
        if let Some((shard, place)) = self.died {
            return Err(died(shard, place));
        }
        let all = std::mem::take(&mut self.finished).into_iter().enumerate();
        let all = all.map(|(shard, finished)| match finished {
            Some(Ok(recorded)) => Ok(recorded),
            Some(Err(broken)) => {
                let Broken { violation, last_events } = *broken;
                Err(Failure::Broken { shard, violation, last_events: last_events.into() })
            }
            None => Err(died(shard, Addressee::Router)),
        });
        all.collect()
    }
}

impl Memory {
    fn note(&mut self, beat: &Beat) {
        self.after = beat.resident;
        self.most = self.most.max(beat.resident);
        if beat.state.live > self.live {
            (self.live, self.at_most_live) = (beat.state.live, beat.resident);
        }
        if beat.state.timers > self.timers {
            (self.timers, self.timer_bytes) = (beat.state.timers, beat.state.timer_bytes);
        }
    }
}

fn died(shard: usize, place: Addressee) -> Failure {
    let who = match place {
        Addressee::Router => "the router".to_owned(),
        Addressee::Agent(agent) => format!("agent {}", agent.0),
        Addressee::Consumer(conversation) => format!("the consumer in slot {}", conversation.slot),
    };
    Failure::Died(format!("{who} of shard {shard}"))
}

/// How often to look up while nothing is told.
const PATIENCE: Duration = Duration::from_millis(50);
