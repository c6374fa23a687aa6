//! The independent observer.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::model::event::{AgentState, Cause, Change, Event, Status};
use crate::model::settings::{AfterClose, Centre, UnassignClock};

use super::balance::Balance;
use super::observed::{ObservedAgent, ObservedConversation, Remembered};
use super::violation::{Snapshot, Violation};
use super::wrong::Wrong;

/// Watches the facts of one replication.
pub(crate) struct Observer {
    pub(super) centre: Arc<Centre>,
    pub(super) now: Time,
    /// Every timer of the router due before this has been handled, if timers may be late.
    handled_until: Option<Time>,
    /// By slot.
    pub(super) conversations: Vec<ObservedConversation>,
    pub(super) agents: Vec<ObservedAgent>,
    /// Agents whose slots changed in this instant.
    pub(super) touched: Vec<AgentId>,
    /// Ownership removals still owed: the latest instant, the agent, which of its logouts.
    pub(super) owed: VecDeque<(Time, AgentId, u32)>,
    pub(super) balance: Balance,
    violation: Option<Box<Violation>>,
}

impl Observer {
    pub(crate) fn new(centre: Arc<Centre>) -> Self {
        let agents = centre.agents().map(|_| ObservedAgent::new()).collect();
        Self {
            centre,
            now: Time::from_micros(i64::MIN + 1),
            handled_until: None,
            conversations: Vec::new(),
            agents,
            touched: Vec::new(),
            owed: VecDeque::new(),
            balance: Balance::default(),
            violation: None,
        }
    }

    pub(crate) fn violation(&self) -> Option<&Violation> {
        self.violation.as_deref()
    }

    /// Timers may be late from now on: those due before this instant have been handled.
    pub(crate) fn timers_handled_until(&mut self, instant: Time) {
        self.handled_until = Some(instant);
    }

    /// What was due before this must have happened.
    fn settled(&self) -> Time {
        self.handled_until.map_or(self.now, |instant| instant.min(self.now))
    }

    /// Takes note of one fact; only the first violation is kept.
    pub(crate) fn observe(&mut self, now: Time, event: &Event) {
        if self.violation.is_some() {
            return;
        }
        self.comes_to(now);
        match *event {
            Event::Opened { conversation, id, .. } => self.opens(conversation, id),
            Event::Change(ref change) if change.cause == Cause::Reopened => self.reopens(change),
            Event::Change(ref change) => self.changes(change),
            Event::ConsumerMessage { conversation, .. } => self.consumer_writes(conversation),
            Event::Answered { conversation, agent, .. } => self.answered(conversation, agent),
            Event::Abandoned { conversation, .. } => self.abandoned(conversation),
            Event::ManualSla { conversation, until } => self.manual_sla(conversation, until),
            Event::DeadlineSuppressed { conversation } => {
                self.live(conversation);
            }
            Event::SlotsInUse { agent, used } => {
                self.agents[agent.0 as usize].reported = used.0;
                self.touch(agent);
            }
            Event::AgentState { agent, state } => self.agent_changes(agent, state),
            Event::AnswerBegun { .. }
            | Event::AnswerLost { .. }
            | Event::LateReply { .. }
            | Event::Stale(_)
            | Event::ClaimRefused { .. }
            | Event::Overshoot { .. }
            | Event::Unresponsive { .. }
            | Event::Busy { .. }
            | Event::Closing { .. }
            | Event::ClosedForGood { .. }
            | Event::ComesAgain { .. }
            | Event::PlanLate { .. }
            | Event::EndOfShiftMissed { .. }
            | Event::Notified { .. } => {}
        }
    }

    /// Compares its conversations with what the router knows.
    pub(crate) fn verify(
        &mut self,
        now: Time,
        open: impl IntoIterator<Item = Snapshot>,
    ) -> Result<(), Violation> {
        if self.violation.is_none() {
            self.comes_to(now);
            self.compare_slots();
            self.compare_all(open);
        }
        self.violation().cloned().map_or(Ok(()), Err)
    }

    #[cold]
    pub(super) fn wrong(&mut self, conversation: Option<ConversationId>, wrong: Wrong) {
        if self.violation.is_none() {
            let Wrong { rule, detail } = wrong;
            self.violation = Some(Box::new(Violation { rule, at: self.now, conversation, detail }));
        }
    }

    pub(super) fn comes_to(&mut self, now: Time) {
        if now != self.now {
            self.time_moves(now);
        }
    }

    /// Rule 9, and the rules that hold whenever an instant is over.
    fn time_moves(&mut self, now: Time) {
        if now < self.now {
            let detail = format!("time ran backwards from {} to {now}", self.now);
            return self.wrong(None, Wrong::new(9, detail));
        }
        if !self.touched.is_empty() {
            self.compare_slots();
        }
        self.now = now;
        let settled = self.settled();
        while self.owed.front().is_some_and(|&(latest, ..)| latest < settled) {
            self.collect_removal();
        }
    }

