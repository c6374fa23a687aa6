//! Two saved reports against each other.

mod comparison_text;
mod conditions;
mod page;

use std::io;
use std::io::Write;
use std::path::Path;

use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::{AllSeries, Estimate};
use crate::ledger::definitions::{Definition, FIGURES};
use crate::ledger::objectives::{DifferenceThresholds, Objective};

use self::conditions::{ReportConditions, RunConditions, Unlike};
use super::figure_format::FigureFormat;
use super::replications_csv::ReplicationFigures;
use super::summary_file::{FigureDifference, SummaryHead, SummaryVariantHead};
use super::table::ReportCell;
use super::{json_file, replications_csv, summary_file};

/// A report folder that was written before.
pub struct ComparedReport {
    thresholds: DifferenceThresholds,
    variants: Vec<ComparedVariant>,
    /// Whether its variants are the points of a sweep.
    is_sweep: bool,
}

struct ComparedVariant {
    /// Name of the folder of its report.
    folder: String,
    scenario: String,
    /// Its name, with that of its scenario.
    title: String,
    conditions: RunConditions,
    head: SummaryVariantHead,
    replications: ReplicationFigures,
}

/// Pairs of variants of two reports, compared.
pub struct ReportComparison<'a> {
    rule: Rule,
    pairs: Vec<VariantPair<'a>>,
    /// Whether both are sweeps, compared point by point.
    is_by_point: bool,
    /// Points that only one of two sweeps has.
    only_in_base: Vec<&'a str>,
    only_in_other: Vec<&'a str>,
}

struct VariantPair<'a> {
    base: &'a ComparedVariant,
    other: &'a ComparedVariant,
    /// Whether replication by replication, with the same seed.
    is_paired: bool,
    /// Whether there is one replication of each, which tells nothing of chance.
    is_single: bool,
    /// What is not alike, what matters most first.
    unlike: Vec<Unlike>,
    figures: Vec<Option<ComparedFigure>>,
}

#[derive(Clone, Copy)]
struct ComparedFigure {
    base: Estimate,
    other: Estimate,
    difference: Estimate,
    /// With the smallest difference that matters.
    verdict: Option<(ComparisonVerdict, f64)>,
}

impl ComparedReport {
    /// Reads `summary.json` and `replications.csv` of a report folder.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let SummaryHead { head, thresholds, variants, .. } = summary_file::read(folder)?;
        let name_of = |path: &Path| Some(path.canonicalize().ok()?.file_name()?.to_owned());
        let named = name_of(folder).unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.join(replications_csv::NAME);
        let broken =
            |error: String| format!("`{}` is no part of a report: {error}", path.display());
        let ReportConditions { variants: conditions, is_sweep } = ReportConditions::read(folder);
        let conditions = conditions.into_iter().chain(std::iter::repeat_with(Default::default));
        let compared = variants.into_iter().zip(conditions).map(|(variant, conditions)| {
            let lines = replications_csv::open(folder)?;
            Ok(ComparedVariant {
                folder: named.clone(),
                scenario: head.scenario.name.clone(),
                title: format!("{}, {}", head.scenario.name, variant.name),
                conditions,
                replications: replications_csv::read(lines, &variant.name).map_err(broken)?,
                head: variant,
            })
        });
        Ok(Self { thresholds, variants: compared.collect::<Result<_, String>>()?, is_sweep })
    }

    /// Whether it has a variant of this name.
    pub fn has(&self, variant: &str) -> bool {
        self.variants.iter().any(|known| known.head.name == variant)
    }
}

/// How two reports are compared.
pub struct ComparisonOptions<'a> {
    /// Only this variant of the other report.
    pub only: Option<&'a str>,
    /// Of all intervals, 0 to 1.
    pub confidence: f64,
}

/// Compares each variant of `other` with its namesake in `base`, or with the base of that report if
/// it has none; of two sweeps only points that both have. What matters is what matters in `base`.
pub fn compare<'a>(
    base: &'a ComparedReport,
    other: &'a ComparedReport,
    how: &ComparisonOptions<'_>,
) -> ReportComparison<'a> {
    let rule = Rule { confidence: how.confidence, thresholds: base.thresholds };
    let chosen = other.variants.iter();
    let chosen = chosen.filter(|variant| how.only.is_none_or(|name| name == variant.head.name));
    let is_by_point = base.is_sweep && other.is_sweep;
    let pairs = chosen.filter_map(|variant| {
        let namesake = base.variants.iter().find(|known| known.head.name == variant.head.name);
        let first = base.variants.first().filter(|_| !is_by_point);
        Some(VariantPair::new(namesake.or(first)?, variant, &rule))
    });
    let lacking = |report: &'a ComparedReport, other: &ComparedReport| {
        let names = report.variants.iter().map(|variant| variant.head.name.as_str());
        names.filter(|name| is_by_point && how.only.is_none() && !other.has(name)).collect()
    };
    ReportComparison {
        rule,
        pairs: pairs.collect(),
        is_by_point,
        only_in_base: lacking(base, other),
        only_in_other: lacking(other, base),
    }
}

