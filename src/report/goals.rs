//! Goals, and whether a figure meets one as far as chance lets us know.

use crate::experiment::interval::{AllSeries, Estimate};
use crate::ledger::definitions::{Definition, find};
use crate::ledger::outcome::OutcomeFrame;
use crate::ledger::part_goal::PartGoal;
use crate::ledger::settings::{FigureTarget, Goals};

use super::figure_format::FigureFormat;
use super::format::value_in;
use super::report_data::VariantData;
use super::table::{ReportCell, Standing};
use super::wording::the_goals;

/// A goal.
#[derive(Clone, Copy, Debug)]
pub(super) struct FigureGoal {
    /// The figure that is to meet it.
    pub(super) figure: &'static Definition,
    /// Whether the figure is to be at least that; otherwise at most.
    pub(super) at_least: bool,
    /// The least or most.
    pub(super) target: f64,
    /// Its position among the goals for parts, if it is one.
    pub(super) part: Option<usize>,
}

/// Whether a goal is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GoalStanding {
    /// The whole interval meets it.
    Met,
    /// The figure meets it, but the interval holds the goal: chance may have decided.
    PerhapsMet,
    /// The figure misses it, but the interval holds the goal: chance may have decided.
    PerhapsMissed,
    /// The whole interval misses it.
    Missed,
}

/// A figure of a variant, and how it stands against the goal of that variant for it.
pub(super) struct VariantStanding {
    pub(super) estimate: Option<Estimate>,
    pub(super) goal: Option<FigureGoal>,
    pub(super) standing: Option<GoalStanding>,
}

/// A figure of several variants against their goals.
pub(super) struct JudgedVariants {
    pub(super) variants: Vec<VariantStanding>,
}

impl JudgedVariants {
    pub(super) fn new<'a>(
        figure: &Definition,
        variants: impl Iterator<Item = &'a VariantData<'a>>,
        confidence: f64,
    ) -> Self {
        let judged = variants.map(|case| {
            let (estimate, goal) = (case.estimate(figure), goal_of(case, figure));
            let both = goal.zip(estimate);
            let standing = both.map(|(goal, estimate)| goal.standing(&estimate, confidence));
            VariantStanding { estimate, goal, standing }
        });
        Self { variants: judged.collect() }
    }

    /// The goal of the first that has one.
    pub(super) fn goal(&self) -> Option<FigureGoal> {
        self.variants.iter().find_map(|judged| judged.goal)
    }

    /// The goal, if all have the same.
    pub(super) fn common_goal(&self) -> Option<FigureGoal> {
        let target = |judged: &VariantStanding| judged.goal.map(|goal| goal.target);
        let goal = self.goal()?;
        let is_same = self.variants.iter().all(|judged| target(judged) == Some(goal.target));
        is_same.then_some(goal)
    }

    /// How each variant stands; with the goal where not all have the same.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = ReportCell> {
        let is_common = self.common_goal().is_some();
        self.variants.iter().map(move |it| match it.goal.zip(it.standing) {
            None => ReportCell::Nothing,
            Some((_, standing)) if is_common => standing.into(),
            Some((goal, standing)) => {
                let target = value_in(goal.figure.unit, goal.target);
                ReportCell::word(format!("{target} {}", standing.word()))
            }
        })
    }

    /// What is wanted: `at least 80 %`, or only `at least` if not all have the same goal.
    pub(super) fn asked(&self) -> Option<String> {
        let side = self.goal()?.side();
        Some(self.common_goal().map_or_else(|| side.to_owned(), |goal| goal.asked()))
    }
}

/// The goals that are set, in the order of a report: for the run, then for parts of it.
pub(super) fn goals(goals: &Goals, for_parts: &[PartGoal]) -> impl Iterator<Item = FigureGoal> {
    let of_run = goals.all().into_iter().filter_map(|FigureTarget { figure, at_least, target }| {
        Some(FigureGoal { figure: find(figure)?, at_least, target: target?, part: None })
    });
    let for_parts = for_parts.iter().enumerate().filter_map(|(position, goal)| {
        let PartGoal { at_least, target, .. } = *goal;
        Some(FigureGoal { figure: find(&goal.figure)?, at_least, target, part: Some(position) })
    });
    Vec::from_iter(of_run.chain(for_parts)).into_iter()
}

