//! Two saved reports against each other.

mod page;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::experiment::compare::{ComparisonVerdict, Rule};
use crate::experiment::interval::{AllSeries, Estimate};
use crate::ledger::definitions::{FIGURES, FigureKind, Unit, find};
use crate::ledger::objectives::{DifferenceThreshold, DifferenceThresholds, OBJECTIVES, Objective};

use crate::report::grid::{columns, formatted, with_interval};
use crate::report::json::{IdentityOfScenario, SCHEMA};
use crate::report::layout::{cut, number, seconds};
use crate::report::lines::PARTS;
use crate::report::replications::{self, Numbered};

/// A report folder that was written before.
pub struct Saved {
    /// Name of its folder.
    folder: String,
    name: String,
    thresholds: DifferenceThresholds,
    variants: Vec<SavedVariant>,
}

struct SavedVariant {
    name: String,
    seed: u64,
    /// If its figures are adjusted by it.
    expected_arrivals: Option<f64>,
    replications: Numbered,
}

/// Pairs of variants of two reports, compared.
pub struct Compared {
    rule: Rule,
    pairs: Vec<Pair>,
}

struct Pair {
    base: String,
    other: String,
    /// Names of their folders.
    folders: (String, String),
    /// Whether replication by replication, with the same seed.
    is_paired: bool,
    figures: Vec<Option<Figure>>,
}

#[derive(Clone, Copy)]
struct Figure {
    base: Estimate,
    other: Estimate,
    difference: Estimate,
    /// With the smallest difference that matters.
    verdict: Option<(ComparisonVerdict, f64)>,
}

impl Saved {
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
        let summary: Identities =
            serde_json::from_reader(open(SUMMARY)?).map_err(|error| broken(SUMMARY, &error))?;
        if summary.schema != SCHEMA {
            return Err(broken(SUMMARY, &format!("its form is {}", summary.schema)));
        }
        let mut variants = Vec::new();
        for IdentityOfVariant { name, seed, expected_arrivals } in summary.variants {
            let replications = replications::read(open(replications::NAME)?, &name)
                .map_err(|error| broken(replications::NAME, &error))?;
            variants.push(SavedVariant { name, seed, expected_arrivals, replications });
        }
        let Identities { scenario, thresholds, .. } = summary;
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
pub struct How<'a> {
    /// Only this variant of the other report.
    pub only: Option<&'a str>,
    /// Of all intervals, 0 to 1.
    pub confidence: f64,
    /// Whether figures are adjusted for the number of arrivals, if the reports adjust them.
    pub control_variate: bool,
}

/// Compares each variant of `other` with its namesake in `base`, or with the base of that report if
/// it has none. What matters is what matters in `base`.
pub fn compare(base: &Saved, other: &Saved, how: &How<'_>) -> Compared {
    let rule = Rule { confidence: how.confidence, thresholds: base.thresholds };
    let chosen = other.variants.iter();
    let chosen = chosen.filter(|variant| how.only.is_none_or(|name| name == variant.name));
    let pairs = chosen.filter_map(|variant| {
        let namesake = base.variants.iter().find(|known| known.name == variant.name);
        let against = namesake.or_else(|| base.variants.first())?;
        Some(pair((base, against), (other, variant), &rule, how.control_variate))
    });
    Compared { rule, pairs: pairs.collect() }
}

fn pair(
    (base_report, base): (&Saved, &SavedVariant),
    (other_report, other): (&Saved, &SavedVariant),
    rule: &Rule,
    control_variate: bool,
) -> Pair {
    let common = other.replications.keys().filter(|number| base.replications.contains_key(number));
    let is_paired = base.seed == other.seed && common.count() > 1;
    let series = |variant: &SavedVariant| {
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
        Some(Figure { base, other, difference, verdict })
    });
    let title =
        |report: &Saved, variant: &SavedVariant| format!("{}, {}", report.name, variant.name);
    Pair {
        base: title(base_report, base),
        other: title(other_report, other),
        folders: (base_report.folder.clone(), other_report.folder.clone()),
        is_paired,
        figures: figures.collect(),
    }
}

