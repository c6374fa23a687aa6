//! The verdict in plain sentences, written from the figures by rules.
//!
//! A sentence never says more than the intervals allow. A goal is *met* or *missed* only if the whole
//! interval lies on that side of it; a variant is *better* or *worse* than the base only if the
//! interval of the difference says so, and *no different* only if all that the interval holds is too
//! small to matter. Otherwise the sentence says that it cannot be told yet.

mod headline;

use crate::experiment::compare::{Comparison, ComparisonVerdict as Compared};
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::{Unit, find};
use crate::ledger::outcome::OutcomeFrame;
use crate::ledger::settings::{ServiceLevelAt, ServiceLevelOf};

use super::figure_format::FigureFormat;
use super::format::span;
use super::goals::{FigureGoal, GoalStanding, goals_of};
use super::report_data::{ReportData, VariantData, WrittenDifference};

use self::headline::{gist, headline};
use super::sentence::{Figure, Name, Sentence, sentence};
use super::wording::{capital, goals_are, subject};

/// What there is to say.
#[derive(Debug, PartialEq)]
pub(super) struct ReportVerdict {
    /// The answer in a sentence.
    pub(super) headline: Sentence,
    /// What the variant that answers best changes, and at which price; may be empty.
    pub(super) gist: Sentence,
    /// What to say about each variant that has figures.
    pub(super) points: Vec<VariantStatement>,
}

/// What there is to say about a variant.
#[derive(Debug, PartialEq)]
pub(super) struct VariantStatement {
    /// Its position.
    pub(super) variant: usize,
    /// How it stands against each goal.
    pub(super) standings: Vec<GoalStanding>,
    pub(super) sentences: Vec<Sentence>,
}

/// The verdict on a report.
pub(super) fn verdict(data: &ReportData<'_>) -> ReportVerdict {
    let judges = data.variants.iter().enumerate();
    let judges = judges.filter_map(|(position, case)| VariantJudge::new(data, position, case));
    let judges = Vec::from_iter(judges);
    ReportVerdict {
        headline: headline(data, &judges),
        gist: gist(data, &judges),
        points: judges.iter().map(VariantJudge::statement).collect(),
    }
}

/// A variant that has figures.
struct VariantJudge<'a> {
    data: &'a ReportData<'a>,
    position: usize,
    case: &'a VariantData<'a>,
    frame: &'a OutcomeFrame,
    goals: Vec<(FigureGoal, GoalStanding)>,
    /// Against the base; empty for the base itself.
    compared: Vec<Comparison>,
}

impl<'a> VariantJudge<'a> {
    fn new(data: &'a ReportData<'a>, position: usize, case: &'a VariantData<'a>) -> Option<Self> {
        let frame = &case.outcome?.frame;
        let goals = goals_of(frame).filter_map(|goal| {
            let estimate = goal.estimate(case.series)?;
            Some((goal, goal.standing(&estimate, data.confidence())))
        });
        let goals = goals.collect();
        let base = data.variants.first()?;
        let compared = match position {
            0 => Vec::new(),
            _ => data.rule.judge(base.series, case.series),
        };
        Some(Self { data, position, case, frame, goals, compared })
    }

    /// Against all goals taken together: as against the one that is met least.
    fn standing(&self) -> Option<GoalStanding> {
        GoalStanding::of_all(self.goals.iter().map(|&(_, standing)| standing))
    }

    fn estimate(&self, figure: &str) -> Option<Estimate> {
        self.case.series.estimate(find(figure)?)
    }

    fn comparison(&self, figure: &str) -> Option<&Comparison> {
        self.compared.iter().find(|comparison| comparison.figure.name == figure)
    }

    fn statement(&self) -> VariantStatement {
        let sentences = [
            Some(self.abandonment()),
            self.service_level(),
            self.responses(),
            self.reassignments(),
            self.lost_answers(),
            self.stranded(),
            self.goal_sentence(),
        ];
        let sentences = sentences.into_iter().flatten().collect();
        let standings = self.goals.iter().map(|&(_, standing)| standing).collect();
        VariantStatement { variant: self.position, standings, sentences }
    }

    /// Whether consumers wrote and none of them was ever answered.
    fn answers_nobody(&self) -> bool {
        self.case.outcome.is_some_and(|it| it.flow.offered > 0 && it.counts.answers == 0)
    }

    fn abandonment(&self) -> Sentence {
        sentence!("{}.", self.lost())
    }

