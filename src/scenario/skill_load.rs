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
    /// The work of several skills together. Their staff is left out: it may be the same people.
    pub fn together<'a>(loads: impl Iterator<Item = &'a Self>) -> Self {
        let mut all = Self::default();
        for load in loads {
            let length = load.intervals.len().max(all.intervals.len());
            all.intervals.resize(length, SkillInterval::default());
            for (sum, interval) in all.intervals.iter_mut().zip(&load.intervals) {
                sum.pieces += interval.pieces;
                sum.work += interval.work;
            }
        }
        all
    }

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
    let flows = SkillFlows { centre, parts: centre.uniform_parts().collect() };
    for (_, UniformPart { group, .. }) in &flows.parts {
        let at_a_time = replies_at_a_time(group);
        let present = on_shift(group, plan, bounds.len());
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
            flows.follow(&mut of_one, Stay { skill: asked, share, turns: load.turns, depth: 0 });
            for (position, &(start, end)) in bounds.iter().enumerate() {
                // What is open when the run begins is work of its first interval.
                let backlog = if position == 0 { kind.backlog.len() as f64 } else { 0.0 };
                let arrivals = load.arrivals(start, end) + backlog;
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

/// The agents of a centre, by what they have in common.
struct SkillFlows<'a> {
    centre: &'a Centre,
    parts: Vec<(GroupId, UniformPart<'a>)>,
}

impl<'a> SkillFlows<'a> {
    /// Adds what conversations bring to the skills that they come to.
    fn follow(&self, work: &mut [ContactWork], stay: Stay) {
        if stay.share * stay.turns < NEGLIGIBLE || stay.depth > MOST_HAND_OVERS {
            return;
        }
        let groups = Vec::from_iter(self.having(stay.skill));
        let agents: f64 = groups.iter().map(|(_, part)| f64::from(part.group.count)).sum();
        if agents == 0.0 {
            return;
        }
        let handings = self.handings(stay.skill, agents);
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
        let mean = |of: &dyn Fn(GroupId, &UniformPart<'_>) -> f64| {
            let all = groups.iter().map(|(id, part)| f64::from(part.group.count) * of(*id, part));
            all.sum::<f64>() / agents
        };
        let reply = mean(&|id, part| mean_reply(self.centre, id, stay.skill) / part.speed);
        let wrap_up = mean(&|_, part| part.group.wrap_up.mean());
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
                self.follow(work, Stay { skill: to, share, turns: left_over / gone, depth });
            }
        }
    }

    /// Where those who have a skill, so many agents, hand over to.
    fn handings(&self, skill: SkillId, agents: f64) -> Vec<Handing> {
        let of_part = |(_, part): &'_ (GroupId, UniformPart<'a>)| {
            let weight = f64::from(part.group.count) / agents;
            let overs = part.group.hand_overs.iter().filter_map(|over| {
                let to = receiving(self.centre, &part.group, skill, &over.to)?;
                Some(Handing { share: weight * over.share, work: over.after.mean(), to })
            });
            Vec::from_iter(overs)
        };
        self.having(skill).flat_map(of_part).collect()
    }

    fn having(&self, skill: SkillId) -> impl Iterator<Item = &(GroupId, UniformPart<'a>)> {
        self.parts.iter().filter(move |(_, part)| part.group.skills.contains(&skill))
    }
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
    use crate::model::settings::NamedAgent;
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
    fn fast_agents_and_what_is_open_at_the_start_are_counted() {
        let text = "run.until = '2h'
            measure.interval = '60m'
            agents.team = { count = 2, reply_time = '60s' }
            consumers.web = { arrivals = '30/h', messages = 1, backlog = { opened = '10m', count = 6 } }";
        let source = Source { name: "test.toml".to_owned(), text: text.to_owned() };
        let scenario = parse(source, "").unwrap_or_else(|findings| panic!("{findings}"));
        let mut plan = Plan::clone(&scenario.variants[0].plan);
        let fast = |name: &str| NamedAgent {
            name: name.into(),
            skills: None,
            concurrency: None,
            speed: 2.0,
        };
        plan.centre.groups[0].named = ["Ann", "Ben"].map(fast).into();
        let [first, second] = skill_loads(&plan)[0].intervals[..] else { panic!("two hours") };
        // Half a minute each.
        assert_eq!((first.pieces, second.pieces), (36.0, 30.0));
        assert!((first.work - 0.3).abs() < 1e-9 && (second.work - 0.25).abs() < 1e-9);
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
