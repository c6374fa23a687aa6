//! The slots of all levels: a doubly linked list of timers each, and which of them are in use.

use super::slab::{NONE, Slab};

/// Slots of a level.
pub(super) const SLOTS: u64 = 1024;

/// Levels: as many as it takes for the slots of the highest to cover every tick there is.
pub(super) const LEVELS: u32 = 10;

const WORDS: usize = SLOTS as usize / 64;
const LISTS: usize = SLOTS as usize * LEVELS as usize;

/// The lists, level by level.
#[derive(Debug)]
pub(super) struct Lists {
    ends: Box<[Ends]>,
    /// One bit for each list: whether it holds timers.
    used: [WheelLevel; LEVELS as usize],
}

/// Which slots of a level are in use: a bit each, and a bit for each word with a bit.
#[derive(Clone, Copy, Debug)]
struct WheelLevel {
    words: [u64; WORDS],
    any: u16,
}

#[derive(Clone, Copy, Debug)]
struct Ends {
    first: u32,
    last: u32,
}

const EMPTY: Ends = Ends { first: NONE, last: NONE };

impl Lists {
    pub(super) fn new() -> Self {
        Self {
            ends: vec![EMPTY; LISTS].into(),
            used: [WheelLevel { words: [0; WORDS], any: 0 }; LEVELS as usize],
        }
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.ends)
    }

    pub(super) fn first(&self, list: u16) -> Option<u32> {
        let first = self.ends[usize::from(list)].first;
        (first != NONE).then_some(first)
    }

    pub(super) fn push_back<T>(&mut self, list: u16, index: u32, slab: &mut Slab<T>) {
        let ends = &mut self.ends[usize::from(list)];
        slab.place(index, list, ends.last, NONE);
        match ends.last {
            NONE => ends.first = index,
            last => slab.links(last).next = index,
        }
        ends.last = index;
        self.mark(list);
    }

    pub(super) fn push_front<T>(&mut self, list: u16, index: u32, slab: &mut Slab<T>) {
        let ends = &mut self.ends[usize::from(list)];
        slab.place(index, list, NONE, ends.first);
        match ends.first {
            NONE => ends.last = index,
            first => slab.links(first).previous = index,
        }
        ends.first = index;
        self.mark(list);
    }

    pub(super) fn unlink<T>(&mut self, list: u16, index: u32, slab: &mut Slab<T>) {
        let ends = &mut self.ends[usize::from(list)];
        let links = *slab.links(index);
        match links.previous {
            NONE => ends.first = links.next,
            previous => slab.links(previous).next = links.next,
        }
        match links.next {
            NONE => ends.last = links.previous,
            next => slab.links(next).previous = links.previous,
        }
        if ends.first == NONE {
            self.unmark(list);
        }
    }

    /// Empties a list; gives its last timer, from which the others are reached.
    pub(super) fn take(&mut self, list: u16) -> Option<u32> {
        let ends = std::mem::replace(&mut self.ends[usize::from(list)], EMPTY);
        self.unmark(list);
        (ends.last != NONE).then_some(ends.last)
    }

    /// How many slots further the next one with timers is, going round from slot `from`.
    pub(super) fn next_used(&self, level: u32, from: u16) -> Option<u64> {
        let WheelLevel { words, any } = &self.used[level as usize];
        let (word, bit) = (from / 64, u32::from(from % 64));
        let ahead = words[usize::from(word)] >> bit;
        if ahead != 0 {
            return Some(u64::from(ahead.trailing_zeros()));
        }
        // Going round, the first word comes again at the end: the rest of it lies before `from`.
        let others = any.rotate_right(u32::from(word) + 1);
        if others == 0 {
            return None;
        }
        let steps = others.trailing_zeros() + 1;
        let next = words[(usize::from(word) + steps as usize) % WORDS];
        Some(u64::from(steps * 64 - bit + next.trailing_zeros()))
    }

    fn mark(&mut self, list: u16) {
        let (level, word, bit) = position(list);
        let level = &mut self.used[level];
        level.words[word] |= 1 << bit;
        level.any |= 1 << word;
    }

    fn unmark(&mut self, list: u16) {
        let (level, word, bit) = position(list);
        let level = &mut self.used[level];
        level.words[word] &= !(1 << bit);
        if level.words[word] == 0 {
            level.any &= !(1 << word);
        }
    }
}

/// The level of a list, its word there, and its bit in it.
fn position(list: u16) -> (usize, usize, u32) {
    let list = usize::from(list);
    let slot = list % SLOTS as usize;
    (list / SLOTS as usize, slot / 64, (slot % 64) as u32)
}
