//! Results to bytes. Everything here is a function of what was run and what came of it: no clock,
//! no thread count, no host and no path goes into a report, so the same run gives the same bytes.

pub mod comparison;
pub mod engines;
pub mod folder;
pub mod junit;
pub mod load;
pub mod optimize;
pub mod resume;
pub mod saved;
pub mod schema;
pub mod sensitivity;
pub mod size;
pub mod stories;
pub mod story;
pub mod stress;
pub mod summary;
pub mod sweep;
pub mod validation;

mod book;
mod cells;
mod charts;
mod columns;
mod day;
mod files;
mod goals;
mod grid;
mod histograms;
mod json;
mod judged;
mod layout;
mod lines;
mod material;
mod names;
mod notes;
mod overall;
mod page;
mod parts;
mod picture;
mod replications;
mod rows;
mod table;
mod tables;
mod verdict;

use crate::experiment::Results;
use crate::experiment::compare::Rule;
use crate::experiment::warm_up::WarmUp;
use crate::ledger::objectives::DifferenceThresholds;

pub use self::json::summary as json;
pub use self::judged::suites;
pub use self::layout::{WIDTH, wrapped};
pub use self::material::{Background, Particulars};
pub use self::replications::Replications;
pub use self::rows::{RowFiles, Wanted};

/// All that a report is made of.
pub struct Report<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// The question it answers; may be empty.
    pub question: &'a str,
    /// Replications planned: the first and the one after the last.
    pub replications: std::ops::Range<u64>,
    /// The warm-up, if it was to be found.
    pub warm_up: Option<WarmUp>,
    /// Of all intervals, 0 to 1.
    pub confidence: f64,
    /// From which size on a difference between variants matters.
    pub thresholds: DifferenceThresholds,
    /// Whether the invariants were checked.
    pub checked: bool,
    /// What the author of the scenario may have meant otherwise.
    pub warnings: Vec<String>,
    /// What a page tells besides the figures.
    pub background: &'a Background,
    /// What came of it.
    pub results: &'a Results,
}

impl Report<'_> {
    /// The seed of all variants; the base's, if a variant has its own.
    pub fn seed(&self) -> u64 {
        self.results.variants.first().map_or(0, |base| base.plan.run.seed)
    }

    /// Whether figures have intervals, from replications or from batches.
    pub(crate) fn has_intervals(&self) -> bool {
        let batches = self.results.batches.as_ref();
        self.results.planned > 1 || batches.is_some_and(|batches| batches.lengths.is_some())
    }

    /// What decides whether a difference matters.
    pub(crate) fn rule(&self) -> Rule {
        Rule { confidence: self.confidence, thresholds: self.thresholds }
    }
}
