//! Sentences about owners who come and go, and about what they wrote in vain.

use crate::base::ids::AgentId;
use crate::base::time::Time;
use crate::model::event::{AgentState, AnswerTaken, Event};
use crate::model::settings::Absence;

use super::Narrator;
use crate::report::format::span;

impl Narrator<'_> {
    /// The owner comes or goes; only rules that are on are named.
    pub(super) fn owner_state(&mut self, at: Time, agent: AgentId, state: AgentState) -> String {
        let name = self.names.agent(agent);
        let is_on = (self.centre.unassign.enabled, self.centre.remove_ownership.enabled);
        let rules = match (state, self.is_pending, is_on) {
            (AgentState::Offline, false, (true, true)) => " (A5, B1)",
            (AgentState::Offline, false, (false, true)) => " (B1)",
            (AgentState::Offline, true, (true, true)) => " (A9, B2)",
            (AgentState::Offline, true, (false, true)) => " (B2)",
            (AgentState::Away(_) | AgentState::Offline, true, (true, _)) => " (A9)",
            (_, _, (true, _)) => " (A5)",
            (_, _, (false, _)) => "",
        };
        match state {
            AgentState::Online => format!("{name}, the owner, is Online{rules}."),
            AgentState::Away(_) => {
                format!("{name}, the owner, is now {}{rules}.", self.names.state(state))
            }
            AgentState::Offline => {
                let is_cut_off = self.is_cut_off(at, agent);
                self.logged_out = Some((agent, at));
                if is_cut_off {
                    return format!(
                        "{name}, the owner, was cut off, and the session has timed out (E12): logged out{rules}."
                    );
                }
                format!("{name}, the owner, logs out{rules}.")
            }
        }
    }

    /// E12: whether a logout is that of a session in which nobody was any more.
    fn is_cut_off(&self, at: Time, agent: AgentId) -> bool {
        let Some((_, group)) = self.centre.agents().nth(agent.0 as usize) else { return false };
        let disconnects = group.episodes.iter().any(|it| it.absence == Absence::Disconnect);
        let times_out = |since: Time| at - since == group.session_timeout;
        disconnects
            && self.silent.is_some_and(|(silent, since)| silent == agent && times_out(since))
    }

    /// An answer that the consumer does not get.
    pub(super) fn undelivered(&self, event: &Event) -> Option<String> {
        Some(match *event {
            Event::AnswerLost { agent, taken, worked, .. } => {
                let fate = match taken {
                    AnswerTaken::ByClose => "is cut short",
                    AnswerTaken::ByUnassign | AnswerTaken::ByRemoval | AnswerTaken::ByHandBack => {
                        "is lost with the conversation"
                    }
                };
                format!(
                    "The answer that {} had begun and worked on for {} {fate} (D14).",
                    self.names.agent(agent),
                    span(worked)
                )
            }
            Event::LateReply { agent, .. } => format!(
                "The answer of {} crosses the removal on its way: it is not delivered (D14).",
                self.names.agent(agent)
            ),
            _ => return None,
        })
    }
}
