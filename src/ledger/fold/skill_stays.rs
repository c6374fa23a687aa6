//! Stays of conversations with a skill: each is offered to it, waits and ends for itself.

use crate::base::ids::{AgentId, SkillId};
use crate::base::time::{Span, Time};
use crate::model::event::Status;

use super::Ledger;
use crate::ledger::account::{Happened, SkillStay};
use crate::ledger::flow::{Abandonment, Flow};
use crate::ledger::part_intervals::SkillIntervalFigures;
use crate::ledger::settings::ServiceLevelAt;

impl Ledger {
    /// The present stay ends, and one with another skill begins.
    pub(super) fn hand_over(&mut self, now: Time, slot: usize, skill: SkillId) {
        let live = self.live[slot];
        if live.has(Happened::Counts) {
            self.note_handle_time(slot);
            let before = &mut self.outcome.skills[usize::from(live.skill.0)];
            before.handed_out += 1;
            before.handed_out_unanswered += u64::from(!live.is_settled_by_skill());
            self.outcome.skills[usize::from(skill.0)].handed_in += 1;
        }
        let handled = live.queued + live.owned;
        let interval = self.outcome.intervals.len() as u32 - 1;
        self.handed_in.insert(slot, SkillStay { began: now, interval, handled });
        self.live[slot].hand_in(skill);
        self.skill_flow(slot, |flow| flow.offered += 1);
    }

    /// Somebody owns it. The wait for an agent is over when that agent is logged in.
    pub(super) fn assigned_by_skill(&mut self, now: Time, slot: usize, owner: AgentId) {
        let live = &self.live[slot];
        if live.has(Happened::AssignedBySkill) || self.agents.get(owner).is_offline() {
            return;
        }
        let has_left = live.has(Happened::Abandoned);
        self.live[slot].mark(Happened::AssignedBySkill, true);
        if !has_left {
            let waited = self.waited_with_skill(now, slot);
            self.skill_flow(slot, |flow| {
                flow.assigned += 1;
                flow.assignment.add(waited);
            });
            self.reached_by_skill(slot, ServiceLevelAt::Assignment, waited);
        }
    }

    /// B6: an agent has logged in and takes up what is New and was given to it while it was offline.
    pub(super) fn takes_up(&mut self, now: Time, agent: AgentId) {
        let is_taken_up = |&slot: &usize| {
            let live = &self.live[slot];
            let waits = live.status == Status::New && !live.has(Happened::AssignedBySkill);
            waits && live.owner() == Some(agent)
        };
        for slot in Vec::from_iter(self.handed_in.keys().copied().filter(is_taken_up)) {
            self.assigned_by_skill(now, slot, agent);
        }
    }

    /// A message was answered so long after it came, of a conversation that counts.
    pub(super) fn answered_by_skill(&mut self, now: Time, slot: usize, response: Span) {
        let waited = self.waited_with_skill(now, slot);
        let response = response.min(waited);
        let in_time = response <= self.outcome.frame.response_within;
        let live = &mut self.live[slot];
        let first = !live.has(Happened::AnsweredBySkill);
        live.mark(Happened::AnsweredBySkill, true);
        let figures = &mut self.outcome.skills[usize::from(live.skill.0)];
        figures.response.record(response);
        if first {
            figures.first_response.record(waited);
        }
        self.skill_flow(slot, |flow| {
            flow.response.add(response);
            flow.response_within += u64::from(in_time);
            if first {
                flow.answered += 1;
                flow.first_response.add(waited);
            }
        });
        if first {
            self.reached_by_skill(slot, ServiceLevelAt::Answer, waited);
        }
    }

    /// The patience of the consumer ended; `of` says what that is to the whole conversation.
    pub(super) fn abandoned_by_skill(&mut self, now: Time, slot: usize, of: Abandonment) {
        let waited = self.waited_with_skill(now, slot);
        let live = &mut self.live[slot];
        live.mark(Happened::AbandonedBySkill, true);
        let answered = live.has(Happened::AnsweredBySkill);
        let frame = &self.outcome.frame;
        let reached = match frame.service_level.at {
            ServiceLevelAt::Answer => answered,
            ServiceLevelAt::Assignment => live.has(Happened::AssignedBySkill),
        };
        let in_time = !reached && waited <= frame.threshold(live.skill);
        self.skill_flow(slot, |flow| flow.add_abandonment(Abandonment { answered, in_time, ..of }));
    }

