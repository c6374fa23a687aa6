//! Two saved reports against each other.

mod page;

use std::fmt::Write as _;
use std::fs::File;
use std::io;
use std::io::{BufReader, Write};
use std::path::Path;

use serde::Deserialize;

use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::{AllSeries, Estimate};
use crate::ledger::definitions::{FIGURES, FigureKind};
use crate::ledger::objectives::{DifferenceThresholds, OBJECTIVES};

use super::file_names::{SCHEMA, ScenarioIdentity};
use super::replications_csv;
use super::replications_csv::ReplicationFigures;
use super::summary::beside_each_other;
use super::summary_json::DifferenceJson;
use super::summary_rows::PARTS;
use super::table::{ReportCell, labelled};
use super::terminal::cut;
use super::wording::{label, level, matters, verdict};

/// A report folder that was written before.
pub struct ComparedReport {
    /// Name of its folder.
    folder: String,
    name: String,
    thresholds: DifferenceThresholds,
    variants: Vec<ComparedVariant>,
}

struct ComparedVariant {
    name: String,
    seed: u64,
    /// If its figures are adjusted by it.
    expected_arrivals: Option<f64>,
    replications: ReplicationFigures,
}

/// Pairs of variants of two reports, compared.
pub struct ReportComparison {
    rule: Rule,
    pairs: Vec<VariantPair>,
}

struct VariantPair {
    base: String,
    other: String,
    /// Names of their folders.
    folders: (String, String),
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
        let open = |name: &str| {
            let path = folder.join(name);
            let file = File::open(&path);
            file.map(BufReader::new)
                .map_err(|error| format!("cannot read `{}`: {error}", path.display()))
        };
        let broken = |name: &str, error: &dyn std::fmt::Display| {
            format!("`{}` is no part of a report: {error}", folder.join(name).display())
        };
        let summary: SummaryIdentity =
            serde_json::from_reader(open(SUMMARY)?).map_err(|error| broken(SUMMARY, &error))?;
        if summary.schema != SCHEMA {
            return Err(broken(SUMMARY, &format!("its form is {}", summary.schema)));
        }
        let mut variants = Vec::new();
        for VariantIdentity { name, seed, expected_arrivals } in summary.variants {
            let replications = replications_csv::read(open(replications_csv::NAME)?, &name)
                .map_err(|error| broken(replications_csv::NAME, &error))?;
            variants.push(ComparedVariant { name, seed, expected_arrivals, replications });
        }
        let SummaryIdentity { scenario, thresholds, .. } = summary;
        let name_of = |path: &Path| Some(path.canonicalize().ok()?.file_name()?.to_owned());
        let named = name_of(folder).unwrap_or_default();
        let folder = named.to_string_lossy().into_owned();
        Ok(Self { folder, name: scenario.name, thresholds, variants })
    }

    /// Whether it has a variant of this name.
    pub fn has(&self, variant: &str) -> bool {
        self.variants.iter().any(|known| known.name == variant)
    }
}

/// How two reports are compared.
pub struct ComparisonOptions<'a> {
    /// Only this variant of the other report.
    pub only: Option<&'a str>,
    /// Of all intervals, 0 to 1.
    pub confidence: f64,
    /// Whether figures are adjusted for the number of arrivals, if the reports adjust them.
    pub control_variate: bool,
}

/// Compares each variant of `other` with its namesake in `base`, or with the base of that report if
/// it has none. What matters is what matters in `base`.
pub fn compare(
    base: &ComparedReport,
    other: &ComparedReport,
    how: &ComparisonOptions<'_>,
) -> ReportComparison {
    let rule = Rule { confidence: how.confidence, thresholds: base.thresholds };
    let chosen = other.variants.iter();
    let chosen = chosen.filter(|variant| how.only.is_none_or(|name| name == variant.name));
    let pairs = chosen.filter_map(|variant| {
        let namesake = base.variants.iter().find(|known| known.name == variant.name);
        let against = namesake.or_else(|| base.variants.first())?;
        Some(pair((base, against), (other, variant), &rule, how.control_variate))
    });
    ReportComparison { rule, pairs: pairs.collect() }
}

