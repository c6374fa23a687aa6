//! The run by agent, skill and group, and at the instants of `measure.at`; in the mean over replications.

use std::io;

use crate::base::ids::AgentId;
use crate::ledger::outcome::{AgentFigures, GroupFigures, InstantFigures, SkillFigures};
use crate::model::settings::SlotWeight;

use super::columns::{TableCell, TableColumn, TableSink, columns};
use super::names::CentreNames;
use super::part_row::{PartPlace, PartRow, write_parts};
use super::report_data::Report;

/// Each part by its position.
fn each<Figures>(parts: &[Figures]) -> impl Iterator<Item = (PartPlace, &Figures)> {
    let places = (0..).map(|position| PartPlace { position, interval: 0 });
    places.zip(parts)
}

/// A row an agent of each variant.
pub(super) fn agents(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, AgentFigures>>] = columns! {
    agent "" = |row| TableCell::text(CentreNames::new(&row.variant().plan.centre).agent(AgentId(row.place.position as u32))), "Name, or group and number within the group from 1.";
    group "" = |row| TableCell::text(row.outcome.labels.groups.get(usize::from(row.figures.group)).cloned().unwrap_or_default()), "Group.";
    logged_in "seconds" = |row| row.seconds(row.figures.horizon.logged_in), "Time Online or Away, to the horizon, as all times here.";
    online "seconds" = |row| row.seconds(row.figures.horizon.online), "Time Online.";
    away "seconds" = |row| row.seconds(row.figures.horizon.away), "Time Away, whatever the reason.";
    busy "seconds" = |row| row.seconds(row.figures.horizon.busy), "Time at work.";
    interrupted "seconds" = |row| row.seconds(row.figures.horizon.interrupted), "Time logged in and unresponsive.";
    idle "seconds" = |row| row.seconds(row.figures.horizon.idle), "Time Online, neither at work nor unresponsive.";
    closing "seconds" = |row| row.seconds(row.figures.horizon.closing), "Time logged in with the shift over, finishing first.";
    occupancy "share" = |row| TableCell::Number(row.figures.horizon.occupancy()), "Time at work / time logged in.";
    slot_use "share" = |row| TableCell::Number(row.figures.horizon.slot_use()), "Slots in use / slots, while logged in.";
    logged_in_after_horizon "seconds" = |row| row.seconds(row.figures.drain.logged_in), "Time Online or Away from the horizon to the end of the run.";
    busy_after_horizon "seconds" = |row| row.seconds(row.figures.drain.busy), "Time at work from the horizon to the end of the run.";
    conversations "times" = |row| row.count(row.figures.work.conversations), "Ownerships begun.";
    answers "messages" = |row| row.count(row.figures.work.answers), "Replies delivered, follow-ups and wasted ones too.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.work.response.mean()), "First unanswered message to reply, mean.";
    auto_unassigned "times" = |row| row.count(row.figures.work.auto_unassigned), "Auto-unassigns suffered.";
    ownership_removed "times" = |row| row.count(row.figures.work.ownership_removed), "Ownership removals suffered.";
    parked "times" = |row| row.count(row.figures.work.parked), "Conversations parked.";
    handed_over "times" = |row| row.count(row.figures.work.handed_over), "Conversations given back, transferred or assigned to an offline agent.";
    lost_answers "messages" = |row| row.count(row.figures.work.lost_answers.count), "Answers begun and taken away before they were sent, with their conversation.";
    lost_work "seconds" = |row| row.seconds(row.figures.work.lost_answers.micros), "Time worked on them, without pauses.";
    refused_claims "times" = |row| row.count(row.figures.work.refused_claims), "Claims refused: somebody else was first.";
    overshoots "times" = |row| row.count(row.figures.work.overshoots), "Conversations that woke up above the limit of slots.";
    };
    write_parts(report, table, columns, |outcome| each(&outcome.agents))
}

