//! Conversations that go over from one ledger to another. Merged, the ledgers of all parts of a
//! centre come to what one ledger of the whole would have.

use crate::base::ids::ConversationKey;
use crate::base::time::Time;

use super::Ledger;
use super::row_draft::RowDraft;
use crate::ledger::account::{ConversationAccount, Happened, SkillStay};
use crate::ledger::gauge::Gauge;
use crate::ledger::invariants::ObservedConversation;
use crate::ledger::outcome::Outcome;

/// What a ledger has written down of an open conversation, on its way to another.
#[derive(Clone)]
pub struct TransferRecord {
    live: ConversationAccount,
    observed: Option<ObservedConversation>,
    draft: Option<RowDraft>,
    handed_in: Option<SkillStay>,
}

impl Ledger {
    /// Takes a conversation of the queue off the gauges and its record out of the ledger. `None` if
    /// there is none, which breaks a rule.
    pub fn release(&mut self, now: Time, key: ConversationKey) -> Option<TransferRecord> {
        let observed = match self.observed(now) {
            Some(observer) => Some(observer.release(now, key)?),
            None => None,
        };
        let slot = key.slot as usize;
        let live = std::mem::replace(self.live.get_mut(slot)?, ConversationAccount::FREE);
        self.gauges.add(now, Gauge::Open, -1);
        self.gauges.add(now, Gauge::Unowned, -1);
        self.gauges.queue(now, live.skill, -1);
        let draft = self.row_drafts.get(slot).cloned();
        Some(TransferRecord { live, observed, draft, handed_in: self.handed_in.remove(&slot) })
    }

    /// Puts a conversation of the queue on the gauges; its record goes on. Agents here are not those
    /// who had it elsewhere, though they may have their numbers.
    pub fn adopt(&mut self, now: Time, key: ConversationKey, record: TransferRecord) {
        let TransferRecord { mut live, observed, draft, handed_in } = record;
        if let (Some(observer), Some(observed)) = (self.observed(now), observed) {
            observer.adopt(now, key, observed);
        }
        live.forget_who();
        live.generation = key.generation;
        let slot = key.slot as usize;
        if slot >= self.live.len() {
            self.live.resize(slot + 1, ConversationAccount::FREE);
        }
        self.live[slot] = live;
        self.handed_in.extend(handed_in.map(|stay| (slot, stay)));
        if let (Some(_), Some(draft)) = (&self.rows, draft) {
            if slot >= self.row_drafts.len() {
                self.row_drafts.resize(slot + 1, draft.clone());
            }
            self.row_drafts[slot] = draft;
        }
        self.gauges.add(now, Gauge::Open, 1);
        self.gauges.add(now, Gauge::Unowned, 1);
        self.gauges.queue(now, live.skill, 1);
    }
}

impl Outcome {
    /// Adds a conversation that was with no ledger when the run ended: it is open at the end.
    pub fn add_stray(&mut self, record: &TransferRecord) {
        let live = &record.live;
        if !live.has(Happened::Counts) {
            return;
        }
        self.flow.add_open_at_end(live.is_settled());
        if let Some(interval) = self.intervals.get_mut(live.interval as usize) {
            interval.flow.add_open_at_end(live.is_settled());
        }
        if let Some(skill) = self.skills.get_mut(usize::from(live.skill.0)) {
            skill.flow.add_open_at_end(live.is_settled_by_skill());
        }
        self.counts.note_unassigns(u16::from(live.auto_unassigns));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::test_events::TestEvents;
    use crate::model::event::{Cause, Status};

    /// Two conversations with agent 0: one is answered and then given to another skill, the other is
    /// taken away.
    fn before() -> TestEvents {
        let mut facts = TestEvents::new();
        facts.online(0).at(700).open().open().assign(0, 0).assign(1, 0);
        facts.at(720).reply(0, 5).at(730).write(0).at(760).unassign(1, 60);
        facts.at(770).skill(0, 1).change(0, None, Status::New, Cause::TransferredToSkill);
        facts
    }

    /// Another agent, who has this number, comes and answers both, when the next interval has begun.
    fn goes_on(facts: &mut TestEvents, agent: u32) {
        facts.at(780).online(agent).at(890).assign(1, agent).at(910).assign(0, agent);
        facts.at(930).last_reply(1, 5).at(940).last_reply(0, 10).at(1000);
    }

    #[test]
    fn two_ledgers_come_to_what_one_would_have() {
        let here = before();
        let (mut whole, mut there) = (here.clone(), here.clone());
        goes_on(&mut whole, 1);
        there.events.clear();
        goes_on(&mut there, 0);
        let (moved, ended) = (here.now, whole.now);

        let mut first = here.fold(here.ledger());
        let keys = [here.key(0), here.key(1)];
        let records = keys.map(|key| first.release(moved, key).expect("it is in the queue"));
        let mut second = there.ledger();
        for (key, record) in keys.into_iter().zip(records) {
            second.adopt(moved, key, record);
        }
        let mut second = there.fold(second);
        assert_eq!((first.verify(ended, []), second.verify(ended, [])), (Ok(()), Ok(())));
        let mut merged = first.finish(ended);
        assert!(!merged.flow.balances(), "what was offered here was answered there");
        merged.merge(&second.finish(ended));

        let whole = whole.outcome();
        assert!(merged.balances());
        assert_eq!((merged.skills[1].handed_in, merged.skills[1].flow.answered), (1, 1));
        assert_eq!((&merged.flow, &merged.counts), (&whole.flow, &whole.counts));
        assert_eq!(whole.times.rescue.count(), 1);
        assert_eq!((&merged.times, &merged.skills), (&whole.times, &whole.skills));
        assert_eq!(merged.groups[0].work, whole.groups[0].work);
        for gauge in [Gauge::Queue, Gauge::Open, Gauge::Unowned] {
            let [merged, whole] = [&merged, &whole].map(|of| of.levels[gauge as usize]);
            assert_eq!(merged, whole, "{}", gauge.name());
        }
        assert_eq!(whole.intervals.len(), 2);
        for (merged, whole) in merged.intervals.iter().zip(&whole.intervals) {
            assert_eq!((&merged.flow, &merged.response), (&whole.flow, &whole.response));
            assert_eq!(merged.handle, whole.handle);
            assert_eq!(merged.auto_unassigned, whole.auto_unassigned);
        }
    }

    #[test]
    fn what_arrives_nowhere_is_open_at_the_end() {
        let facts = before();
        let mut ledger = facts.fold(facts.ledger());
        let records = [0, 1].map(|of| ledger.release(facts.now, facts.key(of)).expect("a record"));
        let mut outcome = ledger.finish(facts.now);
        assert_eq!(outcome.flow.open_at_end, 0);
        records.iter().for_each(|record| outcome.add_stray(record));
        assert_eq!((outcome.flow.open_at_end, outcome.flow.unanswered_at_end), (2, 1));
        assert!(outcome.balances() && outcome.intervals[0].flow.balances());
        let at_end = |skill: usize| outcome.skills[skill].flow.unanswered_at_end;
        assert_eq!((at_end(0), at_end(1)), (1, 1), "the second skill has not answered");
    }

    #[test]
    fn only_what_waits_in_the_queue_may_go() {
        let mut facts = TestEvents::new();
        facts.online(0).open().assign(0, 0);
        let mut ledger = facts.fold(facts.ledger());
        assert!(ledger.release(facts.now, facts.key(0)).is_none());
        assert_eq!(ledger.violation().map(|violation| violation.rule), Some(8));
        let mut ledger = facts.ledger();
        assert!(ledger.release(facts.now, facts.key(0)).is_none(), "it was never opened");
    }
}
