//! Replications on arbiters: one kernel actor on each, every replication whole on one of them.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};

use actix::{Actor, ActorContext, Arbiter, AsyncContext, Context, Handler, Message, System};

use crate::base::time::Time;
use crate::ledger::fold::Ledger;
use crate::ledger::rows::Rows;
use crate::scenario::plan::Plan;

use super::failure::{Failure, FailureKind};
use super::world::{Finished, World};

/// One replication to run.
pub struct Job {
    /// What.
    pub plan: Arc<Plan>,
    /// Which, from 0.
    pub replication: u64,
    /// What is recorded of it.
    pub recording: Recording,
    /// Where its rows go, if anywhere.
    pub rows: Option<Box<dyn Rows + Send>>,
}

/// What is recorded of a replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// Every measure, and the invariants checked.
    Checked,
    /// Every measure.
    Unchecked,
    /// Nothing: the bare model, for benchmarks.
    Bare,
}

/// What [`replicate`] tells while it runs. Jobs go by their position in the list.
#[derive(Debug)]
pub enum Update {
    /// How far a replication has come, 0 to 1.
    Progress(usize, f64),
    /// A replication has ended.
    Ended(usize, Result<Finished, Box<Failure>>),
}

impl Job {
    /// The replication at its start.
    pub fn begin(self) -> World {
        let Self { plan, replication, recording, rows } = self;
        let ledger = (recording != Recording::Bare).then(|| {
            let checks = recording == Recording::Checked;
            let (centre, warm_up) = (Arc::new(plan.centre.clone()), Time::ZERO + plan.run.warm_up);
            let ledger = Ledger::new(centre, &plan.measure, warm_up, plan.run.until, checks);
            match rows {
                Some(rows) => ledger.with_rows(rows),
                None => ledger,
            }
        });
        World::new(plan, replication, ledger)
    }

    /// Runs the replication here and now.
    ///
    /// # Errors
    ///
    /// A broken invariant. A panic goes through.
    pub fn run(self) -> Result<Finished, Box<Failure>> {
        let mut world = self.begin();
        loop {
            if let Some(finished) = world.advance(usize::MAX)? {
                return Ok(finished);
            }
        }
    }
}

/// Runs all jobs on `threads` arbiters and tells what becomes of each, in the order in which that
/// happens. A broken invariant or a panic ends its own replication only. When `stop` is set, no job
/// is begun any more and those under way end without a result.
pub fn replicate(
    jobs: impl IntoIterator<Item = Job, IntoIter: Send + 'static>,
    threads: usize,
    stop: &Arc<AtomicBool>,
    tell: impl FnMut(Update),
) {
    let jobs: Jobs = Arc::new(Mutex::new(Box::new(jobs.into_iter().enumerate())));
    let (updates, received) = mpsc::channel();
    let system = System::new();
    let arbiters = Vec::from_iter((0..threads.max(1)).map(|_| {
        let arbiter = Arbiter::new();
        let (jobs, updates, stop) = (Arc::clone(&jobs), updates.clone(), Arc::clone(stop));
        Kernel::start_in_arbiter(&arbiter.handle(), move |_| Kernel {
            jobs,
            updates,
            stop,
            at_work: None,
        });
        arbiter
    }));
    // The list of updates ends when the last kernel has gone and dropped its end of the channel.
    drop(updates);
    received.into_iter().for_each(tell);
    for arbiter in arbiters {
        arbiter.stop();
        let ended = arbiter.join();
        debug_assert!(ended.is_ok(), "an arbiter thread panicked");
    }
    drop(system);
}

type Jobs = Arc<Mutex<Box<dyn Iterator<Item = (usize, Job)> + Send>>>;

/// The actor that runs replications, one after the other.
struct Kernel {
    jobs: Jobs,
    updates: Sender<Update>,
    stop: Arc<AtomicBool>,
    at_work: Option<(usize, World)>,
}

/// Works for a while, then lets the arbiter breathe.
struct Turn;

impl Message for Turn {
    type Result = ();
}

impl Actor for Kernel {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.notify(Turn);
    }
}

impl Handler<Turn> for Kernel {
    type Result = ();

    fn handle(&mut self, _: Turn, context: &mut Self::Context) {
        if !self.stop.load(Ordering::Relaxed) && self.works() {
            context.notify(Turn);
        } else {
            context.stop();
        }
    }
}

impl Kernel {
    /// One turn of work. `false` when there is none left.
    fn works(&mut self) -> bool {
        let (position, mut world) = match self.at_work.take() {
            Some(at_work) => at_work,
            None => match self.next_job() {
                Some((position, job)) => match begin(job) {
                    Ok(world) => (position, world),
                    Err(failure) => {
                        self.tell(Update::Ended(position, Err(failure)));
                        return true;
                    }
                },
                None => return false,
            },
        };
        let result = match catch_unwind(AssertUnwindSafe(|| world.advance(EVENTS_A_TURN))) {
            Ok(Ok(None)) => {
                self.tell(Update::Progress(position, world.progress()));
                self.at_work = Some((position, world));
                return true;
            }
            Ok(Ok(Some(finished))) => Ok(finished),
            Ok(Err(failure)) => Err(failure),
            Err(panic) => Err(world.failure(FailureKind::Panic(message_of(panic.as_ref())))),
        };
        self.tell(Update::Ended(position, result));
        true
    }

    /// The next job. The lock is held only to take it off the list.
    fn next_job(&self) -> Option<(usize, Job)> {
        match self.jobs.lock() {
            Ok(mut jobs) => jobs.next(),
            Err(poisoned) => poisoned.into_inner().next(),
        }
    }

    fn tell(&self, update: Update) {
        // Nobody listens any more only when the caller of `replicate` itself has panicked.
        let _ = self.updates.send(update);
    }
}

/// The replication at its start; a panic in it is a failure like any later one.
fn begin(job: Job) -> Result<World, Box<Failure>> {
    let (seed, replication) = (job.plan.run.seed, job.replication);
    catch_unwind(AssertUnwindSafe(|| job.begin())).map_err(|panic| {
        let kind = FailureKind::Panic(message_of(panic.as_ref()));
        Box::new(Failure { seed, replication, kind, last_events: Vec::new() })
    })
}

fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

const EVENTS_A_TURN: usize = 20_000;
