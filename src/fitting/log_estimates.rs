//! Samples → estimates.

use std::collections::BTreeMap;

use crate::base::time::Span;
use crate::estimation::{
    CONFIDENCE, ChosenFit, ConfidenceInterval, DurationBins, Estimated, Family, Fit,
    InterruptionDoubt, InterruptionEstimate, Law, LawForm, PatienceEstimate, RecognizedTime,
    ReplyGaps, SilentEstimate, SilentFinding, SurvivalCurve, choose_fit, empirical_values,
};
use crate::log::LoggedSkill;
use crate::log::form::LoggedState;

use super::agent_estimates::AgentEstimates;
use super::arrival_estimates::ArrivalEstimates;
use super::log_samples::LogSamples;

/// What a log says of a centre, and how sure that is.
#[derive(Clone, Debug)]
pub struct LogEstimates {
    /// Arrivals; none without any.
    pub arrivals: Option<ArrivalEstimates>,
    /// Turns of a conversation.
    pub turns: Option<TurnsEstimate>,
    /// From an answer to the next message of the consumer.
    pub think: TimesEstimate,
    /// From a message to the next of the same turn.
    pub burst_gaps: TimesEstimate,
    /// From the opening to the first answer.
    pub first_answers: TimesEstimate,
    /// From the first unanswered message to the answer.
    pub answers: TimesEstimate,
    /// From the last message to the answer.
    pub answers_from_last: TimesEstimate,
    /// Work of an answer by skill; empty if the log does not tell.
    pub work: Vec<WorkEstimate>,
    /// Interruptions of agents; none if nothing is known.
    pub interruptions: Option<InterruptionEstimate>,
    /// Patience for the first answer.
    pub patience: PatienceEstimate,
    /// A rough mean of that patience where too few left to know it well, seconds: all time waited, by those
    /// who left.
    pub rough_patience: Option<Estimated>,
    /// Whether the first assignment ends that patience.
    pub is_patience_until_assignment: bool,
    /// Patience for later answers.
    pub later_patience: PatienceEstimate,
    /// Silent abandonment.
    pub silent: SilentEstimate,
    /// Absences and speeds of agents.
    pub agents: AgentEstimates,
    /// Timeouts of the platform, by state of the agent.
    pub unassigns: Vec<UnassignTimes>,
    /// The longest time from a logout to the loss of a conversation.
    pub removal_within: Option<Estimated>,
    /// The silence after which agents close conversations, seconds; 0 with the last reply.
    pub closes_after: Option<f64>,
    /// The silence after which the platform closes them, seconds.
    pub auto_closes_after: Option<f64>,
}

/// Work of an answer about a skill.
#[derive(Clone, Debug)]
pub struct WorkEstimate {
    /// The skill; none where nothing tells them apart.
    pub skill: Option<LoggedSkill>,
    /// Answers.
    pub answers: u64,
    /// Answers that were begun and taken away.
    pub cut: u64,
    /// The gaps in which they were written.
    pub gaps: TimesEstimate,
    /// Work without interruptions, where they are known; else it is that of the gaps.
    pub law: Option<Law>,
    /// Mean of the work, seconds.
    pub mean: Option<Estimated>,
}

/// A distribution of times.
#[derive(Clone, Debug)]
pub struct TimesEstimate {
    /// How many ended.
    pub ended: u64,
    /// How many were cut.
    pub cut: u64,
    /// Median and 90 % quantile of what was seen, seconds, where so many ended.
    pub median: Option<f64>,
    /// See there.
    pub p90: Option<f64>,
    /// Fitted distributions.
    pub chosen: Option<ChosenFit>,
    /// Values that stand for the sample where no distribution fits.
    pub empirical: Option<Vec<f64>>,
}

/// How many turns a conversation has.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnsEstimate {
    /// Conversations that were answered and are over.
    pub conversations: u64,
    /// Mean of their turns.
    pub mean: f64,
    /// The form that is taken.
    pub form: TurnCount,
    /// Turns, by how many messages they had: shares.
    pub turn_sizes: Vec<TurnSize>,
}

