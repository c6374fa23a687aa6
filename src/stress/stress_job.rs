//! A wall-clock run to make, and what follows from how it is to be made.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::base::time::Time;
use crate::scenario::Plan;
use crate::scenario::stress::Stress;

use super::clock::{Moment, RunClock};
use super::pace::Pace;
use super::partition::most_shards;
use super::run_window::RunWindow;
use super::stage_figures::StageWindows;

/// A wall-clock run to make.
pub struct StressJob {
    /// What.
    pub plan: Arc<Plan>,
    /// How.
    pub settings: Stress,
    /// Whether shards keep a journal; it grows with the run.
    pub journal: bool,
}

impl StressJob {
    /// How many shards it takes: as many as asked for, or one less than there are processors, but at
    /// most [`most_shards`].
    pub fn shards(&self) -> u32 {
        let processors = thread::available_parallelism().map_or(1, usize::from) as u32;
        let wanted = self.settings.shards.unwrap_or_else(|| processors.saturating_sub(1).max(1));
        wanted.min(most_shards(&self.plan.centre))
    }

    /// When the load ends: with the last stage, or with the plan if that ends before.
    fn load_ends(&self) -> Moment {
        let load = Moment::after(self.settings.load());
        let plan = Pace::new(&self.settings).moment(self.plan.run.until.as_secs_f64());
        plan.map_or(load, |plan| plan.min(load))
    }

    /// Warm-up, load and drain.
    pub(super) fn window(&self) -> RunWindow {
        let warmed_up = Time::ZERO + self.plan.run.warm_up;
        RunWindow {
            warmed_up: RunClock::start(self.settings.speed).moment(warmed_up),
            load_ends: self.load_ends(),
            drain: self.settings.drain,
            stages: StageWindows::new(&self.settings),
        }
    }

    /// When the load ends, in the time of the scenario.
    pub(super) fn until(&self) -> Time {
        RunClock::start(self.settings.speed).time(self.load_ends())
    }

    /// Longer than the run can take, unless it is stuck.
    pub(super) fn at_most(&self) -> Duration {
        self.window().ends().elapsed() + GRACE
    }
}

/// How long a run may take beyond its time on a busy machine.
const GRACE: Duration = Duration::from_secs(60);
