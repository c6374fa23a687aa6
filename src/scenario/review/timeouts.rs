//! What timeouts do that may not be meant.

use super::Review;
use super::possibilities::{may_assign_late, may_be_away, may_be_offline};
use crate::base::time::Span;
use crate::model::settings::{
    Absence, AgentGroup, Choose, Exclude, LateAssignment, OnUnassign, RoutingMode,
};

impl Review<'_> {
    /// E4, where nothing ends it.
    pub(super) fn late_assignments(&self) {
        let centre = &self.plan.centre;
        let keeps = centre.remove_ownership.enabled
            && centre.remove_ownership.late_assignment == LateAssignment::Keep;
        let timeout = centre.unassign.enabled && centre.unassign.timeout.offline.is_some();
        let givers = centre.groups.iter().filter(|group| may_assign_late(centre, group));
        for giver in givers.filter(|_| keeps && !timeout) {
            let message = "work assigned to an agent after its logout stays with it: it is not \
                 removed and there is no offline timeout";
            let help = "set `remove_ownership.late_assignment = \"remove\"`, or \
                 `unassign.enabled = true` with an offline timeout";
            let finding = self.at(&["agents", &giver.name, "hand_overs"], message);
            self.warn(finding.help(help).rule("E4"));
        }
    }

    /// D23: what waited in a state with a longer timeout is taken in the instant of the return.
    pub(super) fn returns(&self) {
        let unassign = &self.plan.centre.unassign;
        let Some(online) = unassign.timeout.online.filter(|_| unassign.enabled) else { return };
        let is_longer = |timeout: Option<Span>| timeout.is_none_or(|timeout| timeout > online);
        let centre = &self.plan.centre;
        let goes_away = centre.groups.iter().any(|group| may_be_away(centre, group));
        let logs_out = centre.groups.iter().any(may_be_offline);
        let states = [
            ("away", goes_away && is_longer(unassign.timeout.away)),
            ("offline", logs_out && is_longer(unassign.timeout.offline)),
        ];
        for (state, _) in states.iter().filter(|(_, doubtful)| *doubtful) {
            if unassign.return_grace.is_zero() {
                let message = format!(
                    "what waits longer than {online} while its owner is {state} is taken away in the \
                     instant in which that owner comes back"
                );
                let finding = self.at(&["unassign", "timeout", state], message);
                let help = "set `unassign.return_grace`, or a timeout as short as Online";
                self.warn(finding.help(help).rule("D23"));
            }
        }
    }

    /// Nobody is answered whose conversation is taken away before a reply can be written.
    pub(super) fn short_timeouts(&self) {
        let unassign = &self.plan.centre.unassign;
        let Some(online) = unassign.timeout.online.filter(|_| unassign.enabled) else { return };
        let groups = || self.plan.centre.groups.iter().filter(|group| group.count > 0);
        let loses = |group: &&AgentGroup| share_taken(group, online) >= NEARLY_ALL;
        for group in groups().filter(loses) {
            // Others who are quicker may answer what is taken away.
            let is_alone =
                |skill| groups().filter(|other| other.skills.contains(skill)).all(|it| loses(&it));
            if group.skills.iter().any(is_alone) {
                let message = format!(
                    "{:.0} % of the replies of `{}` take longer than the Online timeout of {online}: \
                     the conversation is taken away before they are sent",
                    100.0 * share_taken(group, online),
                    group.name
                );
                let finding = self.at(&["unassign", "timeout", "online"], message);
                let help = "lengthen the timeout, or let agents ask for a manual SLA";
                self.warn(finding.help(help).rule("D5"));
            }
        }
    }

    /// D10, where only the last owner is passed over: of two who sleep, one is always the other.
    pub(super) fn sleepers(&self) {
        let centre = &self.plan.centre;
        let (unassign, routing) = (&centre.unassign, &centre.routing);
        let goes_round = unassign.enabled
            && unassign.timeout.online.is_some()
            && unassign.exclude == Exclude::Last
            && unassign.on_unassign == OnUnassign::Nothing
            && routing.mode == RoutingMode::Push
            && routing.choose == Choose::FewestSkills;
        if !goes_round {
            return;
        }
        let working = || centre.groups.iter().filter(|group| group.count > 0);
        let has_rivals = |generalist: &AgentGroup| {
            generalist.skills.iter().any(|skill| {
                let rivals = working().filter(|group| {
                    group.skills.len() < generalist.skills.len()
                        && group.skills.contains(skill)
                        && may_sleep(group)
                });
                rivals.map(|group| group.count).sum::<u32>() > 1
            })
        };
        if let Some(generalist) = working().find(|group| has_rivals(group)) {
            let message = format!(
                "two interrupted agents may pass a conversation to each other again and again while \
                 the agents of `{}`, who have more skills, are idle",
                generalist.name
            );
            let help = "set `unassign.exclude = \"all_previous\"` or \
                        `unassign.on_unassign = \"set_away\"`, or choose by another rule";
            self.warn(self.at(&["routing", "choose"], message).help(help).rule("D10"));
        }
    }
}

/// Share of the replies that take longer than a timeout and are not protected by a manual SLA (D5).
fn share_taken(group: &AgentGroup, timeout: Span) -> f64 {
    let longer_than = |span: Span| 1.0 - group.reply_time.cdf(span.as_secs_f64());
    let protected = group.manual_sla.as_ref().map_or(0.0, |manual_sla| {
        manual_sla.share * longer_than(manual_sla.if_longer_than.max(timeout))
    });
    longer_than(timeout) - protected
}

fn may_sleep(group: &AgentGroup) -> bool {
    group.episodes.iter().any(|episode| episode.absence == Absence::Interruption)
}

/// From this share on it is worth a word.
const NEARLY_ALL: f64 = 0.9;
