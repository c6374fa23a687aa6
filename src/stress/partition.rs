//! How a centre is dealt out to shards: each is a centre of its own, with its part of the agents
//! and of the arrivals.

use crate::base::arrivals::{ArrivalProcess, Trace};
use crate::model::settings::{AgentGroup, Centre, ConsumerKind, Roster};

/// The most shards that a centre can be dealt out to: every shard has somebody of every group.
pub fn most_shards(centre: &Centre) -> u32 {
    centre.groups.iter().map(|group| group.count).min().unwrap_or(1).max(1)
}

/// The part of shard `number` of `shards`: agents one by one in turn, arrivals at equal rates.
pub fn part(centre: &Centre, number: u32, shards: u32) -> Centre {
    if shards == 1 {
        return centre.clone();
    }
    let groups = centre.groups.iter().map(|group| part_of_group(group, number, shards));
    let kinds = centre.kinds.iter().map(|kind| ConsumerKind {
        arrivals: part_of_arrivals(&kind.arrivals, number, shards),
        ..kind.clone()
    });
    Centre { groups: groups.collect(), kinds: kinds.collect(), ..centre.clone() }
}

fn part_of_group(group: &AgentGroup, number: u32, shards: u32) -> AgentGroup {
    let roster = match &group.roster {
        Roster::Always => Roster::Always,
        Roster::Daily(agents) => {
            // Agents beyond the end of the list follow its last entry.
            let own = (number as usize..).step_by(shards as usize);
            let mut own = Vec::from_iter(own.map_while(|agent| agents.get(agent).cloned()));
            own.extend(agents.last().cloned());
            Roster::Daily(own)
        }
    };
    AgentGroup { count: share(group.count.into(), number, shards) as u32, roster, ..group.clone() }
}

fn part_of_arrivals(arrivals: &ArrivalProcess, number: u32, shards: u32) -> ArrivalProcess {
    match arrivals {
        ArrivalProcess::Trace(trace) => {
            let own = trace.instants().iter().copied();
            let own = own.skip(number as usize).step_by(shards as usize);
            let trace = Trace::new(own.collect());
            ArrivalProcess::Trace(trace.unwrap_or_else(|_| unreachable!("still in order")))
        }
        ArrivalProcess::Closed { population, whole, pause } => ArrivalProcess::Closed {
            population: share(*population, number, shards),
            whole: *whole,
            pause: pause.clone(),
        },
        ArrivalProcess::Constant { .. } | ArrivalProcess::Piecewise(_) => {
            arrivals.scaled(1.0 / f64::from(shards)).unwrap_or_else(|| arrivals.clone())
        }
    }
}

/// What one of `shards` gets of `whole` when it is dealt one by one.
fn share(whole: u64, number: u32, shards: u32) -> u64 {
    whole / u64::from(shards) + u64::from(u64::from(number) < whole % u64::from(shards))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::distribution::Distribution;
    use crate::base::time::Time;
    use crate::model::settings::Shift;

    #[test]
    fn parts_add_up_to_the_whole() {
        let instants = Vec::from_iter((0..10).map(Time::from_secs));
        let trace = ArrivalProcess::Trace(Trace::new(instants.clone()).unwrap());
        let mut dealt = Vec::from_iter((0..3).flat_map(|number| {
            let ArrivalProcess::Trace(own) = part_of_arrivals(&trace, number, 3) else {
                unreachable!()
            };
            own.instants().to_vec()
        }));
        dealt.sort();
        assert_eq!(dealt, instants);
        let pause = Distribution::fixed(1.0).unwrap();
        let closed = ArrivalProcess::Closed { population: 11, whole: 11, pause };
        let members = (0..4).map(|number| match part_of_arrivals(&closed, number, 4) {
            ArrivalProcess::Closed { population, .. } => population,
            _ => 0,
        });
        assert_eq!(members.sum::<u64>(), 11);
    }

    #[test]
    fn every_agent_keeps_its_shifts() {
        let shift =
            |hour| vec![Shift { start: Time::from_secs(hour), end: Time::from_secs(hour + 1) }];
        let listed = vec![shift(0), shift(1), shift(2)];
        let of = |agent: usize| listed.get(agent).or_else(|| listed.last()).unwrap();
        let text = "agents.chat = { count = 7 }\nconsumers.web.arrivals = '60/h'";
        let source = crate::scenario::Source { name: String::new(), text: text.to_owned() };
        let scenario = crate::scenario::parse(source, "".as_ref()).unwrap();
        let mut group = scenario.variants[0].plan.centre.groups[0].clone();
        group.roster = Roster::Daily(listed.clone());
        for shards in 1..=7 {
            let mut agents = 0;
            for number in 0..shards {
                let own = part_of_group(&group, number, shards);
                let Roster::Daily(shifts) = &own.roster else { unreachable!() };
                for member in 0..own.count as usize {
                    let has = shifts.get(member).or_else(|| shifts.last()).unwrap();
                    let whole = number as usize + member * shards as usize;
                    assert_eq!(has, of(whole), "agent {whole} of {shards} shards");
                }
                agents += own.count;
            }
            assert_eq!(agents, 7);
        }
    }
}
