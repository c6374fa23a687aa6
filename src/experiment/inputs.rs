//! What may be moved in a plan, as pure functions from plan to plan.

use std::sync::Arc;

use crate::base::ids::{GroupId, SkillId};
use crate::base::time::Span;
use crate::model::settings::{Absence, AgentGroup, Centre, Shift, Timeouts, Trigger};
use crate::scenario::Plan;

/// An input, moved down and up.
pub struct SensitivityInput {
    /// What it is: `arrivals.shopper`.
    pub name: String,
    /// How far it is moved: `10 %`, `1 agent`.
    pub by: &'static str,
    /// The plan with less of it; `None` if there cannot be less.
    pub less: Option<Arc<Plan>>,
    /// The plan with more of it; `None` if there cannot be more.
    pub more: Option<Arc<Plan>>,
}

/// The inputs that a planner knows least exactly or can move most easily, each with a customary
/// step:
///
/// - arrivals of each kind of consumers, rates or closed population: ±10 %
/// - reply time of each group of agents, whatever the skill, every draw: ±10 %
/// - patience of each kind, for the first and for later answers: ±20 %
/// - agents of each group: ±1, on the longest shift of the group
/// - unassign timeout of each state, if one applies: ±25 %
/// - interruptions of each group, how often: ±25 % (the time between them is divided)
///
/// An input that a plan does not have is not in the list; arrivals at given instants are not moved.
pub fn inputs(plan: &Plan) -> Vec<SensitivityInput> {
    let mut inputs = Vec::new();
    for (position, kind) in plan.centre.kinds.iter().enumerate() {
        inputs.push(relative("arrivals", &kind.name, "10 %", 0.1, |factor| {
            let arrivals = kind.arrivals.scaled(factor)?;
            Some(changed(plan, |plan| plan.centre.kinds[position].arrivals = arrivals))
        }));
        inputs.push(relative("patience", &kind.name, "20 %", 0.2, |factor| {
            let patience = &kind.patience;
            let scaled = |part: &Option<_>| -> Option<_> {
                part.as_ref()
                    .map(|part: &crate::base::distribution::Distribution| part.scaled(factor))
            };
            let (first, later) = (scaled(&patience.first), scaled(&patience.later));
            (first.is_some() || later.is_some()).then(|| {
                changed(plan, |plan| {
                    let patience = &mut plan.centre.kinds[position].patience;
                    (patience.first, patience.later) = (first, later);
                })
            })
        }));
    }
    for (position, group) in plan.centre.groups.iter().enumerate() {
        inputs.extend(of_group(plan, position, group));
    }
    inputs.extend(timeouts(plan));
    inputs.retain(|input| input.less.is_some() || input.more.is_some());
    inputs
}

/// The plan with all work of replies and all patience times a factor each.
pub fn with_work_and_patience(plan: &Plan, work: f64, patience: f64) -> Plan {
    let mut changed = plan.clone();
    for (position, group) in changed.centre.groups.iter_mut().enumerate() {
        *group = with_reply_times(&plan.centre, position, work);
    }
    for kind in &mut changed.centre.kinds {
        for part in [&mut kind.patience.first, &mut kind.patience.later] {
            *part = part.as_ref().map(|part| part.scaled(patience));
        }
    }
    changed
}

/// The group with another number of agents. Who comes works the longest shifts of the group, who
/// goes had them; where all work the same shifts only the number changes.
pub fn with_agents(group: &AgentGroup, count: u32) -> AgentGroup {
    let mut group = AgentGroup { count, ..group.clone() };
    let Some(agents) = group.roster.lists_mut() else { return group };
    if agents.iter().all(|shifts| *shifts == agents[0]) {
        return group;
    }
    // The last list stands for everybody who is not listed; with `count` agents there is nobody.
    while agents.len() < count as usize {
        let longest = agents.iter().max_by_key(|shifts| length(shifts)).cloned();
        agents.push(longest.unwrap_or_default());
    }
    let mut gone = Vec::new();
    while agents.len() > count.max(1) as usize {
        let longest = agents.iter().map(|shifts| length(shifts)).max();
        let last = agents.iter().rposition(|shifts| Some(length(shifts)) == longest);
        let last = last.unwrap_or(0);
        agents.remove(last);
        gone.push(last);
    }
    gone.into_iter().for_each(|member| forget(&mut group, member));
    group
}

/// Takes away what a member has of its own.
fn forget(group: &mut AgentGroup, member: usize) {
    if member < group.named.len() {
        group.named.remove(member);
    }
    for episode in &mut group.episodes {
        if let Trigger::Listed { agents, .. } = &mut episode.trigger {
            let others = agents.iter().enumerate().filter(|(number, _)| *number != member);
            *agents = others.map(|(_, own)| own.clone()).collect();
        }
    }
}

