//! Names of what is measured on the wall clock: durations and occurrences.
//!
//! They stand beside the figures of the scenario (`definitions`), and no two share a name, so that a
//! threshold may be about any of them.

use crate::model::event::{AgentState, Cause, Event, Status};

/// A list of measures, each declared once: its name in results and what it means.
macro_rules! measures {
    ($(#[$about:meta])* $measure:ident { $($variant:ident = $name:literal, $text:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $measure {
            $(#[doc = $text] $variant),+
        }

        impl $measure {
            /// All, in order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Its name in results.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// What it means.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text),+
                }
            }

            /// The one with this name.
            pub fn find(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|measure| measure.name() == name)
            }
        }
    };
}

measures! {
    /// What is timed, in nanoseconds of the wall clock.
    Timing {
        Admission = "admission",
            "Scheduled instant of an arrival to its conversation opened by the router.";
        AdmissionFromSent = "admission_from_sent",
            "Arrival sent to its conversation opened by the router.";
        AdmissionOneAtATime = "admission_one_at_a_time",
            "Arrival sent to opened, of those only that a tool would have sent which waits for each \
             answer: what such a tool would report.";
        DeadlineLateness = "deadline_lateness", "Unassign deadline due to handled.";
        TimerLateness = "timer_lateness", "Any other timer due to handled.";
        RouterWait = "router_wait", "Message sent to a router to handled.";
        AgentWait = "agent_wait", "Message sent to an agent to handled.";
        ConsumerWait = "consumer_wait", "Message sent to a consumer to handled.";
        RouterHandler = "router_handler", "Handling of one message or timer by a router.";
        AgentHandler = "agent_handler", "Handling of one message or timer by an agent.";
        ConsumerHandler = "consumer_handler", "Handling of one message or timer by a consumer.";
        Transfer = "shard_transfer",
            "Conversation in the queue of a skill for which its shard has nobody to taken over by a \
             shard that has somebody.";
        GeneratorLag = "generator_lag",
            "Scheduled instant of an arrival to sent: how late the load generator itself was.";
    }
}

measures! {
    /// What is counted.
    Count {
        Scheduled = "scheduled", "Arrivals of the plan whose instant came and that were sent or refused.";
        Unsent = "unsent",
            "Arrivals of the plan whose instant came and that the load generator had not sent when the \
             run ended.";
        Refused = "refused", "Arrivals refused because too much was waiting.";
        Late = "late", "Arrivals sent too late by the load generator.";
        ArrivalsOpened = "arrivals_opened", "Arrivals of the plan whose conversation was opened.";
        Opened = "opened",
            "Conversations opened, also by who comes again or writes after the end of the last.";
        Closed = "closed", "Conversations over.";
        Answered = "replies", "Replies delivered.";
        Abandoned = "patience_ended", "Consumers whose patience ended.";
        LateReplies = "late_replies",
            "Replies that crossed the removal of their conversation on the way: not delivered.";
        Unassigned = "unassigned", "Automatic unassignments.";
        Removed = "removed", "Ownership removals.";
        LoggedOut = "logouts", "Logouts of agents.";
        Transferred = "shard_transfers",
            "Conversations taken over by a shard that has somebody for their skill.";
        Replaced = "actors_replaced", "Actors that had died and were replaced.";
        Lost = "messages_lost", "Messages lost with the actors that they were for.";
        Stopped = "shards_stopped", "Shards whose threads stopped and that went on on others.";
        Messages = "messages_handled",
            "Messages handled by all actors, which is the sum of the column of that name.";
        Armed = "armed", "Timers armed.";
        Cancelled = "cancelled", "Timers cancelled.";
        Fired = "fired", "Timers fired.";
    }
}

impl Count {
    /// What a fact counts as, if anything.
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Opened { .. } => Some(Self::Opened),
            Event::AgentState { state: AgentState::Offline, .. } => Some(Self::LoggedOut),
            Event::Answered { .. } => Some(Self::Answered),
            Event::LateReply { .. } => Some(Self::LateReplies),
            Event::Abandoned { .. } => Some(Self::Abandoned),
            Event::Change(change) => match change.cause {
                Cause::AutoUnassigned { .. } => Some(Self::Unassigned),
                Cause::OwnerLoggedOut
                | Cause::InboundWhileOffline
                | Cause::BoomerangWhileOffline => Some(Self::Removed),
                _ => (change.status == Status::Resolved).then_some(Self::Closed),
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ledger::definitions::FIGURES;

    #[test]
    fn no_two_names_are_the_same() {
        let names = Timing::ALL.map(Timing::name).into_iter().chain(Count::ALL.map(Count::name));
        let names = Vec::from_iter(names.chain(FIGURES.iter().map(|figure| figure.name)));
        let distinct: BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert_eq!(Timing::find("generator_lag"), Some(Timing::GeneratorLag));
        assert_eq!(Count::find("generator_lag"), None);
    }
}
