//! Opening hours against the shifts of those who answer (D25).

use std::collections::BTreeSet;

use super::Review;
use crate::base::ids::SkillId;
use crate::base::time::{Span, Time};
use crate::model::settings::{OpeningHours, Roster};
use crate::scenario::reader::forms::DAY;

impl Review<'_> {
    /// Open without anybody on shift, or staffed where nothing that the staff answers is open.
    pub(super) fn hours(&self) {
        let centre = &self.plan.centre;
        for (skill, name) in (0..).map(SkillId).zip(&centre.skills) {
            let Some(open) = self.hours_of(skill) else { continue };
            let having = centre.groups.iter().filter(|group| group.skills.contains(&skill));
            let mut having = having.filter(|group| group.count > 0).peekable();
            if having.peek().is_none() {
                continue;
            }
            let staffed = self.staffed(having.map(|group| &group.roster));
            let until = self.plan.run.until;
            let without = open.windows().map(|(start, end)| {
                let (start, end) = (start.max(Time::ZERO), end.min(until));
                (end - start).max(Span::ZERO) - staffed.between(start, end.max(start))
            });
            let without = without.fold(Span::ZERO, |sum, part| sum + part);
            if !without.is_zero() {
                let message = format!(
                    "`{name}` is open for {without} in which nobody who has it is on shift"
                );
                let key = self.hours_key(name);
                self.warn(
                    self.at(&key, message).help("change the hours or the shifts").rule("D25"),
                );
            }
        }
        for group in centre.groups.iter().filter(|group| group.count > 0) {
            let hours = group.skills.iter().map(|&skill| self.hours_of(skill));
            let Some(hours) = hours.collect::<Option<Vec<_>>>() else { continue };
            let windows = hours.iter().flat_map(|hours| hours.windows()).collect();
            let open = OpeningHours::new(windows);
            let staffed = self.staffed(std::iter::once(&group.roster));
            let closed =
                staffed.windows().map(|(start, end)| (end - start) - open.between(start, end));
            let closed = closed.fold(Span::ZERO, |sum, part| sum + part);
            if !closed.is_zero() {
                let message = format!(
                    "agents of `{}` are on shift for {closed} in which nothing that they answer is open",
                    group.name
                );
                let help = "change the hours or the shifts, unless they work off what they own";
                self.warn(self.at(&["agents", &group.name], message).help(help).rule("D25"));
            }
        }
    }

    fn hours_of(&self, skill: SkillId) -> Option<&OpeningHours> {
        let own = self.plan.centre.skill_settings.get(usize::from(skill.0))?;
        own.hours.as_ref().map(|hours| &hours.open)
    }

    fn hours_key<'a>(&self, skill: &'a str) -> Vec<&'a str> {
        let own = vec!["skills", skill, "open"];
        if self.written(&own).is_some() { own } else { vec!["open"] }
    }

    /// When somebody is on shift, within the run.
    fn staffed<'r>(&self, rosters: impl Iterator<Item = &'r Roster>) -> OpeningHours {
        let until = self.plan.run.until;
        let days = until.since_start().as_micros() / DAY.as_micros() + 1;
        let mut windows = Vec::new();
        for roster in rosters {
            let Some(agents) = roster.lists() else {
                windows.push((Time::ZERO, until));
                continue;
            };
            // Most agents have the shifts of others.
            let shifts = agents.iter().flatten().map(|shift| (shift.start, shift.end));
            let shifts = BTreeSet::from_iter(shifts);
            for day in if roster.is_daily() { -1..=days } else { 0..=0 } {
                windows.extend(
                    shifts.iter().map(|&(start, end)| (start + DAY * day, end + DAY * day)),
                );
            }
        }
        let within = |(start, end): (Time, Time)| (start.max(Time::ZERO), end.min(until));
        OpeningHours::new(windows.into_iter().map(within).collect())
    }
}
