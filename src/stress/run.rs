//! One wall-clock run from beginning to end: shards on arbiters, the generator on a thread of its
//! own, and whoever started them listening to what they tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use actix::System;

use crate::base::arrivals::{ArrivalProcess, Arrivals};
use crate::base::ids::KindId;
use crate::base::time::{Span, Time};
use crate::ledger::TransferRecord;
use crate::ledger::outcome::Outcome;
use crate::scenario::Plan;
use crate::scenario::stress::{Fault, FaultStep, Stress};

use super::beats::Beat;
use super::books::{Account, Mailbox};
use super::clock::{Clock, Moment};
use super::collector::{Collector, Halt};
use super::failure::Failure;
use super::fault;
use super::generator::{Gate, Generator, Walk};
use super::measures::{Count, Figures};
use super::moves::Commons;
use super::pace::Pace;
use super::partition::{Elsewhere, most_shards, part};
use super::report::Report;
use super::results::Results;
use super::shard::Frame;
use super::shard::remains::Remains;
use super::site::{Doors, Site};

/// A wall-clock run to make.
pub struct Job {
    /// What.
    pub plan: Arc<Plan>,
    /// How.
    pub settings: Stress,
    /// Whether shards keep a journal; it grows with the run.
    pub journal: bool,
}

impl Job {
    /// How many shards it takes: as many as asked for, or one less than there are processors, but at
    /// most [`most_shards`].
    pub fn shards(&self) -> u32 {
        let processors = thread::available_parallelism().map_or(1, usize::from) as u32;
        let wanted = self.settings.shards.unwrap_or_else(|| processors.saturating_sub(1).max(1));
        wanted.min(most_shards(&self.plan.centre))
    }

    /// Makes the run. `watch` is told of every second. When `stop` is set, it ends early.
    ///
    /// # Errors
    ///
    /// What went wrong, which can only be a bug.
    pub fn run(&self, stop: &AtomicBool, mut watch: impl FnMut(&Beat)) -> Result<Results, Failure> {
        let system = System::new();
        let until = self.until();
        let sites = (0..self.shards()).map(|number| {
            Site::new(self, number, part(&self.plan.centre, number, self.shards()), until)
        });
        let result = self.run_at(sites.collect(), stop, &mut watch);
        drop(system);
        result
    }

    fn run_at(
        &self,
        mut sites: Vec<Site>,
        stop: &AtomicBool,
        watch: &mut dyn FnMut(&Beat),
    ) -> Result<Results, Failure> {
        if let Some(shard) = sites.iter().position(|site| !site.is_prepared()) {
            return Err(thread_died(shard));
        }
        let mut collector = Collector::new(sites.len(), &self.settings, watch);
        let (reports, received) = mpsc::channel();
        let told = Arc::new(AtomicBool::new(false));
        let clock = Clock::start(self.settings.speed);
        let commons = Commons::new(sites.iter().map(|site| Arc::clone(&site.books)));
        let gates = self.open(&sites, clock, &reports, (&told, &commons))?;
        let (reopened, told_of) = mpsc::channel();
        let generator = self.generator(
            &sites,
            (gates, told_of),
            (clock, &commons),
            (reports, Arc::clone(&told)),
        );
        let generator = thread::Builder::new()
            .name("generator".to_owned())
            .spawn(move || generator.run())
            .map_err(|error| Failure::NoThread(error.to_string()))?;
        let halt = Halt { asked: stop, told: &told, latest: Instant::now() + self.at_most() };
        let reopen = |remains: Remains| {
            let shard = remains.shard();
            let doors = sites[shard].reopen(remains).ok_or_else(|| thread_died(shard))?;
            // The generator listens until it has sent everything.
            let _ = reopened.send((shard, doors));
            Ok(())
        };
        let listened = collector.listen(&received, reopen, &halt);
        told.store(true, Ordering::Relaxed);
        let generated = generator.join();
        received.try_iter().for_each(|report| collector.take(report));
        let books = Vec::from_iter(sites.into_iter().map(Site::close));
        commons.close();
        let accounts = Mailbox::ALL.map(|mailbox| {
            let mut account = Account::default();
            books.iter().for_each(|books| account.add(&books.account(mailbox)));
            account
        });
        let lost_since = books.iter().map(|books| books.newly_lost()).sum();
        collector.figures.tally(Count::Lost, lost_since);
        listened?;
        generated.map_err(|_| Failure::Died("the load generator".to_owned()))?;
        let strays = commons.strays();
        self.results(collector, accounts, strays, stop.load(Ordering::Relaxed))
    }

