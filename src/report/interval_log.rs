//! HdrHistogram interval logs (V2), as the usual viewers read them.

use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{
    IntervalLogWriterBuilder, IntervalLogWriterError, Tag,
};

/// A stretch of a run and what was counted in it.
pub(super) struct LogEntry<'a> {
    /// Names what was counted; without spaces and commas.
    pub(super) tag: &'a str,
    /// When the stretch began, from the start of the run.
    pub(super) start: Duration,
    /// How long it was.
    pub(super) length: Duration,
    /// The counts.
    pub(super) histogram: &'a Histogram<u64>,
}

/// Writes a log: comments, then whatever `entries` hands to the function it is given. `to_seconds` is
/// how many units of the histograms make a unit of the maximum that stands before each of them; `start`
/// is when the run started by the clock on the wall, if it was one.
///
/// # Errors
///
/// Those of the output and of `entries`.
pub(super) fn interval_log(
    mut output: impl Write,
    comments: &[&str],
    to_seconds: f64,
    start: Option<SystemTime>,
    entries: impl FnOnce(&mut dyn FnMut(LogEntry<'_>) -> io::Result<()>) -> io::Result<()>,
) -> io::Result<()> {
    let mut serializer = V2DeflateSerializer::new();
    let mut builder = IntervalLogWriterBuilder::new();
    builder.add_comment("[Histogram log format version 1.3]");
    for comment in comments {
        builder.add_comment(comment);
    }
    builder.with_max_value_divisor(to_seconds);
    if let Some(start) = start {
        builder.with_start_time(start);
    }
    let mut log = builder.begin_log_with(&mut output, &mut serializer)?;
    entries(&mut |LogEntry { tag, start, length, histogram }| {
        let written = log.write_histogram(histogram, start, length, Tag::new(tag));
        written.map_err(|error| match error {
            IntervalLogWriterError::IoError(error) => error,
            IntervalLogWriterError::SerializeError(error) => io::Error::other(error),
        })
    })
}

/// The same counts of values so many times as large, in a histogram just large enough: how large the
/// other has grown depends on the order of its values, which a resumed run does not know.
///
/// # Errors
///
/// A value is too large for a histogram.
pub(super) fn rewritten(histogram: &Histogram<u64>, times: u64) -> io::Result<Histogram<u64>> {
    let highest = (histogram.max() * times).max(2);
    let mut rewritten =
        Histogram::new_with_max(highest, histogram.sigfig()).map_err(io::Error::other)?;
    for step in histogram.iter_recorded() {
        let (value, count) = (step.value_iterated_to(), step.count_since_last_iteration());
        rewritten.record_n(value * times, count).map_err(io::Error::other)?;
    }
    Ok(rewritten)
}
