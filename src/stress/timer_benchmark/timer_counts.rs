//! What was armed, cancelled and fired, and whether it adds up.

use crate::base::stream::mix;

/// Timers by what became of them, with a checksum that tells whether they were the same ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimerCounts {
    pub(super) armed: u64,
    pub(super) cancelled: u64,
    pub(super) fired: u64,
    /// Cancelled, but not there.
    pub(super) missed: u64,
    /// Over the timers that are live: nought when there are none.
    checksum: u64,
}

impl TimerCounts {
    pub(super) fn arm(&mut self, payload: u64) {
        self.armed += 1;
        self.checksum = self.checksum.wrapping_add(mixed(payload));
    }

    pub(super) fn cancel(&mut self, payload: u64, found: bool) {
        *if found { &mut self.cancelled } else { &mut self.missed } += 1;
        self.checksum = self.checksum.wrapping_sub(mixed(payload));
    }

    pub(super) fn fire(&mut self, payload: u64) {
        self.fired += 1;
        self.checksum = self.checksum.wrapping_sub(mixed(payload));
    }

    /// Whether the live timers are these, and `left` in number by the engine's own count.
    pub(super) fn balances(&self, live: impl Iterator<Item = u64>, left: usize) -> bool {
        let (mut count, mut checksum) = (0, 0_u64);
        for payload in live {
            count += 1;
            checksum = checksum.wrapping_add(mixed(payload));
        }
        let accounted = self.cancelled + self.fired + count;
        self.missed == 0
            && self.armed == accounted
            && left as u64 == count
            && self.checksum == checksum
    }
}

/// A number that looks random and is another one for every payload, never nought for the first.
fn mixed(payload: u64) -> u64 {
    mix(payload.wrapping_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_balance_only_if_every_timer_fired_or_was_cancelled_once() {
        let mut counts = TimerCounts::default();
        (1..=4).for_each(|payload| counts.arm(payload));
        counts.cancel(1, true);
        counts.fire(2);
        assert!(counts.balances([3, 4].into_iter(), 2));
        assert!(!counts.balances([3].into_iter(), 1), "one was lost");
        assert!(!counts.balances([3, 5].into_iter(), 2), "another one than was armed");
        counts.fire(2);
        assert!(!counts.balances([3, 4].into_iter(), 2), "one fired twice");
        assert!(!counts.balances([4].into_iter(), 1), "one fired twice, one was lost");
    }
}
