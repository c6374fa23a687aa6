//! One wall-clock run from beginning to end: shards on arbiters, the generator on a thread of its
//! own, and whoever started them listening to what they tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Instant;

use actix::System;
use jiff::ZonedDateTime;

use crate::base::arrivals::{ArrivalProcess, Arrivals};
use crate::base::ids::KindId;
use crate::base::stream::Streams;
use crate::ledger::TransferRecord;
use crate::ledger::outcome::Outcome;

use super::clock::{Moment, RunClock};
use super::collector::{ProgressCollector, StopConditions};
use super::fault_plan::plan_faults;
use super::generator::{Generator, PlannedArrivals, ShardEntry};
use super::message_accounting::{Account, Mailbox};
use super::pace::Pace;
use super::partition::{RemoteSkills, part};
use super::progress::{RunProgress, ShardContext, ThreadLoss};
use super::results::{ArrivalAccount, StressResults};
use super::run_start::wall_clock_now;
use super::shard_thread::{ShardAddresses, ShardThread};
use super::shard_transfer::ShardExchange;
use super::snapshots::SystemSnapshot;
use super::stage_figures::StagesFigures;
use super::stress_failure::StressFailure;
use super::stress_figures::{Count, StressFigures};
use super::stress_job::StressJob;

/// When a run started, and whether the user ended it.
struct RunEnding {
    started: ZonedDateTime,
    interrupted: bool,
}

/// What shards and generator share.
struct SharedParts {
    clock: RunClock,
    exchange: Arc<ShardExchange>,
    progress: Sender<RunProgress>,
    /// Set when the run is to end now.
    stop: Arc<AtomicBool>,
}

impl StressJob {
    /// Makes the run. `watch` is told of every second. When `stop` is set, it ends early.
    ///
    /// # Errors
    ///
    /// What went wrong, which can only be a bug.
    pub fn run(
        &self,
        stop: &AtomicBool,
        mut watch: impl FnMut(&SystemSnapshot),
    ) -> Result<StressResults, StressFailure> {
        let system = System::new();
        let until = self.until();
        let shard_threads = (0..self.shards()).map(|number| {
            ShardThread::new(self, number, part(&self.plan.centre, number, self.shards()), until)
        });
        let result = self.run_on(shard_threads.collect(), stop, &mut watch);
        drop(system);
        result
    }

    fn run_on(
        &self,
        mut shard_threads: Vec<ShardThread>,
        stop: &AtomicBool,
        watch: &mut dyn FnMut(&SystemSnapshot),
    ) -> Result<StressResults, StressFailure> {
        if let Some(shard) = shard_threads.iter().position(|thread| !thread.wait_until_prepared()) {
            return Err(thread_died(shard));
        }
        let mut collector = ProgressCollector::new(shard_threads.len(), &self.settings, watch);
        let (progress, received) = mpsc::channel();
        let told = Arc::new(AtomicBool::new(false));
        let (clock, started) = (RunClock::start(self.settings.speed), wall_clock_now());
        let accounting = shard_threads.iter().map(|thread| Arc::clone(&thread.accounting));
        let exchange = ShardExchange::new(accounting);
        let (own, stop_told) = (Arc::clone(&exchange), Arc::clone(&told));
        let shared = SharedParts { clock, exchange: own, progress, stop: stop_told };
        let entries = self.open(&shard_threads, &shared)?;
        let (reopened, told_of) = mpsc::channel();
        let generator = self.generator(&shard_threads, entries, told_of, shared);
        let generator = thread::Builder::new()
            .name("generator".to_owned())
            .spawn(move || generator.run())
            .map_err(|error| StressFailure::NoThread(error.to_string()))?;
        let latest = Instant::now() + self.at_most();
        let conditions = StopConditions { asked: stop, told: &told, latest };
        let reopen = |loss: ThreadLoss| {
            let shard = loss.shard();
            let addresses = shard_threads[shard].reopen(loss).ok_or_else(|| thread_died(shard))?;
            // The generator listens until it has sent everything.
            let _ = reopened.send((shard, addresses));
            Ok(())
        };
        let listened = collector.listen(&received, reopen, &conditions);
        told.store(true, Ordering::Relaxed);
        let generated = generator.join();
        received.try_iter().for_each(|news| collector.take(news));
        if let Err(stuck @ StressFailure::Stuck(_)) = listened {
            // Whoever waited for its thread would hang with it.
            shard_threads.into_iter().for_each(ShardThread::abandon);
            return Err(stuck);
        }
        let accounting = Vec::from_iter(shard_threads.into_iter().map(ShardThread::close));
        exchange.close();
        let accounts = Mailbox::ALL.map(|mailbox| {
            let mut account = Account::default();
            accounting.iter().for_each(|accounting| account.add(&accounting.account(mailbox)));
            account
        });
        for accounting in &accounting {
            let unfinished = accounting.unfinished();
            collector.unfinished.add(&unfinished.all);
            collector.stages.add(&unfinished.stages);
        }
        let lost_since = accounting.iter().map(|accounting| accounting.newly_lost()).sum();
        collector.figures.tally(Count::Lost, lost_since);
        listened?;
        generated.map_err(|_| StressFailure::Died("the load generator".to_owned()))?;
        let strays = exchange.strays();
        let ending = RunEnding { started, interrupted: stop.load(Ordering::Relaxed) };
        self.results(collector, accounts, strays, ending)
    }