impl Compared {
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
            for part in PARTS {
                let lines = part.lines.iter();
                let lines: String =
                    lines.map(|line| self.line(pair, line.label, line.figure)).collect();
                if !lines.is_empty() {
                    let _ = write!(text, "\n{}\n{lines}", part.heading);
                }
            }
        }
        text
    }

    /// A figure; nothing if it is zero in both.
    fn line(&self, pair: &Pair, label: &str, name: &str) -> String {
        let position = FIGURES.iter().position(|figure| figure.name == name);
        let Some((definition, figure)) =
            position.and_then(|position| FIGURES.get(position).zip(pair.figures[position]))
        else {
            return String::new();
        };
        let Figure { base, other, difference, .. } = figure;
        if base.value == 0.0 && other.value == 0.0 {
            return String::new();
        }
        let cells = [base, other, difference].map(|estimate| match definition.kind {
            FigureKind::Maximum => formatted(definition, estimate.value),
            _ => with_interval(definition, &estimate, self.rule.confidence),
        });
        columns(label, cells.into_iter())
    }

    /// What a difference comes to, under it.
    fn verdict(&self, pair: &Pair, aim: &Objective) -> String {
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
                    Difference::new(&figure.difference, figure.verdict, self.rule.confidence)
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

/// A difference as it stands in JSON.
#[derive(Serialize, JsonSchema)]
pub(super) struct Difference {
    difference: f64,
    standard_error: Option<f64>,
    half_width: Option<f64>,
    /// How many that comes from.
    replications: u64,
    /// Of figures with a good and a bad direction.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = [words(&ComparisonVerdict::Better), words(&ComparisonVerdict::Worse), words(&ComparisonVerdict::Same), words(&UNCLEAR)]))]
    verdict: Option<&'static str>,
    /// A smaller difference does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    matters_from: Option<f64>,
    /// About so many replications would tell, if it is unclear.
    #[serde(skip_serializing_if = "Option::is_none")]
    replications_to_tell: Option<u64>,
}

impl Difference {
    /// `verdict` comes with the smallest difference that matters.
    pub(super) fn new(
        estimate: &Estimate,
        verdict: Option<(ComparisonVerdict, f64)>,
        confidence: f64,
    ) -> Self {
        let (verdict, matters_from) = verdict.unzip();
        let replications_to_tell = match verdict {
            Some(ComparisonVerdict::Unclear { replications }) => replications,
            _ => None,
        };
        Self {
            difference: estimate.value,
            standard_error: estimate.standard_error,
            half_width: estimate.half_width(confidence),
            replications: estimate.replications,
            verdict: verdict.as_ref().map(words),
            matters_from,
            replications_to_tell,
        }
    }
}

/// A confidence in percent.
pub(super) fn level(confidence: f64) -> String {
    format!("{} %", number(confidence * 100.0))
}

/// What a figure with a direction is called in a table.
pub(super) fn label(aim: &Objective) -> &'static str {
    match aim.figure {
        "service_level" => "service level",
        "abandonment" => "abandoned before an answer",
        "reassignments" => "removals a conversation",
        "first_response_mean" => "first response, mean",
        "response_p90" => "response, 90 % within",
        other => other,
    }
}

/// The label beside a verdict: from which difference on it matters.
pub(super) fn matters(aim: &Objective, thresholds: &DifferenceThresholds) -> String {
    let unit = find(aim.figure).map(|figure| figure.unit);
    let from = match (thresholds.of(aim), unit) {
        (DifferenceThreshold::Relative(part), _) => format!("{} % of base", number(part * 100.0)),
        (DifferenceThreshold::Absolute(size), Some(Unit::Share)) => match size * 100.0 {
            1.0 => "1 point".to_owned(),
            points => format!("{} points", number(points)),
        },
        (DifferenceThreshold::Absolute(size), Some(Unit::Seconds)) => seconds(size),
        (DifferenceThreshold::Absolute(size), _) => number(size),
    };
    format!("  matters from {from}")
}

const UNCLEAR: ComparisonVerdict = ComparisonVerdict::Unclear { replications: None };

/// A verdict in words.
pub(super) fn words(verdict: &ComparisonVerdict) -> &'static str {
    match verdict {
        ComparisonVerdict::Better => "better",
        ComparisonVerdict::Worse => "worse",
        ComparisonVerdict::Same => "no difference that matters",
        ComparisonVerdict::Unclear { .. } => "cannot tell yet",
    }
}

/// A verdict in the width of a column.
pub(super) fn verdict(verdict: &ComparisonVerdict) -> String {
    match verdict {
        ComparisonVerdict::Better => "better".to_owned(),
        ComparisonVerdict::Worse => "worse".to_owned(),
        ComparisonVerdict::Same => "no difference".to_owned(),
        ComparisonVerdict::Unclear { replications: Some(count) } if *count < 1_000_000 => {
            format!("unclear, ~{count}")
        }
        ComparisonVerdict::Unclear { .. } => "unclear".to_owned(),
    }
}

#[derive(Deserialize)]
struct Identities {
    schema: String,
    scenario: IdentityOfScenario,
    #[serde(default)]
    thresholds: DifferenceThresholds,
    variants: Vec<IdentityOfVariant>,
}

#[derive(Deserialize)]
struct IdentityOfVariant {
    name: String,
    seed: u64,
    #[serde(default)]
    expected_arrivals: Option<f64>,
}

const SUMMARY: &str = "summary.json";
