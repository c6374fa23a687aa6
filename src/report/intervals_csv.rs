//! The run by interval of the day and by agent, in the mean over replications.

use std::io;

use crate::base::ids::AgentId;
use crate::base::time::Time;
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::{AgentFigures, IntervalFigures, Outcome};
use crate::ledger::settings::ServiceLevelOf;
use crate::model::settings::Centre;
use crate::scenario::Plan;

use super::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::names::CentreNames;
use super::report_data::Report;

/// A row an interval of each variant.
pub(super) fn intervals(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    table.header(interval_columns())?;
    for (variant, particulars) in report.results.variants.iter().zip(&report.background.variants) {
        let Some(outcome) = variant.pooled.as_deref() else { continue };
        let required = &particulars.required.agents;
        for (number, figures) in outcome.intervals.iter().enumerate() {
            let start = Time::ZERO + outcome.frame.interval * number as i64;
            let row = IntervalRow {
                variant: &variant.name,
                plan: &variant.plan,
                outcome,
                checked: report.checked,
                start,
                required: required.get(number).copied().flatten(),
                figures,
            };
            table.row(interval_columns(), &row)?;
        }
    }
    Ok(())
}

/// A row an agent of each variant.
pub(super) fn agents(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    table.header(agent_columns())?;
    for variant in &report.results.variants {
        let Some(outcome) = variant.pooled.as_deref() else { continue };
        for (number, figures) in outcome.agents.iter().enumerate() {
            let row = AgentRow {
                variant: &variant.name,
                centre: &variant.plan.centre,
                outcome,
                checked: report.checked,
                agent: AgentId(number as u32),
                figures,
            };
            table.row(agent_columns(), &row)?;
        }
    }
    Ok(())
}

pub(super) struct IntervalRow<'a> {
    variant: &'a str,
    plan: &'a Plan,
    outcome: &'a Outcome,
    checked: bool,
    start: Time,
    required: Option<u32>,
    figures: &'a IntervalFigures,
}

impl IntervalRow<'_> {
    /// A count of one run.
    fn count(&self, sum: u64) -> TableCell {
        TableCell::Number(Some(sum as f64 / self.outcome.replications as f64))
    }

    /// Seconds in one run.
    fn time(&self, micros: u128) -> TableCell {
        TableCell::Number(Some(micros as f64 / 1e6 / self.outcome.replications as f64))
    }

    fn clock(&self, time: Time) -> TableCell {
        TableCell::Clock(self.plan.run.starts_at + (time - Time::ZERO))
    }

    fn mean(&self, gauge: Gauge) -> TableCell {
        TableCell::Number(self.figures.mean(gauge))
    }
}

pub(super) struct AgentRow<'a> {
    variant: &'a str,
    centre: &'a Centre,
    outcome: &'a Outcome,
    checked: bool,
    agent: AgentId,
    figures: &'a AgentFigures,
}

impl AgentRow<'_> {
    fn count(&self, sum: u64) -> TableCell {
        TableCell::Number(Some(sum as f64 / self.outcome.replications as f64))
    }

    /// Seconds in one run.
    fn time(&self, micros: u128) -> TableCell {
        TableCell::Number(Some(micros as f64 / 1e6 / self.outcome.replications as f64))
    }
}

pub(super) fn checked(checked: bool) -> TableCell {
    TableCell::word(if checked { "yes" } else { "no" })
}

