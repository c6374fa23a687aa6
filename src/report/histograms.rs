//! `histograms.hlog`: the histograms of all durations, as an HdrHistogram interval log (V2).

use std::io::{self, Write};
use std::time::Duration;

use crate::ledger::durations::Durations;
use crate::ledger::outcome::Times;

use super::interval_log::{LogEntry, interval_log, rewritten};
use super::report_data::Report;
use super::wording::UNCHECKED;

/// One histogram for each variant and duration, over all replications.
pub(super) fn histograms(report: &Report<'_>, output: impl Write) -> io::Result<()> {
    let mut comments = vec![
        "Durations in milliseconds; the maximum before each histogram in seconds.",
        "Tags: position and name of the variant, then the duration.",
    ];
    if !report.checked {
        comments.push(UNCHECKED);
    }
    interval_log(output, &comments, 1e3, |write| {
        for (position, variant) in report.results.variants.iter().enumerate() {
            let Some(outcome) = variant.pooled.as_deref() else { continue };
            let length = (outcome.frame.until - outcome.frame.warm_up).as_micros().max(0) as u64;
            let start = Duration::from_micros(outcome.frame.warm_up.as_micros().max(0) as u64);
            for (name, _, durations) in durations(&outcome.times) {
                let Some(histogram) = durations.histogram() else { continue };
                let tag = format!("{position}:{}/{name}", without_separators(&variant.name));
                let histogram = &rewritten(histogram, 1)?;
                let length = Duration::from_micros(length);
                write(LogEntry { tag: &tag, start, length, histogram })?;
            }
        }
        Ok(())
    })
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
