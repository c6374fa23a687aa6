//! What a skill has of its own (A16).

use super::super::possibilities::{may_abandon, may_be_left_pending, may_rest_after_a_reply};
use super::{SettingEffect, effect};
use crate::base::ids::SkillId;
use crate::model::settings::{AgentGroup, Centre, GroupBoomerang};

pub(super) const EFFECTS: &[SettingEffect<SkillId>] = &[
    effect("unassign", "without `unassign.enabled = true`", "set that", |review, _| {
        review.plan.centre.unassign.enabled
    }),
    effect(
        "auto_close.new",
        "where nobody leaves silently",
        "give a `silent_share`",
        |review, _| {
            let mut kinds = review.plan.centre.kinds.iter();
            kinds.any(|kind| kind.silent_share > 0.0 && may_abandon(kind))
        },
    ),
    effect("count_time", "without `open`", "give that", |review, skill| {
        review.plan.centre.skill_settings[usize::from(skill.0)].hours.is_some()
    }),
    effect("priority", "where all consumers have one", "drop theirs", |review, _| {
        review.plan.centre.kinds.iter().any(|kind| kind.priority.is_none())
    }),
    effect("reply_time", GROUPS_HAVE_IT, DROP_THEIRS, |review, skill| {
        let says = |group: &AgentGroup| group.reply_time_by_skill.iter().any(|(of, _)| of == skill);
        let mut groups = groups_with(&review.plan.centre, *skill);
        groups.any(|group| !says(group))
    }),
    effect("boomerang", GROUPS_HAVE_IT, DROP_THEIRS, |review, skill| {
        let centre = &review.plan.centre;
        groups_with(centre, *skill).any(|group| group.boomerang == GroupBoomerang::OfSkill)
            || may_be_left_pending(centre, *skill)
    }),
    effect(
        "boomerang",
        "where every reply resolves",
        "give `messages` or `resolve`",
        |review, skill| {
            let centre = &review.plan.centre;
            may_rest_after_a_reply(centre) || may_be_left_pending(centre, *skill)
        },
    ),
];

const GROUPS_HAVE_IT: &str = "where all agents with the skill have one of their own";
const DROP_THEIRS: &str = "drop theirs";

fn groups_with(centre: &Centre, skill: SkillId) -> impl Iterator<Item = &AgentGroup> {
    let working = centre.groups.iter().filter(|group| group.count > 0);
    working.filter(move |group| group.skills.contains(&skill))
}
