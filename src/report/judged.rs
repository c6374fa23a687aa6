//! Every goal of every variant held against what came of it: a table, and cases for build servers.

use std::io;

use crate::experiment::VariantResults;
use crate::experiment::interval::Estimate;
use crate::ledger::objectives::OBJECTIVES;

use super::Report;
use super::cells::{Cell, Column, Sink, Table as _, columns};
use super::comparison::{label, level};
use super::goals::{self, Goal, Standing};
use super::grid::{formatted, with_interval};
use super::junit::{Case, Ending, Suite};

/// A goal and what came of it.
struct Judged<'a> {
    variant: &'a VariantResults,
    confidence: f64,
    /// What intervals come from.
    parts: &'static str,
    goal: Goal,
    estimate: Option<Estimate>,
}

/// Whether any variant has a goal.
pub(super) fn has_goals(report: &Report<'_>) -> bool {
    report.results.variants.iter().any(|variant| goals_of(report, variant).next().is_some())
}

/// A row a goal of each variant.
pub(super) fn goals(report: &Report<'_>, table: &mut dyn Sink) -> io::Result<()> {
    table.header(columns())?;
    for variant in &report.results.variants {
        goals_of(report, variant).try_for_each(|judged| table.row(columns(), &judged))?;
    }
    Ok(())
}

/// A suite a variant: its goals, and that no replication met a bug.
pub fn suites(report: &Report<'_>) -> Vec<Suite> {
    let suite = |variant: &VariantResults| {
        let goals = goals_of(report, variant).map(|judged| judged.case());
        let cases = goals.chain([without_bugs(report, variant)]).collect();
        Suite { name: variant.name.clone(), cases }
    };
    report.results.variants.iter().map(suite).collect()
}

fn goals_of<'a>(
    report: &Report<'_>,
    variant: &'a VariantResults,
) -> impl Iterator<Item = Judged<'a>> {
    let confidence = report.confidence;
    let parts = if report.results.batches.is_some() { "batches" } else { "replications" };
    goals::goals(&variant.plan.measure.goals).map(move |goal| {
        let estimate = variant.estimate(goal.figure);
        Judged { variant, confidence, parts, goal, estimate }
    })
}

fn without_bugs(report: &Report<'_>, variant: &VariantResults) -> Case {
    let (failed, planned) = (variant.failures.len(), report.results.planned);
    Case {
        name: "no replication meets a bug".to_owned(),
        ending: if failed == 0 { Ending::Passed } else { Ending::Failed("bug in Shiftstorm") },
        message: format!("{failed} of {planned} replications met a bug in Shiftstorm"),
    }
}

impl Judged<'_> {
    fn standing(&self) -> Option<Standing> {
        self.estimate.map(|estimate| self.goal.standing(&estimate, self.confidence))
    }

    /// Half the interval.
    fn half_width(&self) -> Option<f64> {
        self.estimate.and_then(|estimate| estimate.half_width(self.confidence))
    }

    fn unit(&self) -> &'static str {
        self.goal.figure.unit.name()
    }

    /// What the goal is about.
    fn label(&self) -> &'static str {
        let figure = self.goal.figure.name;
        OBJECTIVES.iter().find(|aim| aim.figure == figure).map_or(figure, label)
    }

    /// A goal is missed if the figure misses it, as in the summary; the message tells if chance may
    /// have decided.
    fn case(&self) -> Case {
        let Goal { figure, target, .. } = self.goal;
        let goal = format!("{} {}", self.goal.side(), formatted(figure, target));
        let name = format!("{}: {goal}", self.label());
        let Some((estimate, standing)) = self.estimate.zip(self.standing()) else {
            let message = "nobody wrote: there is nothing to judge".to_owned();
            return Case { name, ending: Ending::Skipped, message };
        };
        let (ending, doubt) = match standing {
            Standing::Met => (Ending::Passed, ""),
            Standing::PerhapsMet => (Ending::Passed, DOUBT),
            Standing::PerhapsMissed => (Ending::Failed("missed?"), DOUBT),
            Standing::Missed => (Ending::Failed("missed"), ""),
        };
        let message = format!(
            "{} {}, goal {goal}: {} ({} interval, {} {}){doubt}",
            self.label(),
            with_interval(figure, &estimate, self.confidence),
            standing.word(),
            level(self.confidence),
            estimate.replications,
            self.parts,
        );
        Case { name, ending, message }
    }
}

fn columns<'a>() -> &'a [Column<Judged<'a>>] {
    columns! {
    variant "" = |row| Cell::text(&row.variant.name), "Variant.";
    figure "" = |row| Cell::word(row.goal.figure.name), "Figure that is to meet the goal.";
    unit "" = |row| Cell::word(row.unit()), "Unit of the numbers in the row.";
    side "" = |row| Cell::word(row.goal.side()), "Whether it is to be `at least` or `at most` the goal.";
    goal "" = |row| Cell::In(row.unit(), Some(row.goal.target)), "Goal.";
    estimate "" = |row| Cell::In(row.unit(), row.estimate.map(|estimate| estimate.value)), "Figure, in the mean over replications.";
    half_width "" = |row| Cell::In(row.unit(), row.half_width()), "Half the interval of it.";
    replications "" = |row| Cell::Whole(row.estimate.map_or(0, |estimate| estimate.replications)), "Replications that it comes from.";
    verdict "" = |row| Cell::word(row.standing().map_or("", Standing::word)), "`met` or `missed`; with a question mark if the interval holds the goal, so that chance may have decided.";
    }
}

const DOUBT: &str = "; the interval holds the goal: more replications would tell";
