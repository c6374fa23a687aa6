//! What is kept of a run beside its report: `run.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::LiveFigures;
use crate::report::terminal::shell_words;

use super::safe_name::RunId;

/// A run of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct PlannerRun {
    /// Version of this form.
    pub(super) schema: String,
    #[schemars(with = "String")]
    pub(super) id: RunId,
    /// What follows `shiftstorm` on the command line, in the folder of the project.
    pub(super) arguments: Vec<String>,
    pub(super) state: PlannerRunState,
    /// When it was asked for, in UTC.
    pub(super) asked_at: String,
    pub(super) started_at: Option<String>,
    pub(super) ended_at: Option<String>,
    /// Of whoever asked for it.
    pub(super) note: String,
    /// Why it did not end well; may be empty.
    pub(super) message: String,
    /// What it has come to.
    pub(super) figures: LiveFigures,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum PlannerRunState {
    /// For those before it.
    Waiting,
    Running,
    /// There is a whole report.
    Ended,
    /// By whoever watches it.
    Stopped,
    /// It, or the server, was ended from outside.
    Interrupted,
    /// It was refused, or met an error.
    Failed,
}

/// Version of the form.
pub(super) const SCHEMA: &str = "shiftstorm/planner-run/1";

impl PlannerRun {
    /// The command that does the same in a terminal, in the folder of the project.
    pub(super) fn command(&self) -> String {
        let words = std::iter::once("shiftstorm").chain(self.arguments.iter().map(String::as_str));
        shell_words(&Vec::from_iter(words))
    }

    /// Where its report goes, from the folder of the project.
    pub(super) fn report_folder(&self) -> String {
        format!("{}/report", self.id.folder())
    }

    /// What came of it, in a line.
    pub(super) fn told(&self) -> String {
        let LiveFigures { headline, clear, .. } = &self.figures;
        match self.message.lines().next() {
            Some(message) => message.to_owned(),
            None => headline.as_ref().or_else(|| clear.first()).cloned().unwrap_or_default(),
        }
    }

    /// Whether it can be gone on with; after an error too, as there may be room on the disk again.
    pub(super) fn can_resume(&self) -> bool {
        use PlannerRunState::{Failed, Interrupted, Stopped};
        matches!(self.state, Stopped | Interrupted | Failed)
    }
}

impl PlannerRunState {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Stopped => "stopped",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more will come of it by itself.
    pub(super) fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}
