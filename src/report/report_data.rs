//! All that a report is made of, and what of it a page needs, whether it was just run or read again.

use std::ops::Range;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::base::calendar::Calendar;
use crate::base::time::Span;
use crate::experiment::Results;
use crate::experiment::compare::Rule;
use crate::experiment::interval::AllSeries;
use crate::experiment::interval::Estimate;
use crate::experiment::warm_up::WarmUp;
use crate::ledger::definitions::{Definition, Unit};
use crate::ledger::objectives::DifferenceThresholds;
use crate::ledger::outcome::Outcome;
use crate::scenario::required::{Required, required};
use crate::scenario::rostered::rostered;
use crate::scenario::vary::Vary;
use crate::scenario::{Scenario, Setting, Variant};

use super::figure_format::{FigureFormat, FigureFormats};
use super::table::ReportCell;

/// All that a report is made of.
pub struct Report<'a> {
    /// Name of the scenario.
    pub name: &'a str,
    /// The question it answers; may be empty.
    pub question: &'a str,
    /// Replications planned: the first and the one after the last.
    pub replications: Range<u64>,
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

impl<'a> Report<'a> {
    /// The variants, the base first.
    pub(super) fn variants(&self) -> Vec<VariantData<'a>> {
        let formats = self.formats();
        let variants = self.results.variants.iter().zip(&self.background.variants);
        let variants = variants.map(|(results, particulars)| VariantData {
            name: &results.name,
            seed: results.plan.run.seed,
            outcome: results.pooled.as_deref(),
            series: &results.series,
            formats: formats.clone(),
            particulars,
            failures: results.failures.iter().map(ToString::to_string).collect(),
        });
        variants.collect()
    }

    /// How figures are written.
    pub(super) fn formats(&self) -> FigureFormats {
        let series = Vec::from_iter(self.results.variants.iter().map(|variant| &variant.series));
        FigureFormats::new(&series, self.confidence)
    }

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

/// What a page tells besides the figures. It is saved beside them, so that the same page can be made
/// again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Background {
    /// The centre behind the scenario, as its author puts it.
    pub description: String,
    /// The figures that the question is about, by name; none if the scenario does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdict: Vec<String>,
    /// The scenario as written.
    pub source: String,
    /// Keys that were set from outside.
    pub settings: Vec<String>,
    /// The axes of a sweep, of which the variants are all choices of values; none of an ordinary run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub varies: Vec<Vary>,
    /// The variant of the scenario that a sweep moves; empty for an ordinary run.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub swept: String,
    /// What is particular to each variant.
    pub variants: Vec<Particulars>,
}

/// What is particular to a variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Particulars {
    /// Clock time at which the run starts, since midnight.
    pub starts_at: Span,
    /// Date of its first day, if it has one, as `2026-03-23`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Name of the time zone of its clock times, if it has a date and one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The staffing that a formula asks for.
    pub required: Required,
    /// Agents on shift by the roster in each interval, before absence and breaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rostered: Vec<f64>,
}

impl Particulars {
    /// Clock times and days of the run.
    pub(crate) fn calendar(&self) -> Calendar {
        let zone = self.time_zone.as_deref().and_then(Calendar::zone).unwrap_or(TimeZone::UTC);
        let date = self.date.as_ref().and_then(|date| date.parse().ok());
        let dated = date.and_then(|date| Calendar::from_date(date, self.starts_at, zone).ok());
        dated.unwrap_or_else(|| Calendar::without_date(self.starts_at))
    }
}

impl Background {
    /// That of a scenario of which these variants are run.
    pub fn new(scenario: &Scenario, settings: &[Setting], variants: &[Variant]) -> Self {
        let particulars = |variant: &Variant| Particulars {
            starts_at: variant.plan.run.calendar.starts_at(),
            date: variant.plan.run.calendar.first_date().map(|date| date.to_string()),
            time_zone: variant.plan.run.calendar.zone_name().map(str::to_owned),
            required: required(&variant.plan),
            rostered: rostered(&variant.plan),
        };
        Self {
            description: scenario.description.clone(),
            verdict: scenario.verdict.iter().map(|figure| figure.name.to_owned()).collect(),
            source: scenario.source.clone(),
            settings: settings.iter().map(Setting::text).collect(),
            varies: Vec::new(),
            swept: String::new(),
            variants: variants.iter().map(particulars).collect(),
        }
    }
}