/// A share of turns with a number of messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TurnSize {
    /// Messages.
    pub messages: u32,
    /// Share of all turns.
    pub share: f64,
}

/// Number of turns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TurnCount {
    /// Nearly always the same.
    Fixed(u32),
    /// Each answer is the last with this probability.
    Geometric(Estimated),
}

/// How long messages waited when the platform took their conversations away.
#[derive(Clone, Debug)]
pub struct UnassignTimes {
    /// State of the agent; none if the log does not tell.
    pub state: Option<LoggedState>,
    /// How often.
    pub count: u64,
    /// The timeout, if most waited for one time, seconds.
    pub timeout: Option<f64>,
}

/// Whether silent leavers are told from short conversations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SilentOutcome {
    /// Their share is known, and is more than none.
    Known(f64),
    /// There may be none.
    MayBeNone,
    /// It is not known.
    Unknown,
}

/// Distributions of durations that are tried.
const FAMILIES: [Family; 5] =
    [Family::Exponential, Family::Gamma, Family::Weibull, Family::Lognormal, Family::TwoLognormals];
/// Work of an answer, for which interruptions are told apart.
const FAMILIES_OF_WORK: [Family; 2] = [Family::Lognormal, Family::Gamma];
/// Durations that are needed to fit a distribution.
const FEW: u64 = 30;
/// Values that stand for a sample.
const EMPIRICAL: u32 = 100;
/// Conversations of a day that are few for a centre.
const HANDFUL: u64 = 5;
const TWO_MONTHS: usize = 60;

impl LogEstimates {
    /// Puts all samples to their estimators; agents are called by these names.
    pub fn of(samples: &LogSamples, agents: &[String]) -> Self {
        let name = |number: usize| agents.get(number).cloned().unwrap_or_default();
        let at_once = Span::ZERO;
        let is_patience_until_assignment = is_until_assignment(samples);
        let waits = match is_patience_until_assignment {
            true => &samples.waits_to_assignment,
            false => &samples.waits_to_answer,
        };
        let (work, interruptions) = match samples.has_assignments {
            true => (work(samples), interruptions(samples)),
            false => (Vec::new(), None),
        };
        Self {
            arrivals: ArrivalEstimates::of_log(&samples.arrivals),
            turns: TurnsEstimate::of(samples),
            think: TimesEstimate::of(&samples.think),
            burst_gaps: TimesEstimate::of(&samples.burst_gaps),
            first_answers: TimesEstimate::of(&samples.first_answers),
            answers: TimesEstimate::of(&samples.answers),
            answers_from_last: TimesEstimate::of(&samples.answers_from_last),
            work,
            interruptions,
            patience: PatienceEstimate::of(waits, at_once),
            rough_patience: rough_patience(waits),
            is_patience_until_assignment,
            later_patience: PatienceEstimate::of(&samples.later_waits, at_once),
            silent: SilentEstimate::of(&samples.outcomes),
            agents: AgentEstimates::of(samples, &name),
            unassigns: unassigns(samples),
            removal_within: removal_within(&samples.removals),
            closes_after: constant_of(&samples.closes),
            auto_closes_after: constant_of(&samples.auto_closes),
        }
    }

    /// Whether the log seems to hold some of the conversations only: over two months or more, few days have
    /// more than a handful.
    pub fn looks_like_a_sample(&self) -> bool {
        self.arrivals.as_ref().is_some_and(|arrivals| {
            let days = &arrivals.totals;
            let full = days.iter().filter(|day| day.count > HANDFUL).count();
            days.len() >= TWO_MONTHS && full * 4 < days.len()
        })
    }

