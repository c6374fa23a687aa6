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
use crate::ledger::definitions::{Definition, FIGURES, FigureKind, summary};
use crate::ledger::objectives::{DifferenceThresholds, OBJECTIVES, Objective};

use super::file_names::{SCHEMA, ScenarioIdentity};
use super::format::{formatted, with_interval};
use super::replications_csv;
use super::replications_csv::ReplicationFigures;
use super::summary_json::DifferenceJson;
use super::terminal::{columns, cut};
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
    /// Of a maximum, which has no interval: the highest of all replications, in both.
    highest: Option<(f64, f64)>,
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
    let highest = |variant: &ComparedVariant, at: usize| {
        let values = variant.replications.values().filter_map(|figures| figures[at]?.quotient());
        values.reduce(f64::max)
    };
    let figures = FIGURES.iter().enumerate().map(|(at, figure)| {
        let highest = match figure.kind {
            FigureKind::Maximum => highest(base, at).zip(highest(other, at)),
            _ => None,
        };
        let (base, other) = (of_base.estimate(figure)?, of_other.estimate(figure)?);
        let difference = if is_paired { of_other.against_base(figure)? } else { other.less(&base) };
        let aim = OBJECTIVES.iter().find(|aim| aim.figure == figure.name);
        let verdict = aim.map(|aim| {
            let compared = rule.compare(aim, base, difference);
            (compared.verdict, compared.threshold)
        });
        Some(ComparedFigure { base, other, difference, highest, verdict })
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
            let heads = ["base", "other", "difference"];
            text += &columns("", heads.into_iter().map(str::to_owned));
            for aim in &OBJECTIVES {
                text += &self.line(pair, label(aim), aim.figure);
                text += &self.verdict(pair, aim);
            }
            for part in summary() {
                let figures = part.figures.iter();
                let lines: String = figures
                    .map(|figure| self.line(pair, &figure.row_label(), figure.name))
                    .collect();
                if !lines.is_empty() {
                    let _ = write!(text, "\n{}\n{lines}", part.heading);
                }
            }
        }
        text
    }

    /// A figure; nothing if it is zero in both.
    fn line(&self, pair: &VariantPair, label: &str, name: &str) -> String {
        let position = FIGURES.iter().position(|figure| figure.name == name);
        let Some((definition, figure)) =
            position.and_then(|position| FIGURES.get(position).zip(pair.figures[position]))
        else {
            return String::new();
        };
        if figure.base.value == 0.0 && figure.other.value == 0.0 {
            return String::new();
        }
        columns(label, figure.cells(definition, self.rule.confidence).into_iter())
    }

    /// What a difference comes to, under it.
    fn verdict(&self, pair: &VariantPair, aim: &Objective) -> String {
        let figures = FIGURES.iter().zip(&pair.figures);
        let found = figures.filter(|(figure, _)| figure.name == aim.figure);
        let found = found.filter_map(|(_, figure)| figure.as_ref());
        let found = found.filter(|figure| figure.base.value != 0.0 || figure.other.value != 0.0);
        let cells =
            |found: &ComparisonVerdict| [String::new(), String::new(), verdict(found)].into_iter();
        found
            .filter_map(|figure| figure.verdict.as_ref())
            .map(|(found, _)| columns(&matters(aim, &self.rule.thresholds), cells(found)))
            .collect()
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

impl ComparedFigure {
    /// Base, other and difference, as a run shows them.
    fn cells(&self, definition: &Definition, confidence: f64) -> [String; 3] {
        match self.highest {
            Some((base, other)) => {
                [base, other, other - base].map(|value| formatted(definition, value))
            }
            None => [self.base, self.other, self.difference]
                .map(|estimate| with_interval(definition, &estimate, confidence)),
        }
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
