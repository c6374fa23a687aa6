//! A log that is to be replayed, how, and why it cannot be.

use std::fmt;

use crate::fitting::{MeasuredLog, ObservedAgents};
use crate::log::{AgentRow, LogVocabulary};
use crate::scenario::nearest;

/// A log, read and measured.
#[derive(Clone, Copy)]
pub struct LoggedPast<'a> {
    /// What was measured.
    pub measured: &'a MeasuredLog,
    /// Where agents were, and were to be.
    pub agents: &'a ObservedAgents,
    /// Who works there, if the log says so.
    pub agent_rows: &'a [AgentRow],
    /// Names of skills and agents.
    pub vocabulary: &'a LogVocabulary,
}

/// When consumers come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrivalsReplayed {
    /// When they came.
    AsLogged,
    /// At random, as the scenario says.
    AsDrawn,
}

/// When agents are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceReplayed {
    /// When they were.
    AsLogged,
    /// When they were to be, with what comes between at random.
    AsPlanned,
}

/// Why a log cannot be replayed in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackcastRefusal {
    /// A skill that the scenario does not have.
    UnknownSkill {
        /// Of the log.
        name: String,
        /// Those of the scenario.
        known: Vec<String>,
    },
    /// No consumers of the scenario ask for a skill.
    NobodyAsks {
        /// The skill; empty where the log has none.
        skill: String,
    },
    /// An agent who belongs to no group.
    UnknownAgent {
        /// Its name.
        name: String,
        /// Its team, if the log says so.
        team: Option<String>,
    },
    /// More than 256 pairs of consumers and skills.
    TooManyKinds,
    /// The log is not in order.
    OutOfOrder,
    /// Nobody writes in the log.
    Empty,
}

impl fmt::Display for BackcastRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownSkill { name, known } => {
                write!(
                    f,
                    "the log has conversations about `{name}`, a skill that the scenario does not have"
                )?;
                if let Some(near) = nearest(name, known.iter().map(String::as_str)) {
                    write!(f, "; did you mean `{near}`?")?;
                }
                write!(f, " (allowed: {})", known.join(", "))
            }
            Self::NobodyAsks { skill } if skill.is_empty() => {
                f.write_str("no consumers of the scenario ask for any skill")
            }
            Self::NobodyAsks { skill } => write!(
                f,
                "the log has conversations about `{skill}`, which no consumers of the scenario ask for"
            ),
            Self::UnknownAgent { name, team: None } => write!(
                f,
                "agent `{name}` of the log is in no group of the scenario: give the column `team` in agents.csv (--agents), with names of groups"
            ),
            Self::UnknownAgent { name, team: Some(team) } => {
                write!(
                    f,
                    "agent `{name}` of the log is of team `{team}`, which is no group of the scenario"
                )
            }
            Self::TooManyKinds => {
                f.write_str("more than 256 pairs of consumers and skills cannot be replayed")
            }
            Self::OutOfOrder => f.write_str("the openings of the log are not in order"),
            Self::Empty => f.write_str("nobody writes in the log"),
        }
    }
}
