//! What people call the things that the model numbers.

use crate::base::ids::{AgentId, ConversationId, KindId, SkillId};
use crate::model::event::{Actor, AgentState, Cause, Status};
use crate::model::settings::{Centre, GroupMember};

/// Names of one centre.
pub(super) struct CentreNames<'a> {
    centre: &'a Centre,
}

impl<'a> CentreNames<'a> {
    pub(super) fn new(centre: &'a Centre) -> Self {
        Self { centre }
    }

    /// Its name, or group and number within the group from 1: `chat 3`.
    pub(super) fn agent(&self, agent: AgentId) -> String {
        if let Some(own) = self.centre.named_agent(agent) {
            return own.name.clone();
        }
        match self.centre.member(agent) {
            Some(GroupMember { group, number }) => {
                format!("{} {}", self.centre.groups[usize::from(group.0)].name, number + 1)
            }
            None => format!("agent {}", agent.0),
        }
    }

    pub(super) fn skill(&self, skill: SkillId) -> &'a str {
        self.centre.skills.get(usize::from(skill.0)).map_or("", String::as_str)
    }

    pub(super) fn kind(&self, kind: KindId) -> &'a str {
        self.centre.kinds.get(usize::from(kind.0)).map_or("", |kind| kind.name.as_str())
    }

    /// `17`, or `web-17` where there are several kinds of consumers.
    pub(super) fn conversation(&self, id: ConversationId) -> String {
        match self.centre.kinds.as_slice() {
            [_] => id.to_string(),
            _ => format!("{}-{id}", self.kind(id.kind())),
        }
    }

    /// `Away (Lunch)`.
    pub(super) fn state(&self, state: AgentState) -> String {
        match state {
            AgentState::Online => "Online".to_owned(),
            AgentState::Offline => "Offline".to_owned(),
            AgentState::Away(reason) => {
                let reason = self.centre.reasons.get(usize::from(reason.0));
                format!("Away ({})", reason.map_or("", |reason| reason.name.as_str()))
            }
        }
    }

    pub(super) fn actor(&self, actor: Actor) -> String {
        match actor {
            Actor::Agent(agent) => self.agent(agent),
            Actor::Consumer => "consumer".to_owned(),
            Actor::System => "system".to_owned(),
        }
    }
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Pending => "pending",
        Status::Resolved => "resolved",
    }
}

/// The name of a cause in files.
pub(super) fn cause(cause: &Cause) -> &'static str {
    match cause {
        Cause::Opened => "opened",
        Cause::Assigned => "assigned",
        Cause::Claimed => "claimed",
        Cause::ConsumerMessage => "consumer_message",
        Cause::InboundWhileOffline => "ownership_removed_inbound_while_offline",
        Cause::Reply => "reply",
        Cause::ReplyWithBoomerang => "reply_with_boomerang",
        Cause::AutoUnassigned { .. } => "auto_unassigned",
        Cause::OwnerLoggedOut => "ownership_removed_logout",
        Cause::Boomerang => "boomerang",
        Cause::BoomerangWhileOffline => "ownership_removed_boomerang_while_offline",
        Cause::Parked => "parked",
        Cause::ManualReturn => "manual_return",
        Cause::TransferredToSkill => "transferred_to_skill",
        Cause::TransferredToAgent => "transferred_to_agent",
        Cause::AssignedOffline => "assigned_offline",
        Cause::Reserved { .. } => "reserved",
        Cause::FellBack => "fell_back",
        Cause::TakenUp => "taken_up",
        Cause::ResolvedByAgent => "resolved_by_agent",
        Cause::ResolvedByConsumer => "resolved_by_consumer",
        Cause::Abandoned => "abandoned",
        Cause::AutoClosed => "auto_closed",
        Cause::Reopened => "reopened",
        Cause::CarriedOver => "carried_over",
    }
}