    /// The sentence on abandonment as far as it can go on.
    fn lost(&self) -> Sentence {
        match self.estimate("abandonment") {
            Some(Estimate { value: 0.0, .. })
                if self.comparison("abandonment").is_none_or(is_same) =>
            {
                match self.answers_nobody() {
                    true => sentence!("No consumer is answered, and none has left"),
                    false => sentence!("No consumer leaves unanswered"),
                }
            }
            Some(estimate) => sentence!(
                "{} of consumers leave unanswered{}{}",
                Figure(self.written("abandonment", estimate.value)),
                self.interval("abandonment", &estimate),
                self.against("abandonment", ["fewer", "more"])
            ),
            None => sentence!("No consumer wrote"),
        }
    }

    fn service_level(&self) -> Option<Sentence> {
        let estimate = self.estimate("service_level")?;
        let level = self.frame.service_level;
        let within = match self.frame.has_one_threshold() {
            true => span(level.within),
            false => "the threshold of their skill".to_owned(),
        };
        let done = match level.at {
            ServiceLevelAt::Answer => "answered",
            ServiceLevelAt::Assignment => "assigned",
        };
        let what = match level.of {
            ServiceLevelOf::Offered => format!("of consumers are {done} within {within}"),
            ServiceLevelOf::Answered => {
                format!("of those who are {done} at all are so within {within}")
            }
            ServiceLevelOf::OfferedWithoutShortAbandons => {
                format!("are {done} within {within}, those who left sooner not counted")
            }
            ServiceLevelOf::ShortAbandonsCountAsServed => {
                format!("are {done} within {within}, those who left sooner counted as served")
            }
        };
        Some(sentence!(
            "{} {what}{}{}.",
            Figure(self.written("service_level", estimate.value)),
            self.interval("service_level", &estimate),
            self.against("service_level", ["fewer", "more"])
        ))
    }

    /// Said only if it is better or worse than in the base.
    fn responses(&self) -> Option<Sentence> {
        let (comparison, estimate) =
            self.comparison("response_p90").zip(self.estimate("response_p90"))?;
        if !matches!(comparison.verdict, Compared::Better | Compared::Worse) {
            return None;
        }
        let difference = self.difference("response_p90")?;
        let [low, high] = difference.reach();
        let direction = if difference.written < 0.0 { "sooner" } else { "later" };
        Some(sentence!(
            "90 % of replies come within {}, {} than with {} ({low} to {high}).",
            Figure(self.written("response_p90", estimate.value)),
            Figure(format_args!("{} {direction}", difference.size())),
            Name(self.base()),
        ))
    }

    fn reassignments(&self) -> Option<Sentence> {
        Some(match self.estimate("reassignments")?.value {
            0.0 => sentence!("No conversation is taken from its agent."),
            value => sentence!(
                "{} reassignments a conversation.",
                Figure(self.written("reassignments", value))
            ),
        })
    }

    /// Said only if answers are lost.
    fn lost_answers(&self) -> Option<Sentence> {
        let answers = self.estimate("lost_answer_share").filter(|lost| lost.value > 0.0)?;
        let work = self.estimate("lost_work_share")?;
        Some(sentence!(
            "{} of the answers that agents begin are taken from them before they are sent{}{}, and \
             with them {} of the work on answers.",
            Figure(self.written("lost_answer_share", answers.value)),
            self.interval("lost_answer_share", &answers),
            self.against("lost_answer_share", ["fewer", "more"]),
            Figure(self.written("lost_work_share", work.value))
        ))
    }

    /// Said only if some variant strands conversations.
    fn stranded(&self) -> Option<Sentence> {
        let count = |case: &VariantData<'_>| case.series.estimate(find("stranded")?);
        let all = self.data.variants.iter().filter_map(count);
        if all.fold(0.0, |most, estimate| estimate.value.max(most)) < SELDOM {
            return None;
        }
        let estimate = count(self.case)?;
        let mean = self
            .estimate("stranded_mean")
            .map(|mean| format!(", for {} in the mean", self.written("stranded_mean", mean.value)));
        Some(sentence!(
            "{} conversations a run are stranded with an owner who is logged out{}{}.",
            Figure(self.written("stranded", estimate.value)),
            self.interval("stranded", &estimate),
            mean.unwrap_or_default()
        ))
    }

