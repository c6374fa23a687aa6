//! `shiftstorm stress --capacity`.

use std::path::Path;
use std::sync::Arc;

use crate::report::folder::ReportFolder;
use crate::report::stress::{CAPACITY, Capacity, CapacityReport};
use crate::scenario::stress::Stress as Settings;
use crate::scenario::{Scenario, Variant};
use crate::stress::capacity::{Ending, Prober, Search, search};

use super::super::output::Output;
use super::super::{Exit, Stop, machine};
use super::live::Live;
use super::{Stress, failed, unwritable};

impl Stress {
    pub(super) fn search_capacity(
        &self,
        file: &Path,
        scenario: &Scenario,
        variant: &Variant,
        output: &mut Output,
    ) -> Result<(), Stop> {
        let against = self.against.as_deref().map(|path| earlier(path, scenario)).transpose()?;
        let path = self.path(file, "-capacity");
        let folder = ReportFolder::take_for(&CAPACITY, &path, &scenario.name, self.force)
            .map_err(|refusal| Stop::new(Exit::Io, refusal.to_string()))?;
        let prober = Prober::new(Arc::clone(&variant.plan), self.settings(scenario));
        let job = prober.job(1.0);
        let settings = Settings { stages: Vec::new(), ..job.settings.clone() };
        let settings = Settings { length: job.settings.load(), ..settings };
        let stop = machine::stop_on_interrupt();
        let live = Live::new(self.quiet);
        let mut trial = 0;
        let found = search(Search::default(), |phase, pace| {
            trial += 1;
            let name = phase.name();
            live.begin(format!("trial {trial}, {name}, pace {pace:.3}"), &settings);
            let probe = prober.probe(pace, &stop, |beat| live.beat(beat))?;
            if let Some(probe) = &probe {
                let (rate, verdict) = (probe.rate.round(), probe.verdict());
                live.say(&format!("{name}: pace {pace:.3}, {rate} arrivals/s, {verdict}"));
            }
            Ok(probe)
        });
        drop(live);
        let found = found.map_err(|failure| failed(&failure))?;
        let report = CapacityReport {
            name: &scenario.name,
            question: &scenario.question,
            variant: &variant.name,
            source: &scenario.source,
            seed: variant.plan.run.seed,
            shards: job.shards(),
            settings: &settings,
            found: &found,
            against: against.as_ref(),
        };
        report.write(&folder).map_err(|error| unwritable(&path, &error))?;
        if !self.quiet {
            output.text(&report.summary());
            output.text(&format!("\nReport: {}\n", path.display()));
        }
        match found.ending {
            Ending::Interrupted => {
                let message = "interrupted; the report holds the trials that were made";
                Err(Stop::new(Exit::Interrupted, message))
            }
            Ending::NothingHeld => {
                Err(Stop::new(Exit::Threshold, "not even the least rate was held"))
            }
            Ending::Confirmed | Ending::OutOfTrials | Ending::EverythingHeld => Ok(()),
        }
    }
}

/// An earlier search of the same scenario.
fn earlier(path: &Path, scenario: &Scenario) -> Result<Capacity, Stop> {
    let refused = |why: String| {
        let message =
            format!("`{}` holds no capacity search to compare with: {why}", path.display());
        Stop::new(Exit::BadInput, message)
    };
    let earlier = Capacity::read(path).map_err(|error| refused(error.to_string()))?;
    if earlier.scenario.name != scenario.name {
        return Err(refused(format!("it is one of the scenario `{}`", earlier.scenario.name)));
    }
    Ok(earlier)
}
