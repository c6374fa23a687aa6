//! The figures of a sweep, measure by measure, and what can be told of them.

use crate::experiment::compare::ComparisonVerdict;
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Definition, find};
use crate::ledger::objectives::{OBJECTIVES, Objective};
use crate::report::charts::title;
use crate::report::figure_format::FigureFormat;
use crate::report::goals::{FigureGoal, GoalStanding, JudgedVariants, goals_of};
use crate::report::plot::PlotValue;
use crate::report::report_data::{ReportData, VariantData};
use crate::report::table::{NumberUnit, ReportCell};
use crate::scenario::vary::{self, VariedValue, Vary};

/// A sweep as a page tells of it.
pub(super) struct SweepFigures<'a> {
    pub(super) data: &'a ReportData<'a>,
    /// The axes: one or two.
    pub(super) varies: &'a [Vary],
    /// Every choice of values, as the variants.
    pub(super) points: Vec<Vec<VariedValue>>,
    /// Those that something came of.
    pub(super) measures: Vec<SweepMeasure>,
    /// How each point stands against all goals together; none without goals or figures.
    pub(super) standings: Vec<Option<GoalStanding>>,
    /// The same in words, of each goal that is missed.
    pub(super) badges: Vec<Option<String>>,
    /// The most goals that a point has.
    pub(super) goals: usize,
}

/// A figure that has a good and a bad direction.
pub(super) struct SweepMeasure {
    pub(super) objective: &'static Objective,
    pub(super) figure: &'static Definition,
    /// How it is written.
    pub(super) format: FigureFormat,
    pub(super) title: String,
    /// By point.
    pub(super) points: Vec<Option<PointFigure>>,
    /// The goal, if all points have the same.
    pub(super) goal: Option<FigureGoal>,
}

/// A figure of a point.
#[derive(Clone, Copy)]
pub(super) struct PointFigure {
    pub(super) estimate: Estimate,
    /// Half its interval.
    pub(super) half: Option<f64>,
    /// Against the first point; none for that itself.
    pub(super) verdict: Option<ComparisonVerdict>,
    pub(super) standing: Option<GoalStanding>,
}

/// How a point stands against a goal.
struct NamedStanding {
    goal: String,
    standing: GoalStanding,
}

/// How a point stands against all its goals, in words; where it does not miss all of them, with the names
/// of those that it misses.
fn badge(goals: &[NamedStanding]) -> Option<String> {
    let standings = Vec::from_iter(goals.iter().map(|it| it.standing));
    let (_, words) = GoalStanding::badge_of_all(&standings)?;
    let missed = goals.iter().filter(|it| it.standing == GoalStanding::Missed);
    let missed = Vec::from_iter(missed.map(|it| it.goal.as_str()));
    let is_part = !missed.is_empty() && missed.len() < goals.len();
    Some(if is_part { format!("misses {}", missed.join("; ")) } else { words })
}

impl PointFigure {
    pub(super) fn value(&self) -> PlotValue {
        PlotValue { value: self.estimate.value, half: self.half }
    }
}

