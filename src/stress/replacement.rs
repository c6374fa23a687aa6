//! Who takes the place of an actor that has died.

use crate::model::agent::Agent;
use crate::model::consumer::Consumer;

/// Who takes the place of an actor that has died.
pub(super) enum Replacement {
    /// An agent who knows nothing.
    Agent(Agent),
    /// A consumer who remembers what the other did.
    Consumer(Consumer),
}
