//! The tables of a report: each is a CSV file, a sheet of the workbook, and a part of the data
//! dictionary.

use std::io;

use super::cells::Sink;
use super::{Report, judged, overall, parts, tables};

/// A table of every report.
pub(super) struct Listed {
    /// Name of the file.
    pub(super) file: &'static str,
    /// Name of the sheet.
    pub(super) sheet: &'static str,
    /// Writes header and rows.
    pub(super) write: fn(&Report<'_>, &mut dyn Sink) -> io::Result<()>,
    /// Whether a report has anything to say in it.
    pub(super) is_wanted: fn(&Report<'_>) -> bool,
}

/// In the order of the sheets.
pub(super) static FILES: &[Listed] = &[
    Listed {
        file: "goals.csv",
        sheet: "Goals",
        write: judged::goals,
        is_wanted: judged::has_goals,
    },
    Listed { file: "figures.csv", sheet: "Figures", write: overall::figures, is_wanted: always },
    Listed {
        file: "percentiles.csv",
        sheet: "Percentiles",
        write: overall::percentiles,
        is_wanted: always,
    },
    Listed {
        file: "intervals.csv",
        sheet: "Intervals",
        write: tables::intervals,
        is_wanted: always,
    },
    Listed { file: "agents.csv", sheet: "Agents", write: tables::agents, is_wanted: always },
    Listed { file: "skills.csv", sheet: "Skills", write: parts::skills, is_wanted: always },
    Listed { file: "groups.csv", sheet: "Groups", write: parts::groups, is_wanted: always },
    Listed {
        file: "instants.csv",
        sheet: "Instants",
        write: parts::instants,
        is_wanted: has_instants,
    },
];

fn always(_: &Report<'_>) -> bool {
    true
}

fn has_instants(report: &Report<'_>) -> bool {
    report.results.variants.iter().any(|variant| !variant.plan.measure.at.is_empty())
}
