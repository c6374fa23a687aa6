//! The timing wheel against its exact twin, an ordered map: the same timers at the same ticks in
//! the same order, none lost, none twice.
//!
//! `WHEEL_OPERATIONS=1000000000 cargo test --release --test work wheel::` goes on for longer.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand_pcg::Pcg64Mcg;
use shiftstorm::stress::wheel::{TimerHandle, Wheel};

proptest! {
    #[test]
    fn any_operations_have_the_same_effect_on_wheel_and_map(
        operations in prop::collection::vec(operation(), 1..400)
    ) {
        let mut pair = Pair::default();
        for operation in operations {
            pair.apply(operation);
        }
        pair.drain();
    }
}

#[test]
fn a_long_seeded_run_loses_nothing_and_fires_nothing_twice() {
    let operations: u64 = match std::env::var("WHEEL_OPERATIONS") {
        Ok(text) => text.parse().expect("WHEEL_OPERATIONS is a number"),
        Err(_) => 1_000_000,
    };
    let mut counts = Counts::default();
    let each = (operations / 20).clamp(1, 1_000_000);
    for (seed, done) in (0..operations).step_by(each as usize).enumerate() {
        counts += round(seed as u64, each.min(operations - done));
    }
    println!("{counts:?}");
    let Counts { armed, cancelled, fired, refused, .. } = counts;
    assert_eq!(armed, cancelled + fired, "a timer was lost or fired twice");
    assert!(cancelled > operations / 10 && fired > operations / 100 && refused > 0, "{counts:?}");
}

#[test]
fn fifty_thousand_timers_due_at_once_fire_in_the_order_of_arming() {
    // From further than 65,536 ticks and from nearer they wait on different levels, and at this
    // tick slots start on both.
    let due = 17 * 4096;
    let mut wheel = Wheel::new();
    for number in 0..50_000_u64 {
        wheel.pop(number);
        wheel.arm(due, number);
    }
    let mut fired = Vec::new();
    wheel.advance(due - 1, |_, number| fired.push(number));
    assert!(fired.is_empty());
    wheel.advance(due, |_, number| fired.push(number));
    assert_eq!(fired, Vec::from_iter(0..50_000));
}

#[test]
fn what_is_armed_late_fires_behind_what_is_due_now() {
    let mut wheel = Wheel::new();
    wheel.arm(10, "first");
    wheel.arm(11, "third");
    assert_eq!(wheel.pop(20), Some((10, "first")));
    wheel.arm(3, "second");
    assert_eq!(wheel.pop(5), Some((3, "second")), "an earlier tick stands for the one reached");
    assert_eq!(wheel.pop(20), Some((11, "third")));
}

#[test]
fn a_timer_can_be_cancelled_by_another_of_the_same_tick() {
    let mut wheel = Wheel::new();
    wheel.arm(300, 1);
    let second = wheel.arm(300, 2);
    assert_eq!(wheel.pop(300), Some((300, 1)));
    assert_eq!(wheel.cancel(second), Some(2));
    assert_eq!(wheel.pop(300), None);
    assert!(wheel.is_empty());
}

#[test]
fn the_place_of_a_timer_is_used_again_but_its_handle_is_not() {
    let mut wheel = Wheel::new();
    let first = wheel.arm(1, 'a');
    assert_eq!(wheel.pop(1), Some((1, 'a')));
    let second = wheel.arm(2, 'b');
    assert_eq!(wheel.cancel(first), None);
    assert_eq!(wheel.cancel(second), Some('b'));
}

#[test]
fn a_million_timers_take_32_bytes_each_and_at_most_an_eighth_of_room_to_grow() {
    let (live, mut grown) = (1_000_000, Wheel::new());
    for number in 0..live {
        grown.arm(number, number);
    }
    let empty = Wheel::<u64>::new().bytes();
    assert!(empty <= 80 * 1024, "{empty}");
    assert_eq!(Wheel::<u64>::with_capacity(live as usize).bytes() - empty, 32 * live as usize);
    assert!(grown.bytes() - empty <= 36 * live as usize + 64 * 32, "{}", grown.bytes());
}

/// A round of its own size and mix: few timers or many, close together or far apart.
fn round(seed: u64, operations: u64) -> Counts {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let live = 1 << random.random_range(0..18);
    let reach = random.random_range(1..40);
    let mut pair = Pair::default();
    // A tick at or soon after which slots start on several levels, armed for from far and then from
    // near.
    let mut appointment = 0;
    for _ in 0..operations {
        if appointment <= pair.twin.now {
            let start = (pair.twin.now | ((1 << random.random_range(0..reach)) - 1)) + 1;
            appointment = start + (1 << random.random_range(0..reach)) - 1;
        }
        let far = random.next_u64() >> (63 - random.random_range(0..reach));
        let operation = match random.random_range(0..16) {
            0 => Operation::Advance(far >> random.random_range(0..reach)),
            1 => Operation::Look,
            2..9 if pair.handles.len() < live => Operation::Arm(pair.twin.now.saturating_add(far)),
            3 => Operation::Arm(far),
            9 | 10 => Operation::Arm(appointment),
            _ => Operation::Cancel(random.random()),
        };
        pair.apply(operation);
    }
    pair.drain();
    pair.counts
}

