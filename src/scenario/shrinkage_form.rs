//! `agents.NAME.shrinkage`.

use serde_json::{Value as Json, json};

use std::sync::Arc;

use super::absences::{Planned, What};
use super::by_day::{ByDay, ByDayForm};
use super::by_interval::{IntervalsOfDay, Resolved};
use super::interval_shrinkage::stretches_away;
use super::plan::RunSettings;
use super::reader::compound::{InTable, List};
use super::reader::forms::{ClockTime, DAY, Duration, Flag, Number};
use super::reader::tree::{Table, Value};
use super::reader::{Form, Input, ReaderSection};
use super::roster_form::GroupStaff;
use crate::base::calendar::{Calendar, Repeated};
use crate::base::distribution::Distribution;
use crate::base::time::{Span, Time};
use crate::model::settings::{IntervalShares, Shrinkage, ShrinkageDay, Trigger, WhenLate};

/// The shrinkage of a group; none if nobody is ever absent.
pub(super) fn shrinkage(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
) -> Option<Option<Shrinkage>> {
    let form = ShrinkageForm { calendar: &run.calendar };
    let asked = section.optional(
        "shrinkage",
        form,
        "share of them who are absent for the day: exactly, in whole agents; or by day; or { share, \
         random }; or Away by interval: { every, share } or { every, from, shares }",
    );
    if !section.has("shrinkage") {
        return Some(None);
    }
    let (shares, is_random) = match asked? {
        AskedShrinkage::ByShift { shares, is_random } => (shares, is_random),
        AskedShrinkage::ByInterval { from, every, shares } => {
            return by_interval(section, run, &ClockIntervals { from, every, shares }).map(Some);
        }
    };
    section.note_days_outside("shrinkage", &shares, run);
    let days = run.calendar.days_until(run.ends_at_most()).map(|day| ShrinkageDay {
        start: run.calendar.instant(day, Span::ZERO, Repeated::First),
        share: shares.on(day, &run.calendar).copied().unwrap_or(0.0),
    });
    let days = Vec::from_iter(days);
    let is_any = days.iter().any(|day| day.share > 0.0);
    Some(is_any.then(|| Shrinkage { days: days.into(), is_random, intervals: None }))
}

/// Shares of intervals as a clock shows them, by day.
struct ClockIntervals {
    from: Span,
    every: Span,
    shares: ByDay<Vec<f64>>,
}

fn by_interval(
    section: &ReaderSection<'_>,
    run: &RunSettings,
    written: &ClockIntervals,
) -> Option<Shrinkage> {
    let ClockIntervals { from, every, shares } = written;
    let is_day = |list: &Vec<f64>| *every * list.len() as i64 <= DAY;
    if !shares.values().all(is_day) {
        let message = "the intervals of a day last longer than 24 hours together";
        section.context.report(section.error("shrinkage", message));
        return None;
    }
    section.note_days_outside("shrinkage", shares, run);
    let (from, every) = (*from, *every);
    let intervals = IntervalsOfDay { from, every, values: shares, once: false, again: &[] };
    let Resolved { step, values } =
        intervals.resolve(section, "shrinkage", run, run.ends_at_most())?;
    let instants = (0..values.len()).map(|position| Time::ZERO + step * position as i64);
    let begins = |instant: &Time| {
        let since = (run.calendar.reading(*instant).clock - from).as_micros();
        since.rem_euclid(every.as_micros()) == 0
    };
    let starts = instants.filter(begins).collect();
    let intervals = IntervalShares { step, shares: values.into(), starts };
    Some(Shrinkage { days: Arc::new([]), is_random: false, intervals: Some(intervals) })
}

/// The times Away that a shrinkage by interval makes of a group; none of one by shift.
pub(super) fn times_away(
    shrinkage: Option<&Shrinkage>,
    staff: &GroupStaff,
    run: &RunSettings,
) -> Option<Planned> {
    let shares = shrinkage?.intervals.as_ref()?;
    let agents = stretches_away(shares, &staff.roster, staff.count, run);
    Some(Planned {
        what: What::Away(SHRINKAGE_REASON.to_owned()),
        trigger: Trigger::Listed {
            agents: agents.into(),
            are_daily: false,
            when_late: WhenLate::Rest,
        },
        length: Distribution::Fixed(0.0),
    })
}

/// The away reason of agents who are called away.
const SHRINKAGE_REASON: &str = "Shrinkage";

/// What a group says of its shrinkage.
enum AskedShrinkage {
    /// Absent from all shifts of a day.
    ByShift { shares: ByDay<f64>, is_random: bool },
    /// Away in intervals.
    ByInterval { from: Span, every: Span, shares: ByDay<Vec<f64>> },
}

/// A share, shares by day, or a table with either and how it is meant.
struct ShrinkageForm<'a> {
    calendar: &'a Calendar,
}

impl ShrinkageForm<'_> {
    fn shares(&self) -> ByDayForm<'_, Number> {
        ByDayForm { form: Number::share(), calendar: self.calendar }
    }

    fn table(&self) -> InTable<impl Fn(&mut ReaderSection<'_>) -> Option<AskedShrinkage> + '_> {
        InTable(|section: &mut ReaderSection<'_>| {
            let documentation = "share who are absent for the day, or with `every` Away at a time; or such shares by day";
            let share = section.optional("share", self.shares(), documentation);
            let is_random = section.value(
                "random",
                Flag,
                false,
                "whether each agent is absent by itself with this probability",
            );
            let every = section.optional(
                "every",
                Duration::between(Span::from_mins(5), DAY),
                "length of an interval: the share of those on shift is Away in each, everybody in turn",
            );
            let from = section.optional(
                "from",
                ClockTime,
                "clock time at which the first of `shares` begins; midnight if left out",
            );
            let lists = ByDayForm { form: List(Number::share()), calendar: self.calendar };
            let listed =
                section.optional("shares", lists, "shares of consecutive intervals, or by day");
            if !section.one_of(&["share", "shares"], true) {
                return None;
            }
            if !section.has("every") && !section.has("shares") {
                return Some(AskedShrinkage::ByShift { shares: share?, is_random });
            }
            if section.has("random") {
                let message = "who is Away in an interval is not drawn: everybody is in turn";
                section.context.report(section.error("random", message).help("leave `random` out"));
                return None;
            }
            if !section.has("every") {
                section.miss("every", "length of an interval");
            }
            let every = every?;
            if section.has("share") && DAY.as_micros() % every.as_micros() != 0 {
                let message = format!("intervals of {every} do not make a day");
                section
                    .context
                    .report(section.error("every", message).allowed("a part of 24 hours"));
                return None;
            }
            let all_day = usize::try_from((DAY.as_micros() / every.as_micros()).max(1)).ok()?;
            let shares = match listed {
                Some(listed) => listed,
                None => share?.map(|share| vec![*share; all_day]),
            };
            Some(AskedShrinkage::ByInterval { from: from.unwrap_or(Span::ZERO), every, shares })
        })
    }
}

impl Form for ShrinkageForm<'_> {
    type Value = AskedShrinkage;

    fn read(&self, input: Input<'_>) -> Option<Self::Value> {
        let is_table = |table: &Table| {
            ["share", "random", "every", "from", "shares"]
                .iter()
                .any(|key| table.get(key).is_some())
        };
        match &input.node.value {
            Value::Table(table) if is_table(table) => self.table().read(input),
            _ => {
                let shares = self.shares().read(input)?;
                Some(AskedShrinkage::ByShift { shares, is_random: false })
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "anyOf": [self.shares().schema(), self.table().schema()] })
    }
}
