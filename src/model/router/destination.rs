//! Where a change takes a conversation: owner and status, by whom and why.

use crate::base::ids::AgentId;
use crate::model::event::{Actor, Cause, Status};

/// Where a conversation goes, by whom and why.
#[derive(Clone, Copy, Debug)]
pub(super) struct Destination {
    pub(super) owner: Option<AgentId>,
    pub(super) status: Status,
    pub(super) actor: Actor,
    pub(super) cause: Cause,
}

impl Destination {
    pub(super) fn is_by(&self, agent: AgentId) -> bool {
        self.actor == Actor::Agent(agent)
    }
}
