//! Counts: conversations by how they fared, and what happened on the way.

use serde::{Deserialize, Serialize};

use super::durations::Total;
use super::merge::{Merge as _, merge_by_field, ratio};
use super::number_rows::numbers_by_field;
use super::settings::ServiceLevelOf;
use crate::base::time::Span;
use crate::model::event::AnswerTaken;

/// Conversations and how they fared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Opened.
    pub offered: u64,
    /// Opened by clients who had opened none before.
    pub first_contacts: u64,
    /// First answered before any abandonment.
    pub answered: u64,
    /// Abandoned before the first answer, without an owner at that moment.
    pub abandoned_in_queue: Abandoned,
    /// Abandoned before the first answer, with an owner at that moment.
    pub abandoned_while_owned: Abandoned,
    /// Abandoned after the first answer.
    pub abandoned_mid_conversation: Abandoned,
    /// Resolved, neither answered nor abandoned before.
    pub closed_unanswered: u64,
    /// Open at the end of the run, neither answered nor abandoned.
    pub unanswered_at_end: u64,
    /// Open at the end of the run, whatever happened before.
    pub open_at_end: u64,
    /// Assigned before any abandonment.
    pub assigned: u64,
    /// Reached what ends the wait of the service level (first answer or first assignment).
    pub reached: u64,
    /// Reached it within the threshold.
    pub within: u64,
    /// Abandoned before reaching it, within the threshold.
    pub abandoned_within: u64,
    /// Opening to first answer.
    pub first_response: Total,
    /// Opening to first assignment.
    pub assignment: Total,
    /// Waiting since to reply, of every answered message.
    pub response: Total,
    /// Responses within `measure.response_within`.
    pub response_within: u64,
    /// Messages of consumers, the opening ones too.
    pub messages: u64,
    /// Work on the replies that were delivered, follow-ups and wasted ones too.
    pub written: Total,
    /// Answers that were begun and taken away.
    pub lost: LostAnswers,
}

numbers_by_field!(Flow {
    offered,
    first_contacts,
    answered,
    abandoned_in_queue,
    abandoned_while_owned,
    abandoned_mid_conversation,
    closed_unanswered,
    unanswered_at_end,
    open_at_end,
    assigned,
    reached,
    within,
    abandoned_within,
    first_response,
    assignment,
    response,
    response_within,
    messages,
    written,
    lost,
});

/// Answers that agents began and that were taken from them before they were sent (D14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostAnswers {
    /// Taken by an auto-unassign, with the work on them.
    pub by_unassign: Total,
    /// Taken by an ownership removal, with the work on them.
    pub by_removal: Total,
    /// Given back at the end of a shift, with the work on them.
    pub by_hand_back: Total,
    /// Cut short: the consumer left openly, or the conversation was closed.
    pub cut_short: u64,
}

numbers_by_field!(LostAnswers { by_unassign, by_removal, by_hand_back, cut_short });

impl LostAnswers {
    /// Those that were lost, with the work on them; what was cut short is not lost.
    pub fn all(&self) -> Total {
        let mut all = self.by_unassign;
        all.merge(&self.by_removal);
        all.merge(&self.by_hand_back);
        all
    }

    pub(super) fn add(&mut self, taken: AnswerTaken, worked: Span) {
        match taken {
            AnswerTaken::ByUnassign => self.by_unassign.add(worked),
            AnswerTaken::ByRemoval => self.by_removal.add(worked),
            AnswerTaken::ByHandBack => self.by_hand_back.add(worked),
            AnswerTaken::ByClose => self.cut_short += 1,
        }
    }
}

/// Abandonments, by whether the platform noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abandoned {
    /// Openly: resolved at once.
    pub open: u64,
    /// Silently: the platform does not know.
    pub silent: u64,
}

numbers_by_field!(Abandoned { open, silent });

impl Abandoned {
    /// Both.
    pub fn all(&self) -> u64 {
        self.open + self.silent
    }
}

/// The end of a consumer's patience, as it counts.
#[derive(Clone, Copy)]
pub(super) struct Abandonment {
    pub(super) silent: bool,
    pub(super) answered: bool,
    pub(super) owned: bool,
    /// Before what ends the wait of the service level, within the threshold.
    pub(super) in_time: bool,
}

impl Flow {
    /// Abandoned before the first answer.
    pub fn abandoned(&self) -> u64 {
        self.abandoned_in_queue.all() + self.abandoned_while_owned.all()
    }

