//! Overload: so many times what the machine can take, which is found out first.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::scenario::Plan;
use crate::scenario::stress::Stress;
use crate::scenario::threshold::{Measure, Operator, Statistic, SystemMeasure, Threshold};
use crate::stress::capacity::{Prober, Search, search};
use crate::stress::failure::Failure;
use crate::stress::measures::Timing;
use crate::stress::results::Results;

use super::News;

/// Runs a scenario at multiples of its capacity.
#[derive(Debug, Default)]
pub struct Overload {
    /// The pace that the machine holds, once it is known; `Some(None)` if it holds none.
    held: Option<Option<f64>>,
}

impl Overload {
    pub(super) fn run(
        &mut self,
        plan: Arc<Plan>,
        settings: Stress,
        factor: f64,
        (stop, watch): (&AtomicBool, &mut dyn FnMut(News<'_>)),
    ) -> Result<Option<Results>, Failure> {
        let prober = Prober::new(plan, settings);
        let held = match self.held {
            Some(held) => held,
            None => *self.held.insert(capacity(&prober, stop, watch)?),
        };
        let Some(held) = held else { return Ok(None) };
        let mut job = prober.job(held * factor);
        if factor > 1.0 {
            job.settings.thresholds = beyond();
        }
        watch(News::Run(&format!("{factor} times its capacity"), &job.settings));
        Ok(Some(job.run(stop, |beat| watch(News::Beat(beat)))?))
    }
}

fn capacity(
    prober: &Prober,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(News<'_>),
) -> Result<Option<f64>, Failure> {
    let rough = Search { precision: 0.1, at_most: 32, ..Search::default() };
    let found = search(rough, |_, pace| {
        let what = format!("finding its capacity, pace {pace:.3}");
        watch(News::Run(&what, &prober.job(pace).settings));
        prober.probe(pace, stop, |beat| watch(News::Beat(beat)))
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
