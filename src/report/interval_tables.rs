//! The run by interval of the day, also of each skill and of each group that a goal asks for; in the mean
//! over replications.

use std::io;

use crate::experiment::interval::Estimate;
use crate::ledger::durations::Total;
use crate::ledger::gauge::Gauge;
use crate::ledger::outcome::{IntervalFigures, Outcome};
use crate::ledger::part_intervals::{GroupIntervalFigures, SkillIntervalFigures};
use crate::ledger::settings::ServiceLevelOf;
use crate::model::settings::SlotWeight;

use super::columns::{TableCell, TableColumn, TableSink, columns};
use super::interval_shares::{ABANDONMENT, IntervalShare, SERVICE_LEVEL};
use super::part_row::{PartPlace, PartRow, write_parts};
use super::report_data::Report;

/// Whether any skill has its own intervals.
pub(super) fn has_skill_intervals(report: &Report<'_>) -> bool {
    outcomes(report).any(|outcome| outcome.skills.iter().any(|it| !it.intervals.is_empty()))
}

/// Whether any group has its own intervals.
pub(super) fn has_group_intervals(report: &Report<'_>) -> bool {
    outcomes(report).any(|outcome| outcome.groups.iter().any(|it| !it.intervals.is_empty()))
}

fn outcomes<'a>(report: &'a Report<'_>) -> impl Iterator<Item = &'a Outcome> {
    report.results.variants.iter().filter_map(|variant| variant.pooled.as_deref())
}

/// The intervals of one part after the other.
fn of_each<'a, Figures, Interval: 'a>(
    parts: &'a [Figures],
    intervals: impl Fn(&'a Figures) -> &'a [Interval],
) -> impl Iterator<Item = (PartPlace, &'a Interval)> {
    parts.iter().enumerate().flat_map(move |(position, part)| {
        let places = (0..).map(move |interval| PartPlace { position, interval });
        places.zip(intervals(part))
    })
}

/// When an interval is.
fn starts<'a, Figures: 'a>() -> &'a [TableColumn<PartRow<'a, Figures>>] {
    columns! {
    starts "clock" = |row| row.clock(), "Start of the interval; `day 2` and so on after midnight.";
    starts_after "seconds" = |row| TableCell::time(Some(row.start())), "Start of the interval, from the start of the run.";
    date "date" = |row| row.date("%Y-%m-%d"), "Day on which the interval begins; empty of a run without dates, as the three columns that follow.";
    weekday "" = |row| row.date("%a"), "Its day of the week.";
    start "instant" = |row| row.instant(row.start()), "Start with the distance from UTC (RFC 3339).";
    end "instant" = |row| row.instant(row.end()), "End, likewise; that of the last interval before the horizon is the horizon.";
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
        share.difference(self.outcome, base.filter(|_| self.variant > 0)?, self.place.interval)
    }

    fn differs_by(&self, share: &IntervalShare) -> TableCell {
        TableCell::Number(self.difference(share).map(|estimate| estimate.value))
    }

    fn differs_within(&self, share: &IntervalShare) -> TableCell {
        let half = self.difference(share).and_then(|it| it.half_width(self.report.confidence));
        TableCell::Number(half)
    }

    fn level(&self, gauge: Gauge) -> TableCell {
        TableCell::Number(self.figures.mean(gauge))
    }

    fn required(&self) -> Option<u32> {
        let agents = &self.report.background.variants[self.variant].required.agents;
        agents.get(self.place.interval).copied().flatten()
    }

    fn rostered(&self) -> Option<f64> {
        self.report.background.variants[self.variant].rostered.get(self.place.interval).copied()
    }

    /// Agents logged in less those required.
    fn net(&self) -> Option<f64> {
        Some(self.figures.logged_in()? - f64::from(self.required()?))
    }
}