impl<'a> VariantPair<'a> {
    fn new(base: &'a ComparedVariant, other: &'a ComparedVariant, rule: &Rule) -> Self {
        let known = &base.replications;
        let common = other.replications.keys().filter(|number| known.contains_key(number)).count();
        let is_single = known.len() == 1 && other.replications.len() == 1;
        let is_paired =
            base.head.seed == other.head.seed && (common > 1 || (common == 1 && is_single));
        let expected = [base, other].map(|variant| variant.head.expected_arrivals);
        let corrects = expected.iter().all(Option::is_some);
        let series = |variant: &ComparedVariant| {
            AllSeries::expecting(variant.head.expected_arrivals.filter(|_| corrects))
        };
        let (mut of_base, mut of_other) = (series(base), series(other));
        known.values().for_each(|figures| of_base.push(figures, &[]));
        for (number, figures) in &other.replications {
            let twin = known.get(number).map(Vec::as_slice);
            of_other.push(figures, twin.unwrap_or_default());
        }
        let figures = FIGURES.iter().map(|figure| {
            let (base, other) = (of_base.estimate(figure)?, of_other.estimate(figure)?);
            let difference =
                if is_paired { of_other.against_base(figure)? } else { other.less(&base) };
            let verdict = Objective::of(figure).map(|objective| {
                let compared = rule.compare(objective, base, difference);
                (compared.verdict, compared.threshold)
            });
            Some(ComparedFigure { base, other, difference, verdict })
        });
        let figures = figures.collect();
        let mut pair = Self { base, other, is_paired, is_single, unlike: Vec::new(), figures };
        pair.unlike = base.conditions.unlike(&other.conditions, pair.agent_hours());
        pair
    }

    /// How it is compared.
    fn how(&self) -> &'static str {
        match (self.is_paired, self.is_single) {
            (true, true) => "as one run of the same seed: what is chance is not known",
            (true, false) => "replication by replication",
            (false, _) => "as independent: the seeds differ, or the replications",
        }
    }

    /// Hours that agents were logged in, if they are not nearly the same.
    fn agent_hours(&self) -> Option<Unlike> {
        let (_, figure) = self.figure(AGENT_HOURS)?;
        let is_near = figure.difference.value.abs() <= NEAR * figure.base.value;
        let [base, other] = [figure.base, figure.other].map(|it| format!("{:.1}", it.value));
        (!is_near).then(|| Unlike::new("logged in, hours a run", Some(&base), Some(&other)))
    }
}

const AGENT_HOURS: &str = "logged_in_hours";
/// Parts of the hours that agents are logged in that nobody takes for another staffing.
const NEAR: f64 = 0.005;

impl ReportComparison<'_> {
    /// A figure of both, and the difference; none if it is zero in both.
    fn cells(&self, pair: &VariantPair<'_>, name: &str) -> Option<[ReportCell; 3]> {
        let (definition, figure) = pair.figure(name)?;
        Some(figure.cells(definition, self.rule.confidence))
    }

    /// For machines.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn json(&self, output: impl Write) -> io::Result<()> {
        let pairs = self.pairs.iter().map(|pair| {
            let figures = FIGURES.iter().zip(&pair.figures).filter_map(|(definition, figure)| {
                let difference = figure.as_ref().map(|figure| {
                    FigureDifference::new(&figure.difference, figure.verdict, self.rule.confidence)
                })?;
                Some((definition.name, serde_json::to_value(difference).ok()?))
            });
            serde_json::json!({
                "base": pair.base.title,
                "other": pair.other.title,
                "paired": pair.is_paired,
                "unlike": pair.unlike,
                "differences": figures.map(|(name, value)| (name.to_owned(), value))
                    .collect::<serde_json::Map<_, _>>(),
            })
        });
        let whole = serde_json::json!({
            "schema": "shiftstorm/comparison/1",
            "confidence": self.rule.confidence,
            "thresholds": self.rule.thresholds,
            "pairs": Vec::from_iter(pairs),
            "only_in_base": self.only_in_base,
            "only_in_other": self.only_in_other,
        });
        json_file::write(&whole, output)
    }
}

impl ComparedFigure {
    /// Base, other and difference, as a run shows them.
    fn cells(&self, definition: &Definition, confidence: f64) -> [ReportCell; 3] {
        let all = [self.base, self.other, self.difference];
        let halves = Vec::from_iter(all.iter().filter_map(|it| it.half_width(confidence)));
        let values = [self.base.value, self.other.value];
        let format = FigureFormat::of(definition.unit, &values, &halves);
        let [base, other] = [self.base, self.other]
            .map(|estimate| ReportCell::estimate(format, Some(&estimate), confidence));
        let (written, value) = (format.difference(values[1], values[0]), self.difference.value);
        let half = self.difference.half_width(confidence);
        [base, other, ReportCell::Difference { value, written, half, format }]
    }
}
