//! Trials of a scenario on the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::bare_wheel::bare_wheel;
use super::capacity_trials::{Attempt, TrialOutcome};
use super::yardstick::Yardstick;
use crate::base::time::{Span, Time};
use crate::ledger::measures::{Count, Timing};
use crate::scenario::Plan;
use crate::scenario::stress::{Stage, Stress};
use crate::scenario::threshold::{Measure, Operator, Statistic, SystemMeasure, Threshold};
use crate::stress::results::StressResults;
use crate::stress::snapshots::SystemSnapshot;
use crate::stress::stress_failure::StressFailure;
use crate::stress::stress_job::StressJob;
use crate::stress::threshold_verdict::{JudgedThreshold, ThresholdVerdict};

/// Makes trials of a scenario.
#[derive(Clone, Debug)]
pub struct TrialRunner {
    plan: Arc<Plan>,
    settings: Stress,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq)]
pub struct TrialResult {
    /// Arrivals a second that the generator sent.
    pub rate: f64,
    /// Whether it kept up.
    pub valid: bool,
    /// Conversations opened a second.
    pub opened: f64,
    /// Timers armed, cancelled and fired a second.
    pub timers: f64,
    /// How late deadlines were, unless there were none: 99 % were not later.
    pub lateness: Option<Duration>,
    /// The thresholds and what was measured.
    pub judged: Vec<JudgedThreshold>,
    /// How long it lasted.
    pub length: Duration,
    /// What the machine could do before and after it.
    pub yardstick: Yardstick,
}

impl Attempt for TrialResult {
    fn rate(&self) -> f64 {
        self.rate
    }

    fn outcome(&self) -> TrialOutcome {
        if !self.valid {
            TrialOutcome::Invalid
        } else if self.missed().next().is_some() {
            TrialOutcome::NotHeld
        } else if self.unknown().next().is_some() {
            TrialOutcome::Unknown
        } else {
            TrialOutcome::Held
        }
    }

    fn yardstick(&self) -> Yardstick {
        self.yardstick
    }
}

impl TrialResult {
    /// The thresholds that were missed.
    pub fn missed(&self) -> impl Iterator<Item = &JudgedThreshold> {
        let enough = self.judged.iter().filter(|judged| judged.has_enough());
        enough.filter(|judged| judged.verdict() == ThresholdVerdict::Missed)
    }

    /// The thresholds that found too little to measure.
    pub fn unknown(&self) -> impl Iterator<Item = &JudgedThreshold> {
        let is_unknown = |it: &&JudgedThreshold| it.verdict() == ThresholdVerdict::Unknown;
        self.judged.iter().filter(move |judged| !judged.has_enough() || is_unknown(judged))
    }
}

impl TrialRunner {
    /// Trials of a scenario under its thresholds, or under [`defaults`] if it has none.
    pub fn new(plan: Arc<Plan>, mut settings: Stress) -> Self {
        if settings.thresholds.is_empty() {
            settings.thresholds = defaults();
        }
        settings.drain = Span::ZERO;
        Self { plan, settings }
    }

    /// The thresholds of the trials.
    pub fn thresholds(&self) -> &[Threshold] {
        &self.settings.thresholds
    }

    /// Makes a trial, longer if a threshold found too little to measure: `None` if `stop` was set
    /// meanwhile. `watch` is told of every second.
    ///
    /// # Errors
    ///
    /// What went wrong, which can only be a bug.
    pub fn run_trial(
        &self,
        pace: f64,
        stop: &AtomicBool,
        mut watch: impl FnMut(&SystemSnapshot),
    ) -> Result<Option<TrialResult>, StressFailure> {
        let before = bare_wheel();
        let mut times_as_long = 1;
        loop {
            let job = self.longer(times_as_long).job(pace);
            let results = job.run(stop, &mut watch)?;
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let result = TrialResult::of(&results, Yardstick { before, after: bare_wheel() });
            let is_decided = result.outcome() != TrialOutcome::Unknown;
            if is_decided || times_as_long == MOST_TIMES_AS_LONG {
                return Ok(Some(result));
            }
            times_as_long = (4 * times_as_long).min(MOST_TIMES_AS_LONG);
        }
    }

    /// Trials that last so many times as long.
    fn longer(&self, times: i64) -> Self {
        let mut longer = self.clone();
        let lengths = longer.settings.stages.iter_mut().map(|stage| &mut stage.length);
        lengths.chain([&mut longer.settings.length]).for_each(|length| {
            *length = Span::from_micros(length.as_micros() * times);
        });
        longer
    }

