//! What an agent works on, by the serial rule: one answer at a time, the longest-waiting message first.
//!
//! An answer is begun when its agent is free, there, and has the conversation: at the last of the agent's
//! last answer or loss, its return, the message and the assignment. Time Away is left out.

use std::collections::BTreeMap;

use crate::base::time::{Span, Time};
use crate::log::LoggedConversation;
use crate::log::form::LoggedState;

/// An agent, and what it has.
#[derive(Clone, Debug)]
pub(super) struct AgentDesk {
    pub(super) state: LoggedState,
    /// Since when it is in that state.
    pub(super) since: Time,
    /// Why, by number.
    pub(super) cause: Option<usize>,
    pub(super) offset_minutes: i16,
    /// What it has, with when it could begin and since when that waits.
    pub(super) owned: BTreeMap<LoggedConversation, Option<ReadyAnswer>>,
    current: Option<CurrentAnswer>,
    /// The logout after which its conversations were taken away last.
    pub(super) removed: Option<Time>,
}

/// An answer that could be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReadyAnswer {
    pub(super) waiting_since: Time,
}

#[derive(Clone, Copy, Debug)]
struct CurrentAnswer {
    conversation: LoggedConversation,
    worked: Span,
    /// Since when it is worked on, unless paused.
    resumed: Option<Time>,
    start: GapStart,
}

/// What the agent did just before it began an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GapStart {
    /// It sent another.
    Send,
    /// It was idle, or came back.
    Other,
    /// A conversation was taken from it.
    Loss,
}

impl AgentDesk {
    /// Somebody of whose states nothing is known is taken to be there.
    pub(super) fn new(state: LoggedState, since: Time) -> Self {
        let (owned, current, removed) = (BTreeMap::new(), None, None);
        Self { state, since, cause: None, offset_minutes: 0, owned, current, removed }
    }

    /// What it works on, and for how long by now.
    pub(super) fn worked(&self, now: Time) -> Option<WorkedAnswer> {
        let current = self.current?;
        let running = current.resumed.map_or(Span::ZERO, |since| now - since);
        let worked = current.worked + running;
        let CurrentAnswer { conversation, start, .. } = current;
        Some(WorkedAnswer { conversation, worked, start })
    }

    /// It is free: it turns to what waits longest, if it is there.
    pub(super) fn turns_to_next(&mut self, now: Time, start: GapStart) {
        self.current = None;
        self.begins_after(now, start);
    }

    /// It begins what waits longest, unless it is at something.
    pub(super) fn begins(&mut self, now: Time) {
        self.begins_after(now, GapStart::Other);
    }

    fn begins_after(&mut self, now: Time, start: GapStart) {
        if self.current.is_some() || self.state != LoggedState::Online {
            return;
        }
        let ready = self.owned.iter().filter_map(|(&key, ready)| Some((ready.as_ref()?, key)));
        let longest = ready.min_by_key(|(ready, key)| (ready.waiting_since, *key));
        self.current = longest.map(|(_, conversation)| CurrentAnswer {
            conversation,
            worked: Span::ZERO,
            resumed: Some(now),
            start,
        });
    }

    /// Its state changes; what it works on is paused while it is Away.
    pub(super) fn changes(&mut self, now: Time, state: LoggedState) {
        let is_there = state == LoggedState::Online;
        if let Some(current) = &mut self.current {
            match (current.resumed, is_there) {
                (Some(since), false) => {
                    current.worked += now - since;
                    current.resumed = None;
                }
                (None, true) => current.resumed = Some(now),
                _ => {}
            }
        }
        (self.state, self.since) = (state, now);
        self.begins(now);
    }
}

/// An answer under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WorkedAnswer {
    pub(super) conversation: LoggedConversation,
    pub(super) worked: Span,
    pub(super) start: GapStart,
}
