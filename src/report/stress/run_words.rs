//! What is counted and timed of a run, and small things in words: shared by summary and page.

use crate::scenario::stress::FaultStep;
use crate::stress::{Count, Timing};

/// A fault in a few words.
pub(super) fn label(step: &FaultStep) -> String {
    let over = if step.over.is_zero() { String::new() } else { format!(", {}", step.over) };
    let of = step.fault.of().map(|of| format!(" of {of}")).unwrap_or_default();
    format!("{}{of} at {}{over}", step.fault.name(), step.at)
}

/// What is counted, for people.
pub(super) const LOAD: [(&str, Count); 12] = [
    ("arrivals scheduled", Count::Scheduled),
    ("arrivals refused", Count::Refused),
    ("conversations opened", Count::Opened),
    ("conversations over", Count::Closed),
    ("replies", Count::Answered),
    ("messages handled", Count::Messages),
    ("timers armed", Count::Armed),
    ("timers cancelled", Count::Cancelled),
    ("timers fired", Count::Fired),
    ("automatic unassignments", Count::Unassigned),
    ("ownership removals", Count::Removed),
    ("transfers between shards", Count::Transferred),
];

/// What is timed, for people; what is indented is a part of what stands before.
pub(super) const TIMINGS: [(&str, Timing); 13] = [
    ("scheduled to opened", Timing::Admission),
    ("  sent to opened", Timing::AdmissionFromSent),
    ("  sent one at a time", Timing::AdmissionOneAtATime),
    ("deadline to handled", Timing::DeadlineLateness),
    ("other timer to handled", Timing::TimerLateness),
    ("wait for the router", Timing::RouterWait),
    ("wait for an agent", Timing::AgentWait),
    ("wait for a consumer", Timing::ConsumerWait),
    ("a router's turn", Timing::RouterHandler),
    ("an agent's turn", Timing::AgentHandler),
    ("a consumer's turn", Timing::ConsumerHandler),
    ("transfer between shards", Timing::Transfer),
    ("lag of the generator", Timing::GeneratorLag),
];

/// Up to the rare long ones.
pub(super) const QUANTILES: [f64; 4] = [0.5, 0.9, 0.99, 0.999];
