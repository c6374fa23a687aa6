//! The rows of a summary, whether a terminal, a page or the workbook shows them.

use crate::experiment::compare::{Comparison, Rule};
use crate::ledger::definitions::{Definition, find, summary};
use crate::ledger::objectives::OBJECTIVES;
use crate::ledger::settings::ServiceLevelAt;

use super::goals::{JudgedVariants, part_rows};
use super::report_data::VariantData;
use super::table::{ReportCell, ReportTable, labelled};
use super::terminal::cut;
use super::wording;

/// Variants beside each other, the base first.
pub(super) struct SummaryRows<'a> {
    pub(super) variants: Vec<&'a VariantData<'a>>,
    pub(super) rule: Rule,
}

/// What came of a comparison with the base, and the variant.
type Compared<'a> = (&'a Comparison, &'a VariantData<'a>);

/// Figures under the headings of a summary, as far as they, and those beside which they say more, have
/// a row.
pub(super) fn by_heading(
    table: &mut ReportTable,
    row: impl Fn(&'static Definition) -> Option<Vec<ReportCell>>,
) {
    let beside = |figure: &Definition| figure.place?.beside.and_then(find);
    let row = |figure| beside(figure).is_none_or(|it| row(it).is_some()).then(|| row(figure))?;
    for part in summary() {
        table.part(part.heading, part.figures.into_iter().filter_map(row).collect());
    }
}

impl SummaryRows<'_> {
    /// The verdict on these figures, the others against the base, and all figures.
    pub(super) fn all(&self, table: &mut ReportTable, judged: &[&'static Definition]) {
        judged.iter().for_each(|figure| self.judged(table, figure));
        self.for_parts(table);
        self.against(table);
        self.figures(table);
    }
    /// A figure with its interval, and below it whether its goal is met.
    fn judged(&self, table: &mut ReportTable, figure: &'static Definition) {
        let variants = self.variants.iter().copied();
        let judged = JudgedVariants::new(figure, variants, self.rule.confidence);
        table.push(None, labelled(self.label(figure), self.cells(figure)));
        let Some(asked) = judged.asked() else { return };
        let label = match judged.common_goal() {
            Some(_) => format!("  goal: {asked}"),
            None => format!("  goal ({asked})"),
        };
        table.push(None, labelled(label, judged.verdicts()));
    }

    /// Goals for parts of the run, and below each whether it is met.
    fn for_parts(&self, table: &mut ReportTable) {
        for row in part_rows(self.variants.iter().copied(), self.rule.confidence) {
            let verdicts = Vec::from_iter(row.verdicts());
            let label = row.goal.figure.short_label;
            let label = match row.name.as_str() {
                "" => label.to_owned(),
                name => format!("{label}, {name}"),
            };
            table.push(None, labelled(label, row.cells));
            table.push(None, labelled(format!("  goal: {}", row.goal.asked()), verdicts));
        }
    }

    /// The other variants less the base, figure by figure, with the verdict below.
    fn against(&self, table: &mut ReportTable) {
        let Some((base, others)) = self.variants.split_first() else { return };
        let compared = others.iter().map(|other| self.rule.judge(base.series, other.series));
        let compared = Vec::from_iter(compared.zip(others.iter().copied()));
        let mut rows = Vec::new();
        for objective in &OBJECTIVES {
            let Some(figure) = find(objective.figure).filter(|it| self.says_something(it)) else {
                continue;
            };
            let line = compared.iter().map(|(all, other)| {
                let found = all.iter().find(|comparison| comparison.figure.name == figure.name);
                found.map(|comparison| (comparison, *other))
            });
            let line = Vec::from_iter(line);
            if line.iter().all(Option::is_none) {
                continue;
            }
            let mut row = |label: &str, cell: &dyn Fn(&Compared<'_>) -> ReportCell| {
                let others = line.iter().map(|it| it.as_ref().map_or(ReportCell::Nothing, cell));
                let cells = std::iter::once(ReportCell::Blank).chain(others);
                rows.push(labelled(label.to_owned(), cells));
            };
            row(figure.label, &|(_, other)| {
                let difference = other.difference(base, figure, self.rule.confidence);
                difference.map_or(ReportCell::Nothing, |difference| difference.cell())
            });
            row(&wording::matters(objective, &self.rule.thresholds), &|(comparison, _)| {
                ReportCell::word(wording::verdict(&comparison.verdict))
            });
        }
        table.part(format!("Against {}", cut(base.name, 60)), rows);
    }

    /// Figures under their headings; those that are zero for all variants are left out.
    pub(super) fn figures(&self, table: &mut ReportTable) {
        by_heading(table, |figure| {
            let cells = || labelled(figure.row_label(), self.cells(figure));
            self.says_something(figure).then(cells)
        });
    }

    fn says_something(&self, figure: &Definition) -> bool {
        self.variants.iter().any(|case| case.has(figure))
    }

    fn cells(&self, figure: &'static Definition) -> impl Iterator<Item = ReportCell> {
        self.variants.iter().map(|case| case.cell(figure, self.rule.confidence))
    }

    /// What a figure with a goal is called.
    fn label(&self, figure: &Definition) -> String {
        let frame = self.variants.iter().find_map(|case| Some(&case.outcome?.frame));
        let Some(frame) = frame.filter(|_| figure.name == "service_level") else {
            return figure.label.to_owned();
        };
        let done = match frame.service_level.at {
            ServiceLevelAt::Assignment => "assigned",
            ServiceLevelAt::Answer => "answered",
        };
        match frame.has_one_threshold() {
            true => format!("{done} within {}", frame.service_level.within),
            false => format!("{done} in its threshold"),
        }
    }
}
