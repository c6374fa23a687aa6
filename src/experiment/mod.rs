//! All variants × replications of a scenario, in parallel, merged in order.
//!
//! Replications are handed out round by round (replication 0 of every variant, then replication 1
//! …), so that after any number of whole rounds all variants have faced the same consumers. What
//! comes back is merged in exactly that order, whichever arbiter was first: results have the same
//! bytes on any number of threads. Not more than a few outcomes wait for their turn, so memory does
//! not grow with the number of replications.

pub mod backcast;
pub mod batches;
pub mod calibration;
pub mod compare;
pub mod day_parts;
pub mod interval;
pub mod precision;
pub mod recording;

mod backpressure;
mod base_of_round;
mod follow;
mod in_order;
pub mod inputs;
mod merging;
pub mod optimize;
pub mod representatives;
mod rerun;
pub mod runner;
pub mod sensitivity;
pub mod share_sums;
mod staff;
pub mod validate;
pub mod warm_up;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::statistics::RunningStatistics;
use crate::ledger::definitions::{Definition, Parts};
use crate::ledger::outcome::Outcome;
use crate::ledger::rows::Rows;
use crate::scenario::{Plan, Scenario, Variant};
use crate::simulation::{self, Failure, Job, Recording, Update};

use self::backpressure::Backpressure;
use self::base_of_round::BaseOfRound;
use self::batches::Batches;
use self::day_parts::note_days;
use self::in_order::{InOrder, Progress};
use self::interval::{AllSeries, Estimate};
use self::precision::Precision;
use self::rerun::figures_of;
use self::runner::{Runner, RunnerError};

pub use self::follow::{ConversationTrace, follow};
pub use self::merging::Merging;
pub use self::staff::{Hindrance, QueueWait};

/// What to run.
pub struct Experiment {
    /// The variants, the base first.
    pub variants: Vec<Variant>,
    /// Which replications of each.
    pub replications: Range<u64>,
    /// Ends it before the last replication, once figures are known well enough.
    pub precision: Option<Precision>,
    /// Whether figures are corrected to the expected number of arrivals, if all variants have one.
    pub control_variate: bool,
    /// Whether the invariants are checked.
    pub checks: bool,
    /// Where the rows of a replication go; called on the threads that run replications.
    pub rows: Option<RowsOf>,
}

/// Makes the receiver of the rows of one replication, from the position of its variant and its
/// number.
pub type RowsOf = Arc<dyn Fn(usize, u64) -> Box<dyn Rows + Send> + Send + Sync>;

/// Is told how the experiment goes on, by the thread that called [`Experiment::run`].
pub trait Watch {
    /// The share of the work that is done, 0 to 1.
    fn progress(&mut self, _done: f64) {}

    /// A replication was merged that was not so from the beginning; they come in the order of the
    /// results. With its figures, by their position among
    /// [`FIGURES`](crate::ledger::definitions::FIGURES); without, it had failed and counts for nothing.
    fn merged(&mut self, _variant: usize, _replication: u64, _figures: Option<&[Option<Parts>]>) {}

    /// This is what came of it so far: a good moment to save it.
    fn so_far(&mut self, _results: &Results) {}
}

/// Watches nothing.
impl Watch for () {}

/// What came of an experiment.
#[derive(Clone, Debug)]
pub struct Results {
    /// One for each variant, the base first.
    pub variants: Vec<VariantResults>,
    /// Replications planned for each variant; those that were enough, if it ended by its precision.
    pub planned: u64,
    /// Whether figures are known as well as asked for, if that was asked for.
    pub precise: Option<bool>,
    /// How the one run was cut, if intervals come from batches instead of replications.
    pub batches: Option<Batches>,
    /// Whether it was stopped before all of them had ended.
    pub interrupted: bool,
}

/// What came of one variant.
#[derive(Clone, Debug)]
pub struct VariantResults {
    /// Its name.
    pub name: String,
    /// What was run.
    pub plan: Arc<Plan>,
    /// All replications that ended well, merged; `None` if none did.
    pub pooled: Option<Box<Outcome>>,
    /// Each figure over those replications.
    pub series: AllSeries,
    /// Replications that met a bug.
    pub failures: Vec<Failure>,
}

impl Experiment {
    /// All variants of a scenario, as often as it asks for, invariants checked.
    pub fn new(scenario: &Scenario) -> Self {
        let count = scenario.variants.iter().map(|variant| variant.plan.run.replications).max();
        Self {
            variants: scenario.variants.clone(),
            replications: 0..count.unwrap_or(0).into(),
            precision: None,
            control_variate: scenario.precision.control_variate,
            checks: true,
            rows: None,
        }
    }

