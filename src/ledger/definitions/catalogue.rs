//! The catalogue: every figure of what comes in a run, a line each.

use super::definition::Definition;
use super::figure_lines::figures;
use super::measured::{Counted, Measured};
use super::parts::Parts;
use super::readings::{away, count, counts, hours, longest, lost, mean, times, within};
use super::summary_place::{Heading, SummaryPlace};
use super::unit::{FigureKind, Unit};
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::Outcome;
use crate::ledger::settings::ServiceLevelOf;
use crate::model::settings::AwayKind;

/// The figures of what comes in the run, in the order of a report.
pub(super) const OF_RUN: &[Definition] = figures! {
    Count Conversations "offered" "offered" in Conversations
        = skill |it| count(it.flow().offered),
        "Conversations opened after the warm-up = answered + abandoned + closed unanswered + unanswered at end.";
    Count Conversations "first_contacts" "first contacts"
        = interval |it| count(it.flow().first_contacts),
        "Conversations opened by clients who had opened none before: without returns, repeat contacts and messages after a close.";
    Count Conversations "later_contacts" "of clients who came before" in Conversations below
        = interval |it| count(it.flow().offered - it.flow().first_contacts),
        "Conversations opened by clients who had opened one before: returns, repeat contacts and messages after a close.";
    Count Conversations "arrivals" "arrivals" = run |o| count(o.counts.arrivals),
        "Conversations opened by consumers who arrive at rates, the first of each: without returns, closed populations and traces. Their expected number is known: the control variate.";
    Count Conversations "answered" "answered" in Conversations
        = skill |it| count(it.flow().answered),
        "Conversations whose first answer came before any abandonment.";
    Count Conversations "abandoned" "abandoned before an answer" in Conversations
        = skill |it| count(it.flow().abandoned()),
        "Conversations whose consumer's patience ended before the first answer.";
    Count Conversations "abandoned_in_queue" "of which in the queue" in Conversations below
        = skill |it| count(it.flow().abandoned_in_queue.all()),
        "Abandoned before the first answer while nobody owned the conversation.";
    Count Conversations "abandoned_while_owned" "of which while owned" in Conversations below
        = skill |it| count(it.flow().abandoned_while_owned.all()),
        "Abandoned before the first answer while an agent owned the conversation.";
    Count Conversations "abandoned_mid_conversation" "abandoned later" in Conversations
        = skill |it| count(it.flow().abandoned_mid_conversation.all()),
        "Abandoned after the first answer; also counted as answered.";
    Count Conversations "abandoned_silently" "abandoned silently" in Conversations
        = run |o| count(o.flow.abandoned_silently()),
        "Abandonments that the platform did not see, at whatever point.";
    Count Conversations "closed_unanswered" "closed unanswered" in Conversations
        = skill |it| count(it.flow().closed_unanswered),
        "Resolved, neither answered nor abandoned before.";
    Count Conversations "unanswered_at_end" "unanswered at the end" in Conversations
        = skill |it| count(it.flow().unanswered_at_end),
        "Open at the end of the run, neither answered nor abandoned.";
    Count Conversations "open_at_end" "open at the end" in Conversations
        = run |o| count(o.flow.open_at_end),
        "Open at the end of the run, whatever happened before.";
    Ratio Share "abandonment" "abandoned before an answer" or "abandoned"
        = skill |it| counts(it.flow().abandoned(), it.flow().offered),
        "Abandoned before the first answer / offered.";
    Ratio Share "service_level" "service level" = skill |it| within(it, it.service_level_of()),
        "The service level as configured: which wait, threshold and way.";
    Ratio Share "service_level_of_offered" "service level of offered"
        = skill |it| within(it, ServiceLevelOf::Offered),
        "Reached within the threshold / offered.";
    Ratio Share "service_level_of_answered" "service level of answered"
        = skill |it| within(it, ServiceLevelOf::Answered),
        "Reached within the threshold / reached (answered, or assigned if the level is taken there).";
    Ratio Share "service_level_without_short_abandons" "service level, short left out"
        = skill |it| within(it, ServiceLevelOf::OfferedWithoutShortAbandons),
        "Reached within the threshold / (offered - abandoned within the threshold).";
    Ratio Share "service_level_with_short_abandons" "service level, short served"
        = skill |it| within(it, ServiceLevelOf::ShortAbandonsCountAsServed),
        "(Reached within the threshold + abandoned within the threshold) / offered.";

    Ratio Seconds "first_response_mean" "first response, mean" or "first response" in Waiting
        = skill |it| mean(it.flow().first_response),
        "Opening to first answer, of the answered: mean.";
    Mean Seconds "first_response_p50" "first response, half within" in Waiting
        = run |o| o.times.first_response.quantile(0.5),
        "Opening to first answer: median.";
    Mean Seconds "first_response_p90" "first response, 90 % within" in Waiting
        = run |o| o.times.first_response.quantile(0.9),
        "Opening to first answer: what 90 % do not exceed.";
    Mean Seconds "first_response_p99" "first response, 99 % within"
        = run |o| o.times.first_response.quantile(0.99),
        "Opening to first answer: what 99 % do not exceed.";
    Ratio Seconds "assignment_mean" "assignment, mean" = skill |it| mean(it.flow().assignment),
        "Opening to first assignment, of those assigned before any abandonment: mean.";
    Mean Seconds "assignment_p90" "assignment, 90 % within"
        = run |o| o.times.assignment.quantile(0.9),
        "Opening to first assignment: what 90 % do not exceed.";
    Ratio Share "assigned_at_once" "assigned at once"
        = run |o| counts(o.times.assignment.zero(), o.times.assignment.count()),
        "Assigned in the instant of the opening / assigned before any abandonment.";
    Ratio Seconds "response_mean" "response, mean" in Waiting
        = skill |it| mean(it.flow().response),
        "First unanswered message to reply, of every answer: mean.";
    Mean Seconds "response_p50" "response, half within" = run |o| o.times.response.quantile(0.5),
        "First unanswered message to reply: median.";
    Mean Seconds "response_p90" "response, 90 % within" in Waiting
        = run |o| o.times.response.quantile(0.9),
        "First unanswered message to reply: what 90 % do not exceed.";
    Mean Seconds "response_p99" "response, 99 % within" = run |o| o.times.response.quantile(0.99),
        "First unanswered message to reply: what 99 % do not exceed.";
    Ratio Share "response_in_time" "responses in time" in Waiting
        = skill |it| counts(it.flow().response_within, it.flow().response.count),
        "Answers within `measure.response_within` / answers.";
    Ratio Seconds "start_of_writing_mean" "start of writing, mean"
        = run |o| mean(o.times.start_of_writing.total()),
        "First unanswered message to the start of writing the answer: mean.";
    Ratio Seconds "queue_time_mean" "stay in the queue, mean" in Waiting
        = run |o| mean(o.times.queue.total()),
        "One stay in a queue that ended, whatever ended it: mean.";
    Mean Seconds "queue_time_p90" "queue stay, 90 % within" = run |o| o.times.queue.quantile(0.9),
        "One stay in a queue that ended: what 90 % do not exceed.";
    Count Times "queue_stays" "stays in the queue" = run |o| count(o.times.queue.count()),
        "Stays in a queue that ended.";
    Ratio Seconds "handle_time_mean" "handle time, mean" in Agents 3
        = skill |it| mean(it.handle()),
        "Time in New of a resolved conversation, owned or not: mean.";
    Ratio Seconds "handle_time_owned_mean" "handle time with owner, mean" in Agents 3
        = run |o| mean(o.times.handle_owned.total()),
        "Time in New of a resolved conversation while it had an owner: mean.";
    Ratio Seconds "handle_time_without_offline_mean" "while no owner is offline" in Agents below 3
        = run |o| mean(o.times.handle_without_offline.total()),
        "Time in New of a resolved conversation, owned or not, without the time while its owner was offline: mean (E14).";

    Count Messages "messages" "messages of consumers" = skill |it| count(it.flow().messages),
        "Messages of consumers, the opening ones too.";
    Count Messages "answers" "answers a run" in Agents 3 = run |o| count(o.counts.answers),
        "Replies that answered at least one message of a consumer who was still there.";
    Count Messages "follow_ups" "follow-ups" in Agents 3 = run |o| count(o.counts.follow_ups),
        "Replies that answered no message: after a boomerang or a hand-over (D6).";
    Count Messages "wasted_answers" "wasted replies" in Agents 3
        = run |o| count(o.counts.wasted_answers),
        "Replies to consumers who had left silently.";
    Count Messages "lost_answers" "answers lost a run" in Agents 3
        = skill |it| count(it.flow().lost.all().count),
        "Answers that an agent had begun and that were taken away before they were sent, with their conversation (D14).";
    Count Messages "lost_answers_by_unassign" "to an unassign" in Agents below 3
        = skill |it| count(it.flow().lost.by_unassign.count),
        "Answers lost to an auto-unassign.";
    Count Messages "lost_answers_by_removal" "to an ownership removal" in Agents below 3
        = skill |it| count(it.flow().lost.by_removal.count),
        "Answers lost to an ownership removal.";
    Count Messages "lost_answers_by_hand_back" "to a hand-back at the end" in Agents below 3
        = skill |it| count(it.flow().lost.by_hand_back.count),
        "Answers lost because their author gave the conversation back at the end of the shift.";
    Count Hours "lost_work" "work lost, hours a run" in Agents 3
        = skill |it| hours(it.flow().lost.all()),
        "Time that agents had worked on lost answers, without pauses.";
    Ratio Share "lost_answer_share" "answers lost" = skill |it| lost(it, |of| of.count as f64),
        "Answers lost / (answers lost + replies delivered, follow-ups and wasted ones too).";
    Ratio Share "lost_work_share" "work lost" = skill |it| lost(it, |of| of.micros as f64 / 1e6),
        "Time worked on lost answers / time worked on these and on the replies delivered.";
    Count Messages "answers_cut_short" "answers cut short" in Agents 3
        = skill |it| count(it.flow().lost.cut_short),
        "Answers that an agent had begun when the consumer left openly or the conversation was closed.";
    Count Times "assignments" "assignments" = run |o| count(o.counts.assignments),
        "Ownerships begun: by assignment, claim or hand-over.";
    Count Times "claims" "claims" = run |o| count(o.counts.claims),
        "Ownerships begun by a claim (pull mode).";
    Count Times "refused_claims" "refused claims" in Agents 4
        = run |o| count(o.counts.refused_claims),
        "Claims refused: somebody else was first (pull mode).";

    Count Times "auto_unassigned" "unassigns a run" in Unassignment 1
        = skill |it| count(it.auto_unassigned()),
        "Owners removed because the consumer waited too long (S0).";
    Count Times "auto_unassigned_online" "of Online agents" in Unassignment below 1
        = run |o| count(o.counts.unassigned_online),
        "Auto-unassigns of owners who were Online.";
    Count Times "auto_unassigned_away" "of Away agents" in Unassignment below 1
        = run |o| count(o.counts.unassigned_away),
        "Auto-unassigns of owners who were Away, whatever the reason.";
    Count Times "auto_unassigned_offline" "of Offline agents" in Unassignment below 1
        = run |o| count(o.counts.unassigned_offline),
        "Auto-unassigns of owners who were Offline.";
    Ratio PerConversation "auto_unassigned_per_conversation" "unassigns a conversation" in Unassignment
        = skill |it| counts(it.auto_unassigned(), it.flow().offered),
        "Auto-unassigns / offered.";
    Count Times "bounces" "again (bounces)" in Unassignment below 1
        = run |o| count(o.counts.unassigned_again),
        "Auto-unassigns of a conversation that had been auto-unassigned before.";
    Count Times "unassigns_on_return" "at the owner's return" in Unassignment below 1
        = run |o| count(o.counts.unassigned_on_return),
        "Auto-unassigns in the instant in which the owner came back to Online or logged in (D23).";
    Count Times "back_to_same_agent" "back to the same agent" in Unassignment below 1
        = run |o| count(o.counts.back_to_same_agent),
        "Assignments to the very agent from whom the conversation had just been auto-unassigned.";
    Count Times "suppressed_by_manual_sla" "suppressed by manual SLA" in Unassignment 3
        = run |o| count(o.counts.suppressed_by_manual_sla),
        "Unassign deadlines that fell due under a manual SLA, once a manual SLA (A7).";
    Count Times "manual_slas" "manual SLAs" = run |o| count(o.counts.manual_slas),
        "Manual SLAs set.";
    Count Times "deadlines_moved" "deadlines moved by a message" in Unassignment 2
        = run |o| count(o.counts.deadlines_moved),
        "Unassign deadlines moved by a further message (D1).";
    Ratio Seconds "unassign_delay_mean" "message to unassign, mean" in Unassignment 1
        = run |o| mean(o.times.unassign_delay.total()),
        "Message to auto-unassign: mean.";
    Mean Seconds "unassign_delay_p99" "to unassign, 99 % within"
        = run |o| o.times.unassign_delay.quantile(0.99),
        "Message to auto-unassign: what 99 % do not exceed.";
    Count Times "ownership_removed" "ownership removals a run" in Removal
        = skill |it| count(it.ownership_removed()),
        "Owners removed because they were logged out (S2).";
    Count Times "ownership_removed_on_logout" "after a logout" in Removal below
        = run |o| count(o.counts.removed_on_logout),
        "Ownerships of New conversations removed within the bound after a logout (B1).";
    Count Times "ownership_removed_on_message" "by a message" in Removal below
        = run |o| count(o.counts.removed_on_message),
        "Ownerships removed by a message to an owner who was logged out (B3).";
    Count Times "ownership_removed_on_boomerang" "by a boomerang" in Removal below
        = run |o| count(o.counts.removed_on_boomerang),
        "Ownerships removed by a boomerang of an owner who was logged out (B4).";
    Ratio Seconds "removal_delay_mean" "logout to removal, mean" in Removal
        = run |o| mean(o.times.removal_delay.total()),
        "Logout (or, if later, assignment) to ownership removal (B1): mean.";
    Maximum Seconds "removal_delay_max" "logout to removal, longest" in Removal
        = run |o| longest(&o.times.removal_delay),
        "Logout (or, if later, assignment) to ownership removal (B1): longest of a run.";
    Ratio PerConversation "reassignments" "reassignments a conversation" or "reassignments"
        = skill |it| counts(it.auto_unassigned() + it.ownership_removed(), it.flow().offered),
        "(Auto-unassigns + ownership removals) / offered.";
    Ratio Seconds "next_owner_mean" "to the next owner, mean" in Rescue
        = run |o| mean(o.times.next_owner.total()),
        "Auto-unassign or ownership removal to the next owner: mean.";
    Ratio Seconds "rescue_mean" "to the rescue, mean" in Rescue
        = run |o| mean(o.times.rescue.total()),
        "Last auto-unassign or ownership removal to the first reply, if by another agent: mean.";
    Mean Seconds "rescue_p90" "to the rescue, 90 % within" in Rescue
        = run |o| o.times.rescue.quantile(0.9),
        "Reassignment to the rescuing reply: what 90 % do not exceed.";
    Count Times "rescues" "rescues" = run |o| count(o.times.rescue.count()),
        "First replies after an auto-unassign or ownership removal by another agent.";
    Count Times "stranded" "stranded conversations a run" in Removal
        = run |o| count(o.times.stranded.count()),
        "Stays in New with one owner during which that owner was Offline for some time, those that the end of the run cut off too.";
    Ratio Seconds "stranded_mean" "stranded, mean time" in Removal
        = run |o| mean(o.times.stranded.total()),
        "Time Offline of the owner in such a stay: mean.";
    Maximum Seconds "stranded_max" "stranded, longest" in Removal
        = run |o| longest(&o.times.stranded),
        "Time Offline of the owner in such a stay: longest of a run.";
    Mean Conversations "stranded_level" "stranded conversations, mean"
        = interval |it| it.level(Gauge::Stranded),
        "New conversations whose owner is Offline: mean over time, to the horizon.";
    Count Conversations "resolved_by_agent" "resolved by an agent"
        = run |o| count(o.counts.resolved_by_agent),
        "Resolved by the reply to the last message, or by the owner after a boomerang (B9).";
    Count Conversations "resolved_by_consumer" "resolved by the consumer"
        = run |o| count(o.counts.resolved_by_consumer),
        "Closed by the consumer.";
    Count Conversations "resolved_by_abandonment" "resolved by abandonment"
        = run |o| count(o.counts.resolved_by_abandonment),
        "Resolved because the consumer left openly.";
    Count Conversations "auto_closed" "auto-closed" in Conversations
        = run |o| count(o.counts.auto_closed),
        "Closed by the platform for silence.";
    Count Messages "after_close" "messages after a close" in Conversations
        = run |o| count(o.counts.after_close),
        "Messages of consumers whose conversation had been closed: each opens a new one or opens the old one again (A14).";
    Count Times "reopened" "of which opened again" in Conversations below
        = run |o| count(o.counts.reopened),
        "Messages after a close that opened the closed conversation again (A14).";
    Count Clients "still_to_write" "still to write" in Conversations
        = run |o| count(o.counts.still_to_write),
        "Clients whose conversation was closed and who meant to write again when the run ended.";
    Count Clients "clients" "clients" = run |o| count(o.clients.clients),
        "Consumers whose first contact was opened after the warm-up, each counted once over all contacts.";
    Count Clients "clients_served" "of which answered"
        = run |o| count(o.clients.served),
        "Clients who were answered, in whichever contact.";
    Ratio Share "clients_served_share" "clients answered" in Conversations & "later_contacts"
        = run |o| counts(o.clients.served, o.clients.clients),
        "Clients who were answered, in whichever contact / clients.";
    Ratio PerClient "contacts_per_client" "contacts a client" in Conversations & "later_contacts"
        = run |o| counts(o.clients.contacts, o.clients.clients),
        "Contacts of clients whose first contact counts / those clients.";
    Count Times "parked" "parked" in Agents 4 = run |o| count(o.counts.parked), "Conversations parked (B7).";
    Count Times "replies_with_boomerang" "replies with a boomerang" in Agents 4
        = run |o| count(o.counts.replies_with_boomerang),
        "Replies after which the conversation was to come back if the consumer was silent (B9).";
    Count Times "boomerangs" "boomerangs" in Agents 4 = run |o| count(o.counts.boomerangs),
        "Boomerangs that brought a conversation back to New.";
    Count Times "manual_returns" "given back" in Agents 4 = run |o| count(o.counts.returned),
        "Conversations given back to the queue by their owner (A10).";
    Count Times "transfers_to_skill" "transfers to a skill" in Agents 4
        = run |o| count(o.counts.transferred_to_skill),
        "Conversations given to the queue of another skill (A10).";
    Count Times "transfers_to_agent" "transfers to an agent" in Agents 4
        = run |o| count(o.counts.transferred_to_agent),
        "Conversations given to another agent who was logged in (A10).";
    Count Times "assigned_offline" "assigned to an offline agent" in Agents 4
        = run |o| count(o.counts.assigned_offline),
        "Conversations given to an agent who was offline (B6).";
    Count Times "taken_up" "taken up at login" in Agents 4 = run |o| count(o.counts.taken_up),
        "Pending conversations taken up at login after an assignment while offline (B6).";
    Count Times "reserved" "reserved for an agent" in Agents 4 = run |o| count(o.counts.reserved),
        "Conversations handed over that waited in the queue for one agent (E16).";
    Count Times "fell_back" "fell back to the queue" in Agents below 4
        = run |o| count(o.counts.fell_back),
        "Conversations reserved for an agent who did not come in time (E16).";
    Count Times "notifications" "notifications" in Agents 4 = run |o| count(o.counts.notifications),
        "Notifications at login of assignments made while offline, stale ones too (B6).";
    Count Times "stale_notifications" "of which stale" in Agents below 4
        = run |o| count(o.counts.stale_notifications),
        "Notifications at login of assignments that had gone by then (E11).";
    Count Times "overshoots" "above the slot limit" in Agents 3
        = run |o| count(o.counts.overshoots),
        "Conversations that woke up above their owner's limit of slots, or were handed over to an agent above it (E16).";
    Count Times "late_absences" "planned absences late" in Agents 5
        = run |o| count(o.counts.late_absences.count),
        "Breaks, planned times Away and planned logouts that began late: the agent was interrupted, cut off or logged out (D24).";
    Ratio Seconds "late_absence_delay_mean" "how late, mean" in Agents below 5
        = run |o| mean(o.counts.late_absences),
        "Planned to actual beginning of a planned absence that began late: mean.";
    Count Times "lost_absences" "planned absences cut short" in Agents 5
        = run |o| count(o.counts.lost_absences.count),
        "Planned absences that lost time because they were late: cut short, or never begun (D24).";
    Count Hours "lost_absence_time" "hours of them lost a run" in Agents below 5
        = run |o| hours(o.counts.lost_absences),
        "Time of planned absences that was lost because they were late.";
    Count Times "ends_of_shift_missed" "ends of shift missed" in Agents 5
        = run |o| count(o.counts.ends_of_shift_missed),
        "Shifts whose end found the agent interrupted or cut off, so that what `finish` says was not done.";
    Count Times "stale_deadlines" "stale deadlines" = run |o| count(o.counts.stale_deadlines),
        "Unassign deadlines of an earlier epoch: no-ops.";
    Count Times "stale_manual_slas" "stale ends of manual SLAs"
        = run |o| count(o.counts.stale_manual_slas),
        "Ends of manual SLAs that were over already: no-ops.";
    Count Times "stale_removals" "stale ownership removals"
        = run |o| count(o.counts.stale_removals),
        "Pairs of an ownership removal that no longer held: no-ops (E3).";
    Count Times "stale_acts" "stale acts of agents" = run |o| count(o.counts.stale_acts),
        "Acts of agents, other than replies, on conversations that were no longer theirs: no-ops.";
    Count Times "stale_boomerangs" "stale boomerangs" = run |o| count(o.counts.stale_boomerangs),
        "Boomerangs on conversations that were not Pending: no-ops.";

    Mean Conversations "queue_length" "queue length, mean" in Waiting
        = interval |it| it.level(Gauge::Queue),
        "New conversations without an owner: mean over time, to the horizon.";
    Maximum Conversations "queue_length_max" "queue length, highest" in Waiting
        = run |o| Some(o.maximum(Gauge::Queue)),
        "New conversations without an owner: highest number held for any time at all in a run.";
    Mean Conversations "open" "open conversations, mean" in Waiting
        = interval |it| it.level(Gauge::Open),
        "Conversations not resolved: mean over time, to the horizon.";
    Maximum Conversations "open_max" "open conversations, highest" in Waiting
        = run |o| Some(o.maximum(Gauge::Open)),
        "Conversations not resolved: highest number held for any time at all in a run.";
    Mean Conversations "unowned" "without an owner, mean" = interval |it| it.level(Gauge::Unowned),
        "Open conversations without an owner, whatever their status: mean over time, to the horizon.";
    Maximum Conversations "unowned_max" "without an owner, highest"
        = run |o| Some(o.maximum(Gauge::Unowned)),
        "Open conversations without an owner: highest number held for any time at all in a run.";
    Mean Agents "agents_online" "online, mean" in Agents 2 = interval |it| it.level(Gauge::Online),
        "Agents Online: mean over time, to the horizon.";
    Mean Agents "agents_away" "agents away, mean" = interval |it| it.level(Gauge::Away),
        "Agents Away: mean over time, to the horizon.";
    Mean Agents "agents_offline" "agents offline, mean" = interval |it| it.level(Gauge::Offline),
        "Agents Offline: mean over time, to the horizon.";
    Mean Agents "agents_busy" "agents at work, mean" = interval |it| it.level(Gauge::Busy),
        "Logged-in agents at work (writing, deciding on a hand-over, wrapping up): mean over time, to the horizon.";
    Mean Agents "agents_unresponsive" "agents unresponsive, mean"
        = interval |it| it.level(Gauge::Unresponsive),
        "Logged-in agents who are interrupted or cut off: mean over time, to the horizon.";
    Mean Agents "agents_closing" "agents closing, mean" = interval |it| it.level(Gauge::Closing),
        "Logged-in agents whose shift is over and who finish first: mean over time, to the horizon.";
    Mean Slots "slots_used" "slots used, mean" = interval |it| it.level(Gauge::SlotsUsed),
        "Weights of the open conversations of logged-in agents: mean over time, to the horizon.";
    Mean Slots "slots" "slots, mean" = interval |it| it.level(Gauge::SlotCapacity),
        "Slots of logged-in agents: mean over time, to the horizon.";
    Count Hours "logged_in_hours" "logged in, hours a run" in Agents 2
        = interval |it| it.logged_in().hours(),
        "Time of all agents Online or Away, to the horizon.";
    Ratio Share "occupancy" "occupancy" in Agents
        = interval |it| it.logged_in().share(|agents| agents.busy),
        "Time at work / time logged in, over all agents, to the horizon.";
    Ratio Share "slot_use" "slot use" in Agents = interval |it| it.logged_in().slot_use(),
        "Weighted slots used / slots, both while logged in, over all agents, to the horizon. Above 1 where conversations are handed over to, or wake up with, agents whose slots are taken.";
    Ratio Share "idle" "idle" in Agents
        = run |o| times(o.agent_times().idle, o.agent_times().logged_in),
        "Time Online, neither at work nor unresponsive / time logged in.";
    Ratio Share "interrupted" "unresponsive" in Agents 1
        = interval |it| it.logged_in().share(|agents| agents.interrupted),
        "Time logged in and unresponsive / time logged in.";
    Ratio Share "away" "away" in Agents = interval |it| it.logged_in().share(|agents| agents.away),
        "Time Away / time logged in.";
    Ratio Share "away_planned" "by plan" in Agents below = run |o| away(o, AwayKind::Planned),
        "Time Away at a time of the day (breaks and planned episodes) / time logged in.";
    Ratio Share "away_at_random" "at random" in Agents below = run |o| away(o, AwayKind::AtRandom),
        "Time Away at random / time logged in.";
    Ratio Share "away_set" "by the platform" in Agents below = run |o| away(o, AwayKind::ByPlatform),
        "Time Away after an auto-unassign with `on_unassign = \"set_away\"` (D12) / time logged in.";
    Ratio Share "away_at_end_of_shift" "before the end of the shift" in Agents below
        = run |o| away(o, AwayKind::EndOfShift),
        "Time Away before the planned end of a shift (`finish.away_before`) / time logged in.";
};
