//! Facts about agents, and those that are only counted.

use crate::base::time::Time;
use crate::model::event::{AgentState, Event, Stale};

use super::Ledger;

impl Ledger {
    pub(super) fn agent_changed(&mut self, now: Time, event: &Event) {
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

    pub(super) fn count(&mut self, event: &Event) {
        let counts = &mut self.outcome.counts;
        let agents = &mut self.outcome.agents;
        match *event {
            Event::ClaimRefused { agent } => {
                counts.refused_claims += 1;
                agents[agent.0 as usize].work.refused_claims += 1;
            }
            Event::Overshoot { agent } => {
                counts.overshoots += 1;
                agents[agent.0 as usize].work.overshoots += 1;
            }
            Event::PlanLate { delay, lost, .. } => {
                delay.into_iter().for_each(|delay| counts.late_absences.add(delay));
                if !lost.is_zero() {
                    counts.lost_absences.add(lost);
                }
            }
            Event::EndOfShiftMissed { .. } => counts.ends_of_shift_missed += 1,
            Event::Notified { stale, .. } => {
                counts.notifications += 1;
                counts.stale_notifications += u64::from(stale);
            }
            Event::Stale(Stale::Deadline) => counts.stale_deadlines += 1,
            Event::Stale(Stale::ManualSla) => counts.stale_manual_slas += 1,
            Event::Stale(Stale::OwnershipRemoval) => counts.stale_removals += 1,
            Event::Stale(Stale::AgentAct) => counts.stale_acts += 1,
            Event::Stale(Stale::Boomerang) => counts.stale_boomerangs += 1,
            _ => {}
        }
    }
}
