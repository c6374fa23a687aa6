//! What the platform knows of the agents: state, slots in use, and who can take work.

use std::collections::BTreeSet;

use crate::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, SkillId};
use crate::base::time::Time;
use crate::model::event::AgentState;
use crate::model::settings::{AgentGroup, Centre, Choose, SkillLimits, SlotWeight};

/// All agents, and for each skill those who can take work, in the order of `routing.choose`.
#[derive(Clone, Debug)]
pub(super) struct AgentTable {
    records: Vec<AgentRecord>,
    /// Group of each agent.
    groups: Vec<u16>,
    /// Sets of skills that agents have, each ascending.
    skills: Vec<Vec<SkillId>>,
    /// Which set each agent has.
    skills_of: Vec<u32>,
    /// What of a skill the agents of each group may have.
    limits: Vec<SkillLimits>,
    /// What a conversation of each skill takes of the slots.
    weights: Vec<SlotWeight>,
    choose: Choose,
    /// Eligible agents of each skill.
    eligible: Vec<BTreeSet<Rank>>,
    /// Whom `round_robin` chose last.
    chosen_last: Option<AgentId>,
}

/// One agent as the platform sees it. Whether it is unresponsive is hidden.
#[derive(Clone, Debug)]
pub(super) struct AgentRecord {
    pub(super) state: AgentState,
    /// Shift over, finishing first.
    pub(super) closing: bool,
    /// Sum of the weights of the open conversations owned.
    pub(super) in_use: SlotWeight,
    capacity: SlotWeight,
    /// Open conversations owned, in no order.
    pub(super) owned: Vec<ConversationKey>,
    /// Their skills, in the same order.
    pub(super) owned_skills: Vec<SkillId>,
    /// Last change of its work, or login or return to Online.
    idle_since: Time,
    /// When it last became the owner of a conversation, if it ever did.
    assigned_at: Option<Time>,
    /// Replies, and times that it came Online, so far (D10).
    pub(super) acts: u32,
    /// When it last came Online.
    pub(super) returned_at: Time,
    /// Ownership removals on their way (S2).
    pub(super) removals: Vec<OwnershipRemoval>,
    /// Removals so far, which names their random draws.
    pub(super) removals_drawn: u32,
    /// Assignments made while it was offline, to be told at login (B6).
    pub(super) notifications: Vec<Notification>,
    /// The number of open conversations that it was told last, if its speed depends on it (D26).
    told_load: Option<u32>,
    /// By skill that it has: its rank among the eligible, if it is eligible.
    listed: Vec<Option<Rank>>,
}

/// An ownership removal: the (conversation, epoch) pairs of one logout (E3).
#[derive(Clone, Debug)]
pub(super) struct OwnershipRemoval {
    pub(super) number: u32,
    pub(super) pairs: Vec<(ConversationKey, Epoch)>,
}

/// An assignment made while the agent was offline (B6).
#[derive(Clone, Copy, Debug)]
pub(super) struct Notification {
    pub(super) conversation: ConversationKey,
    pub(super) id: ConversationId,
    pub(super) epoch: Epoch,
}

/// Order in which eligible agents are chosen: by the rule; ties, whatever the rule, by the fewest
/// slots in use, then the longest since the last assignment, none at all before any, then id (D22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    by_rule: u64,
    in_use: SlotWeight,
    assigned_at: Option<Time>,
    agent: AgentId,
}

impl Rank {
    /// By id alone, from this agent on.
    fn by_id(agent: AgentId) -> Self {
        Self { by_rule: 0, in_use: SlotWeight(0), assigned_at: None, agent }
    }
}

