//! What a shard keeps of what happened: the ledger with its invariants, the last facts, and the
//! journal if it is asked for.

use crate::base::ids::ConversationKey;
use crate::base::time::Time;
use crate::ledger::invariants::{Snapshot, Violation};
use crate::ledger::journal::{Journal, JournalEntry, TurnInput};
use crate::ledger::outcome::Outcome;
use crate::ledger::recent_events::RecentEvents;
use crate::ledger::{Ledger, TransferRecord};
use crate::model::event::Event;
use crate::model::router::TransferredConversation;

/// Keeps what happened.
#[derive(Default)]
pub(super) struct Recorder {
    /// `None` when the run is over.
    ledger: Option<Ledger>,
    journal: Option<Box<Journal>>,
    last: RecentEvents,
}

/// What a shard recorded.
pub(super) struct Recorded {
    pub(super) outcome: Box<Outcome>,
    pub(super) journal: Option<Box<Journal>>,
}

/// A rule that did not hold, and the last facts before.
#[derive(Clone, Debug)]
pub(super) struct BrokenRule {
    pub(super) violation: Violation,
    pub(super) last_events: Vec<(Time, Event)>,
}

impl Recorder {
    pub(super) fn new(ledger: Ledger, journal: bool) -> Self {
        let journal = journal.then(Box::default);
        Self { ledger: Some(ledger), journal, last: RecentEvents::default() }
    }

    /// Somebody handles something.
    pub(super) fn note_input(&mut self, at: Time, input: TurnInput) {
        if let Some(journal) = &mut self.journal {
            journal.entries.push(JournalEntry { at, input });
        }
    }

    /// Whoever handled the last input has died before anything came of it.
    pub(super) fn take_back_input(&mut self) {
        if let Some(journal) = &mut self.journal {
            journal.entries.pop();
        }
    }

    /// Something happened. Every timer of the router due before `handled_until` has been handled.
    pub(super) fn note(&mut self, now: Time, handled_until: Time, events: &[Event]) {
        let Some(ledger) = &mut self.ledger else { return };
        ledger.timers_handled_until(handled_until);
        for event in events {
            ledger.fold(now, event);
            self.last.note(now, event);
        }
        if let Some(journal) = &mut self.journal {
            journal.events.extend(events.iter().map(|event| (now, *event)));
        }
    }

    /// A conversation goes over to another shard.
    pub(super) fn release(
        &mut self,
        now: Time,
        conversation: ConversationKey,
    ) -> Option<TransferRecord> {
        self.ledger.as_mut()?.release(now, conversation)
    }

    /// A conversation comes from another shard.
    pub(super) fn adopt(
        &mut self,
        now: Time,
        conversation: ConversationKey,
        record: TransferRecord,
    ) {
        if let Some(ledger) = &mut self.ledger {
            ledger.adopt(now, conversation, record);
        }
    }

    /// Keeps what comes from another shard, if there is a journal; it is the n-th, as is returned.
    pub(super) fn keep(&mut self, conversation: &TransferredConversation) -> usize {
        let Some(journal) = &mut self.journal else { return 0 };
        journal.arrivals.push(conversation.clone());
        journal.arrivals.len() - 1
    }

    /// Whether a rule has been found broken.
    pub(super) fn has_failed(&self) -> bool {
        self.ledger.as_ref().is_some_and(|ledger| ledger.violation().is_some())
    }

    /// Ends the record, after a last comparison with what the router knows.
    pub(super) fn finish(
        &mut self,
        now: Time,
        handled_until: Time,
        live: impl Iterator<Item = Snapshot>,
    ) -> Option<Result<Recorded, Box<BrokenRule>>> {
        let mut ledger = self.ledger.take()?;
        ledger.timers_handled_until(handled_until);
        if let Err(violation) = ledger.verify(now, live) {
            let last_events = self.last.to_vec();
            return Some(Err(Box::new(BrokenRule { violation, last_events })));
        }
        let mut journal = self.journal.take();
        if let Some(journal) = &mut journal {
            journal.handled_until = handled_until;
        }
        Some(Ok(Recorded { outcome: Box::new(ledger.finish(now)), journal }))
    }
}
