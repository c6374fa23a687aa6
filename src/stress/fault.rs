//! What is done to the system while it runs. The load generator sends each blow at its instant; the
//! saboteur of the shard carries it out.

use actix::{Actor, Context, Handler, Message};

use crate::base::ids::{AgentId, GroupId};
use crate::base::stream::{Purpose, Streams, uniform};
use crate::base::time::Span;
use crate::model::settings::Centre;
use crate::scenario::stress::{Death, Fault, FaultStep, Whom};

use super::clock::Moment;
use super::shard::Shared;

/// A part of a fault that strikes one shard at one instant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Blow {
    pub(super) at: Moment,
    pub(super) shard: usize,
    pub(super) deed: Deed,
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// The router stands still.
    Stall(Span),
    /// Agents suffer something.
    Afflict(Vec<AgentId>, Affliction),
}

/// What agents suffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Affliction {
    LogOut,
    LogIn,
    Die(Death),
}

/// All blows of all faults. Who is struck and when is drawn with the streams of each shard. Floods
/// are no blows: they are arrivals.
pub(super) fn plan(faults: &[FaultStep], shards: &[(&Centre, Streams)]) -> Vec<Blow> {
    let mut blows = Vec::new();
    for (number, step) in faults.iter().enumerate() {
        for (shard, &(centre, streams)) in shards.iter().enumerate() {
            let mut strike = |agents: Vec<AgentId>, after: Span, affliction| {
                let (at, deed) = (step.at + after, Deed::Afflict(agents, affliction));
                blows.push(Blow { at: Moment::after(at), shard, deed });
            };
            let drawn = |whom| struck(centre, streams, number as u64, whom);
            let (whom, affliction) = match step.fault {
                Fault::Flood(_) => continue,
                Fault::Stall => {
                    let deed = Deed::Stall(step.over);
                    blows.push(Blow { at: Moment::after(step.at), shard, deed });
                    continue;
                }
                Fault::Flap(whom, times) => {
                    for (agent, part) in drawn(whom) {
                        for time in 0..times {
                            let (out, back) = flap(step.over, times, time, part);
                            strike(vec![agent], out, Affliction::LogOut);
                            strike(vec![agent], back, Affliction::LogIn);
                        }
                    }
                    continue;
                }
                Fault::LogOut(whom) => (whom, Affliction::LogOut),
                Fault::LogIn(whom) => (whom, Affliction::LogIn),
                Fault::Die(whom, death) => (whom, Affliction::Die(death)),
            };
            if step.over.is_zero() {
                let agents = drawn(whom).into_iter().map(|(agent, _)| agent);
                strike(agents.collect(), Span::ZERO, affliction);
            } else {
                for (agent, part) in drawn(whom) {
                    strike(vec![agent], part_of(step.over, part), affliction);
                }
            }
        }
    }
    blows
}

/// When an agent that flaps is logged out for the n-th time, and let in again: each time has its
/// stretch, of which half is spent logged out.
fn flap(over: Span, times: u32, time: u32, part: f64) -> (Span, Span) {
    let stretch = 1.0 / f64::from(times);
    let out = (f64::from(time) + part / 2.0) * stretch;
    (part_of(over, out), part_of(over, out + stretch / 2.0))
}

fn part_of(whole: Span, part: f64) -> Span {
    Span::from_secs_f64(whole.as_secs_f64() * part)
}

/// Who is struck, in order, and at which part of the fault's length.
fn struck(centre: &Centre, streams: Streams, fault: u64, whom: Whom) -> Vec<(AgentId, f64)> {
    let is_meant = |of: GroupId| whom.group.is_none_or(|group| group == of);
    let agents = (0..).map(AgentId).zip(centre.agents());
    let agents = agents.filter(|(_, (group, _))| is_meant(*group)).map(|(agent, _)| {
        let mut stream = streams.stream(Purpose::Fault, u64::from(agent.0), fault);
        (uniform(&mut stream), agent, uniform(&mut stream))
    });
    let mut agents = Vec::from_iter(agents);
    agents.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    agents.truncate(libm::round(whom.share * agents.len() as f64) as usize);
    agents.sort_by_key(|&(_, agent, _)| agent);
    agents.into_iter().map(|(_, agent, part)| (agent, part)).collect()
}

/// Carries out the blows against one shard. It has a mailbox of its own, so that a router that is
/// flooded or stands still keeps no fault waiting.
pub(super) struct Saboteur {
    shard: Shared,
}

impl Saboteur {
    pub(super) fn new(shard: Shared) -> Self {
        Self { shard }
    }
}

impl Actor for Saboteur {
    type Context = Context<Self>;
}

/// A blow falls.
pub(super) struct Suffer(pub(super) Deed);

impl Message for Suffer {
    type Result = ();
}

impl Handler<Suffer> for Saboteur {
    type Result = ();

    fn handle(&mut self, Suffer(deed): Suffer, _: &mut Context<Self>) {
        let mut shard = self.shard.borrow_mut();
        match deed {
            Deed::Stall(length) => shard.people.stall(length),
            Deed::Afflict(agents, affliction) => shard.afflict(&agents, affliction),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre() -> Centre {
        let text = "agents.chat = { count = 30 }\nagents.mail = { count = 10 }\n\
                    consumers.web.arrivals = '60/h'";
        let source = crate::scenario::Source { name: String::new(), text: text.to_owned() };
        let scenario = crate::scenario::parse(source, "".as_ref()).unwrap();
        scenario.variants[0].plan.centre.clone()
    }

    #[test]
    fn a_share_of_a_group_is_struck_within_the_time_and_the_seed_says_who() {
        let centre = centre();
        let struck = |seed, group, share| {
            let whom = Whom { group, share };
            let (at, over) = (Span::from_secs(2), Span::from_secs(60));
            let step = FaultStep { at, over, fault: Fault::LogOut(whom) };
            plan(&[step], &[(&centre, Streams::new(seed, 0))])
        };
        let blows = struck(1, Some(GroupId(1)), 0.5);
        assert_eq!(blows.len(), 5);
        for Blow { at, deed, .. } in &blows {
            let Deed::Afflict(agents, Affliction::LogOut) = deed else { panic!("{deed:?}") };
            assert!(agents[0] >= AgentId(30) && agents.len() == 1);
            assert!(*at >= Moment::after(Span::from_secs(2)));
            assert!(*at <= Moment::after(Span::from_secs(62)));
        }
        assert_eq!(blows, struck(1, Some(GroupId(1)), 0.5));
        assert_ne!(blows, struck(2, Some(GroupId(1)), 0.5));
        assert_eq!(struck(1, None, 1.0).len(), 40);
    }

    #[test]
    fn whoever_flaps_is_let_in_before_the_next_logout() {
        let over = Span::from_secs(10);
        let all = (0..5).flat_map(|time| {
            let (out, back) = flap(over, 5, time, 0.9);
            [out, back]
        });
        let all = Vec::from_iter(all);
        assert!(all.is_sorted_by(|one, next| one < next) && all[9] <= over, "{all:?}");
    }
}
