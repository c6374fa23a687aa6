//! What was measured in a log.

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::estimation::DurationBins;
use crate::fitting::log_samples::LogSamples;
use crate::log::LoggedSkill;
use crate::log::form::LoggedState;

/// A part of a log: conversations count in the part in which they were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogPart {
    /// All of it.
    Whole,
    /// A local day, since 1970-01-01.
    Day(i32),
    /// An hour of all its days, from 0.
    Hour(u8),
    /// A skill.
    Skill(Option<LoggedSkill>),
}

/// A conversation as it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoggedOpening {
    /// When.
    pub at: Time,
    /// What local clocks were ahead of UTC, minutes.
    pub offset_minutes: i16,
    /// Local day, since 1970-01-01.
    pub day: i32,
    /// The skill asked for.
    pub skill: Option<LoggedSkill>,
}

/// What was measured in a part.
#[derive(Clone, Debug, PartialEq)]
pub struct PartMeasures {
    /// Conversations opened.
    pub offered: u64,
    /// Of them answered within the threshold.
    pub within: u64,
    /// Of them left before the first answer.
    pub left: u64,
    /// Waits of the others for the first answer.
    pub first_waits: DurationBins,
    /// From the first unanswered message to the reply, of all replies.
    pub replies: DurationBins,
}

impl PartMeasures {
    pub(super) fn of_ticks(tick: Span) -> Self {
        let [first_waits, replies] = [(); 2].map(|()| DurationBins::of_ticks(tick));
        Self { offered: 0, within: 0, left: 0, first_waits, replies }
    }
}

/// What was measured in a log.
#[derive(Clone, Debug)]
pub struct MeasuredLog {
    /// By part.
    pub parts: BTreeMap<LogPart, PartMeasures>,
    /// Conversations lost by their agents as consumers had waited too long, by state of the agent.
    pub unassigns: BTreeMap<Option<LoggedState>, u64>,
    /// Conversations lost as their agents had logged out.
    pub removals: u64,
    /// Time in which a conversation called for its agent, and the agent was Offline.
    pub stranded: Span,
    /// Time Online in which an agent had something to answer.
    pub with_work: Span,
    /// Time Online.
    pub online: Span,
    /// What estimates are made of.
    pub samples: LogSamples,
    /// Conversations in the order of their opening.
    pub openings: Vec<LoggedOpening>,
}

impl MeasuredLog {
    /// The measures of a part; none if nobody came.
    pub fn part(&self, part: LogPart) -> Option<&PartMeasures> {
        self.parts.get(&part)
    }
}
