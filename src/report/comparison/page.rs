//! The page of two reports against each other: verdicts, differences with their intervals, all
//! figures.

use crate::experiment::compare::ComparisonVerdict;
use crate::ledger::definitions::{Definition, FIGURES, Unit, find};
use crate::ledger::objectives::{OBJECTIVES, Objective};
use crate::report::charts::{Chart, ChartBuilder, Section};
use crate::report::format::value_in;
use crate::report::page::{Document, Explanation, PageFrame, PageStatement, html};
use crate::report::plot::{Axis, MOST_SERIES, PlotGoal, PlotRange, Ranges};
use crate::report::sentence::{Figure, Name, Sentence, sentence};
use crate::report::summary_rows::by_heading;
use crate::report::table::{ReportCell, ReportTable, labelled};
use crate::report::wording::{label, level, matters, verdict as short, words};

use super::conditions::Unlike;
use super::{ComparedFigure, ComparedVariant, ReportComparison, VariantPair};

impl ReportComparison<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let name = match self.pairs.first() {
            Some(pair) => pair.title(),
            None => "Nothing to compare".to_owned(),
        };
        let differences = Section::new(
            "differences",
            "Differences",
            "Each difference from the base with its interval; the dashed line is no difference, the \
             shaded side the better one.",
        )
        .charts(OBJECTIVES.iter().filter_map(|objective| self.chart(objective)));
        let figures = Section::new("figures", "All figures", "")
            .tables(self.pairs.iter().map(|pair| self.table(pair)));
        let unlike = Section::new(
            "unlike",
            "Not alike",
            "What the two runs do not have in common, as it is written.",
        )
        .tables(self.unlike_tables());
        html(&Document {
            frame: PageFrame {
                kind: "comparison",
                name: &name,
                alerts: self.alerts(),
                facts: vec![
                    format!("{} intervals", level(self.rule.confidence)),
                    format!("Shiftstorm {}", env!("CARGO_PKG_VERSION")),
                ],
                ..PageFrame::default()
            },
            headline: self.pairs.first().map(|pair| self.headline(pair)).unwrap_or_default(),
            statements: self.pairs.iter().map(|pair| self.told(pair)).collect(),
            sections: Section::shown([unlike, differences, figures]),
            method: self.method(),
            ..Document::default()
        })
    }

    /// Runs of other hours, staffing or goals.
    fn alerts(&self) -> Vec<String> {
        let alert = |unlike: &Unlike| match unlike.is_first() {
            true => Some(format!("{}: {} against {}", unlike.what, unlike.other, unlike.base)),
            false => None,
        };
        let pairs = self.pairs.iter().filter_map(|pair| {
            let alerts = Vec::from_iter(pair.unlike.iter().filter_map(alert));
            let title = pair.title();
            (!alerts.is_empty()).then(|| format!("Not alike, {title}. {}.", alerts.join("; ")))
        });
        pairs.take(MOST_SERIES).collect()
    }

    fn unlike_tables(&self) -> Vec<ReportTable> {
        let pairs = self.pairs.iter().filter(|pair| !pair.unlike.is_empty());
        let tables = pairs.map(|pair| {
            let mut table = ReportTable::new(pair.title(), ["setting", "base", "other"]);
            for Unlike { what, base, other, .. } in &pair.unlike {
                table.push(None, [what, base, other].map(|it| ReportCell::text(it.clone())).into());
            }
            table
        });
        tables.collect()
    }

    /// What the first pair comes to, all figures with a direction together.
    fn headline(&self, pair: &VariantPair<'_>) -> Sentence {
        type Wanted = fn(&ComparisonVerdict) -> bool;
        let kinds: [(&str, Wanted); 4] = [
            ("is better", |it| matches!(it, ComparisonVerdict::Better)),
            ("is worse", |it| matches!(it, ComparisonVerdict::Worse)),
            ("makes no difference that matters", |it| matches!(it, ComparisonVerdict::Same)),
            ("cannot be told from the base yet", |it| {
                matches!(it, ComparisonVerdict::Unclear { .. })
            }),
        ];
        let kinds = kinds.into_iter().filter_map(|(words, wanted)| {
            let found = OBJECTIVES
                .iter()
                .filter(|objective| pair.verdict(objective).is_some_and(|it| wanted(&it)));
            let names = Vec::from_iter(found.map(label)).join("; ");
            (!names.is_empty()).then(|| format!("{words}: {names}."))
        });
        let told = match Vec::from_iter(kinds) {
            kinds if kinds.is_empty() => "has nothing to compare.".to_owned(),
            kinds => kinds.join(" It "),
        };
        sentence!("{} {told}", Name(pair.names().1))
    }

    /// A sentence for each figure with a direction.
    fn told(&self, pair: &VariantPair<'_>) -> PageStatement {
        let sentences = OBJECTIVES.iter().filter_map(|objective| {
            let (definition, figure) = pair.figure(objective.figure)?;
            let (verdict, _) = figure.verdict?;
            let [base, other, difference] = figure.cells(definition, self.rule.confidence);
            let enough = match verdict {
                ComparisonVerdict::Unclear { replications: Some(count) } => {
                    format!("; about {count} replications would tell")
                }
                _ => String::new(),
            };
            Some(sentence!(
                "{}: {} ({} against {}): {}{enough}.",
                label(objective),
                Figure(difference.brief()),
                other.without_interval().brief(),
                base.without_interval().brief(),
                words(&verdict)
            ))
        });
        PageStatement {
            colour: self.colour(pair),
            ..PageStatement::new(pair.title(), None, sentences)
        }
    }

    /// Position of its colour.
    fn colour(&self, pair: &VariantPair<'_>) -> usize {
        let position = self.pairs.iter().position(|other| std::ptr::eq(pair, other));
        position.unwrap_or(MOST_SERIES).min(MOST_SERIES)
    }

    /// The differences of a figure, pair by pair; none of what is zero everywhere.
    fn chart(&self, objective: &Objective) -> Option<Chart> {
        let definition = find(objective.figure)?;
        let pairs = self.pairs.iter().take(MOST_SERIES);
        let ranges = pairs.filter_map(|pair| {
            let (_, figure) = pair.figure(objective.figure)?;
            let verdict = figure.verdict.map(|(verdict, _)| short(&verdict))?;
            let (colour, name) = (self.colour(pair), pair.names().1);
            let (difference, confidence) = (figure.difference, self.rule.confidence);
            let text = figure.cells(definition, confidence)[2].brief();
            let range = PlotRange::estimate(colour, name, &difference, text, confidence);
            Some(PlotRange { text: format!("{}: {verdict}", range.text), ..range })
        });
        let ranges = Vec::from_iter(ranges);
        if ranges.is_empty() {
            return None;
        }
        let title = format!("Difference: {}", label(objective));
        let goal = Some(PlotGoal { at: 0.0, at_least: objective.more_is_better });
        let ranges = Ranges { axis: axis(definition, &ranges), goal, ranges };
        let chart = ChartBuilder::new(format!("difference_{}", objective.figure), title);
        Some(chart.about(ranges.told()).ranges("other", "difference", ranges))
    }

    /// Every figure that is not zero in both.
    fn table(&self, pair: &VariantPair<'_>) -> ReportTable {
        let heads = ["figure", "base", "other", "difference", "verdict"];
        let mut table = ReportTable::new(pair.title(), heads).spoken();
        for row in OBJECTIVES
            .iter()
            .filter_map(|objective| self.row(pair, label(objective), objective.figure))
        {
            table.push(None, row);
        }
        by_heading(&mut table, |figure| self.row(pair, figure.row_label(), figure.name));
        table
    }

    fn row(
        &self,
        pair: &VariantPair<'_>,
        label: impl Into<ReportCell>,
        name: &str,
    ) -> Option<Vec<ReportCell>> {
        let verdict = pair.figure(name)?.1.verdict;
        let verdict = verdict.map_or(ReportCell::Blank, |(it, _)| words(&it).into());
        let cells = self.cells(pair, name)?.into_iter();
        Some(labelled(label, cells.chain([verdict])))
    }

    fn method(&self) -> Vec<Explanation> {
        let pairs = self.pairs.iter().map(|pair| format!("{}: {}.", pair.title(), pair.how()));
        let thresholds = OBJECTIVES.iter().map(|objective| {
            let from = matters(objective, &self.rule.thresholds);
            format!("{} {}", label(objective), from.trim())
        });
        let verdicts = format!(
            "A difference is better or worse if its {} interval leaves out zero, no difference that \
             matters if all that the interval holds is too small to matter, and otherwise it cannot \
             be told yet. Each interval holds by itself, not all of them at once. {}.",
            level(self.rule.confidence),
            Vec::from_iter(thresholds).join(", ")
        );
        vec![
            Explanation::new("Compared", Vec::from_iter(pairs).join(" ")),
            Explanation::new("Verdicts", verdicts),
        ]
    }
}

