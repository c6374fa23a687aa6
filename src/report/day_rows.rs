//! The days and weekdays of a run as a report tells them: figures with their intervals, and hours of
//! agents.

use jiff::civil::Weekday;

use crate::experiment::day_parts::{DayPart, DaysTogether, day_parts};
use crate::experiment::interval::Estimate;
use crate::experiment::share_sums::SharedSums;
use crate::ledger::day_figures::{DayFigures, RatioSums};
use crate::ledger::outcome::{IntervalFigures, Outcome};

use super::format::day_name;
use super::report_data::Particulars;

/// A day, or all days of a weekday, of a variant.
pub(super) struct DayRow<'a> {
    pub(super) part: DayPart,
    figures: &'a DayFigures,
    /// Of the base, for another variant.
    base: Option<&'a DayFigures>,
    outcome: &'a Outcome,
    particulars: &'a Particulars,
}

/// A figure of a day.
#[derive(Clone, Copy)]
pub(super) struct DayRatio {
    sums: fn(&DayFigures) -> &RatioSums,
    /// What one of its unit is in sums.
    unit: f64,
}

/// Conversations a day.
pub(super) const OFFERED: DayRatio = DayRatio { sums: |it| &it.offered, unit: 1.0 };
/// As configured.
pub(super) const SERVICE_LEVEL: DayRatio = DayRatio { sums: |it| &it.service_level, unit: 1.0 };
/// Share of the conversations.
pub(super) const ABANDONMENT: DayRatio = DayRatio { sums: |it| &it.abandonment, unit: 1.0 };
/// Seconds.
pub(super) const FIRST_RESPONSE: DayRatio = DayRatio { sums: |it| &it.first_response, unit: 1e6 };
/// Auto-unassigns and ownership removals a day.
pub(super) const REASSIGNMENTS: DayRatio = DayRatio { sums: |it| &it.reassignments, unit: 1.0 };

/// Rows of a variant; none of a run of one day. `base` is that of another variant.
pub(super) fn day_rows<'a>(
    outcome: &'a Outcome,
    base: Option<&'a Outcome>,
    particulars: &'a Particulars,
) -> Vec<DayRow<'a>> {
    let parts = day_parts(&particulars.calendar(), &outcome.frame);
    let of_base = |position: usize| base.and_then(|base| base.days.get(position));
    let rows = parts.into_iter().zip(&outcome.days).enumerate();
    rows.map(|(position, (part, figures))| DayRow {
        part,
        figures,
        base: of_base(position),
        outcome,
        particulars,
    })
    .collect()
}

impl DayRow<'_> {
    /// `Fri 27 Mar`, `day 2`; `Fri, 4 days` of a weekday.
    pub(super) fn name(&self) -> String {
        match self.part.days {
            DaysTogether::Day(day) => day_name(day),
            DaysTogether::Weekday(weekday) => {
                let days = if self.part.count == 1 { "day" } else { "days" };
                format!("{}, {} {days}", short(weekday), self.part.count)
            }
        }
    }

    /// Whether it is a weekday, not a day.
    pub(super) fn is_weekday(&self) -> bool {
        matches!(self.part.days, DaysTogether::Weekday(_))
    }

    /// Its date, if it is one.
    pub(super) fn date(&self) -> String {
        match self.part.days {
            DaysTogether::Day(day) => day.date.map_or_else(String::new, |date| date.to_string()),
            DaysTogether::Weekday(_) => String::new(),
        }
    }

    /// Its day of the week, if the run has a date.
    pub(super) fn weekday(&self) -> &'static str {
        match self.part.days {
            DaysTogether::Day(day) => day.weekday().map_or("", short),
            DaysTogether::Weekday(weekday) => short(weekday),
        }
    }

    /// A figure of the day: a ratio of sums, and how far off it may be.
    pub(super) fn estimate(&self, figure: DayRatio) -> Option<Estimate> {
        let sums = SharedSums::from((figure.sums)(self.figures));
        Estimate::of_share(self.outcome.replications, &sums).map(|it| in_unit(it, figure.unit))
    }

    /// The same less that of the base, replication by replication.
    pub(super) fn difference(&self, figure: DayRatio) -> Option<Estimate> {
        let own = (figure.sums)(self.figures);
        let base = SharedSums::from((figure.sums)(self.base?));
        let count = self.outcome.replications;
        let difference = Estimate::of_shares(count, &SharedSums::from(own), &base, &own.paired);
        difference.map(|it| in_unit(it, figure.unit))
    }

    /// Hours a day of agents that the formula asks for; none if no number suffices in an interval.
    pub(super) fn required_hours(&self) -> Option<f64> {
        let agents = &self.particulars.required.agents;
        let of = |&position: &usize| agents.get(position).copied().flatten().map(f64::from);
        let sum = self.part.positions.iter().map(of).sum::<Option<f64>>();
        sum.map(|sum| self.hours(sum))
    }

    /// Hours a day of agents on shift by the roster.
    pub(super) fn rostered_hours(&self) -> f64 {
        let agents = &self.particulars.rostered;
        self.hours(self.part.positions.iter().filter_map(|&position| agents.get(position)).sum())
    }

    /// Hours a day of agents logged in.
    pub(super) fn logged_in_hours(&self) -> f64 {
        let positions = self.part.positions.iter();
        let intervals = positions.filter_map(|&position| self.outcome.intervals.get(position));
        self.hours(intervals.filter_map(IntervalFigures::logged_in).sum())
    }

    /// Hours a day of agents summed over intervals.
    fn hours(&self, agents: f64) -> f64 {
        let interval = self.outcome.frame.interval.as_secs_f64() / 3600.0;
        agents * interval / self.part.count.max(1) as f64
    }
}

fn in_unit(estimate: Estimate, unit: f64) -> Estimate {
    Estimate {
        value: estimate.value / unit,
        standard_error: estimate.standard_error.map(|error| error / unit),
        ..estimate
    }
}

/// `Fri`
fn short(weekday: Weekday) -> &'static str {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    NAMES[usize::from(weekday.to_monday_zero_offset().unsigned_abs())]
}