fn pair(
    (base_report, base): (&ComparedReport, &ComparedVariant),
    (other_report, other): (&ComparedReport, &ComparedVariant),
    rule: &Rule,
    control_variate: bool,
) -> VariantPair {
    let common = other.replications.keys().filter(|number| base.replications.contains_key(number));
    let is_paired = base.seed == other.seed && common.count() > 1;
    let series = |variant: &ComparedVariant| {
        AllSeries::expecting(variant.expected_arrivals.filter(|_| control_variate))
    };
    let (mut of_base, mut of_other) = (series(base), series(other));
    base.replications.values().for_each(|figures| of_base.push(figures, &[]));
    for (number, figures) in &other.replications {
        let twin = base.replications.get(number).map(Vec::as_slice);
        of_other.push(figures, twin.unwrap_or_default());
    }
    let figures = FIGURES.iter().map(|figure| {
        let (base, other) = (of_base.estimate(figure)?, of_other.estimate(figure)?);
        let difference = if is_paired { of_other.against_base(figure)? } else { other.less(&base) };
        let aim = OBJECTIVES.iter().find(|aim| aim.figure == figure.name);
        let verdict = aim.map(|aim| {
            let compared = rule.compare(aim, base, difference);
            (compared.verdict, compared.threshold)
        });
        Some(ComparedFigure { base, other, difference, verdict })
    });
    let title = |report: &ComparedReport, variant: &ComparedVariant| {
        format!("{}, {}", report.name, variant.name)
    };
    VariantPair {
        base: title(base_report, base),
        other: title(other_report, other),
        folders: (base_report.folder.clone(), other_report.folder.clone()),
        is_paired,
        figures: figures.collect(),
    }
}

impl ReportComparison {
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
                cut(&pair.base, 70),
                cut(&pair.other, 70)
            );
            let mut table = beside_each_other(["base", "other", "difference"].into_iter());
            for aim in &OBJECTIVES {
                let Some((_, figure)) = pair.figure(aim.figure) else { continue };
                let cells = self.cells(pair, aim.figure).into_iter().flatten();
                table.push(None, labelled(label(aim), cells));
                if let Some((found, _)) = figure.verdict {
                    let blank = ReportCell::Blank;
                    let cells = [blank.clone(), blank, ReportCell::word(verdict(&found))];
                    table.push(None, labelled(matters(aim, &self.rule.thresholds), cells));
                }
            }
            for part in PARTS {
                let rows = part
                    .lines
                    .iter()
                    .filter_map(|line| Some(labelled(line.label, self.cells(pair, line.figure)?)));
                table.part(part.heading, rows.collect());
            }
            text += &table.text();
        }
        text
    }

    /// A figure of both, and the difference; none if it is zero in both.
    fn cells(&self, pair: &VariantPair, name: &str) -> Option<[ReportCell; 3]> {
        let (definition, figure) = pair.figure(name)?;
        let estimates = [figure.base, figure.other, figure.difference];
        Some(estimates.map(|estimate| match definition.kind {
            FigureKind::Maximum => ReportCell::figure(definition, estimate.value),
            _ => ReportCell::estimate(definition, Some(&estimate), self.rule.confidence),
        }))
    }

    /// For machines.
    ///
    /// # Errors
    ///
    /// Those of the output.
    pub fn json(&self, mut output: impl Write) -> io::Result<()> {
        let pairs = self.pairs.iter().map(|pair| {
            let figures = FIGURES.iter().zip(&pair.figures).filter_map(|(definition, figure)| {
                let difference = figure.as_ref().map(|figure| {
                    DifferenceJson::new(&figure.difference, figure.verdict, self.rule.confidence)
                })?;
                Some((definition.name, serde_json::to_value(difference).ok()?))
            });
            serde_json::json!({
                "base": pair.base,
                "other": pair.other,
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
        serde_json::to_writer_pretty(&mut output, &whole)?;
        output.write_all(b"\n")
    }
}

#[derive(Deserialize)]
struct SummaryIdentity {
    schema: String,
    scenario: ScenarioIdentity,
    #[serde(default)]
    thresholds: DifferenceThresholds,
    variants: Vec<VariantIdentity>,
}

#[derive(Deserialize)]
struct VariantIdentity {
    name: String,
    seed: u64,
    #[serde(default)]
    expected_arrivals: Option<f64>,
}

const SUMMARY: &str = "summary.json";
