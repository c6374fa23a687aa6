//! The first sheet: what the printed summary shows, variants side by side.

use std::io;

use rust_xlsxwriter::Worksheet;

use crate::experiment::VariantResults;
use crate::experiment::compare::Comparison;
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, FigureKind, Unit, find, summary};
use crate::ledger::objectives::OBJECTIVES;
use crate::report::format::formatted;
use crate::report::goals::goals;
use crate::report::notes::notes;
use crate::report::report_data::Report;
use crate::report::summary::run_of;
use crate::report::terminal;
use crate::report::wording::{label, level, matters, verdict};

use super::cell_writer::{CellAddress, CellStyles, CellWriter};
use super::error::trouble;
use super::table_sheet::{BAD, GOOD, print_on};

/// The sheet.
pub(super) fn overview(report: &Report<'_>, styles: &CellStyles) -> io::Result<Worksheet> {
    let mut sheet = Worksheet::new();
    sheet.set_name("Summary").map_err(trouble)?;
    let shown = report.results.variants.iter().take(MOST_VARIANTS).collect();
    let mut overview =
        Overview { report, variants: shown, pen: CellWriter { sheet, styles }, row: 0 };
    overview.top()?;
    overview.objectives()?;
    overview.against()?;
    overview.parts()?;
    overview.notes()?;
    let mut sheet = overview.pen.sheet;
    print_on(&mut sheet, 1);
    Ok(sheet)
}

struct Overview<'a> {
    report: &'a Report<'a>,
    variants: Vec<&'a VariantResults>,
    pen: CellWriter<'a>,
    /// The next one.
    row: u32,
}

impl<'a> Overview<'a> {
    /// A cell of the next row.
    fn at(&self, column: u16) -> CellAddress {
        CellAddress { row: self.row, column }
    }

    fn top(&mut self) -> io::Result<()> {
        let styles = self.pen.styles;
        let level = level(self.report.confidence);
        let legend = format!("±: half of the {level} interval; ?: it holds the goal");
        let run = run_of(self.report);
        self.pen.text(self.at(0), self.report.name, &styles.title)?;
        for line in [self.report.question, &run, &legend] {
            self.row += 1;
            self.pen.text(self.at(0), line, &styles.plain)?;
        }
        self.row += 2;
        self.pen.text(self.at(0), "figure", &styles.left)?;
        self.pen.text(self.at(1), "unit", &styles.left)?;
        let mut lines = 1;
        for position in 0..self.variants.len() {
            let (column, name) = (value_column(position), &self.variants[position].name);
            self.pen.text(self.at(column), name, &styles.right)?;
            self.pen.text(self.at(column + 1), "±", &styles.right)?;
            self.pen.sheet.set_column_width(column, VALUE as f64).map_err(trouble)?;
            self.pen.sheet.set_column_width(column + 1, HALF).map_err(trouble)?;
            lines = lines.max(terminal::folded(name, VALUE - 1, MOST_LINES).len());
        }
        let sheet = &mut self.pen.sheet;
        sheet.set_column_width(0, LABEL).map_err(trouble)?;
        sheet.set_column_width(1, UNIT).map_err(trouble)?;
        sheet.set_row_height(self.row, 15.0 * lines as f64 + 4.0).map_err(trouble)?;
        sheet.set_freeze_panes(self.row + 1, 2).map_err(trouble)?;
        sheet.set_repeat_rows(self.row, self.row).map_err(trouble)?;
        self.row += 1;
        Ok(())
    }

    /// Figures with a direction, those with goals with a verdict below.
    fn objectives(&mut self) -> io::Result<()> {
        for objective in &OBJECTIVES {
            let Some(figure) = find(objective.figure) else { continue };
            self.line(label(objective), figure)?;
            self.goal(figure)?;
        }
        Ok(())
    }

