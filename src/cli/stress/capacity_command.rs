//! `shiftstorm stress --capacity`.

use std::path::Path;
use std::sync::Arc;

use crate::report::RunTitle;
use crate::report::folder::ReportFolder;
use crate::report::stress::{
    Against, CAPACITY, CapacityChange, CapacityReport, SavedCapacity, capacity_cases,
};
use crate::scenario::stress::Stress;
use crate::scenario::{Scenario, Variant};
use crate::stress::capacity::{Attempt as _, CapacitySearch, SearchEnding, TrialRunner, search};

use crate::stress::wall_clock_now;

use super::super::output::{Output, complain};
use super::super::search::locked;
use super::failures::{failed, interrupted};
use super::options::{PrintedResult, StressCommand};
use crate::cli::signals;
use crate::cli::stop::{Exit, Stop};

impl StressCommand {
    pub(super) fn search_capacity(
        &self,
        file: &Path,
        scenario: &Scenario,
        variant: &Variant,
        output: &mut Output,
    ) -> Result<(), Stop> {
        let against = self.against.as_deref().map(|path| earlier(path, scenario)).transpose()?;
        let path = self.path(file, "-capacity");
        let folder = self.take(&CAPACITY, &path, &scenario.name, &output.storage)?;
        let runner = TrialRunner::new(Arc::clone(&variant.plan), self.settings(scenario));
        let job = runner.job(1.0);
        let settings = Stress { stages: Vec::new(), ..job.settings.clone() };
        let settings = Stress { length: job.settings.load(), ..settings };
        let stop = signals::stop_on_signal(complain);
        let live = self.live(&scenario.name)?;
        let started = wall_clock_now();
        let mut trial = 0;
        let found = search(CapacitySearch::default(), |phase, pace| {
            trial += 1;
            let name = phase.name();
            live.begin(format!("trial {trial}, {name}, pace {pace:.3}"), &settings);
            let trial_result = runner.run_trial(pace, &stop, |snapshot| live.snapshot(snapshot))?;
            if let Some(trial_result) = &trial_result {
                let (rate, verdict) = (trial_result.rate.round(), trial_result.outcome().name());
                live.say(&format!("{name}: pace {pace:.3}, {rate} arrivals/s, {verdict}"));
            }
            Ok(trial_result)
        });
        drop(live);
        let found = found.map_err(|failure| failed(&failure))?;
        let report = CapacityReport {
            title: RunTitle::new(scenario, variant),
            seed: variant.plan.run.seed,
            started: &started,
            shards: job.shards(),
            settings: &settings,
            found: &found,
            against: against.as_ref(),
        };
        let is_interrupted = found.ending == SearchEnding::Interrupted;
        let printed = PrintedResult {
            summary: &report.summary(),
            json: &|text: &mut Vec<u8>| report.json(text),
        };
        let write = |folder: &ReportFolder| report.write(folder);
        let is_written = self.finish(&folder, is_interrupted, &printed, write, output)?;
        let compared = against.as_ref().map(|then| Against::of(then, &report.saved()));
        let cases = [capacity_cases(&variant.name, &report, &compared)];
        self.save_cases(&output.storage, &scenario.name, &cases)?;
        if is_interrupted {
            return Err(interrupted(&path, is_written, "the trials that were made"));
        }
        ended(found.ending)?;
        match compared.map(|compared| compared.change()) {
            Some(CapacityChange::Worse) => {
                let message = "less is held than in the earlier search, whatever the machine did";
                Err(Stop::new(Exit::Threshold, message))
            }
            _ => Ok(()),
        }
    }
}

/// How a search ended, if not well; who interrupted it knows.
fn ended(ending: SearchEnding) -> Result<(), Stop> {
    let (exit, message) = match ending {
        SearchEnding::Confirmed
        | SearchEnding::OutOfTrials
        | SearchEnding::EverythingHeld
        | SearchEnding::Interrupted => return Ok(()),
        SearchEnding::NothingHeld => (Exit::Threshold, "not even the least rate was held"),
        SearchEnding::TooFew => (
            Exit::Invalid,
            "too little could be measured below what was not held: trials must be longer (`--for`)",
        ),
        SearchEnding::TooNoisy => (
            Exit::Invalid,
            "this machine is too noisy: its bare wheel swung by more than 15 % meanwhile",
        ),
    };
    Err(Stop::new(exit, message))
}

/// An earlier search of the same scenario.
fn earlier(path: &Path, scenario: &Scenario) -> Result<SavedCapacity, Stop> {
    let refused = |why: String| {
        let message =
            format!("`{}` holds no capacity search to compare with: {why}", path.display());
        Stop::new(Exit::BadInput, message)
    };
    let _lock = locked(path)?;
    let earlier = SavedCapacity::read(path).map_err(refused)?;
    if earlier.name() != scenario.name {
        return Err(refused(format!("it is one of the scenario `{}`", earlier.name())));
    }
    Ok(earlier)
}
