//! The operations: who writes, who is answered, whom nobody answers.

use std::collections::VecDeque;

use actix::Message;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use crate::base::time::{Span, Time};

/// One message to the actor that keeps the timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// The consumer of a conversation writes: a deadline that a reply will cancel.
    Arm { conversation: u32, due: Time },
    /// The agent replies.
    Cancel { conversation: u32 },
    /// A consumer writes whom nobody will answer in time.
    ArmToFire { due: Time },
}

impl Message for Operation {
    type Result = ();
}

/// Goes round nine messages: four times a reply and a message of somebody else, and a message that
/// nobody answers. The tenth operation is the deadline that passes.
pub(super) struct OperationStream {
    random: Pcg64Mcg,
    step: u8,
    /// How far away deadlines are that will not pass.
    far: Span,
    conversations: u32,
    /// Conversations that were answered, the longest ago first.
    answered: VecDeque<u32>,
    /// One bit a conversation: small enough not to drive the timers out of the caches.
    is_answered: Vec<u64>,
}

impl OperationStream {
    /// For conversations that all have a timer, and some more that have none.
    pub(super) fn new(live: u32, far: Span, seed: u64) -> Self {
        let conversations = live + ANSWERED;
        let mut load = Self {
            random: Pcg64Mcg::seed_from_u64(seed),
            step: 0,
            far,
            conversations,
            answered: (live..conversations).collect(),
            is_answered: vec![0; conversations as usize / 64 + 1],
        };
        (live..conversations).for_each(|conversation| load.flip(conversation));
        load
    }

    /// The next message, at its scheduled instant.
    pub(super) fn next(&mut self, now: Time) -> Operation {
        let step = self.step;
        self.step = (step + 1) % 9;
        if step == 8 {
            let wait = self.random.random_range(SHORTEST_WAIT..=LONGEST_WAIT.as_micros());
            return Operation::ArmToFire { due: now + Span::from_micros(wait) };
        }
        let oldest = if step % 2 == 1 { self.answered.pop_front() } else { None };
        match oldest {
            Some(conversation) => {
                self.flip(conversation);
                Operation::Arm { conversation, due: now + self.far }
            }
            None => self.reply(),
        }
    }

    fn reply(&mut self) -> Operation {
        loop {
            let conversation = self.random.random_range(0..self.conversations);
            if self.is_answered[conversation as usize / 64] & (1 << (conversation % 64)) == 0 {
                self.flip(conversation);
                self.answered.push_back(conversation);
                return Operation::Cancel { conversation };
            }
        }
    }

    fn flip(&mut self, conversation: u32) {
        self.is_answered[conversation as usize / 64] ^= 1 << (conversation % 64);
    }
}

/// Conversations without a timer at any time, so that none is armed just after it was cancelled.
pub(super) const ANSWERED: u32 = 1024;

/// The longest time to a deadline that will pass.
pub(super) const LONGEST_WAIT: Span = Span::from_micros(500_000);

/// The shortest time to a deadline that will pass, in microseconds.
const SHORTEST_WAIT: i64 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_arms_what_is_free_and_cancels_what_is_armed_five_to_four() {
        let (live, far) = (5_000, Span::from_secs(60));
        let mut load = OperationStream::new(live, far, 7);
        let mut armed = Vec::from_iter((0..live + ANSWERED).map(|number| number < live));
        let mut counts = [0; 3];
        for number in 0..90_000 {
            let now = Time::from_micros(number);
            match load.next(now) {
                Operation::Arm { conversation, due } => {
                    assert!(!std::mem::replace(&mut armed[conversation as usize], true));
                    assert_eq!(due, now + far);
                    counts[0] += 1;
                }
                Operation::Cancel { conversation } => {
                    assert!(std::mem::replace(&mut armed[conversation as usize], false));
                    counts[1] += 1;
                }
                Operation::ArmToFire { due } => {
                    assert!(due - now <= LONGEST_WAIT && due > now);
                    counts[2] += 1;
                }
            }
        }
        assert_eq!(counts, [40_000, 40_000, 10_000]);
        assert_eq!(armed.iter().filter(|&&armed| armed).count(), live as usize);
    }
}