    /// The run in which the plan of arrivals is walked so many times as fast. The plan is made as
    /// long as that takes.
    pub fn job(&self, pace: f64) -> StressJob {
        let settings = paced(&self.settings, pace);
        let walked: f64 = settings.stages.iter().map(walked).sum();
        let needed = Time::ZERO + Span::from_micros((walked * settings.speed * 1e6) as i64 + 1);
        let mut plan = Plan::clone(&self.plan);
        plan.run.until = plan.run.until.max(needed);
        StressJob { plan: Arc::new(plan), settings, journal: false }
    }
}

impl TrialResult {
    fn of(results: &StressResults, yardstick: Yardstick) -> Self {
        let timers = [Count::Armed, Count::Cancelled, Count::Fired];
        let lateness = results.timing(Timing::DeadlineLateness);
        let lateness = lateness.all();
        let late = || Duration::from_nanos(lateness.value_at_quantile(0.99));
        Self {
            rate: results.rate(Count::Scheduled),
            valid: results.is_valid(),
            opened: results.rate(Count::Opened),
            timers: timers.map(|count| results.rate(count)).iter().sum(),
            lateness: (!lateness.is_empty()).then(late),
            judged: results.judged(),
            length: results.load,
            yardstick,
        }
    }
}

/// What a trial must hold if the scenario does not say: deadlines are kept, nothing is refused, and
/// messages do not pile up.
pub fn defaults() -> Vec<Threshold> {
    let late = Measure::Timing(Statistic::Percentile(99.0), Timing::DeadlineLateness);
    let defaults = [
        Threshold::new(late, Operator::Below, "10ms"),
        Threshold::new(Measure::Count(Count::Refused), Operator::Equal, "0"),
        Threshold::new(Measure::System(SystemMeasure::Backlog), Operator::Below, "50ms"),
    ];
    defaults.into_iter().flatten().collect()
}

/// The settings with all stages so many times as fast.
fn paced(settings: &Stress, pace: f64) -> Stress {
    let mut settings = settings.clone();
    if settings.stages.is_empty() {
        let (name, length) = (String::new(), settings.length);
        settings.stages = vec![Stage { name, length, from: 1.0, to: 1.0 }];
    }
    for stage in &mut settings.stages {
        (stage.from, stage.to) = (stage.from * pace, stage.to * pace);
    }
    settings
}

/// A trial is made so many times as long at most to have something to measure.
const MOST_TIMES_AS_LONG: i64 = 10;

/// Seconds of the plan, at speed 1, that a stage walks.
fn walked(stage: &Stage) -> f64 {
    stage.length.as_secs_f64() * (stage.from + stage.to) / 2.0
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::{Source, parse};

    /// No deadline falls due in a second, as everybody has two; in three seconds some do.
    #[test]
    fn a_trial_that_measures_nothing_is_made_longer() {
        let text = "run.until = '1m'\n[agents.chat]\n[consumers.web]\narrivals = '100/s'\n\
                    [unassign]\nenabled = true\ntimeout.online = '2s'\n\
                    [stress]\nfor = '1s'\nlate_after = '1h'\nshards = 1\n\
                    thresholds = ['max(deadline_lateness) < 1h']\n";
        let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, Path::new("")).unwrap();
        let plan = Arc::clone(&scenario.variants[0].plan);
        let runner = TrialRunner::new(plan, scenario.stress.clone());
        let trial = runner.run_trial(1.0, &AtomicBool::new(false), |_| {}).unwrap().unwrap();
        assert_eq!(trial.judged[0].verdict(), ThresholdVerdict::Met);
        assert!(trial.lateness.is_some());
    }

    #[test]
    fn a_trial_walks_the_plan_faster_and_has_enough_of_it() {
        let text = "run.until = '10s'\n[agents.chat]\n[consumers.web]\narrivals = '9/s'\n\
                    [stress]\nspeed = 2.0\nfor = '3s'\ndrain = '5s'\n";
        let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, Path::new("")).unwrap();
        let plan = Arc::clone(&scenario.variants[0].plan);
        let runner = TrialRunner::new(Arc::clone(&plan), scenario.stress.clone());
        assert_eq!(runner.thresholds(), defaults());
        let job = runner.job(4.0);
        assert_eq!(job.plan.run.until, Time::from_micros(24_000_001));
        assert_eq!((job.settings.load(), job.settings.drain), (Span::from_secs(3), Span::ZERO));
        assert_eq!((job.settings.stages[0].from, job.settings.stages[0].to), (4.0, 4.0));
        assert_eq!(runner.job(0.5).plan.run.until, plan.run.until, "it is never shorter");
    }
}