    /// The slot of an open conversation; rules 3 and 9.
    pub(super) fn live(&mut self, key: ConversationKey) -> Option<usize> {
        let slot = key.slot as usize;
        let is_open = |observed: &&ObservedConversation| {
            observed.status != Status::Resolved && observed.generation == key.generation
        };
        if self.conversations.get(slot).filter(is_open).is_none() {
            let id = self.conversations.get(slot).map(|observed| observed.id);
            self.wrong(id, Wrong::new(9, "a fact about a conversation that is not open"));
            return None;
        }
        self.check_deadline(slot);
        Some(slot)
    }

    fn check_deadline(&mut self, slot: usize) {
        let (observed, settled) = (&self.conversations[slot], self.settled());
        if let Some(deadline) = observed.deadline.filter(|&deadline| deadline < settled) {
            let (id, detail) = (observed.id, observed.overdue(deadline));
            self.wrong(Some(id), Wrong::new(3, detail));
        }
    }

    fn opens(&mut self, key: ConversationKey, id: ConversationId) {
        self.takes_place(key, ObservedConversation::opened(id, key.generation));
        self.balance.offered += 1;
    }

    /// A conversation gets its place, which must be free.
    pub(super) fn takes_place(&mut self, key: ConversationKey, observed: ObservedConversation) {
        let slot = key.slot as usize;
        if slot >= self.conversations.len() {
            self.conversations.resize(slot + 1, ObservedConversation::free());
        }
        if self.conversations[slot].status != Status::Resolved {
            let detail =
                format!("opened in the place of conversation {}", self.conversations[slot].id);
            self.wrong(Some(observed.id), Wrong::new(2, detail));
        }
        self.conversations[slot] = observed;
        self.balance.open += 1;
    }

    fn consumer_writes(&mut self, key: ConversationKey) {
        let Some(slot) = self.live(key) else { return };
        let clock = self.centre.unassign.clock;
        let observed = &mut self.conversations[slot];
        let further = observed.has(Remembered::Unanswered);
        observed.set(Remembered::Unanswered, true);
        if !further || clock == UnassignClock::LastMessage {
            // D1. The clock, if it stood still, goes on from here.
            observed.set(Remembered::Stopped, false);
            observed.origin = self.now;
        }
        self.arm(slot);
    }

    fn answered(&mut self, key: ConversationKey, agent: AgentId) {
        let Some(slot) = self.live(key) else { return };
        let observed = &mut self.conversations[slot];
        if observed.owner() != Some(agent) || observed.status != Status::New {
            let detail = format!("answered by agent {}, whose turn it is not", agent.0);
            let id = observed.id;
            return self.wrong(Some(id), Wrong::new(9, detail));
        }
        if !observed.is_settled() {
            observed.set(Remembered::Answered, true);
            self.balance.answered += 1;
        }
        observed.set(Remembered::Unanswered, false);
        observed.manual_sla = None;
        observed.deadline = None;
    }

    fn abandoned(&mut self, key: ConversationKey) {
        let Some(slot) = self.live(key) else { return };
        let observed = &mut self.conversations[slot];
        if !observed.is_settled() {
            observed.set(Remembered::Abandoned, true);
            self.balance.abandoned += 1;
        }
    }

    fn manual_sla(&mut self, key: ConversationKey, until: Option<Time>) {
        let Some(slot) = self.live(key) else { return };
        let observed = &mut self.conversations[slot];
        observed.manual_sla = until;
        if until.is_none() {
            observed.set(Remembered::SlaEnded, true);
            // D5: re-armed from here, or from when the clock goes on.
            observed.origin = if observed.has(Remembered::Stopped) { Time::ZERO } else { self.now };
        }
        self.arm(slot);
    }

    fn agent_changes(&mut self, agent: AgentId, state: AgentState) {
        let position = agent.0 as usize;
        let returns = state == AgentState::Online;
        let watched = &mut self.agents[position];
        let was_logged_in = watched.state.is_logged_in();
        watched.state = state;
        watched.returned_at = Some(self.now).filter(|_| returns);
        let logs_out = was_logged_in && !state.is_logged_in();
        if logs_out {
            watched.logouts += 1;
            if self.centre.remove_ownership.enabled {
                let latest = self.now + self.centre.remove_ownership.within;
                self.owed.push_back((latest, agent, watched.logouts));
            }
        }
        for owned in 0..self.agents[position].owned.len() {
            let slot = self.agents[position].owned[owned] as usize;
            self.check_deadline(slot);
            let observed = &mut self.conversations[slot];
            observed.arm(self.now, &self.centre, &self.agents[position]);
            if logs_out {
                observed.set(Remembered::RemovalDue, observed.status == Status::New);
            } else if !was_logged_in {
                observed.set(Remembered::RemovalDue, false);
            }
        }
    }