/// All that a page is made of.
pub(super) struct ReportData<'a> {
    /// Name of the scenario.
    pub(super) name: &'a str,
    /// The question it answers; may be empty.
    pub(super) question: &'a str,
    /// The version that ran it.
    pub(super) version: &'a str,
    /// What it tells besides the figures.
    pub(super) background: &'a Background,
    /// Seed of the base.
    pub(super) seed: u64,
    /// The first replication planned, and the one after the last.
    pub(super) replications: Range<u64>,
    /// Whether each variant was run once, and that run cut into batches.
    pub(super) batches: bool,
    /// Whether the invariants were checked.
    pub(super) checked: bool,
    /// Whether it was run to the end.
    pub(super) complete: bool,
    /// What decides whether a difference matters.
    pub(super) rule: Rule,
    /// What a reader must know besides the figures.
    pub(super) notes: Vec<String>,
    /// The variants, the base first.
    pub(super) variants: Vec<VariantData<'a>>,
}

/// A variant and what came of it.
pub(super) struct VariantData<'a> {
    pub(super) name: &'a str,
    pub(super) seed: u64,
    /// All replications that ended well; none if none did.
    pub(super) outcome: Option<&'a Outcome>,
    /// Every figure over those replications.
    pub(super) series: &'a AllSeries,
    /// How figures are written in this report.
    pub(super) formats: FigureFormats,
    pub(super) particulars: &'a Particulars,
    /// What went wrong, replication by replication.
    pub(super) failures: Vec<String>,
}

impl VariantData<'_> {
    /// A figure and how far off it may be.
    pub(super) fn estimate(&self, figure: &Definition) -> Option<Estimate> {
        self.series.estimate(figure)
    }

    /// Whether a figure is known and not zero.
    pub(super) fn has(&self, figure: &Definition) -> bool {
        self.estimate(figure).is_some_and(|estimate| estimate.value != 0.0)
    }

    /// How a figure is written.
    pub(super) fn format(&self, figure: &Definition) -> FigureFormat {
        self.formats.of(figure)
    }

    /// A figure with its interval.
    pub(super) fn cell(&self, figure: &Definition, confidence: f64) -> ReportCell {
        ReportCell::estimate(self.format(figure), self.estimate(figure).as_ref(), confidence)
    }

    /// A figure less that of the base.
    pub(super) fn difference(
        &self,
        base: &Self,
        figure: &Definition,
        confidence: f64,
    ) -> Option<WrittenDifference> {
        let format = self.format(figure);
        let [value, base] = [self, base].map(|variant| variant.estimate(figure));
        let written = format.difference(value?.value, base?.value);
        let known = self.series.against_base(figure)?;
        Some(WrittenDifference { written, half: known.half_width(confidence), known, format })
    }
}

/// A figure of one variant less that of another.
pub(super) struct WrittenDifference {
    pub(super) known: Estimate,
    /// That of the two as they are written.
    pub(super) written: f64,
    /// Half its interval.
    pub(super) half: Option<f64>,
    pub(super) format: FigureFormat,
}

impl WrittenDifference {
    pub(super) fn cell(&self) -> ReportCell {
        let Self { written, half, format, .. } = *self;
        ReportCell::Difference { value: self.known.value, written, half, format }
    }

    /// How large it is, with its unit.
    pub(super) fn size(&self) -> String {
        self.format.value(self.written.abs())
    }

    /// The least and the most that it may be, if it is known to have a direction; a share in points.
    pub(super) fn reach(&self) -> [String; 2] {
        let (size, half) = (self.written.abs(), self.format.rounded(self.half.unwrap_or(0.0)));
        let ends = [(size - half).max(0.0), size + half];
        ends.map(|end| match self.format.unit() {
            Unit::Share => self.format.bare(end),
            _ => self.format.value(end),
        })
    }
}

impl ReportData<'_> {
    /// How many replications were planned.
    pub(super) fn planned(&self) -> u64 {
        self.replications.end - self.replications.start
    }

    /// Confidence of all intervals.
    pub(super) fn confidence(&self) -> f64 {
        self.rule.confidence
    }
}
