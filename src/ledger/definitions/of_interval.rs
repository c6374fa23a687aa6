//! The figures of a run that its intervals know too, so that a run can be cut into pieces.

use super::Parts;
use crate::ledger::durations::Total;
use crate::ledger::gauge::Gauge;
use crate::ledger::intervals::IntervalFigures;
use crate::ledger::outcome::OutcomeFrame;
use crate::ledger::settings::ServiceLevelOf;

/// A figure of an interval, as part and whole; both add up over intervals.
pub type OfInterval = fn(&IntervalFigures, &OutcomeFrame) -> Parts;

/// The figure of this name, if intervals know it.
pub fn of_interval(name: &str) -> Option<OfInterval> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|&(_, figure)| figure)
}

static KNOWN: &[(&str, OfInterval)] = &[
    ("offered", |it, _| count(it.flow.offered)),
    ("answered", |it, _| count(it.flow.answered)),
    ("abandoned", |it, _| count(it.flow.abandoned())),
    ("abandoned_in_queue", |it, _| count(it.flow.abandoned_in_queue.all())),
    ("abandoned_while_owned", |it, _| count(it.flow.abandoned_while_owned.all())),
    ("abandoned_mid_conversation", |it, _| count(it.flow.abandoned_mid_conversation.all())),
    ("closed_unanswered", |it, _| count(it.flow.closed_unanswered)),
    ("messages", |it, _| count(it.flow.messages)),
    ("auto_unassigned", |it, _| count(it.auto_unassigned)),
    ("ownership_removed", |it, _| count(it.ownership_removed)),
    ("abandonment", |it, _| share(it.flow.abandoned(), it.flow.offered)),
    ("service_level", |it, frame| level(it, frame.service_level.of)),
    ("service_level_of_offered", |it, _| level(it, ServiceLevelOf::Offered)),
    ("service_level_of_answered", |it, _| level(it, ServiceLevelOf::Answered)),
    ("service_level_without_short_abandons", |it, _| {
        level(it, ServiceLevelOf::OfferedWithoutShortAbandons)
    }),
    ("service_level_with_short_abandons", |it, _| {
        level(it, ServiceLevelOf::ShortAbandonsCountAsServed)
    }),
    ("auto_unassigned_per_conversation", |it, _| share(it.auto_unassigned, it.flow.offered)),
    ("reassignments", |it, _| share(it.auto_unassigned + it.ownership_removed, it.flow.offered)),
    ("first_response_mean", |it, _| mean(it.flow.first_response)),
    ("assignment_mean", |it, _| mean(it.flow.assignment)),
    ("response_mean", |it, _| mean(it.flow.response)),
    ("response_in_time", |it, _| share(it.flow.response_within, it.flow.response.count)),
    ("handle_time_mean", |it, _| mean(it.handle)),
    ("queue_length", |it, _| over_time(it, Gauge::Queue)),
    ("open", |it, _| over_time(it, Gauge::Open)),
    ("unowned", |it, _| over_time(it, Gauge::Unowned)),
    ("stranded_level", |it, _| over_time(it, Gauge::Stranded)),
    ("agents_online", |it, _| over_time(it, Gauge::Online)),
    ("agents_away", |it, _| over_time(it, Gauge::Away)),
    ("agents_offline", |it, _| over_time(it, Gauge::Offline)),
    ("agents_busy", |it, _| over_time(it, Gauge::Busy)),
    ("agents_unresponsive", |it, _| over_time(it, Gauge::Unresponsive)),
    ("agents_closing", |it, _| over_time(it, Gauge::Closing)),
    ("slots_used", |it, _| over_time(it, Gauge::SlotsUsed)),
    ("slots", |it, _| over_time(it, Gauge::SlotCapacity)),
    ("occupancy", |it, _| while_logged_in(it, Gauge::Busy)),
    ("interrupted", |it, _| while_logged_in(it, Gauge::Unresponsive)),
    ("away", |it, _| while_logged_in(it, Gauge::Away)),
    ("slot_use", |it, _| Parts {
        part: area(it, Gauge::SlotsUsed),
        whole: area(it, Gauge::SlotCapacity),
    }),
    ("logged_in_hours", |it, _| Parts { part: logged_in(it) / 3600.0, whole: 1.0 }),
];

fn count(value: u64) -> Parts {
    Parts { part: value as f64, whole: 1.0 }
}

fn share(part: u64, whole: u64) -> Parts {
    Parts { part: part as f64, whole: whole as f64 }
}

fn mean(total: Total) -> Parts {
    Parts { part: total.micros as f64 / 1e6, whole: total.count as f64 }
}

fn level(interval: &IntervalFigures, of: ServiceLevelOf) -> Parts {
    let (part, whole) = interval.flow.service_level_parts(of);
    share(part, whole)
}

/// Units of a gauge × seconds.
fn area(interval: &IntervalFigures, gauge: Gauge) -> f64 {
    interval.levels[gauge as usize].area as f64 / gauge.scale() / 1e6
}

fn over_time(interval: &IntervalFigures, gauge: Gauge) -> Parts {
    Parts { part: area(interval, gauge), whole: interval.observed as f64 / 1e6 }
}

/// Agents × seconds.
fn logged_in(interval: &IntervalFigures) -> f64 {
    area(interval, Gauge::Online) + area(interval, Gauge::Away)
}

fn while_logged_in(interval: &IntervalFigures, gauge: Gauge) -> Parts {
    Parts { part: area(interval, gauge), whole: logged_in(interval) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::Time;
    use crate::ledger::definitions::find;
    use crate::ledger::test_events::TestEvents;

    #[test]
    fn intervals_add_up_to_the_run() {
        let mut facts = TestEvents::new();
        facts.until = Time::from_secs(3 * 900);
        facts.online(0).online(2).open().at(10).assign(0, 0).busy(0, true).at(25).busy(0, false);
        facts.last_reply(0, 5).at(1000).open().assign(1, 2).at(1060).unassign(1, 60).at(1200);
        facts.lunch(2).at(1500).assign(1, 0).open().at(1550).last_reply(1, 20);
        facts.at(1600).abandon(2, false).at(2700);
        let outcome = facts.outcome();
        assert_eq!(outcome.intervals.len(), 3);
        for (name, figure) in KNOWN {
            let of_run = find(name).unwrap_or_else(|| panic!("{name} is no figure"));
            let mut sum = Parts::default();
            for interval in &outcome.intervals {
                let Parts { part, whole } = figure(interval, &outcome.frame);
                (sum.part, sum.whole) = (sum.part + part, sum.whole + whole);
            }
            let expected = of_run.parts(&outcome).unwrap();
            // A figure that is no ratio is a sum, or a mean over time.
            let (value, expected) = match of_run.ratio {
                Some(_) => (sum.quotient(), expected.quotient()),
                None if sum.whole == 3.0 => (Some(sum.part), Some(expected.part)),
                None => (sum.quotient(), Some(expected.part)),
            };
            let close = value.zip(expected).map(|(one, other)| (one - other).abs() < 1e-9);
            assert!(close.unwrap_or(value == expected), "{name}: {value:?}, not {expected:?}");
        }
    }
}
