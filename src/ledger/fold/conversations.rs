//! The ledger's account of conversations: how they fare, who has them, how long it takes.

use crate::base::ids::{AgentId, ConversationId, ConversationKey, SkillId};
use crate::base::time::{Span, Time};
use crate::model::event::{Cause, Change, Status};

use super::Ledger;
use super::row_draft::RowDraft;
use crate::ledger::account::{ConversationAccount, Happened};
use crate::ledger::flow::{Abandonment, Flow};
use crate::ledger::gauge::Gauge;
use crate::ledger::rows::ConversationEnding;
use crate::ledger::settings::ServiceLevelAt;

/// How long a message has waited for its answer.
#[derive(Clone, Copy)]
pub(super) struct AnswerWaits {
    /// To the answer.
    pub(super) response: Span,
    /// To the start of writing.
    pub(super) start_of_writing: Span,
    /// To the answer, by the clock on the wall.
    pub(super) by_the_wall: Span,
}

impl Ledger {
    pub(super) fn is_counted(&self, conversation: ConversationKey) -> bool {
        self.live[conversation.slot as usize].has(Happened::Counts)
    }

    /// Opens a conversation; its status and queue follow with its first change.
    pub(super) fn opened(
        &mut self,
        now: Time,
        conversation: ConversationKey,
        id: ConversationId,
        skill: SkillId,
        priority: i16,
    ) {
        let slot = conversation.slot as usize;
        let draft = RowDraft::new(id, priority);
        if slot >= self.live.len() {
            self.live.resize(slot + 1, ConversationAccount::FREE);
        }
        if self.rows.is_some() {
            if slot >= self.row_drafts.len() {
                self.row_drafts.resize(slot + 1, draft.clone());
            }
            self.row_drafts[slot] = draft;
        }
        let interval = self.outcome.intervals.len() as u32 - 1;
        let counts = now >= self.outcome.frame.warm_up;
        let client = self.client_so_far(slot, id, counts);
        let live = &mut self.live[slot];
        *live = ConversationAccount::open(now, skill, interval);
        live.generation = conversation.generation;
        live.mark(Happened::Counts, counts);
        let row = self.centre.backlog_row(id);
        live.mark(Happened::BeforeRun, row.is_some_and(|row| !row.is_pending));
        self.note_client(slot, id, client);
        self.gauges.add(now, Gauge::Open, 1);
        self.all_flows(slot, |flow| {
            flow.offered += 1;
            flow.first_contacts += u64::from(id.is_first());
        });
    }

