//! What is measured, and against which goals.

use serde::{Deserialize, Serialize};

use super::part_goal::PartGoal;
use crate::base::time::{Span, Time};

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureSettings {
    /// Length of an interval of the day: 15, 30 or 60 minutes.
    pub interval: Span,
    /// Definition of the service level.
    pub service_level: ServiceLevel,
    /// By skill: its own threshold (A16); `None` = that of the service level.
    pub skill_thresholds: Vec<Option<Span>>,
    /// A response within this time counts as in time.
    pub response_within: Span,
    /// Instants at which open, queued and busy are noted.
    pub at: Vec<Time>,
    /// Goals.
    pub goals: Goals,
    /// Goals for any figure, or for a part of the run; the same in all variants.
    pub part_goals: Vec<PartGoal>,
}

/// Definition of the service level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceLevel {
    /// Threshold.
    pub within: Span,
    /// What ends the wait.
    pub at: ServiceLevelAt,
    /// Which of the four ways is the one shown first and held against the goal.
    pub of: ServiceLevelOf,
}

/// What ends the wait of the service level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceLevelAt {
    /// The first answer.
    Answer,
    /// The first assignment.
    Assignment,
}

/// The four ways to compute a service level; `within` = answered within the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceLevelOf {
    /// within / offered.
    Offered,
    /// within / answered.
    Answered,
    /// within / (offered − abandoned within the threshold).
    OfferedWithoutShortAbandons,
    /// (within + abandoned within the threshold) / offered.
    ShortAbandonsCountAsServed,
}

/// Goals; `None` = none set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Goals {
    /// Service level at least, 0..=1.
    pub service_level: Option<f64>,
    /// Abandonment at most, 0..=1.
    pub abandonment: Option<f64>,
    /// Auto-unassigns and ownership removals a conversation at most.
    pub reassignments: Option<f64>,
    /// Answers lost / answers begun at most, 0..=1.
    #[serde(default)]
    pub lost_answer_share: Option<f64>,
    /// Work lost / work on answers at most, 0..=1.
    #[serde(default)]
    pub lost_work_share: Option<f64>,
}

/// What a figure is to come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureTarget {
    /// Name of the figure.
    pub figure: &'static str,
    /// Whether it is to be at least that; otherwise at most.
    pub at_least: bool,
    /// The least or most; `None` if no goal is set.
    pub target: Option<f64>,
}

impl Goals {
    /// Each figure that may have a goal, in the order of a report.
    pub fn all(&self) -> [FigureTarget; 5] {
        let at_most = |figure, target| FigureTarget { figure, at_least: false, target };
        [
            FigureTarget { figure: "service_level", at_least: true, target: self.service_level },
            at_most("abandonment", self.abandonment),
            at_most("reassignments", self.reassignments),
            at_most("lost_answer_share", self.lost_answer_share),
            at_most("lost_work_share", self.lost_work_share),
        ]
    }
}
