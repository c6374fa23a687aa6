//! What is to be run: everything on the command line that decides what comes of it.

use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::experiment::precision::Precision;
use crate::ledger::definitions::find;
use crate::report::{AuditExtent, WantedRows};
use crate::scenario::{Scenario, Variant};

use super::scenario_file::SideFileOptions;
use super::select;

/// What is to be run, whoever runs it and wherever the report goes.
#[derive(Args, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunArguments {
    /// Scenario file.
    pub(super) file: PathBuf,
    /// Replications of each variant, instead of the scenario's.
    #[arg(short = 'n', long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replications: Option<u32>,
    /// Only this replication, from 0.
    #[arg(long, conflicts_with = "replications")]
    replication: Option<u32>,
    /// Seed, instead of the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    pub(super) seed: Option<u64>,
    /// How sure an interval is to hold the true figure, e.g. 90%.
    #[arg(long, value_name = "PERCENT", default_value = "95%", value_parser = select::confidence)]
    pub(super) confidence: f64,
    /// Go on until half the interval of a figure is at most so much of it in all variants, e.g.
    /// abandonment=5%; may be given several times. At most -n replications.
    #[arg(long, value_name = "FIGURE=PERCENT", value_parser = select::precision)]
    #[arg(conflicts_with = "replication")]
    precision: Vec<(String, f64)>,
    /// Correct figures to the expected number of arrivals (`precision.control_variate`).
    #[arg(long)]
    pub(super) control_variate: bool,
    /// Only these variants; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(super) variant: Vec<String>,
    /// Give a key of the file another value for this run; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    #[command(flatten)]
    pub(super) side_files: SideFileOptions,
    /// Run every value of a key, of two keys every choice: KEY=FROM..TO/STEP or
    /// KEY=VALUE,VALUE,…; of the base, or of the --variant named. KEY,KEY=… gives several keys the
    /// same value.
    #[arg(long, value_name = "KEY=VALUES")]
    pub(super) vary: Vec<String>,
    /// Do not check the invariants: a little faster, and every output says so.
    #[arg(long)]
    pub(super) no_checks: bool,
    /// Write conversations.csv too: a row a conversation.
    #[arg(long)]
    conversations: bool,
    /// Write audit.csv too: a row a change of owner or status; with --audit=all a row for every
    /// fact that figures are made from, such as states of agents, messages and answers.
    #[arg(long, value_name = "ROWS", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "changes")]
    audit: Option<AuditRows>,
}

/// What `--audit` asks for.
#[derive(Clone, Copy, ValueEnum, Serialize, Deserialize)]
enum AuditRows {
    /// Changes of owner or status.
    Changes,
    /// All facts.
    All,
}

impl From<AuditRows> for AuditExtent {
    fn from(rows: AuditRows) -> Self {
        match rows {
            AuditRows::Changes => Self::Changes,
            AuditRows::All => Self::All,
        }
    }
}

impl RunArguments {
    /// The rows of conversations and of the audit, as far as they are wanted.
    pub(super) fn rows(&self) -> WantedRows {
        let audit = self.audit.map(AuditExtent::from);
        WantedRows { conversations: self.conversations, audit }
    }

    /// The precision that the flags ask for, or else the file.
    pub(super) fn precision(&self, scenario: &Scenario) -> Option<Precision> {
        let asked = &scenario.precision;
        let within = if self.precision.is_empty() { &asked.within } else { &self.precision };
        let within = within.iter().filter_map(|(name, bound)| Some((find(name)?, *bound)));
        let within = Vec::from_iter(within);
        (!within.is_empty() && self.replication.is_none()).then(|| Precision {
            within,
            confidence: self.confidence,
            at_least: asked.at_least.into(),
        })
    }

    /// Which replications, at most.
    pub(super) fn replications(
        &self,
        scenario: &Scenario,
        grows: bool,
        variants: &[Variant],
    ) -> Range<u64> {
        if let Some(only) = self.replication {
            return only.into()..u64::from(only) + 1;
        }
        let planned = match grows {
            true => scenario.precision.at_most,
            false => variants.first().map_or(1, |base| base.plan.run.replications),
        };
        0..self.replications.unwrap_or(planned).into()
    }
}
