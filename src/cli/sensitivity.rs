//! `shiftstorm sensitivity`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use crate::experiment::inputs::{SensitivityInput, inputs};
use crate::experiment::sensitivity::sensitivity;
use crate::report::RunTitle;
use crate::report::sensitivity::{SensitivityReport, csv, page, tornado};

use super::output::Output;
use super::search::{VariantOptions, interrupted, save, try_path};
use super::stop::{Exit, Stop};

/// Find out which input moves abandonment and service level most, one input at a time.
#[derive(Args)]
pub(super) struct SensitivityCommand {
    #[command(flatten)]
    common: VariantOptions,
    /// Replications of each plan, instead of the scenario's.
    #[arg(short = 'n', long, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    replications: Option<u32>,
    /// Only inputs whose name begins so, such as `arrivals` or `timeout.online`; may be given
    /// several times.
    #[arg(long, value_name = "NAME")]
    input: Vec<String>,
    /// Write the numbers to this file too.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write a page with tornado charts to this file too.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl SensitivityCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        for path in [&self.csv, &self.html] {
            try_path(&output.storage, path.as_deref())?;
        }
        let session = self.common.session();
        let (scenario, variant) = self.common.load(&session)?;
        let plan = &variant.plan;
        let inputs = self.chosen(inputs(plan))?;
        let replications = self.replications.unwrap_or(plan.run.replications).max(2).into();
        let found = session.run("", |bench| sensitivity(plan, &inputs, 0..replications, bench))?;
        let heading = SensitivityReport {
            title: RunTitle::new(&scenario, &variant),
            replications,
            seed: plan.run.seed,
        };
        output.text(&tornado(&heading, &found));
        let storage = &output.storage;
        if let Some(path) = &self.csv {
            save(storage, path, |file| csv(&found, file))?;
        }
        if let Some(path) = &self.html {
            save(storage, path, |file| file.write_all(page(&heading, &found).as_bytes()))?;
        }
        match found.replications < replications {
            true => Err(interrupted()),
            false => Ok(()),
        }
    }

    fn chosen(&self, mut inputs: Vec<SensitivityInput>) -> Result<Vec<SensitivityInput>, Stop> {
        let begins =
            |input: &SensitivityInput, name: &String| input.name.starts_with(name.as_str());
        for name in &self.input {
            if !inputs.iter().any(|input| begins(input, name)) {
                let known = inputs.iter().map(|input| format!("`{}`", input.name));
                let known = Vec::from_iter(known).join(", ");
                let message = format!("no input begins with `{name}`; there are {known}");
                return Err(Stop::new(Exit::Usage, message));
            }
        }
        inputs.retain(|input| {
            self.input.is_empty() || self.input.iter().any(|name| begins(input, name))
        });
        if inputs.is_empty() {
            let message = "there is nothing to move: no input of this scenario can be scaled";
            return Err(Stop::new(Exit::BadInput, message));
        }
        Ok(inputs)
    }
}