    /// A14: what was closed is open again.
    fn reopens(&mut self, change: &Change) {
        let slot = change.conversation.slot as usize;
        let is_closed = self.centre.after_close == AfterClose::Reopen
            && self.conversations.get(slot).is_some_and(|observed| {
                observed.status == Status::Resolved
                    && observed.generation == change.conversation.generation
            });
        if !is_closed {
            let wrong = Wrong::new(8, "opened again, though it was not closed");
            return self.wrong(Some(change.id), wrong);
        }
        self.balance.open += 1;
        let settled = self.conversations[slot].is_settled();
        self.balance.closed_unanswered -= u64::from(!settled);
        self.moves(slot, change);
    }

    fn changes(&mut self, change: &Change) {
        if let Some(slot) = self.live(change.conversation) {
            self.moves(slot, change);
        }
    }

    fn moves(&mut self, slot: usize, change: &Change) {
        let before = self.conversations[slot];
        if let Err(wrong) = self.judge(&before, change) {
            return self.wrong(Some(change.id), wrong);
        }
        if before.owner() != change.to {
            self.leave(slot);
        }
        if (change.cause, change.status) == (Cause::CarriedOver, Status::Pending) {
            // Answered before the run began.
            self.conversations[slot].set(Remembered::Unanswered, false);
        }
        self.follow(slot, &before, change);
        if before.owner() != change.to {
            self.enter(slot, change.to);
        } else if let Some(owner) = change.to {
            let watched = &mut self.agents[owner.0 as usize];
            watched.new -= u32::from(before.status == Status::New);
            watched.new += u32::from(change.status == Status::New);
        }
        self.conversations[slot].note_reservation(change.cause);
        self.arm(slot);
    }

    /// Takes the conversation from its owner, if it has one.
    fn leave(&mut self, slot: usize) {
        let observed = self.conversations[slot];
        let Some(owner) = observed.owner() else { return };
        let watched = &mut self.agents[owner.0 as usize];
        watched.new -= u32::from(observed.status == Status::New);
        watched.owned.swap_remove(observed.place as usize);
        if let Some(&moved) = watched.owned.get(observed.place as usize) {
            self.conversations[moved as usize].place = observed.place;
        }
        self.touch(owner);
    }

    /// Replays the record.
    fn follow(&mut self, slot: usize, before: &ObservedConversation, change: &Change) {
        let now = self.now;
        let observed = &mut self.conversations[slot];
        observed.set(Remembered::Fresh, false);
        (observed.status, observed.skill) = (change.status, change.skill);
        observed.epoch = change.epoch;
        observed.set_owner(change.to);
        if before.owner() != change.to {
            observed.manual_sla = None;
            observed.set(Remembered::SlaEnded, false);
            observed.set(Remembered::RemovalDue, false);
            observed.set(Remembered::Stopped, false);
            observed.origin = now;
        }
        let unanswered = observed.has(Remembered::Unanswered);
        match change.status {
            Status::New if observed.has(Remembered::Stopped) => {
                // B7: the clock goes on where it stood.
                observed.set(Remembered::Stopped, false);
                observed.origin = now + observed.origin.since_start();
            }
            Status::Pending if unanswered && !observed.has(Remembered::Stopped) => {
                observed.set(Remembered::Stopped, true);
                observed.origin = Time::ZERO + (observed.origin - now);
            }
            Status::New | Status::Pending => {}
            Status::Resolved => {
                self.balance.open -= 1;
                if !observed.is_settled() {
                    self.balance.closed_unanswered += 1;
                }
            }
        }
    }

    /// Gives the conversation to its new owner, if it has one.
    fn enter(&mut self, slot: usize, owner: Option<AgentId>) {
        let Some(owner) = owner else { return };
        let watched = &mut self.agents[owner.0 as usize];
        let observed = &mut self.conversations[slot];
        observed.place = watched.owned.len() as u32;
        watched.owned.push(slot as u32);
        watched.new += u32::from(observed.status == Status::New);
        self.touch(owner);
    }

    fn arm(&mut self, slot: usize) {
        let observed = &mut self.conversations[slot];
        match observed.owner() {
            Some(owner) => {
                let owner = &self.agents[owner.0 as usize];
                observed.arm(self.now, &self.centre, owner);
            }
            None if observed.reserved_for().is_some() => {}
            None => observed.deadline = None,
        }
    }

    fn touch(&mut self, agent: AgentId) {
        let watched = &mut self.agents[agent.0 as usize];
        if !std::mem::replace(&mut watched.touched, true) {
            self.touched.push(agent);
        }
    }
}
