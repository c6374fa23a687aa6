//! What is measured over time, written down where an interval, the warm-up or the run ends.

use crate::base::time::Time;

use super::Ledger;
use crate::ledger::gauges::SkillLevels;
use crate::ledger::measuring_marks::RunPhase;
use crate::ledger::merge::Merge as _;
use crate::ledger::outcome::{IntervalFigures, Outcome};
use crate::ledger::part_intervals::{GroupIntervalFigures, SkillIntervalFigures};

impl Ledger {
    pub(super) fn write_levels(&mut self, now: Time) {
        self.write_levels_of(self.marks.phase(), now);
    }

    /// Adds the time-weighted figures since the last time to the run and to the present interval.
    pub(super) fn write_levels_of(&mut self, phase: RunPhase, now: Time) {
        let elapsed = (now - std::mem::replace(&mut self.written, now)).as_micros().max(0);
        let (levels, skills) = self.gauges.take(now);
        if phase == RunPhase::WarmUp {
            skills.for_each(drop);
            return;
        }
        let run = self.outcome.levels.iter_mut();
        for (figure, level) in run.zip(levels) {
            figure.add(level, phase == RunPhase::Drain);
        }
        for (skill, SkillLevels { queue, logged_in }) in self.outcome.skills.iter_mut().zip(skills)
        {
            skill.queue_length.add(queue, phase == RunPhase::Drain);
            if let Some(interval) = skill.intervals.last_mut() {
                interval.queue_length.merge(&queue);
                interval.logged_in += logged_in.area;
            }
        }
        if let Some(interval) = self.outcome.intervals.last_mut() {
            interval.observed += elapsed as u128;
            interval.levels.merge(&levels);
        }
    }

    /// One interval is over, and the next begins.
    pub(super) fn begin_interval(&mut self, phase: RunPhase, now: Time) {
        let by_group = self.outcome.groups.iter().any(|group| !group.intervals.is_empty());
        if by_group && phase != RunPhase::WarmUp {
            self.write_agents(phase, now);
        }
        let Outcome { intervals, skills, groups, .. } = &mut self.outcome;
        intervals.push(IntervalFigures::default());
        for skill in skills.iter_mut().filter(|skill| !skill.intervals.is_empty()) {
            skill.intervals.push(SkillIntervalFigures::default());
        }
        for group in groups.iter_mut().filter(|group| !group.intervals.is_empty()) {
            group.intervals.push(GroupIntervalFigures::default());
        }
    }

    /// Adds how agents have spent their time since the last time.
    pub(super) fn write_agents(&mut self, phase: RunPhase, now: Time) {
        let Outcome { agents, groups, .. } = &mut self.outcome;
        for ((times, away), figures) in self.agents.take(now).zip(agents) {
            if phase == RunPhase::Drain {
                figures.drain.merge(&times);
            } else {
                figures.horizon.merge(&times);
                figures.away.copy_from_slice(away);
            }
            if let Some(interval) = groups[usize::from(figures.group)].intervals.last_mut() {
                interval.times.merge(&times);
            }
        }
    }
}
