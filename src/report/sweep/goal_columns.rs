//! How each choice of values stands against each goal, column by column.

use crate::ledger::definitions::{Definition, FIGURES};
use crate::report::goals::{GoalStanding, JudgedVariants, goal_of, part_rows};
use crate::report::report_data::{Report, VariantData};
use crate::report::table::ReportCell;
use crate::report::wording::the_goals;

/// Something of every choice of values.
pub(super) struct SweepColumn {
    pub(super) head: String,
    /// By choice.
    pub(super) cells: Vec<ReportCell>,
}

/// The figures that a choice has a goal for.
pub(super) fn figures_with_goals(
    variants: &[VariantData<'_>],
) -> impl Iterator<Item = &'static Definition> {
    FIGURES.iter().filter(|figure| variants.iter().any(|case| goal_of(case, figure).is_some()))
}

/// A column a goal, for the run and for parts of it, the figure before it if it is of a part; then, of
/// several, one for all of them. None without goals.
pub(super) fn goal_columns(report: &Report<'_>) -> Vec<SweepColumn> {
    let (variants, confidence) = (report.variants(), report.confidence);
    let mut columns = Vec::new();
    let mut all: Vec<Vec<GoalStanding>> = variants.iter().map(|_| Vec::new()).collect();
    let mut goals = 0;
    let mut count = |standings: &mut dyn Iterator<Item = Option<GoalStanding>>| {
        goals += 1;
        all.iter_mut().zip(standings).for_each(|(all, standing)| all.extend(standing));
    };
    for figure in figures_with_goals(&variants) {
        let judged = JudgedVariants::new(figure, variants.iter(), confidence);
        let head = format!("{} {}", figure.short_label, judged.asked().unwrap_or_default());
        columns.push(SweepColumn { head, cells: judged.verdicts().collect() });
        count(&mut judged.variants.iter().map(|it| it.standing));
    }
    for row in part_rows(variants.iter(), confidence) {
        count(&mut row.standings.iter().copied());
        let verdicts = row.verdicts().collect();
        let head = format!("{} {}", row.label, row.goal.asked());
        columns.push(SweepColumn { head: row.label, cells: row.cells });
        columns.push(SweepColumn { head, cells: verdicts });
    }
    if goals > 1 {
        let cells = all.into_iter().map(|standings| {
            let standing = GoalStanding::of_all(standings.into_iter());
            standing.map_or(ReportCell::Nothing, ReportCell::from)
        });
        columns.push(SweepColumn { head: the_goals(goals), cells: cells.collect() });
    }
    columns
}
