//! Overload: so many times what the machine can take, which is found out first.

use std::sync::Arc;

use crate::scenario::Plan;
use crate::scenario::stress::Stress;
use crate::scenario::threshold::{Measure, Operator, Statistic, SystemMeasure, Threshold};
use crate::stress::capacity::{CapacitySearch, TrialRunner, search};
use crate::stress::results::StressResults;
use crate::stress::stress_failure::StressFailure;
use crate::stress::stress_figures::Timing;

use super::suite_progress::{SuiteObserver, SuiteProgress};

/// Runs a scenario at multiples of its capacity.
#[derive(Debug, Default)]
pub(super) struct Overload {
    /// The pace that the machine holds, once it is known; `Some(None)` if it holds none.
    held: Option<Option<f64>>,
}

impl Overload {
    pub(super) fn run(
        &mut self,
        plan: Arc<Plan>,
        settings: Stress,
        factor: f64,
        observer: &mut SuiteObserver<'_>,
    ) -> Result<Option<StressResults>, StressFailure> {
        let runner = TrialRunner::new(plan, settings);
        let held = match self.held {
            Some(held) => held,
            None => *self.held.insert(find_capacity(&runner, observer)?),
        };
        let Some(held) = held else { return Ok(None) };
        let mut job = runner.job(held * factor);
        if factor > 1.0 {
            job.settings.thresholds = beyond();
        }
        let what = format!("{factor} times its capacity");
        (observer.watch)(SuiteProgress::Run(&what, &job.settings));
        let watch = &mut observer.watch;
        Ok(Some(job.run(observer.stop, |snapshot| watch(SuiteProgress::Snapshot(snapshot)))?))
    }
}

fn find_capacity(
    runner: &TrialRunner,
    observer: &mut SuiteObserver<'_>,
) -> Result<Option<f64>, StressFailure> {
    // A pace near the limit will do, whatever the machine does meanwhile.
    let rough = CapacitySearch {
        precision: 0.1,
        at_most: 32,
        swing_allowed: f64::INFINITY,
        ..CapacitySearch::default()
    };
    let found = search(rough, |_, pace| {
        let what = format!("finding its capacity, pace {pace:.3}");
        (observer.watch)(SuiteProgress::Run(&what, &runner.job(pace).settings));
        let watch = &mut observer.watch;
        runner.run_trial(pace, observer.stop, |snapshot| watch(SuiteProgress::Snapshot(snapshot)))
    })?;
    Ok(found.held.map(|held| held.pace))
}

/// What must hold above capacity: load may be refused, but nothing is lost, and deadlines go on being
/// handled.
fn beyond() -> Vec<Threshold> {
    let late = Measure::Timing(Statistic::Percentile(50.0), Timing::DeadlineLateness);
    let thresholds = [
        Threshold::new(Measure::System(SystemMeasure::Dead), Operator::Equal, "0"),
        Threshold::new(late, Operator::Below, "1s"),
    ];
    thresholds.into_iter().flatten().collect()
}
