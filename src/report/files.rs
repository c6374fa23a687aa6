//! The tables of a report: each is a CSV file, a sheet of the workbook, and a part of the data
//! dictionary.

use std::io;

use super::cells::Sink;
use super::{Report, parts, tables};

/// A table of every report.
pub(super) struct Listed {
    /// Name of the file.
    pub(super) file: &'static str,
    /// Writes header and rows.
    pub(super) write: fn(&Report<'_>, &mut dyn Sink) -> io::Result<()>,
    /// Whether a report has anything to say in it.
    pub(super) is_wanted: fn(&Report<'_>) -> bool,
}

/// In the order of the sheets.
pub(super) static FILES: &[Listed] = &[
    Listed { file: "intervals.csv", write: tables::intervals, is_wanted: always },
    Listed { file: "agents.csv", write: tables::agents, is_wanted: always },
    Listed { file: "skills.csv", write: parts::skills, is_wanted: always },
    Listed { file: "groups.csv", write: parts::groups, is_wanted: always },
    Listed { file: "instants.csv", write: parts::instants, is_wanted: has_instants },
];

fn always(_: &Report<'_>) -> bool {
    true
}

fn has_instants(report: &Report<'_>) -> bool {
    report.results.variants.iter().any(|variant| !variant.plan.measure.at.is_empty())
}
