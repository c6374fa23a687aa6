//! The wheel itself.

use super::lists::{LEVELS, Lists, SLOTS};
use super::slab::{Slab, TimerHandle};

/// Timers with a payload each. A timer with a payload of 8 bytes takes 32 bytes.
///
/// ```
/// use shiftstorm::stress::wheel::Wheel;
///
/// let mut wheel = Wheel::new();
/// let first = wheel.arm(60_000, "unassign");
/// wheel.arm(30_000, "patience");
/// assert_eq!(wheel.cancel(first), Some("unassign"));
/// assert_eq!(wheel.cancel(first), None);
/// assert_eq!(wheel.pop(29_999), None);
/// assert_eq!(wheel.pop(30_004), Some((30_000, "patience")));
/// ```
#[derive(Debug)]
pub struct Wheel<T> {
    now: u64,
    /// Nothing happens before this tick: no timer is due and no slot starts.
    quiet_until: u64,
    slab: Slab<T>,
    lists: Lists,
}

impl<T> Default for Wheel<T> {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl<T> Wheel<T> {
    /// An empty wheel at tick 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty wheel at tick 0 with room for so many live timers.
    pub fn with_capacity(timers: usize) -> Self {
        let slab = Slab::with_capacity(timers);
        Self { now: 0, quiet_until: u64::MAX, slab, lists: Lists::new() }
    }

    /// The tick reached: that of the timer fired last, or up to which everything has fired.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Number of live timers.
    pub fn len(&self) -> usize {
        self.slab.len()
    }

    /// Whether no timer is live.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held on the heap, spare room for further timers included.
    pub fn bytes(&self) -> usize {
        self.slab.bytes() + self.lists.bytes()
    }

    /// Arms a timer behind those of the same tick. One that is due already fires next, behind
    /// others that are due at the tick reached.
    ///
    /// # Panics
    ///
    /// If 2³² − 1 timers are live.
    pub fn arm(&mut self, due: u64, payload: T) -> TimerHandle {
        let handle = self.slab.insert(due, payload);
        let (list, start) = self.place(due);
        self.lists.push_back(list, handle.index(), &mut self.slab);
        self.quiet_until = self.quiet_until.min(start);
        handle
    }

    /// Takes a timer back; `None` if it has fired or was cancelled before.
    pub fn cancel(&mut self, handle: TimerHandle) -> Option<T> {
        let list = self.slab.list_of(handle)?;
        self.lists.unlink(list, handle.index(), &mut self.slab);
        Some(self.slab.remove(handle.index()).1)
    }

    /// Takes back every timer that is not to be kept, and returns how many. It looks at all of them.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) -> usize {
        let live = self.slab.live();
        let void = Vec::from_iter(live.filter(|(_, payload)| !keep(payload)).map(|(of, _)| of));
        void.iter().for_each(|&handle| drop(self.cancel(handle)));
        void.len()
    }

    /// The next timer due at `now` or before, with the tick at which it was due; `None` when there
    /// is none left. Timers may be armed and cancelled between two calls. Ticks never go back: an
    /// earlier `now` stands for the tick reached.
    pub fn pop(&mut self, now: u64) -> Option<(u64, T)> {
        let now = now.max(self.now);
        while self.quiet_until <= now {
            if let Some(index) = self.lists.first(list_at(0, self.now)) {
                self.lists.unlink(list_at(0, self.now), index, &mut self.slab);
                return Some(self.slab.remove(index));
            }
            match self.next_start() {
                Some(start) if start <= now => self.enter(start),
                next => {
                    self.quiet_until = next.unwrap_or(u64::MAX);
                    break;
                }
            }
        }
        self.now = now;
        None
    }

    /// Fires what is due at `now` or before, in order.
    pub fn advance(&mut self, now: u64, mut fire: impl FnMut(u64, T)) {
        while let Some((due, payload)) = self.pop(now) {
            fire(due, payload);
        }
    }

    /// A tick before which no timer is due; then look again, since for a timer that is more than
    /// 1023 ticks away it is rounded down to the start of its slot. `None` without timers.
    pub fn next_due(&self) -> Option<u64> {
        self.next_start()
    }

    /// The tick at which the next slot with timers starts.
    fn next_start(&self) -> Option<u64> {
        let starts = (0..LEVELS).filter_map(|level| {
            // Below the top, the slot of the present tick is the one a whole turn ahead.
            let from = (self.now >> shift(level)) + u64::from(level > 0);
            let distance = self.lists.next_used(level, slot(from))?;
            Some((from + distance) << shift(level))
        });
        starts.min()
    }

    /// Moves to a tick and brings down what waited in slots that start there.
    fn enter(&mut self, tick: u64) {
        self.now = tick;
        for level in 1..LEVELS {
            if tick & ((1 << shift(level)) - 1) != 0 {
                break;
            }
            let mut rest = self.lists.take(list_at(level, tick));
            // From the last to the first, each before those that are there.
            while let Some(index) = rest {
                rest = self.slab.previous(index);
                let due = self.slab.due(index);
                // The highest level on which the slot of this tick has not started yet. What was
                // armed for it since then is there or further below.
                let below = (due - tick).checked_ilog2().unwrap_or(0) / WIDER;
                self.lists.push_front(list_at(below, due), index, &mut self.slab);
            }
        }
    }

    /// The list in which a timer waits, and the tick at which that slot starts.
    fn place(&self, due: u64) -> (u16, u64) {
        let due = due.max(self.now);
        let level = match due - self.now {
            ..SLOTS => 0,
            distance => (distance.ilog2() - SLOTS.ilog2()) / WIDER + 1,
        };
        (list_at(level, due), due >> shift(level) << shift(level))
    }
}

/// Binary digits of a tick below those that choose a slot of the level.
fn shift(level: u32) -> u32 {
    level * WIDER
}

fn slot(number: u64) -> u16 {
    (number % SLOTS) as u16
}

/// The list of the slot of a level into which a tick falls.
fn list_at(level: u32, tick: u64) -> u16 {
    level as u16 * SLOTS as u16 + slot(tick >> shift(level))
}

/// By how many binary digits the slots of a level are wider than those below.
const WIDER: u32 = 6;
