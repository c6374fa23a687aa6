//! Why a conversation waits: what keeps the agents from it, by the facts of a run alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::ids::{AgentId, ConversationKey, GroupId, ReasonId, SkillId};
use crate::base::time::Time;
use crate::model::event::{AgentState, Cause, Change, Event, Status};
use crate::model::settings::{AgentGroup, AwayKind, Exclude, GroupMember, SlotWeight};
use crate::scenario::Plan;

/// Why a conversation was in the queue when everything of an instant had happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueWait {
    /// Nobody is given it: its skill is closed (D25).
    Closed {
        /// The skill.
        skill: SkillId,
    },
    /// It is for one agent only (E16).
    ForOne {
        /// For whom.
        agent: AgentId,
        /// What that agent is at.
        hindrance: Hindrance,
    },
    /// It is for whoever has the skill.
    ForSkill {
        /// The skill.
        skill: SkillId,
        /// How many agents who have it each hindrance keeps from it; each agent counts once.
        agents: BTreeMap<Hindrance, u32>,
    },
}

/// What keeps an agent from a conversation of the queue; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hindrance {
    /// Logged out.
    Offline,
    /// Away.
    Away,
    /// Set Away by the platform (D12).
    SetAway,
    /// Its shift is over, and it finishes first.
    Closing,
    /// It has no free slot.
    NoSlot,
    /// It may have no more of the skill, or nothing beside what it has (A16).
    AtLimit,
    /// It lost the conversation or gave it back, and is passed over (D10, D21).
    PassedOver,
    /// None: it could claim it, but has not yet (E13).
    HasNotLooked,
}

/// The agents of a centre as the facts so far tell of them.
pub(super) struct Staff {
    plan: Arc<Plan>,
    agents: Vec<Seat>,
    /// Owner and skill of each conversation that has an owner.
    owned: BTreeMap<ConversationKey, (AgentId, SkillId)>,
}

struct Seat {
    group: GroupId,
    /// Its number in the group.
    member: u32,
    state: AgentState,
    closing: bool,
    used: SlotWeight,
    /// Replies, logins and returns to Online (D10).
    acts: u32,
}

/// A conversation taken from an agent, or given back by it (D10, D21).
#[derive(Clone, Copy)]
pub(super) struct LostOwner {
    pub(super) agent: AgentId,
    at: Time,
    acts: u32,
}

/// A conversation in the queue.
pub(super) struct Queued {
    skill: SkillId,
    /// For whom alone it is, if so (E16).
    reserved: Option<AgentId>,
}

impl Queued {
    /// Where a conversation is after a change, if that is the queue.
    pub(super) fn after(change: &Change) -> Option<Self> {
        let reserved = match change.cause {
            Cause::Reserved { agent, .. } => Some(agent),
            _ => None,
        };
        let is_queued = change.status == Status::New && change.to.is_none();
        is_queued.then_some(Self { skill: change.skill, reserved })
    }
}

impl Staff {
    pub(super) fn new(plan: &Arc<Plan>) -> Self {
        let seat = |GroupMember { group, number }| Seat {
            group,
            member: number,
            state: AgentState::Offline,
            closing: false,
            used: SlotWeight(0),
            acts: 0,
        };
        let agents = plan.centre.members().map(seat).collect();
        Self { plan: Arc::clone(plan), agents, owned: BTreeMap::new() }
    }

    pub(super) fn event(&mut self, event: &Event) {
        match *event {
            Event::AgentState { agent, state } => {
                let seat = self.seat_mut(agent);
                seat.acts += u32::from(state == AgentState::Online);
                seat.state = state;
            }
            Event::Closing { agent, closing } => self.seat_mut(agent).closing = closing,
            Event::SlotsInUse { agent, used } => self.seat_mut(agent).used = used,
            Event::Answered { agent, .. } => self.seat_mut(agent).acts += 1,
            Event::Change(Change { conversation, to: Some(owner), skill, .. }) => {
                self.owned.insert(conversation, (owner, skill));
            }
            Event::Change(Change { conversation, to: None, .. }) => {
                self.owned.remove(&conversation);
            }
            _ => {}
        }
    }

    /// Who is passed over from a change on, if anybody.
    pub(super) fn removal(&self, at: Time, change: &Change) -> Option<LostOwner> {
        let excludes = matches!(change.cause, Cause::AutoUnassigned { .. } | Cause::ManualReturn);
        let agent = change.from.filter(|_| excludes)?;
        Some(LostOwner { agent, at, acts: self.seat(agent).acts })
    }