/// A row an interval of each variant.
pub(super) fn intervals(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns: &[TableColumn<PartRow<'_, IntervalFigures>>] = columns! {
    offered "conversations" = |row| row.count(row.figures.flow.offered), "Conversations opened. Columns from here to answers_cut_short are about the conversations opened in the interval, whenever it happened.";
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
    required "agents" = |row| TableCell::Number(row.required().map(f64::from)), "Agents at work that a queueing formula asks for, the one that report.html names, of all pools of skills together; empty where no number suffices.";
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
    write_parts(report, table, &[starts(), columns].concat(), |outcome| {
        let places = (0..).map(|interval| PartPlace { position: interval, interval });
        places.zip(&outcome.intervals)
    })
}

impl PartRow<'_, SkillIntervalFigures> {
    /// What is divided by what for the service level.
    fn service_level(&self) -> [u64; 2] {
        self.figures.flow.service_level_parts(self.outcome.frame.service_level.of).into()
    }

    /// Agents that the formula asks for.
    fn required(&self) -> Option<f64> {
        let skills = &self.report.background.variants[self.variant].required.skills;
        let agents = skills.get(self.place.position)?.get(self.place.interval)?;
        agents.map(f64::from)
    }

    /// Agents logged in who have the skill.
    fn logged_in(&self) -> Option<f64> {
        let interval = self.outcome.intervals.get(self.place.interval)?;
        self.figures.mean_logged_in(interval.observed)
    }

    /// Length of the queue, mean over the interval.
    fn queue(&self) -> TableCell {
        let interval = self.outcome.intervals.get(self.place.interval);
        TableCell::Number(interval.and_then(|it| self.figures.mean_queue(it.observed)))
    }
}

/// A row an interval of each skill of each variant.
pub(super) fn skill_intervals(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let skill: &[TableColumn<PartRow<'_, SkillIntervalFigures>>] = columns! {
    skill "" = |row| TableCell::text(&row.outcome.labels.skills[row.place.position]), "Skill.";
    };
    let columns: &[TableColumn<PartRow<'_, SkillIntervalFigures>>] = columns! {
    offered "stays" = |row| row.count(row.figures.flow.offered), "Stays with the skill that began in the interval, at the opening or with a hand-over. Columns from here to lost_work are about these stays, whenever it happened.";
    answered "stays" = |row| row.count(row.figures.flow.answered), "Answered in the stay, before any abandonment.";
    abandoned "stays" = |row| row.count(row.figures.flow.abandoned()), "Abandoned in the stay, before its first answer.";
    abandoned_later "stays" = |row| row.count(row.figures.flow.abandoned_mid_conversation.all()), "Abandoned in the stay, after its first answer.";
    closed_unanswered "stays" = |row| row.count(row.figures.flow.closed_unanswered), "Resolved, neither answered nor abandoned in the stay.";
    unanswered_at_end "stays" = |row| row.count(row.figures.flow.unanswered_at_end), "Open at the end of the run, neither answered nor abandoned in the stay.";
    service_level "share" = |row| TableCell::Number(row.figures.flow.service_level(row.outcome.frame.service_level.of)), "Service level of the stays as configured: service_level_part / service_level_whole.";
    service_level_part "stays" = |row| row.count(row.service_level()[0]), "What is divided for the service level.";
    service_level_whole "stays" = |row| row.count(row.service_level()[1]), "What it is divided by.";
    abandonment "share" = |row| TableCell::Number(row.figures.flow.abandonment()), "Abandoned before the first answer / offered.";
    assigned "stays" = |row| row.count(row.figures.flow.assigned), "Stays that an agent who is logged in has had.";
    assignment_mean "seconds" = |row| TableCell::Number(row.figures.flow.assignment.mean()), "Beginning of the stay to that agent, mean.";
    first_response_mean "seconds" = |row| TableCell::Number(row.figures.flow.first_response.mean()), "Beginning of the stay to its first answer, mean over those answered.";
    responses "messages" = |row| row.count(row.figures.flow.response.count), "Replies that answered a message.";
    response_mean "seconds" = |row| TableCell::Number(row.figures.flow.response.mean()), "First unanswered message, or the beginning of the stay if that is later, to reply, mean.";
    queue_stays "times" = |row| row.count(row.figures.queue.count), "Times in the queue of the skill.";
    queue_time_mean "seconds" = |row| TableCell::Number(row.figures.queue.mean()), "Each time in the queue of the skill, mean.";
    handled "stays" = |row| row.count(row.figures.handle.count), "Stays that ended.";
    handle_time_mean "seconds" = |row| TableCell::Number(row.figures.handle.mean()), "Handle time in a stay that ended, mean.";
    lost_answers "messages" = |row| row.count(row.figures.flow.lost.all().count), "Answers begun and taken away before they were sent.";
    lost_work "seconds" = |row| row.seconds(row.figures.flow.lost.all().micros), "Time worked on them, without pauses.";
    auto_unassigned "times" = |row| row.count(row.figures.auto_unassigned), "Auto-unassigns in the interval.";
    ownership_removed "times" = |row| row.count(row.figures.ownership_removed), "Ownership removals in the interval.";
    queue "conversations" = |row| row.queue(), "Length of the queue of the skill, mean over the interval.";
    required "agents" = |row| TableCell::Number(row.required()), "Agents at work that a queueing formula asks for, for the work of the skill alone, with hand-overs and repeat contacts, as if those who have it did nothing else; empty where no number suffices, and of a centre with one skill.";
    staffed "agents" = |row| TableCell::Number(row.logged_in()), "Agents logged in who have the skill, Online or Away, mean; one with several skills counts for each.";
    net "agents" = |row| TableCell::Number(row.logged_in().zip(row.required()).map(|(there, required)| there - required)), "Staffed less required: below 0 staff is missing.";
    };
    write_parts(report, table, &[skill, starts(), columns].concat(), |outcome| {
        of_each(&outcome.skills, |skill| &skill.intervals)
    })
}

