//! A log or a table of counts with its estimates: what all that is written is made of.

use crate::base::time::Span;
use crate::fitting::{ArrivalEstimates, LogEstimates, LogSamples, ObservedAgents};
use crate::log::{AgentRow, LogRead, LoggedSkill};

/// A log, read and estimated.
pub struct FittedLog<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its files.
    pub files: Vec<LogFile>,
    /// What was read.
    pub read: &'a LogRead,
    /// What is known of agents beside.
    pub agents: &'a ObservedAgents,
    /// Who works there, if the log says so.
    pub agent_rows: &'a [AgentRow],
    /// Names of teams, by number.
    pub teams: &'a [String],
    /// Counts and durations.
    pub samples: &'a LogSamples,
    /// Estimates.
    pub estimates: &'a LogEstimates,
    /// Name of the time zone, if one was given.
    pub zone: Option<&'a str>,
    /// The finest step of its clock.
    pub tick: Span,
    /// Whether it holds some of the conversations only.
    pub is_sample: bool,
}

/// A file of a log, and how it was understood.
#[derive(Clone, Debug)]
pub struct LogFile {
    /// Its name.
    pub name: String,
    /// Columns with what they mean, in words.
    pub used: Vec<String>,
    /// Columns that were not used.
    pub unused: Vec<String>,
}

/// A table of counts by day and interval, estimated.
pub struct FittedCounts<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Arrivals.
    pub arrivals: &'a ArrivalEstimates,
    /// Length of an interval.
    pub interval: Span,
}

/// Teams that have a table of their own.
pub(super) const MOST_TEAMS: usize = 6;

impl FittedLog<'_> {
    /// Teams whose time Online is known.
    pub(super) fn staffed_teams(&self) -> usize {
        match self.samples.staff.is_empty() {
            true => 0,
            false => self.teams.len().clamp(1, MOST_TEAMS),
        }
    }

    /// The name of a skill.
    pub(super) fn skill(&self, skill: Option<LoggedSkill>) -> &str {
        let names = self.read.vocabulary.skills.names();
        let name = skill.and_then(|skill| names.get(usize::from(skill.0)));
        name.map_or("general", String::as_str)
    }

    /// Arrivals, if the log has all of them.
    pub(super) fn arrivals(&self) -> Option<&ArrivalEstimates> {
        self.estimates.arrivals.as_ref().filter(|_| !self.is_sample)
    }
}
