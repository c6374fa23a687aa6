//! What only the row of a conversation needs, until it is handed out.

use crate::base::ids::ConversationId;
use crate::base::time::{Span, Time};
use crate::ledger::account::{ConversationAccount, Happened};
use crate::ledger::rows::{ConversationEnding, ConversationRow};

/// What only the row of a conversation needs.
#[derive(Clone)]
pub(super) struct RowDraft {
    pub(super) id: ConversationId,
    pub(super) priority: i16,
    pub(super) assigned: Option<Time>,
    pub(super) answered: Option<Time>,
    pub(super) abandoned: Option<(Time, bool)>,
    pub(super) messages: u32,
    pub(super) answers: u32,
    pub(super) owners: u32,
    pub(super) auto_unassigns: u32,
    pub(super) ownership_removals: u32,
    /// How it was closed last.
    pub(super) ending: ConversationEnding,
    /// Time in the queue, New with an owner and stranded, until it was opened again last.
    pub(super) queued: Span,
    pub(super) owned: Span,
    pub(super) stranded: Span,
}

impl RowDraft {
    pub(super) fn new(id: ConversationId, priority: i16) -> Self {
        Self {
            id,
            priority,
            assigned: None,
            answered: None,
            abandoned: None,
            messages: 0,
            answers: 0,
            owners: 0,
            auto_unassigns: 0,
            ownership_removals: 0,
            ending: ConversationEnding::AtEnd,
            queued: Span::ZERO,
            owned: Span::ZERO,
            stranded: Span::ZERO,
        }
    }

    pub(super) fn row(
        &self,
        live: &ConversationAccount,
        ended: Time,
        ending: ConversationEnding,
    ) -> ConversationRow {
        let queued = self.queued + live.queued;
        ConversationRow {
            id: self.id,
            skill: live.asked,
            priority: self.priority,
            counted: live.has(Happened::Counts),
            opened: live.opened,
            assigned: self.assigned,
            answered: self.answered,
            ended,
            ending,
            abandoned: self.abandoned,
            messages: self.messages,
            answers: self.answers,
            owners: self.owners,
            auto_unassigns: self.auto_unassigns,
            ownership_removals: self.ownership_removals,
            handle_time: queued + self.owned + live.owned,
            queue_time: queued,
            stranded: self.stranded + live.stranded,
        }
    }
}
