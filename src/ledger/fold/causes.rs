//! Why conversations changed hands: counts by cause, removals and what they took.

use crate::base::ids::{AgentId, ConversationKey};
use crate::base::time::{Span, Time};
use crate::model::event::{AgentState, AnswerTaken, Cause, Change};

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
            Cause::AssignedOffline => {
                counts.assigned_offline += one;
                if one > 0 {
                    self.will_be_told(change.to, change.id);
                }
            }
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
            Cause::Boomerang
            | Cause::ReplyWithBoomerang
            | Cause::TakenUp
            | Cause::FellBack
            | Cause::CarriedOver => {}
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
        let skill = &mut outcome.skills[usize::from(live.skill.0)];
        skill.auto_unassigned += 1;
        if let Some(interval) = skill.intervals.last_mut() {
            interval.auto_unassigned += 1;
        }
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
        let skill = &mut outcome.skills[usize::from(live.skill.0)];
        skill.ownership_removed += 1;
        if let Some(interval) = skill.intervals.last_mut() {
            interval.ownership_removed += 1;
        }
        if let Some(interval) = outcome.intervals.last_mut() {
            interval.ownership_removed += 1;
        }
        if let (Cause::OwnerLoggedOut, Some(agent)) = (change.cause, change.from) {
            let logged_out = self.agents.get(agent).logged_out;
            outcome.times.removal_delay.record(now - logged_out.max(live.since));
        }
    }

    /// D14: an answer went with its conversation, which may be over: its account stays until another
    /// conversation takes the slot.
    pub(super) fn answer_lost(
        &mut self,
        conversation: ConversationKey,
        agent: AgentId,
        taken: AnswerTaken,
        worked: Span,
    ) {
        let slot = conversation.slot as usize;
        if self.live.get(slot).is_none_or(|live| live.generation != conversation.generation) {
            return;
        }
        self.all_flows(slot, |flow| flow.lost.add(taken, worked));
        if taken != AnswerTaken::ByClose {
            self.work_of(slot, Some(agent), |work| work.lost_answers.add(worked));
        }
    }

    /// Puts it into its class of [`crate::ledger::outcome::Counts::conversations_by_unassigns`].
    pub(super) fn count_unassigns(&mut self, slot: usize) {
        let live = &self.live[slot];
        if live.has(Happened::Counts) {
            self.outcome.counts.note_unassigns(u16::from(live.auto_unassigns));
        }
    }

    /// Changes the counts of an agent, if the conversation counts.
    fn work_of(&mut self, slot: usize, agent: Option<AgentId>, change: impl Fn(&mut AgentCounts)) {
        if let Some(agent) = agent.filter(|_| self.live[slot].has(Happened::Counts)) {
            self.agent_work(agent, change);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::time::Span;
    use crate::ledger::definitions::find;
    use crate::ledger::durations::Total;
    use crate::ledger::test_events::TestEvents;
    use crate::model::event::{AnswerTaken, Cause, Event, Status};

    fn total(count: u64, seconds: u128) -> Total {
        Total { count, micros: seconds * 1_000_000 }
    }

    /// Three answers are lost and one cut short; two are delivered, with 5 and 25 s of work.
    #[test]
    fn lost_answers_are_told_apart_and_are_a_share_of_those_begun() {
        let mut facts = TestEvents::new();
        facts.centre.unassign.enabled = false;
        facts.online(0).online(1).at(100).open().open().open().assign(0, 0).assign(1, 0).at(900);
        facts.assign(2, 1).change(0, None, Status::New, Cause::ManualReturn);
        facts.lose(0, 0, AnswerTaken::ByUnassign, 40);
        facts.lose(1, 0, AnswerTaken::ByRemoval, 20).lose(1, 0, AnswerTaken::ByHandBack, 10);
        facts.reply(1, 5).last_reply(2, 25).assign(0, 1).abandon(0, false);
        // Its conversation is over, but its place is not taken yet.
        facts.lose(0, 1, AnswerTaken::ByClose, 3).at(1000);
        let outcome = facts.outcome();
        let lost = outcome.flow.lost;
        assert_eq!((lost.by_unassign, lost.by_removal), (total(1, 40), total(1, 20)));
        assert_eq!((lost.by_hand_back, lost.cut_short), (total(1, 10), 1));
        assert_eq!(outcome.flow.written, total(2, 30));
        assert_eq!(outcome.groups[0].work.lost_answers, total(3, 70));
        assert_eq!(outcome.intervals[0].flow.lost, lost, "in the interval of the opening");
        let value = |name| find(name).and_then(|figure| (figure.value)(&outcome));
        assert_eq!((value("lost_answers"), value("answers_cut_short")), (Some(3.0), Some(1.0)));
        assert_eq!((value("lost_answer_share"), value("lost_work_share")), (Some(0.6), Some(0.7)));
    }

    #[test]
    fn an_answer_of_a_conversation_whose_place_is_taken_is_none_of_the_next() {
        let mut facts = TestEvents::new();
        facts.online(0).open().assign(0, 0).at(10).last_reply(0, 5);
        let key = facts.key(0);
        facts.open_in(0, 1);
        let (agent, worked) = (crate::base::ids::AgentId(0), Span::from_secs(5));
        let taken = AnswerTaken::ByClose;
        facts.tell(Event::AnswerLost { conversation: key, agent, taken, worked });
        assert_eq!(facts.outcome().flow.lost.cut_short, 0);
    }

    #[test]
    fn planned_absences_are_late_or_lost_or_both() {
        let mut facts = TestEvents::new();
        let agent = crate::base::ids::AgentId(0);
        let seconds = Span::from_secs;
        for (delay, lost) in [(Some(30), 0), (Some(50), 20), (None, 600)] {
            facts.tell(Event::PlanLate { agent, delay: delay.map(seconds), lost: seconds(lost) });
        }
        let counts = facts.outcome().counts;
        assert_eq!((counts.late_absences, counts.lost_absences), (total(2, 80), total(2, 620)));
    }
}
