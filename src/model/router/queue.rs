//! The queue: the unowned New conversations of each skill, in service order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::base::ids::{AgentId, ConversationId, ConversationKey, SkillId};
use crate::base::time::Time;

/// A place in service order: priority, then waiting since (oldest first) or, with `queue.order = "due"`,
/// when that was so long ago as the skill allows (A16), then id; before all that, conversations that
/// were auto-unassigned too often (D11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct QueuePosition {
    urgent: Reverse<bool>,
    priority: Reverse<i16>,
    due: Time,
    id: ConversationId,
}

impl QueuePosition {
    pub(super) fn new(urgent: bool, priority: i16, due: Time, id: ConversationId) -> Self {
        Self { urgent: Reverse(urgent), priority: Reverse(priority), due, id }
    }
}

/// Where in the queue a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QueueLine {
    /// For everybody who has the skill.
    Skill(SkillId),
    /// For one agent (E16).
    Reserved(AgentId),
}

type Line = BTreeMap<QueuePosition, ConversationKey>;

/// One line for each skill, and one for each agent for whom something is reserved.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    lines: Vec<Line>,
    /// None of them is empty.
    reserved: BTreeMap<AgentId, Line>,
}

impl Queue {
    pub(super) fn new(skills: usize) -> Self {
        Self { lines: vec![Line::new(); skills], reserved: BTreeMap::new() }
    }

    pub(super) fn enter(
        &mut self,
        line: QueueLine,
        place: QueuePosition,
        conversation: ConversationKey,
    ) {
        let line = match line {
            QueueLine::Skill(skill) => &mut self.lines[usize::from(skill.0)],
            QueueLine::Reserved(agent) => self.reserved.entry(agent).or_default(),
        };
        line.insert(place, conversation);
    }

    pub(super) fn leave(&mut self, line: QueueLine, place: QueuePosition) {
        let left = match line {
            QueueLine::Skill(skill) => self.lines[usize::from(skill.0)].remove(&place),
            QueueLine::Reserved(agent) => {
                let line = self.reserved.get_mut(&agent);
                let left = line.and_then(|line| line.remove(&place));
                if self.reserved.get(&agent).is_some_and(Line::is_empty) {
                    self.reserved.remove(&agent);
                }
                left
            }
        };
        debug_assert!(left.is_some(), "a conversation left a queue it was not in");
    }

    pub(super) fn is_empty(&self, line: QueueLine) -> bool {
        match line {
            QueueLine::Skill(skill) => self.lines[usize::from(skill.0)].is_empty(),
            QueueLine::Reserved(agent) => !self.reserved.contains_key(&agent),
        }
    }

    /// What waits for whoever has a skill, in service order.
    pub(super) fn line(
        &self,
        skill: SkillId,
    ) -> impl Iterator<Item = (QueuePosition, ConversationKey)> + '_ {
        self.lines[usize::from(skill.0)].iter().map(|(&place, &conversation)| (place, conversation))
    }

    /// What waits for one agent, in service order.
    pub(super) fn reserved_for(
        &self,
        agent: AgentId,
    ) -> impl Iterator<Item = (QueuePosition, ConversationKey)> + '_ {
        let line = self.reserved.get(&agent).into_iter().flatten();
        line.map(|(&place, &conversation)| (place, conversation))
    }

    /// What is reserved, by agent and in service order.
    pub(super) fn reserved(
        &self,
    ) -> impl Iterator<Item = (AgentId, impl Iterator<Item = (QueuePosition, ConversationKey)> + '_)> + '_
    {
        self.reserved.iter().map(|(&agent, line)| {
            (agent, line.iter().map(|(&place, &conversation)| (place, conversation)))
        })
    }
}