    /// Abandoned silently, at whatever point.
    pub fn abandoned_silently(&self) -> u64 {
        self.abandoned_in_queue.silent
            + self.abandoned_while_owned.silent
            + self.abandoned_mid_conversation.silent
    }

    /// Whether every conversation is accounted for once: offered = answered first + abandoned
    /// before the first answer + closed unanswered + unanswered at end.
    pub fn balances(&self) -> bool {
        self.offered == self.settled()
    }

    /// Of those offered, whose account is closed.
    pub(super) fn settled(&self) -> u64 {
        self.answered + self.abandoned() + self.closed_unanswered + self.unanswered_at_end
    }

    /// What ends the wait of the service level came after such a wait.
    pub(super) fn add_reached(&mut self, waited: Span, threshold: Span) {
        self.reached += 1;
        self.within += u64::from(waited <= threshold);
    }

    /// It is open at the end, answered or abandoned or not.
    pub(super) fn add_open_at_end(&mut self, is_settled: bool) {
        self.open_at_end += 1;
        self.unanswered_at_end += u64::from(!is_settled);
    }

    pub(super) fn add_abandonment(&mut self, of: Abandonment) {
        self.abandoned_within += u64::from(of.in_time);
        let abandoned = match (of.answered, of.owned) {
            (true, _) => &mut self.abandoned_mid_conversation,
            (false, true) => &mut self.abandoned_while_owned,
            (false, false) => &mut self.abandoned_in_queue,
        };
        *(if of.silent { &mut abandoned.silent } else { &mut abandoned.open }) += 1;
    }

    /// Abandoned before the first answer / offered.
    pub fn abandonment(&self) -> Option<f64> {
        ratio(self.abandoned(), self.offered)
    }

    /// The service level in one of the four ways, 0 to 1; `None` over nothing.
    pub fn service_level(&self, of: ServiceLevelOf) -> Option<f64> {
        let (part, whole) = self.service_level_parts(of);
        ratio(part, whole)
    }

    /// What is divided by what for a service level.
    pub fn service_level_parts(&self, of: ServiceLevelOf) -> (u64, u64) {
        match of {
            ServiceLevelOf::Offered => (self.within, self.offered),
            ServiceLevelOf::Answered => (self.within, self.reached),
            ServiceLevelOf::OfferedWithoutShortAbandons => {
                // What one shard was offered another may have seen abandoned.
                (self.within, self.offered.saturating_sub(self.abandoned_within))
            }
            ServiceLevelOf::ShortAbandonsCountAsServed => {
                (self.within + self.abandoned_within, self.offered)
            }
        }
    }
}

