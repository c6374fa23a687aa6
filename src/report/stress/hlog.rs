//! `histograms.hlog` of a wall-clock run: every timing over the whole run, and some of them stretch
//! by stretch.

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{
    IntervalLogWriterBuilder, IntervalLogWriterError, Tag,
};

use super::run_report::StressReport;
use crate::stress::Timing;

/// Writes the log.
pub(super) fn histograms(report: &StressReport<'_>, mut output: impl Write) -> io::Result<()> {
    let results = report.results;
    let mut serializer = V2DeflateSerializer::new();
    let mut builder = IntervalLogWriterBuilder::new();
    builder.add_comment("[Histogram log format version 1.3]");
    builder.add_comment("Nanoseconds; the maximum before each histogram in seconds.");
    builder.add_comment("Tags: the timing; behind a slash, one stretch of the run.");
    if results.closed {
        builder.add_comment("Closed model: the load waits for the system.");
    }
    builder.with_max_value_divisor(1e9);
    let mut log = builder.begin_log_with(&mut output, &mut serializer)?;
    let mut write = |histogram: &Histogram<u64>, start, length, tag: &str| {
        log.write_histogram(histogram, start, length, Tag::new(tag)).map_err(|error| match error {
            IntervalLogWriterError::IoError(error) => error,
            IntervalLogWriterError::SerializeError(error) => io::Error::other(error),
        })
    };
    for timing in Timing::ALL {
        let histogram = results.figures.timing(timing);
        if !histogram.is_empty() {
            write(histogram, Duration::ZERO, results.length, timing.name())?;
        }
    }
    for row in results.series.rows() {
        let length = Duration::from_secs(row.seconds);
        for timing in Timing::ALL {
            let Some(histogram) = row.timing(timing).filter(|it| !it.is_empty()) else { continue };
            let histogram = in_nanoseconds(histogram).map_err(io::Error::other)?;
            let tag = format!("{}/second", timing.name());
            write(&histogram, row.until.saturating_sub(length), length, &tag)?;
        }
    }
    Ok(())
}

/// The same counts of a histogram over microseconds.
fn in_nanoseconds(histogram: &Histogram<u64>) -> Result<Histogram<u64>, String> {
    let mut fine = Histogram::new(histogram.sigfig()).map_err(|error| error.to_string())?;
    for step in histogram.iter_recorded() {
        let (value, count) = (step.value_iterated_to(), step.count_since_last_iteration());
        fine.record_n(value * 1000, count).map_err(|error| error.to_string())?;
    }
    Ok(fine)
}
