//! `audit.csv`: changes of owner or status, and on request all other facts.

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::{Span, Time};
use crate::model::event::{AnswerTaken, Cause, Change, Event, Stale};
use crate::model::settings::SlotWeight;

use super::columns::{TableCell, TableColumn, columns};
use super::names;
use super::row_origin::RowOrigin;

/// Which facts `audit.csv` holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditExtent {
    /// Changes of owner or status, which tell both.
    Changes,
    /// Every fact that the figures are made from.
    All,
}

pub(super) struct AuditCsvRow<'a> {
    pub(super) of: &'a RowOrigin,
    pub(super) at: Time,
    pub(super) event: &'a Event,
}

impl AuditCsvRow<'_> {
    fn change(&self) -> Option<&Change> {
        match self.event {
            Event::Change(change) => Some(change),
            _ => None,
        }
    }

    fn of_change(&self, cell: impl FnOnce(&Change) -> TableCell) -> TableCell {
        self.change().map_or(NOTHING, cell)
    }

    fn agent_name(&self, agent: Option<AgentId>) -> TableCell {
        TableCell::text(agent.map(|agent| self.of.names().agent(agent)).unwrap_or_default())
    }

    fn conversation(&self) -> TableCell {
        let id = match *self.event {
            Event::Change(Change { id, .. }) | Event::Opened { id, .. } => Some(id),
            Event::Notified { id, .. } => Some(id),
            _ => conversation_of(self.event).and_then(|key| self.of.id(key)),
        };
        self.conversation_name(id)
    }

    fn conversation_name(&self, id: Option<ConversationId>) -> TableCell {
        TableCell::text(id.map(|id| self.of.names().conversation(id)).unwrap_or_default())
    }

    fn state(&self) -> TableCell {
        match *self.event {
            Event::AgentState { state, .. }
            | Event::Change(Change { cause: Cause::AutoUnassigned { state, .. }, .. }) => {
                TableCell::text(self.of.names().state(state))
            }
            _ => NOTHING,
        }
    }

    fn cause(&self) -> TableCell {
        TableCell::word(match *self.event {
            Event::Change(Change { ref cause, .. }) => names::cause(cause),
            Event::AnswerLost { taken, .. } => match taken {
                AnswerTaken::ByUnassign => "by_unassign",
                AnswerTaken::ByRemoval => "by_removal",
                AnswerTaken::ByHandBack => "by_hand_back",
                AnswerTaken::ByClose => "by_close",
            },
            Event::Stale(stale) => match stale {
                Stale::Deadline => "deadline",
                Stale::ManualSla => "manual_sla",
                Stale::OwnershipRemoval => "ownership_removal",
                Stale::AgentAct => "agent_act",
                Stale::Boomerang => "boomerang",
            },
            _ => "",
        })
    }
}

const NOTHING: TableCell = TableCell::Number(None);

fn yes(is_so: Option<bool>) -> TableCell {
    is_so.map_or(NOTHING, TableCell::yes)
}

fn seconds(span: Option<Span>) -> TableCell {
    span.map_or(NOTHING, TableCell::span)
}

/// The name of a fact in files.
fn record(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } => "opened",
        Event::Change(_) => "change",
        Event::ClosedForGood { .. } => "closed_for_good",
        Event::ComesAgain { .. } => "comes_again",
        Event::ConsumerMessage { .. } => "consumer_message",
        Event::AnswerBegun { .. } => "answer_begun",
        Event::Answered { .. } => "answered",
        Event::AnswerLost { .. } => "answer_lost",
        Event::Abandoned { .. } => "abandoned",
        Event::ManualSla { .. } => "manual_sla",
        Event::DeadlineSuppressed { .. } => "deadline_suppressed",
        Event::LateReply { .. } => "late_reply",
        Event::Stale(_) => "stale",
        Event::ClaimRefused { .. } => "claim_refused",
        Event::Overshoot { .. } => "overshoot",
        Event::SlotsInUse { .. } => "slots_in_use",
        Event::AgentState { .. } => "agent_state",
        Event::Unresponsive { .. } => "unresponsive",
        Event::Busy { .. } => "busy",
        Event::Closing { .. } => "closing",
        Event::PlanLate { .. } => "plan_late",
        Event::EndOfShiftMissed { .. } => "end_of_shift_missed",
        Event::Notified { .. } => "notified",
    }
}

