//! Conversations end, are forgotten, or are open when the log ends.

use crate::base::time::{Span, Time};
use crate::fitting::open_conversation::OpenConversation;
use crate::log::LogRow;
use crate::log::form::LoggedCause;

use super::LogObserver;

/// A conversation of which nothing is heard for so long is over.
const FORGOTTEN_AFTER: Span = Span::from_hours(24 * 14);
/// One that was closed is kept for so long in case its consumer writes again.
const CLOSED_FOR: Span = Span::from_hours(24);
const SWEEP_EVERY: Span = Span::from_hours(12);

impl LogObserver<'_> {
    pub(super) fn resolved(&mut self, row: &LogRow) {
        self.samples.has_endings = true;
        let is_open = self.open.get(&row.conversation).is_some_and(|open| !open.is_closed);
        if !is_open {
            return;
        }
        *self.samples.endings.entry(row.cause).or_default() += 1;
        let was_owned = self.open.get(&row.conversation).is_some_and(|open| open.owner.is_some());
        let by_owner = row.cause == Some(LoggedCause::ByAgent);
        self.loses_owner(row.conversation, row.at, by_owner);
        let Some(open) = self.open.get_mut(&row.conversation) else { return };
        open.is_closed = true;
        let (open, now) = (*open, row.at);
        let samples = &mut self.samples;
        let silence = now - open.last_message.max(open.last_answer.unwrap_or(open.opened));
        match row.cause {
            Some(LoggedCause::ByAgent) => samples.closes.add(silence),
            Some(LoggedCause::AutoClosed) => samples.auto_closes.add(silence),
            _ => {}
        }
        let left = row.cause == Some(LoggedCause::Abandoned);
        match open.first_answer {
            None if left => {
                let wait = now - open.opened;
                let own = samples.consumers(open.skill);
                own.waits_to_answer.add(wait);
                if !open.was_assigned {
                    own.waits_to_assignment.add(wait);
                }
                own.outcomes.add_left(wait);
                *(if was_owned {
                    &mut samples.left_while_owned
                } else {
                    &mut samples.left_in_queue
                }) += 1;
            }
            None => {
                samples.closed_unanswered += 1;
                samples.consumers(open.skill).outcomes.add_answered(now - open.opened, false);
            }
            Some(_) if left => {
                if let Some(waiting) = open.waiting_since {
                    samples.later_waits.add(now - waiting);
                }
            }
            Some(_) => {}
        }
        if !open.wait_told {
            self.tell_end(&open, left);
        }
        if let Some(open) = self.open.get_mut(&row.conversation) {
            open.wait_told = true;
        }
    }

    /// What is known of a conversation when it is over.
    fn tell_end(&mut self, open: &OpenConversation, left: bool) {
        let Some(answered) = open.first_answer else { return };
        let samples = &mut self.samples;
        let own = samples.consumers(open.skill);
        own.outcomes.add_answered(answered - open.opened, open.turns > 1);
        if !left {
            *own.turns.entry(open.turns).or_default() += 1;
            if !open.consumer_waits {
                *samples.turn_sizes.entry(open.turn_size).or_default() += 1;
            }
        }
    }

    /// A conversation is forgotten, or the log ends.
    pub(super) fn leave(&mut self, open: &OpenConversation, now: Time) {
        if open.is_closed {
            return;
        }
        self.samples.never_ended += 1;
        let silent_for = now - open.last_row;
        if open.first_answer.is_none() {
            self.samples
                .consumers(open.skill)
                .waits_to_answer
                .add_censored(now.min(open.last_row + FORGOTTEN_AFTER) - open.opened);
        } else if !open.wait_told && silent_for >= CLOSED_FOR {
            // A log that never says how conversations end: nobody has written for a day.
            self.tell_end(open, false);
        }
    }

    pub(super) fn sweep(&mut self, now: Time) {
        if now - self.swept < SWEEP_EVERY {
            return;
        }
        self.swept = now;
        let is_over = |open: &OpenConversation| {
            let silent_for = now - open.last_row;
            silent_for > if open.is_closed { CLOSED_FOR } else { FORGOTTEN_AFTER }
        };
        let over = self.open.iter().filter(|(_, open)| is_over(open)).map(|(key, _)| *key);
        for key in Vec::from_iter(over) {
            self.loses_owner(key, now, false);
            if let Some(open) = self.open.remove(&key) {
                self.leave(&open, now);
            }
        }
    }
}