    /// Writes down the handle time of the present stay, of a conversation that counts.
    pub(super) fn note_handle_time(&mut self, slot: usize) {
        let live = &self.live[slot];
        let before = self.handed_in(slot).map_or(Span::ZERO, |stay| stay.handled);
        let handled = live.queued + live.owned - before;
        self.outcome.skills[usize::from(live.skill.0)].handle.record(handled);
        if let Some(interval) = self.skill_interval(slot) {
            interval.handle.add(handled);
        }
    }

    /// Writes down a time in the queue of the present stay, of a conversation that counts.
    pub(super) fn note_queue_time(&mut self, slot: usize, waited: Span) {
        self.outcome.skills[usize::from(self.live[slot].skill.0)].queue.record(waited);
        if let Some(interval) = self.skill_interval(slot) {
            interval.queue.add(waited);
        }
    }

    /// It is open again (A14), and its handle time begins anew.
    pub(super) fn handle_time_begins(&mut self, slot: usize) {
        if let Some(stay) = self.handed_in.get_mut(&slot) {
            stay.handled = Span::ZERO;
        }
    }

    /// Changes the flow of the conversation's skill, if it counts.
    pub(super) fn skill_flow(&mut self, slot: usize, change: impl Fn(&mut Flow)) {
        let live = &self.live[slot];
        if live.has(Happened::Counts) {
            change(&mut self.outcome.skills[usize::from(live.skill.0)].flow);
            if let Some(interval) = self.skill_interval(slot) {
                change(&mut interval.flow);
            }
        }
    }

    /// The interval in which the present stay began, of its skill.
    fn skill_interval(&mut self, slot: usize) -> Option<&mut SkillIntervalFigures> {
        let live = &self.live[slot];
        let began = self.handed_in(slot).map_or(live.interval, |stay| stay.interval);
        self.outcome.skills[usize::from(live.skill.0)].intervals.get_mut(began as usize)
    }

    fn reached_by_skill(&mut self, slot: usize, at: ServiceLevelAt, waited: Span) {
        let frame = &self.outcome.frame;
        if frame.service_level.at == at {
            let threshold = frame.threshold(self.live[slot].skill);
            self.skill_flow(slot, |flow| flow.add_reached(waited, threshold));
        }
    }

    /// Since the beginning of the present stay.
    fn waited_with_skill(&self, now: Time, slot: usize) -> Span {
        let began = self.handed_in(slot).map_or(self.live[slot].opened, |stay| stay.began);
        self.waited(slot, began, now)
    }

    fn handed_in(&self, slot: usize) -> Option<&SkillStay> {
        self.live[slot].has(Happened::HandedIn).then(|| self.handed_in.get(&slot))?
    }
}

#[cfg(test)]
mod tests {
    use crate::base::ids::{AgentId, ConversationId, KindId};
    use crate::base::time::Time;
    use crate::ledger::durations::{Durations, Total};
    use crate::ledger::outcome::{Abandoned, Outcome};
    use crate::ledger::settings::{ServiceLevelAt, ServiceLevelOf};
    use crate::ledger::test_events::TestEvents;
    use crate::model::event::{Cause, Event, Status};
    use crate::model::settings::AfterClose;

    /// Count and sum in whole seconds.
    fn seconds(total: Total) -> (u64, u128) {
        (total.count, total.micros / 1_000_000)
    }

    fn sum(durations: &Durations) -> (u64, u128) {
        seconds(durations.total())
    }

    impl TestEvents {
        /// The owner gives it to the queue of a skill.
        fn transfer(&mut self, conversation: usize, skill: u16) -> &mut Self {
            self.skill(conversation, skill);
            self.change(conversation, None, Status::New, Cause::TransferredToSkill)
        }
    }

    /// Agent 0 takes four at the front: 0 goes unanswered to agent 1 in the back, who answers; 1 is
    /// answered at the front; 2 is answered there, and left in the queue of the back; 3 still waits
    /// there at the end.
    fn front_and_back() -> TestEvents {
        let mut facts = TestEvents::new();
        facts.measure.service_level.at = ServiceLevelAt::Assignment;
        facts.online(0).online(1).open().assign(0, 0).at(10).open().at(12).assign(1, 0);
        facts.at(20).last_reply(1, 5).at(30).transfer(0, 1).at(40).open().assign(2, 0);
        facts.at(50).reply(2, 5).at(60).write(2).at(70).transfer(2, 1).at(75).assign(0, 1);
        facts.at(95).abandon(2, false).at(100).last_reply(0, 5);
        facts.at(200).open().assign(3, 0).at(230).transfer(3, 1).at(300);
        facts
    }

