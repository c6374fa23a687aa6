//! What a scenario file comes to: complete and valid.

use std::sync::Arc;

use super::reader::diagnostic::Diagnostics;
use super::search_settings::SearchSettings;
use super::stress::Stress;
use super::vary::Vary;
use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::ledger::definitions::Definition;
use crate::ledger::objectives::DifferenceThresholds;
use crate::ledger::settings::MeasureSettings;
use crate::model::settings::Centre;
use crate::tables::Echo;

/// A scenario: one plan for each variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Name; the file's stem unless it says otherwise.
    pub name: String,
    /// The question it answers, as its author puts it.
    pub question: String,
    /// The centre behind it.
    pub description: String,
    /// The figures that its question is about; none if it does not say.
    pub verdict: Vec<&'static Definition>,
    /// The file as it was read.
    pub source: String,
    /// The base first, under the name "base" unless the file says otherwise.
    pub variants: Vec<Variant>,
    /// Keys that take several values; none, if the variants are what is run.
    pub vary: Vec<Vary>,
    /// How well figures are to be known.
    pub precision: PrecisionSettings,
    /// From which size on a difference between variants matters.
    pub thresholds: DifferenceThresholds,
    /// What a search for the least cost may move.
    pub search: SearchSettings,
    /// How a wall-clock run is made.
    pub stress: Stress,
    /// What was understood of its tables.
    pub tables: Vec<Echo>,
    /// What was worked out of what it says, in words.
    pub derivations: Vec<String>,
    /// What its author may have meant otherwise.
    pub warnings: Diagnostics,
}

/// How well figures are to be known; more replications are run until they are.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionSettings {
    /// Names of figures, and half the length of their intervals relative to them. None: the number
    /// of replications is fixed.
    pub within: Vec<(String, f64)>,
    /// Replications in any case.
    pub at_least: u32,
    /// Replications not to be exceeded.
    pub at_most: u32,
    /// Whether figures are corrected to the expected number of arrivals.
    pub control_variate: bool,
}

/// A named set of overrides of the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Name.
    pub name: String,
    /// What is run.
    pub plan: Arc<Plan>,
}

/// All that one replication needs besides its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The centre.
    pub centre: Centre,
    /// The run.
    pub run: RunSettings,
    /// What is measured.
    pub measure: MeasureSettings,
}

impl Plan {
    /// How many consumers are expected to arrive at rates while things are measured; `None` if
    /// nobody does.
    pub fn expected_arrivals(&self) -> Option<f64> {
        let kinds = self.centre.kinds.iter().map(|kind| &kind.arrivals);
        let from = Time::ZERO + self.run.warm_up;
        let arrivals = kinds.filter(|arrivals| arrivals.is_at_rates());
        let expected: f64 = arrivals.map(|arrivals| arrivals.expected(from, self.run.until)).sum();
        (expected > 0.0).then_some(expected)
    }
}

/// The run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSettings {
    /// Seed of all random streams.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
    /// Whether the one replication is cut into batches that stand for replications.
    pub batch_means: bool,
    /// Clock times and days of the run.
    pub calendar: Calendar,
    /// Measures begin after this.
    pub warm_up: Span,
    /// Whether that length is still to be found, by MSER-5; it is zero until then.
    pub seeks_warm_up: bool,
    /// Arrivals stop here.
    pub until: Time,
    /// What happens then.
    pub end: RunEnd,
}

impl RunSettings {
    /// The last instant at which anything may happen.
    pub fn ends_at_most(&self) -> Time {
        match self.end {
            RunEnd::Cut => self.until,
            RunEnd::Drain { at_most } => self.until + at_most,
        }
    }
}

/// One replication of 24 hours, without a date.
impl Default for RunSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            replications: 1,
            batch_means: false,
            calendar: Calendar::without_date(Span::ZERO),
            warm_up: Span::ZERO,
            seeks_warm_up: false,
            until: Time::ZERO + Span::from_hours(24),
            end: RunEnd::Cut,
        }
    }
}

/// What happens at the horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// Everything stops.
    Cut,
    /// Open conversations are worked off, for this long at most.
    Drain {
        /// Limit.
        at_most: Span,
    },
}
