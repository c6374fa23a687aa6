//! What a skill has of its own; what it does not say is the centre's (A16).

use crate::base::distribution::Distribution;
use crate::base::ids::{GroupId, KindId, SkillId};
use crate::base::time::{Span, Time};

use super::{
    AgentGroup, AutoClose, Centre, GroupBoomerang, OpeningHours, ReplyBoomerang, SkillHours,
    SlotWeight, Timeouts,
};

/// A time that a skill may have of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SkillTime {
    /// That of the centre.
    #[default]
    OfCentre,
    /// Its own; `None` = off.
    Own(Option<Span>),
}

/// The settings of one skill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SkillSettings {
    /// Unassign timeout while the owner is Online.
    pub online: SkillTime,
    /// While the owner is Away.
    pub away: SkillTime,
    /// While the owner is Offline.
    pub offline: SkillTime,
    /// Auto-close of a New conversation whose consumer has left silently.
    pub close_new: SkillTime,
    /// Auto-close of a Pending one.
    pub close_pending: SkillTime,
    /// Priority of consumers whose kind says none.
    pub priority: Option<i16>,
    /// What a conversation takes of an agent's slots.
    pub weight: Option<SlotWeight>,
    /// Work of one answer, seconds, if the group says none for this skill.
    pub reply_time: Option<Distribution>,
    /// Boomerang of replies by agents whose group says nothing of them, and of what is left Pending
    /// with an offline agent without one (B9, B6).
    pub boomerang: Option<ReplyBoomerang>,
    /// Threshold of the service level.
    pub service_level_within: Option<Span>,
    /// When it is open; `None` = always.
    pub hours: Option<SkillHours>,
}

/// What of a skill an agent may have at a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillLimits {
    /// At most so many conversations of a skill, Pending ones too; ascending by skill.
    pub at_most: Vec<(SkillId, u32)>,
    /// Skills with whose conversations there is none of another beside.
    pub alone: Vec<SkillId>,
}

/// In which order conversations are served, after those unassigned too often and by priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueOrder {
    /// By waiting since, oldest first.
    #[default]
    WaitingSince,
    /// By waiting since and the threshold of the skill.
    Due {
        /// Threshold of skills without one of their own.
        within: Span,
    },
}

impl SkillTime {
    fn or(self, centre: Option<Span>) -> Option<Span> {
        match self {
            Self::OfCentre => centre,
            Self::Own(own) => own,
        }
    }
}

impl SkillLimits {
    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        self.at_most.is_empty() && self.alone.is_empty()
    }
}

impl AgentGroup {
    /// The work of one answer about a skill that has this work of its own, if any.
    pub fn reply_time_for<'a>(
        &'a self,
        skill: SkillId,
        of_skill: Option<&'a Distribution>,
    ) -> &'a Distribution {
        let of_both = self.reply_time_by_skill.iter().find(|(of, _)| *of == skill);
        of_both.map(|(_, reply_time)| reply_time).or(of_skill).unwrap_or(&self.reply_time)
    }

    /// By how much an answer takes longer with so many conversations open at the agent (D26).
    pub fn slowdown_with(&self, open: u32) -> f64 {
        let factor = self.slowdown.get(open.saturating_sub(1) as usize);
        factor.or_else(|| self.slowdown.last()).copied().unwrap_or(1.0)
    }
}

impl Centre {
    fn skill(&self, skill: SkillId) -> Option<&SkillSettings> {
        self.skill_settings.get(usize::from(skill.0))
    }

    /// Unassign timeouts of a skill.
    pub fn timeouts(&self, skill: SkillId) -> Timeouts {
        let Timeouts { online, away, offline } = self.unassign.timeout;
        let Some(own) = self.skill(skill) else { return self.unassign.timeout };
        Timeouts {
            online: own.online.or(online),
            away: own.away.or(away),
            offline: own.offline.or(offline),
        }
    }

    /// When the platform closes conversations of a skill.
    pub fn auto_close_of(&self, skill: SkillId) -> AutoClose {
        let AutoClose { new, pending } = self.auto_close;
        let Some(own) = self.skill(skill) else { return self.auto_close };
        AutoClose { new: own.close_new.or(new), pending: own.close_pending.or(pending) }
    }

    /// What a conversation of a skill takes of its owner's slots.
    pub fn weight(&self, skill: SkillId) -> SlotWeight {
        self.skill(skill).and_then(|own| own.weight).unwrap_or(SlotWeight::FULL)
    }

