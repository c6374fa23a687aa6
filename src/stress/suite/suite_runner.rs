//! Runs the cases one after the other.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::time::Span;
use crate::stress::capacity::{Yardstick, bare_wheel};
use crate::stress::stress_job::StressJob;

use super::cases::{CaseKind, SuiteCase};
use super::overload::Overload;
use super::races::races;
use super::suite_progress::{SuiteObserver, SuiteProgress};
use super::suite_results::{CaseEnding, FinishedCase, SuiteHalt, SuiteResults};

/// How the suite is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct SuiteRun {
    /// Shards, instead of what suits the machine.
    pub shards: Option<u32>,
    /// How long the load of each case lasts, instead of its own length.
    pub length: Option<Span>,
}

impl SuiteRun {
    /// Runs some cases, one after the other. `watch` hears of each before it begins and of all that it
    /// does. When `stop` is set, the case under way ends early and counts as not run.
    ///
    /// # Errors
    ///
    /// A bug.
    pub fn run(
        &self,
        cases: &[&'static SuiteCase],
        stop: &AtomicBool,
        mut watch: impl FnMut(SuiteProgress<'_>),
    ) -> Result<SuiteResults, SuiteHalt> {
        let before = bare_wheel();
        let mut overload = Overload::default();
        let mut observer = SuiteObserver { stop, watch: &mut watch };
        let mut done = Vec::new();
        for &case in cases {
            (observer.watch)(SuiteProgress::Case(case));
            let ending = self.run_case(case, &mut overload, &mut observer)?;
            if stop.load(Ordering::Relaxed) {
                break;
            }
            done.push(FinishedCase { case, ending });
        }
        let left = cases[done.len()..].to_vec();
        let yardstick = Yardstick { before, after: bare_wheel() };
        Ok(SuiteResults { yardstick, done, left })
    }

    fn run_case(
        &self,
        case: &'static SuiteCase,
        overload: &mut Overload,
        observer: &mut SuiteObserver<'_>,
    ) -> Result<CaseEnding, SuiteHalt> {
        let scenario = case.scenario().map_err(SuiteHalt::Unreadable)?;
        let Some(plan) = scenario.variants.first().map(|variant| variant.plan.clone()) else {
            return Ok(CaseEnding::NoCapacity);
        };
        let mut settings = scenario.stress;
        settings.shards = self.shards;
        if let Some(length) = self.length {
            settings.length = length;
        }
        match case.kind {
            CaseKind::Races => races(&plan).map(CaseEnding::Races).map_err(SuiteHalt::Broken),
            CaseKind::AsIs => {
                let job = StressJob { plan, settings, journal: false };
                (observer.watch)(SuiteProgress::Run("", &job.settings));
                let watch = &mut observer.watch;
                let watch = |snapshot: &_| watch(SuiteProgress::Snapshot(snapshot));
                Ok(CaseEnding::Run(Box::new(job.run(observer.stop, watch)?)))
            }
            CaseKind::Overload(factor) => {
                let results = overload.run(plan, settings, factor, observer)?;
                Ok(results
                    .map_or(CaseEnding::NoCapacity, |results| CaseEnding::Run(Box::new(results))))
            }
        }
    }
}