impl VariantPair<'_> {
    /// What base and other are called: with their folders, if they cannot be told apart otherwise.
    fn names(&self) -> (String, String) {
        let is_same = self.base.title == self.other.title;
        let name = |variant: &ComparedVariant| match is_same {
            true => format!("{} ({})", variant.title, variant.folder),
            false => variant.title.clone(),
        };
        (name(self.base), name(self.other))
    }

    fn title(&self) -> String {
        let (base, other) = self.names();
        format!("{other} against {base}")
    }

    /// A figure, unless it is zero in both.
    pub(super) fn figure(&self, name: &str) -> Option<(&'static Definition, ComparedFigure)> {
        let position = FIGURES.iter().position(|figure| figure.name == name)?;
        let figure = self.figures.get(position).copied().flatten()?;
        let speaks = figure.base.value != 0.0 || figure.other.value != 0.0;
        speaks.then_some((&FIGURES[position], figure))
    }

    fn verdict(&self, objective: &Objective) -> Option<ComparisonVerdict> {
        self.figure(objective.figure)?.1.verdict.map(|(verdict, _)| verdict)
    }
}

/// Around zero and everything.
fn axis(definition: &'static Definition, ranges: &[PlotRange]) -> Axis {
    let ends = ranges.iter().flat_map(|range| range.value.ends());
    let (low, high) =
        ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
    let room = ((high - low) * 0.08).max(1e-6);
    let (low, high) = (low - room, high + room);
    match definition.unit {
        Unit::Share => Axis::shares("points", low, high),
        Unit::Seconds => Axis::around("time", low, high, |value| value_in(definition.unit, value)),
        _ => Axis::numbers("a conversation", low, high),
    }
}