fn operation() -> impl Strategy<Value = Operation> {
    let tick = || {
        let around =
            (0_u32..64, 0_u64..4).prop_map(|(bit, less)| (1_u64 << bit).wrapping_sub(less));
        prop_oneof![0_u64..600, around, any::<u64>()]
    };
    prop_oneof![
        5 => tick().prop_map(Operation::Arm),
        3 => any::<u32>().prop_map(Operation::Cancel),
        2 => (0_u64..70_000).prop_map(Operation::Advance),
        1 => (0_u32..60).prop_map(|bit| Operation::Advance(1 << bit)),
        2 => Just(Operation::Look),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    /// Arm for a tick, past or future.
    Arm(u64),
    /// Cancel one of the handles given out, perhaps of a timer that has fired.
    Cancel(u32),
    /// Let so many ticks pass.
    Advance(u64),
    /// Let time pass until the next timer may be due, and fire at most one.
    Look,
}

#[derive(Debug, Default)]
struct Counts {
    armed: u64,
    cancelled: u64,
    refused: u64,
    fired: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.armed += other.armed;
        self.cancelled += other.cancelled;
        self.refused += other.refused;
        self.fired += other.fired;
    }
}

/// The wheel and its twin, which get the same operations.
#[derive(Default)]
struct Pair {
    wheel: Wheel<u64>,
    twin: Twin,
    handles: Vec<(TimerHandle, (u64, u64))>,
    counts: Counts,
}

impl Pair {
    fn apply(&mut self, operation: Operation) {
        match operation {
            Operation::Arm(due) => {
                let key = self.twin.arm(due);
                self.handles.push((self.wheel.arm(due, key.1), key));
                self.counts.armed += 1;
            }
            Operation::Cancel(_) if self.handles.is_empty() => {}
            Operation::Cancel(which) => {
                let which = which as usize % self.handles.len();
                let (handle, key) = self.handles.swap_remove(which);
                let cancelled = self.wheel.cancel(handle);
                assert_eq!(cancelled, self.twin.timers.remove(&key).map(|_| key.1));
                assert_eq!(self.wheel.cancel(handle), None);
                let count = &mut self.counts;
                *if cancelled.is_some() { &mut count.cancelled } else { &mut count.refused } += 1;
            }
            Operation::Advance(ticks) => {
                let now = self.twin.now.saturating_add(ticks);
                while self.pop(now) {}
            }
            Operation::Look => {
                let due = self.twin.timers.first_key_value().map(|(&(tick, _), _)| tick);
                let bound = self.wheel.next_due();
                assert_eq!(bound.is_some(), due.is_some());
                if let (Some(bound), Some(due)) = (bound, due) {
                    assert!(self.twin.now <= bound && bound <= due, "{bound} is after {due}");
                    assert!(bound == due || due - self.twin.now >= 1024 || bound & 0x3f == 0);
                    self.pop(bound);
                }
            }
        }
        assert_eq!(self.wheel.len(), self.twin.timers.len());
        assert_eq!(self.wheel.now(), self.twin.now);
    }

    fn pop(&mut self, now: u64) -> bool {
        let fired = self.wheel.pop(now);
        assert_eq!(fired, self.twin.pop(now));
        self.counts.fired += u64::from(fired.is_some());
        fired.is_some()
    }

    fn drain(&mut self) {
        while self.pop(u64::MAX) {}
        assert!(self.wheel.is_empty() && self.twin.timers.is_empty());
        assert_eq!(self.wheel.next_due(), None);
    }
}

/// What a wheel is to do, in so many words.
#[derive(Default)]
struct Twin {
    now: u64,
    sequence: u64,
    /// When each was due, by tick and order of arming.
    timers: BTreeMap<(u64, u64), u64>,
}

impl Twin {
    fn arm(&mut self, due: u64) -> (u64, u64) {
        self.sequence += 1;
        let key = (due.max(self.now), self.sequence);
        self.timers.insert(key, due);
        key
    }

    fn pop(&mut self, now: u64) -> Option<(u64, u64)> {
        let now = now.max(self.now);
        let next = self.timers.first_entry().filter(|next| next.key().0 <= now);
        let Some(next) = next else {
            self.now = now;
            return None;
        };
        let ((tick, sequence), due) = next.remove_entry();
        self.now = tick;
        Some((due, sequence))
    }
}
