//! Live things in slots that are used again, each under a key that is void once it has ended.

use super::ids::ConversationKey;

/// What belongs to the live conversations, by slot.
#[derive(Debug)]
pub struct Slots<T> {
    slots: Vec<Slot<T>>,
    /// Free slots; the one that was freed last is used first.
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    item: Option<T>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slots<T> {
    /// Gives what `make` makes of its key a slot.
    pub fn insert(&mut self, make: impl FnOnce(ConversationKey) -> T) -> ConversationKey {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, item: None });
            (self.slots.len() - 1) as u32
        });
        let place = &mut self.slots[slot as usize];
        let key = ConversationKey { slot, generation: place.generation };
        place.item = Some(make(key));
        key
    }

    /// What has this key, unless it has ended.
    pub fn get(&self, key: ConversationKey) -> Option<&T> {
        let place = self.slots.get(key.slot as usize)?;
        place.item.as_ref().filter(|_| place.generation == key.generation)
    }

    /// What has this key, unless it has ended.
    pub fn get_mut(&mut self, key: ConversationKey) -> Option<&mut T> {
        let place = self.slots.get_mut(key.slot as usize)?;
        place.item.as_mut().filter(|_| place.generation == key.generation)
    }

    /// Ends what has this key; the key is void from now on.
    pub fn remove(&mut self, key: ConversationKey) -> Option<T> {
        self.get(key)?;
        let place = &mut self.slots[key.slot as usize];
        place.generation = place.generation.wrapping_add(1);
        self.free.push(key.slot);
        place.item.take()
    }

    /// All that live, by slot.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.slots.iter().filter_map(|slot| slot.item.as_ref())
    }

    /// All that live, by slot.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut().filter_map(|slot| slot.item.as_mut())
    }

    /// How many are live.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether none is live.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_an_earlier_use_of_a_slot_is_void() {
        let mut slots = Slots::default();
        let first = slots.insert(|_| 'a');
        let second = slots.insert(|_| 'b');
        assert_eq!((slots.remove(first), slots.remove(first)), (Some('a'), None));
        let third = slots.insert(|key| if key.generation == 1 { 'c' } else { 'x' });
        assert_eq!((third.slot, third.generation), (first.slot, 1));
        assert_eq!(
            (slots.get(first), slots.get(second), slots.get(third)),
            (None, Some(&'b'), Some(&'c'))
        );
        assert_eq!(slots.get_mut(first), None);
        assert_eq!((slots.len(), String::from_iter(slots.iter())), (2, "cb".to_owned()));
    }
}