    /// The same with this many replications of each variant.
    #[must_use]
    pub fn replications(self, count: u64) -> Self {
        Self { replications: 0..count, ..self }
    }

    /// Runs everything on all processors; a warm-up that the scenario wants to have found is found
    /// first.
    ///
    /// # Errors
    ///
    /// A replication by which the warm-up is found met a bug. One that met a bug later is among the
    /// failures of its variant.
    pub fn run_all(mut self) -> Result<Results, RunnerError> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let stop = Arc::default();
        warm_up::settle(&mut self.variants, &Runner { threads, stop: &stop, progress: &|_| {} })?;
        Ok(self.run(threads, &stop, &mut ()))
    }

    /// Runs everything on `threads` arbiters. When `stop` is set, what is merged by then comes back.
    pub fn run(&self, threads: usize, stop: &Arc<AtomicBool>, watch: &mut dyn Watch) -> Results {
        self.resume(Merging::new(self), threads, stop, watch)
    }

    /// Runs what is left to do after an earlier run. What comes of it is the same as without
    /// interruption.
    pub fn resume(
        &self,
        so_far: Merging<'_>,
        threads: usize,
        stop: &Arc<AtomicBool>,
        watch: &mut dyn Watch,
    ) -> Results {
        let backpressure = Arc::new(Backpressure::of_threads(threads, stop));
        let total = self.variants.len() as u64 * (self.replications.end - self.replications.start);
        let first = so_far.merged();
        let (mut results, mut base) = so_far.into_parts();
        self.is_enough(first, &mut results);
        self.repeat_base(first, &mut base);
        if results.precise == Some(true) {
            backpressure.close();
        }
        let jobs = backpressure.admit(self.jobs(first));
        let mut in_order = InOrder::default();
        let mut progress = Progress::new(total.saturating_sub(first as u64));
        simulation::replicate(jobs, threads, stop, |update| match update {
            Update::Progress(position, share) => {
                watch.progress(progress.under_way(position, share))
            }
            Update::Ended(position, ended) => {
                in_order.arrived(position, ended, |position, ended| {
                    // What began before it was known to be too many counts for nothing.
                    if results.precise == Some(true) {
                        return;
                    }
                    let (variant, replication) = self.place(first + position);
                    let figures = results.add(variant, ended, &mut base);
                    watch.merged(variant, replication, figures.as_deref());
                    watch.so_far(&results);
                    if self.is_enough(first + position + 1, &mut results) {
                        backpressure.close();
                    }
                });
                backpressure.open_up_to(in_order.next());
                watch.progress(progress.ended(position));
            }
        });
        results.interrupted = results.precise != Some(true)
            && stop.load(Ordering::Relaxed)
            && ((first + in_order.next()) as u64) < total;
        if self.is_one_run() && !results.interrupted {
            results.batches = Some(batches::cut(&mut results.variants));
        }
        results
    }

    /// Nothing has come of any variant.
    fn nothing_yet(&self) -> Vec<VariantResults> {
        let expected = self.variants.iter().map(|variant| variant.plan.expected_arrivals());
        let expected = self.control_variate.then(|| expected.collect::<Option<Vec<f64>>>());
        let expected = expected.flatten().unwrap_or_default();
        let variants = self.variants.iter().enumerate().map(|(at, variant)| VariantResults {
            name: variant.name.clone(),
            plan: Arc::clone(&variant.plan),
            pooled: None,
            series: AllSeries::expecting(expected.get(at).copied())
                .with_goals(variant.plan.measure.part_goals.len()),
            failures: Vec::new(),
        });
        variants.collect()
    }

    /// In the middle of a round the base is run again, as its intervals are not saved one by one.
    fn repeat_base(&self, merged: usize, base: &mut BaseOfRound) {
        if merged.is_multiple_of(self.variants.len().max(1)) {
            return;
        }
        let (_, replication) = self.place(merged - 1);
        let plan = Arc::clone(&self.variants[0].plan);
        let job = Job { plan, replication, recording: Recording::Unchecked, rows: None };
        if let Some(mut outcome) = job.run().ok().and_then(|finished| finished.outcome) {
            note_days(&mut outcome, &self.variants[0].plan.run.calendar);
            base.note(&outcome);
        }
    }

    /// Whether this many replications of all variants together make figures known well enough; at
    /// the end of rounds only.
    fn is_enough(&self, merged: usize, results: &mut Results) -> bool {
        let Some(precision) = &self.precision else { return false };
        let rounds = (merged / self.variants.len().max(1)) as u64;
        let is_enough = merged.is_multiple_of(self.variants.len())
            && precision.is_reached(rounds, &results.variants);
        if is_enough {
            (results.precise, results.planned) = (Some(true), rounds);
        }
        is_enough
    }

    /// Whether each variant is run once, and that run cut into batches.
    fn is_one_run(&self) -> bool {
        let once = self.replications.end == self.replications.start + 1;
        once && self.variants.iter().all(|variant| variant.plan.run.batch_means)
    }

    /// All replications from a position on, round by round.
    fn jobs(&self, first: usize) -> impl Iterator<Item = Job> + Send + use<> {
        let plans = Vec::from_iter(self.variants.iter().map(|variant| Arc::clone(&variant.plan)));
        let recording = if self.checks { Recording::Checked } else { Recording::Unchecked };
        let rows = self.rows.clone();
        let rounds = self.replications.clone().flat_map(move |replication| {
            let plans = plans.clone().into_iter().enumerate();
            plans.map(move |(variant, plan)| (variant, plan, replication))
        });
        rounds.skip(first).map(move |(variant, plan, replication)| Job {
            plan,
            replication,
            recording,
            rows: rows.as_ref().map(|rows| rows(variant, replication)),
        })
    }

    /// Variant and replication of a position among the jobs.
    pub fn place(&self, position: usize) -> (usize, u64) {
        let variants = self.variants.len().max(1);
        (position % variants, self.replications.start + (position / variants) as u64)
    }
}

