//! One conversation, followed through a replication.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::ledger::rows::{ConversationRow, Rows};
use crate::model::event::{Change, Event};
use crate::scenario::Plan;
use crate::simulation::{Failure, Job, Recording};

/// What happened to one conversation, in order; empty if there was none of that name.
pub type Trace = Vec<(Time, Event)>;

/// Runs a replication again and picks out everything about one conversation: its own facts, and the
/// comings and goings of whoever owns it. That an owner had stopped responding before it became the
/// owner stands at its own, earlier instant.
///
/// # Errors
///
/// A broken invariant.
pub fn follow(
    plan: &Arc<Plan>,
    replication: u64,
    conversation: ConversationId,
) -> Result<Trace, Box<Failure>> {
    let trace = Arc::new(Mutex::new(Trace::new()));
    let follower = Follower {
        wanted: conversation,
        key: None,
        owner: None,
        unresponsive: BTreeMap::new(),
        trace: Arc::clone(&trace),
    };
    let job = Job {
        plan: Arc::clone(plan),
        replication,
        recording: Recording::Checked,
        rows: Some(Box::new(follower)),
    };
    job.run()?;
    Ok(std::mem::take(&mut trace.lock().unwrap_or_else(PoisonError::into_inner)))
}

struct Follower {
    wanted: ConversationId,
    /// Where it is kept; late replies still name it when it is over.
    key: Option<ConversationKey>,
    owner: Option<AgentId>,
    /// Who does not respond, and since when.
    unresponsive: BTreeMap<AgentId, Time>,
    trace: Arc<Mutex<Trace>>,
}

impl Rows for Follower {
    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, _: &ConversationRow) {}

    fn event(&mut self, at: Time, event: &Event) {
        if let Event::Opened { conversation, id, .. } = *event
            && id == self.wanted
        {
            self.key = Some(conversation);
        }
        if let Event::Unresponsive { agent, unresponsive } = *event {
            if unresponsive {
                self.unresponsive.insert(agent, at);
            } else {
                self.unresponsive.remove(&agent);
            }
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
}

impl Follower {
    /// Puts an event where it belongs in time.
    fn note(&self, at: Time, event: Event) {
        let mut trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        let place = trace.partition_point(|&(before, _)| before <= at);
        trace.insert(place, (at, event));
    }

    /// The new owner does not respond, and perhaps has not done so since before it was the owner.
    fn note_absence(&self, owner: AgentId) {
        let Some(&since) = self.unresponsive.get(&owner) else { return };
        let event = Event::Unresponsive { agent: owner, unresponsive: true };
        let is_known = {
            let trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
            trace.contains(&(since, event))
        };
        if !is_known {
            self.note(since, event);
        }
    }

    fn is_about_it(&self, event: &Event) -> bool {
        match *event {
            Event::Opened { id, .. } | Event::Notified { id, .. } => id == self.wanted,
            Event::Change(ref change) => change.id == self.wanted,
            Event::ConsumerMessage { conversation, .. }
            | Event::Answered { conversation, .. }
            | Event::Abandoned { conversation, .. }
            | Event::ManualSla { conversation, .. }
            | Event::DeadlineSuppressed { conversation }
            | Event::LateReply { conversation, .. } => self.key == Some(conversation),
            Event::AgentState { agent, .. }
            | Event::Unresponsive { agent, .. }
            | Event::Closing { agent, .. } => self.owner == Some(agent),
            Event::Stale(_)
            | Event::ClaimRefused { .. }
            | Event::Overshoot { .. }
            | Event::SlotsInUse { .. }
            | Event::Busy { .. } => false,
        }
    }
}
