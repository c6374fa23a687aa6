//! Whose a conversation of the backlog is.

use super::answering::Answering;
use crate::base::ids::AgentId;
use crate::base::time::{Span, Time};
use crate::model::settings::{AgentGroup, Roster, Shift};

/// The agent with a name: that of a roster, or of a group and the number in it, `chat 2`; of a group of one
/// agent without the number.
pub(super) fn agent(text: &str, groups: &[String], answering: Answering<'_>) -> Option<AgentId> {
    let wanted = text.trim().to_lowercase();
    let mut first = 0;
    for (name, group) in groups.iter().zip(answering.groups) {
        let is_own = |member: &u32| {
            let own = group.named(*member).map(|own| own.name.to_lowercase());
            let name = name.to_lowercase();
            own.is_some_and(|own| own == wanted)
                || wanted == format!("{name} {}", member + 1)
                || (group.count == 1 && wanted == name)
        };
        if let Some(member) = (0..group.count).find(is_own) {
            return Some(AgentId(first + member));
        }
        first += group.count;
    }
    None
}

/// Names of agents, as far as somebody will read them.
pub(super) fn names(groups: &[String], answering: Answering<'_>) -> Vec<String> {
    let of_group = |(name, group): (&String, &&AgentGroup)| {
        let own = group.named.iter().map(|own| own.name.clone());
        let count = group.count;
        let all = match (group.named.is_empty(), count) {
            (true, 1) => Some(name.clone()),
            (true, _) => Some(format!("{name} 1 to {name} {count}")),
            (false, _) => None,
        };
        Vec::from_iter(own.chain(all))
    };
    groups.iter().zip(answering.groups).flat_map(of_group).take(NAMES_LISTED).collect()
}

/// Whether an agent is on shift when the run begins.
pub(super) fn is_there(agent: AgentId, answering: Answering<'_>) -> bool {
    let mut member = agent.0;
    for group in answering.groups {
        if member < group.count {
            return group.is_on_shift(member);
        }
        member -= group.count;
    }
    false
}

impl AgentGroup {
    fn is_on_shift(&self, member: u32) -> bool {
        let own = |agents: &[Vec<Shift>]| {
            let shifts = agents.get(member as usize).or_else(|| agents.last()).cloned();
            shifts.unwrap_or_default()
        };
        let covers = |shift: &Shift, at: Time| shift.start <= at && at < shift.end;
        let day = Span::from_hours(24);
        match &self.roster {
            Roster::Always => true,
            Roster::Listed(agents) => own(agents).iter().any(|it| covers(it, Time::ZERO)),
            Roster::Daily(agents) => {
                own(agents).iter().any(|it| covers(it, Time::ZERO) || covers(it, Time::ZERO + day))
            }
        }
    }
}

const NAMES_LISTED: usize = 20;
