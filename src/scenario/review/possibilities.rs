//! What agents and consumers may come to do.

use crate::base::ids::SkillId;
use crate::model::settings::{
    Absence, AgentGroup, Centre, ConsumerKind, HandOverMode, HandOverTo, OfflineAssignment,
    OnUnassign, Resolve, Roster, Turns,
};

/// Whether agents of the group are ever Away.
pub(super) fn may_be_away(centre: &Centre, group: &AgentGroup) -> bool {
    let is_set_away = centre.unassign.enabled && centre.unassign.on_unassign != OnUnassign::Nothing;
    is_set_away
        || group.finish.away_before.is_some()
        || group.episodes.iter().any(|episode| matches!(episode.absence, Absence::Away(_)))
}

/// Whether agents of the group ever log out.
pub(super) fn may_be_offline(group: &AgentGroup) -> bool {
    let is_logout = |absence| matches!(absence, Absence::Logout | Absence::Disconnect);
    group.roster != Roster::Always
        || group.episodes.iter().any(|episode| is_logout(episode.absence))
}

/// E4. Only hand-overs to specialists reach an agent after its logout; what is Pending there is
/// cleared by the next message or boomerang.
pub(super) fn may_assign_late(centre: &Centre, giver: &AgentGroup) -> bool {
    let late = HandOverMode::Assign { offline: OfflineAssignment::New };
    giver.count > 0
        && giver.hand_overs.iter().any(|over| match &over.to {
            HandOverTo::Specialist { group, mode, .. } => {
                let receiver = &centre.groups[usize::from(group.0)];
                *mode == late && over.share > 0.0 && may_be_offline(receiver)
            }
            _ => false,
        })
}

/// Whether consumers of the kind ever leave without an answer.
pub(super) fn may_abandon(kind: &ConsumerKind) -> bool {
    kind.patience.first.is_some() || kind.patience.later.is_some()
}

/// Whether a conversation may be Pending after a reply.
pub(super) fn may_rest_after_a_reply(centre: &Centre) -> bool {
    centre.resolve != Resolve::WithLastReply || centre.kinds.iter().any(may_write_again)
}

/// B6: whether conversations of a skill may be left Pending with an offline specialist, without a
/// boomerang of their own.
pub(super) fn may_be_left_pending(centre: &Centre, skill: SkillId) -> bool {
    let pending = HandOverMode::Assign { offline: OfflineAssignment::Pending { boomerang: None } };
    let givers = centre.groups.iter().filter(|giver| giver.count > 0);
    givers.flat_map(|giver| &giver.hand_overs).any(|over| match &over.to {
        HandOverTo::Specialist { group, needs, mode } => {
            let receiver = &centre.groups[usize::from(group.0)];
            *mode == pending
                && over.share > 0.0
                && may_be_offline(receiver)
                && needs.is_none_or(|needs| needs == skill)
        }
        _ => false,
    })
}

/// B10: whether agents of the group may be handed what needs a skill that they lack.
pub(super) fn may_be_given_more(centre: &Centre, receiver: &AgentGroup) -> bool {
    let mut handed = centre.groups.iter().flat_map(|giver| &giver.hand_overs);
    handed.any(|over| match &over.to {
        HandOverTo::Specialist { group, needs: None, .. } => {
            centre.groups[usize::from(group.0)].name == receiver.name
        }
        _ => false,
    })
}

/// Whether consumers of the kind may write after an answer.
pub(super) fn may_write_again(kind: &ConsumerKind) -> bool {
    kind.messages != Turns::Fixed(1) || kind.burst.is_some()
}
