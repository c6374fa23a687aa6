//! Which figures a planner sees, under which headings, in which order.

/// A line of the summary: what it says and the figure it shows.
pub(super) struct SummaryRow {
    pub(super) label: &'static str,
    pub(super) figure: &'static str,
}

/// Lines under a heading.
pub(super) struct SummaryPart {
    pub(super) heading: &'static str,
    pub(super) lines: &'static [SummaryRow],
}

macro_rules! parts {
    ($($heading:literal { $($label:literal = $figure:literal),+ $(,)? })+) => {
        &[$(SummaryPart {
            heading: $heading,
            lines: &[$(SummaryRow { label: $label, figure: $figure }),+],
        }),+]
    };
}

/// Everything after the verdict. Lines that are zero for all variants are left out.
pub(super) static PARTS: &[SummaryPart] = parts! {
    "Conversations a run" {
        "offered" = "offered",
        "answered" = "answered",
        "abandoned before an answer" = "abandoned",
        "  of which in the queue" = "abandoned_in_queue",
        "  of which while owned" = "abandoned_while_owned",
        "abandoned later" = "abandoned_mid_conversation",
        "abandoned silently" = "abandoned_silently",
        "closed unanswered" = "closed_unanswered",
        "unanswered at the end" = "unanswered_at_end",
        "open at the end" = "open_at_end",
        "auto-closed" = "auto_closed",
    }
    "Waiting" {
        "first response, mean" = "first_response_mean",
        "first response, half within" = "first_response_p50",
        "first response, 90 % within" = "first_response_p90",
        "response, mean" = "response_mean",
        "response, 90 % within" = "response_p90",
        "responses in time" = "response_in_time",
        "stay in the queue, mean" = "queue_time_mean",
        "queue length, mean" = "queue_length",
        "queue length, highest" = "queue_length_max",
        "open conversations, mean" = "open",
        "open conversations, highest" = "open_max",
    }
    "Automatic unassignment" {
        "unassigns a conversation" = "auto_unassigned_per_conversation",
        "unassigns a run" = "auto_unassigned",
        "  of Online agents" = "auto_unassigned_online",
        "  of Away agents" = "auto_unassigned_away",
        "  of Offline agents" = "auto_unassigned_offline",
        "  again (bounces)" = "bounces",
        "  back to the same agent" = "back_to_same_agent",
        "message to unassign, mean" = "unassign_delay_mean",
        "deadlines moved by a message" = "deadlines_moved",
        "suppressed by manual SLA" = "suppressed_by_manual_sla",
        "late replies" = "late_replies",
    }
    "Ownership removal" {
        "removals a run" = "ownership_removed",
        "  after a logout" = "ownership_removed_on_logout",
        "  by a message" = "ownership_removed_on_message",
        "  by a boomerang" = "ownership_removed_on_boomerang",
        "logout to removal, mean" = "removal_delay_mean",
        "logout to removal, longest" = "removal_delay_max",
        "stranded conversations a run" = "stranded",
        "stranded, mean time" = "stranded_mean",
        "stranded, longest" = "stranded_max",
    }
    "Rescue" {
        "removal to next owner, mean" = "next_owner_mean",
        "removal to rescue, mean" = "rescue_mean",
        "rescue, 90 % within" = "rescue_p90",
    }
    "Agents" {
        "occupancy" = "occupancy",
        "slot use" = "slot_use",
        "idle" = "idle",
        "away" = "away",
        "unresponsive" = "interrupted",
        "online, mean" = "agents_online",
        "logged in, hours a run" = "logged_in_hours",
        "handle time, mean" = "handle_time_mean",
        "handle time with owner, mean" = "handle_time_owned_mean",
        "  without offline time of owners" = "handle_time_without_offline_mean",
        "answers a run" = "answers",
        "follow-ups" = "follow_ups",
        "wasted answers" = "wasted_answers",
        "above the slot limit" = "overshoots",
        "refused claims" = "refused_claims",
        "parked" = "parked",
        "boomerangs" = "boomerangs",
        "given back" = "manual_returns",
        "transfers to a skill" = "transfers_to_skill",
        "transfers to an agent" = "transfers_to_agent",
        "assigned to an offline agent" = "assigned_offline",
        "taken up at login" = "taken_up",
        "notifications" = "notifications",
        "  of which stale" = "stale_notifications",
    }
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::definitions::find;

    #[test]
    fn every_line_shows_a_figure_that_exists() {
        for line in PARTS.iter().flat_map(|part| part.lines) {
            assert!(find(line.figure).is_some(), "{}", line.figure);
        }
    }
}
