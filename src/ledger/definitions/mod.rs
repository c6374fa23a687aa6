//! Every figure of a run: name, label, unit, definition, and where to find it.
//!
//! Reports and the data dictionary print from the catalogue, so that no figure appears without its
//! definition and none is called by two words. Values are those of an outcome as it is: of one replication, or of several merged
//! (counts are then sums over replications, [`FigureKind::Count`]; means and shares are weighted by what
//! they are means and shares of).

mod catalogue;
mod measured;
mod summary;
mod unit;

use super::outcome::Outcome;

pub use self::catalogue::FIGURES;
pub use self::measured::{LoginTimes, Measured, MeasuredInterval};
pub use self::summary::{Heading, SummaryPart, SummaryPlace, summary};
pub use self::unit::{FigureKind, Unit};

/// One figure.
#[derive(Debug)]
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
}

/// A part and the whole that it is a share or a mean of. Both add up over replications.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Above the line.
    pub part: f64,
    /// Below it.
    pub whole: f64,
}

impl Definition {
    /// The figure as a part of a whole: what is divided by what, or the value over 1.
    pub fn parts(&self, outcome: &Outcome) -> Option<Parts> {
        match self.ratio {
            Some(ratio) => Some(ratio(outcome)),
            None => (self.value)(outcome).map(|value| Parts { part: value, whole: 1.0 }),
        }
    }
}

impl Parts {
    /// The share or mean; `None` over nothing.
    pub fn quotient(self) -> Option<f64> {
        (self.whole > 0.0).then(|| self.part / self.whole)
    }
}

/// A value over 1; nothing over nothing.
impl From<Option<f64>> for Parts {
    fn from(value: Option<f64>) -> Self {
        value.map_or_else(Self::default, |part| Self { part, whole: 1.0 })
    }
}

/// The figure of this name.
pub fn find(name: &str) -> Option<&'static Definition> {
    position(name).map(|position| &FIGURES[position])
}

/// What the figure of this name is called for people.
pub fn label(name: &str) -> &'static str {
    find(name).map_or("", |figure| figure.label)
}

/// The same in a narrow column.
pub fn short_label(name: &str) -> &'static str {
    find(name).map_or("", |figure| figure.short_label)
}

/// Its position among all figures.
pub fn position(name: &str) -> Option<usize> {
    FIGURES.iter().position(|figure| figure.name == name)
}

/// The figure whose expected value is known.
pub const ARRIVALS: &str = "arrivals";
