//! Every figure of a run: name, unit, definition, and where to find it.
//!
//! Reports and the data dictionary print from this table, so that no figure appears without its
//! definition. Values are those of an outcome as it is: of one replication, or of several merged
//! (counts are then sums over replications, [`FigureKind::Count`]; means and shares are weighted by what
//! they are means and shares of).

mod of_interval;
mod unit;

use super::durations::Durations;
use super::gauge::Gauge;
use super::outcome::Outcome;
use super::settings::ServiceLevelOf;

pub use self::of_interval::{OfInterval, of_interval};
pub use self::unit::{FigureKind, Unit};

/// One figure.
#[derive(Debug)]
pub struct Definition {
    /// Name in files, unique.
    pub name: &'static str,
    /// Unit of the value.
    pub unit: Unit,
    /// How it adds up.
    pub kind: FigureKind,
    /// What it means.
    pub text: &'static str,
    /// Its value; `None` when it is a share or a mean of nothing.
    pub value: fn(&Outcome) -> Option<f64>,
    /// What is divided by what, of a [`FigureKind::Ratio`].
    pub ratio: Option<fn(&Outcome) -> Parts>,
}

/// A part and the whole that it is a share or a mean of. Both add up over replications.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Above the line.
    pub part: f64,
    /// Below it.
    pub whole: f64,
}

impl Definition {
    /// The figure as a part of a whole: what is divided by what, or the value over 1.
    pub fn parts(&self, outcome: &Outcome) -> Option<Parts> {
        match self.ratio {
            Some(ratio) => Some(ratio(outcome)),
            None => (self.value)(outcome).map(|value| Parts { part: value, whole: 1.0 }),
        }
    }
}

impl Parts {
    /// The share or mean; `None` over nothing.
    pub fn quotient(self) -> Option<f64> {
        (self.whole > 0.0).then(|| self.part / self.whole)
    }
}

/// The figure of this name.
pub fn find(name: &str) -> Option<&'static Definition> {
    position(name).map(|position| &FIGURES[position])
}

/// Its position among all figures.
pub fn position(name: &str) -> Option<usize> {
    FIGURES.iter().position(|figure| figure.name == name)
}

/// The figure whose expected value is known.
pub const ARRIVALS: &str = "arrivals";

/// A definition a line.
macro_rules! figures {
    ($($kind:ident $unit:ident $name:literal = $value:expr, $text:literal;)+) => {
        &[$(Definition {
            name: $name,
            unit: Unit::$unit,
            kind: FigureKind::$kind,
            text: $text,
            value: figures!(@value $kind $value),
            ratio: figures!(@ratio $kind $value),
        }),+]
    };
    (@value Ratio $parts:expr) => {
        |outcome| {
            let parts: fn(&Outcome) -> Parts = $parts;
            parts(outcome).quotient()
        }
    };
    (@value $kind:ident $value:expr) => { $value };
    (@ratio Ratio $parts:expr) => { Some($parts) };
    (@ratio $kind:ident $value:expr) => { None };
}