fn conversation_of(event: &Event) -> Option<ConversationKey> {
    match *event {
        Event::Opened { conversation, .. }
        | Event::Change(Change { conversation, .. })
        | Event::ClosedForGood { conversation }
        | Event::ComesAgain { conversation, .. }
        | Event::ConsumerMessage { conversation, .. }
        | Event::AnswerBegun { conversation, .. }
        | Event::Answered { conversation, .. }
        | Event::AnswerLost { conversation, .. }
        | Event::Abandoned { conversation, .. }
        | Event::ManualSla { conversation, .. }
        | Event::DeadlineSuppressed { conversation }
        | Event::LateReply { conversation, .. }
        | Event::Overshoot { conversation, .. } => Some(conversation),
        _ => None,
    }
}

/// Of a change, its actor says who it was.
fn agent_of(event: &Event) -> Option<AgentId> {
    match *event {
        Event::AnswerBegun { agent, .. }
        | Event::Answered { agent, .. }
        | Event::AnswerLost { agent, .. }
        | Event::LateReply { agent, .. }
        | Event::ClaimRefused { agent }
        | Event::Overshoot { agent, .. }
        | Event::SlotsInUse { agent, .. }
        | Event::AgentState { agent, .. }
        | Event::Unresponsive { agent, .. }
        | Event::Busy { agent, .. }
        | Event::Closing { agent, .. }
        | Event::PlanLate { agent, .. }
        | Event::EndOfShiftMissed { agent }
        | Event::Notified { agent, .. } => Some(agent),
        _ => None,
    }
}

/// Whether what a fact is called is so from then on.
fn beginning(event: &Event) -> Option<bool> {
    match *event {
        Event::Unresponsive { unresponsive, .. } => Some(unresponsive),
        Event::Busy { busy, .. } => Some(busy),
        Event::Closing { closing, .. } => Some(closing),
        Event::ManualSla { until, .. } => Some(until.is_some()),
        _ => None,
    }
}

