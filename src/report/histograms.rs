//! `histograms.hlog`: the histograms of all durations, as an HdrHistogram interval log (V2).

use std::io::{self, Write};
use std::time::Duration;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{
    IntervalLogWriterBuilder, IntervalLogWriterError, Tag,
};

use crate::ledger::durations::Durations;
use crate::ledger::outcome::Times;

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
        for (name, _, durations) in durations(&outcome.times) {
            let Some(histogram) = durations.histogram() else { continue };
            let tag = format!("{position}:{}/{name}", without_separators(&variant.name));
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

/// Name and meaning of every duration, and those of a run.
pub(super) fn durations(times: &Times) -> [(&'static str, &'static str, &Durations); 13] {
    let Times {
        first_response,
        assignment,
        response,
        start_of_writing,
        queue,
        unassign_delay,
        next_owner,
        rescue,
        removal_delay,
        stranded,
        handle,
        handle_owned,
        handle_without_offline,
    } = times;
    [
        ("first_response", "Opening to the first answer.", first_response),
        ("assignment", "Opening to the first assignment.", assignment),
        ("response", "First unanswered message to the reply.", response),
        (
            "start_of_writing",
            "First unanswered message to the start of writing the answer.",
            start_of_writing,
        ),
        ("queue", "One stay in a queue that ended, whatever ended it.", queue),
        ("unassign_delay", "Message to auto-unassign.", unassign_delay),
        ("next_owner", "Auto-unassign or ownership removal to the next owner.", next_owner),
        (
            "rescue",
            "Last auto-unassign or ownership removal to the first reply, if by another agent.",
            rescue,
        ),
        ("removal_delay", "Logout (or, if later, assignment) to ownership removal.", removal_delay),
        ("stranded", "Time Offline of the owner in one stay in New.", stranded),
        ("handle", "Time in New of a resolved conversation, owned or not.", handle),
        (
            "handle_owned",
            "Time in New of a resolved conversation while it had an owner.",
            handle_owned,
        ),
        (
            "handle_without_offline",
            "Time in New of a resolved conversation, without the time while its owner was offline.",
            handle_without_offline,
        ),
    ]
}

/// A tag may not hold what separates the fields of the log.
fn without_separators(name: &str) -> String {
    let keep = |c: char| if c == ',' || c.is_whitespace() || c.is_control() { '_' } else { c };
    name.chars().map(keep).collect()
}
