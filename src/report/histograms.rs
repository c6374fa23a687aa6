//! `histograms.hlog`: the histograms of all durations, as an HdrHistogram interval log (V2).

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{
    IntervalLogWriterBuilder, IntervalLogWriterError, Tag,
};

use super::report_data::Report;
use super::wording::UNCHECKED;

/// One histogram for each variant and duration, over all replications.
pub(super) fn histograms(report: &Report<'_>, mut output: impl Write) -> io::Result<()> {
    let mut serializer = V2DeflateSerializer::new();
    let mut builder = IntervalLogWriterBuilder::new();
    builder.add_comment("[Histogram log format version 1.3]");
    builder.add_comment("Durations in milliseconds; the maximum before each histogram in seconds.");
    builder.add_comment("Tags: position and name of the variant, then the duration.");
    if !report.checked {
        builder.add_comment(UNCHECKED);
    }
    builder.with_max_value_divisor(1e3);
    let mut log = builder.begin_log_with(&mut output, &mut serializer)?;
    for (position, variant) in report.results.variants.iter().enumerate() {
        let Some(outcome) = variant.pooled.as_deref() else { continue };
        let length = (outcome.frame.until - outcome.frame.warm_up).as_micros().max(0) as u64;
        let start = Duration::from_micros(outcome.frame.warm_up.as_micros().max(0) as u64);
        for of in outcome.times.all() {
            let Some(histogram) = of.durations.histogram() else { continue };
            let tag = format!("{position}:{}/{}", without_separators(&variant.name), of.name);
            let histogram = rewritten(histogram).map_err(io::Error::other)?;
            log.write_histogram(&histogram, start, Duration::from_micros(length), Tag::new(&tag))
                .map_err(|error| match error {
                IntervalLogWriterError::IoError(error) => error,
                IntervalLogWriterError::SerializeError(error) => io::Error::other(error),
            })?;
        }
    }
    Ok(())
}

/// The same counts in a histogram just large enough. How large the other has grown depends on the
/// order of its values, which a resumed run does not know.
fn rewritten(histogram: &Histogram<u64>) -> Result<Histogram<u64>, String> {
    let (highest, digits) = (histogram.max().max(2), histogram.sigfig());
    let mut rewritten =
        Histogram::new_with_max(highest, digits).map_err(|error| error.to_string())?;
    for step in histogram.iter_recorded() {
        let (value, count) = (step.value_iterated_to(), step.count_since_last_iteration());
        rewritten.record_n(value, count).map_err(|error| error.to_string())?;
    }
    Ok(rewritten)
}

/// A tag may not hold what separates the fields of the log.
fn without_separators(name: &str) -> String {
    let keep = |c: char| if c == ',' || c.is_whitespace() || c.is_control() { '_' } else { c };
    name.chars().map(keep).collect()
}