impl<'a> SweepFigures<'a> {
    /// # Errors
    ///
    /// What varies is no sweep: a bug, or a saved report that was changed.
    pub(super) fn new(data: &'a ReportData<'a>) -> Result<Self, String> {
        let varies = data.background.varies.as_slice();
        let points = vary::grid(varies)?;
        if points.len() != data.variants.len() {
            return Err(format!(
                "{} choices of values, but {} variants",
                points.len(),
                data.variants.len()
            ));
        }
        let measures = OBJECTIVES.iter().filter_map(|objective| SweepMeasure::new(data, objective));
        let goals_of = |case: &VariantData<'_>| {
            let frame = &case.outcome?.frame;
            let goals = goals_of(frame).filter_map(|goal| {
                let standing = goal.standing(&goal.estimate(case.series)?, data.confidence());
                Some(NamedStanding { goal: goal.short_label(&frame.part_goals), standing })
            });
            Some(Vec::from_iter(goals))
        };
        let goals = Vec::from_iter(data.variants.iter().map(goals_of));
        Ok(Self {
            data,
            varies,
            points,
            measures: measures.collect(),
            goals: goals.iter().flatten().map(Vec::len).max().unwrap_or(0),
            badges: goals.iter().map(|goals| badge(goals.as_deref()?)).collect(),
            standings: goals
                .iter()
                .map(|goals| GoalStanding::of_all(goals.as_ref()?.iter().map(|it| it.standing)))
                .collect(),
        })
    }

    pub(super) fn measure(&self, figure: &str) -> Option<&SweepMeasure> {
        self.measures.iter().find(|measure| measure.figure.name == figure)
    }

    /// What consumers are lost by, or, where none is, how many are served in time.
    pub(super) fn main(&self) -> Option<&SweepMeasure> {
        self.measure("abandonment").or_else(|| self.measure("service_level"))
    }

    /// What a point is called: its values, each behind the end of its key where there are two axes.
    pub(super) fn name(&self, at: usize) -> String {
        let values = &self.points[at];
        match self.varies {
            [one, other] => {
                let short = [one.keys.short_name(), other.keys.short_name()];
                let is_clear = short[0] != short[1];
                let names = if is_clear { short } else { [one.name(), other.name()] };
                let texts = names.iter().zip(values);
                let texts = texts.map(|(name, varied)| format!("{name}={}", varied.value));
                Vec::from_iter(texts).join(" · ")
            }
            _ => values.first().map(|varied| varied.value.clone()).unwrap_or_default(),
        }
    }
}

impl SweepMeasure {
    /// None of a figure that is zero, or not known, everywhere.
    fn new(data: &ReportData<'_>, objective: &'static Objective) -> Option<Self> {
        let figure = find(objective.figure)?;
        let base = data.variants.first()?.series;
        let judged = JudgedVariants::new(figure, data.variants.iter(), data.confidence());
        let known = data.variants.iter().zip(&judged.variants).enumerate();
        let known = known.map(|(at, (case, judged))| {
            let estimate = judged.estimate.filter(|_| case.outcome.is_some())?;
            let against = || {
                let difference = case.series.against_base(figure)?;
                Some(data.rule.compare(objective, base.estimate(figure)?, difference).verdict)
            };
            Some(PointFigure {
                estimate,
                half: estimate.half_width(data.confidence()),
                verdict: if at == 0 { None } else { against() },
                standing: judged.standing,
            })
        });
        let points = Vec::from_iter(known);
        if points.iter().flatten().all(|known| known.estimate.value == 0.0) {
            return None;
        }
        let goal = judged.common_goal();
        let format = data.variants.first()?.format(figure);
        Some(Self { objective, figure, format, title: title(data, figure), points, goal })
    }

    /// What came of a point.
    pub(super) fn cell(&self, at: usize) -> ReportCell {
        let known = self.points[at].as_ref();
        let value = known.map(|known| known.estimate.value);
        ReportCell::number(value, NumberUnit::As(self.format)).within(known.and_then(|it| it.half))
    }

    /// Whether any of its figures has an interval.
    pub(super) fn has_intervals(&self) -> bool {
        self.points.iter().flatten().any(|known| known.half.is_some())
    }

    /// The point with the best figure among these, the first of equals; or with the worst.
    pub(super) fn extreme(
        &self,
        among: impl Iterator<Item = usize>,
        is_best: bool,
    ) -> Option<usize> {
        let value = |at: usize| Some(self.points[at]?.estimate.value);
        let wants_more = self.objective.more_is_better == is_best;
        let known = among.filter_map(|at| Some((at, value(at)?)));
        let best = known.reduce(|best, other| {
            let is_better = if wants_more { other.1 > best.1 } else { other.1 < best.1 };
            if is_better { other } else { best }
        });
        best.map(|(at, _)| at)
    }

    /// Whether the intervals of two points have something in common; what has none may be anything.
    pub(super) fn overlap(&self, one: usize, other: usize) -> bool {
        let (Some(one), Some(other)) = (self.points[one], self.points[other]) else { return true };
        let halves = one.half.zip(other.half).map(|(one, other)| one + other);
        let distance = (one.estimate.value - other.estimate.value).abs();
        halves.is_none_or(|halves| distance <= halves)
    }
}
