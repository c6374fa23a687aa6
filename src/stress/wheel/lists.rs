//! The slots of all levels: a doubly linked list of timers each, and which of them are in use.

use super::slab::{NONE, Slab};

/// Slots of a level.
pub(super) const SLOTS: u64 = 256;

/// The highest level; its slots cover every tick there is.
pub(super) const TOP: u32 = 7;

const LISTS: usize = SLOTS as usize * (TOP as usize + 1);

/// The lists, level by level.
#[derive(Debug)]
pub(super) struct Lists {
    ends: Box<[Ends]>,
    /// One bit for each list: whether it holds timers.
    used: [u64; LISTS / 64],
}

#[derive(Clone, Copy, Debug)]
struct Ends {
    first: u32,
    last: u32,
}

const EMPTY: Ends = Ends { first: NONE, last: NONE };

impl Lists {
    pub(super) fn new() -> Self {
        Self { ends: vec![EMPTY; LISTS].into(), used: [0; LISTS / 64] }
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
            self.used[usize::from(list / 64)] &= !(1 << (list % 64));
        }
    }

    /// Empties a list; gives its last timer, from which the others are reached.
    pub(super) fn take(&mut self, list: u16) -> Option<u32> {
        let ends = std::mem::replace(&mut self.ends[usize::from(list)], EMPTY);
        self.used[usize::from(list / 64)] &= !(1 << (list % 64));
        (ends.last != NONE).then_some(ends.last)
    }

    /// How many slots further the next one with timers is, going round from slot `from`.
    pub(super) fn next_used(&self, level: u32, from: u8) -> Option<u64> {
        const WORDS: usize = SLOTS as usize / 64;
        let words = &self.used[level as usize * WORDS..][..WORDS];
        let (word, bit) = (usize::from(from / 64), from % 64);
        let ahead = words[word] >> bit;
        if ahead != 0 {
            return Some(u64::from(ahead.trailing_zeros()));
        }
        // The first word comes again at the end: what is left of it lies before `from`.
        (1..=WORDS).find_map(|step| {
            let next = words[(word + step) % WORDS];
            let distance = step as u64 * 64 - u64::from(bit);
            (next != 0).then(|| distance + u64::from(next.trailing_zeros()))
        })
    }

    fn mark(&mut self, list: u16) {
        self.used[usize::from(list / 64)] |= 1 << (list % 64);
    }
}