impl AgentTable {
    pub(super) fn new(centre: &Centre) -> Self {
        let members = || {
            let groups = centre.groups.iter();
            groups.flat_map(|group| (0..group.count).map(move |member| (group, member)))
        };
        let mut skills = Vec::<Vec<SkillId>>::new();
        let skills_of = members().map(|(group, member)| {
            let own = group.skills_of(member);
            // Those of one group mostly have the same.
            let known = skills.iter().rposition(|known| known == own).unwrap_or_else(|| {
                skills.push(own.to_vec());
                skills.len() - 1
            });
            known as u32
        });
        let skills_of = skills_of.collect();
        Self {
            records: members().map(|(group, member)| AgentRecord::new(group, member)).collect(),
            groups: centre.agents().map(|(group, _)| group.0).collect(),
            skills,
            skills_of,
            limits: centre.groups.iter().map(|group| group.limits.clone()).collect(),
            weights: (0..centre.skills.len()).map(|of| centre.weight(SkillId(of as u16))).collect(),
            choose: centre.routing.choose,
            eligible: vec![BTreeSet::new(); centre.skills.len()],
            chosen_last: None,
        }
    }

    pub(super) fn get(&self, agent: AgentId) -> &AgentRecord {
        &self.records[agent.0 as usize]
    }

    pub(super) fn get_mut(&mut self, agent: AgentId) -> &mut AgentRecord {
        &mut self.records[agent.0 as usize]
    }

    pub(super) fn group(&self, agent: AgentId) -> usize {
        usize::from(self.groups[agent.0 as usize])
    }

    pub(super) fn skills(&self, agent: AgentId) -> &[SkillId] {
        &self.skills[self.skills_of[agent.0 as usize] as usize]
    }

    pub(super) fn is_offline(&self, agent: AgentId) -> bool {
        !self.get(agent).state.is_logged_in()
    }

    /// Online, not closing, room for a conversation of this skill, which the agent has (semantics,
    /// *eligible*; A16).
    pub(super) fn is_eligible_for(&self, agent: AgentId, skill: SkillId) -> bool {
        let position = self.skills(agent).binary_search(&skill);
        position.is_ok_and(|position| self.get(agent).listed[position].is_some())
    }

    /// Online, not closing, room for a conversation of a skill, whether or not the agent has that.
    pub(super) fn has_room_for(&self, agent: AgentId, skill: SkillId) -> bool {
        let (record, weight) = (self.get(agent), self.weights[usize::from(skill.0)]);
        record.is_available() && record.has_room(skill, weight, &self.limits[self.group(agent)])
    }

    /// Whether it holds more than its slots, or more of this skill than it may.
    pub(super) fn is_above_limit(&self, agent: AgentId, skill: SkillId) -> bool {
        let record = self.get(agent);
        let limits = &self.limits[self.group(agent)];
        let above =
            |&(of, most): &(SkillId, u32)| of == skill && record.count_of(skill) > most as usize;
        let shared = |skill: &SkillId| limits.alone.contains(skill) && record.owned.len() > 1;
        record.in_use > record.capacity
            || limits.at_most.iter().any(above)
            || record.owned_skills.iter().any(shared)
    }

    pub(super) fn has_eligible(&self, skill: SkillId) -> bool {
        !self.eligible[usize::from(skill.0)].is_empty()
    }