/// The goals of a variant.
pub(super) fn goals_of(frame: &OutcomeFrame) -> impl Iterator<Item = FigureGoal> {
    goals(&frame.goals, &frame.part_goals)
}

/// The goal of a variant for a figure of the run.
pub(super) fn goal_of(case: &VariantData<'_>, figure: &Definition) -> Option<FigureGoal> {
    goals_of(&case.outcome?.frame).find(|goal| goal.part.is_none() && goal.figure == figure)
}

/// A goal for a part, of all variants.
pub(super) struct PartGoalRow {
    /// What it is for: `service level, law`, `abandoned, 17:00–20:00`.
    pub(super) label: String,
    /// The part; empty for the whole run.
    pub(super) name: String,
    pub(super) goal: FigureGoal,
    /// The figure of each variant.
    pub(super) cells: Vec<ReportCell>,
    /// How each stands.
    pub(super) standings: Vec<Option<GoalStanding>>,
}

impl PartGoalRow {
    /// How each variant stands.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = ReportCell> {
        let standings = self.standings.iter();
        standings.map(|it| it.map_or(ReportCell::Nothing, ReportCell::from))
    }
}

/// The goals for parts; all variants have the same.
pub(super) fn part_rows<'a>(
    variants: impl Iterator<Item = &'a VariantData<'a>>,
    confidence: f64,
) -> Vec<PartGoalRow> {
    let variants = Vec::from_iter(variants);
    let Some(frame) = variants.iter().find_map(|case| Some(&case.outcome?.frame)) else {
        return Vec::new();
    };
    let rows = goals_of(frame).filter(|goal| goal.part.is_some()).map(|goal| {
        let estimates = Vec::from_iter(variants.iter().map(|case| goal.estimate(case.series)));
        let known = || estimates.iter().flatten();
        let values = Vec::from_iter(known().map(|estimate| estimate.value));
        let halves = Vec::from_iter(known().filter_map(|it| it.half_width(confidence)));
        let format = FigureFormat::of(goal.figure.unit, &values, &halves);
        let cell = |estimate: &Option<Estimate>| {
            ReportCell::estimate(format, estimate.as_ref(), confidence)
        };
        let standing = |estimate: &Option<Estimate>| {
            estimate.as_ref().map(|estimate| goal.standing(estimate, confidence))
        };
        PartGoalRow {
            label: goal.label(&frame.part_goals),
            name: frame.part_goals[goal.part.unwrap_or_default()].name.clone(),
            goal,
            cells: estimates.iter().map(cell).collect(),
            standings: estimates.iter().map(standing).collect(),
        }
    });
    rows.collect()
}

impl FigureGoal {
    /// How a figure stands against it.
    pub(super) fn standing(&self, estimate: &Estimate, confidence: f64) -> GoalStanding {
        let half = estimate.half_width(confidence).unwrap_or(f64::INFINITY);
        let is_sure = (estimate.value - self.target).abs() > half;
        let is_met = match self.at_least {
            true => estimate.value >= self.target,
            false => estimate.value <= self.target,
        };
        match (is_met, is_sure) {
            (true, true) => GoalStanding::Met,
            (true, false) => GoalStanding::PerhapsMet,
            (false, false) => GoalStanding::PerhapsMissed,
            (false, true) => GoalStanding::Missed,
        }
    }

    /// The figure that it is for.
    pub(super) fn estimate(&self, series: &AllSeries) -> Option<Estimate> {
        match self.part {
            None => series.estimate(self.figure),
            Some(position) => series.of_goal(position, self.figure),
        }
    }