    /// Starts the actors of all shards.
    fn open(
        &self,
        shard_threads: &[ShardThread],
        shared: &SharedParts,
    ) -> Result<Vec<ShardEntry>, StressFailure> {
        let parts = Vec::from_iter(shard_threads.iter().map(|thread| &*thread.centre));
        let remote_skills = RemoteSkills::of_each(&parts).into_iter();
        let threads = shard_threads.iter().enumerate().zip(remote_skills);
        let entries = threads.map(|((number, shard_thread), remote_skills)| {
            let context = ShardContext {
                number,
                clock: shared.clock,
                accounting: Arc::clone(&shard_thread.accounting),
                progress: shared.progress.clone(),
                window: self.window(),
                stop: Arc::clone(&shared.stop),
                remote_skills,
                exchange: Arc::clone(&shared.exchange),
            };
            let addresses = shard_thread.open(context).ok_or_else(|| thread_died(number))?;
            let accounting = Arc::clone(&shard_thread.accounting);
            let mailbox = self.settings.mailbox;
            Ok(ShardEntry { addresses, accounting, mailbox })
        });
        entries.collect()
    }

    fn generator(
        &self,
        shard_threads: &[ShardThread],
        entries: Vec<ShardEntry>,
        reopened: Receiver<(usize, ShardAddresses)>,
        shared: SharedParts,
    ) -> Generator {
        let SharedParts { clock, exchange, progress, stop } = shared;
        let shards = shard_threads.iter().map(|thread| (&*thread.centre, thread.streams()));
        let actions = plan_faults(&self.settings.faults, &Vec::from_iter(shards));
        let late_after = Moment::after(self.settings.late_after).since(Moment::default());
        Generator {
            clock,
            pace: Pace::new(&self.settings),
            arrivals: self.arrivals(shard_threads),
            entries,
            exchange,
            reopened,
            faults: self.settings.faults.clone(),
            actions,
            late_after,
            progress,
            stop,
            figures: StressFigures::default(),
            stages: StagesFigures::new(self.window().stages),
            next_snapshot: Moment::default().next_second(),
            window: self.window(),
        }
    }

