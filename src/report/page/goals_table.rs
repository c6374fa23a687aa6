//! The goals and how each variant stands, in colour and in words.

use crate::ledger::definitions::{Definition, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::report::charts::title;
use crate::report::goals::{JudgedVariants, part_rows};
use crate::report::report_data::ReportData;
use crate::report::table::Standing;
use crate::report::wording::capital;

/// A goal, of all variants.
pub(super) struct GoalRow {
    /// What it is about.
    pub(super) label: String,
    /// What is wanted.
    pub(super) asked: String,
    /// The variants.
    pub(super) cells: Vec<GoalCell>,
}

/// How a variant stands.
pub(super) struct GoalCell {
    /// The figure with its interval.
    pub(super) value: String,
    /// How it stands, and that in words.
    pub(super) badge: Option<(Standing, String)>,
}

/// A row for each figure with a goal.
pub(super) fn rows(data: &ReportData<'_>) -> Vec<GoalRow> {
    let of_run = OBJECTIVES.iter().filter_map(|objective| row(data, find(objective.figure)?));
    let for_parts = part_rows(data.variants.iter(), data.confidence()).into_iter().map(|row| {
        let cells = row.cells.iter().zip(&row.standings).map(|(value, standing)| {
            let badge = standing.map(|standing| standing.badge());
            let badge = badge.map(|(standing, words)| (standing, words.to_owned()));
            GoalCell { value: value.brief(), badge }
        });
        GoalRow { label: capital(&row.label), asked: row.goal.asked(), cells: cells.collect() }
    });
    of_run.chain(for_parts).collect()
}

fn row(data: &ReportData<'_>, figure: &'static Definition) -> Option<GoalRow> {
    let judged = JudgedVariants::new(figure, data.variants.iter(), data.confidence());
    let (label, asked) = (title(data, figure), judged.asked()?);
    let cells = judged.variants.iter().zip(&data.variants).map(|(variant, case)| {
        let value = case.cell(figure, data.confidence());
        let badge = variant.standing.zip(variant.goal).map(|(standing, goal)| {
            let (standing, words) = standing.badge();
            match judged.common_goal() {
                Some(_) => (standing, words.to_owned()),
                None => (standing, format!("{words} ({})", goal.asked())),
            }
        });
        GoalCell { value: value.brief(), badge }
    });
    Some(GoalRow { label, asked, cells: cells.collect() })
}
