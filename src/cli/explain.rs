//! `shiftstorm explain`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use console::Term;

use crate::experiment::follow;
use crate::experiment::representatives::representatives;
use crate::report::conversations_page::{ConversationsPage, TracedConversation};
use crate::report::explain;
use crate::report::rules;
use crate::report::terminal::WIDTH;
use crate::scenario::{Scenario, Variant};
use crate::simulation::Failure;

use super::output::Output;
use super::scenario_file::SideFileOptions;
use super::search::{save, try_path};
use super::select;
use super::stop::{Exit, Stop};

/// Tell the story of one conversation, or of a few that stand for the others: run the replication
/// again and print what happened, and by which rules; or print the rules.
#[derive(Args)]
pub(super) struct ExplainCommand {
    /// Scenario file.
    #[arg(required_unless_present = "rules")]
    file: Option<PathBuf>,
    /// The conversation: NUMBER or NUMBER.ATTEMPT, or KIND-NUMBER where there are several kinds of
    /// consumers [default: a typical one, the worst wait, the most bounced, the longest stranded].
    #[arg(long, value_name = "NAME")]
    conversation: Option<String>,
    /// Variant [default: the base].
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// Replication, from 0.
    #[arg(long, default_value_t = 0)]
    replication: u32,
    #[command(flatten)]
    side_files: SideFileOptions,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Write the few that stand for the others to this file too, as a page with timelines.
    #[arg(long, value_name = "FILE", conflicts_with = "conversation")]
    html: Option<PathBuf>,
    /// Without a scenario: print what these rules say, such as A6 or A6,D14; without an id all.
    #[arg(long, value_name = "ID", num_args = 0.., value_delimiter = ',')]
    #[arg(conflicts_with_all = ["file", "conversation", "variant", "replication", "seed", "html"])]
    rules: Option<Vec<String>>,
}

impl ExplainCommand {
    pub(super) fn execute(self, output: &mut Output) -> Result<(), Stop> {
        if let Some(ids) = &self.rules {
            return tell_rules(ids, output);
        }
        let Some(file) = &self.file else { return Ok(()) };
        try_path(&output.storage, self.html.as_deref())?;
        let scenario = self.side_files.load(file, &[])?;
        let chosen = Vec::from_iter(self.variant.clone());
        let variants = select::variants(&scenario, &chosen, self.seed)?;
        let Some(variant) = variants.first() else { return Ok(()) };
        match &self.conversation {
            Some(name) => self.tell(variant, name, output),
            None => self.tell_few(&scenario, variant, output),
        }
    }

    fn tell(&self, variant: &Variant, name: &str, output: &mut Output) -> Result<(), Stop> {
        let id = explain::conversation(&variant.plan.centre, name)
            .map_err(|message| Stop::new(Exit::Usage, message))?;
        let replication = self.replication.into();
        let traces = follow(&variant.plan, replication, &[id]).map_err(|failure| bug(&failure))?;
        let Some(trace) = traces.first().filter(|trace| !trace.events.is_empty()) else {
            let message = format!(
                "there is no conversation {name} in replication {replication} of variant `{}`",
                variant.name
            );
            return Err(Stop::new(Exit::BadInput, message));
        };
        let of = explain::ConversationOf {
            variant: &variant.name,
            plan: &variant.plan,
            replication,
            id,
        };
        output.text(&explain::story(&of, trace));
        Ok(())
    }

    fn tell_few(
        &self,
        scenario: &Scenario,
        variant: &Variant,
        output: &mut Output,
    ) -> Result<(), Stop> {
        let (plan, replication) = (&variant.plan, self.replication.into());
        let chosen = representatives(plan, replication).map_err(|failure| bug(&failure))?;
        let ids = Vec::from_iter(chosen.iter().map(|(_, row)| row.id));
        let traces = follow(plan, replication, &ids).map_err(|failure| bug(&failure))?;
        let tales = chosen.into_iter().zip(traces);
        let tales =
            tales.map(|((role, row), trace)| TracedConversation { role, row, trace }).collect();
        let stories = ConversationsPage { scenario, variant, replication, tales };
        output.text(&stories.text());
        match &self.html {
            None => Ok(()),
            Some(path) => {
                save(&output.storage, path, |file| file.write_all(stories.html().as_bytes()))
            }
        }
    }
}

fn tell_rules(ids: &[String], output: &mut Output) -> Result<(), Stop> {
    let width = Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns.into());
    let text = rules::rules(ids, width.min(WIDTH));
    output.text(&text.map_err(|message| Stop::new(Exit::Usage, message))?);
    Ok(())
}

fn bug(failure: &Failure) -> Stop {
    Stop::new(Exit::Bug, format!("a bug in Shiftstorm: {failure}"))
}