    pub(super) fn wrote(&mut self, conversation: ConversationKey, moved_deadline: bool) {
        let slot = conversation.slot as usize;
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.messages += 1;
        }
        if moved_deadline && self.is_counted(conversation) {
            self.outcome.counts.deadlines_moved += 1;
        }
        self.all_flows(slot, |flow| flow.messages += 1);
    }

    /// A reply was delivered. `waited` is of a consumer who still waits for an answer.
    pub(super) fn answered(
        &mut self,
        now: Time,
        conversation: ConversationKey,
        agent: AgentId,
        worked: Span,
        waited: Option<AnswerWaits>,
    ) {
        let slot = conversation.slot as usize;
        let live = &mut self.live[slot];
        let removed = live.removed_at.take();
        let abandoned = live.has(Happened::Abandoned);
        // Who has left is not rescued.
        let rescued = removed.filter(|_| live.removed_from() != agent && !abandoned);
        let skill = live.skill;
        let rescued = rescued.map(|removed| self.centre.waited(skill, removed, now));
        let waited = waited.filter(|_| !abandoned);
        let first = waited.is_some() && !live.has(Happened::Answered);
        live.mark(Happened::Answered, live.has(Happened::Answered) || first);
        let opened = live.opened;
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.answers += 1;
            draft.answered = draft.answered.or_else(|| first.then_some(now));
        }
        if !self.live[slot].has(Happened::Counts) {
            if first {
                self.first_answer(slot, self.waited(slot, opened, now));
            }
            return;
        }
        self.all_flows(slot, |flow| flow.written.add(worked));
        if let Some(removed) = rescued {
            self.outcome.times.rescue.record(removed);
        }
        self.agent_work(agent, |work| work.answers += 1);
        let outcome = &mut self.outcome;
        let Some(AnswerWaits { response, start_of_writing, by_the_wall }) = waited else {
            outcome.counts.wasted_answers += u64::from(abandoned);
            outcome.counts.follow_ups += u64::from(!abandoned);
            return;
        };
        outcome.counts.answers += 1;
        outcome.times.response.record(response);
        outcome.times.start_of_writing.record(start_of_writing);
        let interval = self.live[slot].interval as usize;
        outcome.intervals[interval].response.record(response);
        outcome.groups[usize::from(self.agents.get(agent).group.0)].response.record(response);
        let in_time = response <= outcome.frame.response_within;
        self.agent_work(agent, |work| work.response.add(response));
        self.flows(slot, |flow| {
            flow.response.add(response);
            flow.response_within += u64::from(in_time);
        });
        self.note_wall(|wall| &mut wall.response, by_the_wall);
        if first {
            self.first_answer(slot, self.waited(slot, opened, now));
            self.note_wall(|wall| &mut wall.first_response, now - opened);
        }
        self.answered_by_skill(now, slot, response);
    }

    pub(super) fn abandoned(&mut self, now: Time, conversation: ConversationKey, silent: bool) {
        let slot = conversation.slot as usize;
        let live = self.live[slot];
        self.live[slot].mark(Happened::Abandoned, true);
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.abandoned = Some((now, silent));
        }
        let frame = &self.outcome.frame;
        let reached = match frame.service_level.at {
            ServiceLevelAt::Answer => live.has(Happened::Answered),
            ServiceLevelAt::Assignment => live.has(Happened::Assigned),
        };
        let abandonment = Abandonment {
            silent,
            answered: live.has(Happened::Answered),
            owned: live.owner().is_some(),
            in_time: !reached && self.waited(slot, live.opened, now) <= frame.threshold(live.asked),
        };
        self.flows(slot, |flow| flow.add_abandonment(abandonment));
        self.abandoned_by_skill(now, slot, abandonment);
    }

    /// A change of owner or status: the present stay ends and another begins.
    pub(super) fn changed(&mut self, now: Time, change: &Change) {
        if let Some(rows) = &mut self.rows {
            rows.change(now, change);
        }
        let slot = change.conversation.slot as usize;
        let live = self.live[slot];
        if (live.status, live.owner(), live.skill) == (change.status, change.to, change.skill) {
            // It waits on in the same queue (E16).
            return self.count_cause(now, slot, change);
        }
        self.end_stay(now, slot);
        self.count_cause(now, slot, change);
        match change.cause {
            _ if change.status == Status::Resolved => {
                return self.resolved(now, slot, change.cause);
            }
            Cause::Reopened => self.reopened(now, slot),
            _ => {}
        }
        if change.skill != live.skill {
            self.hand_over(now, slot, change.skill);
        }
        let live = &mut self.live[slot];
        live.status = change.status;
        live.set_owner(change.to);
        self.begin_stay(now, slot);
        if let Some(owner) = change.to.filter(|_| change.to != change.from) {
            self.assigned(now, slot, owner, change.cause);
        }
        if let Some(owner) = change.to {
            self.assigned_by_skill(now, slot, owner);
        }
    }

    /// Closes the account of a conversation that is open at the end of the run.
    pub(super) fn leave_open(&mut self, now: Time, slot: usize) {
        let live = self.live[slot];
        if live.status == Status::Resolved {
            return self.settle(slot);
        }
        self.flows(slot, |flow| flow.add_open_at_end(live.is_settled()));
        self.skill_flow(slot, |flow| flow.add_open_at_end(live.is_settled_by_skill()));
        self.count_unassigns(slot);
        // The gauges keep the conversation: it is open, and whoever holds it holds it still.
        let live = self.live[slot];
        if let (Status::New, Some(owner)) = (live.status, live.owner()) {
            let stranded = self.agents.get(owner).offline_until(now) - live.owner_offline;
            self.live[slot].stranded += stranded;
            if !stranded.is_zero() && live.has(Happened::Counts) {
                self.outcome.times.stranded.record(stranded);
            }
        }
        if live.status == Status::New {
            let stay = now - live.since;
            let live = &mut self.live[slot];
            *(if live.owner().is_some() { &mut live.owned } else { &mut live.queued }) += stay;
        }
        self.hand_out_row(now, slot, ConversationEnding::AtEnd);
    }

    fn first_answer(&mut self, slot: usize, waited: Span) {
        self.note_served(slot);
        if self.live[slot].has(Happened::Counts) {
            self.outcome.times.first_response.record(waited);
        }
        self.flows(slot, |flow| {
            flow.answered += 1;
            flow.first_response.add(waited);
        });
        self.reached(slot, ServiceLevelAt::Answer, waited);
    }

    fn assigned(&mut self, now: Time, slot: usize, owner: AgentId, cause: Cause) {
        let live = &mut self.live[slot];
        let first = !live.has(Happened::Assigned);
        live.mark(Happened::Assigned, true);
        let again = live.has(Happened::AwaitsOwner).then_some(live.removed_at).flatten();
        live.mark(Happened::AwaitsOwner, false);
        let live = *live;
        if let Some(draft) = self.row_drafts.get_mut(slot) {
            draft.owners += 1;
            draft.assigned = draft.assigned.or(Some(now));
        }
        if !live.has(Happened::Counts) {
            if first && !live.has(Happened::Abandoned) {
                self.first_assignment(slot, self.waited(slot, live.opened, now));
            }
            return;
        }
        let again = again.map(|removed| self.waited(slot, removed, now));
        self.agent_work(owner, |work| work.conversations += 1);
        let outcome = &mut self.outcome;
        outcome.counts.assignments += 1;
        outcome.counts.claims += u64::from(cause == Cause::Claimed);
        if let Some(removed) = again {
            outcome.times.next_owner.record(removed);
            let same = live.has(Happened::Unassigned) && live.removed_from() == owner;
            outcome.counts.back_to_same_agent += u64::from(same);
        }
        if first && !live.has(Happened::Abandoned) {
            let waited = self.waited(slot, live.opened, now);
            self.outcome.times.assignment.record(waited);
            self.note_wall(|wall| &mut wall.assignment, now - live.opened);
            self.first_assignment(slot, waited);
        }
    }

    fn first_assignment(&mut self, slot: usize, waited: Span) {
        self.flows(slot, |flow| {
            flow.assigned += 1;
            flow.assignment.add(waited);
        });
        self.reached(slot, ServiceLevelAt::Assignment, waited);
    }

    /// The wait of the service level has ended, if that is what ends it.
    fn reached(&mut self, slot: usize, at: ServiceLevelAt, waited: Span) {
        let frame = &self.outcome.frame;
        if frame.service_level.at == at {
            let threshold = frame.threshold(self.live[slot].asked);
            self.flows(slot, |flow| flow.add_reached(waited, threshold));
        }
    }

    /// Writes down the stay that ends and takes it off the gauges.
    fn end_stay(&mut self, now: Time, slot: usize) {
        let live = &mut self.live[slot];
        let since = live.since;
        let stay = now - since;
        let counts = live.has(Happened::Counts);
        let (status, owner, skill) = (live.status, live.owner(), live.skill);
        if let (Status::New, Some(owner)) = (status, owner) {
            let account = self.agents.get_mut(owner);
            let stranded = account.offline_until(now) - live.owner_offline;
            live.owned += stay;
            live.stranded += stranded;
            account.owned_new -= 1;
            if account.is_offline() {
                self.gauges.add(now, Gauge::Stranded, -1);
            }
            if counts && !stranded.is_zero() {
                self.outcome.times.stranded.record(stranded);
            }
        } else if status == Status::New {
            live.queued += stay;
            self.gauges.queue(now, skill, -1);
            if counts {
                self.note_wall(|wall| &mut wall.queue, stay);
                let waited = self.centre.waited(skill, since, now);
                self.outcome.times.queue.record(waited);
                self.note_queue_time(slot, waited);
            }
        }
        if owner.is_none() && status != Status::Resolved {
            self.gauges.add(now, Gauge::Unowned, -1);
        }
    }

    /// Puts the stay that begins on the gauges.
    fn begin_stay(&mut self, now: Time, slot: usize) {
        let live = &mut self.live[slot];
        live.since = now;
        let Some(owner) = live.owner() else {
            self.gauges.add(now, Gauge::Unowned, 1);
            if live.status == Status::New {
                self.gauges.queue(now, live.skill, 1);
            }
            return;
        };
        if live.status == Status::New {
            let account = self.agents.get_mut(owner);
            live.owner_offline = account.offline_until(now);
            account.owned_new += 1;
            if account.is_offline() {
                self.gauges.add(now, Gauge::Stranded, 1);
            }
        }
    }

    /// Changes the flow of the interval in which the conversation was opened, if it counts; those of all
    /// intervals add up to the flow of the run. What was opened before the run has a flow of its own.
    pub(super) fn flows(&mut self, slot: usize, change: impl FnOnce(&mut Flow)) {
        let live = &self.live[slot];
        if live.has(Happened::Counts) {
            change(&mut self.outcome.intervals[live.interval as usize].flow);
        } else if live.has(Happened::BeforeRun) {
            change(&mut self.outcome.before_run);
        }
    }

    /// The same, and that of its skill.
    pub(super) fn all_flows(&mut self, slot: usize, change: impl Fn(&mut Flow)) {
        self.flows(slot, &change);
        self.skill_flow(slot, change);
    }

    pub(super) fn hand_out_row(&mut self, now: Time, slot: usize, ending: ConversationEnding) {
        if let (Some(rows), Some(draft)) = (&mut self.rows, self.row_drafts.get(slot)) {
            rows.conversation(&draft.row(&self.live[slot], now, ending));
        }
    }
}