impl PartRow<'_, GroupIntervalFigures> {
    /// Of slots × microseconds.
    fn slots(&self, area: u128) -> TableCell {
        self.mean(area as f64 / f64::from(SlotWeight::FULL.0) / 1e6)
    }

    fn responses(&self) -> Total {
        self.figures.work.response
    }
}

/// A row an interval of each group of each variant that a goal asks for.
pub(super) fn group_intervals(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let group: &[TableColumn<PartRow<'_, GroupIntervalFigures>>] = columns! {
    group "" = |row| TableCell::text(&row.outcome.labels.groups[row.place.position]), "Agent group: those of which a goal for a window of the day is set.";
    };
    let columns: &[TableColumn<PartRow<'_, GroupIntervalFigures>>] = columns! {
    logged_in "seconds" = |row| row.seconds(row.figures.times.logged_in), "Time Online or Away of all agents of the group, in the interval, as all times here.";
    away "seconds" = |row| row.seconds(row.figures.times.away), "Time Away, whatever the reason.";
    busy "seconds" = |row| row.seconds(row.figures.times.busy), "Time at work.";
    interrupted "seconds" = |row| row.seconds(row.figures.times.interrupted), "Time logged in and unresponsive.";
    idle "seconds" = |row| row.seconds(row.figures.times.idle), "Time Online, neither at work nor unresponsive.";
    occupancy "share" = |row| TableCell::Number(row.figures.times.occupancy()), "Time at work / time logged in.";
    slots_used "slot seconds" = |row| row.slots(row.figures.times.slots_used), "Slots in use × time logged in.";
    slots "slot seconds" = |row| row.slots(row.figures.times.slots), "Slots × time logged in.";
    slot_use "share" = |row| TableCell::Number(row.figures.times.slot_use()), "Slots in use / slots, while logged in.";
    conversations "times" = |row| row.count(row.figures.work.conversations), "Ownerships begun in the interval.";
    answers "messages" = |row| row.count(row.figures.work.answers), "Replies delivered in it, follow-ups and wasted ones too.";
    responses "messages" = |row| row.count(row.responses().count), "Of which answered a message.";
    response_mean "seconds" = |row| TableCell::Number(row.responses().mean()), "First unanswered message to reply, mean over those.";
    auto_unassigned "times" = |row| row.count(row.figures.work.auto_unassigned), "Auto-unassigns suffered in it.";
    ownership_removed "times" = |row| row.count(row.figures.work.ownership_removed), "Ownership removals suffered in it.";
    parked "times" = |row| row.count(row.figures.work.parked), "Conversations parked in it.";
    lost_answers "messages" = |row| row.count(row.figures.work.lost_answers.count), "Answers begun and taken away in it, with their conversation.";
    lost_work "hours" = |row| row.hours(row.figures.work.lost_answers.micros), "Hours worked on them, without pauses.";
    refused_claims "times" = |row| row.count(row.figures.work.refused_claims), "Claims refused in it: somebody else was first.";
    overshoots "times" = |row| row.count(row.figures.work.overshoots), "Conversations that woke up above the limit of slots in it.";
    };
    write_parts(report, table, &[group, starts(), columns].concat(), |outcome| {
        of_each(&outcome.groups, |group| &group.intervals)
    })
}