    #[test]
    fn each_stay_is_offered_and_ends_for_itself() {
        let outcome = front_and_back().outcome();
        let [front, back] = &outcome.skills[..] else { panic!("two skills") };
        assert_eq!((front.flow.offered, front.flow.answered, front.handed_in), (4, 2, 0));
        assert_eq!((front.handed_out, front.handed_out_unanswered), (3, 2));
        assert_eq!((front.flow.abandoned(), front.flow.open_at_end), (0, 0));
        assert_eq!((back.flow.offered, back.flow.answered, back.handed_in), (3, 1, 3));
        assert_eq!(back.flow.abandoned_in_queue, Abandoned { open: 1, silent: 0 });
        assert_eq!((back.flow.open_at_end, back.flow.unanswered_at_end), (1, 1));
        assert_eq!((back.handed_out, back.handed_out_unanswered), (0, 0));
        assert_eq!((front.flow.messages, back.flow.messages), (5, 0));
        assert_eq!((seconds(front.flow.written), seconds(back.flow.written)), ((2, 10), (1, 5)));
        // The centre knows conversations: 2 was answered before it was left.
        let flow = &outcome.flow;
        assert_eq!((flow.offered, flow.answered, flow.unanswered_at_end), (4, 3, 1));
        assert_eq!((flow.abandoned(), flow.abandoned_mid_conversation.all()), (0, 1));
    }

    #[test]
    fn waits_of_a_stay_run_from_its_beginning() {
        let outcome = front_and_back().outcome();
        let [front, back] = &outcome.skills[..] else { panic!("two skills") };
        assert_eq!((sum(&front.first_response), sum(&back.first_response)), ((2, 20), (1, 70)));
        assert_eq!((sum(&front.response), sum(&back.response)), ((2, 20), (1, 70)));
        assert_eq!((front.flow.response_within, back.flow.response_within), (2, 0));
        let assigned = [front, back].map(|skill| seconds(skill.flow.assignment));
        assert_eq!(assigned, [(4, 2), (1, 45)]);
        // Time in New: 30, 10, 10 + 10 and 30 s at the front; 70 and 25 s in the back; one goes on.
        assert_eq!((sum(&front.handle), sum(&back.handle)), ((4, 90), (2, 95)));
        let level =
            |skill: usize| outcome.skills[skill].flow.service_level(ServiceLevelOf::Offered);
        assert_eq!(
            (level(0), level(1), outcome.service_level()),
            (Some(1.0), Some(0.0), Some(1.0))
        );
        assert_eq!(sum(&outcome.times.first_response), (3, 100 + 10 + 10));
    }

    #[test]
    fn a_short_stay_is_in_time_and_a_short_abandonment_is_short() {
        let mut facts = TestEvents::new();
        facts.online(0).online(1).open().open().assign(0, 0).assign(1, 0).at(50);
        facts.transfer(0, 1).transfer(1, 1).at(60).abandon(0, false).assign(1, 1);
        facts.at(70).last_reply(1, 5);
        let outcome = facts.outcome();
        let [front, back] = [0, 1].map(|skill| &outcome.skills[skill].flow);
        assert_eq!((back.reached, back.within, back.abandoned_within), (1, 1, 1));
        assert_eq!((front.reached, front.within, front.abandoned_within), (0, 0, 0));
        // To the centre both waited too long: 70 s and 60 s.
        let flow = &outcome.flow;
        assert_eq!((flow.reached, flow.within, flow.abandoned_within), (1, 0, 0));
    }

