//! E16: a conversation of the queue that waits for one agent.

use crate::base::ids::{AgentId, ConversationKey, Epoch};
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, Cause, Status};
use crate::model::message::{RouterTimer, Timer};
use crate::model::settings::RoutingMode;

use super::Router;
use super::acts::{AgentAct, by};
use super::destination::Destination;

impl Router {
    /// Back to the queue, where one agent alone may have it for a time.
    pub(super) fn reserves(
        &mut self,
        now: Time,
        agent_act: AgentAct,
        receiver: AgentId,
        fallback_after: Span,
        outbox: &mut Outbox,
    ) {
        let AgentAct { agent, conversation: key, .. } = agent_act;
        let conversation = self.conversations.live(key);
        let until = self.centre.reached(conversation.skill, now, fallback_after);
        // Never, if it opens no more.
        let until = until.unwrap_or(Time::MAX);
        conversation.reserved_for = Some(receiver);
        let cause = Cause::Reserved { agent: receiver, until };
        self.transition(now, key, by(agent, None, Status::New, cause), outbox);
        let epoch = self.conversations.live(key).epoch;
        let timer = RouterTimer::FallBack { conversation: key, epoch };
        if until < Time::MAX {
            outbox.at(until, Timer::Router(timer));
        }
    }

    /// Nobody waits longer for one agent: from now on it is for everybody who has the skill. An agent
    /// who comes in this very instant still gets it.
    pub(super) fn fall_back_is_due(
        &mut self,
        now: Time,
        key: ConversationKey,
        epoch: Epoch,
        outbox: &mut Outbox,
    ) {
        let Some(agent) = self.reserved_for(key, epoch) else { return };
        if self.centre.routing.mode == RoutingMode::Push && self.agents.get(agent).is_available() {
            self.serve(now, outbox);
        }
        if self.reserved_for(key, epoch).is_some() {
            let to = Destination {
                owner: None,
                status: Status::New,
                actor: Actor::System,
                cause: Cause::FellBack,
            };
            self.transition(now, key, to, outbox);
        }
    }

    fn reserved_for(&self, key: ConversationKey, epoch: Epoch) -> Option<AgentId> {
        let conversation = self.conversations.get(key).filter(|found| found.epoch == epoch)?;
        conversation.reserved_for
    }
}
