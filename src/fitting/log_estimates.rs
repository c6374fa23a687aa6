//! Samples → estimates.

use crate::base::time::Span;
use crate::estimation::{
    CONFIDENCE, ConfidenceInterval, DurationBins, Estimated, Family, Fit, InterruptionDoubt,
    InterruptionEstimate, Law, LawForm, PatienceEstimate, RecognizedTime, ReplyGaps,
    SilentEstimate, WorkBeside,
};
use crate::log::LoggedSkill;
use crate::log::form::LoggedState;

use super::agent_estimates::AgentEstimates;
use super::arrival_estimates::ArrivalEstimates;
use super::consumer_estimates::{FEW, SilentOutcome, TimesEstimate, TurnsEstimate};
use super::log_samples::LogSamples;
use super::skill_estimates::SkillEstimates;

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
    /// What consumers do by skill, where there are several.
    pub skills: Vec<SkillEstimates>,
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

/// Work of an answer, for which interruptions are told apart.
const FAMILIES_OF_WORK: [Family; 2] = [Family::Lognormal, Family::Gamma];
/// Conversations of a day that are few for a centre.
const HANDFUL: u64 = 5;
const TWO_MONTHS: usize = 60;

impl LogEstimates {
    /// Puts all samples to their estimators; agents are called by these names.
    pub fn of(samples: &LogSamples, agents: &[String]) -> Self {
        let name = |number: usize| agents.get(number).cloned().unwrap_or_default();
        let at_once = Span::ZERO;
        let is_patience_until_assignment = is_until_assignment(samples);
        let all = samples.all_consumers();
        let waits = match is_patience_until_assignment {
            true => &all.waits_to_assignment,
            false => &all.waits_to_answer,
        };
        let (work, interruptions) = match samples.has_assignments {
            true => {
                let interruptions = interruptions(samples);
                (work(samples, interruptions.as_ref()), interruptions)
            }
            false => (Vec::new(), None),
        };
        let silent = SilentEstimate::of(&all.outcomes);
        let outcome = SilentOutcome::of(&silent);
        Self {
            arrivals: ArrivalEstimates::of_log(&samples.arrivals),
            turns: TurnsEstimate::of(&all.turns, &samples.turn_sizes),
            think: TimesEstimate::of(&all.think),
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
            silent,
            skills: SkillEstimates::all(samples, is_patience_until_assignment, outcome),
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
        SilentOutcome::of(&self.silent)
    }

    /// What consumers of a skill do where that is known by itself.
    pub fn of_skill(&self, skill: Option<LoggedSkill>) -> Option<&SkillEstimates> {
        self.skills.iter().find(|own| own.skill == skill)
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

fn merged(gaps: &ReplyGaps) -> DurationBins {
    let mut all = gaps.after_send.clone();
    all.merge(&gaps.after_other);
    all
}

/// By skill; beside interruptions, if they are told apart from it.
fn work(samples: &LogSamples, interruptions: Option<&InterruptionEstimate>) -> Vec<WorkEstimate> {
    let told_apart = interruptions.filter(|found| is_told_apart(found));
    let of_skill = |(&skill, gaps): (&Option<LoggedSkill>, &ReplyGaps)| {
        let bins = merged(gaps);
        let is_few = bins.ended() < FEW;
        let beside = told_apart.filter(|_| !is_few);
        let beside = beside.and_then(|found| found.work_beside(gaps, &FAMILIES_OF_WORK));
        let times = TimesEstimate::of(&bins);
        let (law, mean) = match beside {
            Some(WorkBeside { law, mean }) => (Some(law), Some(mean)),
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