    /// Starts the actors of all shards.
    fn open(
        &self,
        sites: &[Site],
        clock: Clock,
        reports: &Sender<Report>,
        (stop, commons): (&Arc<AtomicBool>, &Arc<Commons>),
    ) -> Result<Vec<Gate>, Failure> {
        let load_ends = self.load_ends();
        let parts = Vec::from_iter(sites.iter().map(|site| &*site.centre));
        let elsewhere = Elsewhere::of_each(&parts).into_iter();
        let gates = sites.iter().enumerate().zip(elsewhere).map(|((number, site), elsewhere)| {
            let frame = Frame {
                number,
                clock,
                books: Arc::clone(&site.books),
                reports: reports.clone(),
                load_ends,
                ends: load_ends + self.settings.drain,
                stop: Arc::clone(stop),
                elsewhere,
                commons: Arc::clone(commons),
            };
            let doors = site.open(frame).ok_or_else(|| thread_died(number))?;
            let (books, mailbox) = (Arc::clone(&site.books), self.settings.mailbox);
            Ok(Gate { doors, books, mailbox })
        });
        gates.collect()
    }

    fn generator(
        &self,
        sites: &[Site],
        (gates, reopened): (Vec<Gate>, Receiver<(usize, Doors)>),
        (clock, commons): (Clock, &Arc<Commons>),
        (reports, stop): (Sender<Report>, Arc<AtomicBool>),
    ) -> Generator {
        let until = self.plan.run.until;
        let plans = sites.iter().enumerate().flat_map(|(shard, site)| {
            let kinds = (0..).map(KindId).zip(&site.centre.kinds);
            kinds.map(move |(kind, settings)| {
                let plan = Arrivals::new(&settings.arrivals, &site.streams(), kind, until);
                Walk { shard, kind, plan, sent: 0 }
            })
        });
        let shards = sites.iter().map(|site| (&*site.centre, site.streams()));
        let blows = fault::plan(&self.settings.faults, &Vec::from_iter(shards));
        let late_after = Moment::after(self.settings.late_after).since(Moment::default());
        Generator {
            clock,
            pace: Pace::new(&self.settings),
            plans: plans.collect(),
            gates,
            commons: Arc::clone(commons),
            reopened,
            faults: self.settings.faults.clone(),
            blows,
            late_after,
            reports,
            stop,
            figures: Figures::default(),
            next_pulse: Moment::default().next_second(),
        }
    }

    /// When the load ends: with the last stage, or with the plan if that ends before.
    fn load_ends(&self) -> Moment {
        let load = Moment::after(self.settings.load());
        let plan = Pace::new(&self.settings).moment(self.plan.run.until.as_secs_f64());
        plan.map_or(load, |plan| plan.min(load))
    }

    /// The same in the time of the scenario.
    fn until(&self) -> Time {
        Clock::start(self.settings.speed).time(self.load_ends())
    }

    /// Longer than the run can take, unless it is stuck.
    fn at_most(&self) -> Duration {
        let faults = self.settings.faults.iter();
        let stands = |step: &&FaultStep| matches!(step.fault, Fault::Stall | Fault::MailboxFull);
        let stalls = faults.filter(stands).map(|step| step.over);
        let most = self.settings.drain + stalls.sum::<Span>();
        (self.load_ends() + most).elapsed() + GRACE
    }

    fn results(
        &self,
        mut collector: Collector<'_>,
        accounts: [Account; Mailbox::ALL.len()],
        strays: Vec<TransferRecord>,
        interrupted: bool,
    ) -> Result<Results, Failure> {
        let recorded = collector.recorded()?;
        let unbalanced = |(_, account): &(Mailbox, &Account)| !account.balances();
        if let Some((mailbox, account)) = Mailbox::ALL.into_iter().zip(&accounts).find(unbalanced) {
            return Err(Failure::Unbalanced { mailbox, account: *account });
        }
        let (outcomes, journals): (Vec<_>, Vec<_>) =
            recorded.into_iter().map(|recorded| (recorded.outcome, recorded.journal)).unzip();
        let outcomes = outcomes.into_iter().map(|outcome| *outcome);
        let outcome = outcomes.reduce(|mut all: Outcome, next| {
            all.merge(&next);
            all
        });
        let mut outcome = outcome.ok_or_else(|| Failure::Died("every shard".to_owned()))?;
        strays.iter().for_each(|stray| outcome.add_stray(stray));
        let closed = |arrivals: &ArrivalProcess| matches!(arrivals, ArrivalProcess::Closed { .. });
        let (figures, series) = (collector.figures, collector.series);
        Ok(Results {
            settings: self.settings.clone(),
            seed: self.plan.run.seed,
            shards: self.shards(),
            closed: self.plan.centre.kinds.iter().any(|kind| closed(&kind.arrivals)),
            length: collector.ended.elapsed(),
            interrupted,
            figures,
            series,
            aftermaths: collector.aftermaths,
            accounts,
            outcome,
            memory: collector.memory,
            journals: journals.into_iter().flatten().map(|journal| *journal).collect(),
        })
    }
}

fn thread_died(shard: usize) -> Failure {
    Failure::Died(format!("the thread of shard {shard}"))
}

/// How long a run may take beyond its time on a busy machine.
const GRACE: Duration = Duration::from_secs(60);
