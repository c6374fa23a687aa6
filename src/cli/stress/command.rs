//! Runs a scenario, or what is asked for instead.

use std::io::Write as _;

use crate::report::RunTitle;
use crate::report::folder::ReportFolder;
use crate::report::stress::{FORM, RunMetrics, StressReport, cases, described, summary};
use crate::scenario::Setting;
use crate::stress::capacity::{Yardstick, bare_wheel};
use crate::stress::{StressJob, StressResults, ThresholdVerdict};

use super::super::engines::GivenOptions;
use super::super::output::{Output, complain};
use super::super::search::save;
use super::failures::{failed, interrupted};
use super::options::{PrintedResult, StressCommand};
use crate::cli::stop::{Exit, Stop};
use crate::cli::{select, signals, sweep};

impl StressCommand {
    pub(crate) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        if self.choice.suite {
            return self.run_suite(output);
        }
        let Some(file) = &self.file else {
            let Self { length, seed, out, junit, json, comparison, .. } = self;
            return comparison.execute(GivenOptions { length, seed, out, junit, json }, output);
        };
        let set = sweep::settings(&self.set)?;
        let scenario = self.side_files.load(file, &set)?;
        let variant = select::one_variant(&scenario, self.variant.as_ref(), self.seed)?;
        if let Some(message) = self.settings(&scenario).too_fast_for(&variant.plan.centre) {
            let message = format!("{message}; allowed: at most ten million");
            return Err(Stop::new(Exit::BadInput, message));
        }
        if self.capacity {
            return self.search_capacity(file, &scenario, &variant, output);
        }
        let path = self.path(file, "-stress");
        let folder = self.take(&FORM, &path, &scenario.name, &output.storage)?;
        let job = StressJob {
            plan: variant.plan.clone(),
            settings: self.settings(&scenario),
            journal: false,
        };
        let stop = signals::stop_on_signal(complain);
        let live = self.live(&scenario.name)?;
        let what = format!("{}, {}", scenario.name, variant.name);
        live.begin(what.clone(), &job.settings);
        let before = bare_wheel();
        let results = job.run(&stop, |snapshot| live.snapshot(snapshot));
        drop(live);
        let yardstick = Yardstick { before, after: bare_wheel() };
        let results = results.map_err(|failure| failed(&failure))?;
        let report = StressReport {
            title: RunTitle::new(&scenario, &variant),
            settings: &Vec::from_iter(set.iter().map(Setting::text)),
            yardstick,
            results: &results,
        };
        let printed = PrintedResult {
            summary: &summary(&report),
            json: &|text: &mut Vec<u8>| report.json(text),
        };
        let is_interrupted = results.interrupted;
        let write = |folder: &ReportFolder| report.write(folder);
        let is_written = self.finish(&folder, is_interrupted, &printed, write, output)?;
        let cases = [cases(&variant.name, &results)];
        self.save_cases(&output.storage, &scenario.name, &cases)?;
        if let Some(file) = &self.metrics {
            let metrics = RunMetrics::of(&scenario.name, &what, &results);
            save(&output.storage, file, |file| file.write_all(metrics.text().as_bytes()))?;
        }
        if is_interrupted {
            return Err(interrupted(&path, is_written, "the part that was run"));
        }
        verdict(&results)
    }
}

fn verdict(results: &StressResults) -> Result<(), Stop> {
    if !results.is_valid() {
        let message = "the load generator was late itself: the measurement is invalid";
        return Err(Stop::new(Exit::Invalid, message));
    }
    let missed =
        results.judged().into_iter().filter(|judged| judged.verdict() != ThresholdVerdict::Met);
    let missed = missed.map(|judged| format!("threshold missed: {}", described(&judged)));
    let missed = Vec::from_iter(missed).join("\nerror: ");
    if missed.is_empty() { Ok(()) } else { Err(Stop::new(Exit::Threshold, missed)) }
}
