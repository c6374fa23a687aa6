//! Goals for any figure, of the run as a whole or of a part of it.

use serde::{Deserialize, Serialize};

/// A part of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPart {
    /// Of whom.
    pub of: PartOf,
    /// Intervals of the run, by their positions in order; `None` = all of it.
    pub window: Option<Vec<u32>>,
}

/// Whose figures they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartOf {
    /// The whole centre: within a window what was opened in it, and levels in it.
    #[default]
    Centre,
    /// Stays with a skill, by its position: within a window those that began in it.
    Skill(u16),
    /// A group of agents, by its position: within a window what they did in it.
    Group(u16),
}

/// A goal for a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartGoal {
    /// Name of the figure.
    pub figure: String,
    /// Whether it is to be at least that; otherwise at most.
    pub at_least: bool,
    /// The least or most, in the unit of the figure.
    pub target: f64,
    /// Of what.
    pub part: RunPart,
    /// What the part is called; empty for the whole.
    pub name: String,
}

impl From<PartOf> for RunPart {
    fn from(of: PartOf) -> Self {
        Self { of, window: None }
    }
}
