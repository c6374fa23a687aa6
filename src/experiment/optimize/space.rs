//! The choices: what may move, what it costs, and what it must reach.

use std::sync::Arc;

use crate::base::time::{Span, Time};
use crate::model::settings::{AgentGroup, Timeouts};
use crate::scenario::Plan;
use crate::scenario::search_settings::{AgentRange, SearchSettings};

use super::super::inputs::{listed, with_agents};
use super::search_goal::{self, Goal};

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Which choice of timeouts and slots.
    pub policy: usize,
    /// Agents of each group that may move, in the order of [`SearchSettings::agents`].
    pub agents: Vec<u32>,
}

impl Candidate {
    /// Whether it is the same policy with at most as many agents in every group.
    pub(super) fn has_no_more_than(&self, other: &Self) -> bool {
        let mut pairs = self.agents.iter().zip(&other.agents);
        self.policy == other.policy && pairs.all(|(own, other)| own <= other)
    }
}

/// A choice of slots and timeouts.
#[derive(Clone, Debug, Default)]
struct Policy {
    /// Position of a group and its slots.
    slots: Vec<(usize, u32)>,
    /// Timeouts of Online, Away and Offline agents, as far as they are chosen.
    timeouts: [Option<Option<Span>>; 3],
}

/// Everything that may be chosen.
pub struct Space<'a> {
    plan: &'a Plan,
    /// What may move.
    pub search: &'a SearchSettings,
    goals: Vec<Goal>,
    policies: Vec<Policy>,
    /// Whether no group has a cost, so that each agent's hour costs 1.
    hours_only: bool,
}

impl<'a> Space<'a> {
    /// The space of a plan.
    ///
    /// # Errors
    ///
    /// There is no goal, or one that more agents do not bring nearer; nothing may move; or there are too
    /// many choices.
    pub fn new(plan: &'a Plan, search: &'a SearchSettings) -> Result<Self, String> {
        let goals = search_goal::goals(&plan.measure.goals, &plan.measure.part_goals);
        if goals.is_empty() {
            let message = "there is no goal: set `goals.service_level`, `goals.abandonment`, \
                           `goals.reassignments`, `goals.lost_answer_share`, \
                           `goals.lost_work_share` or [[goal]]";
            return Err(message.to_owned());
        }
        if !search.agents.is_empty() {
            goals.iter().try_for_each(Goal::moves_with_agents)?;
        }
        if search.is_empty() {
            let message = "nothing may move: name groups in [optimize.agents] or \
                           [optimize.concurrency], or timeouts in [optimize.timeout]";
            return Err(message.to_owned());
        }
        let policies = policies(search);
        if policies.len() > POLICIES {
            return Err(format!(
                "there are {} choices of timeouts and slots; at most {POLICIES} are allowed",
                policies.len()
            ));
        }
        let hours_only = plan.centre.groups.iter().all(|group| group.cost_per_hour == 0.0);
        Ok(Self { plan, search, goals, policies, hours_only })
    }

    /// The goals.
    pub fn goals(&self) -> &[Goal] {
        &self.goals
    }

    /// Whether cost is in agents' hours because no group has a price.
    pub fn counts_hours(&self) -> bool {
        self.hours_only
    }

    pub(super) fn policies(&self) -> usize {
        self.policies.len()
    }

    pub(super) fn ranges(&self) -> impl Iterator<Item = AgentRange> {
        self.search.agents.iter().map(|&(_, range)| range)
    }

    /// The plan of a choice.
    pub fn plan_of(&self, candidate: &Candidate) -> Arc<Plan> {
        let mut plan = self.plan.clone();
        let policy = &self.policies[candidate.policy];
        for (&(group, _), &count) in self.search.agents.iter().zip(&candidate.agents) {
            let group = &mut plan.centre.groups[usize::from(group.0)];
            *group = with_agents(&listed(group), count);
        }
        for &(group, slots) in &policy.slots {
            plan.centre.groups[group].concurrency = slots;
        }
        if policy.timeouts.iter().any(Option::is_some) {
            plan.centre.unassign.enabled = true;
        }
        let Timeouts { online, away, offline } = &mut plan.centre.unassign.timeout;
        for (own, chosen) in [online, away, offline].into_iter().zip(policy.timeouts) {
            *own = chosen.unwrap_or(*own);
        }
        Arc::new(plan)
    }

    /// The cost of a run: price of an agent's hour × hours on shift up to the horizon.
    pub fn cost(&self, candidate: &Candidate) -> f64 {
        let plan = self.plan_of(candidate);
        let price = |group: &AgentGroup| if self.hours_only { 1.0 } else { group.cost_per_hour };
        let until = plan.run.until;
        plan.centre.groups.iter().map(|group| price(group) * hours(group, until)).sum()
    }