impl Results {
    /// Adds a replication of a variant and gives back its figures, if it ended well. `base`
    /// remembers those of the base for the variants that follow it in the round; a base that failed
    /// pairs with nothing.
    fn add(
        &mut self,
        variant: usize,
        ended: Result<Box<Outcome>, Box<Failure>>,
        base: &mut BaseOfRound,
    ) -> Option<Vec<Option<Parts>>> {
        let mut outcome = match ended {
            Ok(outcome) => outcome,
            Err(failure) => {
                if variant == 0 {
                    base.clear();
                }
                self.variants[variant].failures.push(*failure);
                return None;
            }
        };
        note_days(&mut outcome, &self.variants[variant].plan.run.calendar);
        match variant {
            0 => base.note(&outcome),
            _ => base.pair(&mut outcome),
        }
        let results = &mut self.variants[variant];
        let figures = figures_of(&outcome);
        results.push(variant, figures.clone(), base);
        results.pool(outcome);
        Some(figures)
    }

    /// Replications that met a bug, with their variant.
    pub fn failures(&self) -> impl Iterator<Item = (&VariantResults, &Failure)> {
        self.variants
            .iter()
            .flat_map(|variant| variant.failures.iter().map(move |failure| (variant, failure)))
    }
}

impl VariantResults {
    /// Adds the figures of a replication of the variant at `position`; `base` is as for
    /// [`Results::add`].
    fn push(&mut self, position: usize, figures: Vec<Option<Parts>>, base: &mut BaseOfRound) {
        let is_base = position == 0;
        self.series.push(&figures, if is_base { &[] } else { &base.figures });
        if is_base {
            base.figures = figures;
        }
    }

    /// Takes together with what came of its other replications.
    fn pool(&mut self, outcome: Box<Outcome>) {
        match &mut self.pooled {
            Some(pooled) => pooled.merge(&outcome),
            None => self.pooled = Some(outcome),
        }
    }

    /// A figure of all replications taken together: a count as their sum.
    pub fn pooled(&self, figure: &Definition) -> Option<f64> {
        self.pooled.as_deref().and_then(figure.value)
    }

    /// A figure of each replication by itself: mean and spread.
    pub fn sample(&self, figure: &Definition) -> RunningStatistics {
        self.series.sample(figure)
    }

    /// A figure and how far off it may be: see [`AllSeries::estimate`].
    pub fn estimate(&self, figure: &Definition) -> Option<Estimate> {
        self.series.estimate(figure)
    }

    /// A figure as it was simulated.
    pub fn as_simulated(&self, figure: &Definition) -> Option<Estimate> {
        self.series.as_simulated(figure)
    }

