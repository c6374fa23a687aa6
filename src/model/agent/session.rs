//! What is done to an agent's session from outside: it is logged out and in, or its actor dies and
//! another takes its place.

use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::event::Event;
use crate::model::message::RouterMessage;

use super::Agent;
use super::presence::Presence;

impl Agent {
    /// The same agent anew, knowing nothing. Its first message is to be `Restart`.
    pub fn replacement(&self) -> Self {
        let presence = Presence::new(self.presence.member, self.group().episodes.len());
        Self {
            context: self.context.clone(),
            id: self.id,
            group: self.group,
            stream_key: self.stream_key,
            presence,
            workload: super::Workload::default(),
            looks: 0,
            candidate: None,
        }
    }

    /// It is logged out whatever its shift, or may come back.
    pub(super) fn set_kept_out(&mut self, now: Time, kept_out: bool, outbox: &mut Outbox) {
        self.presence.kept_out = kept_out;
        self.announces(now, outbox);
    }

    /// Stands in for an actor that has died, with every timer that it had set: it begins as at the
    /// start of the run, tells its state whatever it was, and asks the router what it owns.
    pub(super) fn restarts(&mut self, now: Time, outbox: &mut Outbox) {
        let agent = self.id;
        outbox.record(Event::Busy { agent, busy: false });
        outbox.record(Event::Unresponsive { agent, unresponsive: false });
        self.starts(now, outbox);
        let state = self.presence.state();
        if !state.is_logged_in() {
            outbox.router(RouterMessage::AgentState { agent, state, closing: false });
        }
        outbox.router(RouterMessage::Restore { agent });
    }
}
