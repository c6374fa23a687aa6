//! Facts about agents, and those that are only counted.

use crate::base::ids::{AgentId, ConversationId};
use crate::base::time::Time;
use crate::model::event::{AgentState, Event, Stale};
use crate::model::settings::GroupMember;

use super::Ledger;
use crate::ledger::outcome::AgentCounts;

impl Ledger {
    pub(super) fn agent_changed(&mut self, now: Time, event: &Event) {
        if let Event::AgentState { agent, state } = *event {
            self.staff_changed(now, agent, state);
        }
        let gauges = &mut self.gauges;
        match *event {
            Event::Busy { agent, busy } => self.agents.busy(now, agent, gauges, busy),
            Event::SlotsInUse { agent, used } => self.agents.slots(now, agent, gauges, used),
            Event::AgentState { agent, state } => {
                self.agents.change(now, agent, gauges, |account| {
                    if account.state.is_logged_in() && !state.is_logged_in() {
                        account.logged_out = now;
                    }
                    if state == AgentState::Online || account.is_offline() {
                        account.returned_at = Some(now);
                    }
                    account.state = state;
                })
            }
            Event::Unresponsive { agent, unresponsive } => {
                self.agents
                    .change(now, agent, gauges, |account| account.unresponsive = unresponsive);
            }
            Event::Closing { agent, closing } => {
                self.agents.change(now, agent, gauges, |account| account.closing = closing);
            }
            _ => {}
        }
    }

    /// Notes who logs in or out for the skills that the agent has, if skills have intervals.
    fn staff_changed(&mut self, now: Time, agent: AgentId, state: AgentState) {
        let before = self.agents.get(agent).state.is_logged_in();
        let difference = i64::from(state.is_logged_in()) - i64::from(before);
        let has_intervals = self.outcome.skills.iter().any(|skill| !skill.intervals.is_empty());
        if difference == 0 || !has_intervals {
            return;
        }
        let Some(GroupMember { group, number }) = self.centre.member(agent) else { return };
        for &skill in self.centre.groups[usize::from(group.0)].skills_of(number) {
            self.gauges.staff(now, skill, difference);
        }
    }

    /// An agent who was offline will be told of an assignment at its next login (B6).
    pub(super) fn will_be_told(&mut self, agent: Option<AgentId>, id: ConversationId) {
        if let Some(agent) = agent {
            *self.to_tell.entry((agent, id)).or_default() += 1;
        }
    }

    /// It is told; that counts if the assignment did, even one that has gone meanwhile.
    pub(super) fn notified(&mut self, agent: AgentId, id: ConversationId, stale: bool) {
        let Some(left) = self.to_tell.get_mut(&(agent, id)) else { return };
        *left -= 1;
        if *left == 0 {
            self.to_tell.remove(&(agent, id));
        }
        self.outcome.counts.notifications += 1;
        self.outcome.counts.stale_notifications += u64::from(stale);
    }

    /// Changes the counts of an agent, and those of its group in the present interval.
    pub(super) fn agent_work(&mut self, agent: AgentId, change: impl Fn(&mut AgentCounts)) {
        let figures = &mut self.outcome.agents[agent.0 as usize];
        change(&mut figures.work);
        let group = &mut self.outcome.groups[usize::from(figures.group)];
        if let Some(interval) = group.intervals.last_mut() {
            change(&mut interval.work);
        }
    }

    pub(super) fn count(&mut self, event: &Event) {
        let counts = &mut self.outcome.counts;
        match *event {
            Event::ClaimRefused { agent } => {
                counts.refused_claims += 1;
                self.agent_work(agent, |work| work.refused_claims += 1);
            }
            Event::PlanLate { delay, lost, .. } => {
                delay.into_iter().for_each(|delay| counts.late_absences.add(delay));
                if !lost.is_zero() {
                    counts.lost_absences.add(lost);
                }
            }
            Event::EndOfShiftMissed { .. } => counts.ends_of_shift_missed += 1,
            Event::Stale(Stale::Deadline) => counts.stale_deadlines += 1,
            Event::Stale(Stale::ManualSla) => counts.stale_manual_slas += 1,
            Event::Stale(Stale::OwnershipRemoval) => counts.stale_removals += 1,
            Event::Stale(Stale::AgentAct) => counts.stale_acts += 1,
            Event::Stale(Stale::Boomerang) => counts.stale_boomerangs += 1,
            _ => {}
        }
    }
}