    /// What it is for: `service level`, `service level, law`, `abandoned, 17:00–20:00`.
    pub(super) fn label(&self, goals: &[PartGoal]) -> String {
        let name = self.part.and_then(|position| goals.get(position)).map(|goal| &goal.name);
        match name.filter(|name| !name.is_empty()) {
            Some(name) => format!("{}, {name}", self.figure.short_label),
            None => self.figure.label.to_owned(),
        }
    }

    /// The same in few words, of a goal for the run too.
    pub(super) fn short_label(&self, goals: &[PartGoal]) -> String {
        match self.part {
            Some(_) => self.label(goals),
            None => self.figure.short_label.to_owned(),
        }
    }

    /// `at least` or `at most`.
    pub(super) fn side(&self) -> &'static str {
        if self.at_least { "at least" } else { "at most" }
    }

    /// `at least 80 %`.
    pub(super) fn asked(&self) -> String {
        format!("{} {}", self.side(), value_in(self.figure.unit, self.target))
    }
}

impl GoalStanding {
    /// Against several goals taken together: as against the one that is met least.
    pub(super) fn of_all(standings: impl Iterator<Item = Self>) -> Option<Self> {
        standings.max_by_key(|standing| match standing {
            Self::Met => 0,
            Self::PerhapsMet => 1,
            Self::PerhapsMissed => 2,
            Self::Missed => 3,
        })
    }

    /// In the width of a column.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::PerhapsMet => "met?",
            Self::PerhapsMissed => "missed?",
            Self::Missed => "missed",
        }
    }

    /// With words for a figure that has room for them.
    pub(super) fn badge(self) -> (Standing, &'static str) {
        match self {
            Self::Met => (Standing::Good, "met"),
            Self::PerhapsMet => (Standing::Open, "met, perhaps by chance"),
            Self::PerhapsMissed => (Standing::Open, "missed, perhaps by chance"),
            Self::Missed => (Standing::Bad, "missed"),
        }
    }

    /// With words for all goals of a variant together.
    pub(super) fn badge_of_all(standings: &[Self]) -> Option<(Standing, String)> {
        let missed = standings.iter().filter(|standing| **standing == Self::Missed).count();
        let all = standings.len();
        Some(match Self::of_all(standings.iter().copied())? {
            Self::Met => (Standing::Good, format!("meets {}", the_goals(all))),
            Self::PerhapsMet | Self::PerhapsMissed => {
                (Standing::Open, "too close to call".to_owned())
            }
            Self::Missed if missed == all => (Standing::Bad, format!("misses {}", the_goals(all))),
            Self::Missed => (Standing::Bad, format!("misses {missed} of {all} goals")),
        })
    }
}

impl From<GoalStanding> for ReportCell {
    fn from(standing: GoalStanding) -> Self {
        Self::verdict(standing.badge().0, standing.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_inside_the_interval_is_met_or_missed_by_chance() {
        let all = Goals { service_level: Some(0.8), abandonment: Some(0.05), ..Goals::default() };
        let goals = Vec::from_iter(goals(&all, &[]));
        let [level, abandonment] = goals.as_slice() else { panic!("two goals") };
        let standing = |goal: &FigureGoal, value: f64, error: f64| {
            let standard_error = Some(error);
            let estimate = Estimate { value, standard_error, freedom: 1e12, replications: 20 };
            goal.standing(&estimate, 0.95)
        };
        assert_eq!(standing(level, 0.83, 0.01), GoalStanding::Met);
        assert_eq!(standing(level, 0.81, 0.01), GoalStanding::PerhapsMet);
        assert_eq!(standing(level, 0.79, 0.01), GoalStanding::PerhapsMissed);
        assert_eq!(standing(level, 0.77, 0.01), GoalStanding::Missed);
        assert_eq!(standing(abandonment, 0.02, 0.01), GoalStanding::Met);
        assert_eq!(standing(abandonment, 0.08, 0.01), GoalStanding::Missed);
        let once = Estimate { value: 0.9, standard_error: None, freedom: 0.0, replications: 1 };
        assert_eq!(level.standing(&once, 0.95), GoalStanding::PerhapsMet);
    }
}
