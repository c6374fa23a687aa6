//! Why conversations changed hands: counts by cause, removals and what they took.

use crate::base::ids::AgentId;
use crate::base::time::{Span, Time};
use crate::model::event::{AgentState, Cause, Change};

use super::Ledger;
use crate::ledger::account::Happened;
use crate::ledger::outcome::AgentCounts;

impl Ledger {
    /// Counts what happened to it, before its new stay begins.
    pub(super) fn count_cause(&mut self, now: Time, slot: usize, change: &Change) {
        let one = u64::from(self.live[slot].has(Happened::Counts));
        let counts = &mut self.outcome.counts;
        match change.cause {
            Cause::AutoUnassigned { state, waited } => {
                return self.auto_unassigned(now, slot, change.from, state, waited);
            }
            Cause::OwnerLoggedOut => counts.removed_on_logout += one,
            Cause::InboundWhileOffline => counts.removed_on_message += one,
            Cause::BoomerangWhileOffline => {
                counts.removed_on_boomerang += one;
                counts.boomerangs += one;
            }
            Cause::Boomerang => counts.boomerangs += one,
            Cause::Parked => counts.parked += one,
            Cause::ReplyWithBoomerang => counts.replies_with_boomerang += one,
            Cause::ManualReturn => counts.returned += one,
            Cause::TransferredToSkill => counts.transferred_to_skill += one,
            Cause::TransferredToAgent => counts.transferred_to_agent += one,
            Cause::AssignedOffline => counts.assigned_offline += one,
            Cause::TakenUp => counts.taken_up += one,
            Cause::Reopened => {
                counts.reopened += one;
                counts.after_close += one;
                return;
            }
            Cause::Reserved { .. } => counts.reserved += one,
            Cause::FellBack => counts.fell_back += one,
            _ => return,
        }
        match change.cause {
            Cause::OwnerLoggedOut | Cause::InboundWhileOffline | Cause::BoomerangWhileOffline => {
                self.ownership_removed(now, slot, change);
            }
            Cause::Parked => self.work_of(slot, change.from, |work| work.parked += 1),
            Cause::Boomerang | Cause::ReplyWithBoomerang | Cause::TakenUp | Cause::FellBack => {}
            _ => self.work_of(slot, change.from, |work| work.handed_over += 1),
        }
    }

    fn auto_unassigned(
        &mut self,
        now: Time,
        slot: usize,
        from: Option<AgentId>,
        state: AgentState,
        waited: Span,
    ) {
        let live = &mut self.live[slot];
        live.remove_from(from, now, true);
        live.auto_unassigns = live.auto_unassigns.saturating_add(1);
        let live = *live;
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.auto_unassigns += 1;
        }
        if !live.has(Happened::Counts) {
            return;
        }
        self.work_of(slot, from, |work| work.auto_unassigned += 1);
        let outcome = &mut self.outcome;
        let counts = &mut outcome.counts;
        *match state {
            AgentState::Online => &mut counts.unassigned_online,
            AgentState::Away(_) => &mut counts.unassigned_away,
            AgentState::Offline => &mut counts.unassigned_offline,
        } += 1;
        counts.unassigned_again += u64::from(live.auto_unassigns > 1);
        let returns_now = from.is_some_and(|agent| self.agents.get(agent).returned_at == Some(now));
        counts.unassigned_on_return += u64::from(returns_now);
        outcome.times.unassign_delay.record(waited);
        outcome.skills[usize::from(live.asked.0)].auto_unassigned += 1;
        if let Some(interval) = outcome.intervals.last_mut() {
            interval.auto_unassigned += 1;
        }
    }

    fn ownership_removed(&mut self, now: Time, slot: usize, change: &Change) {
        let live = &mut self.live[slot];
        live.remove_from(change.from, now, false);
        let live = *live;
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.ownership_removals += 1;
        }
        if !live.has(Happened::Counts) {
            return;
        }
        self.work_of(slot, change.from, |work| work.ownership_removed += 1);
        let outcome = &mut self.outcome;
        outcome.skills[usize::from(live.asked.0)].ownership_removed += 1;
        if let Some(interval) = outcome.intervals.last_mut() {
            interval.ownership_removed += 1;
        }
        if let (Cause::OwnerLoggedOut, Some(agent)) = (change.cause, change.from) {
            let logged_out = self.agents.get(agent).logged_out;
            outcome.times.removal_delay.record(now - logged_out.max(live.since));
        }
    }

    /// Puts it into its class of [`crate::ledger::outcome::Counts::conversations_by_unassigns`].
    pub(super) fn count_unassigns(&mut self, slot: usize) {
        let live = &self.live[slot];
        if live.has(Happened::Counts) {
            self.outcome.counts.note_unassigns(live.auto_unassigns);
        }
    }

    /// Changes the counts of an agent, if the conversation counts.
    fn work_of(
        &mut self,
        slot: usize,
        agent: Option<AgentId>,
        change: impl FnOnce(&mut AgentCounts),
    ) {
        if let Some(agent) = agent.filter(|_| self.live[slot].has(Happened::Counts)) {
            change(&mut self.outcome.agents[agent.0 as usize].work);
        }
    }
}
