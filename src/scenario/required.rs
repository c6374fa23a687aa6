//! The staffing that a queueing formula asks for, interval by interval.
//!
//! Each interval is taken by itself, as if it went on for ever; breaks, absences, interruptions and
//! unassignments are left out. A reply of an agent is one piece of work for the formula, so a
//! conversation of six messages is six; hand-overs and repeat contacts are work as well. Skills that
//! agents have together are one pool, in which every agent is taken as able to serve everybody.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::erlang::{OfferedLoad, Wait};
use crate::base::ids::SkillId;
use crate::base::time::Span;
use crate::ledger::settings::ServiceLevelAt;
use crate::model::settings::{AgentGroup, Centre, ConsumerKind, PatienceUntil, Turns};

use super::plan::Plan;
use super::skill_load::{SkillLoad, skill_loads};
use super::skill_pools::skill_pools;
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
    /// Agents at work in each interval, of all pools of skills together; none where no number suffices.
    pub agents: Vec<Option<u32>>,
    /// By skill, if there are several: agents at work in each interval for its work alone, as if those who
    /// have it did nothing else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Vec<Option<u32>>>,
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
    let loads = skill_loads(plan);
    let pools = Vec::from_iter(skill_pools(&plan.centre).into_iter().map(|pool| {
        let together = SkillLoad::together(pool.iter().map(|skill| &loads[usize::from(skill.0)]));
        required_for(plan, &pool, &together)
    }));
    let intervals = loads.first().map_or(0, |load| load.intervals.len());
    let of_all = |position: usize| pools.iter().map(|agents| agents[position]).sum();
    let ids = (0..).map(SkillId).zip(&loads);
    let skills = ids.map(|(skill, load)| required_for_skill(plan, skill, load));
    let formula = match StaffingFormula::new(plan, Span::ZERO).patience {
        Some(_) => Formula::ErlangA,
        None => Formula::ErlangC,
    };
    Required {
        formula,
        goal: goal(plan),
        to_the_answer: plan.measure.service_level.at == ServiceLevelAt::Answer,
        agents: (0..intervals).map(of_all).collect(),
        skills: if loads.len() > 1 { skills.collect() } else { Vec::new() },
    }
}

/// Agents at work that the same formula asks for in each interval for the work of one skill (of
/// [`skill_loads`]), as if those who have it did nothing else; none
/// where no number suffices.
pub fn required_for_skill(plan: &Plan, skill: SkillId, load: &SkillLoad) -> Vec<Option<u32>> {
    required_for(plan, &[skill], load)
}

/// The same for skills together: each has its own threshold alone, and that of the centre with others.
fn required_for(plan: &Plan, skills: &[SkillId], load: &SkillLoad) -> Vec<Option<u32>> {
    let of_centre = plan.measure.service_level.within;
    let within = match skills {
        [skill] => plan.centre.threshold(*skill, of_centre),
        _ => of_centre,
    };
    let mut formula = StaffingFormula::new(plan, within);
    let parts = plan.centre.uniform_parts().map(|(_, part)| part.group);
    let has_any = |group: &AgentGroup| group.skills.iter().any(|skill| skills.contains(skill));
    let servers_an_agent = servers_an_agent(parts.filter(|group| has_any(group)));
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
fn servers_an_agent<'a>(groups: impl Iterator<Item = Cow<'a, AgentGroup>>) -> f64 {
    let (mut agents, mut servers) = (0.0, 0.0);
    for group in groups {
        let count = f64::from(group.count);
        agents += count;
        servers += count * replies_at_a_time(&group);
    }
    if agents > 0.0 { servers / agents } else { 1.0 }
}

/// The share unless a goal is set.
const GOAL: f64 = 0.8;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::base::erlang::EVALUATIONS;
    use crate::base::time::Time;
    use crate::scenario::{Source, load, parse};

    fn required_by(text: &str) -> Required {
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, Path::new("")).unwrap_or_else(|findings| panic!("{findings}"));
        required(&scenario.variants[0].plan)
    }

    /// 4,000 half hours of 24 loads, and a goal that no number of agents reaches: the formula is not asked
    /// at all. One that can be reached asks it some times a load, however long the run is.
    #[test]
    fn what_a_staffing_costs_hangs_on_the_loads_not_on_the_run() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario_files");
        let long = load(&path.join("long_horizon.toml"));
        let long = long.unwrap_or_else(|findings| panic!("{findings}"));
        let mut plan = Plan::clone(&long.variants[0].plan);
        let evaluations = |plan: &Plan| {
            EVALUATIONS.set(0);
            let agents = required(plan).agents;
            (agents, EVALUATIONS.get())
        };
        assert_eq!(evaluations(&plan), (vec![None; 4000], 0));
        plan.measure.service_level.within = Span::from_mins(10);
        let (agents, of_run) = evaluations(&plan);
        assert!(agents.len() == 4000 && agents.iter().all(Option::is_some));
        plan.run.until = Time::ZERO + Span::from_hours(24);
        let (agents, of_a_day) = evaluations(&plan);
        assert_eq!((agents.len(), of_run), (48, of_a_day));
        // At most 16 agents: up in five steps, and down in three.
        assert!(of_a_day <= 24 * 8, "{of_a_day}");
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

    /// Orders and tech have agents of their own, mail is answered by those of tech too: two pools. A bot
    /// hands over to orders.
    #[test]
    fn skills_are_held_against_their_own_agents_and_those_that_are_shared_are_one() {
        let text = "run.until = '1h'
            service_level = { within = '20s', at = 'assignment' }
            agents.bot = { count = 1, skills = ['bot'], reply_time = '5s',
                hand_overs = { share = 0.5, after = '10s', to = { skill = 'orders' } } }
            agents.orders = { count = 10, skills = ['orders'], reply_time = '60s' }
            agents.tech = { count = 5, skills = ['tech', 'mail'], reply_time = '2m' }
            skills = { bot = {}, orders = {}, tech = {}, mail = { service_level = { within = '1h' } } }
            consumers.b = { skill = 'bot', arrivals = '60/h', messages = 1 }
            consumers.o = { skill = 'orders', arrivals = '40/h', messages = 1, recontacts = { share = 0.2, after = '1h' } }
            consumers.t = { skill = 'tech', arrivals = '30/h', messages = 1 }
            consumers.m = { skill = 'mail', arrivals = '30/h', messages = 1 }";
        let servers = |an_hour: f64, service: f64, within: f64| {
            let load = OfferedLoad { rate: an_hour / 3600.0, service, patience: None };
            load.servers_for(Wait::ToStart(within), 0.8)
        };
        // 30 answered in 5 s and 30 handed over after 10 s; 40 / 0.8 orders and the 30 handed over.
        let (bot, orders) = (servers(60.0, 7.5, 20.0), servers(80.0, 60.0, 20.0));
        let (tech, mail) = (servers(30.0, 120.0, 20.0), servers(30.0, 120.0, 3600.0));
        let shared = servers(60.0, 120.0, 20.0);
        let required = required_by(text);
        let mut by_skill = Vec::from_iter(required.skills.iter().map(|agents| agents[0]));
        by_skill.sort();
        let mut expected = [bot, orders, tech, mail];
        expected.sort();
        assert_eq!(by_skill, expected);
        assert!(mail < tech && shared < tech.map(|agents| 2 * agents));
        assert_eq!(required.agents[0], [bot, orders, shared].into_iter().sum());
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
