//! Conversations followed through a replication.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::time::Time;
use crate::ledger::rows::{ConversationRow, Rows};
use crate::model::event::{Change, Event};
use crate::scenario::Plan;
use crate::simulation::{Failure, Job, Recording};

use super::staff::{LostOwner, QueueWait, Queued, Staff};

/// What happened to one conversation, in order; empty if there was none of that name.
#[derive(Clone, Debug, Default)]
pub struct ConversationTrace {
    /// The facts.
    pub events: Vec<(Time, Event)>,
    /// Why it was in the queue at the end of each instant in which it entered it.
    pub waits: Vec<(Time, QueueWait)>,
}

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
    let followers = Vec::from_iter(conversations.iter().map(|&wanted| Follower::new(wanted)));
    let staff = Staff::new(plan);
    let run = Arc::new(Mutex::new(FollowedRun { now: Time::ZERO, staff, followers }));
    let job = Job {
        plan: Arc::clone(plan),
        replication,
        recording: Recording::Checked,
        rows: Some(Box::new(SharedRun(Arc::clone(&run)))),
    };
    job.run()?;
    let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
    run.ends_instant();
    Ok(run.followers.iter_mut().map(|follower| std::mem::take(&mut follower.trace)).collect())
}

/// The run tells it what happens; it is asked when the run has ended.
struct SharedRun(Arc<Mutex<FollowedRun>>);

struct FollowedRun {
    now: Time,
    staff: Staff,
    followers: Vec<Follower>,
}

impl Rows for SharedRun {
    fn change(&mut self, _: Time, _: &Change) {}

    fn conversation(&mut self, _: &ConversationRow) {}

    fn event(&mut self, at: Time, event: &Event) {
        let mut run = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if at > run.now {
            run.ends_instant();
            run.now = at;
        }
        let FollowedRun { staff, followers, .. } = &mut *run;
        followers.iter_mut().for_each(|follower| follower.event(at, event, staff));
        staff.event(event);
    }
}

impl FollowedRun {
    /// What is still in the queue then waits.
    fn ends_instant(&mut self) {
        for follower in &mut self.followers {
            if let Some(queued) = follower.enters.take() {
                let why = self.staff.why(self.now, &queued, &follower.removals);
                follower.trace.waits.push((self.now, why));
            }
        }
    }
}

struct Follower {
    wanted: ConversationId,
    /// Where it is kept; late replies still name it when it is over.
    key: Option<ConversationKey>,
    owner: Option<AgentId>,
    /// Since when, and whether, each agent who ever stopped responding does so again.
    responsive: BTreeMap<AgentId, (Time, bool)>,
    /// How it has entered the queue in this instant, if it is still there.
    enters: Option<Queued>,
    /// Who lost it or gave it back, each the last time (D10, D21).
    removals: Vec<LostOwner>,
    trace: ConversationTrace,
}

impl Follower {
    fn new(wanted: ConversationId) -> Self {
        Self {
            wanted,
            key: None,
            owner: None,
            responsive: BTreeMap::new(),
            enters: None,
            removals: Vec::new(),
            trace: ConversationTrace::default(),
        }
    }

    fn event(&mut self, at: Time, event: &Event, staff: &Staff) {
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
            self.enters = Queued::after(change);
            if let Some(removal) = staff.removal(at, change) {
                self.removals.retain(|earlier| earlier.agent != removal.agent);
                self.removals.push(removal);
            }
        }
    }

    /// Puts an event where it belongs in time.
    fn note(&mut self, at: Time, event: Event) {
        let events = &mut self.trace.events;
        let place = events.partition_point(|&(before, _)| before <= at);
        events.insert(place, (at, event));
    }

    /// The new owner may have stopped responding, or begun again, while it was not the owner.
    fn note_absence(&mut self, owner: AgentId) {
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
        self.trace.events.iter().rev().find_map(|&(at, event)| match event {
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
            | Event::AnswerBegun { .. }
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
