//! The run by interval of the day, by agent, skill and group, and at the instants of `measure.at`; in
//! the mean over replications.

use std::io;

use crate::base::ids::AgentId;
use crate::base::time::Time;
use crate::experiment::VariantResults;
use crate::experiment::interval::Estimate;
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::{
    AgentFigures, GroupFigures, InstantFigures, IntervalFigures, Outcome, SkillFigures,
};
use crate::ledger::settings::ServiceLevelOf;
use crate::model::settings::SlotWeight;

use super::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::format::clock_of_day;
use super::interval_shares::{ABANDONMENT, IntervalShare, SERVICE_LEVEL};
use super::names::CentreNames;
use super::report_data::Report;

/// A part of the run of a variant.
struct PartRow<'a, Figures> {
    report: &'a Report<'a>,
    /// Position of the variant.
    variant: usize,
    outcome: &'a Outcome,
    /// Its own position among the parts of its kind.
    position: usize,
    figures: &'a Figures,
}

impl<'a, Figures> PartRow<'a, Figures> {
    fn variant(&self) -> &'a VariantResults {
        &self.report.results.variants[self.variant]
    }

    /// Of a sum over replications.
    fn mean(&self, sum: f64) -> TableCell {
        TableCell::Number(Some(sum / self.outcome.replications as f64))
    }

    fn count(&self, sum: u64) -> TableCell {
        self.mean(sum as f64)
    }

    fn hours(&self, micros: u128) -> TableCell {
        self.mean(micros as f64 / 3.6e9)
    }

    fn seconds(&self, micros: u128) -> TableCell {
        self.mean(micros as f64 / 1e6)
    }
}

impl PartRow<'_, IntervalFigures> {
    /// Half the interval of a share.
    fn half_width(&self, share: &IntervalShare) -> TableCell {
        let estimate = share.estimate(self.outcome, self.figures);
        TableCell::Number(estimate.and_then(|it| it.half_width(self.report.confidence)))
    }

    /// A share less that of the base.
    fn difference(&self, share: &IntervalShare) -> Option<Estimate> {
        let base = self.report.results.variants.first()?.pooled.as_deref();
        share.difference(self.outcome, base.filter(|_| self.variant > 0)?, self.position)
    }

    fn differs_by(&self, share: &IntervalShare) -> TableCell {
        TableCell::Number(self.difference(share).map(|estimate| estimate.value))
    }

    fn differs_within(&self, share: &IntervalShare) -> TableCell {
        let half = self.difference(share).and_then(|it| it.half_width(self.report.confidence));
        TableCell::Number(half)
    }

    fn start(&self) -> Time {
        Time::ZERO + self.outcome.frame.interval * self.position as i64
    }

    fn clock(&self) -> TableCell {
        let calendar = &self.variant().plan.run.calendar;
        match calendar.first_date() {
            Some(_) => TableCell::word(clock_of_day(calendar, self.start())),
            None => TableCell::Clock(calendar.starts_at() + (self.start() - Time::ZERO)),
        }
    }

    fn end(&self) -> Time {
        let frame = &self.outcome.frame;
        let end = self.start() + frame.interval;
        // The drain goes on after the horizon.
        if self.start() < frame.until { end.min(frame.until) } else { end }
    }

    /// The day of the start, if it has a date.
    fn date(&self, written: &str) -> TableCell {
        let date = self.variant().plan.run.calendar.reading(self.start()).day.date;
        TableCell::word(date.map(|date| date.strftime(written).to_string()).unwrap_or_default())
    }

    fn instant(&self, time: Time) -> TableCell {
        TableCell::word(self.variant().plan.run.calendar.written(time).unwrap_or_default())
    }

    fn level(&self, gauge: Gauge) -> TableCell {
        TableCell::Number(self.figures.mean(gauge))
    }

    fn required(&self) -> Option<u32> {
        let agents = &self.report.background.variants[self.variant].required.agents;
        agents.get(self.position).copied().flatten()
    }

    fn rostered(&self) -> Option<f64> {
        self.report.background.variants[self.variant].rostered.get(self.position).copied()
    }

    /// Agents logged in less those required.
    fn net(&self) -> Option<f64> {
        Some(self.figures.logged_in()? - f64::from(self.required()?))
    }
}

