//! A binary heap. A cancelled timer stays in it until it comes up, or until half of the heap is of
//! that kind and it is built anew.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use actix::Context;

use crate::base::time::Time;
use crate::stress::clock::RunClock;

use super::timer_engine::{TimerEngine, TimerOwner};

pub(crate) struct HeapTimers {
    heap: BinaryHeap<Reverse<HeapEntry>>,
    /// The sequence number of the timer that lives in a place; 0 if none does.
    places: Vec<u64>,
    free: Vec<u32>,
    sequence: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct HeapEntry {
    due: Time,
    sequence: u64,
    payload: u64,
    place: u32,
}

#[derive(Clone, Copy)]
pub(crate) struct HeapHandle {
    sequence: u64,
    place: u32,
}

impl TimerEngine for HeapTimers {
    type Handle = HeapHandle;

    const ASKED: bool = true;

    fn with_capacity(live: usize, _: RunClock) -> Self {
        let heap = BinaryHeap::with_capacity(live);
        Self { heap, places: Vec::with_capacity(live), free: Vec::new(), sequence: 0 }
    }

    fn arm<A: TimerOwner>(&mut self, due: Time, payload: u64, _: &mut Context<A>) -> HeapHandle {
        self.sequence += 1;
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push(0);
            self.places.len() as u32 - 1
        });
        let sequence = self.sequence;
        self.places[place as usize] = sequence;
        self.heap.push(Reverse(HeapEntry { due, sequence, payload, place }));
        HeapHandle { sequence, place }
    }

    fn cancel<A: TimerOwner>(&mut self, handle: HeapHandle, _: &mut Context<A>) -> bool {
        let found = self.places[handle.place as usize] == handle.sequence;
        if found {
            self.release(handle.place);
        }
        if self.heap.len() > 2 * self.len() + SMALL {
            let places = &self.places;
            self.heap.retain(|Reverse(entry)| places[entry.place as usize] == entry.sequence);
        }
        found
    }

    fn pop(&mut self, now: Time) -> Option<u64> {
        while self.heap.peek()?.0.due <= now {
            let Reverse(entry) = self.heap.pop()?;
            if self.places[entry.place as usize] == entry.sequence {
                self.release(entry.place);
                return Some(entry.payload);
            }
        }
        None
    }

    fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    fn bytes(&self) -> Option<usize> {
        let entries = self.heap.capacity() * size_of::<HeapEntry>();
        Some(entries + self.places.capacity() * size_of::<u64>() + self.free.capacity() * 4)
    }
}

impl HeapTimers {
    fn release(&mut self, place: u32) {
        self.places[place as usize] = 0;
        self.free.push(place);
    }
}

/// A heap of this size is not worth building anew.
const SMALL: usize = 64;
