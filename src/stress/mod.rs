//! Wall clock: the actors of the model at machine speed, with real mailboxes and timers.

pub mod wheel;
