//! The goals and how each variant stands, in colour and in words.

use crate::ledger::definitions::{Definition, find};
use crate::ledger::objectives::OBJECTIVES;
use crate::report::charts::title;
use crate::report::format::{formatted, with_interval};
use crate::report::goals::{FigureGoal, GoalStanding, goals};
use crate::report::report_data::{ReportData, VariantData};

/// A line a goal, a column a variant.
pub(super) struct GoalsTable {
    /// Names of the variants.
    pub(super) heads: Vec<String>,
    /// The goals.
    pub(super) rows: Vec<GoalRow>,
}

/// A goal.
pub(super) struct GoalRow {
    /// What it is about.
    pub(super) label: String,
    /// What is wanted, if all variants have the same goal.
    pub(super) goal: String,
    /// The variants.
    pub(super) cells: Vec<GoalCell>,
}

/// How a variant stands.
pub(super) struct GoalCell {
    /// The figure with its interval.
    pub(super) value: String,
    /// Class and words.
    pub(super) badge: Option<(&'static str, String)>,
}

impl GoalsTable {
    /// None without goals.
    pub(super) fn new(data: &ReportData<'_>) -> Option<Self> {
        let rows =
            OBJECTIVES.iter().filter_map(|objective| GoalRow::new(data, find(objective.figure)?));
        let rows = Vec::from_iter(rows);
        let heads = data.variants.iter().map(|case| case.name.to_owned()).collect();
        (!rows.is_empty()).then_some(Self { heads, rows })
    }
}

impl GoalRow {
    fn new(data: &ReportData<'_>, figure: &Definition) -> Option<Self> {
        let of = |case: &VariantData<'_>| -> Option<FigureGoal> {
            goals(&case.outcome?.frame.goals).find(|goal| goal.figure.name == figure.name)
        };
        let set = Vec::from_iter(data.variants.iter().map(of));
        let first = set.iter().flatten().next()?;
        let same = set.iter().all(|goal| goal.is_some_and(|goal| goal.target == first.target));
        let cells = data.variants.iter().zip(&set).map(|(case, goal)| {
            let Some(estimate) = case.series.estimate(figure) else {
                return GoalCell { value: "–".to_owned(), badge: None };
            };
            let badge = goal.map(|goal| {
                let (class, words) = badge(goal.standing(&estimate, data.confidence()));
                let target = match same {
                    true => String::new(),
                    false => format!(" ({} {})", goal.side(), formatted(figure, goal.target)),
                };
                (class, format!("{words}{target}"))
            });
            let value = with_interval(figure, &estimate, data.confidence());
            GoalCell { value, badge }
        });
        let goal = match same {
            true => format!("{} {}", first.side(), formatted(figure, first.target)),
            false => first.side().to_owned(),
        };
        Some(Self { label: title(data, figure), goal, cells: cells.collect() })
    }
}

/// Class and words for a goal.
fn badge(standing: GoalStanding) -> (&'static str, &'static str) {
    match standing {
        GoalStanding::Met => ("good", "met"),
        GoalStanding::PerhapsMet => ("open", "met, perhaps by chance"),
        GoalStanding::PerhapsMissed => ("open", "missed, perhaps by chance"),
        GoalStanding::Missed => ("bad", "missed"),
    }
}

/// Class and words for all goals of a variant together.
pub(in crate::report) fn badge_of_all(standing: GoalStanding) -> (&'static str, &'static str) {
    match standing {
        GoalStanding::Met => ("good", "meets the goals"),
        GoalStanding::PerhapsMet | GoalStanding::PerhapsMissed => ("open", "too close to call"),
        GoalStanding::Missed => ("bad", "misses a goal"),
    }
}
