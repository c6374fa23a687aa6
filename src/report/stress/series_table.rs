//! `series.csv`: the run over time; `columns.csv`: what stands in it.

use std::io;

use jiff::ZonedDateTime;

use super::run_report::StressReport;
use crate::report::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use crate::report::data_dictionary::{describe, header};
use crate::report::start_time::{after, rfc3339};
use crate::stress::{Count, SeriesRow, StressResults, Timing};

/// Writes the table.
pub(super) fn series(report: &StressReport<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    table.header(COLUMNS)?;
    let results = report.results;
    for row in results.series.rows() {
        table.row(COLUMNS, &(SeriesContext::of(results, row), row.clone()))?;
    }
    Ok(())
}

/// The data dictionary: a row a column.
pub(super) fn dictionary(table: &mut dyn TableSink) -> io::Result<()> {
    header(table)?;
    describe(table, SERIES, COLUMNS)
}

/// What is not in the row itself.
struct SeriesContext {
    model: &'static str,
    started: ZonedDateTime,
    faults: String,
}

impl SeriesContext {
    fn of(results: &StressResults, row: &SeriesRow) -> Self {
        let (model, started) = (results.model(), results.started.clone());
        Self { model, started, faults: faults(results, row) }
    }
}

/// The faults that went on, or began, during a stretch.
fn faults(results: &StressResults, row: &SeriesRow) -> String {
    let (end, length) = (row.until.as_secs_f64(), row.length.as_secs_f64());
    let steps =
        results.settings.faults.iter().filter(|step| {
            step.at.as_secs_f64() < end && step.ends().as_secs_f64() >= end - length
        });
    Vec::from_iter(steps.map(|step| step.fault.name())).join(" ")
}

fn seconds(row: &SeriesRow, timing: Timing, quantile: f64) -> TableCell {
    let histogram = row.timing(timing).filter(|histogram| !histogram.is_empty());
    TableCell::Number(histogram.map(|histogram| histogram.value_at_quantile(quantile) as f64 / 1e6))
}

static COLUMNS: &[TableColumn<(SeriesContext, SeriesRow)>] = columns! {
    until "s" = |(_, row)| TableCell::Number(Some(row.until.as_secs_f64())), "End of the stretch.";
    seconds "s" = |(_, row)| TableCell::Number(Some(row.length.as_secs_f64())), "Its length.";
    at "" = |(context, row)| TableCell::Word(rfc3339(&after(&context.started, row.until))), "Its end by the clock on the wall, with the distance from UTC.";
    model "" = |(context, _)| TableCell::word(context.model), "Who makes the load: open or closed.";
    faults "" = |(context, _)| TableCell::Word(context.faults.clone()), "Faults that went on or began.";
    scheduled "" = |(_, row)| TableCell::Whole(row.count(Count::Scheduled)), "Arrivals of the plan.";
    refused "" = |(_, row)| TableCell::Whole(row.count(Count::Refused)), "Arrivals refused.";
    opened "" = |(_, row)| TableCell::Whole(row.count(Count::Opened)), "Conversations opened.";
    closed "" = |(_, row)| TableCell::Whole(row.count(Count::Closed)), "Conversations over.";
    unassigned "" = |(_, row)| TableCell::Whole(row.count(Count::Unassigned)), "Automatic unassignments.";
    removed "" = |(_, row)| TableCell::Whole(row.count(Count::Removed)), "Ownership removals.";
    logged_out "" = |(_, row)| TableCell::Whole(row.count(Count::LoggedOut)), "Logouts of agents.";
    replaced "" = |(_, row)| TableCell::Whole(row.count(Count::Replaced)), "Actors that had died and were replaced.";
    lost "" = |(_, row)| TableCell::Whole(row.count(Count::Lost)), "Messages lost with actors that died.";
    messages "" = |(_, row)| TableCell::Whole(row.count(Count::Messages)), "Messages handled by all actors.";
    armed "" = |(_, row)| TableCell::Whole(row.count(Count::Armed)), "Timers armed.";
    cancelled "" = |(_, row)| TableCell::Whole(row.count(Count::Cancelled)), "Timers cancelled.";
    fired "" = |(_, row)| TableCell::Whole(row.count(Count::Fired)), "Timers fired.";
    admission_p50 "s" = |(_, row)| seconds(row, Timing::Admission, 0.5), "Scheduled instant to opened: half within.";
    admission_p99 "s" = |(_, row)| seconds(row, Timing::Admission, 0.99), "Scheduled instant to opened: 99 % within.";
    admission_max "s" = |(_, row)| seconds(row, Timing::Admission, 1.0), "Scheduled instant to opened: the longest.";
    lateness_p50 "s" = |(_, row)| seconds(row, Timing::DeadlineLateness, 0.5), "Unassign deadline to handled: half within.";
    lateness_p99 "s" = |(_, row)| seconds(row, Timing::DeadlineLateness, 0.99), "Unassign deadline to handled: 99 % within.";
    lateness_max "s" = |(_, row)| seconds(row, Timing::DeadlineLateness, 1.0), "Unassign deadline to handled: the longest.";
    router_wait_p99 "s" = |(_, row)| seconds(row, Timing::RouterWait, 0.99), "Sent to a router to handled: 99 % within.";
    live "" = |(_, row)| TableCell::Whole(row.state.live), "Live conversations at the end.";
    timers "" = |(_, row)| TableCell::Whole(row.state.timers), "Timers to come at the end.";
    waiting "" = |(_, row)| TableCell::Whole(row.state.waiting), "Messages waiting for the routers at the end.";
    resident "B" = |(_, row)| TableCell::Number(row.resident.map(|bytes| bytes as f64)), "Memory of the process at the end.";
};

pub(super) const SERIES: &str = "series.csv";
