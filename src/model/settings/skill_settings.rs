//! What a skill has of its own; what it does not say is the centre's (A16).

use crate::base::distribution::Distribution;
use crate::base::ids::{GroupId, KindId, SkillId};
use crate::base::time::Span;

use super::{AutoClose, Centre, GroupBoomerang, ReplyBoomerang, SlotWeight, Timeouts};

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
        let group = &self.groups[usize::from(group.0)];
        let of_both = group.reply_time_by_skill.iter().find(|(of, _)| *of == skill);
        of_both
            .map(|(_, reply_time)| reply_time)
            .or_else(|| self.skill(skill)?.reply_time.as_ref())
            .unwrap_or(&group.reply_time)
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

    /// After which wait a conversation of a skill is due, if the queue goes by that.
    pub fn due_after(&self, skill: SkillId) -> Span {
        match self.routing.order {
            QueueOrder::WaitingSince => Span::ZERO,
            QueueOrder::Due { within } => self.threshold(skill, within),
        }
    }
}
