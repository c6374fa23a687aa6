//! Rows of tables about parts of a run: in the mean over replications.

use std::io;

use crate::base::time::Time;
use crate::experiment::VariantResults;
use crate::ledger::outcome::Outcome;

use super::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::format::clock_of_day;
use super::report_data::Report;

/// A part of the run of a variant.
pub(super) struct PartRow<'a, Figures> {
    pub(super) report: &'a Report<'a>,
    /// Position of the variant.
    pub(super) variant: usize,
    pub(super) outcome: &'a Outcome,
    pub(super) place: PartPlace,
    pub(super) figures: &'a Figures,
}

/// Which part.
#[derive(Clone, Copy)]
pub(super) struct PartPlace {
    /// Its position among the parts of its kind.
    pub(super) position: usize,
    /// Position of its interval, if it is of one.
    pub(super) interval: usize,
}

impl<'a, Figures> PartRow<'a, Figures> {
    pub(super) fn variant(&self) -> &'a VariantResults {
        &self.report.results.variants[self.variant]
    }

    /// Of a sum over replications.
    pub(super) fn mean(&self, sum: f64) -> TableCell {
        TableCell::Number(Some(sum / self.outcome.replications as f64))
    }

    pub(super) fn count(&self, sum: u64) -> TableCell {
        self.mean(sum as f64)
    }

    pub(super) fn hours(&self, micros: u128) -> TableCell {
        self.mean(micros as f64 / 3.6e9)
    }

    pub(super) fn seconds(&self, micros: u128) -> TableCell {
        self.mean(micros as f64 / 1e6)
    }
}

impl<Figures> PartRow<'_, Figures> {
    pub(super) fn start(&self) -> Time {
        Time::ZERO + self.outcome.frame.interval * self.place.interval as i64
    }

    pub(super) fn clock(&self) -> TableCell {
        let calendar = &self.variant().plan.run.calendar;
        match calendar.first_date() {
            Some(_) => TableCell::word(clock_of_day(calendar, self.start())),
            None => TableCell::Clock(calendar.starts_at() + (self.start() - Time::ZERO)),
        }
    }

    pub(super) fn end(&self) -> Time {
        let frame = &self.outcome.frame;
        let end = self.start() + frame.interval;
        // The drain goes on after the horizon.
        if self.start() < frame.until { end.min(frame.until) } else { end }
    }

    /// The day of the start, if it has a date.
    pub(super) fn date(&self, written: &str) -> TableCell {
        let date = self.variant().plan.run.calendar.reading(self.start()).day.date;
        TableCell::word(date.map(|date| date.strftime(written).to_string()).unwrap_or_default())
    }

    pub(super) fn instant(&self, time: Time) -> TableCell {
        TableCell::word(self.variant().plan.run.calendar.written(time).unwrap_or_default())
    }
}

/// Writes a row a part of each variant.
pub(super) fn write_parts<'a, Figures: 'a, Parts: Iterator<Item = (PartPlace, &'a Figures)>>(
    report: &'a Report<'a>,
    table: &mut dyn TableSink,
    own: &[TableColumn<PartRow<'a, Figures>>],
    parts: impl Fn(&'a Outcome) -> Parts,
) -> io::Result<()> {
    let columns = [head(), own].concat();
    table.header(&columns)?;
    for (variant, results) in report.results.variants.iter().enumerate() {
        let Some(outcome) = results.pooled.as_deref() else { continue };
        for (place, figures) in parts(outcome) {
            table.row(&columns, &PartRow { report, variant, outcome, place, figures })?;
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
