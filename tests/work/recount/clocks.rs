//! What of a wait a skill counts: all of it, or opening hours only.

use std::collections::BTreeMap;

use shiftstorm::scenario::Plan;

/// From when to when, microseconds.
type Window = [i64; 2];

/// The clocks of the skills of a plan.
pub(crate) struct SkillClocks {
    /// Opening hours by the name of the skill, where only they count.
    hours: BTreeMap<String, Vec<Window>>,
}

impl SkillClocks {
    pub(crate) fn of(plan: &Plan) -> Self {
        let skills = plan.centre.skills.iter().zip(&plan.centre.skill_settings);
        let hours = skills.filter_map(|(name, settings)| {
            let hours = settings.hours.as_ref().filter(|hours| hours.counts_open_time)?;
            let windows = hours.open.windows();
            let windows = windows.map(|(from, to)| [from.as_micros(), to.as_micros()]);
            Some((name.clone(), windows.collect()))
        });
        Self { hours: hours.collect() }
    }

    /// Whether every wait is one by the clock on the wall.
    pub(crate) fn are_on_the_wall(&self) -> bool {
        self.hours.is_empty()
    }

    /// What a skill counts of the time from one instant to another.
    pub(crate) fn between(&self, skill: &str, from: i64, to: i64) -> i64 {
        let Some(windows) = self.hours.get(skill) else { return to - from };
        let within = |[opens, closes]: &Window| (to.min(*closes) - from.max(*opens)).max(0);
        windows.iter().map(within).sum()
    }
}
