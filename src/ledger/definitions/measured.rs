//! What is known of a run, of each interval of its day and of each skill alike, so that a run can be
//! cut into pieces.

use super::parts::Parts;
use crate::ledger::durations::Total;
use crate::ledger::flow::Flow;
use crate::ledger::gauge::Gauge;
use crate::ledger::intervals::IntervalFigures;
use crate::ledger::outcome::{Outcome, OutcomeFrame, SkillFigures};
use crate::ledger::part_intervals::SkillIntervalFigures;
use crate::ledger::settings::ServiceLevelOf;

/// A run or a skill, or an interval of either: what is counted.
pub trait Counted {
    /// Conversations.
    fn flow(&self) -> &Flow;
    /// How the service level is configured.
    fn service_level_of(&self) -> ServiceLevelOf;
    /// Auto-unassigns.
    fn auto_unassigned(&self) -> u64;
    /// Ownership removals.
    fn ownership_removed(&self) -> u64;
    /// Handle time.
    fn handle(&self) -> Total;
}

/// A run, or an interval of it: what is counted, and what the whole centre did over time.
pub trait Measured: Counted {
    /// Mean over time, in whole units.
    fn level(&self, gauge: Gauge) -> Parts;
    /// Time of all agents who are logged in.
    fn logged_in(&self) -> LoginTimes;
}

/// Time of agents who are logged in, in seconds of agents and of slots.
pub struct LoginTimes {
    hours: f64,
    all: f64,
    /// At work.
    pub busy: f64,
    /// Unresponsive.
    pub interrupted: f64,
    /// Away.
    pub away: f64,
    slots_used: f64,
    slots: f64,
}

/// An interval of a run.
pub struct MeasuredInterval<'a> {
    /// What was measured in it.
    pub figures: &'a IntervalFigures,
    /// Under which settings.
    pub frame: &'a OutcomeFrame,
}

/// Stays with a skill, all of them or those of an interval.
pub(super) struct CountedStays<'a> {
    flow: &'a Flow,
    auto_unassigned: u64,
    ownership_removed: u64,
    handle: Total,
    service_level_of: ServiceLevelOf,
}

impl<'a> CountedStays<'a> {
    /// All of them.
    pub(super) fn all(skill: &'a SkillFigures, frame: &OutcomeFrame) -> Self {
        Self {
            flow: &skill.flow,
            auto_unassigned: skill.auto_unassigned,
            ownership_removed: skill.ownership_removed,
            handle: skill.handle.total(),
            service_level_of: frame.service_level.of,
        }
    }

    /// Those that began in an interval.
    pub(super) fn of_interval(interval: &'a SkillIntervalFigures, frame: &OutcomeFrame) -> Self {
        Self {
            flow: &interval.flow,
            auto_unassigned: interval.auto_unassigned,
            ownership_removed: interval.ownership_removed,
            handle: interval.handle,
            service_level_of: frame.service_level.of,
        }
    }
}

impl Counted for CountedStays<'_> {
    fn flow(&self) -> &Flow {
        self.flow
    }

    fn service_level_of(&self) -> ServiceLevelOf {
        self.service_level_of
    }

    fn auto_unassigned(&self) -> u64 {
        self.auto_unassigned
    }

    fn ownership_removed(&self) -> u64 {
        self.ownership_removed
    }

    fn handle(&self) -> Total {
        self.handle
    }
}

impl LoginTimes {
    /// All of it, in hours.
    pub fn hours(&self) -> Parts {
        Parts { part: self.hours, whole: 1.0 }
    }

    /// A part of it.
    pub fn share(&self, part: impl Fn(&Self) -> f64) -> Parts {
        Parts { part: part(self), whole: self.all }
    }

    /// Slots used / slots.
    pub fn slot_use(&self) -> Parts {
        Parts { part: self.slots_used, whole: self.slots }
    }
}

impl Counted for Outcome {
    fn flow(&self) -> &Flow {
        &self.flow
    }

    fn service_level_of(&self) -> ServiceLevelOf {
        self.frame.service_level.of
    }

    fn auto_unassigned(&self) -> u64 {
        self.counts.auto_unassigned()
    }

    fn ownership_removed(&self) -> u64 {
        self.counts.ownership_removed()
    }

    fn handle(&self) -> Total {
        self.times.handle.total()
    }
}

impl Measured for Outcome {
    fn level(&self, gauge: Gauge) -> Parts {
        self.mean(gauge).into()
    }

    fn logged_in(&self) -> LoginTimes {
        let times = self.agent_times();
        let seconds = |micros: u128| micros as f64 / 1e6;
        LoginTimes {
            hours: times.logged_in as f64 / 3.6e9,
            all: seconds(times.logged_in),
            busy: seconds(times.busy),
            interrupted: seconds(times.interrupted),
            away: seconds(times.away),
            slots_used: seconds(times.slots_used),
            slots: seconds(times.slots),
        }
    }
}

impl Counted for MeasuredInterval<'_> {
    fn flow(&self) -> &Flow {
        &self.figures.flow
    }

    fn service_level_of(&self) -> ServiceLevelOf {
        self.frame.service_level.of
    }

    fn auto_unassigned(&self) -> u64 {
        self.figures.auto_unassigned
    }

    fn ownership_removed(&self) -> u64 {
        self.figures.ownership_removed
    }

    fn handle(&self) -> Total {
        self.figures.handle
    }
}

impl Measured for MeasuredInterval<'_> {
    fn level(&self, gauge: Gauge) -> Parts {
        Parts { part: self.area(gauge), whole: self.figures.observed as f64 / 1e6 }
    }

    fn logged_in(&self) -> LoginTimes {
        let all = self.area(Gauge::Online) + self.area(Gauge::Away);
        LoginTimes {
            hours: all / 3600.0,
            all,
            busy: self.area(Gauge::Busy),
            interrupted: self.area(Gauge::Unresponsive),
            away: self.area(Gauge::Away),
            slots_used: self.area(Gauge::SlotsUsed),
            slots: self.area(Gauge::SlotCapacity),
        }
    }
}

impl MeasuredInterval<'_> {
    /// Units of a gauge × seconds.
    fn area(&self, gauge: Gauge) -> f64 {
        self.figures.levels[gauge as usize].area as f64 / gauge.scale() / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::definitions::FIGURES;
    use crate::ledger::test_events::TestEvents;

    #[test]
    fn intervals_add_up_to_the_run() {
        let outcome = TestEvents::of_three_intervals().outcome();
        assert_eq!(outcome.intervals.len(), 3);
        for of_run in FIGURES {
            let Some(figure) = of_run.of_interval else { continue };
            let frame = &outcome.frame;
            let intervals = outcome.intervals.iter();
            let parts = intervals.map(|figures| figure(&MeasuredInterval { figures, frame }));
            let sum: Parts = parts.sum();
            let expected = of_run.parts(&outcome).unwrap();
            // A figure that is no ratio is a sum, or a mean over time.
            let (value, expected) = match of_run.ratio {
                Some(_) => (sum.quotient(), expected.quotient()),
                None if sum.whole == 3.0 => (Some(sum.part), Some(expected.part)),
                None => (sum.quotient(), Some(expected.part)),
            };
            let close = value.zip(expected).map(|(one, other)| (one - other).abs() < 1e-9);
            let name = of_run.name;
            assert!(close.unwrap_or(value == expected), "{name}: {value:?}, not {expected:?}");
        }
    }
}
