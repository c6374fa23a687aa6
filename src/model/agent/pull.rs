//! Pull mode (E13): look at the "unowned" filter, decide, claim.

use crate::base::ids::ConversationKey;
use crate::base::stream::Purpose;
use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::event::AgentState;
use crate::model::message::{AgentTimer, RouterMessage};
use crate::model::settings::{Pull, RoutingMode};

use super::Agent;

impl Agent {
    fn pull(&self) -> Option<&Pull> {
        match &self.context.centre.routing.mode {
            RoutingMode::Pull(pull) => Some(pull),
            RoutingMode::Push => None,
        }
    }

    fn may_claim(&self) -> bool {
        self.presence.state() == AgentState::Online
            && self.presence.is_responsive()
            && !self.presence.is_closing()
    }

    /// Sets the next look, for as long as this login lasts.
    pub(super) fn plans_to_look(&mut self, now: Time, outbox: &mut Outbox) {
        self.looks += 1;
        let Some(pull) = self.pull() else { return };
        let wait = self.draw(Purpose::Look, u64::from(self.looks) * 2, &pull.look_every);
        let login = self.presence.login();
        self.remind(now + wait, AgentTimer::Look { login }, outbox);
    }

    pub(super) fn looks(&mut self, login: u32, now: Time, outbox: &mut Outbox) {
        if login != self.presence.login() {
            return;
        }
        if self.may_claim() {
            outbox.router(RouterMessage::Look { agent: self.id, look: self.looks });
        } else {
            self.plans_to_look(now, outbox);
        }
    }

    pub(super) fn saw(
        &mut self,
        now: Time,
        conversation: Option<ConversationKey>,
        outbox: &mut Outbox,
    ) {
        self.candidate = conversation;
        match self.pull() {
            Some(pull) if conversation.is_some() => {
                let index = u64::from(self.looks) * 2 + 1;
                let decide = self.draw(Purpose::Look, index, &pull.decide);
                let login = self.presence.login();
                self.remind(now + decide, AgentTimer::Claim { login }, outbox);
            }
            _ => self.plans_to_look(now, outbox),
        }
    }

    pub(super) fn claims(&mut self, login: u32, now: Time, outbox: &mut Outbox) {
        if login != self.presence.login() {
            return;
        }
        if let Some(conversation) = self.candidate.take().filter(|_| self.may_claim()) {
            outbox.router(RouterMessage::Claim { agent: self.id, conversation });
        }
        self.plans_to_look(now, outbox);
    }
}