    /// Why a conversation waits from which these agents were removed, each the last time.
    pub(super) fn why(&self, at: Time, queued: &Queued, removals: &[LostOwner]) -> QueueWait {
        let skill = queued.skill;
        if !self.plan.centre.is_open(skill, at) {
            return QueueWait::Closed { skill };
        }
        if let Some(agent) = queued.reserved {
            return QueueWait::ForOne { agent, hindrance: self.hindrance(agent, skill) };
        }
        let excluded = self.excluded(removals);
        let removal = |agent| excluded.iter().find(|removal| removal.agent == agent);
        let could = |agent| self.hindrance(agent, skill) == Hindrance::HasNotLooked;
        let another = self.having(skill).any(|agent| could(agent) && removal(agent).is_none());
        let mut agents = BTreeMap::new();
        for agent in self.having(skill) {
            let hindrance = match removal(agent) {
                Some(removal) if could(agent) && (another || !self.is_readmitted(at, removal)) => {
                    Hindrance::PassedOver
                }
                _ => self.hindrance(agent, skill),
            };
            *agents.entry(hindrance).or_default() += 1;
        }
        QueueWait::ForSkill { skill, agents }
    }

    /// What keeps an agent from any conversation of a skill.
    fn hindrance(&self, agent: AgentId, skill: SkillId) -> Hindrance {
        let seat = self.seat(agent);
        let weight = self.plan.centre.weight(skill).0;
        let kind = |reason: ReasonId| self.plan.centre.reasons[usize::from(reason.0)].kind;
        match seat.state {
            AgentState::Offline => Hindrance::Offline,
            AgentState::Away(away) if kind(away) == AwayKind::ByPlatform => Hindrance::SetAway,
            AgentState::Away(_) => Hindrance::Away,
            AgentState::Online if seat.closing => Hindrance::Closing,
            AgentState::Online if seat.used.0 + weight > self.slots(agent) => Hindrance::NoSlot,
            AgentState::Online if self.is_at_limit(agent, skill) => Hindrance::AtLimit,
            AgentState::Online => Hindrance::HasNotLooked,
        }
    }

    /// A16.
    fn is_at_limit(&self, agent: AgentId, skill: SkillId) -> bool {
        let limits = &self.group(agent).limits;
        let owned = || self.owned.values().filter(|(owner, _)| *owner == agent).map(|(_, of)| *of);
        let most = limits.at_most.iter().find(|(of, _)| *of == skill).map(|(_, most)| *most);
        most.is_some_and(|most| owned().filter(|of| *of == skill).count() >= most as usize)
            || owned().any(|of| limits.alone.contains(&of))
            || limits.alone.contains(&skill) && owned().next().is_some()
    }

    /// D10, D21.
    fn excluded<'r>(&self, removals: &'r [LostOwner]) -> &'r [LostOwner] {
        match self.plan.centre.unassign.exclude {
            Exclude::None => &[],
            Exclude::Last => &removals[removals.len().saturating_sub(1)..],
            Exclude::AllPrevious => removals,
        }
    }

    /// Whether somebody has acted since, or waited long enough (D10).
    fn is_readmitted(&self, at: Time, removal: &LostOwner) -> bool {
        self.seat(removal.agent).acts != removal.acts
            || at >= removal.at + self.plan.centre.unassign.same_agent_after
    }

    fn having(&self, skill: SkillId) -> impl Iterator<Item = AgentId> {
        let agents = (0..self.agents.len() as u32).map(AgentId);
        agents.filter(move |&agent| {
            let member = self.seat(agent).member;
            self.group(agent).skills_of(member).contains(&skill)
        })
    }

    fn group(&self, agent: AgentId) -> &AgentGroup {
        &self.plan.centre.groups[usize::from(self.seat(agent).group.0)]
    }

    /// In thousandths, as weights are.
    fn slots(&self, agent: AgentId) -> u32 {
        self.group(agent).concurrency_of(self.seat(agent).member) * SlotWeight::FULL.0
    }

    fn seat(&self, agent: AgentId) -> &Seat {
        &self.agents[agent.0 as usize]
    }

    fn seat_mut(&mut self, agent: AgentId) -> &mut Seat {
        &mut self.agents[agent.0 as usize]
    }
}