    /// The same while it is idle (`capacity.inactive_weight`).
    pub fn inactive_weight(&self, skill: SkillId) -> SlotWeight {
        let (weight, idle) = (self.weight(skill).0, self.capacity.inactive_weight.0);
        SlotWeight((weight * idle).div_ceil(SlotWeight::FULL.0))
    }

    /// The priority of a conversation: that of the kind of consumer if given, else of the skill.
    pub fn priority(&self, kind: KindId, skill: SkillId) -> i16 {
        let of_kind = self.kinds[usize::from(kind.0)].priority;
        of_kind.or_else(|| self.skill(skill)?.priority).unwrap_or(0)
    }

    /// The work of one answer: the group's for that skill, else the skill's, else the group's.
    pub fn reply_time(&self, group: GroupId, skill: SkillId) -> &Distribution {
        let of_skill = self.skill(skill).and_then(|own| own.reply_time.as_ref());
        self.groups[usize::from(group.0)].reply_time_for(skill, of_skill)
    }

    /// The boomerang that replies to conversations of a skill may set: the group's if it says
    /// anything of boomerangs, else the skill's (B9).
    pub fn reply_boomerang(&self, group: GroupId, skill: SkillId) -> Option<&ReplyBoomerang> {
        match &self.groups[usize::from(group.0)].boomerang {
            GroupBoomerang::OfSkill => self.skill_boomerang(skill),
            GroupBoomerang::Own(own) => own.as_ref(),
        }
    }

    /// The boomerang that a skill has of its own.
    pub fn skill_boomerang(&self, skill: SkillId) -> Option<&ReplyBoomerang> {
        self.skill(skill)?.boomerang.as_ref()
    }

    /// The threshold of the service level of a skill, where `of_centre` is that of skills without one.
    pub fn threshold(&self, skill: SkillId, of_centre: Span) -> Span {
        self.skill(skill).and_then(|own| own.service_level_within).unwrap_or(of_centre)
    }

    fn hours(&self, skill: SkillId) -> Option<&SkillHours> {
        self.skill(skill)?.hours.as_ref()
    }

    /// The hours of a skill whose waits, thresholds and timeouts count open time only (D25).
    pub fn open_hours_clock(&self, skill: SkillId) -> Option<&OpeningHours> {
        self.hours(skill).filter(|hours| hours.counts_open_time).map(|hours| &hours.open)
    }

    /// Whether waits of some skill count open time only (D25).
    pub fn counts_open_time(&self) -> bool {
        let hours = self.skill_settings.iter().filter_map(|skill| skill.hours.as_ref());
        hours.into_iter().any(|hours| hours.counts_open_time)
    }

    /// Whether conversations of a skill are given to agents now (D25).
    pub fn is_open(&self, skill: SkillId, now: Time) -> bool {
        self.hours(skill).is_none_or(|hours| hours.open.is_open(now))
    }

    /// When one of the skills that are closed now opens; `None` if none does.
    pub fn opens_next(&self, now: Time) -> Option<Time> {
        let hours = self.skill_settings.iter().filter_map(|skill| skill.hours.as_ref());
        let closed = hours.filter(|hours| !hours.open.is_open(now));
        closed.filter_map(|hours| hours.open.opens_after(now)).min()
    }

    /// How long a conversation of a skill has waited from one instant to another (D25).
    pub fn waited(&self, skill: SkillId, from: Time, to: Time) -> Span {
        self.open_hours_clock(skill).map_or(to - from, |open| open.between(from, to))
    }

    /// When a timeout of a conversation of a skill is reached that began at an instant; `None` if that
    /// is never (D25).
    pub fn reached(&self, skill: SkillId, from: Time, timeout: Span) -> Option<Time> {
        match self.open_hours_clock(skill) {
            None => Some(from + timeout),
            Some(open) => open.after(from, timeout),
        }
    }

    /// When a conversation of a skill that has waited since an instant is due, if the queue goes by
    /// that; else that instant.
    pub fn due(&self, skill: SkillId, since: Time) -> Time {
        match self.routing.order {
            QueueOrder::WaitingSince => since,
            QueueOrder::Due { within } => {
                let reached = self.reached(skill, since, self.threshold(skill, within));
                reached.unwrap_or(Time::MAX)
            }
        }
    }
}
