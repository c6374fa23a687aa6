//! The work that comes to each skill against the agents who have it, interval by interval.
//!
//! As rough as the estimate of a run: all work of a conversation counts in the interval in which it
//! arrives, hand-overs move the turns that are left, repeat contacts are as many more conversations,
//! absences and abandonment are ignored. An agent with several skills counts for each of them with all
//! its time, so that a load above 1 is too much whatever else the agent does.

use super::estimate::interval_bounds;
use super::kind_load::KindLoad;
use super::plan::Plan;
use super::staff_on_shift::{mean_reply, on_shift, replies_at_a_time};
use crate::base::ids::{GroupId, SkillId};
use crate::model::settings::{AgentGroup, Centre, HandOverTo, UniformPart};

/// Work and staff of one skill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SkillLoad {
    /// Interval by interval, up to the horizon.
    pub intervals: Vec<SkillInterval>,
}

/// Work and staff of one skill in one interval of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SkillInterval {
    /// Pieces of work that come: replies and hand-overs.
    pub pieces: f64,
    /// Work that comes, as the mean number of agents that it keeps busy (erlangs).
    pub work: f64,
    /// Agents who have the skill and are on shift, in the mean; one of parallel attention counts once for
    /// each slot.
    pub staff: f64,
}

impl SkillLoad {
    /// Mean work over the run, erlangs.
    pub fn work(&self) -> f64 {
        self.mean(|interval| interval.work)
    }

    /// Mean staff over the run.
    pub fn staff(&self) -> f64 {
        self.mean(|interval| interval.staff)
    }

    /// Work per staff: above 1 the backlog grows. `None` if nobody has the skill.
    pub fn utilisation(&self) -> Option<f64> {
        let staff = self.staff();
        (staff > 0.0).then(|| self.work() / staff)
    }

    fn mean(&self, of: fn(&SkillInterval) -> f64) -> f64 {
        self.intervals.iter().map(of).sum::<f64>() / self.intervals.len().max(1) as f64
    }
}

/// By skill.
pub fn skill_loads(plan: &Plan) -> Vec<SkillLoad> {
    let centre = &plan.centre;
    let bounds = interval_bounds(plan);
    let of_none = SkillLoad { intervals: vec![SkillInterval::default(); bounds.len()] };
    let mut loads = vec![of_none; centre.skills.len()];
    for (_, UniformPart { group, .. }) in centre.uniform_parts() {
        let at_a_time = replies_at_a_time(&group);
        let present = on_shift(&group, plan, bounds.len());
        for skill in &group.skills {
            let intervals = &mut loads[usize::from(skill.0)].intervals;
            let intervals = intervals.iter_mut().zip(&present);
            intervals.for_each(|(interval, present)| interval.staff += at_a_time * present);
        }
    }
    let horizon = plan.run.until.since_start().as_secs_f64();
    let length = plan.measure.interval.as_secs_f64();
    for kind in &centre.kinds {
        let load = KindLoad::new(kind, centre, horizon);
        for &(asked, share) in &kind.skills {
            let mut of_one = vec![ContactWork::default(); centre.skills.len()];
            flow(centre, &mut of_one, Stay { skill: asked, share, turns: load.turns, depth: 0 });
            for (position, &(start, end)) in bounds.iter().enumerate() {
                let arrivals = load.arrivals(start, end);
                if !arrivals.is_finite() || arrivals == 0.0 {
                    continue;
                }
                let factor = kind.work_factor(asked, start);
                for (skill, work) in loads.iter_mut().zip(&of_one) {
                    let seconds = factor * work.replies + work.others;
                    skill.intervals[position].pieces += arrivals * work.pieces;
                    skill.intervals[position].work += arrivals * seconds / length;
                }
            }
        }
    }
    loads
}

/// What one contact brings to a skill.
#[derive(Clone, Copy, Debug, Default)]
struct ContactWork {
    pieces: f64,
    /// Seconds of replies, where no handle time says otherwise.
    replies: f64,
    /// Seconds of other work.
    others: f64,
}

/// Conversations that come to a skill.
#[derive(Clone, Copy)]
struct Stay {
    skill: SkillId,
    /// As a share of the contacts of their kind.
    share: f64,
    /// That they still have.
    turns: f64,
    depth: u32,
}

/// Where the agents of a skill hand over to, with the probability of each a turn, and the work of it.
struct Handing {
    share: f64,
    work: f64,
    to: SkillId,
}