    /// A figure less that of the base, replication by replication; none for the base itself.
    pub fn against_base(&self, figure: &Definition) -> Option<Estimate> {
        self.series.against_base(figure)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::base::time::Time;
    use crate::ledger::definitions::FIGURES;
    use crate::ledger::rows::{ConversationRow, Rows};
    use crate::model::event::Change;
    use crate::scenario::{Source, parse};
    use crate::simulation::FailureKind;

    /// Panics at the first change of one replication.
    struct Bomb(bool);

    impl Rows for Bomb {
        fn change(&mut self, _: Time, _: &Change) {
            assert!(!self.0, "planted");
        }

        fn conversation(&mut self, _: &ConversationRow) {}
    }

    /// Notes what is merged, in which order.
    #[derive(Default)]
    struct Order(Vec<(usize, u64, bool)>);

    impl Watch for Order {
        fn merged(&mut self, variant: usize, number: u64, figures: Option<&[Option<Parts>]>) {
            self.0.push((variant, number, figures.is_some()));
        }
    }

    fn experiment(rows: Option<RowsOf>) -> Experiment {
        let text = "run.until = '1h'\nagents.chat = {}\nconsumers.web.arrivals = '60/h'\n\
            [[variant]]\nname = 'two'\nagents.chat.count = 2";
        let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
        let variants = scenario.variants;
        Experiment {
            variants,
            replications: 0..5,
            precision: None,
            control_variate: true,
            checks: true,
            rows,
        }
    }

    #[test]
    fn a_failed_replication_stops_no_other_and_counts_for_nothing() {
        let rows: RowsOf = Arc::new(|variant, replication| {
            Box::new(Bomb((variant, replication) == (1, 2))) as Box<dyn Rows + Send>
        });
        let mut order = Order::default();
        let results = experiment(Some(rows)).run(2, &Arc::default(), &mut order);
        let rounds = (0..5).flat_map(|k| [(0, k, true), (1, k, k != 2)]);
        assert_eq!(order.0, Vec::from_iter(rounds));
        let counts = |variant: &VariantResults| variant.pooled.as_ref().map(|all| all.replications);
        assert_eq!(Vec::from_iter(results.variants.iter().map(counts)), [Some(5), Some(4)]);
        let failures = Vec::from_iter(results.failures());
        let [(variant, failure)] = failures.as_slice() else { panic!("one failure") };
        assert_eq!((variant.name.as_str(), failure.replication, failure.seed), ("two", 2, 1));
        assert!(matches!(&failure.kind, FailureKind::Panic(message) if message == "planted"));
        assert_eq!(results.variants[1].sample(&FIGURES[0]).count(), 4);
    }

    #[test]
    fn an_experiment_ends_after_the_same_round_on_any_number_of_threads() {
        let run = |threads: usize, bound: f64| {
            let within = vec![
                (crate::ledger::definitions::find("offered").unwrap(), bound),
                (crate::ledger::definitions::find("handle_time_mean").unwrap(), bound),
            ];
            let precision = Some(Precision { within, confidence: 0.95, at_least: 10 });
            let replications = 0..400;
            let experiment = Experiment { replications, precision, ..experiment(None) };
            experiment.run(threads, &Arc::default(), &mut ())
        };
        let one = run(1, 0.05);
        assert_eq!((one.precise, one.interrupted), (Some(true), false));
        assert!((11..400).contains(&one.planned), "{}", one.planned);
        let several = run(3, 0.05);
        assert_eq!(several.planned, one.planned);
        for (left, right) in one.variants.iter().zip(&several.variants) {
            assert_eq!(left.pooled.as_ref().unwrap().replications, one.planned);
            assert_eq!((&left.series, &left.pooled), (&right.series, &right.pooled));
        }
        let offered = crate::ledger::definitions::find("offered").unwrap();
        let estimate = one.variants[0].estimate(offered).unwrap();
        assert!(estimate.half_width(0.975).unwrap() <= 0.05 * estimate.value);
        assert_eq!(run(2, 10.0).planned, 10, "never fewer than asked for");
        assert_eq!((run(2, 1e-6).precise, run(2, 1e-6).planned), (Some(false), 400));
    }

    #[test]
    fn samples_are_of_replications_and_the_pool_is_of_all() {
        let results = experiment(None).run(1, &Arc::default(), &mut ());
        let figure = crate::ledger::definitions::find("offered").unwrap();
        let base = &results.variants[0];
        let sum = base.pooled(figure).unwrap();
        assert_eq!(base.sample(figure).count(), 5);
        assert!((base.sample(figure).mean().unwrap() - sum / 5.0).abs() < 1e-9);
        assert!(base.sample(figure).standard_error().unwrap() > 0.0);
    }

    #[test]
    fn a_stopped_experiment_says_so() {
        let stop = Arc::new(AtomicBool::new(true));
        let results = experiment(None).run(2, &stop, &mut ());
        assert!(results.interrupted && results.variants.iter().all(|v| v.pooled.is_none()));
    }
}
