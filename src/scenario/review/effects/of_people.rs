//! Settings of agents and consumers, but for absences.

use super::super::possibilities::{
    may_abandon, may_be_away, may_be_given_more, may_rest_after_a_reply, may_write_again,
};
use super::{SettingEffect, effect};
use crate::base::ids::SkillId;
use crate::model::settings::{
    Absence, AgentGroup, Attention, ConsumerKind, FinishWhen, GroupBoomerang, Resolve, Roster,
    Turns,
};

pub(super) const OF_AGENTS: &[SettingEffect<AgentGroup>] = &[
    effect("shrinkage", "where nobody is ever absent", "raise it", |_, it| it.shrinkage.is_some()),
    effect("finish", "without shifts that end", "give `shifts`", |_, it| {
        it.roster != Roster::Always
    }),
    effect("finish.at_most", NOT_FINISHING, FINISH, |_, it| is_finishing(it)),
    effect("finish.pending", NOT_FINISHING, FINISH, |_, it| is_finishing(it)),
    effect("finish.manual_sla", NO_UNASSIGN, TURN_ON, |review, _| {
        review.plan.centre.unassign.enabled
    }),
    effect("finish.manual_sla", "with `hand_back = 1`", "lower that", |_, it| {
        it.finish.hand_back < 1.0
    }),
    effect("manual_sla", NO_UNASSIGN, TURN_ON, |review, it| {
        it.manual_sla.is_none() || review.plan.centre.unassign.enabled
    }),
    effect("session_timeout", "without `disconnects`", "give some", |_, it| {
        it.episodes.iter().any(|episode| episode.absence == Absence::Disconnect)
    }),
    effect("away.answers", "where nobody is ever Away", "say when somebody is", |review, it| {
        may_be_away(&review.plan.centre, it)
    }),
    effect("wrap_up", "with parallel attention", "set `attention = \"serial\"`", |_, it| {
        it.attention != Attention::Parallel || it.wrap_up.mean() == 0.0
    }),
    effect(
        "reply_time",
        "where all their skills have one of their own",
        "drop theirs",
        |review, it| {
            let skills = &review.plan.centre.skill_settings;
            let has_own = |skill: &SkillId| skills[usize::from(skill.0)].reply_time.is_some();
            !it.reply_time_by_skill.is_empty()
                || !it.skills.iter().all(has_own)
                || may_be_given_more(&review.plan.centre, it)
        },
    ),
    effect("limits", LACKED, "give them the skill", |review, it| {
        let mut limited = it.limits.at_most.iter().map(|(skill, _)| skill);
        limited.any(|skill| it.skills.contains(skill)) || may_be_given_more(&review.plan.centre, it)
    }),
    effect("alone", LACKED, "give them the skill", |review, it| {
        let mut alone = it.limits.alone.iter();
        alone.any(|skill| it.skills.contains(skill)) || may_be_given_more(&review.plan.centre, it)
    }),
    effect("slowdown", "where no factor is above 1", "give larger ones", |_, it| {
        it.slowdown.is_empty() || it.slowdown.iter().any(|factor| *factor != 1.0)
    }),
    effect(
        "boomerang",
        "where every reply resolves",
        "give `messages` or `resolve`",
        |review, it| {
            let centre = &review.plan.centre;
            it.boomerang == GroupBoomerang::Own(None) || may_rest_after_a_reply(centre)
        },
    ),
];

pub(super) const OF_CONSUMERS: &[SettingEffect<ConsumerKind>] = &[
    effect("think", "with one message", "give more `messages`", |_, it| {
        it.messages != Turns::Fixed(1)
    }),
    effect("closes_share", "without `resolve = { after = … }`", "set that", |review, _| {
        review.plan.centre.resolve != Resolve::WithLastReply
    }),
    effect("silent_share", NO_PATIENCE, GIVE_PATIENCE, |_, it| may_abandon(it)),
    effect("returns", NO_PATIENCE, GIVE_PATIENCE, |_, it| it.returns.is_none() || may_abandon(it)),
    effect("returns", "with `at_most = 1`", "raise that", |_, it| {
        it.returns.as_ref().is_none_or(|returns| returns.at_most > 1)
    }),
    effect("patience.until", "without patience for the first answer", "give `first`", |_, it| {
        it.patience.first.is_some()
    }),
    effect("patience.later", "with one message", "give more `messages`", |_, it| {
        it.patience.later.is_none() || may_write_again(it)
    }),
];

const LACKED: &str = "where the agents lack those skills";
const NOT_FINISHING: &str = "without `when = \"after_finishing\"`";
const FINISH: &str = "set `when = \"after_finishing\"`";
const NO_UNASSIGN: &str = "without `unassign.enabled = true`";
const TURN_ON: &str = "set `unassign.enabled = true`";
const NO_PATIENCE: &str = "where everybody waits forever";
const GIVE_PATIENCE: &str = "give `patience`";

fn is_finishing(group: &AgentGroup) -> bool {
    group.finish.when == FinishWhen::AfterFinishing
}