    /// Whether silent leavers are told apart.
    pub fn silent_outcome(&self) -> SilentOutcome {
        match &self.silent.finding {
            SilentFinding::Identified(fit) if fit.may_be_none => SilentOutcome::MayBeNone,
            SilentFinding::Identified(fit) => SilentOutcome::Known(fit.silent_share.value),
            SilentFinding::NotIdentifiable(_) => SilentOutcome::Unknown,
        }
    }
}

/// Patience as if it were exponential.
fn rough_patience(waits: &DurationBins) -> Option<Estimated> {
    let form = LawForm::plain(Family::Exponential);
    (waits.ended() >= FEW).then(|| Fit::of(&waits.sample(), form)).flatten().map(|fit| fit.mean)
}

/// Nobody leaves while an agent has the conversation, though many wait there.
fn is_until_assignment(samples: &LogSamples) -> bool {
    let left = samples.left_in_queue + samples.left_while_owned;
    left >= FEW && samples.left_while_owned * 100 < left && samples.has_assignments
}

impl TimesEstimate {
    /// From durations in bins.
    pub fn of(bins: &DurationBins) -> Self {
        let sample = bins.sample();
        let curve = SurvivalCurve::of(&sample);
        let (median, p90) = (curve.quantile(0.5), curve.quantile(0.9));
        let chosen = (bins.ended() >= FEW).then(|| choose_fit(&sample, &FAMILIES)).flatten();
        let fits = chosen.as_ref().is_some_and(|chosen| chosen.misfit.is_tolerable());
        let is_needed = !fits && bins.ended() >= FEW;
        let empirical = is_needed.then(|| empirical_values(&curve, EMPIRICAL)).flatten();
        Self { ended: bins.ended(), cut: bins.censored(), median, p90, chosen, empirical }
    }

    /// The time that nearly all have, seconds, if they are alike.
    pub fn constant(&self) -> Option<f64> {
        let (median, p90) = self.median.zip(self.p90)?;
        let first = self.empirical.as_ref().and_then(|values| values.first().copied());
        let is_constant = p90 <= median * 1.01 && first.is_none_or(|first| first >= median * 0.99);
        is_constant.then_some(median)
    }

    /// Whether a fitted distribution may stand for the sample.
    pub fn has_fit(&self) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.misfit.is_tolerable())
    }

    /// The mean, seconds.
    pub fn mean(&self) -> Option<Estimated> {
        self.chosen.as_ref().map(|chosen| chosen.best().mean)
    }
}

impl TurnsEstimate {
    /// From conversations that were answered and are over. Those with one turn may have been left silently
    /// after it, so that the others decide if there are enough: an answer ends a conversation with the same
    /// probability, whatever came before.
    fn of(samples: &LogSamples) -> Option<Self> {
        let turns = &samples.turns;
        let conversations: u64 = turns.values().sum();
        let sum: u64 = turns.iter().map(|(&turns, &count)| u64::from(turns) * count).sum();
        if conversations == 0 {
            return None;
        }
        let several: BTreeMap<u32, u64> = turns
            .iter()
            .filter(|(turns, _)| **turns > 1)
            .map(|(&turns, &count)| (turns, count))
            .collect();
        let of_several: u64 = several.values().sum();
        let (decide, first) = match of_several >= FEW {
            true => (&several, 1),
            false => (turns, 0),
        };
        let count: u64 = decide.values().sum();
        let (&most, &often) = decide.iter().max_by_key(|&(_, &count)| count)?;
        let form = if often as f64 >= 0.98 * count as f64 {
            TurnCount::Fixed(most)
        } else {
            let answers = decide.iter().map(|(&turns, &count)| u64::from(turns - first) * count);
            let answers: u64 = answers.sum();
            let value = count as f64 / answers as f64;
            let error = value * libm::sqrt((1.0 - value) / count as f64);
            let interval = ConfidenceInterval::wald(value, error, CONFIDENCE);
            TurnCount::Geometric(Estimated { value, interval, observations: count })
        };
        let all: u64 = samples.turn_sizes.values().sum();
        let turn_sizes = samples.turn_sizes.iter().map(|(&messages, &count)| TurnSize {
            messages,
            share: count as f64 / all.max(1) as f64,
        });
        let mean = sum as f64 / conversations as f64;
        Some(Self { conversations, mean, form, turn_sizes: turn_sizes.collect() })
    }