/// Occurrences, each on a conversation that counts or, without a conversation, after the warm-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Consumers who arrived at rates: without returns, closed populations and traces.
    pub arrivals: u64,
    /// Resolved by the reply to the last message, or after a boomerang (B9).
    pub resolved_by_agent: u64,
    /// Closed by the consumer.
    pub resolved_by_consumer: u64,
    /// Resolved because the consumer left openly.
    pub resolved_by_abandonment: u64,
    /// Closed for silence.
    pub auto_closed: u64,
    /// Ownerships begun: by assignment, claim or hand-over.
    pub assignments: u64,
    /// Of which claimed (pull mode).
    pub claims: u64,
    /// Replies that answered a message.
    pub answers: u64,
    /// Replies that answered none (D6).
    pub follow_ups: u64,
    /// Replies to consumers who had left silently.
    pub wasted_answers: u64,
    /// Auto-unassigns of owners who were Online.
    pub unassigned_online: u64,
    /// Auto-unassigns of owners who were Away.
    pub unassigned_away: u64,
    /// Auto-unassigns of owners who were Offline.
    pub unassigned_offline: u64,
    /// Auto-unassigns of a conversation that had one before.
    pub unassigned_again: u64,
    /// Auto-unassigns in the instant in which the owner came back to Online or logged in (D23).
    pub unassigned_on_return: u64,
    /// Assignments to the agent from whom the conversation was auto-unassigned last.
    pub back_to_same_agent: u64,
    /// Conversations by number of auto-unassigns: 0, 1, …, the last position and more.
    pub conversations_by_unassigns: [u64; UNASSIGN_CLASSES],
    /// Deadlines that fell due under a manual SLA (A7).
    pub suppressed_by_manual_sla: u64,
    /// Manual SLAs set.
    pub manual_slas: u64,
    /// Deadlines moved by a further message (D1).
    pub deadlines_moved: u64,
    /// Ownerships removed after a logout (B1).
    pub removed_on_logout: u64,
    /// Ownerships removed by a message to an offline owner (B3).
    pub removed_on_message: u64,
    /// Ownerships removed by a boomerang of an offline owner (B4).
    pub removed_on_boomerang: u64,
    /// Stale unassign deadlines.
    pub stale_deadlines: u64,
    /// Stale ends of manual SLAs.
    pub stale_manual_slas: u64,
    /// Stale pairs of ownership removals (E3).
    pub stale_removals: u64,
    /// Stale acts of agents.
    pub stale_acts: u64,
    /// Stale boomerangs.
    pub stale_boomerangs: u64,
    /// Claims refused (E13).
    pub refused_claims: u64,
    /// Conversations that woke up, or were handed over, above their owner's limit.
    pub overshoots: u64,
    /// Notifications at login (B6).
    pub notifications: u64,
    /// Of which stale (E11).
    pub stale_notifications: u64,
    /// Given back to the queue by the owner (A10).
    pub returned: u64,
    /// Given to another skill (A10).
    pub transferred_to_skill: u64,
    /// Given to another agent who was logged in (A10).
    pub transferred_to_agent: u64,
    /// Given to an agent who was offline (B6).
    pub assigned_offline: u64,
    /// Taken up at login (B6).
    pub taken_up: u64,
    /// Put into the queue for one agent (E16).
    pub reserved: u64,
    /// Of which nobody had when their time was over.
    pub fell_back: u64,
    /// Parked (B7).
    pub parked: u64,
    /// Replies that set a boomerang (B9).
    pub replies_with_boomerang: u64,
    /// Boomerangs that brought a conversation back.
    pub boomerangs: u64,
    /// Messages after a close (A14).
    pub after_close: u64,
    /// Of which opened the closed conversation again.
    pub reopened: u64,
    /// Closed, and the client meant to write again when the run ended.
    pub still_to_write: u64,
    /// Planned absences that began late, and by how much (D24).
    pub late_absences: Total,
    /// Planned absences that were cut short or never began because they were late, and the time
    /// lost (D24).
    pub lost_absences: Total,
    /// Shifts that ended without the routine of their end.
    pub ends_of_shift_missed: u64,
}

/// Clients: consumers over all their contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clients {
    /// Whose first contact counts.
    pub clients: u64,
    /// Of which answered in any contact.
    pub served: u64,
    /// Their contacts.
    pub contacts: u64,
}

merge_by_field!(Clients { clients, served, contacts });

/// Number of classes of [`Counts::conversations_by_unassigns`].
pub const UNASSIGN_CLASSES: usize = 11;

merge_by_field!(Counts {
    arrivals,
    resolved_by_agent,
    resolved_by_consumer,
    resolved_by_abandonment,
    auto_closed,
    assignments,
    claims,
    answers,
    follow_ups,
    wasted_answers,
    unassigned_online,
    unassigned_away,
    unassigned_offline,
    unassigned_again,
    unassigned_on_return,
    back_to_same_agent,
    conversations_by_unassigns,
    suppressed_by_manual_sla,
    manual_slas,
    deadlines_moved,
    removed_on_logout,
    removed_on_message,
    removed_on_boomerang,
    stale_deadlines,
    stale_manual_slas,
    stale_removals,
    stale_acts,
    stale_boomerangs,
    refused_claims,
    overshoots,
    notifications,
    stale_notifications,
    returned,
    transferred_to_skill,
    transferred_to_agent,
    assigned_offline,
    taken_up,
    reserved,
    fell_back,
    parked,
    replies_with_boomerang,
    boomerangs,
    after_close,
    reopened,
    still_to_write,
    late_absences,
    lost_absences,
    ends_of_shift_missed,
});

impl Counts {
    /// A conversation is over, or the run, after so many auto-unassigns.
    pub(super) fn note_unassigns(&mut self, unassigns: u16) {
        let class = usize::from(unassigns).min(UNASSIGN_CLASSES - 1);
        self.conversations_by_unassigns[class] += 1;
    }

    /// Auto-unassigns, whatever the owner's state.
    pub fn auto_unassigned(&self) -> u64 {
        self.unassigned_online + self.unassigned_away + self.unassigned_offline
    }

    /// Ownership removals, whatever the cause.
    pub fn ownership_removed(&self) -> u64 {
        self.removed_on_logout + self.removed_on_message + self.removed_on_boomerang
    }
}
