//! Conversations followed through a replication.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::ledger::rows::{ConversationRow, Rows};
use crate::model::event::{Change, Event};
use crate::scenario::Plan;
use crate::simulation::{Failure, Job, Recording};

/// What happened to one conversation, in order; empty if there was none of that name.
pub type ConversationTrace = Vec<(Time, Event)>;

/// Runs a replication again and picks out everything about each of some conversations: its own
/// facts, and the comings and goings of whoever owns it. That an owner had stopped responding before
/// it became the owner stands at its own, earlier instant.
///
/// # Errors
///
/// A broken invariant.
pub fn follow(
    plan: &Arc<Plan>,
    replication: u64,
    conversations: &[ConversationId],
) -> Result<Vec<ConversationTrace>, Box<Failure>> {
    let traces = Vec::from_iter(
        conversations.iter().map(|_| Arc::new(Mutex::new(ConversationTrace::new()))),
    );
    let followers = conversations.iter().zip(&traces).map(|(&wanted, trace)| Follower {
        wanted,
        key: None,
        owner: None,
        responsive: BTreeMap::new(),
        trace: Arc::clone(trace),
    });
    let job = Job {
        plan: Arc::clone(plan),
        replication,
        recording: Recording::Checked,
        rows: Some(Box::new(Followers(followers.collect()))),
    };
    job.run()?;
    let taken = traces
        .iter()
        .map(|trace| std::mem::take(&mut *trace.lock().unwrap_or_else(PoisonError::into_inner)));
    Ok(taken.collect())
}

struct Followers(Vec<Follower>);

struct Follower {
    wanted: ConversationId,
    /// Where it is kept; late replies still name it when it is over.
    key: Option<ConversationKey>,
    owner: Option<AgentId>,
    /// Since when, and whether, each agent who ever stopped responding does so again.
    responsive: BTreeMap<AgentId, (Time, bool)>,
    trace: Arc<Mutex<ConversationTrace>>,
}

impl Rows for Followers {
    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, _: &ConversationRow) {}

    fn event(&mut self, at: Time, event: &Event) {
        self.0.iter_mut().for_each(|follower| follower.event(at, event));
    }
}

impl Follower {
    fn event(&mut self, at: Time, event: &Event) {
        if let Event::Opened { conversation, id, .. } = *event {
            if id == self.wanted {
                self.key = Some(conversation);
            } else if self.key == Some(conversation) {
                // The next one of the same client has its place (A14).
                self.key = None;
            }
        }
        if let Event::Unresponsive { agent, unresponsive } = *event {
            self.responsive.insert(agent, (at, !unresponsive));
        }
        if self.is_about_it(event) {
            self.note(at, *event);
        }
        if let Event::Change(change) = event
            && change.id == self.wanted
        {
            if let Some(owner) = change.to {
                self.note_absence(owner);
            }
            self.owner = change.to;
        }
    }

    /// Puts an event where it belongs in time.
    fn note(&self, at: Time, event: Event) {
        let mut trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        let place = trace.partition_point(|&(before, _)| before <= at);
        trace.insert(place, (at, event));
    }

    /// The new owner may have stopped responding, or begun again, while it was not the owner.
    fn note_absence(&self, owner: AgentId) {
        let Some(&(since, responds)) = self.responsive.get(&owner) else { return };
        let is_known = match self.told_of(owner) {
            None => responds,
            Some((at, told)) => told == responds && (responds || at == since),
        };
        if !is_known {
            self.note(since, Event::Unresponsive { agent: owner, unresponsive: !responds });
        }
    }

    /// What was last told of somebody: since when, and whether, it responds.
    fn told_of(&self, somebody: AgentId) -> Option<(Time, bool)> {
        let trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        trace.iter().rev().find_map(|&(at, event)| match event {
            Event::Unresponsive { agent, unresponsive } if agent == somebody => {
                Some((at, !unresponsive))
            }
            _ => None,
        })
    }

    fn is_about_it(&self, event: &Event) -> bool {
        match *event {
            Event::Opened { id, .. } | Event::Notified { id, .. } => id == self.wanted,
            Event::Change(ref change) => change.id == self.wanted,
            Event::ComesAgain { conversation, .. }
            | Event::ConsumerMessage { conversation, .. }
            | Event::Answered { conversation, .. }
            | Event::Abandoned { conversation, .. }
            | Event::ManualSla { conversation, .. }
            | Event::DeadlineSuppressed { conversation }
            | Event::AnswerLost { conversation, .. }
            | Event::LateReply { conversation, .. } => self.key == Some(conversation),
            Event::AgentState { agent, .. }
            | Event::Unresponsive { agent, .. }
            | Event::Closing { agent, .. } => self.owner == Some(agent),
            Event::Stale(_)
            | Event::ClaimRefused { .. }
            | Event::PlanLate { .. }
            | Event::EndOfShiftMissed { .. }
            | Event::Overshoot { .. }
            | Event::SlotsInUse { .. }
            | Event::ClosedForGood { .. }
            | Event::Busy { .. } => false,
        }
    }
}
