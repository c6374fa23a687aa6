//! `histograms.hlog` of a wall-clock run: every timing over the whole run, and some of them stretch
//! by stretch.

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use crate::report::interval_log::{LogEntry, interval_log, rewritten};
use crate::report::start_time::rfc3339;
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
    let started = format!("Started {}; entries count from there.", rfc3339(&results.started));
    comments.push(&started);
    let since_epoch = results.started.timestamp().as_nanosecond();
    let since_epoch = Duration::from_nanos(u64::try_from(since_epoch).unwrap_or_default());
    let start = Some(SystemTime::UNIX_EPOCH + since_epoch);
    interval_log(output, &comments, 1e9, start, |write| {
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
