//! Where rows come from: the replication, and the names of what is in it.

use std::sync::Arc;

use crate::base::ids::{ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::model::event::Event;
use crate::scenario::{Plan, Variant};

use super::columns::TableCell;
use super::format::clock;
use super::names::CentreNames;

/// The replication that rows are about.
pub(super) struct RowOrigin {
    pub(super) variant: String,
    plan: Arc<Plan>,
    pub(super) replication: u64,
    pub(super) is_checked: bool,
    /// Who is or was last kept in each slot; empty unless it is noted.
    kept: Vec<Option<(u32, ConversationId)>>,
}

impl RowOrigin {
    pub(super) fn new(variant: &Variant, replication: u64, is_checked: bool) -> Self {
        let (variant, plan) = (variant.name.clone(), Arc::clone(&variant.plan));
        Self { variant, plan, replication, is_checked, kept: Vec::new() }
    }

    pub(super) fn names(&self) -> CentreNames<'_> {
        CentreNames::new(&self.plan.centre)
    }

    /// The name of a conversation, as long as no other has its place.
    pub(super) fn id(&self, conversation: ConversationKey) -> Option<ConversationId> {
        let (generation, id) = self.kept.get(conversation.slot as usize).copied().flatten()?;
        (generation == conversation.generation).then_some(id)
    }

    /// Notes who is kept where, which not every fact says.
    pub(super) fn keep(&mut self, event: &Event) {
        if let Event::Opened { conversation, id, .. } = *event {
            let slot = conversation.slot as usize;
            self.kept.resize(self.kept.len().max(slot + 1), None);
            self.kept[slot] = Some((conversation.generation, id));
        }
    }

    pub(super) fn clock(&self, at: Time) -> TableCell {
        TableCell::word(clock(&self.plan.run.calendar, at))
    }
}
