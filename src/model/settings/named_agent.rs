//! Agents with a name, and what each of them has of its own.

use std::borrow::Cow;

use super::{AgentGroup, Centre};
use crate::base::ids::{AgentId, GroupId, SkillId};

/// An agent of a roster.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedAgent {
    /// Name.
    pub name: String,
    /// Skills, ascending, at least one; those of the group if none.
    pub skills: Option<Vec<SkillId>>,
    /// Slots; those of the group if none.
    pub concurrency: Option<u32>,
    /// 1.25 is a quarter faster: work takes this part of its time.
    pub speed: f64,
}

/// Where an agent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupMember {
    /// Its group.
    pub group: GroupId,
    /// Its number in the group, from 0.
    pub number: u32,
}

impl AgentGroup {
    /// What a member has of its own; none of who has no name.
    pub fn named(&self, member: u32) -> Option<&NamedAgent> {
        self.named.get(usize::try_from(member).ok()?)
    }

    /// The skills of a member.
    pub fn skills_of(&self, member: u32) -> &[SkillId] {
        self.named(member).and_then(|own| own.skills.as_deref()).unwrap_or(&self.skills)
    }

    /// The slots of a member.
    pub fn concurrency_of(&self, member: u32) -> u32 {
        self.named(member).and_then(|own| own.concurrency).unwrap_or(self.concurrency)
    }

    /// What the random draws of a member are named by ([`Centre::stream_key`]).
    pub fn stream_key_of(&self, member: u32, agent: AgentId) -> u64 {
        match self.named(member) {
            Some(own) => hash(&own.name) | NAMED,
            None => u64::from(agent.0),
        }
    }

    /// The speed of a member.
    pub fn speed_of(&self, member: u32) -> f64 {
        self.named(member).map_or(1.0, |own| own.speed)
    }
}

impl AgentGroup {
    /// The group as several, in each of which all agents have the same skills, slots and speed.
    pub fn uniform_parts(&self) -> Vec<UniformPart<'_>> {
        let whole = || UniformPart { group: Cow::Borrowed(self), speed: 1.0 };
        let is_plain = |own: &NamedAgent| {
            own.skills.is_none() && own.concurrency.is_none() && own.speed == 1.0
        };
        if self.named.iter().all(is_plain) {
            return vec![whole()];
        }
        let mut parts = Vec::<UniformPart<'_>>::new();
        for member in 0..self.count {
            let (skills, speed) = (self.skills_of(member), self.speed_of(member));
            let concurrency = self.concurrency_of(member);
            let is_same = |part: &UniformPart<'_>| {
                part.group.skills == skills
                    && part.group.concurrency == concurrency
                    && part.speed == speed
            };
            let position = parts.iter().position(is_same).unwrap_or_else(|| {
                let mut group = Self {
                    count: 0,
                    named: Vec::new(),
                    skills: skills.to_vec(),
                    concurrency,
                    ..self.clone()
                };
                group.roster.lists_mut().map(Vec::clear);
                parts.push(UniformPart { group: Cow::Owned(group), speed });
                parts.len() - 1
            });
            let part = parts[position].group.to_mut();
            part.count += 1;
            if let (Some(all), Some(own)) = (self.roster.lists(), part.roster.lists_mut()) {
                own.extend(all.get(member as usize).or_else(|| all.last()).cloned());
            }
        }
        parts
    }
}

/// Agents of a group who are alike.
#[derive(Clone, Debug)]
pub struct UniformPart<'a> {
    /// They alone, without names.
    pub group: Cow<'a, AgentGroup>,
    /// Their speed.
    pub speed: f64,
}

impl Centre {
    /// Group and number of each agent, by [`AgentId`].
    pub fn members(&self) -> impl Iterator<Item = GroupMember> + '_ {
        let groups = (0..).map(GroupId).zip(&self.groups);
        groups.flat_map(|(id, group)| {
            (0..group.count).map(move |number| GroupMember { group: id, number })
        })
    }

    /// All groups as such in which all agents have the same skills, slots and speed.
    pub fn uniform_parts(&self) -> impl Iterator<Item = (GroupId, UniformPart<'_>)> {
        let groups = (0..).map(GroupId).zip(&self.groups);
        groups.flat_map(|(id, group)| group.uniform_parts().into_iter().map(move |part| (id, part)))
    }

    /// Group and number of an agent.
    pub fn member(&self, agent: AgentId) -> Option<GroupMember> {
        let mut number = agent.0;
        for (position, group) in self.groups.iter().enumerate() {
            if number < group.count {
                return Some(GroupMember { group: GroupId(position as u16), number });
            }
            number -= group.count;
        }
        None
    }

    /// What an agent has of its own; none of who has no name.
    pub fn named_agent(&self, agent: AgentId) -> Option<&NamedAgent> {
        let GroupMember { group, number } = self.member(agent)?;
        self.groups[usize::from(group.0)].named(number)
    }

    /// What the random draws of an agent are named by: its name, so that one more agent, or rows in
    /// another order, change no draw of others; its number if it has none.
    pub fn stream_key(&self, agent: AgentId) -> u64 {
        match self.member(agent) {
            Some(GroupMember { group, number }) => {
                self.groups[usize::from(group.0)].stream_key_of(number, agent)
            }
            None => u64::from(agent.0),
        }
    }
}

/// FNV-1a.
fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Keeps names apart from numbers.
const NAMED: u64 = 1 << 63;
