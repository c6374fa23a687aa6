//! What the agents are doing, and how long they have done it.

use crate::base::ids::{AgentId, GroupId};
use crate::base::time::{Span, Time};
use crate::model::event::AgentState;
use crate::model::settings::{Centre, GroupMember, SlotWeight};

use super::gauge::Gauge;
use super::gauges::Gauges;
use super::outcome::AgentTimes;

/// All agents.
pub(super) struct AgentAccounts {
    accounts: Vec<AgentAccount>,
    /// Microseconds Away by agent and reason.
    away: Vec<u128>,
    reasons: usize,
}

impl AgentAccounts {
    pub(super) fn new(centre: &Centre) -> Self {
        let accounts: Vec<_> = centre
            .members()
            .map(|GroupMember { group, number }| {
                let slots = centre.groups[usize::from(group.0)].concurrency_of(number);
                AgentAccount::new(group, slots)
            })
            .collect();
        let reasons = centre.reasons.len();
        Self { away: vec![0; accounts.len() * reasons], accounts, reasons }
    }

    pub(super) fn get(&self, agent: AgentId) -> &AgentAccount {
        &self.accounts[agent.0 as usize]
    }

    pub(super) fn get_mut(&mut self, agent: AgentId) -> &mut AgentAccount {
        &mut self.accounts[agent.0 as usize]
    }

    /// Changes what an agent shows to the gauges.
    pub(super) fn change(
        &mut self,
        now: Time,
        agent: AgentId,
        gauges: &mut Gauges,
        change: impl FnOnce(&mut AgentAccount),
    ) {
        self.settle(now, agent.0 as usize);
        let account = &mut self.accounts[agent.0 as usize];
        let before = account.shown();
        change(account);
        for ((gauge, before), (_, after)) in before.into_iter().zip(account.shown()) {
            if before != after {
                gauges.add(now, gauge, i64::from(after) - i64::from(before));
            }
        }
    }

    pub(super) fn busy(&mut self, now: Time, agent: AgentId, gauges: &mut Gauges, busy: bool) {
        self.settle(now, agent.0 as usize);
        let account = &mut self.accounts[agent.0 as usize];
        let before = account.is_working();
        account.busy = busy;
        let after = account.is_working();
        if before != after {
            gauges.add(now, Gauge::Busy, i64::from(after) - i64::from(before));
        }
    }

    pub(super) fn slots(
        &mut self,
        now: Time,
        agent: AgentId,
        gauges: &mut Gauges,
        used: SlotWeight,
    ) {
        self.settle(now, agent.0 as usize);
        let account = &mut self.accounts[agent.0 as usize];
        if account.state.is_logged_in() && used.0 != account.slots_used {
            let difference = i64::from(used.0) - i64::from(account.slots_used);
            gauges.add(now, Gauge::SlotsUsed, difference);
        }
        account.slots_used = used.0;
    }

    /// Time spent and time Away by reason since this was asked last, agent by agent.
    pub(super) fn take(&mut self, now: Time) -> impl Iterator<Item = (AgentTimes, &mut [u128])> {
        for agent in 0..self.accounts.len() {
            self.settle(now, agent);
        }
        let away = self.away.chunks_mut(self.reasons.max(1));
        self.accounts.iter_mut().map(AgentAccount::take).zip(away)
    }

    fn settle(&mut self, now: Time, agent: usize) {
        let account = &mut self.accounts[agent];
        let elapsed = (now - account.since).as_micros().max(0);
        account.since = now;
        if account.state == AgentState::Offline {
            account.offline += Span::from_micros(elapsed);
            return;
        }
        let elapsed = elapsed as u64;
        account.spent[account.occupation()] += elapsed;
        account.slots_time += u128::from(account.slots_used) * u128::from(elapsed);
        if account.closing {
            account.closing_time += elapsed;
        }
        if let AgentState::Away(reason) = account.state {
            self.away[agent * self.reasons + usize::from(reason.0)] += u128::from(elapsed);
        }
    }
}

/// One agent.
pub(super) struct AgentAccount {
    pub(super) state: AgentState,
    pub(super) unresponsive: bool,
    pub(super) closing: bool,
    busy: bool,
    pub(super) group: GroupId,
    /// New conversations that it owns.
    pub(super) owned_new: u32,
    slots_used: u32,
    slots: u32,
    since: Time,
    /// Time Offline until `since`.
    offline: Span,
    /// The last logout.
    pub(super) logged_out: Time,
    /// The last login or return to Online (D23).
    pub(super) returned_at: Option<Time>,
    /// Microseconds logged in, by [`AgentAccount::occupation`].
    spent: [u64; OCCUPATIONS],
    closing_time: u64,
    slots_time: u128,
}

impl AgentAccount {
    fn new(group: GroupId, concurrency: u32) -> Self {
        Self {
            state: AgentState::Offline,
            unresponsive: false,
            closing: false,
            busy: false,
            group,
            owned_new: 0,
            slots_used: 0,
            slots: concurrency.saturating_mul(SlotWeight::FULL.0),
            since: Time::ZERO,
            offline: Span::ZERO,
            logged_out: Time::ZERO,
            returned_at: None,
            spent: [0; OCCUPATIONS],
            closing_time: 0,
            slots_time: 0,
        }
    }

    pub(super) fn is_offline(&self) -> bool {
        self.state == AgentState::Offline
    }

    /// Time that the agent has been Offline so far: the difference of two readings is how long it
    /// was Offline between them.
    pub(super) fn offline_until(&self, now: Time) -> Span {
        if self.is_offline() { self.offline + (now - self.since) } else { self.offline }
    }

    fn is_working(&self) -> bool {
        self.busy && !self.unresponsive && self.state.is_logged_in()
    }

    /// Away after Online; in each nothing, work, unresponsive.
    fn occupation(&self) -> usize {
        let away = usize::from(self.state != AgentState::Online) * 3;
        let doing = if self.unresponsive { 2 } else { usize::from(self.busy) };
        away + doing
    }

    /// What the agent adds to the gauges that depend on its state.
    fn shown(&self) -> [(Gauge, u32); 9] {
        let logged_in = u32::from(self.state.is_logged_in());
        [
            (Gauge::Online, u32::from(self.state == AgentState::Online)),
            (Gauge::Away, u32::from(matches!(self.state, AgentState::Away(_)))),
            (Gauge::Offline, 1 - logged_in),
            (Gauge::Busy, u32::from(self.is_working())),
            (Gauge::Unresponsive, logged_in * u32::from(self.unresponsive)),
            (Gauge::Closing, logged_in * u32::from(self.closing)),
            (Gauge::Stranded, (1 - logged_in) * self.owned_new),
            (Gauge::SlotsUsed, logged_in * self.slots_used),
            (Gauge::SlotCapacity, logged_in * self.slots),
        ]
    }

    fn take(&mut self) -> AgentTimes {
        let [idle, online_busy, online_interrupted, away_idle, away_busy, away_interrupted] =
            std::mem::take(&mut self.spent).map(u128::from);
        let online = idle + online_busy + online_interrupted;
        let away = away_idle + away_busy + away_interrupted;
        AgentTimes {
            logged_in: online + away,
            online,
            away,
            busy: online_busy + away_busy,
            interrupted: online_interrupted + away_interrupted,
            idle,
            closing: std::mem::take(&mut self.closing_time).into(),
            slots_used: std::mem::take(&mut self.slots_time),
            slots: u128::from(self.slots) * (online + away),
        }
    }
}

const OCCUPATIONS: usize = 6;
