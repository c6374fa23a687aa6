//! The run by skill, by agent group, and at the instants of `measure.at`; in the mean over
//! replications.

use std::io;

use crate::ledger::outcome::{GroupFigures, InstantFigures, Outcome, SkillFigures};
use crate::model::settings::SlotWeight;

use super::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::intervals_csv::checked;
use super::report_data::Report;

/// One row of any of the three tables.
pub(super) struct BreakdownRow<'a, Figures> {
    variant: &'a str,
    outcome: &'a Outcome,
    checked: bool,
    name: &'a str,
    figures: &'a Figures,
}

impl<Figures> BreakdownRow<'_, Figures> {
    /// A count of one run.
    fn count(&self, sum: u64) -> TableCell {
        self.mean(sum as f64)
    }

    /// Hours in one run.
    fn hours(&self, micros: u128) -> TableCell {
        self.mean(micros as f64 / 3.6e9)
    }

    fn mean(&self, sum: f64) -> TableCell {
        TableCell::Number(Some(sum / self.outcome.replications as f64))
    }
}

/// A row a skill of each variant.
pub(super) fn skills(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    write(report, table, skill_columns(), |outcome| {
        outcome.labels.skills.iter().map(String::as_str).zip(&outcome.skills).collect()
    })
}

/// A row a group of agents of each variant.
pub(super) fn groups(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    write(report, table, group_columns(), |outcome| {
        outcome.labels.groups.iter().map(String::as_str).zip(&outcome.groups).collect()
    })
}

/// A row an instant of each variant.
pub(super) fn instants(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    write(report, table, instant_columns(), |outcome| {
        outcome.instants.iter().map(|figures| ("", figures)).collect()
    })
}

fn write<'a, Figures>(
    report: &'a Report<'_>,
    table: &mut dyn TableSink,
    columns: &[TableColumn<BreakdownRow<'a, Figures>>],
    figures_of: impl Fn(&'a Outcome) -> Vec<(&'a str, &'a Figures)>,
) -> io::Result<()>
where
    Figures: 'a,
{
    table.header(columns)?;
    for variant in &report.results.variants {
        let Some(outcome) = variant.pooled.as_deref() else { continue };
        for (name, figures) in figures_of(outcome) {
            let (variant, checked) = (variant.name.as_str(), report.checked);
            table.row(columns, &BreakdownRow { variant, outcome, checked, name, figures })?;
        }
    }
    Ok(())
}

pub(super) fn skill_columns<'a>() -> &'a [TableColumn<BreakdownRow<'a, SkillFigures>>] {
    columns! {
    variant "" = |row| TableCell::text(row.variant), "Variant.";
    replications "" = |row| TableCell::Whole(row.outcome.replications), "Replications that the figures are means over.";
    checked "" = |row| checked(row.checked), "Whether the invariants were checked.";
    skill "" = |row| TableCell::text(row.name), "Skill asked for at the opening.";
    offered "conversations" = |row| row.count(row.figures.flow.offered), "Conversations opened.";
    answered "conversations" = |row| row.count(row.figures.flow.answered), "Answered before any abandonment.";
    abandoned "conversations" = |row| row.count(row.figures.flow.abandoned()), "Abandoned before the first answer.";
    abandoned_later "conversations" = |row| row.count(row.figures.flow.abandoned_mid_conversation.all()), "Abandoned after the first answer.";
    closed_unanswered "conversations" = |row| row.count(row.figures.flow.closed_unanswered), "Resolved, neither answered nor abandoned before.";
    unanswered_at_end "conversations" = |row| row.count(row.figures.flow.unanswered_at_end), "Open at the end of the run, neither answered nor abandoned.";
    service_level "share" = |row| TableCell::Number(row.figures.flow.service_level(row.outcome.frame.service_level.of)), "Service level as configured.";
    abandonment "share" = |row| TableCell::Number(row.figures.flow.abandonment()), "Abandoned before the first answer / offered.";
    first_response_mean "seconds" = |row| TableCell::Number(row.figures.first_response.mean()), "Opening to first answer, mean.";
    first_response_p90 "seconds" = |row| TableCell::Number(row.figures.first_response.quantile(0.9)), "Opening to first answer, within which 90 % are.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.response.mean()), "First unanswered message to reply, mean.";
    response_p90 "seconds" = |row| TableCell::Number(row.figures.response.quantile(0.9)), "First unanswered message to reply, within which 90 % are.";
    queue_time_mean "seconds" = |row| TableCell::Number(row.figures.queue.mean()), "Each stay in the queue of this skill, mean.";
    queue_max "conversations" = |row| TableCell::Whole(row.figures.queue_length.maximum), "Length of this skill's queue, highest in any replication.";
    handle_time_mean "seconds" = |row| TableCell::Number(row.figures.handle.mean()), "Handle time of a conversation, mean.";
    auto_unassigned "times" = |row| row.count(row.figures.auto_unassigned), "Auto-unassigns.";
    ownership_removed "times" = |row| row.count(row.figures.ownership_removed), "Ownership removals.";
    }
}

pub(super) fn group_columns<'a>() -> &'a [TableColumn<BreakdownRow<'a, GroupFigures>>] {
    columns! {
    variant "" = |row| TableCell::text(row.variant), "Variant.";
    replications "" = |row| TableCell::Whole(row.outcome.replications), "Replications that the figures are means over.";
    checked "" = |row| checked(row.checked), "Whether the invariants were checked.";
    group "" = |row| TableCell::text(row.name), "Agent group.";
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
    }
}

pub(super) fn instant_columns<'a>() -> &'a [TableColumn<BreakdownRow<'a, InstantFigures>>] {
    columns! {
    variant "" = |row| TableCell::text(row.variant), "Variant.";
    replications "" = |row| TableCell::Whole(row.outcome.replications), "Replications that the figures are means over.";
    checked "" = |row| checked(row.checked), "Whether the invariants were checked.";
    at "seconds" = |row| TableCell::time(Some(row.figures.at)), "Instant of `measure.at`, from the start of the run.";
    open "conversations" = |row| row.mean(row.figures.open.sum as f64), "Open conversations.";
    queued "conversations" = |row| row.mean(row.figures.queued.sum as f64), "Conversations in the queue.";
    busy "agents" = |row| row.mean(row.figures.busy.sum as f64), "Agents at work.";
    slots_used "slots" = |row| row.mean(row.figures.slots_used.sum as f64 / f64::from(SlotWeight::FULL.0)), "Slots in use of logged-in agents.";
    }
}