fn flow(centre: &Centre, work: &mut [ContactWork], stay: Stay) {
    if stay.share * stay.turns < NEGLIGIBLE || stay.depth > MOST_HAND_OVERS {
        return;
    }
    let groups = groups_with(centre, stay.skill);
    let agents: f64 = groups.iter().map(|&(_, group)| f64::from(group.count)).sum();
    if agents == 0.0 {
        return;
    }
    let handings = Vec::from_iter(groups.iter().flat_map(|&(_, group)| {
        let weight = f64::from(group.count) / agents;
        group.hand_overs.iter().filter_map(move |over| {
            let to = receiving(centre, group, stay.skill, &over.to)?;
            Some(Handing { share: weight * over.share, work: over.after.mean(), to })
        })
    }));
    let handed: f64 = handings.iter().map(|handing| handing.share).sum();
    // Turn by turn, as long as it has not been handed over.
    let (mut here, mut answered, mut left_over, mut gone) = (1.0, 0.0, 0.0, 0.0);
    let mut left = stay.turns.min(MOST_TURNS);
    while left > 0.0 {
        let turn = left.min(1.0);
        answered += here * (1.0 - handed) * turn;
        gone += here * handed * turn;
        left_over += here * handed * turn * left.max(1.0);
        here *= 1.0 - handed * turn;
        left -= 1.0;
    }
    let mean = |of: &dyn Fn(GroupId, &AgentGroup) -> f64| {
        let all = groups.iter().map(|&(id, group)| f64::from(group.count) * of(id, group));
        all.sum::<f64>() / agents
    };
    let reply = mean(&|id, _| mean_reply(centre, id, stay.skill));
    let wrap_up = mean(&|_, group| group.wrap_up.mean());
    let handing: f64 = handings.iter().map(|handing| handing.share * handing.work).sum();
    let handing = if handed > 0.0 { gone * handing / handed } else { 0.0 };
    let of_skill = &mut work[usize::from(stay.skill.0)];
    of_skill.pieces += stay.share * (answered + gone);
    of_skill.replies += stay.share * answered * reply;
    of_skill.others += stay.share * (handing + here * wrap_up);
    if gone > 0.0 {
        for Handing { share, to, .. } in handings {
            let share = stay.share * gone * share / handed;
            let depth = stay.depth + 1;
            flow(centre, work, Stay { skill: to, share, turns: left_over / gone, depth });
        }
    }
}

fn groups_with(centre: &Centre, skill: SkillId) -> Vec<(GroupId, &AgentGroup)> {
    let groups = (0..).map(GroupId).zip(&centre.groups);
    groups.filter(|(_, group)| group.skills.contains(&skill)).collect()
}

/// The skill that is needed after a hand-over; `None` for a return to the same queue.
fn receiving(
    centre: &Centre,
    giver: &AgentGroup,
    skill: SkillId,
    to: &HandOverTo,
) -> Option<SkillId> {
    match to {
        HandOverTo::Queue => None,
        HandOverTo::Skill(to) => Some(*to),
        HandOverTo::Specialist { group, needs, .. } => needs.or_else(|| {
            let receiver = &centre.groups[usize::from(group.0)].skills;
            let lacking = receiver.iter().find(|skill| !giver.skills.contains(skill));
            Some(*lacking.unwrap_or(&skill))
        }),
    }
}

/// Fewer turns a contact than that are left out.
const NEGLIGIBLE: f64 = 1e-9;
const MOST_HAND_OVERS: u32 = 6;
const MOST_TURNS: f64 = 1000.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Source, parse};

    fn loads(text: &str) -> Vec<SkillLoad> {
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, "").unwrap_or_else(|findings| panic!("{findings}"));
        skill_loads(&scenario.variants[0].plan)
    }

    #[test]
    fn each_skill_is_held_against_its_own_agents() {
        let text = "run.until = '8h'
            agents.orders = { count = 10, skills = ['orders'], reply_time = '60s' }
            agents.tech = { count = 1, skills = ['tech'], reply_time = '10m' }
            consumers.o = { skill = 'orders', arrivals = '20/h', messages = 1 }
            consumers.t = { skill = 'tech', arrivals = '12/h', messages = 1 }";
        let loads = loads(text);
        let found = loads.iter().map(|load| load.utilisation().unwrap());
        assert!(found.zip([1.0 / 30.0, 2.0]).all(|(found, exact)| (found - exact).abs() < 1e-9));
    }

    #[test]
    fn hand_overs_and_repeat_contacts_are_work() {
        let text = "run.until = '8h'
            agents.bot = { count = 1, skills = ['bot'], concurrency = 1000, attention = 'parallel',
                reply_time = '5s', hand_overs = { share = 0.6, after = '30s', to = { skill = 'people' } } }
            agents.people = { count = 5, skills = ['people'], reply_time = '5m' }
            consumers.web = { skill = 'bot', arrivals = '60/h', messages = 1,
                recontacts = { share = 0.2, after = '1h' } }";
        let [bot, people] = &loads(text)[..] else { panic!("two skills") };
        // 75 contacts an hour: 30 answered in 5 s, 45 handed over after 30 s, each then 5 min.
        assert!((bot.work() - (30.0 * 5.0 + 45.0 * 30.0) / 3600.0).abs() < 1e-9, "{bot:?}");
        assert!((people.work() - 45.0 * 300.0 / 3600.0).abs() < 1e-9, "{people:?}");
        assert_eq!((bot.staff(), people.staff()), (1000.0, 5.0));
    }
}
