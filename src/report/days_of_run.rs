//! The days of a run beside each other: by day, and by day and time of the clock.

use std::ops::Range;

use crate::base::calendar::{Calendar, CalendarDay};
use crate::base::time::{Span, Time};
use crate::ledger::outcome::{IntervalFigures, Outcome, OutcomeFrame};

use super::day::joined;
use super::format::day_name;

/// Days, and the stretches of the clock that they are cut into.
pub(super) struct DaysOfRun {
    /// In the order of the run.
    pub(super) days: Vec<DayOfRun>,
    /// Where each stretch of a day begins.
    pub(super) stretches: Vec<Span>,
}

/// A day.
pub(super) struct DayOfRun {
    /// `Fri 27 Mar`, or `day 2`.
    pub(super) name: String,
    /// Its intervals as measured, by stretch.
    positions: Vec<Vec<usize>>,
}

impl DaysOfRun {
    /// Of a run of several days; `None` of one, or of too many to be looked at.
    pub(super) fn of(calendar: &Calendar, frame: &OutcomeFrame) -> Option<Self> {
        let length = frame.interval;
        let stretch = length.max(Span::from_hours(1));
        let stretches = (0..).map(|number| stretch * number).take_while(|start| *start < DAY);
        let stretches = Vec::from_iter(stretches);
        let mut days: Vec<(CalendarDay, DayOfRun)> = Vec::new();
        let starts = (0..).map(|number| Time::ZERO + length * number);
        for (position, start) in starts.take_while(|start| *start < frame.until).enumerate() {
            let reading = calendar.reading(start);
            if days.last().is_none_or(|(last, _)| last.number != reading.day.number) {
                let positions = vec![Vec::new(); stretches.len()];
                days.push((reading.day, DayOfRun { name: day_name(reading.day), positions }));
            }
            let within = stretches.partition_point(|start| *start <= reading.clock) - 1;
            if let Some((_, day)) = days.last_mut() {
                day.positions[within].push(position);
            }
        }
        let days = Vec::from_iter(days.into_iter().map(|(_, day)| day));
        SHOWN.contains(&days.len()).then_some(Self { days, stretches })
    }
}

impl DayOfRun {
    /// Its intervals in a stretch of the clock.
    pub(super) fn stretch(&self, number: usize) -> &[usize] {
        &self.positions[number]
    }
}

/// The figures of several intervals of an outcome together; `None` of none.
pub(super) fn together(
    outcome: &Outcome,
    positions: impl IntoIterator<Item = usize>,
) -> Option<IntervalFigures> {
    let figures = positions.into_iter().filter_map(|position| outcome.intervals.get(position));
    let mut figures = figures.peekable();
    figures.peek()?;
    Some(joined(figures))
}

const DAY: Span = Span::from_hours(24);
const SHOWN: Range<usize> = 2..32;