    /// The eligible agents of a skill in the order of choice. Round robin starts behind the agent
    /// chosen last and goes round; every other rule starts at the first.
    pub(super) fn eligible(&self, skill: SkillId) -> impl Iterator<Item = AgentId> + '_ {
        let start = match (self.choose, self.chosen_last) {
            (Choose::RoundRobin, Some(AgentId(last))) => Rank::by_id(AgentId(last + 1)),
            _ => Rank::by_id(AgentId(0)),
        };
        let ranks = &self.eligible[usize::from(skill.0)];
        // Most callers take the first and never come to the second half.
        let rest = std::iter::once(ranks).flat_map(move |ranks| ranks.range(..start));
        ranks.range(start..).chain(rest).map(|rank| rank.agent)
    }

    pub(super) fn note_chosen(&mut self, agent: AgentId) {
        self.chosen_last = Some(agent);
    }

    /// Notes that the agent became the owner of a conversation, however that came about (D22).
    pub(super) fn note_assigned(&mut self, now: Time, agent: AgentId) {
        self.get_mut(agent).assigned_at = Some(now);
    }

    /// Notes that the agent's work or availability changed.
    pub(super) fn touch(&mut self, now: Time, agent: AgentId) {
        self.get_mut(agent).idle_since = now;
        self.refresh(agent);
    }

    /// Brings the lists of eligible agents up to date with one agent.
    fn refresh(&mut self, agent: AgentId) {
        let group = self.group(agent);
        let skills = &self.skills[self.skills_of[agent.0 as usize] as usize];
        let record = &mut self.records[agent.0 as usize];
        let rank = record.is_available().then(|| {
            let by_rule = match self.choose {
                Choose::LeastLoaded => u64::from(record.in_use.0),
                Choose::LongestIdle => record.idle_since.ordinal(),
                Choose::FewestSkills => skills.len() as u64,
                Choose::RoundRobin => return Rank::by_id(agent),
            };
            Rank { by_rule, in_use: record.in_use, assigned_at: record.assigned_at, agent }
        });
        let limits = &self.limits[group];
        for (position, &skill) in skills.iter().enumerate() {
            let weight = self.weights[usize::from(skill.0)];
            let rank = rank.filter(|_| record.has_room(skill, weight, limits));
            let before = std::mem::replace(&mut record.listed[position], rank);
            if before == rank {
                continue;
            }
            let eligible = &mut self.eligible[usize::from(skill.0)];
            if let Some(before) = before {
                eligible.remove(&before);
            }
            if let Some(rank) = rank {
                eligible.insert(rank);
            }
        }
    }
}

impl AgentRecord {
    fn new(group: &AgentGroup, member: u32) -> Self {
        Self {
            state: AgentState::Offline,
            closing: false,
            in_use: SlotWeight(0),
            capacity: SlotWeight(group.concurrency_of(member) * SlotWeight::FULL.0),
            owned: Vec::new(),
            owned_skills: Vec::new(),
            idle_since: Time::ZERO,
            assigned_at: None,
            acts: 0,
            returned_at: Time::ZERO,
            removals: Vec::new(),
            removals_drawn: 0,
            notifications: Vec::new(),
            told_load: (!group.slowdown.is_empty()).then_some(0),
            listed: vec![None; group.skills_of(member).len()],
        }
    }

    /// Online and not closing.
    pub(super) fn is_available(&self) -> bool {
        self.state == AgentState::Online && !self.closing
    }

    /// Whether a conversation of a skill fits in (A16): its weight into the slots, it under its limit,
    /// and nothing beside one that is to be alone.
    fn has_room(&self, skill: SkillId, weight: SlotWeight, limits: &SkillLimits) -> bool {
        let is_below =
            |&(of, most): &(SkillId, u32)| of != skill || self.count_of(skill) < most as usize;
        let is_alone = |of: &SkillId| limits.alone.contains(of);
        self.in_use.0 + weight.0 <= self.capacity.0
            && (limits.is_empty()
                || limits.at_most.iter().all(is_below)
                    && !self.owned_skills.iter().any(is_alone)
                    && (self.owned.is_empty() || !is_alone(&skill)))
    }

    /// How many conversations of a skill it owns.
    fn count_of(&self, skill: SkillId) -> usize {
        self.owned_skills.iter().filter(|of| **of == skill).count()
    }

    /// Open conversations, idle Pending ones by their weight, rounded up (D26).
    fn load(&self) -> u32 {
        self.in_use.0.div_ceil(SlotWeight::FULL.0)
    }

    /// The load, if the agent has to be told that it has changed.
    pub(super) fn changed_load(&mut self) -> Option<u32> {
        let told = self.told_load?;
        let load = self.load();
        self.told_load = Some(load);
        (load != told).then_some(load)
    }

    /// The load of an agent whose speed depends on it.
    pub(super) fn known_load(&self) -> Option<u32> {
        self.told_load
    }
}
