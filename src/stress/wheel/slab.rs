//! Where timers are kept: in one vector, free places linked to each other.

use std::num::NonZeroU32;

/// No timer: the end of a list.
pub(super) const NONE: u32 = u32::MAX;

/// Names a timer once and for all: after it has fired or was cancelled, the handle names nothing,
/// unless its place has been taken exactly 2³² − 1 times since. An `Option` of it takes 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimerHandle {
    index: u32,
    generation: NonZeroU32,
}

impl TimerHandle {
    pub(super) fn index(self) -> u32 {
        self.index
    }
}

#[derive(Debug)]
pub(super) struct Slab<T> {
    places: Vec<SlabPlace<T>>,
    free: u32,
    live: usize,
}

/// Kept small: its size is what a timer costs.
#[derive(Debug)]
enum SlabPlace<T> {
    Free { generation: NonZeroU32, next: u32 },
    Live { list: u16, generation: NonZeroU32, due: u64, payload: T, links: Links },
}

/// Neighbours in a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Links {
    pub(super) previous: u32,
    pub(super) next: u32,
}

impl<T> Slab<T> {
    pub(super) fn with_capacity(timers: usize) -> Self {
        Self { places: Vec::with_capacity(timers), free: NONE, live: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.live
    }

    pub(super) fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<SlabPlace<T>>()
    }

    /// All timers, in no order of theirs.
    pub(super) fn live(&self) -> impl Iterator<Item = (TimerHandle, &T)> {
        (0..).zip(&self.places).filter_map(|(index, place)| match place {
            SlabPlace::Live { generation, payload, .. } => {
                Some((TimerHandle { index, generation: *generation }, payload))
            }
            SlabPlace::Free { .. } => None,
        })
    }

    /// Takes a place; it is in no list yet.
    pub(super) fn insert(&mut self, due: u64, payload: T) -> TimerHandle {
        let index = if self.free == NONE { self.grow() } else { self.free };
        let place = &mut self.places[index as usize];
        let &mut SlabPlace::Free { generation, next } = place else {
            unreachable!("what is on the list of free places is free")
        };
        let links = Links { previous: NONE, next: NONE };
        *place = SlabPlace::Live { list: 0, generation, due, payload, links };
        self.free = next;
        self.live += 1;
        TimerHandle { index, generation }
    }

    /// Frees a place that is in no list any more.
    pub(super) fn remove(&mut self, index: u32) -> (u64, T) {
        let place = &mut self.places[index as usize];
        let SlabPlace::Live { generation, .. } = place else { unreachable!("{NOT_LIVE}") };
        let generation = generation.checked_add(1).unwrap_or(NonZeroU32::MIN);
        let free = SlabPlace::Free { generation, next: self.free };
        let SlabPlace::Live { due, payload, .. } = std::mem::replace(place, free) else {
            unreachable!("{NOT_LIVE}")
        };
        self.free = index;
        self.live -= 1;
        (due, payload)
    }

    /// The list of a live timer.
    pub(super) fn list_of(&self, handle: TimerHandle) -> Option<u16> {
        match self.places.get(handle.index as usize)? {
            SlabPlace::Live { list, generation, .. } if *generation == handle.generation => {
                Some(*list)
            }
            _ => None,
        }
    }

    pub(super) fn due(&self, index: u32) -> u64 {
        match &self.places[index as usize] {
            SlabPlace::Live { due, .. } => *due,
            SlabPlace::Free { .. } => unreachable!("{NOT_LIVE}"),
        }
    }

    pub(super) fn previous(&self, index: u32) -> Option<u32> {
        match &self.places[index as usize] {
            SlabPlace::Live { links, .. } => (links.previous != NONE).then_some(links.previous),
            SlabPlace::Free { .. } => unreachable!("{NOT_LIVE}"),
        }
    }

    pub(super) fn links(&mut self, index: u32) -> &mut Links {
        match &mut self.places[index as usize] {
            SlabPlace::Live { links, .. } => links,
            SlabPlace::Free { .. } => unreachable!("{NOT_LIVE}"),
        }
    }

    /// Says in which list a timer is, and between which others.
    pub(super) fn place(&mut self, index: u32, list_now: u16, previous: u32, next: u32) {
        match &mut self.places[index as usize] {
            SlabPlace::Live { list, links, .. } => {
                (*list, *links) = (list_now, Links { previous, next });
            }
            SlabPlace::Free { .. } => unreachable!("{NOT_LIVE}"),
        }
    }

    /// One more place. Room grows by an eighth, not by doubling: it is the price of every timer.
    fn grow(&mut self) -> u32 {
        let length = self.places.len();
        assert!(length < NONE as usize, "no more than 2^32 - 1 timers");
        if length == self.places.capacity() {
            self.places.reserve_exact(length / 8 + 64);
        }
        self.places.push(SlabPlace::Free { generation: NonZeroU32::MIN, next: NONE });
        length as u32
    }
}

const NOT_LIVE: &str = "only live timers are in a list";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_with_a_payload_of_eight_bytes_takes_32_bytes() {
        assert_eq!(size_of::<SlabPlace<u64>>(), 32);
        assert_eq!(size_of::<Option<TimerHandle>>(), 8);
    }
}