fn of_group(plan: &Plan, position: usize, group: &AgentGroup) -> [SensitivityInput; 3] {
    let reply_time = relative("reply_time", &group.name, "10 %", 0.1, |factor| {
        let scaled = with_reply_times(&plan.centre, position, factor);
        (scaled != *group).then(|| changed(plan, |plan| plan.centre.groups[position] = scaled))
    });
    let staffed = |count: u32| {
        changed(plan, |plan| plan.centre.groups[position] = with_agents(&listed(group), count))
    };
    let agents = SensitivityInput {
        name: format!("agents.{}", group.name),
        by: "1 agent",
        less: (group.count > 1).then(|| staffed(group.count - 1)),
        more: (group.count > 0).then(|| staffed(group.count + 1)),
    };
    let interruptions = relative("interruptions", &group.name, "25 %", 0.25, |factor| {
        let mut episodes = group.episodes.clone();
        for episode in &mut episodes {
            if let (Absence::Interruption, Trigger::Every(every)) =
                (episode.absence, &episode.trigger)
            {
                episode.trigger = Trigger::Every(every.scaled(1.0 / factor));
            }
        }
        (episodes != group.episodes)
            .then(|| changed(plan, |plan| plan.centre.groups[position].episodes = episodes))
    });
    [reply_time, agents, interruptions]
}

/// The group with all that its replies take times a factor, also where that is the skill's (A16).
fn with_reply_times(centre: &Centre, position: usize, factor: f64) -> AgentGroup {
    let (group, id) = (&centre.groups[position], GroupId(position as u16));
    let of_skill = |&skill: &SkillId| {
        let reply_time = centre.reply_time(id, skill);
        (*reply_time != group.reply_time).then(|| (skill, reply_time.scaled(factor)))
    };
    AgentGroup {
        reply_time: group.reply_time.scaled(factor),
        reply_time_by_skill: group.skills.iter().filter_map(of_skill).collect(),
        ..group.clone()
    }
}

/// The group with a list of shifts for each of its agents.
pub(super) fn listed(group: &AgentGroup) -> AgentGroup {
    let mut group = group.clone();
    if let Some(agents) = group.roster.lists_mut() {
        let last = agents.last().cloned().unwrap_or_default();
        agents.resize(group.count.max(1) as usize, last);
    }
    group
}

fn timeouts(plan: &Plan) -> Vec<SensitivityInput> {
    if !plan.centre.unassign.enabled {
        return Vec::new();
    }
    let input = |(name, state): (&str, TimeoutOfState)| {
        relative("timeout", name, "25 %", 0.25, |factor| {
            let mut timeout = plan.centre.unassign.timeout;
            let present = (*state(&mut timeout))?;
            let moved = Span::from_secs_f64(present.as_secs_f64() * factor).max(SHORTEST);
            *state(&mut timeout) = Some(moved);
            (moved != present).then(|| changed(plan, |plan| plan.centre.unassign.timeout = timeout))
        })
    };
    TIMEOUTS.into_iter().map(input).collect()
}

fn relative(
    what: &str,
    of: &str,
    by: &'static str,
    step: f64,
    scaled: impl Fn(f64) -> Option<Arc<Plan>>,
) -> SensitivityInput {
    let (less, more) = (scaled(1.0 - step), scaled(1.0 + step));
    SensitivityInput { name: format!("{what}.{of}"), by, less, more }
}

fn changed(plan: &Plan, change: impl FnOnce(&mut Plan)) -> Arc<Plan> {
    let mut plan = plan.clone();
    change(&mut plan);
    Arc::new(plan)
}

fn length(shifts: &[Shift]) -> Span {
    shifts.iter().map(|shift| shift.end - shift.start).sum()
}

/// Where the settings keep the timeout of one state.
pub(super) type TimeoutOfState = fn(&mut Timeouts) -> &mut Option<Span>;

/// The timeouts by state.
pub(super) const TIMEOUTS: [(&str, TimeoutOfState); 3] = [
    ("online", |timeouts| &mut timeouts.online),
    ("away", |timeouts| &mut timeouts.away),
    ("offline", |timeouts| &mut timeouts.offline),
];

