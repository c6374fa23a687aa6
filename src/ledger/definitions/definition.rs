//! What is known of a figure.

use crate::ledger::outcome::Outcome;

use super::measured::{Counted, Measured};
use super::parts::Parts;
use super::summary_place::SummaryPlace;
use super::unit::{FigureKind, Unit};

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Name in files, unique.
    pub name: &'static str,
    /// What it is called for people.
    pub label: &'static str,
    /// The same in a narrow column.
    pub short_label: &'static str,
    /// Where a summary shows it.
    pub place: Option<SummaryPlace>,
    /// Unit of the value.
    pub unit: Unit,
    /// How it adds up.
    pub kind: FigureKind,
    /// What it means.
    pub text: &'static str,
    /// Its value; `None` when it is a share or a mean of nothing.
    pub value: fn(&Outcome) -> Option<f64>,
    /// What is divided by what, of a [`FigureKind::Ratio`].
    pub ratio: Option<fn(&Outcome) -> Parts>,
    /// As part and whole, both of which add up over intervals, if each interval of the day knows it too.
    pub of_interval: Option<fn(&dyn Measured) -> Parts>,
    /// The same if a skill, and each interval of it, knows it too.
    pub of_skill: Option<fn(&dyn Counted) -> Parts>,
}

/// Names are unique.
impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Definition {}

impl Definition {
    /// The figure as a part of a whole: what is divided by what, or the value over 1.
    pub fn parts(&self, outcome: &Outcome) -> Option<Parts> {
        match self.ratio {
            Some(ratio) => Some(ratio(outcome)),
            None => (self.value)(outcome).map(|value| Parts { part: value, whole: 1.0 }),
        }
    }

    /// The label over a column of numbers, with their unit.
    pub fn head(&self) -> String {
        let unit = match self.unit {
            Unit::Share => " %",
            Unit::Seconds => ", s",
            _ => "",
        };
        format!("{}{unit}", self.short_label)
    }

    /// The label in a summary, indented as far as it is a part of what stands above it.
    pub fn row_label(&self) -> String {
        let level = self.place.map_or(0, |place| place.level);
        "  ".repeat(level.into()) + self.label
    }
}
