//! `shiftstorm optimize`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::experiment::optimize::{SearchStage, Space, curves, optimize};
use crate::experiment::runner::RunnerError;
use crate::report::RunTitle;
use crate::report::optimize as report;

use super::output::Output;
use super::search::{self, VariantOptions, save, try_path};
use super::stop::{Exit, Stop};

/// Search for the least cost that meets the goals: agents, slots and timeouts as [optimize] allows.
///
/// Runs on one machine: what is tried next depends on what came of the choices before.
#[derive(Args)]
pub(super) struct OptimizeCommand {
    #[command(flatten)]
    common: VariantOptions,
    /// Write what was tested to this file too.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write the curves of abandonment against reassignments over the timeouts to this file too.
    #[arg(long, value_name = "FILE")]
    curve: Option<PathBuf>,
    /// Write a page about the search to this file too.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl OptimizeCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        for path in [&self.csv, &self.curve, &self.html] {
            try_path(&output.storage, path.as_deref())?;
        }
        let session = self.common.session();
        let (scenario, variant) = self.common.load(&session)?;
        let space = Space::new(&variant.plan, &scenario.search);
        let space = space.map_err(|message| Stop::new(Exit::BadInput, message))?;
        let (found, points, interrupted) = session.run("", |runner| {
            let told = |stage: SearchStage<'_>| {
                let (does, candidate) = match stage {
                    SearchStage::Guess(candidate) => ("first guess", candidate),
                    SearchStage::Test(candidate) => ("testing", candidate),
                    SearchStage::Compare(candidate) => ("comparing", candidate),
                };
                session.stage(format!("{does}: {}", space.name(candidate)));
            };
            let found = optimize(&space, runner, &told)?;
            let best = found.winner.filter(|_| !found.interrupted);
            let best = best.map(|winner| &found.tested[winner].candidate);
            session.stage("other timeouts".to_owned());
            match best.map(|best| curves(&space, best, &found.tested, runner)).transpose() {
                Err(RunnerError::Interrupted) => Ok((found, Vec::new(), true)),
                points => {
                    let interrupted = found.interrupted;
                    Ok((found, points?.unwrap_or_default(), interrupted))
                }
            }
        })?;
        let search = report::OptimizeReport {
            title: RunTitle::new(&scenario, &variant),
            seed: variant.plan.run.seed,
            space: &space,
            found: &found,
            curves: &points,
        };
        output.text(&report::text(&search));
        let storage = &output.storage;
        if let Some(path) = &self.csv {
            save(storage, path, |file| report::csv(&search, file))?;
        }
        if let Some(path) = &self.curve {
            save(storage, path, |file| report::curves_csv(&points, file))?;
        }
        if let Some(path) = &self.html {
            save(storage, path, |file| file.write_all(report::page(&search).as_bytes()))?;
        }
        match found.winner {
            _ if interrupted => Err(search::interrupted()),
            Some(_) => Ok(()),
            None => Err(Stop::new(Exit::Threshold, "no choice is known to meet the goals")),
        }
    }
}
