//! The tables of a report: each is a CSV file, a sheet of the workbook, and a part of the data
//! dictionary.

use std::io;

use super::columns::TableSink;
use super::report_data::Report;
use super::{breakdown_csv, figures_csv, goals_csv, intervals_csv};

/// A table of every report.
pub(super) struct CsvFile {
    /// Name of the file.
    pub(super) file: &'static str,
    /// Name of the sheet.
    pub(super) sheet: &'static str,
    /// Writes header and rows.
    pub(super) write: fn(&Report<'_>, &mut dyn TableSink) -> io::Result<()>,
    /// Whether a report has anything to say in it.
    pub(super) is_wanted: fn(&Report<'_>) -> bool,
}

/// In the order of the sheets.
pub(super) static FILES: &[CsvFile] = &[
    CsvFile {
        file: "goals.csv",
        sheet: "Goals",
        write: goals_csv::goals,
        is_wanted: goals_csv::has_goals,
    },
    CsvFile {
        file: "figures.csv",
        sheet: "Figures",
        write: figures_csv::figures,
        is_wanted: always,
    },
    CsvFile {
        file: "percentiles.csv",
        sheet: "Percentiles",
        write: figures_csv::percentiles,
        is_wanted: always,
    },
    CsvFile {
        file: "intervals.csv",
        sheet: "Intervals",
        write: intervals_csv::intervals,
        is_wanted: always,
    },
    CsvFile {
        file: "agents.csv",
        sheet: "Agents",
        write: intervals_csv::agents,
        is_wanted: always,
    },
    CsvFile {
        file: "skills.csv",
        sheet: "Skills",
        write: breakdown_csv::skills,
        is_wanted: always,
    },
    CsvFile {
        file: "groups.csv",
        sheet: "Groups",
        write: breakdown_csv::groups,
        is_wanted: always,
    },
    CsvFile {
        file: "instants.csv",
        sheet: "Instants",
        write: breakdown_csv::instants,
        is_wanted: has_instants,
    },
];

fn always(_: &Report<'_>) -> bool {
    true
}

fn has_instants(report: &Report<'_>) -> bool {
    report.results.variants.iter().any(|variant| !variant.plan.measure.at.is_empty())
}
