//! What was armed, cancelled and fired, and how late.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Timers by what became of them, with a checksum that tells whether they were the same ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Books {
    pub(super) armed: u64,
    pub(super) cancelled: u64,
    pub(super) fired: u64,
    /// Cancelled, but not there.
    pub(super) missed: u64,
    /// Over the timers that are live: nought when there are none.
    checksum: u64,
}

impl Books {
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
    pub(super) fn balance(&self, live: impl Iterator<Item = u64>, left: usize) -> bool {
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

/// A number that looks random and is another one for every payload (the finalizer of splitmix64).
fn mixed(payload: u64) -> u64 {
    let mut bits = payload.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// What happened in a part of a storm, while it was measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Seconds measured.
    pub seconds: f64,
    /// Seconds for which the machine gave a processor to the thread meanwhile, where it tells.
    pub processor_seconds: Option<f64>,
    /// Timers armed.
    pub armed: u64,
    /// Timers cancelled.
    pub cancelled: u64,
    /// Timers fired.
    pub fired: u64,
    /// From the deadline to the moment at which it was served.
    pub lateness: Lateness,
    /// Deadlines that passed and were not served even some time after the load had ended.
    pub unserved: u64,
    /// Seconds of the longest time spent on firing before the next message was looked at.
    pub longest_turn: f64,
}

impl Part {
    /// Operations: armed, cancelled and fired.
    pub fn operations(&self) -> u64 {
        self.armed + self.cancelled + self.fired
    }

    /// Operations a second.
    pub fn rate(&self) -> f64 {
        self.operations() as f64 / self.seconds.max(f64::EPSILON)
    }

    /// Operations a second of processor time, which other programs do not disturb; where the
    /// system does not tell, operations a second.
    pub fn rate_of_processor(&self) -> f64 {
        let seconds = self.processor_seconds.unwrap_or(self.seconds);
        self.operations() as f64 / seconds.max(f64::EPSILON)
    }

    /// How much of a processor the thread had.
    pub fn share_of_processor(&self) -> Option<f64> {
        self.processor_seconds.map(|seconds| seconds / self.seconds.max(f64::EPSILON))
    }
}

/// How late deadlines were served, in seconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Lateness {
    /// Number of deadlines.
    pub count: u64,
    /// Half of them were served within.
    pub p50: f64,
    /// 99 % were served within.
    pub p99: f64,
    /// The latest.
    pub max: f64,
}

impl Lateness {
    pub(super) fn of(microseconds: &Histogram<u64>) -> Self {
        let seconds = |value: u64| value as f64 / 1e6;
        Self {
            count: microseconds.len(),
            p50: seconds(microseconds.value_at_quantile(0.5)),
            p99: seconds(microseconds.value_at_quantile(0.99)),
            max: seconds(microseconds.max()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn books_balance_only_if_every_timer_fired_or_was_cancelled_once() {
        let mut books = Books::default();
        (1..=4).for_each(|payload| books.arm(payload));
        books.cancel(1, true);
        books.fire(2);
        assert!(books.balance([3, 4].into_iter(), 2));
        assert!(!books.balance([3].into_iter(), 1), "one was lost");
        assert!(!books.balance([3, 5].into_iter(), 2), "another one than was armed");
        books.fire(2);
        assert!(!books.balance([3, 4].into_iter(), 2), "one fired twice");
        assert!(!books.balance([4].into_iter(), 1), "one fired twice, one was lost");
    }
}