    /// The name of a group.
    pub(super) fn group(&self, position: usize) -> &str {
        self.plan.centre.groups[position].name.as_str()
    }

    /// The slots that are chosen, by group.
    pub(super) fn slots(&self, candidate: &Candidate) -> impl Iterator<Item = (&str, u32)> {
        let slots = self.policies[candidate.policy].slots.iter();
        slots.map(|&(group, slots)| (self.group(group), slots))
    }

    /// The timeouts by state, as far as they are chosen.
    pub(super) fn timeouts(
        &self,
        candidate: &Candidate,
    ) -> [(&'static str, Option<Option<Span>>); 3] {
        let [online, away, offline] = self.policies[candidate.policy].timeouts;
        [("online", online), ("away", away), ("offline", offline)]
    }

    /// What is chosen, in words: `chat 12, online 90s`.
    pub fn name(&self, candidate: &Candidate) -> String {
        let agents = self.search.agents.iter().zip(&candidate.agents);
        let agents =
            agents.map(|(&(id, _), count)| format!("{} {count}", self.group(usize::from(id.0))));
        let slots = self.slots(candidate);
        let slots = slots.map(|(group, slots)| format!("{group} × {slots} slots"));
        let timeouts = self.timeouts(candidate).into_iter().filter_map(|(state, timeout)| {
            let timeout = timeout?.map_or_else(|| "off".to_owned(), |timeout| timeout.to_string());
            Some(format!("{state} {timeout}"))
        });
        Vec::from_iter(agents.chain(slots).chain(timeouts)).join(", ")
    }

    /// The choices with one agent fewer in one group.
    pub(super) fn with_one_less(&self, candidate: &Candidate) -> Vec<Candidate> {
        self.neighbours(candidate, |range, count| (count > range.from).then(|| count - 1))
    }

    /// The choices with one agent more in one group.
    pub(super) fn with_one_more(&self, candidate: &Candidate) -> Vec<Candidate> {
        self.neighbours(candidate, |range, count| (count < range.to).then(|| count + 1))
    }

    fn neighbours(
        &self,
        candidate: &Candidate,
        moved: impl Fn(AgentRange, u32) -> Option<u32>,
    ) -> Vec<Candidate> {
        let ranges = self.ranges().enumerate();
        let neighbour = |(at, range): (usize, AgentRange)| {
            let mut neighbour = candidate.clone();
            neighbour.agents[at] = moved(range, neighbour.agents[at])?;
            Some(neighbour)
        };
        ranges.filter_map(neighbour).collect()
    }
}

/// Every choice of slots and timeouts.
fn policies(search: &SearchSettings) -> Vec<Policy> {
    let mut policies = vec![Policy::default()];
    for (group, choices) in &search.concurrency {
        policies = extended(&policies, choices, |policy, &slots| {
            policy.slots.push((usize::from(group.0), slots));
        });
    }
    let timeouts = &search.timeouts;
    for (state, choices) in [&timeouts.online, &timeouts.away, &timeouts.offline].iter().enumerate()
    {
        policies = extended(&policies, choices, |policy, &timeout| {
            policy.timeouts[state] = Some(timeout);
        });
    }
    policies
}

/// Each policy with each choice; the policies as they are if there is none.
fn extended<T>(
    policies: &[Policy],
    choices: &[T],
    choose: impl Fn(&mut Policy, &T),
) -> Vec<Policy> {
    if choices.is_empty() {
        return policies.to_vec();
    }
    let mut extended = Vec::new();
    for policy in policies.iter().take(POLICIES + 1) {
        for choice in choices.iter().take(POLICIES + 1) {
            let mut policy = policy.clone();
            choose(&mut policy, choice);
            extended.push(policy);
        }
    }
    extended
}

/// Hours on shift of all agents of a group, to the horizon.
fn hours(group: &AgentGroup, until: Time) -> f64 {
    let horizon = until.since_start();
    let Some(agents) = group.roster.lists() else {
        return f64::from(group.count) * horizon.as_secs_f64() / 3600.0;
    };
    // A shift that began the day before the run reaches into it.
    let days =
        if group.roster.is_daily() { -1..horizon.as_micros() / DAY.as_micros() + 1 } else { 0..1 };
    let of_shifts = |at: usize| {
        let shifts = agents.get(at).or_else(|| agents.last()).into_iter().flatten();
        let cut = |time: Time, day: i64| (time + DAY * day).clamp(Time::ZERO, until);
        let spans = shifts.flat_map(|shift| {
            days.clone().map(move |day| cut(shift.end, day) - cut(shift.start, day))
        });
        spans.sum::<Span>().as_secs_f64() / 3600.0
    };
    (0..group.count as usize).map(of_shifts).sum()
}

const POLICIES: usize = 64;
const DAY: Span = Span::from_hours(24);
