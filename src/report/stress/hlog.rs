//! `histograms.hlog` of a wall-clock run: every timing over the whole run, and some of them stretch
//! by stretch.

use std::io::{self, Write};
use std::time::Duration;

use crate::report::interval_log::{LogEntry, interval_log, rewritten};
use crate::stress::Timing;

use super::run_report::StressReport;

/// Writes the log.
pub(super) fn histograms(report: &StressReport<'_>, output: impl Write) -> io::Result<()> {
    let results = report.results;
    let mut comments = vec![
        "Nanoseconds; the maximum before each histogram in seconds.",
        "What was unfinished at the end of the run is in with what it had taken until then.",
        "Tags: the timing; behind a slash, one stretch of the run.",
    ];
    if results.closed {
        comments.push("Closed model: the load waits for the system.");
    }
    interval_log(output, &comments, 1e9, |write| {
        for timing in Timing::ALL {
            let (start, length) = (Duration::ZERO, results.length);
            let timed = results.timing(timing);
            let histogram = timed.all();
            if !histogram.is_empty() {
                write(LogEntry { tag: timing.name(), start, length, histogram })?;
            }
        }
        for row in results.series.rows() {
            let length = row.length;
            let start = row.until.saturating_sub(length);
            for timing in Timing::ALL {
                let found = row.timing(timing).filter(|it| !it.is_empty());
                let Some(histogram) = found else { continue };
                // Kept in microseconds.
                let histogram = &rewritten(histogram, 1000)?;
                let tag = format!("{}/second", timing.name());
                write(LogEntry { tag: &tag, start, length, histogram })?;
            }
        }
        Ok(())
    })
}
