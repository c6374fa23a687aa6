//! Clients: consumers over all their contacts.

use crate::base::ids::{ConversationId, ConversationKey};

use super::Ledger;
use crate::ledger::account::Happened;

/// What of a client goes on to its next contact.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ClientSoFar {
    /// Whether its first contact was opened after the warm-up.
    counts: bool,
    /// Whether it has been answered.
    served: bool,
}

impl Ledger {
    /// The client who opens a conversation, as it was before. The account of the conversation before,
    /// if that was about the same, is still in this slot.
    pub(super) fn client_so_far(
        &mut self,
        slot: usize,
        id: ConversationId,
        counts: bool,
    ) -> ClientSoFar {
        if id.is_first() {
            ClientSoFar { counts, served: false }
        } else if id.part() > 0 {
            self.client(slot)
        } else {
            self.to_come.remove(&id).unwrap_or_default()
        }
    }

    /// The client of the conversation that has just been opened.
    pub(super) fn note_client(&mut self, slot: usize, id: ConversationId, client: ClientSoFar) {
        let live = &mut self.live[slot];
        live.mark(Happened::ClientCounts, client.counts);
        live.mark(Happened::ClientServed, client.served);
        let counts = u64::from(live.has(Happened::Counts));
        self.outcome.counts.after_close += u64::from(id.part() > 0) * counts;
        let clients = &mut self.outcome.clients;
        clients.clients += u64::from(client.counts && id.is_first());
        clients.contacts += u64::from(client.counts);
    }

    /// An answer reached the client.
    pub(super) fn note_served(&mut self, slot: usize) {
        let live = &mut self.live[slot];
        let first = live.has(Happened::ClientCounts) && !live.has(Happened::ClientServed);
        live.mark(Happened::ClientServed, true);
        self.outcome.clients.served += u64::from(first);
    }

    /// The client will come again.
    pub(super) fn comes_again(&mut self, conversation: ConversationKey, next: ConversationId) {
        let client = self.client(conversation.slot as usize);
        self.to_come.insert(next, client);
    }

    fn client(&self, slot: usize) -> ClientSoFar {
        let live = &self.live[slot];
        let (counts, served) = (live.has(Happened::ClientCounts), live.has(Happened::ClientServed));
        ClientSoFar { counts, served }
    }
}