    #[test]
    fn a_stay_with_an_offline_receiver_waits_until_it_is_taken_up() {
        let mut facts = TestEvents::new();
        facts.centre.unassign.enabled = false;
        facts.online(0).online(1).open().open().open().assign(0, 0).assign(1, 0).assign(2, 0);
        facts.at(10).skill(0, 1).skill(1, 1).skill(2, 1);
        facts.change(0, Some(AgentId(1)), Status::New, Cause::TransferredToAgent);
        facts.change(1, Some(AgentId(2)), Status::New, Cause::AssignedOffline);
        facts.change(2, Some(AgentId(2)), Status::Pending, Cause::AssignedOffline);
        let (id, agent) = (ConversationId::new(KindId(0), 2, 0), AgentId(2));
        facts.at(50).online(2).tell(Event::Notified { agent, id, stale: false });
        facts.at(55).change(2, Some(agent), Status::New, Cause::TakenUp);
        let outcome = facts.outcome();
        assert_eq!(seconds(outcome.skills[1].flow.assignment), (3, 40 + 45));
        assert_eq!(seconds(outcome.flow.assignment), (3, 0));
    }

    #[test]
    fn a_return_within_the_skill_begins_no_stay() {
        let mut facts = TestEvents::new();
        facts.online(0).online(1).open().assign(0, 0).at(10).transfer(0, 1).at(20).assign(0, 1);
        facts.at(30).change(0, None, Status::New, Cause::ManualReturn).at(40).assign(0, 0);
        facts.at(100).unassign(0, 100).at(110).assign(0, 1).at(115).transfer(0, 0);
        facts.at(120).assign(0, 0);
        let outcome = facts.outcome();
        let [first, second] = &outcome.skills[..] else { panic!("two skills") };
        assert_eq!((first.flow.offered, first.handed_in, first.handed_out), (2, 1, 1));
        assert_eq!((second.flow.offered, second.handed_in, second.handed_out), (1, 1, 1));
        assert_eq!(
            (seconds(first.flow.assignment), seconds(second.flow.assignment)),
            ((2, 5), (1, 10))
        );
        assert_eq!((first.auto_unassigned, second.auto_unassigned), (0, 1));
        assert_eq!((sum(&first.handle), sum(&second.handle)), ((1, 10), (1, 105)));
    }

    /// The platform does not know, and hands over whom nobody waits for any more.
    #[test]
    fn who_left_silently_is_handed_in_and_ends_no_wait() {
        let mut facts = TestEvents::new();
        facts.online(0).online(1).open().assign(0, 0).at(10).abandon(0, true).transfer(0, 1);
        facts.at(15).assign(0, 1).at(20).answer(0, 5, true);
        facts.change(0, None, Status::Resolved, Cause::ResolvedByAgent);
        let outcome = facts.outcome();
        let [front, back] = &outcome.skills[..] else { panic!("two skills") };
        assert_eq!((front.flow.abandoned(), front.handed_out_unanswered), (1, 0));
        assert_eq!((back.flow.offered, back.flow.closed_unanswered), (1, 1));
        assert_eq!((back.flow.assigned, back.flow.answered, back.flow.abandoned()), (0, 0, 0));
        assert_eq!((outcome.flow.abandoned(), outcome.flow.closed_unanswered), (1, 0));
    }

    #[test]
    fn a_stay_goes_on_when_it_is_opened_again() {
        let mut facts = TestEvents::new();
        facts.centre.after_close = AfterClose::Reopen;
        facts.online(0).online(1).open().assign(0, 0).at(10).transfer(0, 1).assign(0, 1);
        facts.at(20).last_reply(0, 5).at(100);
        facts.change(0, Some(AgentId(1)), Status::New, Cause::Reopened).message(0, false);
        facts.at(130).last_reply(0, 5);
        let key = facts.key(0);
        facts.at(140).tell(Event::ClosedForGood { conversation: key });
        let outcome = facts.outcome();
        let back = &outcome.skills[1];
        assert_eq!((back.flow.offered, back.handed_in, back.flow.answered), (1, 1, 1));
        assert_eq!((sum(&back.handle), sum(&back.response)), ((2, 10 + 30), (2, 10 + 30)));
    }

    #[test]
    fn stays_of_conversations_from_before_the_warm_up_do_not_count() {
        let mut facts = front_and_back();
        facts.warm_up = Time::from_secs(5);
        let outcome: Outcome = facts.outcome();
        let [front, back] = &outcome.skills[..] else { panic!("two skills") };
        assert_eq!((front.flow.offered, front.handed_out, back.flow.offered), (3, 2, 2));
        assert_eq!((back.flow.answered, back.flow.assigned, sum(&back.handle)), (0, 0, (1, 25)));
    }
}
