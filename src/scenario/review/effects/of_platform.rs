//! Settings of the platform and of the run.

use super::super::possibilities::{
    may_abandon, may_assign_late, may_be_away, may_be_left_pending, may_be_offline, may_write_again,
};
use super::{SettingEffect, effect};
use crate::base::ids::SkillId;
use crate::base::time::Time;
use crate::model::settings::{
    AgentGroup, Centre, Exclude, HandOverTo, OnUnassign, QueueOrder, Resolve, RoutingMode,
    SlotWeight,
};
use crate::scenario::plan::RunEnd;

/// What is on before what belongs to it.
pub(super) const EFFECTS: &[SettingEffect<Centre>] = &[
    effect("routing.choose", "in pull mode", "set `routing.mode = \"push\"`", |_, it| !pulls(it)),
    effect("pull", "in push mode", "set `routing.mode = \"pull\"`", |_, it| pulls(it)),
    effect("unassign.enabled", "with all timeouts off", "give a timeout", |review, it| {
        !it.unassign.enabled
            || has_timeout(it)
            || review.written(&["optimize", "timeouts"]).is_some()
    }),
    effect(
        "unassign.enabled",
        "with no timeout of a state in which anybody is",
        "give one",
        |review, it| {
            !it.unassign.enabled
                || applies(it)
                || review.written(&["optimize", "timeouts"]).is_some()
        },
    ),
    effect("unassign.timeout", OFF, TURN_ON, |_, it| it.unassign.enabled),
    effect("unassign.clock", OFF, TURN_ON, |_, it| it.unassign.enabled),
    effect("unassign.return_grace", OFF, TURN_ON, |_, it| it.unassign.enabled),
    effect("unassign.max_per_conversation", OFF, TURN_ON, |_, it| it.unassign.enabled),
    effect("unassign.on_unassign", OFF, TURN_ON, |_, it| it.unassign.enabled),
    effect("unassign.away_for", OFF, TURN_ON, |_, it| it.unassign.enabled),
    effect("unassign.exclude", NOBODY_LOSES, TURN_ON, |_, it| may_exclude(it)),
    effect("unassign.same_agent_after", NOBODY_LOSES, TURN_ON, |_, it| may_exclude(it)),
    effect("unassign.clock", "where nobody writes twice in a row", "give a `burst`", |_, it| {
        it.kinds.iter().any(|kind| kind.burst.is_some())
    }),
    effect("unassign.return_grace", "with the Online timeout off", "give it", |_, it| {
        it.unassign.timeout.online.is_some()
    }),
    effect("unassign.return_grace", NOBODY_RETURNS, "say who does", |_, it| {
        working(it).any(|group| may_be_away(it, group) || may_be_offline(group))
    }),
    effect("unassign.same_agent_after", "with `exclude = \"none\"`", "change that", |_, it| {
        it.unassign.exclude != Exclude::None
    }),
    effect("unassign.away_for", "without `on_unassign = \"set_away\"`", "set that", |_, it| {
        it.unassign.on_unassign != OnUnassign::Nothing
    }),
    effect("remove_ownership.enabled", NOBODY_LEAVES, SAY_WHO_LEAVES, |review, it| {
        !it.remove_ownership.enabled
            || working(it).any(may_be_offline)
            || review.written(&["stress", "fault"]).is_some()
    }),
    effect("remove_ownership.within", KEPT, REMOVE, |_, it| it.remove_ownership.enabled),
    effect("remove_ownership.late_assignment", KEPT, REMOVE, |_, it| it.remove_ownership.enabled),
    effect(
        "remove_ownership.late_assignment",
        "where nothing is assigned to an agent as New after its logout",
        "hand over to specialists who log out, with `offline = \"new\"`",
        |_, it| it.groups.iter().any(|group| may_assign_late(it, group)),
    ),
    effect("count_time", "without `open`", "give that", |_, it| has_hours(it)),
    effect("capacity.inactive_weight", "without `inactive_after`", "give that", |_, it| {
        it.capacity.inactive_after.is_some()
    }),
    effect("capacity.inactive_after", "with `inactive_weight = 1`", "lower that", |_, it| {
        it.capacity.inactive_after.is_none() || it.capacity.inactive_weight != SlotWeight::FULL
    }),
    effect("after_close", "where nobody writes after a close", SAY_WHEN_CLOSED, |_, it| {
        let is_closed = it.auto_close.pending.is_some() || it.resolve != Resolve::WithLastReply;
        is_closed && it.kinds.iter().any(may_write_again)
    }),
    effect(
        "auto_close.after",
        "beside both `new` and `pending`",
        "drop one of them",
        |review, _| {
            ["new", "pending"].iter().any(|key| review.written(&["auto_close", key]).is_none())
        },
    ),
    effect("auto_close.new", "where nobody leaves silently", "give a `silent_share`", |_, it| {
        it.kinds.iter().any(|kind| kind.silent_share > 0.0 && may_abandon(kind))
    }),
    effect("auto_close.pending", "after `resolve.after`", "shorten it", |_, it| {
        may_close_before_resolving(it)
    }),
    effect("queue.order", "where all skills have one threshold", GIVE_THRESHOLDS, |_, it| {
        it.routing.order == QueueOrder::WaitingSince || has_several_thresholds(it)
    }),
    effect("run.drain_at_most", "with `end = \"cut\"`", "set `end = \"drain\"`", |review, _| {
        review.plan.run.end != RunEnd::Cut
    }),
    effect("run.replications", "with `precision.within`", "leave that out", |review, _| {
        review.written(&["precision", "within"]).is_none()
    }),
    effect("precision.at_least", NO_PRECISION, "give that", |review, _| {
        review.written(&["precision", "within"]).is_some()
    }),
    effect("precision.at_most", NO_PRECISION, "give that", |review, _| {
        review.written(&["precision", "within"]).is_some()
    }),
    effect("measure.at", "after the end of the run", "give earlier instants", |review, _| {
        let run = &review.plan.run;
        run.end != RunEnd::Cut || review.plan.measure.at.iter().all(|&at| at <= run.until)
    }),
];