    fn goal_sentence(&self) -> Option<Sentence> {
        let all = |standing: GoalStanding| self.goals.iter().all(|(_, found)| *found == standing);
        let all_are = || capital(&goals_are(self.goals.len()));
        if self.goals.is_empty() {
            return None;
        } else if all(GoalStanding::Met) {
            return Some(sentence!("{} met.", all_are()));
        } else if all(GoalStanding::Missed) {
            return Some(sentence!("{} missed.", all_are()));
        }
        let told = STANDINGS.iter().filter_map(|(standing, is, are)| {
            let goals = self.goals.iter().filter(|(_, found)| found == standing);
            let name = |goal: &FigureGoal| match goal.part {
                None => subject(goal.figure.name).to_owned(),
                Some(_) => goal.label(&self.frame.part_goals),
            };
            let goals = Vec::from_iter(goals.map(|(goal, _)| name(goal)));
            let goals = Vec::from_iter(goals.iter().map(String::as_str));
            let (goal, is) = if goals.len() == 1 { ("goal", is) } else { ("goals", are) };
            listed(&goals).map(|which| format!("The {goal} for {which} {is}."))
        });
        Some(Vec::from_iter(told).join(" ").into())
    }

    /// A figure as it is written, with its unit.
    fn written(&self, figure: &str, value: f64) -> String {
        self.format(figure).value(value)
    }

    fn format(&self, figure: &str) -> FigureFormat {
        find(figure)
            .map_or_else(|| FigureFormat::of(Unit::Times, &[], &[]), |it| self.case.format(it))
    }

    /// ` (7.5 to 8.7)`, a share in points; nothing of a single replication.
    fn interval(&self, figure: &str, estimate: &Estimate) -> String {
        let format = self.format(figure);
        let interval = estimate.half_width(self.data.confidence()).map(|half| {
            let (value, half) = (format.rounded(estimate.value), format.rounded(half));
            let ends =
                [value - half, value + half].map(|end| format.bare(format.unit().nearest(end)));
            format!(" ({} to {})", ends[0], ends[1])
        });
        interval.unwrap_or_default()
    }

    /// A figure less that of the base.
    fn difference(&self, figure: &str) -> Option<WrittenDifference> {
        let base = self.data.variants.first()?;
        self.case.difference(base, find(figure)?, self.data.confidence())
    }

    /// How a share differs from that of the base.
    fn against(&self, figure: &str, [fewer, more]: [&str; 2]) -> Sentence {
        let known = self.comparison(figure).zip(self.difference(figure));
        let Some((comparison, difference)) = known else { return Sentence::default() };
        let base = Name(self.base());
        match comparison.verdict {
            Compared::Better | Compared::Worse => {
                let [low, high] = difference.reach();
                let direction = if difference.written < 0.0 { fewer } else { more };
                let size = difference.format.bare(difference.written.abs());
                sentence!(
                    ", {} than with {base} ({low} to {high})",
                    Figure(format_args!("{size} points {direction}")),
                )
            }
            Compared::Same => sentence!(", no difference from {base} that matters"),
            Compared::Unclear { replications: Some(count @ ..TOO_MANY) } => sentence!(
                "; whether that differs from {base} cannot be told yet (about {count} replications \
                 would tell)"
            ),
            Compared::Unclear { .. } => {
                sentence!("; whether that differs from {base} cannot be told yet")
            }
        }
    }

    fn base(&self) -> &'a str {
        self.data.variants.first().map_or("", |base| base.name)
    }
}

fn is_same(comparison: &Comparison) -> bool {
    comparison.difference.value == 0.0
}

/// `a`, `a and b`, `a, b and c`; none of nothing.
fn listed(items: &[&str]) -> Option<String> {
    let (last, others) = items.split_last()?;
    Some(match others {
        [] => (*last).to_owned(),
        _ => format!("{} and {last}", others.join(", ")),
    })
}

/// What a goal is, and what several are.
const STANDINGS: [(GoalStanding, &str, &str); 4] = [
    (GoalStanding::Met, "is met", "are met"),
    (GoalStanding::Missed, "is missed", "are missed"),
    (
        GoalStanding::PerhapsMet,
        "is met, but so closely that chance may have decided",
        "are met, but so closely that chance may have decided",
    ),
    (
        GoalStanding::PerhapsMissed,
        "is missed, but so closely that chance may have decided",
        "are missed, but so closely that chance may have decided",
    ),
];
/// Fewer conversations a run are not worth a sentence.
const SELDOM: f64 = 0.5;
/// Nobody runs so many.
const TOO_MANY: u64 = 1_000_000;

#[cfg(test)]
mod tests;
