//! The queue: the unowned New conversations of each skill, in service order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::base::ids::{ConversationId, ConversationKey, SkillId};
use crate::base::time::Time;

/// A place in service order: priority, then waiting since (oldest first), then id; before all that,
/// conversations that were auto-unassigned too often (D11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct QueuePosition {
    urgent: Reverse<bool>,
    priority: Reverse<i16>,
    waiting_since: Time,
    id: ConversationId,
}

impl QueuePosition {
    pub(super) fn new(
        urgent: bool,
        priority: i16,
        waiting_since: Time,
        id: ConversationId,
    ) -> Self {
        Self { urgent: Reverse(urgent), priority: Reverse(priority), waiting_since, id }
    }
}

/// One line for each skill.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    lines: Vec<BTreeMap<QueuePosition, ConversationKey>>,
}

impl Queue {
    pub(super) fn new(skills: usize) -> Self {
        Self { lines: vec![BTreeMap::new(); skills] }
    }

    pub(super) fn enter(
        &mut self,
        skill: SkillId,
        place: QueuePosition,
        conversation: ConversationKey,
    ) {
        self.lines[usize::from(skill.0)].insert(place, conversation);
    }

    pub(super) fn leave(&mut self, skill: SkillId, place: QueuePosition) {
        let left = self.lines[usize::from(skill.0)].remove(&place);
        debug_assert!(left.is_some(), "a conversation left a queue it was not in");
    }

    pub(super) fn is_empty(&self, skill: SkillId) -> bool {
        self.lines[usize::from(skill.0)].is_empty()
    }

    /// The line of one skill in service order.
    pub(super) fn line(
        &self,
        skill: SkillId,
    ) -> impl Iterator<Item = (QueuePosition, ConversationKey)> + '_ {
        self.lines[usize::from(skill.0)].iter().map(|(&place, &conversation)| (place, conversation))
    }
}