/// All figures of a run, in the order of a report.
pub static FIGURES: &[Definition] = figures! {
    Count Conversations "offered" = |o| count(o.flow.offered),
        "Conversations opened after the warm-up = answered + abandoned + closed unanswered + unanswered at end.";
    Count Conversations "arrivals" = |o| count(o.counts.arrivals),
        "Conversations opened by consumers who arrive at rates, the first of each: without returns, closed populations and traces. Their expected number is known: the control variate.";
    Count Conversations "answered" = |o| count(o.flow.answered),
        "Conversations whose first answer came before any abandonment.";
    Count Conversations "abandoned" = |o| count(o.flow.abandoned()),
        "Conversations whose consumer's patience ended before the first answer.";
    Count Conversations "abandoned_in_queue" = |o| count(o.flow.abandoned_in_queue.all()),
        "Abandoned before the first answer while nobody owned the conversation.";
    Count Conversations "abandoned_while_owned" = |o| count(o.flow.abandoned_while_owned.all()),
        "Abandoned before the first answer while an agent owned the conversation.";
    Count Conversations "abandoned_mid_conversation" = |o| count(o.flow.abandoned_mid_conversation.all()),
        "Abandoned after the first answer; also counted as answered.";
    Count Conversations "abandoned_silently" = |o| {
        let flow = &o.flow;
        count(flow.abandoned_in_queue.silent + flow.abandoned_while_owned.silent + flow.abandoned_mid_conversation.silent)
    }, "Abandonments that the platform did not see, at whatever point.";
    Count Conversations "closed_unanswered" = |o| count(o.flow.closed_unanswered),
        "Resolved, neither answered nor abandoned before.";
    Count Conversations "unanswered_at_end" = |o| count(o.flow.unanswered_at_end),
        "Open at the end of the run, neither answered nor abandoned.";
    Count Conversations "open_at_end" = |o| count(o.flow.open_at_end),
        "Open at the end of the run, whatever happened before.";
    Ratio Share "abandonment" = |o| counts(o.flow.abandoned(), o.flow.offered),
        "Abandoned before the first answer / offered.";
    Ratio Share "service_level" = |o| within(o, o.frame.service_level.of),
        "The service level as configured: which wait, threshold and way.";
    Ratio Share "service_level_of_offered" = |o| within(o, ServiceLevelOf::Offered),
        "Reached within the threshold / offered.";
    Ratio Share "service_level_of_answered" = |o| within(o, ServiceLevelOf::Answered),
        "Reached within the threshold / reached (answered, or assigned if the level is taken there).";
    Ratio Share "service_level_without_short_abandons" =
        |o| within(o, ServiceLevelOf::OfferedWithoutShortAbandons),
        "Reached within the threshold / (offered - abandoned within the threshold).";
    Ratio Share "service_level_with_short_abandons" =
        |o| within(o, ServiceLevelOf::ShortAbandonsCountAsServed),
        "(Reached within the threshold + abandoned within the threshold) / offered.";

    Ratio Seconds "first_response_mean" = |o| mean(&o.times.first_response),
        "Opening to first answer, of the answered: mean.";
    Mean Seconds "first_response_p50" = |o| o.times.first_response.quantile(0.5),
        "Opening to first answer: median.";
    Mean Seconds "first_response_p90" = |o| o.times.first_response.quantile(0.9),
        "Opening to first answer: what 90 % do not exceed.";
    Mean Seconds "first_response_p99" = |o| o.times.first_response.quantile(0.99),
        "Opening to first answer: what 99 % do not exceed.";
    Ratio Seconds "assignment_mean" = |o| mean(&o.times.assignment),
        "Opening to first assignment, of those assigned before any abandonment: mean.";
    Mean Seconds "assignment_p90" = |o| o.times.assignment.quantile(0.9),
        "Opening to first assignment: what 90 % do not exceed.";
    Ratio Share "assigned_at_once" = |o| counts(o.times.assignment.zero(), o.times.assignment.count()),
        "Assigned in the instant of the opening / assigned before any abandonment.";
    Ratio Seconds "response_mean" = |o| mean(&o.times.response),
        "First unanswered message to reply, of every answer: mean.";
    Mean Seconds "response_p50" = |o| o.times.response.quantile(0.5),
        "First unanswered message to reply: median.";
    Mean Seconds "response_p90" = |o| o.times.response.quantile(0.9),
        "First unanswered message to reply: what 90 % do not exceed.";
    Mean Seconds "response_p99" = |o| o.times.response.quantile(0.99),
        "First unanswered message to reply: what 99 % do not exceed.";
    Ratio Share "response_in_time" = |o| counts(o.flow.response_within, o.counts.answers),
        "Answers within `measure.response_within` / answers.";
    Ratio Seconds "start_of_writing_mean" = |o| mean(&o.times.start_of_writing),
        "First unanswered message to the start of writing the answer: mean.";
    Ratio Seconds "queue_time_mean" = |o| mean(&o.times.queue),
        "One stay in a queue that ended, whatever ended it: mean.";
    Mean Seconds "queue_time_p90" = |o| o.times.queue.quantile(0.9),
        "One stay in a queue that ended: what 90 % do not exceed.";
    Count Times "queue_stays" = |o| count(o.times.queue.count()),
        "Stays in a queue that ended.";
    Ratio Seconds "handle_time_mean" = |o| mean(&o.times.handle),
        "Time in New of a resolved conversation, owned or not: mean.";
    Ratio Seconds "handle_time_owned_mean" = |o| mean(&o.times.handle_owned),
        "Time in New of a resolved conversation while it had an owner: mean.";
    Ratio Seconds "handle_time_without_offline_mean" = |o| mean(&o.times.handle_without_offline),
        "Time in New of a resolved conversation, owned or not, without the time while its owner was offline: mean (E14).";

    Count Messages "messages" = |o| count(o.flow.messages),
        "Messages of consumers, the opening ones too.";
    Count Messages "answers" = |o| count(o.counts.answers),
        "Replies that answered at least one message of a consumer who was still there.";
    Count Messages "follow_ups" = |o| count(o.counts.follow_ups),
        "Replies that answered no message: after a boomerang or a hand-over (D6).";
    Count Messages "wasted_answers" = |o| count(o.counts.wasted_answers),
        "Replies to consumers who had left silently.";
    Count Messages "late_replies" = |o| count(o.counts.late_replies),
        "Replies not delivered: the conversation had been taken away (D14).";
    Count Times "assignments" = |o| count(o.counts.assignments),
        "Ownerships begun: by assignment, claim or hand-over.";
    Count Times "claims" = |o| count(o.counts.claims),
        "Ownerships begun by a claim (pull mode).";
    Count Times "refused_claims" = |o| count(o.counts.refused_claims),
        "Claims refused: somebody else was first (pull mode).";

    Count Times "auto_unassigned" = |o| count(o.counts.auto_unassigned()),
        "Owners removed because the consumer waited too long (S0).";
    Count Times "auto_unassigned_online" = |o| count(o.counts.unassigned_online),
        "Auto-unassigns of owners who were Online.";
    Count Times "auto_unassigned_away" = |o| count(o.counts.unassigned_away),
        "Auto-unassigns of owners who were Away, whatever the reason.";
    Count Times "auto_unassigned_offline" = |o| count(o.counts.unassigned_offline),
        "Auto-unassigns of owners who were Offline.";
    Ratio PerConversation "auto_unassigned_per_conversation" =
        |o| counts(o.counts.auto_unassigned(), o.flow.offered),
        "Auto-unassigns / offered.";
    Count Times "bounces" = |o| count(o.counts.unassigned_again),
        "Auto-unassigns of a conversation that had been auto-unassigned before.";
    Count Times "back_to_same_agent" = |o| count(o.counts.back_to_same_agent),
        "Assignments to the very agent from whom the conversation had just been auto-unassigned.";
    Count Times "suppressed_by_manual_sla" = |o| count(o.counts.suppressed_by_manual_sla),
        "Unassign deadlines that fell due under a manual SLA, once a manual SLA (A7).";
    Count Times "manual_slas" = |o| count(o.counts.manual_slas),
        "Manual SLAs set.";
    Count Times "deadlines_moved" = |o| count(o.counts.deadlines_moved),
        "Unassign deadlines moved by a further message (D1).";
    Ratio Seconds "unassign_delay_mean" = |o| mean(&o.times.unassign_delay),
        "Message to auto-unassign: mean.";
    Mean Seconds "unassign_delay_p99" = |o| o.times.unassign_delay.quantile(0.99),
        "Message to auto-unassign: what 99 % do not exceed.";
    Count Times "ownership_removed" = |o| count(o.counts.ownership_removed()),
        "Owners removed because they were logged out (S2).";
    Count Times "ownership_removed_on_logout" = |o| count(o.counts.removed_on_logout),
        "Ownerships of New conversations removed within the bound after a logout (B1).";
    Count Times "ownership_removed_on_message" = |o| count(o.counts.removed_on_message),
        "Ownerships removed by a message to an owner who was logged out (B3).";
    Count Times "ownership_removed_on_boomerang" = |o| count(o.counts.removed_on_boomerang),
        "Ownerships removed by a boomerang of an owner who was logged out (B4).";
    Ratio Seconds "removal_delay_mean" = |o| mean(&o.times.removal_delay),
        "Logout (or, if later, assignment) to ownership removal (B1): mean.";
    Maximum Seconds "removal_delay_max" = |o| longest(&o.times.removal_delay),
        "Logout (or, if later, assignment) to ownership removal (B1): longest.";
    Ratio PerConversation "reassignments" =
        |o| counts(o.counts.auto_unassigned() + o.counts.ownership_removed(), o.flow.offered),
        "(Auto-unassigns + ownership removals) / offered.";
    Ratio Seconds "next_owner_mean" = |o| mean(&o.times.next_owner),
        "Auto-unassign or ownership removal to the next owner: mean.";
    Ratio Seconds "rescue_mean" = |o| mean(&o.times.rescue),
        "Last auto-unassign or ownership removal to the first reply, if by another agent: mean.";
    Mean Seconds "rescue_p90" = |o| o.times.rescue.quantile(0.9),
        "Removal to the rescuing reply: what 90 % do not exceed.";
    Count Times "rescues" = |o| count(o.times.rescue.count()),
        "First replies after an auto-unassign or ownership removal by another agent.";
    Count Times "stranded" = |o| count(o.times.stranded.count()),
        "Stays in New with one owner during which that owner was Offline for some time, those that the end of the run cut off too.";
    Ratio Seconds "stranded_mean" = |o| mean(&o.times.stranded),
        "Time Offline of the owner in such a stay: mean.";
    Maximum Seconds "stranded_max" = |o| longest(&o.times.stranded),
        "Time Offline of the owner in such a stay: longest.";
    Mean Conversations "stranded_level" = |o| o.mean(Gauge::Stranded),
        "New conversations whose owner is Offline: mean over time, to the horizon.";

    Count Conversations "resolved_by_agent" = |o| count(o.counts.resolved_by_agent),
        "Resolved by the reply to the last message.";
    Count Conversations "resolved_by_consumer" = |o| count(o.counts.resolved_by_consumer),
        "Closed by the consumer.";
    Count Conversations "resolved_by_abandonment" = |o| count(o.counts.resolved_by_abandonment),
        "Resolved because the consumer left openly.";
    Count Conversations "auto_closed" = |o| count(o.counts.auto_closed),
        "Closed by the platform for silence.";
    Count Times "parked" = |o| count(o.counts.parked),
        "Conversations parked (B7).";
    Count Times "boomerangs" = |o| count(o.counts.boomerangs),
        "Boomerangs that brought a conversation back to New.";
    Count Times "manual_returns" = |o| count(o.counts.returned),
        "Conversations given back to the queue by their owner (A10).";
    Count Times "transfers_to_skill" = |o| count(o.counts.transferred_to_skill),
        "Conversations given to the queue of another skill (A10).";
    Count Times "transfers_to_agent" = |o| count(o.counts.transferred_to_agent),
        "Conversations given to another agent who was logged in (A10).";
    Count Times "assigned_offline" = |o| count(o.counts.assigned_offline),
        "Conversations given to an agent who was offline (B6).";
    Count Times "taken_up" = |o| count(o.counts.taken_up),
        "Pending conversations taken up at login after an assignment while offline (B6).";
    Count Times "notifications" = |o| count(o.counts.notifications),
        "Notifications at login of assignments made while offline, stale ones too (B6).";
    Count Times "stale_notifications" = |o| count(o.counts.stale_notifications),
        "Notifications at login of assignments that had gone by then (E11).";
    Count Times "overshoots" = |o| count(o.counts.overshoots),
        "Conversations that woke up above their owner's limit of slots.";
    Count Times "stale_deadlines" = |o| count(o.counts.stale_deadlines),
        "Unassign deadlines of an earlier epoch: no-ops.";
    Count Times "stale_manual_slas" = |o| count(o.counts.stale_manual_slas),
        "Ends of manual SLAs that were over already: no-ops.";
    Count Times "stale_removals" = |o| count(o.counts.stale_removals),
        "Pairs of an ownership removal that no longer held: no-ops (E3).";
    Count Times "stale_acts" = |o| count(o.counts.stale_acts),
        "Acts of agents, other than replies, on conversations that were no longer theirs: no-ops.";
    Count Times "stale_boomerangs" = |o| count(o.counts.stale_boomerangs),
        "Boomerangs on conversations that were not Pending: no-ops.";

    Mean Conversations "queue_length" = |o| o.mean(Gauge::Queue),
        "New conversations without an owner: mean over time, to the horizon.";
    Maximum Conversations "queue_length_max" = |o| Some(o.maximum(Gauge::Queue)),
        "New conversations without an owner: highest number held for any time at all.";
    Mean Conversations "open" = |o| o.mean(Gauge::Open),
        "Conversations not resolved: mean over time, to the horizon.";
    Maximum Conversations "open_max" = |o| Some(o.maximum(Gauge::Open)),
        "Conversations not resolved: highest number held for any time at all.";
    Mean Conversations "unowned" = |o| o.mean(Gauge::Unowned),
        "Open conversations without an owner, whatever their status: mean over time, to the horizon.";
    Maximum Conversations "unowned_max" = |o| Some(o.maximum(Gauge::Unowned)),
        "Open conversations without an owner: highest number held for any time at all.";
    Mean Agents "agents_online" = |o| o.mean(Gauge::Online),
        "Agents Online: mean over time, to the horizon.";
    Mean Agents "agents_away" = |o| o.mean(Gauge::Away),
        "Agents Away: mean over time, to the horizon.";
    Mean Agents "agents_offline" = |o| o.mean(Gauge::Offline),
        "Agents Offline: mean over time, to the horizon.";
    Mean Agents "agents_busy" = |o| o.mean(Gauge::Busy),
        "Logged-in agents at work (writing, deciding on a hand-over, wrapping up): mean over time, to the horizon.";
    Mean Agents "agents_unresponsive" = |o| o.mean(Gauge::Unresponsive),
        "Logged-in agents who are interrupted or cut off: mean over time, to the horizon.";
    Mean Agents "agents_closing" = |o| o.mean(Gauge::Closing),
        "Logged-in agents whose shift is over and who finish first: mean over time, to the horizon.";
    Mean Slots "slots_used" = |o| o.mean(Gauge::SlotsUsed),
        "Weights of the open conversations of logged-in agents: mean over time, to the horizon.";
    Mean Slots "slots" = |o| o.mean(Gauge::SlotCapacity),
        "Slots of logged-in agents: mean over time, to the horizon.";
    Count Hours "logged_in_hours" = |o| hours(o.agent_times().logged_in),
        "Time of all agents Online or Away, to the horizon.";
    Ratio Share "occupancy" = |o| times(o.agent_times().busy, o.agent_times().logged_in),
        "Time at work / time logged in, over all agents, to the horizon.";
    Ratio Share "slot_use" = |o| times(o.agent_times().slots_used, o.agent_times().slots),
        "Weighted slots used / slots, both while logged in, over all agents, to the horizon.";
    Ratio Share "idle" = |o| times(o.agent_times().idle, o.agent_times().logged_in),
        "Time Online, neither at work nor unresponsive / time logged in.";
    Ratio Share "interrupted" = |o| times(o.agent_times().interrupted, o.agent_times().logged_in),
        "Time logged in and unresponsive / time logged in.";
    Ratio Share "away" = |o| times(o.agent_times().away, o.agent_times().logged_in),
        "Time Away / time logged in.";
};