    /// One walk for each kind, whatever the number of shards; of a closed population one for each
    /// shard.
    fn arrivals(&self, shard_threads: &[ShardThread]) -> Vec<PlannedArrivals> {
        let (until, streams) = (self.plan.run.until, Streams::new(self.plan.run.seed, 0));
        let kinds = (0..).map(KindId).zip(&self.plan.centre.kinds);
        let arrivals = kinds.flat_map(|(kind, settings)| {
            let is_closed = matches!(settings.arrivals, ArrivalProcess::Closed { .. });
            let shards = if is_closed { shard_threads } else { &shard_threads[..1] };
            shards.iter().enumerate().map(move |(shard, shard_thread)| {
                let process = &shard_thread.centre.kinds[usize::from(kind.0)].arrivals;
                let plan = Arrivals::new(process, &streams, kind, until);
                PlannedArrivals { kind, plan, only: is_closed.then_some(shard), sent: 0 }
            })
        });
        arrivals.collect()
    }

    fn results(
        &self,
        mut collector: ProgressCollector<'_>,
        accounts: [Account; Mailbox::ALL.len()],
        strays: Vec<TransferRecord>,
        RunEnding { started, interrupted }: RunEnding,
    ) -> Result<StressResults, StressFailure> {
        let recorded = collector.recorded()?;
        let unbalanced = |(_, account): &(Mailbox, &Account)| !account.balances();
        if let Some((mailbox, account)) = Mailbox::ALL.into_iter().zip(&accounts).find(unbalanced) {
            return Err(StressFailure::Unbalanced { mailbox, account: *account });
        }
        for recovery in &mut collector.recoveries {
            recovery.note_unfinished(&collector.unfinished);
        }
        let arrivals = arrivals(&collector, &accounts[Mailbox::Arrivals as usize]);
        if !arrivals.balances() {
            return Err(StressFailure::LostArrivals(arrivals));
        }
        let handled: u64 = accounts.iter().map(|account| account.handled).sum();
        if handled != collector.figures.count(Count::Messages) {
            return Err(StressFailure::MessagesMiscounted {
                handled,
                counted: collector.figures.count(Count::Messages),
            });
        }
        let (outcomes, journals): (Vec<_>, Vec<_>) =
            recorded.into_iter().map(|recorded| (recorded.outcome, recorded.journal)).unzip();
        let outcomes = outcomes.into_iter().map(|outcome| *outcome);
        let outcome = outcomes.reduce(|mut all: Outcome, next| {
            all.merge(&next);
            all
        });
        let mut outcome = outcome.ok_or_else(|| StressFailure::Died("every shard".to_owned()))?;
        strays.iter().for_each(|stray| outcome.add_stray(stray));
        let closed = |arrivals: &ArrivalProcess| matches!(arrivals, ArrivalProcess::Closed { .. });
        let (figures, mut series) = (collector.figures, collector.series);
        let (window, length) = (self.window(), collector.ended.elapsed());
        series.end(length.min(window.drain_ends().elapsed()));
        Ok(StressResults {
            settings: self.settings.clone(),
            seed: self.plan.run.seed,
            started,
            shards: self.shards(),
            backlog: self.plan.centre.backlog().len(),
            closed: self.plan.centre.kinds.iter().any(|kind| closed(&kind.arrivals)),
            planned: window.load_ends.elapsed(),
            load: window.load_ends.elapsed().min(length),
            length,
            interrupted,
            figures,
            unfinished: collector.unfinished,
            stages: collector.stages.into_stages(),
            series,
            recoveries: collector.recoveries,
            accounts,
            arrivals,
            outcome,
            memory: collector.memory,
            journals: journals.into_iter().flatten().map(|journal| *journal).collect(),
        })
    }
}

/// What became of the arrivals: what is scheduled and opened is counted elsewhere than what is not taken.
fn arrivals(collector: &ProgressCollector<'_>, account: &Account) -> ArrivalAccount {
    ArrivalAccount {
        scheduled: collector.figures.count(Count::Scheduled),
        opened: collector.figures.count(Count::ArrivalsOpened),
        started: collector.started,
        waiting: account.queued,
        refused: account.refused,
        lost: account.dead,
    }
}

fn thread_died(shard: usize) -> StressFailure {
    StressFailure::Died(format!("the thread of shard {shard}"))
}
