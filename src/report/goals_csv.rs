//! Every goal of every variant held against what came of it: a table, and cases for build servers.

use std::io;

use crate::experiment::VariantResults;
use crate::experiment::interval::Estimate;

use super::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::goals;
use super::goals::{FigureGoal, GoalStanding};
use super::junit::{JunitCase, JunitResult, JunitSuite};
use super::report_data::Report;
use super::wording::{level, with_interval};

/// A goal and what came of it.
struct JudgedGoal<'a> {
    variant: &'a VariantResults,
    confidence: f64,
    /// What intervals come from.
    parts: &'static str,
    goal: FigureGoal,
    estimate: Option<Estimate>,
}

/// Whether any variant has a goal.
pub(super) fn has_goals(report: &Report<'_>) -> bool {
    report.results.variants.iter().any(|variant| goals_of(report, variant).next().is_some())
}

/// A row a goal of each variant.
pub(super) fn goals(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    table.header(columns())?;
    for variant in &report.results.variants {
        goals_of(report, variant).try_for_each(|judged| table.row(columns(), &judged))?;
    }
    Ok(())
}

/// A suite a variant: its goals, and that no replication met a bug.
pub fn suites(report: &Report<'_>) -> Vec<JunitSuite> {
    let suite = |variant: &VariantResults| {
        let goals = goals_of(report, variant).map(|judged| judged.case());
        JunitSuite::new(&variant.name, goals.chain([without_bugs(report, variant)]))
    };
    report.results.variants.iter().map(suite).collect()
}

fn goals_of<'a>(
    report: &Report<'_>,
    variant: &'a VariantResults,
) -> impl Iterator<Item = JudgedGoal<'a>> {
    let confidence = report.confidence;
    let parts = if report.results.batches.is_some() { "batches" } else { "replications" };
    let measure = &variant.plan.measure;
    goals::goals(&measure.goals, &measure.part_goals).map(move |goal| {
        let estimate = goal.estimate(&variant.series);
        JudgedGoal { variant, confidence, parts, goal, estimate }
    })
}

fn without_bugs(report: &Report<'_>, variant: &VariantResults) -> JunitCase {
    let (failed, planned) = (variant.failures.len(), report.results.planned);
    let ending = match failed {
        0 => JunitResult::Passed,
        _ => JunitResult::Failed("bug in Shiftstorm"),
    };
    let message = format!("{failed} of {planned} replications met a bug in Shiftstorm");
    JunitCase::new("no replication meets a bug", ending, message)
}

impl JudgedGoal<'_> {
    fn standing(&self) -> Option<GoalStanding> {
        self.estimate.map(|estimate| self.goal.standing(&estimate, self.confidence))
    }

    /// Half the interval.
    fn half_width(&self) -> Option<f64> {
        self.estimate.and_then(|estimate| estimate.half_width(self.confidence))
    }

    /// The part of the run that it is for.
    fn part(&self) -> &str {
        let goal = self.goal.part.and_then(|at| self.variant.plan.measure.part_goals.get(at));
        goal.map_or("", |goal| &goal.name)
    }

    fn unit(&self) -> &'static str {
        self.goal.figure.unit.name()
    }

    /// A goal is missed if the figure misses it, as in the summary; the message tells if chance may
    /// have decided.
    fn case(&self) -> JunitCase {
        let (figure, goal) = (self.goal.figure, self.goal.asked());
        let label = self.goal.label(&self.variant.plan.measure.part_goals);
        let name = format!("{label}: {goal}");
        let Some((estimate, standing)) = self.estimate.zip(self.standing()) else {
            let message = "nobody wrote: there is nothing to judge";
            return JunitCase::new(name, JunitResult::Skipped, message);
        };
        let (ending, doubt) = match standing {
            GoalStanding::Met => (JunitResult::Passed, ""),
            GoalStanding::PerhapsMet => (JunitResult::Passed, DOUBT),
            GoalStanding::PerhapsMissed => (JunitResult::Failed("missed?"), DOUBT),
            GoalStanding::Missed => (JunitResult::Failed("missed"), ""),
        };
        let message = format!(
            "{label} {}, goal {goal}: {} ({} interval, {} {}){doubt}",
            with_interval(figure, &estimate, self.confidence),
            standing.word(),
            level(self.confidence),
            estimate.replications,
            self.parts,
        );
        JunitCase::new(name, ending, message)
    }
}

fn columns<'a>() -> &'a [TableColumn<JudgedGoal<'a>>] {
    columns! {
    variant "" = |row| TableCell::text(&row.variant.name), "Variant.";
    figure "" = |row| TableCell::word(row.goal.figure.name), "Figure that is to meet the goal.";
    part "" = |row| TableCell::text(row.part()), "Skill, group of agents, or from–to by the clock, of which the figure is; empty for the whole run.";
    unit "" = |row| TableCell::word(row.unit()), "Unit of the numbers in the row.";
    side "" = |row| TableCell::word(row.goal.side()), "Whether it is to be `at least` or `at most` the goal.";
    goal "" = |row| TableCell::In(row.unit(), Some(row.goal.target)), "Goal.";
    estimate "" = |row| TableCell::In(row.unit(), row.estimate.map(|estimate| estimate.value)), "Figure, in the mean over replications.";
    half_width "" = |row| TableCell::In(row.unit(), row.half_width()), "Half the interval of it.";
    replications "" = |row| TableCell::Whole(row.estimate.map_or(0, |estimate| estimate.replications)), "Replications that it comes from.";
    verdict "" = |row| TableCell::word(row.standing().map_or("", GoalStanding::word)), "`met` or `missed`; with a question mark if the interval holds the goal, so that chance may have decided.";
    }
}

const DOUBT: &str = "; the interval holds the goal: more replications would tell";
