//! The order of timers at one instant.

use super::message::{AgentTimer, ConsumerTimer, RouterTimer, Timer};

/// The order of events at one instant (semantics: *Order at one instant*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// Agents' replies.
    Reply = 0,
    /// Other acts of agents, consumers and the shift plan.
    Act = 1,
    /// Service of the queue.
    Service = 2,
    /// End of patience.
    Patience = 3,
    /// Boomerang.
    Boomerang = 4,
    /// End of a manual SLA.
    ManualSla = 5,
    /// Ownership removal.
    OwnershipRemoval = 6,
    /// Unassign deadline.
    Unassign = 7,
    /// Auto-close.
    AutoClose = 8,
}

impl Timer {
    /// The timer's place in the order at one instant.
    pub fn class(&self) -> Class {
        match self {
            Self::Router(timer) => timer.class(),
            Self::Agent(_, AgentTimer::Done { reply: true, .. }) => Class::Reply,
            Self::Consumer(_, ConsumerTimer::PatienceEnds(_)) => Class::Patience,
            Self::Agent(..) | Self::Consumer(..) | Self::Visit(..) => Class::Act,
        }
    }
}

impl RouterTimer {
    fn class(&self) -> Class {
        match self {
            Self::Serve | Self::Readmit { .. } | Self::Inactive { .. } | Self::FallBack { .. } => {
                Class::Service
            }
            Self::Boomerang { .. } => Class::Boomerang,
            Self::ManualSlaEnds { .. } => Class::ManualSla,
            Self::RemoveOwnership { .. } => Class::OwnershipRemoval,
            Self::Unassign { .. } => Class::Unassign,
            Self::Close { .. } => Class::AutoClose,
        }
    }
}
