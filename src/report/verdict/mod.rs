//! The verdict in plain sentences, written from the figures by rules.
//!
//! A sentence never says more than the intervals allow. A goal is *met* or *missed* only if the whole
//! interval lies on that side of it; a variant is *better* or *worse* than the base only if the
//! interval of the difference says so, and *no different* only if all that the interval holds is too
//! small to matter. Otherwise the sentence says that it cannot be told yet.

mod headline;

use crate::experiment::compare::{Comparison, ComparisonVerdict as Compared};
use crate::experiment::interval::Estimate;
use crate::ledger::definitions::find;
use crate::ledger::outcome::OutcomeFrame;
use crate::ledger::settings::{ServiceLevelAt, ServiceLevelOf};

use super::format::{number, percent, seconds, span};
use super::goals::{FigureGoal, GoalStanding, goals};
use super::report_data::{ReportData, VariantData};

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
    /// How it stands against all goals taken together; none without goals.
    pub(super) standing: Option<GoalStanding>,
    pub(super) sentences: Vec<Sentence>,
}

/// The verdict on a report.
pub(super) fn verdict(data: &ReportData<'_>) -> ReportVerdict {
    let judges = data.variants.iter().enumerate();
    let judges = judges.filter_map(|(position, case)| VariantJudge::new(data, position, case));
    let judges = Vec::from_iter(judges);
    ReportVerdict {
        headline: headline(data, &judges),
        gist: gist(&judges),
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
        let goals = goals(&frame.goals).filter_map(|goal| {
            let estimate = case.series.estimate(goal.figure)?;
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
        VariantStatement { variant: self.position, standing: self.standing(), sentences }
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
                sentence!("No consumer leaves unanswered")
            }
            Some(estimate) => sentence!(
                "{} of consumers leave unanswered{}{}",
                Figure(percent(estimate.value)),
                self.interval_of_share(&estimate),
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
            Figure(percent(estimate.value)),
            self.interval_of_share(&estimate),
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
        let (low, high) = reach(&comparison.difference, self.data.confidence());
        let difference = comparison.difference.value;
        let direction = if difference < 0.0 { "sooner" } else { "later" };
        Some(sentence!(
            "90 % of replies come within {}, {} than with {} ({} to {}).",
            Figure(seconds(estimate.value)),
            Figure(format_args!("{} {direction}", seconds(difference.abs()))),
            Name(self.base()),
            seconds(low),
            seconds(high)
        ))
    }

    fn reassignments(&self) -> Option<Sentence> {
        Some(match self.estimate("reassignments")?.value {
            0.0 => sentence!("No conversation is taken from its agent."),
            value => sentence!("{} reassignments a conversation.", Figure(times(value))),
        })
    }

    /// Said only if answers are lost.
    fn lost_answers(&self) -> Option<Sentence> {
        let answers = self.estimate("lost_answer_share").filter(|lost| lost.value > 0.0)?;
        let work = self.estimate("lost_work_share")?;
        Some(sentence!(
            "{} of the answers that agents begin are taken from them before they are sent{}{}, and \
             with them {} of the work on answers.",
            Figure(percent(answers.value)),
            self.interval_of_share(&answers),
            self.against("lost_answer_share", ["fewer", "more"]),
            Figure(percent(work.value))
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
        let interval = estimate.half_width(self.data.confidence()).map(|half| {
            let (low, high) = ((estimate.value - half).max(0.0), estimate.value + half);
            format!(" ({} to {})", number(low), number(high))
        });
        let mean = self.case.outcome.and_then(|outcome| outcome.times.stranded.mean());
        Some(sentence!(
            "{} conversations a run are stranded with an owner who is logged out{}{}.",
            Figure(number(estimate.value)),
            interval.unwrap_or_default(),
            mean.map(|mean| format!(", for {} in the mean", seconds(mean))).unwrap_or_default()
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
            let goals = Vec::from_iter(goals.map(|(goal, _)| subject(goal.figure.name)));
            let (goal, is) = if goals.len() == 1 { ("goal", is) } else { ("goals", are) };
            listed(&goals).map(|which| format!("The {goal} for {which} {is}."))
        });
        Some(Vec::from_iter(told).join(" ").into())
    }

    /// ` (7.5 to 8.7)` in points; nothing of a single replication.
    fn interval_of_share(&self, estimate: &Estimate) -> String {
        let interval = estimate.half_width(self.data.confidence()).map(|half| {
            let (low, high) = ((estimate.value - half).max(0.0), (estimate.value + half).min(1.0));
            format!(" ({} to {})", points(low), points(high))
        });
        interval.unwrap_or_default()
    }

    /// How a share differs from that of the base.
    fn against(&self, figure: &str, [fewer, more]: [&str; 2]) -> Sentence {
        let Some(comparison) = self.comparison(figure) else { return Sentence::default() };
        let (difference, base) = (&comparison.difference, Name(self.base()));
        match comparison.verdict {
            Compared::Better | Compared::Worse => {
                let (low, high) = reach(difference, self.data.confidence());
                let direction = if difference.value < 0.0 { fewer } else { more };
                sentence!(
                    ", {} than with {base} ({} to {})",
                    Figure(format_args!("{} points {direction}", points(difference.value.abs()))),
                    points(low),
                    points(high)
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

/// The least and the most of a difference that is known to have a direction.
fn reach(difference: &Estimate, confidence: f64) -> (f64, f64) {
    let half = difference.half_width(confidence).unwrap_or(0.0);
    let size = difference.value.abs();
    ((size - half).max(0.0), size + half)
}

/// A share in points: one decimal, two where one would leave nothing.
pub(super) fn points(share: f64) -> String {
    let points = share * 100.0;
    if points != 0.0 && points.abs() < 0.05 {
        format!("{points:.2}")
    } else {
        format!("{points:.1}")
    }
}

/// How often something happens to a conversation.
fn times(value: f64) -> String {
    if value < 0.095 { format!("{value:.3}") } else { format!("{value:.2}") }
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
