//! What a platform writes down of a fact about a conversation.

use crate::base::ids::AgentId;
use crate::log::form::{LoggedCause, LoggedEvent, LoggedParty};
use crate::model::event::{Actor, AgentState, Cause, Change};

/// A row of the log, but for when and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MessageFact {
    /// Who did it.
    pub from: LoggedParty,
    /// Whom it is about.
    pub agent: Option<AgentId>,
    /// What happened.
    pub event: LoggedEvent,
    /// Why.
    pub cause: Option<LoggedCause>,
    /// Of an agent who loses it.
    pub state: Option<AgentState>,
}

impl MessageFact {
    pub(super) fn message(from: LoggedParty, agent: Option<AgentId>) -> Self {
        Self { from, agent, event: LoggedEvent::Message, cause: None, state: None }
    }

    fn by_platform(event: LoggedEvent, agent: Option<AgentId>) -> Self {
        Self { from: LoggedParty::System, agent, event, cause: None, state: None }
    }

    fn because(self, cause: LoggedCause) -> Self {
        Self { cause: Some(cause), ..self }
    }

    fn done_by(self, actor: Actor) -> Self {
        let from = match actor {
            Actor::Agent(_) => LoggedParty::Agent,
            Actor::Consumer => LoggedParty::Consumer,
            Actor::System => LoggedParty::System,
        };
        Self { from, ..self }
    }
}

/// The rows of a change of owner or status, in order. What goes with a message is in its row.
pub(super) fn facts_of(change: &Change) -> impl Iterator<Item = MessageFact> {
    let ends = end_of(change);
    let is_new_owner = change.to.is_some() && change.to != change.from;
    let begins = is_new_owner.then(|| {
        let got = MessageFact::by_platform(LoggedEvent::Assigned, change.to).done_by(change.actor);
        match change.cause {
            Cause::Claimed => got.because(LoggedCause::Claimed),
            Cause::Reopened => got.because(LoggedCause::Reopened),
            _ => got,
        }
    });
    ends.into_iter().flatten().chain(begins)
}

/// How the time with the owner, or the conversation, ends.
fn end_of(change: &Change) -> [Option<MessageFact>; 2] {
    let fact = |event| MessageFact::by_platform(event, change.from).done_by(change.actor);
    let lost = |cause| fact(LoggedEvent::Unassigned).because(cause);
    let handed = |cause| fact(LoggedEvent::Transferred).because(cause);
    let closed = |cause| fact(LoggedEvent::Resolved).because(cause);
    let boomerang = fact(LoggedEvent::Boomerang);
    let one = match change.cause {
        Cause::AutoUnassigned { state, .. } => {
            MessageFact { state: Some(state), ..lost(LoggedCause::Timeout) }
        }
        Cause::OwnerLoggedOut => lost(LoggedCause::Logout),
        Cause::InboundWhileOffline => lost(LoggedCause::MessageWhileOffline),
        Cause::BoomerangWhileOffline => {
            return [Some(boomerang), Some(lost(LoggedCause::BoomerangWhileOffline))];
        }
        Cause::Boomerang => boomerang,
        Cause::ManualReturn => lost(LoggedCause::ManualReturn),
        Cause::TransferredToSkill => handed(LoggedCause::ToSkill),
        Cause::TransferredToAgent => handed(LoggedCause::ToAgent),
        Cause::AssignedOffline => handed(LoggedCause::ToOfflineAgent),
        Cause::Reserved { .. } => handed(LoggedCause::ToReservation),
        Cause::Parked => fact(LoggedEvent::Parked),
        Cause::ResolvedByAgent => closed(LoggedCause::ByAgent),
        Cause::ResolvedByConsumer => closed(LoggedCause::ByConsumer),
        Cause::Abandoned => closed(LoggedCause::Abandoned),
        Cause::AutoClosed => closed(LoggedCause::AutoClosed),
        Cause::Opened
        | Cause::Assigned
        | Cause::Claimed
        | Cause::ConsumerMessage
        | Cause::Reply
        | Cause::ReplyWithBoomerang
        | Cause::FellBack
        | Cause::TakenUp
        | Cause::Reopened
        | Cause::CarriedOver => return [None, None],
    };
    [Some(one), None]
}
