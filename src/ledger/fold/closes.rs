//! The ledger's account of closes, and of what comes after them (A14).

use crate::base::ids::ConversationKey;
use crate::base::time::{Span, Time};
use crate::model::event::{Cause, Status};
use crate::model::settings::AfterClose;

use super::Ledger;
use crate::ledger::account::Happened;
use crate::ledger::gauge::Gauge;
use crate::ledger::rows::ConversationEnding;

impl Ledger {
    pub(super) fn resolved(&mut self, now: Time, slot: usize, cause: Cause) {
        let live = self.live[slot];
        self.gauges.add(now, Gauge::Open, -1);
        let ending = match cause {
            Cause::ResolvedByConsumer => ConversationEnding::ByConsumer,
            Cause::Abandoned => ConversationEnding::Abandoned,
            Cause::AutoClosed => ConversationEnding::AutoClosed,
            _ => ConversationEnding::ByAgent,
        };
        if live.has(Happened::Counts) {
            let counts = &mut self.outcome.counts;
            *match ending {
                ConversationEnding::ByConsumer => &mut counts.resolved_by_consumer,
                ConversationEnding::Abandoned => &mut counts.resolved_by_abandonment,
                ConversationEnding::AutoClosed => &mut counts.auto_closed,
                ConversationEnding::ByAgent | ConversationEnding::AtEnd => {
                    &mut counts.resolved_by_agent
                }
            } += 1;
            let times = &mut self.outcome.times;
            let handle = live.queued + live.owned;
            times.handle.record(handle);
            times.handle_owned.record(live.owned);
            times.handle_without_offline.record(handle - live.stranded);
            self.note_handle_time(slot);
            self.outcome.intervals[live.interval as usize].handle.add(handle);
        }
        let live = &mut self.live[slot];
        live.status = Status::Resolved;
        live.since = now;
        live.mark(Happened::Closed, true);
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.ending = ending;
        }
        if self.centre.after_close == AfterClose::New {
            self.settle(slot);
        }
    }

    /// It will not be opened again.
    pub(super) fn closed_for_good(&mut self, conversation: ConversationKey) {
        self.settle(conversation.slot as usize);
    }

    /// What is decided once a conversation, when it was closed for the last time.
    pub(super) fn settle(&mut self, slot: usize) {
        let live = self.live[slot];
        if !live.has(Happened::Closed) {
            return;
        }
        self.live[slot].mark(Happened::Closed, false);
        if !live.is_settled() {
            self.flows(slot, |flow| flow.closed_unanswered += 1);
        }
        if !live.is_settled_by_skill() {
            self.skill_flow(slot, |flow| flow.closed_unanswered += 1);
        }
        if live.has(Happened::HandedIn) {
            self.handed_in.remove(&slot);
        }
        self.count_unassigns(slot);
        let ending = self.row_drafts.get(slot).map_or(ConversationEnding::AtEnd, |row| row.ending);
        self.hand_out_row(live.since, slot, ending);
    }

    /// A14: it is open again; each close has a handle time of its own.
    pub(super) fn reopened(&mut self, now: Time, slot: usize) {
        self.gauges.add(now, Gauge::Open, 1);
        let live = &mut self.live[slot];
        live.mark(Happened::Closed, false);
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.queued += live.queued;
            draft.owned += live.owned;
            draft.stranded += live.stranded;
        }
        (live.queued, live.owned, live.stranded) = (Span::ZERO, Span::ZERO, Span::ZERO);
        self.handle_time_begins(slot);
    }
}