fn write<'a, Figures: 'a>(
    report: &'a Report<'a>,
    table: &mut dyn TableSink,
    own: &[TableColumn<PartRow<'a, Figures>>],
    parts: impl Fn(&'a Outcome) -> &'a [Figures],
) -> io::Result<()> {
    let columns = [head(), own].concat();
    table.header(&columns)?;
    for (variant, results) in report.results.variants.iter().enumerate() {
        let Some(outcome) = results.pooled.as_deref() else { continue };
        for (position, figures) in parts(outcome).iter().enumerate() {
            table.row(&columns, &PartRow { report, variant, outcome, position, figures })?;
        }
    }
    Ok(())
}

fn head<'a, Figures: 'a>() -> &'a [TableColumn<PartRow<'a, Figures>>] {
    columns! {
    variant "" = |row| TableCell::text(&row.variant().name), "Variant.";
    replications "" = |row| TableCell::Whole(row.outcome.replications), "Replications that the figures are means over.";
    checked "" = |row| TableCell::yes(row.report.checked), "Whether the invariants were checked.";
    }
}

/// A row an interval of each variant.
pub(super) fn intervals(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let starts: &[TableColumn<PartRow<'_, IntervalFigures>>] = columns! {
    starts "clock" = |row| row.clock(), "Start of the interval; `day 2` and so on after midnight. Columns from offered to answers_cut_short are about the conversations opened in it, whenever it happened.";
    starts_after "seconds" = |row| TableCell::time(Some(row.start())), "Start of the interval, from the start of the run.";
    date "date" = |row| row.date("%Y-%m-%d"), "Day on which the interval begins; empty of a run without dates, as the three columns that follow.";
    weekday "" = |row| row.date("%a"), "Its day of the week.";
    start "instant" = |row| row.instant(row.start()), "Start with the distance from UTC (RFC 3339).";
    end "instant" = |row| row.instant(row.end()), "End, likewise; that of the last interval before the horizon is the horizon.";
    };
    let others: &[TableColumn<PartRow<'_, IntervalFigures>>] = columns! {
    offered "conversations" = |row| row.count(row.figures.flow.offered), "Conversations opened.";
    answered "conversations" = |row| row.count(row.figures.flow.answered), "Answered before any abandonment.";
    abandoned "conversations" = |row| row.count(row.figures.flow.abandoned()), "Abandoned before the first answer.";
    abandoned_later "conversations" = |row| row.count(row.figures.flow.abandoned_mid_conversation.all()), "Abandoned after the first answer.";
    closed_unanswered "conversations" = |row| row.count(row.figures.flow.closed_unanswered), "Resolved, neither answered nor abandoned before.";
    unanswered_at_end "conversations" = |row| row.count(row.figures.flow.unanswered_at_end), "Open at the end of the run, neither answered nor abandoned.";
    service_level "share" = |row| TableCell::Number(row.figures.flow.service_level(row.outcome.frame.service_level.of)), "Service level as configured.";
    service_level_half_width "share" = |row| row.half_width(&SERVICE_LEVEL), "Half the interval of the service level.";
    service_level_difference "share" = |row| row.differs_by(&SERVICE_LEVEL), "Service level less that of the base in the same interval; empty if not all replications have both.";
    service_level_difference_half_width "share" = |row| row.differs_within(&SERVICE_LEVEL), "Half the interval of that difference, replication by replication.";
    service_level_of_offered "share" = |row| TableCell::Number(row.figures.flow.service_level(ServiceLevelOf::Offered)), "Within the threshold / offered.";
    abandonment "share" = |row| TableCell::Number(row.figures.flow.abandonment()), "Abandoned before the first answer / offered.";
    abandonment_half_width "share" = |row| row.half_width(&ABANDONMENT), "Half the interval of abandonment.";
    abandonment_difference "share" = |row| row.differs_by(&ABANDONMENT), "Abandonment less that of the base in the same interval; empty if not all replications have both.";
    abandonment_difference_half_width "share" = |row| row.differs_within(&ABANDONMENT), "Half the interval of that difference, replication by replication.";
    first_response_mean "seconds" = |row| TableCell::Number(row.figures.flow.first_response.mean()), "Opening to first answer, mean.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.flow.response.mean()), "First unanswered message to reply, mean.";
    response_p90 "seconds" = |row| TableCell::Number(row.figures.response.even_quantile(0.9)), "First unanswered message to reply: what 90 % do not exceed.";
    handle_mean "seconds" = |row| TableCell::Number(row.figures.handle.mean()), "Handle time of a conversation (time in New), mean.";
    lost_answers "messages" = |row| row.count(row.figures.flow.lost.all().count), "Answers begun on these conversations and taken away before they were sent.";
    lost_work "seconds" = |row| row.seconds(row.figures.flow.lost.all().micros), "Time worked on them, without pauses.";
    answers_cut_short "messages" = |row| row.count(row.figures.flow.lost.cut_short), "Answers begun when the consumer left openly or the conversation was closed.";
    auto_unassigned "times" = |row| row.count(row.figures.auto_unassigned), "Auto-unassigns in the interval.";
    ownership_removed "times" = |row| row.count(row.figures.ownership_removed), "Ownership removals in the interval.";
    queue "conversations" = |row| row.level(Gauge::Queue), "Queue length, mean over the interval.";
    queue_max "conversations" = |row| TableCell::Number(Some(row.figures.maximum(Gauge::Queue))), "Queue length, highest in any replication.";
    open "conversations" = |row| row.level(Gauge::Open), "Open conversations, mean over the interval.";
    unowned "conversations" = |row| row.level(Gauge::Unowned), "Open conversations without an owner, mean.";
    stranded "conversations" = |row| row.level(Gauge::Stranded), "New conversations whose owner is Offline, mean.";
    required "agents" = |row| TableCell::Number(row.required().map(f64::from)), "Agents at work that a queueing formula asks for, the one that report.html names; empty where no number suffices.";
    rostered "agents" = |row| TableCell::Number(row.rostered()), "Agents on shift by the roster, before absence and breaks, mean; empty after the horizon.";
    staffed "agents" = |row| TableCell::Number(row.figures.logged_in()), "Agents logged in, Online or Away, mean.";
    net "agents" = |row| TableCell::Number(row.net()), "Staffed less required: below 0 staff is missing.";
    online "agents" = |row| row.level(Gauge::Online), "Agents Online, mean.";
    away "agents" = |row| row.level(Gauge::Away), "Agents Away, mean.";
    busy "agents" = |row| row.level(Gauge::Busy), "Logged-in agents at work, mean.";
    unresponsive "agents" = |row| row.level(Gauge::Unresponsive), "Logged-in agents who are interrupted or cut off, mean.";
    occupancy "share" = |row| TableCell::Number(row.figures.occupancy()), "Time at work / time logged in.";
    slots_used "slots" = |row| row.level(Gauge::SlotsUsed), "Slots in use by open conversations of logged-in agents, mean.";
    slots "slots" = |row| row.level(Gauge::SlotCapacity), "Slots of logged-in agents, mean.";
    };
    write(report, table, &[starts, others].concat(), |outcome| &outcome.intervals)
}

/// A row an agent of each variant.
pub(super) fn agents(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, AgentFigures>>] = columns! {
    agent "" = |row| TableCell::text(CentreNames::new(&row.variant().plan.centre).agent(AgentId(row.position as u32))), "Name, or group and number within the group from 1.";
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
    write(report, table, columns, |outcome| &outcome.agents)
}

/// A row a skill of each variant.
pub(super) fn skills(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, SkillFigures>>] = columns! {
    skill "" = |row| TableCell::text(&row.outcome.labels.skills[row.position]), "Skill. A stay with it begins at the opening or when another skill hands the conversation in, and ends when it is handed out or closed; what is counted here are stays.";
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
    write(report, table, columns, |outcome| &outcome.skills)
}

/// A row a group of agents of each variant.
pub(super) fn groups(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, GroupFigures>>] = columns! {
    group "" = |row| TableCell::text(&row.outcome.labels.groups[row.position]), "Agent group.";
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
    write(report, table, columns, |outcome| &outcome.groups)
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
    write(report, table, columns, |outcome| &outcome.instants)
}
