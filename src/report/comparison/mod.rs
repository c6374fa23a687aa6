//! Two saved reports against each other.

mod page;

use std::fmt::Write as _;
use std::io;
use std::io::Write;
use std::path::Path;

use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::{AllSeries, Estimate};
use crate::ledger::definitions::{Definition, FIGURES};
use crate::ledger::objectives::{DifferenceThresholds, OBJECTIVES};

use super::figure_format::FigureFormat;
use super::replications_csv::ReplicationFigures;
use super::summary::beside_each_other;
use super::summary_file::{FigureDifference, SummaryHead, SummaryVariantHead};
use super::summary_rows::by_heading;
use super::table::{ReportCell, labelled};
use super::terminal::cut;
use super::wording::{label, level, matters, verdict};
use super::{json_file, replications_csv, summary_file};

/// A report folder that was written before.
pub struct ComparedReport {
    thresholds: DifferenceThresholds,
    variants: Vec<ComparedVariant>,
}

struct ComparedVariant {
    /// Name of the folder of its report.
    folder: String,
    /// Its name, with that of its scenario.
    title: String,
    head: SummaryVariantHead,
    replications: ReplicationFigures,
}

/// Pairs of variants of two reports, compared.
pub struct ReportComparison<'a> {
    rule: Rule,
    pairs: Vec<VariantPair<'a>>,
}

struct VariantPair<'a> {
    base: &'a ComparedVariant,
    other: &'a ComparedVariant,
    /// Whether replication by replication, with the same seed.
    is_paired: bool,
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
        let compared = variants.into_iter().map(|variant| {
            let lines = replications_csv::open(folder)?;
            Ok(ComparedVariant {
                folder: named.clone(),
                title: format!("{}, {}", head.scenario.name, variant.name),
                replications: replications_csv::read(lines, &variant.name).map_err(broken)?,
                head: variant,
            })
        });
        Ok(Self { thresholds, variants: compared.collect::<Result<_, String>>()? })
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
/// it has none. What matters is what matters in `base`.
pub fn compare<'a>(
    base: &'a ComparedReport,
    other: &'a ComparedReport,
    how: &ComparisonOptions<'_>,
) -> ReportComparison<'a> {
    let rule = Rule { confidence: how.confidence, thresholds: base.thresholds };
    let chosen = other.variants.iter();
    let chosen = chosen.filter(|variant| how.only.is_none_or(|name| name == variant.head.name));
    let pairs = chosen.filter_map(|variant| {
        let namesake = base.variants.iter().find(|known| known.head.name == variant.head.name);
        let against = namesake.or_else(|| base.variants.first())?;
        Some(VariantPair::new(against, variant, &rule))
    });
    ReportComparison { rule, pairs: pairs.collect() }
}

impl<'a> VariantPair<'a> {
    fn new(base: &'a ComparedVariant, other: &'a ComparedVariant, rule: &Rule) -> Self {
        let known = &base.replications;
        let common = other.replications.keys().filter(|number| known.contains_key(number));
        let is_paired = base.head.seed == other.head.seed && common.count() > 1;
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
            let objective = OBJECTIVES.iter().find(|objective| objective.figure == figure.name);
            let verdict = objective.map(|objective| {
                let compared = rule.compare(objective, base, difference);
                (compared.verdict, compared.threshold)
            });
            Some(ComparedFigure { base, other, difference, verdict })
        });
        Self { base, other, is_paired, figures: figures.collect() }
    }
}

impl ReportComparison<'_> {
    /// For people.
    pub fn text(&self) -> String {
        let mut text = format!("±: {} interval\n", level(self.rule.confidence));
        for pair in &self.pairs {
            let how = if pair.is_paired {
                "replication by replication"
            } else {
                "as independent: the seeds differ, or the replications"
            };
            let _ = write!(
                text,
                "\nbase   {}\nother  {}\ncompared {how}\n\n",
                cut(&pair.base.title, 70),
                cut(&pair.other.title, 70)
            );
            let mut table = beside_each_other(["base", "other", "difference"].into_iter());
            for objective in &OBJECTIVES {
                let Some((_, figure)) = pair.figure(objective.figure) else { continue };
                let cells = self.cells(pair, objective.figure).into_iter().flatten();
                table.push(None, labelled(label(objective), cells));
                if let Some((found, _)) = figure.verdict {
                    let blank = ReportCell::Blank;
                    let cells = [blank.clone(), blank, ReportCell::word(verdict(&found))];
                    table.push(None, labelled(matters(objective, &self.rule.thresholds), cells));
                }
            }
            by_heading(&mut table, |figure| {
                Some(labelled(figure.row_label(), self.cells(pair, figure.name)?))
            });
            text += &table.text();
        }
        text
    }

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
                "differences": figures.map(|(name, value)| (name.to_owned(), value))
                    .collect::<serde_json::Map<_, _>>(),
            })
        });
        let whole = serde_json::json!({
            "schema": "shiftstorm/comparison/1",
            "confidence": self.rule.confidence,
            "thresholds": self.rule.thresholds,
            "pairs": Vec::from_iter(pairs),
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