pub(super) fn interval_columns<'a>() -> &'a [TableColumn<IntervalRow<'a>>] {
    columns! {
    variant "" = |row| TableCell::text(row.variant), "Variant.";
    replications "" = |row| TableCell::Whole(row.outcome.replications), "Replications that the figures are means over.";
    checked "" = |row| checked(row.checked), "Whether the invariants were checked.";
    starts "clock" = |row| row.clock(row.start), "Start of the interval; `day 2` and so on after midnight.";
    starts_after "seconds" = |row| TableCell::time(Some(row.start)), "Start of the interval, from the start of the run.";
    offered "conversations" = |row| row.count(row.figures.flow.offered), "Conversations opened in the interval; all columns up to answers_cut_short are about these, whenever it happened.";
    answered "conversations" = |row| row.count(row.figures.flow.answered), "Answered before any abandonment.";
    abandoned "conversations" = |row| row.count(row.figures.flow.abandoned()), "Abandoned before the first answer.";
    abandoned_later "conversations" = |row| row.count(row.figures.flow.abandoned_mid_conversation.all()), "Abandoned after the first answer.";
    closed_unanswered "conversations" = |row| row.count(row.figures.flow.closed_unanswered), "Resolved, neither answered nor abandoned before.";
    unanswered_at_end "conversations" = |row| row.count(row.figures.flow.unanswered_at_end), "Open at the end of the run, neither answered nor abandoned.";
    service_level "share" = |row| TableCell::Number(row.figures.flow.service_level(row.outcome.frame.service_level.of)), "Service level as configured.";
    service_level_of_offered "share" = |row| TableCell::Number(row.figures.flow.service_level(ServiceLevelOf::Offered)), "Within the threshold / offered.";
    abandonment "share" = |row| TableCell::Number(row.figures.flow.abandonment()), "Abandoned before the first answer / offered.";
    first_response_mean "seconds" = |row| TableCell::Number(row.figures.flow.first_response.mean()), "Opening to first answer, mean.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.flow.response.mean()), "First unanswered message to reply, mean.";
    response_p90 "seconds" = |row| TableCell::Number(row.figures.response.even_quantile(0.9)), "First unanswered message to reply: what 90 % do not exceed.";
    handle_mean "seconds" = |row| TableCell::Number(row.figures.handle.mean()), "Handle time of a conversation (time in New), mean.";
    lost_answers "messages" = |row| row.count(row.figures.flow.lost.all().count), "Answers begun on these conversations and taken away before they were sent.";
    lost_work "seconds" = |row| row.time(row.figures.flow.lost.all().micros), "Time worked on them, without pauses.";
    answers_cut_short "messages" = |row| row.count(row.figures.flow.lost.cut_short), "Answers begun when the consumer left openly or the conversation was closed.";
    auto_unassigned "times" = |row| row.count(row.figures.auto_unassigned), "Auto-unassigns in the interval.";
    ownership_removed "times" = |row| row.count(row.figures.ownership_removed), "Ownership removals in the interval.";
    queue "conversations" = |row| row.mean(Gauge::Queue), "Queue length, mean over the interval.";
    queue_max "conversations" = |row| TableCell::Number(Some(row.figures.maximum(Gauge::Queue))), "Queue length, highest in any replication.";
    open "conversations" = |row| row.mean(Gauge::Open), "Open conversations, mean over the interval.";
    unowned "conversations" = |row| row.mean(Gauge::Unowned), "Open conversations without an owner, mean.";
    stranded "conversations" = |row| row.mean(Gauge::Stranded), "New conversations whose owner is Offline, mean.";
    required "agents" = |row| TableCell::Number(row.required.map(f64::from)), "Agents at work that a queueing formula asks for, the one that report.html names; empty where no number suffices.";
    staffed "agents" = |row| TableCell::Number(row.figures.mean(Gauge::Online).zip(row.figures.mean(Gauge::Away)).map(|(online, away)| online + away)), "Agents logged in, Online or Away, mean.";
    online "agents" = |row| row.mean(Gauge::Online), "Agents Online, mean.";
    away "agents" = |row| row.mean(Gauge::Away), "Agents Away, mean.";
    busy "agents" = |row| row.mean(Gauge::Busy), "Logged-in agents at work, mean.";
    unresponsive "agents" = |row| row.mean(Gauge::Unresponsive), "Logged-in agents who are interrupted or cut off, mean.";
    occupancy "share" = |row| TableCell::Number(row.figures.occupancy()), "Time at work / time logged in.";
    slots_used "slots" = |row| row.mean(Gauge::SlotsUsed), "Slots in use by open conversations of logged-in agents, mean.";
    slots "slots" = |row| row.mean(Gauge::SlotCapacity), "Slots of logged-in agents, mean.";
    }
}

pub(super) fn agent_columns<'a>() -> &'a [TableColumn<AgentRow<'a>>] {
    columns! {
    variant "" = |row| TableCell::text(row.variant), "Variant.";
    replications "" = |row| TableCell::Whole(row.outcome.replications), "Replications that the figures are means over.";
    checked "" = |row| checked(row.checked), "Whether the invariants were checked.";
    agent "" = |row| TableCell::text(CentreNames::new(row.centre).agent(row.agent)), "Group, and number within the group from 1.";
    group "" = |row| TableCell::text(row.outcome.labels.groups.get(usize::from(row.figures.group)).cloned().unwrap_or_default()), "Group.";
    logged_in "seconds" = |row| row.time(row.figures.horizon.logged_in), "Time Online or Away, to the horizon, as all times here.";
    online "seconds" = |row| row.time(row.figures.horizon.online), "Time Online.";
    away "seconds" = |row| row.time(row.figures.horizon.away), "Time Away, whatever the reason.";
    busy "seconds" = |row| row.time(row.figures.horizon.busy), "Time at work.";
    interrupted "seconds" = |row| row.time(row.figures.horizon.interrupted), "Time logged in and unresponsive.";
    idle "seconds" = |row| row.time(row.figures.horizon.idle), "Time Online, neither at work nor unresponsive.";
    closing "seconds" = |row| row.time(row.figures.horizon.closing), "Time logged in with the shift over, finishing first.";
    occupancy "share" = |row| TableCell::Number(row.figures.horizon.occupancy()), "Time at work / time logged in.";
    slot_use "share" = |row| TableCell::Number(row.figures.horizon.slot_use()), "Slots in use / slots, while logged in.";
    logged_in_after_horizon "seconds" = |row| row.time(row.figures.drain.logged_in), "Time Online or Away from the horizon to the end of the run.";
    busy_after_horizon "seconds" = |row| row.time(row.figures.drain.busy), "Time at work from the horizon to the end of the run.";
    conversations "times" = |row| row.count(row.figures.work.conversations), "Ownerships begun.";
    answers "messages" = |row| row.count(row.figures.work.answers), "Replies delivered, follow-ups and wasted ones too.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.work.response.mean()), "First unanswered message to reply, mean.";
    auto_unassigned "times" = |row| row.count(row.figures.work.auto_unassigned), "Auto-unassigns suffered.";
    ownership_removed "times" = |row| row.count(row.figures.work.ownership_removed), "Ownership removals suffered.";
    parked "times" = |row| row.count(row.figures.work.parked), "Conversations parked.";
    handed_over "times" = |row| row.count(row.figures.work.handed_over), "Conversations given back, transferred or assigned to an offline agent.";
    lost_answers "messages" = |row| row.count(row.figures.work.lost_answers.count), "Answers begun and taken away before they were sent, with their conversation.";
    lost_work "seconds" = |row| row.time(row.figures.work.lost_answers.micros), "Time worked on them, without pauses.";
    refused_claims "times" = |row| row.count(row.figures.work.refused_claims), "Claims refused: somebody else was first.";
    overshoots "times" = |row| row.count(row.figures.work.overshoots), "Conversations that woke up above the limit of slots.";
    }
}
