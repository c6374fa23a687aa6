//! `shiftstorm explain`.

use std::path::PathBuf;

use clap::Args;

use crate::experiment::follow;
use crate::report::story;

use super::output::Output;
use super::{Exit, Stop, load, select};

/// Tell the story of one conversation: run its replication again and print what happened to it.
#[derive(Args)]
pub(super) struct Explain {
    /// Scenario file.
    file: PathBuf,
    /// The conversation: NUMBER or NUMBER.ATTEMPT, or KIND-NUMBER where there are several kinds of
    /// consumers.
    #[arg(long, value_name = "NAME")]
    conversation: String,
    /// Variant [default: the base].
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Replication, from 0.
    #[arg(long, default_value_t = 0)]
    replication: u32,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
}

impl Explain {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        let scenario = load(&self.file)?;
        let chosen = Vec::from_iter(self.variant.clone());
        let variants = select::variants(&scenario, &chosen, self.seed)?;
        let Some(variant) = variants.first() else { return Ok(()) };
        let id = story::conversation(&variant.plan.centre, &self.conversation)
            .map_err(|message| Stop::new(Exit::Usage, message))?;
        let replication = self.replication.into();
        let trace = follow(&variant.plan, replication, id)
            .map_err(|failure| Stop::new(Exit::Bug, format!("bug in Shiftstorm: {failure}")))?;
        if trace.is_empty() {
            let message = format!(
                "there is no conversation {} in replication {replication} of variant `{}`",
                self.conversation, variant.name
            );
            return Err(Stop::new(Exit::BadInput, message));
        }
        let of = story::Of { variant: &variant.name, plan: &variant.plan, replication, id };
        output.text(&story::story(&of, &trace));
        Ok(())
    }
}