pub(super) fn audit_columns<'a>() -> &'a [TableColumn<AuditCsvRow<'a>>] {
    columns! {
    variant "" = |a| TableCell::text(&a.of.variant), "Variant.";
    replication "" = |a| TableCell::Whole(a.of.replication), "Replication, from 0.";
    checked "" = |a| TableCell::yes(a.of.is_checked), "Whether the invariants were checked.";
    time "seconds" = |a| TableCell::time(Some(a.at)), "When, from the start of the run.";
    clock "clock" = |a| a.of.clock(a.at), "When.";
    conversation "" = |a| a.conversation(), "Name of the conversation.";
    from_owner "" = |a| a.agent_name(a.change().and_then(|it| it.from)), "Owner before; empty if nobody.";
    to_owner "" = |a| a.agent_name(a.change().and_then(|it| it.to)), "Owner after; empty if nobody.";
    status "" = |a| a.of_change(|it| TableCell::word(names::status(it.status))), "Status after: new, pending or resolved.";
    skill "" = |a| match a.event { Event::Opened { skill, .. } => TableCell::text(a.of.names().skill(*skill)), _ => a.of_change(|it| TableCell::text(a.of.names().skill(it.skill))) }, "Skill after.";
    epoch "" = |a| a.of_change(|it| TableCell::Whole(it.epoch.0.into())), "Assignment epoch after.";
    actor "" = |a| a.of_change(|it| TableCell::text(a.of.names().actor(it.actor))), "Who did it: an agent, consumer or system.";
    cause "" = |a| a.cause(), "Why; of an answer that was lost, what took it; of a stale act, what it was.";
    state "" = |a| a.state(), "State of the owner at an auto-unassign; of the agent after agent_state.";
    waited "seconds" = |a| seconds(match a.event { Event::Change(Change { cause: Cause::AutoUnassigned { waited, .. }, .. }) => Some(*waited), _ => None }), "At an auto-unassign: time since the message from which the clock ran.";
    reserved_for "" = |a| match a.event { Event::Change(Change { cause: Cause::Reserved { agent, .. }, .. }) => a.agent_name(Some(*agent)), _ => NOTHING }, "At a reservation: the agent for whom it waits (E16).";
    reserved_until "seconds" = |a| TableCell::time(match a.event { Event::Change(Change { cause: Cause::Reserved { until, .. }, .. }) => Some(*until), _ => None }), "At a reservation: when it falls back, from the start of the run.";
    record "" = |a| TableCell::word(record(a.event)), "What it is: a change of owner or status, which alone tell both, or with --audit=all any other fact.";
    agent "" = |a| a.agent_name(agent_of(a.event)), "The agent whom it is about.";
    on "" = |a| yes(beginning(a.event)), "Whether it begins: busy, unresponsive, closing, manual_sla.";
    until "seconds" = |a| TableCell::time(match a.event { Event::ManualSla { until, .. } => *until, _ => None }), "End of a manual SLA, from the start of the run.";
    waiting_since "seconds" = |a| TableCell::time(match a.event { Event::Answered { waiting_since, .. } => *waiting_since, _ => None }), "The message that is answered; empty for a follow-up.";
    started "seconds" = |a| TableCell::time(match a.event { Event::Answered { started, .. } => Some(*started), _ => None }), "When the answer was begun.";
    worked "seconds" = |a| seconds(match a.event { Event::Answered { worked, .. } | Event::AnswerLost { worked, .. } => Some(*worked), _ => None }), "Work on an answer sent or lost, without pauses.";
    wasted "" = |a| yes(match a.event { Event::Answered { wasted, .. } => Some(*wasted), _ => None }), "Whether the consumer had left silently.";
    further "" = |a| yes(match a.event { Event::ConsumerMessage { further, .. } => Some(*further), _ => None }), "Whether an earlier message was still unanswered (A3).";
    moved_deadline "" = |a| yes(match a.event { Event::ConsumerMessage { moved_deadline, .. } => Some(*moved_deadline), _ => None }), "Whether a running deadline moved because of the message (D1).";
    silent "" = |a| yes(match a.event { Event::Abandoned { silent, .. } => Some(*silent), _ => None }), "Whether the platform did not notice that patience ended.";
    slots "slots" = |a| TableCell::Number(match a.event { Event::SlotsInUse { used, .. } => Some(f64::from(used.0) / f64::from(SlotWeight::FULL.0)), _ => None }), "Slots in use by the agent, by weight.";
    stale "" = |a| yes(match a.event { Event::Notified { stale, .. } => Some(*stale), _ => None }), "Whether the assignment had gone when the agent was told (E11).";
    delay "seconds" = |a| seconds(match a.event { Event::PlanLate { delay, .. } => *delay, _ => None }), "By how much a planned absence began late; empty if it never began (D24).";
    lost "seconds" = |a| seconds(match a.event { Event::PlanLate { lost, .. } => Some(*lost), _ => None }), "Time of a planned absence that was lost.";
    next "" = |a| a.conversation_name(match a.event { Event::ComesAgain { next, .. } => Some(*next), _ => None }), "The conversation in which the client comes again.";
    priority "" = |a| TableCell::Number(match a.event { Event::Opened { priority, .. } => Some(f64::from(*priority)), _ => None }), "Priority of a conversation that is opened.";
    }
}
