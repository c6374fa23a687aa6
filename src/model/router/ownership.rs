//! S2: logout, login and the removal of ownership (A5, B1, B2, B6, E2–E4, E11).

use crate::base::ids::{AgentId, ConversationKey};
use crate::base::stream::{Purpose, uniform};
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, AgentState, Cause, Event, Stale, Status};
use crate::model::message::{AgentMessage, RouterTimer, Timer};
use crate::model::settings::LateAssignment;

use super::Router;
use super::agent_table::{Notification, OwnershipRemoval};
use super::destination::Destination;

impl Router {
    /// An agent changes its state: deadlines follow (A5, D3), a logout starts the removal (B1), a
    /// login cancels it (E2) and delivers what was assigned meanwhile (B6).
    pub(super) fn agent_changes_state(
        &mut self,
        now: Time,
        agent: AgentId,
        state: AgentState,
        outbox: &mut Outbox,
    ) {
        let record = self.agents.get_mut(agent);
        let before = std::mem::replace(&mut record.state, state);
        if before == state {
            return;
        }
        outbox.record(Event::AgentState { agent, state });
        if state == AgentState::Online {
            record.acts += 1;
            record.returned_at = now;
        }
        if !before.is_logged_in() {
            record.removals.clear();
            self.deliver_notifications(agent, outbox);
        } else if !state.is_logged_in() {
            self.owner_logs_out(now, agent, outbox);
        }
        for position in 0..self.agents.get(agent).owned.len() {
            let conversation = self.agents.get(agent).owned[position];
            self.schedule_deadline(now, conversation, outbox);
        }
        self.agents.touch(now, agent);
        self.request_service_for(now, agent, outbox);
    }

    /// A closing agent takes nothing new; it says so when its shift is over.
    pub(super) fn agent_closes(
        &mut self,
        now: Time,
        agent: AgentId,
        closing: bool,
        outbox: &mut Outbox,
    ) {
        let record = self.agents.get_mut(agent);
        if std::mem::replace(&mut record.closing, closing) != closing {
            outbox.record(Event::Closing { agent, closing });
            self.agents.touch(now, agent);
            self.request_service_for(now, agent, outbox);
        }
    }

    /// B1: what is New and owned at the logout is removed within the bound. B2: the rest stays.
    fn owner_logs_out(&mut self, now: Time, agent: AgentId, outbox: &mut Outbox) {
        let pairs = self.agents.get(agent).owned.iter().filter_map(|&key| {
            let conversation = self.conversations.get(key)?;
            (conversation.status == Status::New).then_some((key, conversation.epoch))
        });
        let pairs: Vec<_> = pairs.collect();
        self.schedule_removal(now, agent, pairs, outbox);
    }

    /// E4: what is assigned to an agent after its logout stays, or is removed as if the agent had
    /// logged out now. Either way the agent is notified at its next login (B6).
    pub(super) fn note_late_assignment(
        &mut self,
        now: Time,
        agent: AgentId,
        key: ConversationKey,
        outbox: &mut Outbox,
    ) {
        let conversation = self.conversations.live(key);
        let (id, epoch) = (conversation.id, conversation.epoch);
        let is_new = conversation.status == Status::New;
        let notification = Notification { conversation: key, id, epoch };
        self.agents.get_mut(agent).notifications.push(notification);
        if is_new && self.centre.remove_ownership.late_assignment == LateAssignment::Remove {
            self.schedule_removal(now, agent, vec![(key, epoch)], outbox);
        }
    }

    /// One delay for one logout, uniform in [0, within].
    fn schedule_removal(
        &mut self,
        now: Time,
        agent: AgentId,
        pairs: Vec<(ConversationKey, crate::base::ids::Epoch)>,
        outbox: &mut Outbox,
    ) {
        if !self.centre.remove_ownership.enabled {
            return;
        }
        let within = self.centre.remove_ownership.within;
        let record = self.agents.get_mut(agent);
        let number = record.removals_drawn;
        record.removals_drawn += 1;
        let key = self.centre.stream_key(agent);
        let mut stream = self.streams.stream(Purpose::OwnershipRemoval, key, u64::from(number));
        let delay = Span::from_secs_f64(within.as_secs_f64() * uniform(&mut stream));
        if !pairs.is_empty() {
            record.removals.push(OwnershipRemoval { number, pairs });
            let timer = RouterTimer::RemoveOwnership { agent, removal: number };
            outbox.at(now + delay, Timer::Router(timer));
        }
    }

    /// E3: one removal clears all pairs, in the order of their names; each is re-checked.
    pub(super) fn removal_is_due(
        &mut self,
        now: Time,
        agent: AgentId,
        removal: u32,
        outbox: &mut Outbox,
    ) {
        let record = self.agents.get_mut(agent);
        let Some(position) = record.removals.iter().position(|waiting| waiting.number == removal)
        else {
            return;
        };
        let mut pairs = record.removals.swap_remove(position).pairs;
        pairs.sort_by_key(|&(key, _)| self.conversations.get(key).map(|found| found.id));
        for (key, epoch) in pairs {
            let still_holds = self.conversations.get(key).is_some_and(|conversation| {
                conversation.status == Status::New && conversation.epoch == epoch
            });
            if still_holds && self.agents.is_offline(agent) {
                let to = Destination {
                    owner: None,
                    status: Status::New,
                    actor: Actor::System,
                    cause: Cause::OwnerLoggedOut,
                };
                self.transition(now, key, to, outbox);
            } else {
                outbox.record(Event::Stale(Stale::OwnershipRemoval));
            }
        }
    }

    /// An agent's actor was replaced: the new one is told of all that the agent owns. Owners, epochs
    /// and deadlines stay as they are.
    pub(super) fn tells_what_is_owned(&self, agent: AgentId, outbox: &mut Outbox) {
        if let Some(open) = self.agents.get(agent).known_load() {
            outbox.agent(agent, AgentMessage::Load { open });
        }
        for &key in &self.agents.get(agent).owned {
            let Some(conversation) = self.conversations.get(key) else { continue };
            let message = match conversation.status {
                Status::New => AgentMessage::Work(conversation.task(key)),
                Status::Pending | Status::Resolved => AgentMessage::Rests(key),
            };
            outbox.agent(agent, message);
        }
    }

    /// B6: the agent is told at login what was assigned to it while it was offline; E11: what has
    /// gone by then is marked stale.
    fn deliver_notifications(&mut self, agent: AgentId, outbox: &mut Outbox) {
        for Notification { conversation: key, id, epoch } in
            std::mem::take(&mut self.agents.get_mut(agent).notifications)
        {
            let holds = self.conversations.get(key).is_some_and(|found| found.epoch == epoch);
            outbox.record(Event::Notified { agent, id, stale: !holds });
            if holds {
                outbox.agent(agent, AgentMessage::Notified { conversation: key, epoch });
            }
        }
    }
}
