//! `histograms.hlog`: the histograms of all durations, as an HdrHistogram interval log (V2).

use std::io::{self, Write};
use std::time::Duration;

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
    interval_log(output, &comments, 1e3, None, |write| {
        for (position, variant) in report.results.variants.iter().enumerate() {
            let Some(outcome) = variant.pooled.as_deref() else { continue };
            let length = (outcome.frame.until - outcome.frame.warm_up).as_micros().max(0) as u64;
            let start = Duration::from_micros(outcome.frame.warm_up.as_micros().max(0) as u64);
            for of in outcome.times.all() {
                let Some(histogram) = of.durations.histogram() else { continue };
                let tag = format!("{position}:{}/{}", without_separators(&variant.name), of.name);
                let histogram = &rewritten(histogram, 1)?;
                let length = Duration::from_micros(length);
                write(LogEntry { tag: &tag, start, length, histogram })?;
            }
        }
        Ok(())
    })
}

/// A tag may not hold what separates the fields of the log.
fn without_separators(name: &str) -> String {
    let keep = |c: char| if c == ',' || c.is_whitespace() || c.is_control() { '_' } else { c };
    name.chars().map(keep).collect()
}
