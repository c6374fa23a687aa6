//! The capacity search: the highest rate of arrivals that is held.
//!
//! Trials at twice the pace until one does not hold, then between the two until they are close, then
//! three trials at what held to confirm it, and up to three at what did not. A disturbance of the
//! machine can make a trial fail that would have held, but hardly the other way round; so a trial that
//! fails is repeated, and a pace counts as not held after two failures. An invalid trial says nothing
//! of the system; only if trial after trial is invalid is the pace more than the generator can send.
//! A trial in which a threshold found too little to measure says that more load is needed: the search
//! goes up, and such a pace never counts as held.
//!
//! Near its limit a system holds in one trial and not in the next. If two of three confirmations come
//! out otherwise, they count, and the search goes on between what is known of other paces: one lucky
//! trial does not carry it away. If the bare wheel of the machine swings from one confirmation to the
//! next, what was found is the machine's, and no capacity is told.

mod bare_wheel;
mod capacity_trials;
mod rate_search;
mod trial_runner;
mod yardstick;

pub use self::bare_wheel::bare_wheel;
pub use self::capacity_trials::{
    Attempt, CapacityBound, CapacitySearch, CapacityTrial, FoundCapacity, SearchEnding,
    TrialOutcome, TrialPhase,
};
pub use self::rate_search::search;
pub use self::trial_runner::{TrialResult, TrialRunner, defaults};
pub use self::yardstick::{SWING_ALLOWED, Yardstick, swing};

#[cfg(test)]
mod tests;
