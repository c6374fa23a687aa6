//! Goals for any figure, of the run as a whole or of a part of it.

use serde::{Deserialize, Serialize};

/// A part of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunPart {
    /// All of it.
    Whole,
    /// Stays with a skill, by its position.
    Skill(u16),
    /// A group of agents, by its position.
    Group(u16),
    /// Intervals of the run, by their positions in order: what was opened in them, and levels in them.
    Window(Vec<u32>),
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
