//! How a centre is dealt out to shards: each is a centre of its own, with its part of the agents
//! and of the arrivals. Agents of small groups are in some shards only; a conversation that asks for
//! them goes there.

use crate::base::arrivals::ArrivalProcess;
use crate::base::ids::{ConversationId, SkillId};
use crate::model::settings::{AgentGroup, Centre, ConsumerKind, HandOverTo, Trigger};

/// The most shards that a centre can be dealt out to. Each has an agent, and somebody of every group
/// to whose members others hand over: whoever does that picks one of its own shard.
pub fn most_shards(centre: &Centre) -> u32 {
    let hand_overs = centre.groups.iter().flat_map(|group| &group.hand_overs);
    let specialists = hand_overs.filter_map(|hand_over| match hand_over.to {
        HandOverTo::Specialist { group, .. } => centre.groups.get(usize::from(group.0)),
        HandOverTo::Queue | HandOverTo::Skill(_) => None,
    });
    let agents = centre.groups.iter().fold(0, |sum: u32, group| sum.saturating_add(group.count));
    specialists.map(|group| group.count).fold(agents, u32::min).max(1)
}

/// The part of shard `number` of `shards`: agents one by one in turn, over all groups, and its members of
/// closed populations. Other arrivals are dealt out as they come.
pub fn part(centre: &Centre, number: u32, shards: u32) -> Centre {
    if shards == 1 {
        return centre.clone();
    }
    let mut dealt = 0;
    let groups = centre.groups.iter().map(|group| {
        // The first of the group goes to the shard behind that of the last agent dealt.
        let turn = (number + shards - dealt) % shards;
        dealt = (dealt + group.count % shards) % shards;
        part_of_group(group, turn, shards)
    });
    let groups = Vec::from_iter(groups);
    let kinds = centre.kinds.iter().map(|kind| ConsumerKind {
        arrivals: part_of_arrivals(&kind.arrivals, number, shards),
        ..kind.clone()
    });
    Centre { groups, kinds: kinds.collect(), ..centre.clone() }
}

/// What a consumer is called that is the n-th of its kind, from 0, to arrive at a shard: no two
/// shards give the same number.
pub(super) fn number_of(nth: u64, shard: usize, shards: usize) -> u64 {
    nth * shards as u64 + shard as u64 + 1
}

/// Where the skills are that nobody in a shard has.
#[derive(Clone, Debug, Default)]
pub(super) struct RemoteSkills {
    /// By skill, the shards that have somebody for it; none if this one has.
    shards: Vec<Vec<usize>>,
    all: u64,
}

impl RemoteSkills {
    /// As seen from each shard.
    pub(super) fn of_each(parts: &[&Centre]) -> Vec<Self> {
        let skills = parts.first().map_or(0, |part| part.skills.len());
        let having = (0..skills).map(|skill| {
            let skill = SkillId(skill as u16);
            let has = |part: &&Centre| {
                part.groups.iter().any(|group| group.count > 0 && group.skills.contains(&skill))
            };
            let having = parts.iter().enumerate().filter(|(_, part)| has(part));
            Vec::from_iter(having.map(|(shard, _)| shard))
        });
        let having = Vec::from_iter(having);
        let of = |own: usize| {
            let shards = having
                .iter()
                .map(|having| if having.contains(&own) { Vec::new() } else { having.clone() });
            Self { shards: shards.collect(), all: parts.len() as u64 }
        };
        (0..parts.len()).map(of).collect()
    }

    /// Whether another shard has somebody for a skill and this one has not.
    pub(super) fn has(&self, skill: SkillId) -> bool {
        !self.shards_for(skill).is_empty()
    }

    /// The shards to which a conversation can go for a skill, round from the one whose turn it is.
    pub(super) fn round(
        &self,
        skill: SkillId,
        id: ConversationId,
    ) -> impl Iterator<Item = usize> + '_ {
        let shards = self.shards_for(skill);
        // Numbers of one shard differ by the number of shards.
        let turn = id.number() / self.all.max(1) % (shards.len() as u64).max(1);
        let (before, from) = shards.split_at(turn as usize);
        from.iter().chain(before).copied()
    }

    fn shards_for(&self, skill: SkillId) -> &[usize] {
        self.shards.get(usize::from(skill.0)).map_or(&[], Vec::as_slice)
    }
}

/// The members of whom the first is `turn`-th, one of `shards`.
fn part_of_group(group: &AgentGroup, turn: u32, shards: u32) -> AgentGroup {
    let mut roster = group.roster.clone();
    if let Some(agents) = roster.lists_mut() {
        // Agents beyond the end of the list follow its last entry.
        let own = (turn as usize..).step_by(shards as usize);
        let mut own = Vec::from_iter(own.map_while(|agent| agents.get(agent).cloned()));
        own.extend(agents.last().cloned());
        *agents = own;
    }
    let members = |count: usize| (turn as usize..count).step_by(shards as usize);
    let named = members(group.named.len()).map(|member| group.named[member].clone()).collect();
    let mut episodes = group.episodes.clone();
    for episode in &mut episodes {
        if let Trigger::Listed { agents, .. } = &mut episode.trigger {
            *agents = members(agents.len()).map(|member| agents[member].clone()).collect();
        }
    }
    let count = share(group.count.into(), turn, shards) as u32;
    AgentGroup { count, named, roster, episodes, ..group.clone() }
}

