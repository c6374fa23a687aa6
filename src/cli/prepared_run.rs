//! A run of which everything is known but what comes of it: its experiment, and what a report of it tells.

use std::path::Path;

use crate::experiment::warm_up::WarmUp;
use crate::experiment::{Experiment, Results};
use crate::report::{Background, Report};
use crate::scenario::{Scenario, Setting};

use super::output::complain;
use super::run_arguments::RunArguments;
use super::scenario_file::ScenarioInput;
use super::select;
use super::session::Session;
use super::stop::{Exit, Stop};
use super::sweep::{self, AskedSweep, SweepRequest};

/// A run that can begin.
pub(super) struct PreparedRun {
    pub(super) arguments: RunArguments,
    pub(super) scenario: Scenario,
    pub(super) settings: Vec<Setting>,
    pub(super) sweep: Option<AskedSweep>,
    pub(super) experiment: Experiment,
    /// The warm-up that was found, if one was looked for.
    pub(super) warm_up: Option<WarmUp>,
}

impl PreparedRun {
    /// Reads the scenario and comes to what is to be run.
    ///
    /// # Errors
    ///
    /// The scenario or a flag makes no sense.
    pub(super) fn new(arguments: RunArguments, input: &ScenarioInput) -> Result<Self, Stop> {
        let settings = sweep::settings(&arguments.set)?;
        let scenario = input.load(&settings)?;
        let mut variants = select::variants(&scenario, &arguments.variant, arguments.seed)?;
        let request = SweepRequest {
            input,
            scenario: &scenario,
            settings: &settings,
            variants: &arguments.variant,
            seed: arguments.seed,
        };
        let sweep = AskedSweep::asked(&arguments.vary, &request)?;
        if let Some(sweep) = &sweep {
            variants = sweep.points.iter().map(|point| point.variant.clone()).collect();
        }
        let precision = arguments.precision(&scenario);
        let replications = arguments.replications(&scenario, precision.is_some(), &variants);
        let wanted = arguments.control_variate || scenario.precision.control_variate;
        let control_variate = select::control_variate(wanted, &variants, &replications)?;
        let checks = !arguments.no_checks;
        let experiment =
            Experiment { variants, replications, precision, control_variate, checks, rows: None };
        Ok(Self { arguments, scenario, settings, sweep, experiment, warm_up: None })
    }

    /// Finds the warm-up of the variants that ask for it.
    pub(super) fn settle(&mut self, session: &Session) -> Result<(), Stop> {
        self.warm_up = session.settle(&mut self.experiment.variants)?;
        Ok(())
    }

    /// What a page tells besides the figures.
    pub(super) fn background(&self) -> Background {
        let variants = &self.experiment.variants;
        sweep::background(&self.scenario, &self.settings, variants, &self.sweep)
    }

    /// A report of what came of it.
    pub(super) fn report<'a>(
        &'a self,
        background: &'a Background,
        results: &'a Results,
    ) -> Report<'a> {
        let first = self.experiment.replications.start;
        let scenario = &self.scenario;
        Report {
            name: &scenario.name,
            question: &scenario.question,
            replications: first..first + results.planned,
            warm_up: self.warm_up,
            confidence: self.arguments.confidence,
            thresholds: scenario.thresholds,
            checked: self.experiment.checks,
            warnings: scenario.warnings.iter().map(|finding| finding.message.clone()).collect(),
            background,
            results,
        }
    }

    /// Failures first, with all that a bug report needs; then whether the user stopped it. `kept` is a
    /// folder whose earlier report has stayed.
    pub(super) fn verdict(&self, results: &Results, kept: Option<&Path>) -> Result<(), Stop> {
        for (variant, failure) in results.failures() {
            complain(&format!("error: a bug in Shiftstorm: variant `{}`, {failure}", variant.name));
            for (at, event) in &failure.last_events {
                complain(&format!("  {at}  {event:?}"));
            }
            let which = match &self.sweep {
                None => vec!["--variant".to_owned(), variant.name.clone()],
                Some(sweep) => self.replayed_point(sweep, &variant.name),
            };
            complain(&format!(
                "  replay: {}",
                self.replay(&which, failure.seed, failure.replication)
            ));
        }
        match results.failures().count() {
            0 if results.interrupted => Err(Stop::new(Exit::Interrupted, interrupted(kept))),
            0 => Ok(()),
            count => Err(Stop::new(Exit::Bug, format!("{count} replications failed"))),
        }
    }

    fn replayed_point(&self, sweep: &AskedSweep, name: &str) -> Vec<String> {
        let variants = self.arguments.variant.iter();
        let variants = variants.flat_map(|name| ["--variant".to_owned(), name.clone()]);
        variants.chain(sweep.flags(name)).collect()
    }

    fn replay(&self, which: &[String], seed: u64, replication: u64) -> String {
        let RunArguments { file, set, no_checks, .. } = &self.arguments;
        let file = file.to_string_lossy();
        let (seed, replication) = (seed.to_string(), replication.to_string());
        let mut command = vec!["shiftstorm", "run", &file];
        command.extend(set.iter().flat_map(|setting| ["--set", setting.as_str()]));
        command.extend(which.iter().map(String::as_str));
        command.extend(["--seed", &seed, "--replication", &replication, "--threads", "1"]);
        if *no_checks {
            command.push("--no-checks");
        }
        select::quoted(&command)
    }
}

/// What became of a run that was interrupted, and how it goes on.
fn interrupted(kept: Option<&Path>) -> String {
    let what = match kept {
        None => "the report holds what had ended".to_owned(),
        Some(path) => format!("`{}` keeps its earlier report", path.display()),
    };
    format!("interrupted; {what}: go on with --resume")
}
