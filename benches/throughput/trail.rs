//! What two simulators of the same run must agree on: counts, and every change of owner or status.

use std::sync::{Arc, Mutex};

use shiftstorm::base::time::Time;
use shiftstorm::ledger::Outcome;
use shiftstorm::ledger::rows::{ConversationRow, Rows};
use shiftstorm::model::event::{Cause, Change};

/// Occurrences of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub opened: u64,
    pub further_messages: u64,
    pub assigned: u64,
    pub answers: u64,
    pub wasted_answers: u64,
    pub lost_answers: u64,
    pub unassigned: u64,
    pub left_openly: u64,
    pub left_silently: u64,
    pub resolved_by_agent: u64,
    pub auto_closed: u64,
}

impl Counts {
    /// As the ledger has them.
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let (flow, counts) = (&outcome.flow, &outcome.counts);
        let abandoned =
            [flow.abandoned_in_queue, flow.abandoned_while_owned, flow.abandoned_mid_conversation];
        Self {
            opened: flow.offered,
            further_messages: flow.messages - flow.offered,
            assigned: counts.assignments,
            answers: counts.answers + counts.wasted_answers,
            wasted_answers: counts.wasted_answers,
            lost_answers: flow.lost.all().count,
            unassigned: counts.unassigned_online,
            left_openly: abandoned.iter().map(|abandoned| abandoned.open).sum(),
            left_silently: abandoned.iter().map(|abandoned| abandoned.silent).sum(),
            resolved_by_agent: counts.resolved_by_agent,
            auto_closed: counts.auto_closed,
        }
    }
}

/// A change of owner or status.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Opened = 1,
    Assigned,
    Wrote,
    Replied,
    Unassigned,
    Resolved,
    Abandoned,
    AutoClosed,
}

/// Fingerprint of an audit trail: of every change its time, conversation, owner after and cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail {
    changes: u64,
    fingerprint: u64,
}

impl Trail {
    pub(crate) fn add(&mut self, at: Time, number: u64, owner: Option<u32>, step: Step) {
        let owner = owner.map_or(0, |owner| u64::from(owner) + 1);
        for word in [at.as_micros() as u64, number, owner, step as u64] {
            self.fingerprint = (self.fingerprint ^ word).wrapping_mul(0xd6e8_feb8_6659_fd93);
            self.fingerprint ^= self.fingerprint >> 32;
        }
        self.changes += 1;
    }
}

/// A trail that is written while a replication runs elsewhere.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Trail>>);

impl Recorder {
    pub(crate) fn trail(&self) -> Trail {
        *self.0.lock().expect("nobody panics while writing")
    }
}

impl Rows for Recorder {
    fn change(&mut self, at: Time, change: &Change) {
        let step = match change.cause {
            Cause::Opened => Step::Opened,
            Cause::Assigned => Step::Assigned,
            Cause::ConsumerMessage => Step::Wrote,
            Cause::Reply => Step::Replied,
            Cause::AutoUnassigned { .. } => Step::Unassigned,
            Cause::ResolvedByAgent => Step::Resolved,
            Cause::Abandoned => Step::Abandoned,
            Cause::AutoClosed => Step::AutoClosed,
            other => panic!("{other:?} does not happen in the messaging case"),
        };
        let mut trail = self.0.lock().expect("nobody panics while writing");
        trail.add(at, change.id.number(), change.to.map(|agent| agent.0), step);
    }

    fn conversation(&mut self, _: &ConversationRow) {}
}