fn part_of_arrivals(arrivals: &ArrivalProcess, number: u32, shards: u32) -> ArrivalProcess {
    match arrivals {
        ArrivalProcess::Closed { population, whole, pause } => ArrivalProcess::Closed {
            population: share(*population, number, shards),
            whole: *whole,
            pause: pause.clone(),
        },
        open => open.clone(),
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
    use crate::base::ids::KindId;
    use crate::base::time::Time;
    use crate::model::settings::Roster;
    use crate::model::settings::Shift;

    #[test]
    fn parts_add_up_to_the_whole() {
        let pause = Distribution::fixed(1.0).unwrap();
        let closed = ArrivalProcess::Closed { population: 11, whole: 11, pause };
        let members = (0..4).map(|number| match part_of_arrivals(&closed, number, 4) {
            ArrivalProcess::Closed { population, .. } => population,
            _ => 0,
        });
        assert_eq!(members.sum::<u64>(), 11);
    }

    fn centre(text: &str) -> Centre {
        let text = format!("{text}\nconsumers.web.arrivals = '60/h'");
        let source = crate::scenario::Source { name: String::new(), text };
        let scenario = crate::scenario::parse(source, "").unwrap();
        scenario.variants[0].plan.centre.clone()
    }

    /// Agents of a centre by group, each with its shifts.
    fn agents(centre: &Centre) -> impl Iterator<Item = (usize, &[Shift])> {
        let groups = centre.groups.iter().enumerate();
        groups.flat_map(|(position, group)| {
            (0..group.count as usize).map(move |member| match group.roster.lists() {
                Some(shifts) => {
                    let own = shifts.get(member).or_else(|| shifts.last()).unwrap();
                    (position, own.as_slice())
                }
                None => (position, &[][..]),
            })
        })
    }

    #[test]
    fn every_agent_is_dealt_once_and_keeps_its_shifts() {
        let shift =
            |hour| vec![Shift { start: Time::from_secs(hour), end: Time::from_secs(hour + 1) }];
        let mut whole =
            centre("agents = { chat = { count = 7 }, mail = {}, phone = { count = 5 } }");
        whole.groups[0].roster = Roster::Daily((0..3).map(shift).collect());
        whole.groups[2].roster = Roster::Daily((3..9).map(shift).collect());
        assert_eq!(most_shards(&whole), 13);
        for shards in 1..=13 {
            let parts = Vec::from_iter((0..shards).map(|number| part(&whole, number, shards)));
            let mut dealt = Vec::from_iter(parts.iter().map(agents));
            // The other way round: one by one from each in turn.
            for (position, agent) in agents(&whole).enumerate() {
                let own = dealt[position % shards as usize].next();
                assert_eq!(own, Some(agent), "agent {position} of {shards} shards");
            }
            assert!(dealt.iter_mut().all(|rest| rest.next().is_none()), "{shards} shards");
        }
    }

    #[test]
    fn a_group_that_others_hand_over_to_is_in_every_shard() {
        let text = "agents.chat = { count = 7, hand_overs = [{ share = 0.1, to = { specialist = 'old', \
                    offline = 'new' } }] }\nagents.old = { count = 2 }\nagents.few = {}";
        let whole = centre(text);
        assert_eq!(most_shards(&whole), 2);
        let counts =
            |number| part(&whole, number, 2).groups.iter().map(|group| group.count).collect();
        let counts: [Vec<u32>; 2] = [0, 1].map(counts);
        assert_eq!(counts, [[4, 1, 0], [3, 1, 1]]);
    }

    #[test]
    fn whoever_asks_for_a_skill_goes_round_the_shards_that_have_it() {
        let text = "skills = ['chat', 'law']\nagents.chat = { count = 6, skills = ['chat'] }\n\
                    agents.law = { count = 2, skills = ['law'] }\nconsumers.web.skill = 'chat'";
        let whole = centre(text);
        let parts = Vec::from_iter((0..4).map(|number| part(&whole, number, 4)));
        let seen = RemoteSkills::of_each(&Vec::from_iter(&parts));
        let (chat, law) = (SkillId(0), SkillId(1));
        assert_eq!(
            Vec::from_iter(seen.iter().map(|from| from.has(law))),
            [true, true, false, false]
        );
        assert!(!seen.iter().any(|from| from.has(chat)));
        for (shard, from) in seen.iter().enumerate().take(2) {
            let first = |nth| {
                let id = ConversationId::new(KindId(0), number_of(nth, shard, 4), 0);
                let round = Vec::from_iter(from.round(law, id));
                assert_eq!(round.len(), 2);
                round[0]
            };
            assert_eq!([0, 1, 2, 3].map(first), [2, 3, 2, 3]);
        }
    }

    #[test]
    fn no_two_conversations_have_one_number() {
        for shards in 1..=4 {
            let whole = ArrivalProcess::Closed {
                population: 11,
                whole: 11,
                pause: Distribution::fixed(1.0).unwrap(),
            };
            let numbers = (0..shards).flat_map(|shard| {
                let own = part_of_arrivals(&whole, shard, shards);
                let ArrivalProcess::Closed { population, whole, .. } = own else { unreachable!() };
                let first =
                    (0..population).map(move |nth| number_of(nth, shard as usize, shards as usize));
                first.flat_map(move |first| (0..3).map(move |visit| first + visit * whole))
            });
            let mut numbers = Vec::from_iter(numbers);
            numbers.sort_unstable();
            assert_eq!(numbers, Vec::from_iter(1..=33), "{shards} shards");
        }
    }
}
