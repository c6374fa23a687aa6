//! S0: automatic unassignment (A5–A9, D1–D6, D12, D20).

use crate::base::ids::ConversationKey;
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, AgentState, Cause, Event, Stale, Status};
use crate::model::message::{AgentMessage, RouterTimer, Timer};
use crate::model::settings::{Centre, OnUnassign, Timeouts, Unassign};

use super::Router;
use super::agent_table::AgentRecord;
use super::conversation::Conversation;
use super::destination::Destination;

impl Timeouts {
    fn of(&self, state: AgentState) -> Option<Span> {
        match state {
            AgentState::Online => self.online,
            AgentState::Away(_) => self.away,
            AgentState::Offline => self.offline,
        }
    }
}

impl Conversation {
    /// When its owner is unassigned: origin + timeout of the present state (D3), where origin =
    /// max(message, assignment, end of the last manual SLA of this epoch) (D2). An owner who
    /// returned to Online has `return_grace` for what was there before (D3). `None` when nothing
    /// is armed: feature off, not New, no unanswered message (D6), timeout off (D4).
    fn deadline(&self, centre: &Centre, owner: &AgentRecord) -> Option<Time> {
        let unassign = &centre.unassign;
        if !unassign.enabled || self.status != Status::New {
            return None;
        }
        let origin = self.clock_message(unassign.clock)?.max(self.not_before);
        let timeout = centre.timeouts(self.skill).of(owner.state)?;
        let due = centre.reached(self.skill, origin, timeout)?;
        let has_grace = owner.state == AgentState::Online && origin < owner.returned_at;
        Some(if has_grace { due.max(owner.returned_at + unassign.return_grace) } else { due })
    }
}

impl Router {
    /// Arms, moves or takes away the deadline. Tells whether a running deadline moved. One that passed
    /// before the run began fires at its start.
    ///
    /// The agenda holds one entry for a conversation, never later than the deadline; when it comes
    /// too early it is put off. A reply and the next message then cost the agenda nothing.
    pub(super) fn schedule_deadline(
        &mut self,
        now: Time,
        key: ConversationKey,
        outbox: &mut Outbox,
    ) -> bool {
        let conversation = self.conversations.live(key);
        let Some(owner) = conversation.owner else { return false };
        let record = self.agents.get(owner);
        let earliest = now.max(Time::ZERO);
        let before = conversation.deadline;
        let due = conversation.deadline(&self.centre, record).map(|due| due.max(earliest));
        conversation.deadline = due.map(|due| (due, conversation.epoch));
        if let Some(due) = due {
            conversation.ask_at(key, due, outbox);
        }
        before.is_some() && conversation.deadline.is_some() && before != conversation.deadline
    }

    /// The agenda asks about a deadline: it fires at `now >= deadline` (D20).
    pub(super) fn deadline_is_due(&mut self, now: Time, key: ConversationKey, outbox: &mut Outbox) {
        let Some(conversation) = self.conversations.kept_mut(key) else { return };
        // Put off or dead: an earlier entry has spoken for it. A clock on the wall asks late.
        if conversation.deadline_entry.is_none_or(|entry| entry > now) {
            return;
        }
        conversation.deadline_entry = None;
        match conversation.deadline {
            None => {}
            Some((due, _)) if due > now => conversation.ask_at(key, due, outbox),
            Some((_, epoch)) if epoch != conversation.epoch => {
                conversation.deadline = None;
                outbox.record(Event::Stale(Stale::Deadline));
            }
            Some(_) if conversation.manual_sla.is_some() => {
                conversation.deadline = None;
                if !std::mem::replace(&mut conversation.suppressed, true) {
                    outbox.record(Event::DeadlineSuppressed { conversation: key });
                }
            }
            Some(_) => self.unassign(now, key, outbox),
        }
    }

    /// A6: back to the queue; the agent is remembered. D8: whoever else is free.
    fn unassign(&mut self, now: Time, key: ConversationKey, outbox: &mut Outbox) {
        let Unassign { clock, on_unassign, .. } = self.centre.unassign;
        let conversation = self.conversations.live(key);
        conversation.deadline = None;
        let (Some(agent), Some(message)) = (conversation.owner, conversation.clock_message(clock))
        else {
            return;
        };
        let state = self.agents.get(agent).state;
        let waited = self.centre.waited(conversation.skill, message, now);
        let cause = Cause::AutoUnassigned { state, waited };
        conversation.unassigns = conversation.unassigns.saturating_add(1);
        let to = Destination { owner: None, status: Status::New, actor: Actor::System, cause };
        self.transition(now, key, to, outbox);
        self.exclude(now, key, agent, outbox);
        if let OnUnassign::SetAway { away_for } = on_unassign {
            outbox.agent(agent, AgentMessage::SetAway { away_for });
        }
    }

    /// A8: the scheduled deadline stays; if it falls due meanwhile, nothing happens (A7).
    pub(super) fn set_manual_sla(
        &mut self,
        now: Time,
        key: ConversationKey,
        length: Span,
        outbox: &mut Outbox,
    ) {
        let until = now + length;
        let conversation = self.conversations.live(key);
        conversation.manual_sla = Some(until);
        conversation.manual_sla_generation = conversation.manual_sla_generation.wrapping_add(1);
        conversation.suppressed = false;
        let generation = conversation.manual_sla_generation;
        outbox.record(Event::ManualSla { conversation: key, until: Some(until) });
        let timer = RouterTimer::ManualSlaEnds { conversation: key, generation };
        outbox.at(until, Timer::Router(timer));
    }

    /// A manual SLA comes to its end.
    pub(super) fn manual_sla_expires(
        &mut self,
        now: Time,
        key: ConversationKey,
        generation: u32,
        outbox: &mut Outbox,
    ) {
        let Some(conversation) = self.conversations.get(key) else { return };
        if conversation.manual_sla_generation != generation || conversation.manual_sla.is_none() {
            outbox.record(Event::Stale(Stale::ManualSla));
            return;
        }
        self.leave_manual_sla(now, key, outbox);
    }

    /// D5: expired or cancelled; the deadline is re-armed from this instant.
    pub(super) fn leave_manual_sla(
        &mut self,
        now: Time,
        key: ConversationKey,
        outbox: &mut Outbox,
    ) {
        self.end_manual_sla(key, outbox);
        self.conversations.live(key).start_clock(now);
        self.schedule_deadline(now, key, outbox);
    }

    /// The manual SLA is over: also at the reply, at any change of owner and at Resolved (D5).
    pub(super) fn end_manual_sla(&mut self, key: ConversationKey, outbox: &mut Outbox) {
        if self.conversations.live(key).manual_sla.take().is_some() {
            outbox.record(Event::ManualSla { conversation: key, until: None });
        }
    }
}

impl Conversation {
    /// Makes sure that the agenda asks at `due` or earlier.
    fn ask_at(&mut self, key: ConversationKey, due: Time, outbox: &mut Outbox) {
        if self.deadline_entry.is_none_or(|entry| due < entry) {
            self.deadline_entry = Some(due);
            let timer = RouterTimer::Unassign { conversation: key };
            outbox.at_by_name(due, self.id, Timer::Router(timer));
        }
    }
}