/// A row a skill of each variant.
pub(super) fn skills(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, SkillFigures>>] = columns! {
    skill "" = |row| TableCell::text(&row.outcome.labels.skills[row.place.position]), "Skill. A stay with it begins at the opening or when another skill hands the conversation in, and ends when it is handed out or closed; what is counted here are stays.";
    offered "stays" = |row| row.count(row.figures.flow.offered), "Stays that began = answered + abandoned + closed_unanswered + handed_out_unanswered + unanswered_at_end. Over all skills, conversations opened + handed in.";
    handed_in "stays" = |row| row.count(row.figures.handed_in), "Of which handed in by another skill, also to an agent.";
    answered "stays" = |row| row.count(row.figures.flow.answered), "Answered in the stay, before any abandonment.";
    abandoned "stays" = |row| row.count(row.figures.flow.abandoned()), "Abandoned in the stay, before its first answer.";
    abandoned_later "stays" = |row| row.count(row.figures.flow.abandoned_mid_conversation.all()), "Abandoned in the stay, after its first answer.";
    closed_unanswered "stays" = |row| row.count(row.figures.flow.closed_unanswered), "Resolved, neither answered nor abandoned in the stay.";
    handed_out "stays" = |row| row.count(row.figures.handed_out), "Handed out to another skill.";
    handed_out_unanswered "stays" = |row| row.count(row.figures.handed_out_unanswered), "Of which neither answered nor abandoned in the stay.";
    unanswered_at_end "stays" = |row| row.count(row.figures.flow.unanswered_at_end), "Open at the end of the run, neither answered nor abandoned in the stay.";
    service_level "share" = |row| TableCell::Number(row.figures.flow.service_level(row.outcome.frame.service_level.of)), "Service level of the stays as configured, by the time from the beginning of each.";
    abandonment "share" = |row| TableCell::Number(row.figures.flow.abandonment()), "Abandoned before the first answer / offered.";
    assignment_mean "seconds" = |row| TableCell::Number(row.figures.flow.assignment.mean()), "Beginning of the stay to the first agent who has it and is logged in, mean.";
    first_response_mean "seconds" = |row| TableCell::Number(row.figures.first_response.mean()), "Beginning of the stay to its first answer, mean.";
    first_response_p90 "seconds" = |row| TableCell::Number(row.figures.first_response.quantile(0.9)), "Beginning of the stay to its first answer, within which 90 % are.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.response.mean()), "First unanswered message, or the beginning of the stay if that is later, to reply, mean.";
    response_p90 "seconds" = |row| TableCell::Number(row.figures.response.quantile(0.9)), "First unanswered message, or the beginning of the stay if that is later, to reply, within which 90 % are.";
    queue_time_mean "seconds" = |row| TableCell::Number(row.figures.queue.mean()), "Each time in the queue of this skill, mean.";
    queue_max "conversations" = |row| TableCell::Whole(row.figures.queue_length.maximum), "Length of this skill's queue, highest in any replication.";
    handle_time_mean "seconds" = |row| TableCell::Number(row.figures.handle.mean()), "Handle time in a stay that ended, mean.";
    auto_unassigned "times" = |row| row.count(row.figures.auto_unassigned), "Auto-unassigns.";
    ownership_removed "times" = |row| row.count(row.figures.ownership_removed), "Ownership removals.";
    };
    write_parts(report, table, columns, |outcome| each(&outcome.skills))
}

/// A row a group of agents of each variant.
pub(super) fn groups(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, GroupFigures>>] = columns! {
    group "" = |row| TableCell::text(&row.outcome.labels.groups[row.place.position]), "Agent group.";
    agents "agents" = |row| TableCell::Whole(row.figures.agents.into()), "Agents in it.";
    logged_in "hours" = |row| row.hours(row.figures.horizon.logged_in), "Hours Online or Away, to the horizon, as all hours here.";
    away "hours" = |row| row.hours(row.figures.horizon.away), "Hours Away, whatever the reason.";
    busy "hours" = |row| row.hours(row.figures.horizon.busy), "Hours at work.";
    interrupted "hours" = |row| row.hours(row.figures.horizon.interrupted), "Hours logged in and unresponsive.";
    idle "hours" = |row| row.hours(row.figures.horizon.idle), "Hours Online, neither at work nor unresponsive.";
    occupancy "share" = |row| TableCell::Number(row.figures.horizon.occupancy()), "Time at work / time logged in.";
    slot_use "share" = |row| TableCell::Number(row.figures.horizon.slot_use()), "Slots in use / slots, while logged in.";
    conversations "times" = |row| row.count(row.figures.work.conversations), "Ownerships begun.";
    answers "messages" = |row| row.count(row.figures.work.answers), "Replies delivered, follow-ups and wasted ones too.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.response.mean()), "First unanswered message to reply, mean.";
    response_p90 "seconds" = |row| TableCell::Number(row.figures.response.quantile(0.9)), "First unanswered message to reply, within which 90 % are.";
    auto_unassigned "times" = |row| row.count(row.figures.work.auto_unassigned), "Auto-unassigns suffered.";
    ownership_removed "times" = |row| row.count(row.figures.work.ownership_removed), "Ownership removals suffered.";
    lost_answers "messages" = |row| row.count(row.figures.work.lost_answers.count), "Answers begun and taken away before they were sent, with their conversation.";
    lost_work "hours" = |row| row.hours(row.figures.work.lost_answers.micros), "Hours worked on them, without pauses.";
    };
    write_parts(report, table, columns, |outcome| each(&outcome.groups))
}

impl PartRow<'_, InstantFigures> {
    /// Of a sum over the replications that saw the instant.
    fn seen(&self, sum: f64) -> TableCell {
        let seen = self.figures.seen;
        TableCell::Number((seen > 0).then(|| sum / seen as f64))
    }
}

/// A row an instant of each variant.
pub(super) fn instants(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, InstantFigures>>] = columns! {
    at "seconds" = |row| TableCell::time(Some(row.figures.at)), "Instant of `measure.at`, from the start of the run.";
    open "conversations" = |row| row.seen(row.figures.open.sum as f64), "Open conversations, mean over the replications that had not been cut off before; 0 after all work was done.";
    queued "conversations" = |row| row.seen(row.figures.queued.sum as f64), "Conversations in the queue.";
    busy "agents" = |row| row.seen(row.figures.busy.sum as f64), "Agents at work.";
    slots_used "slots" = |row| row.seen(row.figures.slots_used.sum as f64 / f64::from(SlotWeight::FULL.0)), "Slots in use of logged-in agents.";
    };
    write_parts(report, table, columns, |outcome| each(&outcome.instants))
}
