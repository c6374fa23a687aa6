//! Sentences about why a conversation waits in the queue.

use crate::experiment::{Hindrance, QueueWait};

use super::Narrator;

impl Narrator<'_> {
    pub(super) fn waits(&self, why: &QueueWait) -> String {
        let (skill, agents) = match why {
            QueueWait::Closed { skill } if self.centre.skills.len() > 1 => {
                return format!("It waits: {} is closed (D25).", self.names.skill(*skill));
            }
            QueueWait::Closed { .. } => return "It waits: the centre is closed (D25).".to_owned(),
            QueueWait::ForOne { agent, hindrance } => {
                let (agent, is) = (self.names.agent(*agent), hindered(*hindrance, true));
                return format!("It waits for {agent}, who {is}.");
            }
            QueueWait::ForSkill { skill, agents } => (*skill, agents),
        };
        let having = match self.centre.skills.len() {
            0 | 1 => String::new(),
            _ => format!(" with the skill {}", self.names.skill(skill)),
        };
        let all: u32 = agents.values().sum();
        let who = match all {
            0 => return format!("It waits: there are no agents{having}."),
            1 => format!("the only agent{having}"),
            _ => format!("all {all} agents{having}"),
        };
        if let [(hindrance, number)] = Vec::from_iter(agents)[..] {
            return format!("It waits: {who} {}.", hindered(*hindrance, *number == 1));
        }
        let mut parts = agents
            .iter()
            .map(|(&hindrance, &number)| format!("{number} {}", hindered(hindrance, number == 1)));
        let last = parts.next_back().unwrap_or_default();
        let others = Vec::from_iter(parts).join(", ");
        format!("It waits: of the {all} agents{having}, {others} and {last}.")
    }
}

/// What is so of one agent, or of several.
fn hindered(hindrance: Hindrance, is_one: bool) -> String {
    let (verb, rest) = match hindrance {
        Hindrance::Offline => (["is", "are"], "logged out"),
        Hindrance::Away => (["is", "are"], "Away"),
        Hindrance::SetAway => (["is", "are"], "set Away (D12)"),
        Hindrance::Closing => (["is", "are"], "at the end of the shift, finishing first"),
        Hindrance::NoSlot => (["has", "have"], "no free slot"),
        Hindrance::AtLimit => (["is", "are"], "at the limit of the skill (A16)"),
        Hindrance::PassedOver => (["is", "are"], "passed over (D10)"),
        Hindrance::HasNotLooked => (["has", "have"], "yet to look at the queue (E13)"),
    };
    format!("{} {rest}", if is_one { verb[0] } else { verb[1] })
}
