//! The agenda: what is still to happen, in one order that depends on nothing but its contents.
//!
//! Entries are ordered by (time, class, rank). The rank is the sequence number of the insertion,
//! so that equals are first in, first out, unless the caller gives its own rank (unassign
//! deadlines tie by conversation, D20).
//!
//! Entries for the present instant do not go through the heap: they wait in one queue for each
//! class, which is what makes serving the queue after every act affordable. The heap holds the items
//! themselves: at 16 bytes they are as small as the key and the slot of a slab would be.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use super::time::Time;

/// An agenda of entries of type `T`.
#[derive(Debug)]
pub struct Agenda<T> {
    now: Time,
    sequence: u64,
    heap: BinaryHeap<AgendaEntry<T>>,
    present: [VecDeque<(u64, T)>; CLASSES],
    waiting: u16,
}

/// Number of classes.
pub const CLASSES: usize = 9;

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self {
            now: Time::ZERO,
            sequence: 0,
            heap: BinaryHeap::new(),
            present: std::array::from_fn(|_| VecDeque::new()),
            waiting: 0,
        }
    }
}

impl<T> Agenda<T> {
    /// An empty one whose first instant lies before the start of the run.
    pub fn beginning_at(now: Time) -> Self {
        Self { now, ..Self::default() }
    }

    /// The instant of the entry taken last.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.heap.len() + self.present.iter().map(VecDeque::len).sum::<usize>()
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty() && self.waiting == 0
    }

    /// Adds an entry behind its equals.
    pub fn push(&mut self, time: Time, class: u8, item: T) {
        self.sequence += 1;
        let rank = self.sequence;
        if time == self.now {
            self.present[usize::from(class)].push_back((rank, item));
            self.waiting |= 1 << class;
        } else {
            self.push_ranked(time, class, rank, item);
        }
    }

    /// Adds an entry with a rank of the caller's (below 2^60).
    pub fn push_ranked(&mut self, time: Time, class: u8, rank: u64, item: T) {
        assert!(time >= self.now, "time runs backwards: {time} is before {}", self.now);
        debug_assert!(usize::from(class) < CLASSES && rank < 1 << RANK_BITS);
        let order = (u64::from(class) << RANK_BITS) | rank;
        self.heap.push(AgendaEntry { time, order, item });
    }

    /// The instant of the next entry.
    pub fn next_time(&self) -> Option<Time> {
        if self.waiting != 0 { Some(self.now) } else { self.heap.peek().map(|entry| entry.time) }
    }

    /// Takes the next entry and moves on to its instant.
    pub fn pop(&mut self) -> Option<(Time, T)> {
        if self.waiting != 0 {
            let class = self.waiting.trailing_zeros();
            let queue = &mut self.present[class as usize];
            let rank = queue.front().map_or(0, |&(rank, _)| rank);
            let order = (u64::from(class) << RANK_BITS) | rank;
            let heap_first =
                self.heap.peek().is_some_and(|head| (head.time, head.order) < (self.now, order));
            if !heap_first {
                let (_, item) = queue.pop_front()?;
                if queue.is_empty() {
                    self.waiting &= !(1 << class);
                }
                return Some((self.now, item));
            }
        }
        let AgendaEntry { time, item, .. } = self.heap.pop()?;
        self.now = time;
        Some((time, item))
    }
}

/// An item and where it stands in the order.
#[derive(Clone, Copy, Debug)]
struct AgendaEntry<T> {
    time: Time,
    order: u64,
    item: T,
}

impl<T> AgendaEntry<T> {
    /// The order as one number, compared at one stroke.
    fn rank(&self) -> u128 {
        (u128::from(self.time.ordinal()) << 64) | u128::from(self.order)
    }
}

/// Reversed, because the heap keeps the greatest on top.
impl<T> Ord for AgendaEntry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.rank().cmp(&self.rank())
    }
}

/// Written out because the heap asks for these two, and they would else go through [`Ordering`].
impl<T> PartialOrd for AgendaEntry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    fn lt(&self, other: &Self) -> bool {
        other.rank() < self.rank()
    }

    fn le(&self, other: &Self) -> bool {
        other.rank() <= self.rank()
    }
}

impl<T> PartialEq for AgendaEntry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl<T> Eq for AgendaEntry<T> {}

const RANK_BITS: u32 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(agenda: &mut Agenda<char>) -> String {
        std::iter::from_fn(|| agenda.pop().map(|(_, item)| item)).collect()
    }

    #[test]
    fn by_time_then_class_then_first_in_first_out() {
        let mut agenda = Agenda::default();
        for (second, class, item) in
            [(2, 0, 'e'), (1, 7, 'd'), (1, 0, 'b'), (1, 1, 'c'), (0, 0, 'a')]
        {
            agenda.push(Time::from_secs(second), class, item);
        }
        agenda.push(Time::from_secs(2), 0, 'f');
        assert_eq!(drain(&mut agenda), "abcdef");
    }

    #[test]
    fn an_entry_for_now_takes_its_place_among_those_made_earlier() {
        let mut agenda = Agenda::default();
        let second = Time::from_secs(1);
        agenda.push(second, 1, 'a');
        agenda.push(second, 3, 'd');
        agenda.push(second, 1, 'b');
        assert_eq!(agenda.pop(), Some((second, 'a')));
        agenda.push(second, 1, 'c');
        agenda.push(second, 3, 'e');
        assert_eq!(drain(&mut agenda), "bcde");
    }

    #[test]
    fn ranks_break_ties_before_the_order_of_insertion() {
        let mut agenda = Agenda::default();
        agenda.push_ranked(Time::from_secs(1), 7, 9, 'b');
        agenda.push_ranked(Time::from_secs(1), 7, 4, 'a');
        assert_eq!(drain(&mut agenda), "ab");
    }

    #[test]
    #[should_panic(expected = "time runs backwards")]
    fn the_past_is_refused() {
        let mut agenda = Agenda::default();
        agenda.push(Time::from_secs(2), 0, 'a');
        agenda.pop();
        agenda.push(Time::from_secs(1), 0, 'b');
    }
}