    /// Whether some turns have several messages.
    pub fn has_bursts(&self) -> bool {
        let single = self.turn_sizes.iter().filter(|size| size.messages == 1);
        single.map(|size| size.share).sum::<f64>() < 0.99
    }
}

fn merged(gaps: &ReplyGaps) -> DurationBins {
    let mut all = gaps.after_send.clone();
    all.merge(&gaps.after_other);
    all
}

fn work(samples: &LogSamples) -> Vec<WorkEstimate> {
    let of_skill = |(&skill, gaps): (&Option<LoggedSkill>, &ReplyGaps)| {
        let bins = merged(gaps);
        let fitted = InterruptionEstimate::of(gaps, &FAMILIES_OF_WORK);
        let told_apart = fitted.filter(is_told_apart);
        let times = TimesEstimate::of(&bins);
        let (law, mean) = match told_apart {
            Some(InterruptionEstimate { fit, .. }) => (Some(fit.work), Some(fit.mean_work)),
            None => (None, times.mean()),
        };
        WorkEstimate { skill, answers: bins.ended(), cut: bins.censored(), gaps: times, law, mean }
    };
    samples.work.iter().map(of_skill).collect()
}

/// Whether there are interruptions, and the work beside them is known.
pub fn is_told_apart(found: &InterruptionEstimate) -> bool {
    !matches!(found.doubt, Some(InterruptionDoubt::MayBeNone | InterruptionDoubt::Short))
}

/// Agents are interrupted whatever they write about.
fn interruptions(samples: &LogSamples) -> Option<InterruptionEstimate> {
    let mut all = samples.work.values().next()?.clone();
    for gaps in samples.work.values().skip(1) {
        all.merge(gaps);
    }
    InterruptionEstimate::of(&all, &FAMILIES_OF_WORK)
}

/// Nobody loses a conversation before the timeout, and many at it; others later, as their state changed: it
/// is the shortest delay that at least a tenth have to within 2 %.
fn timeout_of(bins: &DurationBins) -> Option<f64> {
    let sample = bins.sample();
    let needed = (sample.ends() / 10.0).max(3.0);
    sample.ended.iter().enumerate().find_map(|(position, first)| {
        let near = sample.ended[position..].iter();
        let near = near.take_while(|time| time.seconds <= first.seconds * 1.02);
        let near = Vec::from_iter(near);
        let weight: f64 = near.iter().map(|time| time.weight).sum();
        let fullest = near.iter().max_by(|one, other| one.weight.total_cmp(&other.weight))?;
        (weight >= needed).then_some(fullest.seconds)
    })
}

/// The silence of most closes, seconds.
fn constant_of(bins: &DurationBins) -> Option<f64> {
    RecognizedTime::of(bins).map(|found| found.seconds)
}

fn unassigns(samples: &LogSamples) -> Vec<UnassignTimes> {
    let of_state = |(&state, bins): (&Option<LoggedState>, &DurationBins)| UnassignTimes {
        state,
        count: bins.ended(),
        timeout: timeout_of(bins),
    };
    samples.unassigns.iter().map(of_state).collect()
}

/// The end of a uniform distribution from 0 on: the longest of n is short of it by one part in n + 1.
fn removal_within(removals: &DurationBins) -> Option<Estimated> {
    let count = removals.ended();
    let longest = removals.sample().ended.last()?.seconds;
    if count < 5 {
        return None;
    }
    let n = count as f64;
    let high = longest / libm::pow(1.0 - CONFIDENCE, 1.0 / n);
    let interval = ConfidenceInterval { low: longest, high };
    Some(Estimated { value: longest * (n + 1.0) / n, interval, observations: count })
}