    fn goal(&mut self, figure: &Definition) -> io::Result<()> {
        let styles = self.pen.styles;
        let goal_of = |variant: &&VariantResults| {
            goals(&variant.plan.measure.goals).find(|goal| goal.figure.name == figure.name)
        };
        let found = Vec::from_iter(self.variants.iter().map(goal_of));
        let Some(first) = found.iter().flatten().next() else { return Ok(()) };
        let is_same = found.iter().flatten().all(|goal| goal.target == first.target);
        let target = if is_same { formatted(figure, first.target) } else { String::new() };
        let text = format!("  goal: {} {target}", first.side());
        self.pen.text(self.at(0), &text, &styles.plain)?;
        for (position, goal) in found.iter().enumerate() {
            let estimate = self.variants[position].estimate(figure);
            let Some((goal, estimate)) = goal.as_ref().zip(estimate) else { continue };
            let word = goal.standing(&estimate, self.report.confidence).word();
            self.word(position, word)?;
            if !is_same {
                let at = self.at(value_column(position) + 1);
                self.pen.rounded(at, Some(goal.target), figure.unit.name())?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// The other variants less the base, with the verdict below.
    fn against(&mut self) -> io::Result<()> {
        let styles = self.pen.styles;
        let rule = self.report.rule();
        let Some((base, others)) = self.variants.split_first() else { return Ok(()) };
        if others.is_empty() {
            return Ok(());
        }
        let judged = others.iter().map(|other| rule.judge(&base.series, &other.series));
        let judged = Vec::from_iter(judged);
        self.heading(&format!("Against {}", base.name))?;
        for objective in &OBJECTIVES {
            let compared = Vec::from_iter(judged.iter().map(|judged: &Vec<Comparison>| {
                judged.iter().find(|judged| judged.figure.name == objective.figure)
            }));
            let speaks = |it: &&Comparison| it.difference.value != 0.0;
            if !compared.iter().flatten().any(speaks) {
                continue;
            }
            self.pen.text(self.at(0), label(objective), &styles.plain)?;
            let unit = find(objective.figure).map_or("", unit_of);
            self.pen.text(self.at(1), unit, &styles.plain)?;
            let below = CellAddress { row: self.row + 1, column: 0 };
            self.pen.text(below, &matters(objective, &rule.thresholds), &styles.plain)?;
            for (other, compared) in compared.iter().enumerate() {
                let Some(compared) = compared else { continue };
                self.estimate(other + 1, compared.figure, &compared.difference)?;
                self.row += 1;
                self.word(other + 1, &verdict(&compared.verdict))?;
                self.row -= 1;
            }
            self.row += 2;
        }
        Ok(())
    }

    fn parts(&mut self) -> io::Result<()> {
        for mut part in summary() {
            part.figures.retain(|figure| {
                let mut estimates = self.variants.iter().filter_map(|it| it.estimate(figure));
                estimates.any(|estimate| estimate.value != 0.0)
            });
            if !part.figures.is_empty() {
                self.heading(part.heading)?;
            }
            for figure in part.figures {
                self.line(&figure.row_label(), figure)?;
            }
        }
        Ok(())
    }

    fn notes(&mut self) -> io::Result<()> {
        let more = self.report.results.variants.len() - self.variants.len();
        let more = (more > 0).then(|| format!("{more} more variants are in the sheet Figures."));
        let style = &self.pen.styles.note;
        self.row += 1;
        let shown = self.variants.len().max(2);
        let last = value_column(shown) - 1;
        let width = LABEL + UNIT + shown as f64 * (VALUE as f64 + HALF);
        for note in notes(self.report).into_iter().chain(more) {
            let lines = terminal::folded(&note, width as usize, usize::MAX).len();
            let sheet = &mut self.pen.sheet;
            sheet.merge_range(self.row, 0, self.row, last, "", style).map_err(trouble)?;
            sheet.set_row_height(self.row, 15.0 * lines as f64 + 1.0).map_err(trouble)?;
            self.pen.text(self.at(0), &note, style)?;
            self.row += 1;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        self.row += 1;
        let style = &self.pen.styles.heading;
        self.pen.text(self.at(0), text, style)?;
        self.pen.text(self.at(1), "", style)?;
        self.row += 1;
        Ok(())
    }

    /// A figure of all variants; the highest of all replications has no interval.
    fn line(&mut self, label: &str, figure: &Definition) -> io::Result<()> {
        let styles = self.pen.styles;
        self.pen.text(self.at(0), label, &styles.plain)?;
        self.pen.text(self.at(1), unit_of(figure), &styles.plain)?;
        for position in 0..self.variants.len() {
            let variant = self.variants[position];
            if figure.kind == FigureKind::Maximum {
                let at = self.at(value_column(position));
                self.pen.rounded(at, variant.pooled(figure), figure.unit.name())?;
            } else if let Some(estimate) = variant.estimate(figure) {
                self.estimate(position, figure, &estimate)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    fn estimate(
        &mut self,
        position: usize,
        figure: &Definition,
        estimate: &Estimate,
    ) -> io::Result<()> {
        let (column, unit) = (value_column(position), figure.unit.name());
        self.pen.rounded(self.at(column), Some(estimate.value), unit)?;
        let half = estimate.half_width(self.report.confidence);
        self.pen.rounded(self.at(column + 1), half, unit)?;
        Ok(())
    }

    fn word(&mut self, position: usize, word: &str) -> io::Result<()> {
        let styles = self.pen.styles;
        let style = match word {
            _ if GOOD.contains(&word) => &styles.good,
            _ if BAD.contains(&word) => &styles.bad,
            _ => &styles.word,
        };
        self.pen.text(self.at(value_column(position)), word, style)?;
        Ok(())
    }
}

/// Shares are shown in percent.
fn unit_of(figure: &Definition) -> &'static str {
    match figure.unit {
        Unit::Share => "%",
        unit => unit.name(),
    }
}

fn value_column(position: usize) -> u16 {
    2 * position as u16 + 2
}

/// Nobody reads more beside each other.
const MOST_VARIANTS: usize = 60;
const LABEL: f64 = 33.0;
const UNIT: f64 = 16.0;
const VALUE: usize = 15;
const HALF: f64 = 9.0;
/// Of a name in the header.
const MOST_LINES: usize = 6;
