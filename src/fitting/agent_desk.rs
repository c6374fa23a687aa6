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
    /// Whether a conversation was taken from it, and it has shown no sign of being there since.
    has_lost: bool,
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
    /// A conversation was taken from it, and it has sent nothing since.
    Loss,
}

impl AgentDesk {
    /// Somebody of whose states nothing is known is taken to be there.
    pub(super) fn new(state: LoggedState, since: Time) -> Self {
        Self {
            state,
            since,
            cause: None,
            offset_minutes: 0,
            owned: BTreeMap::new(),
            current: None,
            has_lost: false,
            removed: None,
        }
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
        self.has_lost = start == GapStart::Loss;
        self.begins_after(now, start);
    }

    /// It begins what waits longest, unless it is at something.
    pub(super) fn begins(&mut self, now: Time) {
        let start = if self.has_lost { GapStart::Loss } else { GapStart::Other };
        self.begins_after(now, start);
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
        self.has_lost = false;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Time {
        Time::from_secs(second)
    }

    fn waits(desk: &mut AgentDesk, conversation: u64, since: i64) {
        let ready = ReadyAnswer { waiting_since: at(since) };
        desk.owned.insert(LoggedConversation(conversation), Some(ready));
    }

    fn worked(desk: &AgentDesk, now: i64) -> Option<(u64, Span, GapStart)> {
        let answer = desk.worked(at(now))?;
        Some((answer.conversation.0, answer.worked, answer.start))
    }

    /// Idle until 10; then 1, which has waited since 5, before 2, which has waited since 8; Away from 30 to
    /// 50 in the middle of 2.
    #[test]
    fn one_answer_at_a_time_the_longest_waiting_first() {
        let mut desk = AgentDesk::new(LoggedState::Online, at(0));
        assert_eq!(worked(&desk, 10), None);
        waits(&mut desk, 2, 8);
        waits(&mut desk, 1, 5);
        desk.begins(at(10));
        assert_eq!(worked(&desk, 25), Some((1, Span::from_secs(15), GapStart::Other)));
        desk.owned.insert(LoggedConversation(1), None);
        desk.turns_to_next(at(25), GapStart::Send);
        desk.changes(at(30), LoggedState::Away);
        assert_eq!(worked(&desk, 45), Some((2, Span::from_secs(5), GapStart::Send)));
        desk.changes(at(50), LoggedState::Online);
        assert_eq!(worked(&desk, 52), Some((2, Span::from_secs(7), GapStart::Send)));
        desk.owned.insert(LoggedConversation(2), None);
        desk.turns_to_next(at(52), GapStart::Send);
        assert_eq!(worked(&desk, 60), None);
    }

    /// After a loss and idle time it may still be away; its next send, or a change of its state, shows it.
    #[test]
    fn a_loss_is_remembered_until_the_agent_is_seen() {
        let mut desk = AgentDesk::new(LoggedState::Online, at(0));
        desk.turns_to_next(at(5), GapStart::Loss);
        waits(&mut desk, 1, 20);
        desk.begins(at(20));
        assert_eq!(worked(&desk, 30), Some((1, Span::from_secs(10), GapStart::Loss)));
        desk.owned.clear();
        desk.turns_to_next(at(30), GapStart::Send);
        waits(&mut desk, 2, 40);
        desk.begins(at(40));
        assert_eq!(worked(&desk, 45), Some((2, Span::from_secs(5), GapStart::Other)));
    }

    #[test]
    fn nobody_begins_who_is_not_there() {
        let mut desk = AgentDesk::new(LoggedState::Offline, at(0));
        waits(&mut desk, 1, 0);
        desk.begins(at(5));
        assert_eq!(worked(&desk, 9), None);
        desk.changes(at(10), LoggedState::Online);
        assert_eq!(worked(&desk, 14), Some((1, Span::from_secs(4), GapStart::Other)));
    }
}
