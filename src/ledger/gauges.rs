//! The present values of the gauges and their areas since the last mark of the calendar.

use crate::base::ids::SkillId;
use crate::base::time::Time;

use super::gauge::{Gauge, IntervalLevel};

/// All gauges, and those of every skill.
pub(super) struct Gauges {
    levels: [GaugeLevel; Gauge::COUNT],
    skills: Vec<SkillGauges>,
}

#[derive(Clone, Copy, Default)]
struct SkillGauges {
    queue: GaugeLevel,
    logged_in: GaugeLevel,
}

/// Areas and maxima of the gauges of a skill.
pub(super) struct SkillLevels {
    /// Length of its queue.
    pub(super) queue: IntervalLevel,
    /// Agents logged in who have it.
    pub(super) logged_in: IntervalLevel,
}

impl Gauges {
    pub(super) fn new(skills: usize, agents: u64) -> Self {
        let mut levels = [GaugeLevel::default(); Gauge::COUNT];
        levels[Gauge::Offline as usize].value = agents;
        Self { levels, skills: vec![SkillGauges::default(); skills] }
    }

    pub(super) fn value(&self, gauge: Gauge) -> u64 {
        self.levels[gauge as usize].value
    }

    pub(super) fn add(&mut self, now: Time, gauge: Gauge, difference: i64) {
        self.levels[gauge as usize].add(now, difference);
    }

    /// A conversation enters (+1) or leaves (−1) the queue of a skill.
    pub(super) fn queue(&mut self, now: Time, skill: SkillId, difference: i64) {
        self.add(now, Gauge::Queue, difference);
        self.skills[usize::from(skill.0)].queue.add(now, difference);
    }

    /// An agent who has a skill logs in (+1) or out (−1).
    pub(super) fn staff(&mut self, now: Time, skill: SkillId, difference: i64) {
        self.skills[usize::from(skill.0)].logged_in.add(now, difference);
    }

    /// Areas and maxima since the last time they were taken: gauges, then those of each skill.
    pub(super) fn take(
        &mut self,
        now: Time,
    ) -> ([IntervalLevel; Gauge::COUNT], impl Iterator<Item = SkillLevels>) {
        let levels = std::array::from_fn(|position| self.levels[position].take(now));
        let skills = self.skills.iter_mut().map(move |skill| SkillLevels {
            queue: skill.queue.take(now),
            logged_in: skill.logged_in.take(now),
        });
        (levels, skills)
    }
}

#[derive(Clone, Copy, Default)]
struct GaugeLevel {
    value: u64,
    since: Time,
    area: u128,
    maximum: u64,
}

impl GaugeLevel {
    fn add(&mut self, now: Time, difference: i64) {
        self.settle(now);
        debug_assert!(self.value.checked_add_signed(difference).is_some(), "a level below zero");
        self.value = self.value.saturating_add_signed(difference);
    }

    /// A value that was held for no time leaves no trace, not even in the maximum.
    fn settle(&mut self, now: Time) {
        let held = (now - self.since).as_micros();
        if held > 0 {
            self.area += u128::from(self.value) * held as u128;
            self.maximum = self.maximum.max(self.value);
            self.since = now;
        }
    }

    fn take(&mut self, now: Time) -> IntervalLevel {
        self.settle(now);
        let taken = IntervalLevel { area: self.area, maximum: self.maximum };
        (self.area, self.maximum) = (0, 0);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_exact_and_what_is_held_for_no_time_is_no_maximum() {
        let mut gauges = Gauges::new(2, 0);
        let at = Time::from_secs;
        gauges.queue(at(0), SkillId(1), 1);
        gauges.queue(at(10), SkillId(1), 1);
        gauges.queue(at(10), SkillId(0), 1);
        gauges.queue(at(10), SkillId(0), -1);
        gauges.staff(at(5), SkillId(1), 1);
        let (levels, skills) = gauges.take(at(15));
        let queue = IntervalLevel { area: 20_000_000, maximum: 2 };
        assert_eq!(levels[Gauge::Queue as usize], queue);
        let staff = IntervalLevel { area: 10_000_000, maximum: 1 };
        let found = Vec::from_iter(skills.map(|skill| [skill.queue, skill.logged_in]));
        assert_eq!(found, [[IntervalLevel::default(); 2], [queue, staff]]);
        let (levels, _) = gauges.take(at(16));
        assert_eq!(levels[0], IntervalLevel { area: 2_000_000, maximum: 2 });
    }
}