fn count(value: u64) -> Option<f64> {
    Some(value as f64)
}

fn counts(part: u64, whole: u64) -> Parts {
    Parts { part: part as f64, whole: whole as f64 }
}

fn times(part: u128, whole: u128) -> Parts {
    Parts { part: part as f64 / 1e6, whole: whole as f64 / 1e6 }
}

/// Seconds over occurrences.
fn mean(durations: &Durations) -> Parts {
    let total = durations.total();
    Parts { part: total.micros as f64 / 1e6, whole: total.count as f64 }
}

fn within(outcome: &Outcome, of: ServiceLevelOf) -> Parts {
    let (part, whole) = outcome.flow.service_level_parts(of);
    counts(part, whole)
}

fn longest(durations: &Durations) -> Option<f64> {
    durations.longest().map(crate::base::time::Span::as_secs_f64)
}

fn hours(micros: u128) -> Option<f64> {
    Some(micros as f64 / 3.6e9)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ledger::test_events::TestEvents;

    #[test]
    fn every_figure_has_a_name_of_its_own_and_a_sentence() {
        let names: BTreeSet<_> = FIGURES.iter().map(|figure| figure.name).collect();
        assert_eq!(names.len(), FIGURES.len());
        for figure in FIGURES {
            assert!(figure.text.ends_with('.') && figure.text.len() > 10, "{}", figure.name);
            assert!(
                figure
                    .name
                    .chars()
                    .all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
            );
        }
    }

    #[test]
    fn figures_add_up_as_they_say() {
        let mut facts = TestEvents::new();
        facts.online(0).open().at(10).assign(0, 0).busy(0, true).at(25).busy(0, false);
        facts.last_reply(0, 5).open().at(60);
        let one = facts.outcome();
        let mut two = one.clone();
        two.merge(&one);
        for figure in FIGURES {
            let (single, double) = ((figure.value)(&one), (figure.value)(&two));
            let expected = match figure.kind {
                FigureKind::Count => single.map(|value| value * 2.0),
                FigureKind::Mean | FigureKind::Ratio | FigureKind::Maximum => single,
            };
            assert_eq!(double, expected, "{}", figure.name);
        }
        let value = |name| find(name).and_then(|figure| (figure.value)(&one));
        assert_eq!((value("offered"), value("occupancy")), (Some(2.0), Some(0.25)));
        assert_eq!((value("first_response_mean"), value("rescue_mean")), (Some(25.0), None));
        assert_eq!(
            (value("logged_in_hours"), value("queue_length_max")),
            (Some(1.0 / 60.0), Some(1.0))
        );
    }
}
