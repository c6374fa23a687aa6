//! The intervals of a run as a page shows them: up to where nothing happens any more, and joined
//! where there are too many to look at.

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::ledger::merge::Merge as _;
use crate::ledger::outcome::{IntervalFigures, Outcome};

use super::format::clock_of_day;
use super::interval_shares::IntervalShare;
use super::plot::PlotValue;
use super::report_data::{ReportData, VariantData};

/// Which intervals are shown.
pub(super) struct Day {
    /// Clock times and days.
    pub(super) calendar: Calendar,
    /// Length of an interval as measured.
    length: Span,
    /// Intervals as measured, from the first.
    count: usize,
    /// How many of them are joined to one.
    pub(super) every: usize,
    /// That of intervals of shares.
    confidence: f64,
}

impl Day {
    /// That of all variants.
    pub(super) fn new(data: &ReportData<'_>) -> Self {
        let outcomes = data.variants.iter().filter_map(|case| case.outcome);
        let length = outcomes.clone().map(|outcome| outcome.frame.interval).next();
        let length = length.unwrap_or(Span::from_mins(30));
        let last = outcomes.clone().filter_map(last_offered).max().unwrap_or(0);
        let longest = outcomes.clone().map(|outcome| outcome.intervals.len()).max().unwrap_or(0);
        let after = (TAIL.as_micros() / length.as_micros().max(1)) as usize;
        let count = (last + 1 + after).min(longest);
        let rows = count * outcomes.count().max(1);
        let every = count.div_ceil(MOST).max(rows.div_ceil(MOST_ROWS)).max(1);
        let calendar = data.variants.first().map(|case| case.particulars.calendar());
        let calendar = calendar.unwrap_or_else(|| Calendar::without_date(Span::ZERO));
        Self { calendar, length, count, every, confidence: data.confidence() }
    }

    /// How many intervals are shown.
    pub(super) fn len(&self) -> usize {
        self.count.div_ceil(self.every)
    }

    /// Length of an interval as shown.
    pub(super) fn interval(&self) -> Span {
        self.length * self.every as i64
    }

    /// The intervals of a variant, those that are joined added up.
    pub(super) fn intervals(&self, outcome: &Outcome) -> Vec<IntervalFigures> {
        let measured = &outcome.intervals[..self.count.min(outcome.intervals.len())];
        measured.chunks(self.every).map(joined).collect()
    }

    /// The most agents that a formula asks for in each interval as shown; none where no number
    /// suffices or nothing arrives any more.
    pub(super) fn required(&self, case: &VariantData<'_>) -> Vec<Option<u32>> {
        let agents = &case.particulars.required.agents;
        let agents = &agents[..self.count.min(agents.len())];
        let joined = agents.chunks(self.every);
        let most = |part: &[Option<u32>]| part.iter().copied().collect::<Option<Vec<_>>>();
        joined.map(|part| most(part)?.into_iter().max()).collect()
    }

    /// Agents on shift by the roster in each interval as shown, in the mean.
    pub(super) fn rostered(&self, case: &VariantData<'_>) -> Vec<f64> {
        let agents = &case.particulars.rostered;
        let joined = agents[..self.count.min(agents.len())].chunks(self.every);
        joined.map(|part| part.iter().sum::<f64>() / part.len() as f64).collect()
    }

    /// Whether so few conversations say nothing about a share.
    pub(super) fn are_few(conversations: u64) -> bool {
        conversations < FEW
    }

    /// A share and half its interval; joined intervals have none. None of few conversations: it would
    /// jump from nothing to all.
    pub(super) fn share(
        &self,
        share: &IntervalShare,
        outcome: &Outcome,
        figures: &IntervalFigures,
    ) -> Option<PlotValue> {
        if Self::are_few(share.sums(outcome, figures).whole) {
            return None;
        }
        let estimate = share.estimate(outcome, figures)?;
        let half = estimate.half_width(self.confidence).filter(|_| self.every == 1);
        Some(PlotValue { value: estimate.value, half })
    }

    /// Start and end of the run as shown, since midnight of its first day.
    pub(super) fn reach(&self) -> (Span, Span) {
        let starts_at = self.calendar.starts_at();
        (starts_at, starts_at + self.length * self.count.max(1) as i64)
    }

    /// Start and end of an interval as shown, in hours since midnight of the first day.
    pub(super) fn hours(&self, position: usize) -> (f64, f64) {
        let start = self.calendar.starts_at() + self.interval() * position as i64;
        let (_, end) = self.reach();
        let end = (start + self.interval()).min(end);
        (start.as_secs_f64() / 3600.0, end.as_secs_f64() / 3600.0)
    }

    /// The middle of an interval as a part of the run as shown, 0 to 1.
    pub(super) fn middle(&self, position: usize) -> f64 {
        let (first, last) = self.reach();
        let (first, last) = (first.as_secs_f64() / 3600.0, last.as_secs_f64() / 3600.0);
        let (start, end) = self.hours(position);
        ((start + end) / 2.0 - first) / (last - first)
    }

    /// The clock at the start of an interval as shown.
    pub(super) fn clock(&self, position: usize) -> String {
        clock_of_day(&self.calendar, Time::ZERO + self.interval() * position as i64)
    }
}

/// The figures of several intervals together.
pub(super) fn joined<'a>(
    intervals: impl IntoIterator<Item = &'a IntervalFigures>,
) -> IntervalFigures {
    let mut all = IntervalFigures::default();
    intervals.into_iter().for_each(|figures| all.merge(figures));
    all
}

/// Position of the last interval in which anybody wrote.
fn last_offered(outcome: &Outcome) -> Option<usize> {
    outcome.intervals.iter().rposition(|interval| interval.flow.offered > 0)
}

/// What is shown after the last consumer has written.
const TAIL: Span = Span::from_hours(1);
/// Conversations of all replications together from which on a share of them is shown.
pub(super) const FEW: u64 = 10;
/// Intervals that a chart can show.
const MOST: usize = 336;
/// Intervals of all variants that a page can hold.
const MOST_ROWS: usize = 2400;
