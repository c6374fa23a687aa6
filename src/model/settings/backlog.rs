//! Conversations that are open when the run begins.

use super::{BacklogConversation, Centre};
use crate::base::ids::{ConversationId, KindId};
use crate::base::time::Time;

impl Centre {
    /// The row of the backlog that a conversation is; `None` of one who arrives in the run.
    pub fn backlog_row(&self, id: ConversationId) -> Option<&BacklogConversation> {
        self.kinds.get(usize::from(id.kind().0))?.backlog.get(id.row_of_backlog()?)
    }

    /// All conversations that are open when the run begins, in the order in which they were opened.
    pub fn backlog(&self) -> Vec<(Time, ConversationId)> {
        let kinds = (0..).map(KindId).zip(&self.kinds);
        let rows = kinds.flat_map(|(kind, settings)| {
            let rows = settings.backlog.iter().enumerate();
            rows.map(move |(row, own)| (own.opened, ConversationId::carried_over(kind, row)))
        });
        let mut rows = Vec::from_iter(rows);
        rows.sort_unstable();
        rows
    }
}