/// Of a timeout (S0).
const SHORTEST: Span = Span::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::settings::Roster;
    use crate::scenario::{Source, parse};

    fn plan(text: &str) -> Arc<Plan> {
        let source = Source { name: "day.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, "").unwrap_or_else(|findings| panic!("{findings}"));
        Arc::clone(&scenario.variants[0].plan)
    }

    #[test]
    fn each_input_moves_by_its_step_and_nothing_else_does() {
        let plan = plan(DAY);
        let inputs = inputs(&plan);
        let names = Vec::from_iter(inputs.iter().map(|input| input.name.as_str()));
        let expected = [
            "arrivals.web",
            "patience.web",
            "reply_time.chat",
            "agents.chat",
            "interruptions.chat",
            "timeout.online",
            "timeout.offline",
        ];
        assert_eq!(names, expected, "no timeout of Away, and no patience of traced consumers");
        let mean = |plan: &Plan| {
            let (kind, group) = (&plan.centre.kinds[0], &plan.centre.groups[0]);
            let Trigger::Every(every) = &group.episodes[0].trigger else { unreachable!() };
            [
                kind.arrivals.peak_per_hour(),
                kind.patience.first.as_ref().unwrap().mean(),
                group.reply_time.mean(),
                f64::from(group.count),
                1.0 / every.mean(),
                plan.centre.unassign.timeout.online.unwrap().as_secs_f64(),
                plan.centre.unassign.timeout.offline.unwrap().as_secs_f64(),
            ]
        };
        let steps = [0.1, 0.2, 0.1, 1.0 / 3.0, 0.25, 0.25, 0.25];
        for (position, input) in inputs.iter().enumerate() {
            for (sign, moved) in [(-1.0, &input.less), (1.0, &input.more)] {
                let ratios = mean(moved.as_ref().unwrap()).into_iter().zip(mean(&plan));
                for (other, (moved, base)) in ratios.enumerate() {
                    let step = if other == position { sign * steps[position] } else { 0.0 };
                    assert!((moved / base - 1.0 - step).abs() < 1e-6, "{} {other}", input.name);
                }
            }
        }
    }

    #[test]
    fn a_groups_reply_time_moves_with_those_by_skill() {
        let plan = plan(
            "skills.chat = {}\nskills.mail.reply_time = '8m'\nskills.law.reply_time = '10m'
            agents.ann = { skills = ['chat', 'mail', 'law'], reply_time = { law = '5m' } }
            agents.bob = { skills = ['chat', 'mail'], reply_time = '2m' }
            consumers.web = { arrivals = '9/h', skills = { chat = 0.8, mail = 0.1, law = 0.1 } }",
        );
        let inputs = inputs(&plan);
        let more = |name: &str| {
            let input = inputs.iter().find(|input| input.name == name).unwrap();
            let (moved, base) = (&input.more.as_ref().unwrap().centre, &plan.centre);
            let ratio = |(group, skill)| {
                let [moved, base] =
                    [moved, base].map(|it| it.reply_time(GroupId(group), SkillId(skill)).mean());
                (moved / base * 1000.0).round() / 1000.0
            };
            [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)].map(ratio)
        };
        assert_eq!(more("reply_time.ann"), [1.1, 1.1, 1.1, 1.0, 1.0]);
        assert_eq!(more("reply_time.bob"), [1.0, 1.0, 1.0, 1.1, 1.1]);
    }

    #[test]
    fn who_comes_works_the_longest_shifts_and_who_goes_had_them() {
        let plan = plan(&DAY.replace("count = 3", STAFFING));
        let group = &plan.centre.groups[0];
        let staff = |group: &AgentGroup, hour: i64| {
            let Roster::Daily(agents) = &listed(group).roster else { unreachable!() };
            let at = crate::base::time::Time::ZERO + Span::from_mins(60 * hour + 30);
            agents
                .iter()
                .filter(|shifts| shifts.iter().any(|shift| shift.start <= at && at < shift.end))
                .count()
        };
        for (by, hours) in [(-2_i32, [0, 1, 3]), (-1, [1, 2, 4]), (0, [2, 3, 5]), (2, [4, 5, 7])] {
            let count = group.count.checked_add_signed(by).unwrap();
            let changed = with_agents(group, count);
            assert_eq!(changed.count, count);
            assert_eq!([0, 1, 2].map(|hour| staff(&changed, hour)), hours, "{by}");
        }
        let same = with_agents(&with_agents(group, 9), group.count);
        assert_eq!([0, 1, 2].map(|hour| staff(&same, hour)), [2, 3, 5]);
    }

    const STAFFING: &str = "staffing = { from = '09:00', agents = [2, 3, 5] }";
    const DAY: &str = r#"
        [run]
        starts_at = "09:00"
        until = "3h"
        [unassign]
        enabled = true
        timeout = { online = "100s", away = "off", offline = "60s" }
        [agents.chat]
        count = 3
        interruptions = { every = "40m", for = "6m" }
        [consumers.web]
        arrivals = "60/h"
        patience = { exponential = { mean = "4m" } }
        [consumers.app]
        arrivals = { closed = { population = 2, pause = "1h" } }
    "#;
}
