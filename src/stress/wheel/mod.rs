//! A hierarchical timing wheel: arming and cancelling a timer costs the same however many are live.
//!
//! Time is a number of ticks; what a tick lasts is the caller's business. A timer waits on one of
//! ten levels of 1024 slots, by how far away it is when armed. On level 0 a slot is a tick wide, on
//! each further level 64 times as wide as on the one below. When time reaches the start of a slot,
//! its timers move down (G. Varghese, T. Lauck, *Hashed and hierarchical timing wheels*, 1987,
//! scheme 6).
//!
//! Two things keep short what is moved at once. A timer goes by its distance, not by the highest
//! digit in which now and due differ: timers that last equally long are then spread over slots
//! wherever now is. And levels overlap: a timer goes up a level only if 16 slots there lie before
//! it, so that no more than a sixteenth of timers that last equally long share a slot.
//!
//! Timers fire in the order of (tick, arming), and no sequence number needs to be kept. Of two
//! timers for one tick the one on the higher level was armed first: it was further away. It stays
//! so, because timers move down to the highest level on which the slot of their tick has not
//! started yet, in front of those already there, and from lower levels first.

mod lists;
mod slab;
mod timing_wheel;

pub use self::slab::TimerHandle;
pub use self::timing_wheel::Wheel;
