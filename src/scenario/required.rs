//! The staffing that a queueing formula asks for, interval by interval.
//!
//! Each interval is taken by itself, as if it went on for ever, and every agent as able to serve
//! everybody; breaks, absences, interruptions and unassignments are left out. A reply of an agent is
//! one piece of work for the formula, so a conversation of six messages is six.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::erlang::{OfferedLoad, Wait};
use crate::base::ids::SkillId;
use crate::base::time::Span;
use crate::ledger::settings::ServiceLevelAt;
use crate::model::settings::{AgentGroup, Centre, ConsumerKind, PatienceUntil, Turns};

use super::estimate::{Interval, estimate};
use super::plan::Plan;
use super::skill_load::SkillLoad;
use super::staff_on_shift::replies_at_a_time;

/// What the formula asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Required {
    /// Which formula.
    pub formula: Formula,
    /// The share to be served within the threshold of the service level: the goal, or 80 %.
    pub goal: f64,
    /// Whether the wait is that to the end of the work (the answer) or to its start (the
    /// assignment).
    pub to_the_answer: bool,
    /// Agents at work in each interval; none where no number suffices.
    pub agents: Vec<Option<u32>>,
}

/// A queueing formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Formula {
    /// Nobody loses patience.
    ErlangC,
    /// Those who wait for an agent lose patience.
    ErlangA,
}

impl Formula {
    /// As planners call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ErlangC => "Erlang C",
            Self::ErlangA => "Erlang A",
        }
    }
}

/// The staffing required by a plan: by Erlang A if every conversation is one message and patience
/// ends with the assignment, at which the service level is taken; otherwise by Erlang C.
pub fn required(plan: &Plan) -> Required {
    let mut formula = StaffingFormula::new(plan, plan.measure.service_level.within);
    let servers_an_agent = servers_an_agent(plan.centre.groups.iter());
    let mut of =
        |interval: &Interval| formula.agents(interval.replies, interval.work, servers_an_agent);
    let agents = estimate(plan).intervals.iter().map(&mut of).collect();
    let formula = match formula.patience {
        Some(_) => Formula::ErlangA,
        None => Formula::ErlangC,
    };
    let to_the_answer = plan.measure.service_level.at == ServiceLevelAt::Answer;
    Required { formula, goal: goal(plan), to_the_answer, agents }
}

/// Agents at work that the same formula asks for in each interval for the work of one skill (of
/// [`skill_loads`](super::skill_load::skill_loads)), as if those who have it did nothing else; none
/// where no number suffices.
pub fn required_for_skill(plan: &Plan, skill: SkillId, load: &SkillLoad) -> Vec<Option<u32>> {
    let within = plan.centre.threshold(skill, plan.measure.service_level.within);
    let mut formula = StaffingFormula::new(plan, within);
    let groups = plan.centre.groups.iter().filter(|group| group.skills.contains(&skill));
    let servers_an_agent = servers_an_agent(groups);
    let intervals = load.intervals.iter();
    intervals.map(|it| formula.agents(it.pieces, it.work, servers_an_agent)).collect()
}

fn goal(plan: &Plan) -> f64 {
    plan.measure.goals.service_level.unwrap_or(GOAL)
}

/// A formula and what it is asked for.
struct StaffingFormula {
    wait: Wait,
    goal: f64,
    patience: Option<f64>,
    /// Seconds of an interval.
    length: f64,
    /// Most days are like others.
    known: BTreeMap<[u64; 2], Option<u32>>,
}

impl StaffingFormula {
    fn new(plan: &Plan, within: Span) -> Self {
        let within = within.as_secs_f64();
        let (wait, patience) = match plan.measure.service_level.at {
            ServiceLevelAt::Answer => (Wait::ToEnd(within), None),
            ServiceLevelAt::Assignment => (Wait::ToStart(within), patience(&plan.centre)),
        };
        let length = plan.measure.interval.as_secs_f64();
        Self { wait, goal: goal(plan), patience, length, known: BTreeMap::new() }
    }

    /// For so many pieces of work in an interval that keep so many agents busy.
    fn agents(&mut self, pieces: f64, work: f64, servers_an_agent: f64) -> Option<u32> {
        let Self { wait, goal, patience, length, .. } = *self;
        *self.known.entry([pieces, work].map(f64::to_bits)).or_insert_with(|| {
            let rate = pieces / length;
            let service = if rate > 0.0 { work / rate } else { 0.0 };
            let servers = OfferedLoad { rate, service, patience }.servers_for(wait, goal)?;
            Some(libm::ceil(f64::from(servers) / servers_an_agent) as u32)
        })
    }
}

/// Mean patience until the assignment, if Erlang A applies: alike for all kinds of consumers.
fn patience(centre: &Centre) -> Option<f64> {
    let of = |kind: &ConsumerKind| {
        let applies =
            kind.messages == Turns::Fixed(1) && kind.patience.until == PatienceUntil::Assignment;
        kind.patience.first.as_ref().filter(|_| applies).map(|first| first.mean())
    };
    let (first, others) = centre.kinds.split_first()?;
    let mean = of(first).filter(|mean| *mean > 0.0)?;
    others.iter().all(|kind| of(kind) == Some(mean)).then_some(mean)
}

/// Replies that an agent writes side by side, in the mean over agents.
fn servers_an_agent<'a>(groups: impl Iterator<Item = &'a AgentGroup>) -> f64 {
    let (mut agents, mut servers) = (0.0, 0.0);
    for group in groups {
        let count = f64::from(group.count);
        agents += count;
        servers += count * replies_at_a_time(group);
    }
    if agents > 0.0 { servers / agents } else { 1.0 }
}

/// The share unless a goal is set.
const GOAL: f64 = 0.8;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::{Source, load, parse};

    fn required_by(text: &str) -> Required {
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
        required(&scenario.variants[0].plan)
    }

    #[test]
    fn the_reference_case_needs_what_its_exact_solution_says() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/reference");
        let staffing = load(&path.join("v19_staffing.toml"));
        let staffing = staffing.unwrap_or_else(|findings| panic!("{findings}"));
        let found = required(&staffing.variants[0].plan);
        assert_eq!((found.formula, found.goal), (Formula::ErlangA, 0.8));
        assert!(!found.agents.is_empty() && found.agents.iter().all(|agents| *agents == Some(52)));
    }

    #[test]
    fn a_conversation_of_several_replies_counts_each() {
        let text = "run.until = '1h'\nagents.chat = { count = 3, reply_time = '30s' }\n\
             service_level = { within = '20s', at = 'assignment' }\n\
             [consumers.web]\narrivals = '60/h'\nmessages = 4";
        let serial = required_by(text);
        assert_eq!(serial.formula, Formula::ErlangC);
        let load = OfferedLoad { rate: 240.0 / 3600.0, service: 30.0, patience: None };
        let expected = load.servers_for(Wait::ToStart(20.0), 0.8);
        assert!(expected > Some(2) && serial.agents.iter().all(|agents| *agents == expected));
        let parallel =
            text.replace("count = 3,", "count = 3, attention = 'parallel', concurrency = 2,");
        let halved = required_by(&parallel).agents;
        assert!(halved.iter().all(|agents| *agents == expected.map(|count| count.div_ceil(2))));
    }
}
