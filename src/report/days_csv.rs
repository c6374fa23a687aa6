//! `days.csv`: a row a day of each variant, and a row a weekday of a run in which one comes again.

use std::io;

use super::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use super::day_rows::{
    ABANDONMENT, DayRatio, DayRow, FIRST_RESPONSE, OFFERED, REASSIGNMENTS, SERVICE_LEVEL, day_rows,
};
use super::report_data::Report;

/// Whether the run has several days.
pub(super) fn has_days(report: &Report<'_>) -> bool {
    let outcomes = report.results.variants.iter().filter_map(|variant| variant.pooled.as_ref());
    outcomes.into_iter().any(|outcome| !outcome.days.is_empty())
}

/// A day of a variant.
struct ReportedDay<'a> {
    variant: &'a str,
    replications: u64,
    confidence: f64,
    day: DayRow<'a>,
}

impl ReportedDay<'_> {
    fn value(&self, figure: DayRatio) -> TableCell {
        TableCell::Number(self.day.estimate(figure).map(|it| it.value))
    }

    fn half(&self, figure: DayRatio) -> TableCell {
        let half = self.day.estimate(figure).and_then(|it| it.half_width(self.confidence));
        TableCell::Number(half)
    }

    fn difference(&self, figure: DayRatio) -> TableCell {
        TableCell::Number(self.day.difference(figure).map(|it| it.value))
    }

    fn difference_half(&self, figure: DayRatio) -> TableCell {
        let half = self.day.difference(figure).and_then(|it| it.half_width(self.confidence));
        TableCell::Number(half)
    }
}

/// Rows of all variants.
pub(super) fn days(report: &Report<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    let columns = day_columns();
    table.header(columns)?;
    let base = report.results.variants.first().and_then(|base| base.pooled.as_deref());
    let variants = report.results.variants.iter().zip(&report.background.variants);
    for (position, (variant, particulars)) in variants.enumerate() {
        let Some(outcome) = variant.pooled.as_deref() else { continue };
        for day in day_rows(outcome, base.filter(|_| position > 0), particulars) {
            let row = ReportedDay {
                variant: &variant.name,
                replications: outcome.replications,
                confidence: report.confidence,
                day,
            };
            table.row(columns, &row)?;
        }
    }
    Ok(())
}

fn day_columns<'a>() -> &'a [TableColumn<ReportedDay<'a>>] {
    columns! {
    variant "" = |row| TableCell::text(row.variant), "Variant.";
    replications "" = |row| TableCell::Whole(row.replications), "Replications that the figures come from.";
    day "" = |row| TableCell::word(row.day.name()), "The day, or a weekday and how many of them the run has: their figures are then those of all of them together, counts and hours a day.";
    date "date" = |row| TableCell::word(row.day.date()), "Its date; empty of a weekday and of a run without dates.";
    weekday "" = |row| TableCell::word(row.day.weekday()), "Its day of the week.";
    days "days" = |row| TableCell::Whole(row.day.part.count), "How many days.";
    offered "conversations" = |row| row.value(OFFERED), "Conversations opened a day. Conversations count on the day on which they were opened, whatever became of them later.";
    offered_half_width "conversations" = |row| row.half(OFFERED), "Half its interval, over replications.";
    service_level "share" = |row| row.value(SERVICE_LEVEL), "Service level as configured: a ratio of sums over replications.";
    service_level_half_width "share" = |row| row.half(SERVICE_LEVEL), "Half its interval.";
    service_level_difference "share" = |row| row.difference(SERVICE_LEVEL), "Service level less that of the base on the same day; empty if not all replications have both.";
    service_level_difference_half_width "share" = |row| row.difference_half(SERVICE_LEVEL), "Half the interval of that difference, replication by replication.";
    abandonment "share" = |row| row.value(ABANDONMENT), "Abandoned before the first answer / offered.";
    abandonment_half_width "share" = |row| row.half(ABANDONMENT), "Half its interval.";
    abandonment_difference "share" = |row| row.difference(ABANDONMENT), "Abandonment less that of the base on the same day.";
    abandonment_difference_half_width "share" = |row| row.difference_half(ABANDONMENT), "Half the interval of that difference.";
    first_response_mean "seconds" = |row| row.value(FIRST_RESPONSE), "Opening to first answer, mean.";
    first_response_mean_half_width "seconds" = |row| row.half(FIRST_RESPONSE), "Half its interval.";
    first_response_mean_difference "seconds" = |row| row.difference(FIRST_RESPONSE), "First response less that of the base on the same day.";
    first_response_mean_difference_half_width "seconds" = |row| row.difference_half(FIRST_RESPONSE), "Half the interval of that difference.";
    reassigned "times" = |row| row.value(REASSIGNMENTS), "Auto-unassigns and ownership removals a day, on the day on which they happened.";
    reassigned_half_width "times" = |row| row.half(REASSIGNMENTS), "Half its interval.";
    required "hours" = |row| TableCell::Number(row.day.required_hours()), "Hours of agents at work a day that a queueing formula asks for, interval by interval; empty where no number suffices in one.";
    rostered "hours" = |row| TableCell::Number(Some(row.day.rostered_hours())), "Hours a day of agents on shift by the roster, before absence and breaks.";
    logged_in "hours" = |row| TableCell::Number(Some(row.day.logged_in_hours())), "Hours a day of agents logged in, Online or Away.";
    net "hours" = |row| TableCell::Number(row.day.required_hours().map(|required| row.day.logged_in_hours() - required)), "Logged in less required: below 0 staff is missing.";
    }
}