const OFF: &str = "without `unassign.enabled = true`";
const TURN_ON: &str = "set `unassign.enabled = true`";
const KEPT: &str = "without `remove_ownership.enabled = true`";
const REMOVE: &str = "set `remove_ownership.enabled = true`";
const NOBODY_LOSES: &str = "where nobody is unassigned or gives a conversation back";
const NOBODY_LEAVES: &str = "where nobody ever logs out";
const NOBODY_RETURNS: &str = "where nobody ever comes back to Online";
const SAY_WHO_LEAVES: &str = "say when somebody does: `shifts`, `logouts` or `disconnects`";
const SAY_WHEN_CLOSED: &str = "say when idle conversations are closed";
const GIVE_THRESHOLDS: &str = "give `service_level.within` by skill";
const NO_PRECISION: &str = "without `precision.within`";

fn pulls(centre: &Centre) -> bool {
    matches!(centre.routing.mode, RoutingMode::Pull(_))
}

fn has_timeout(centre: &Centre) -> bool {
    let timeout = &centre.unassign.timeout;
    [timeout.online, timeout.away, timeout.offline].iter().any(Option::is_some)
}

/// Whether an agent may be in a state that has a timeout.
fn applies(centre: &Centre) -> bool {
    let timeout = &centre.unassign.timeout;
    timeout.online.is_some()
        || timeout.away.is_some() && working(centre).any(|group| may_be_away(centre, group))
        || timeout.offline.is_some() && working(centre).any(may_be_offline)
}

/// Whether the threshold is not the same for all.
fn has_hours(centre: &Centre) -> bool {
    centre.skill_settings.iter().any(|skill| skill.hours.is_some())
}

fn has_several_thresholds(centre: &Centre) -> bool {
    let mut skills =
        (0..centre.skills.len()).map(|skill| centre.due(SkillId(skill as u16), Time::ZERO));
    let first = skills.next();
    skills.any(|other| Some(other) != first)
}

/// A15 comes before the automatic close, but for what is left Pending with an offline specialist.
fn may_close_before_resolving(centre: &Centre) -> bool {
    match (centre.resolve, centre.auto_close.pending) {
        (Resolve::After(after), Some(close)) if after <= close => {
            (0..centre.skills.len()).any(|skill| may_be_left_pending(centre, SkillId(skill as u16)))
        }
        _ => true,
    }
}

/// D10, D21: whether somebody may be passed over.
fn may_exclude(centre: &Centre) -> bool {
    let gives_back = |group: &AgentGroup| {
        let to_queue = group.hand_overs.iter().any(|over| over.to == HandOverTo::Queue);
        to_queue || group.finish.hand_back > 0.0
    };
    centre.unassign.enabled || working(centre).any(gives_back)
}

fn working(centre: &Centre) -> impl Iterator<Item = &AgentGroup> {
    centre.groups.iter().filter(|group| group.count > 0)
}
