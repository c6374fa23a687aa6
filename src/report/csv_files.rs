//! The tables of a report: each is a CSV file, a sheet of the workbook, and a part of the data
//! dictionary.

use std::io;

use super::columns::TableSink;
use super::report_data::Report;
use super::{days_csv, figures_csv, goals_csv, interval_tables, part_tables};

/// A table of every report.
pub(super) struct CsvFile {
    /// Name of the file.
    pub(super) file: &'static str,
    /// Name of the sheet.
    pub(super) sheet: &'static str,
    /// Writes header and rows.
    pub(super) write: WriteReport,
    /// Whether a report has anything to say in it.
    pub(super) is_wanted: fn(&Report<'_>) -> bool,
}

type WriteReport = fn(&Report<'_>, &mut dyn TableSink) -> io::Result<()>;

impl CsvFile {
    const fn new(file: &'static str, sheet: &'static str, write: WriteReport) -> Self {
        Self { file, sheet, write, is_wanted: |_| true }
    }
}

/// In the order of the sheets.
pub(super) static FILES: &[CsvFile] = &[
    CsvFile {
        is_wanted: goals_csv::has_goals,
        ..CsvFile::new("goals.csv", "Goals", goals_csv::goals)
    },
    CsvFile::new("figures.csv", "Figures", figures_csv::figures),
    CsvFile::new("percentiles.csv", "Percentiles", figures_csv::percentiles),
    CsvFile::new("intervals.csv", "Intervals", interval_tables::intervals),
    CsvFile { is_wanted: days_csv::has_days, ..CsvFile::new("days.csv", "Days", days_csv::days) },
    CsvFile {
        is_wanted: interval_tables::has_skill_intervals,
        ..CsvFile::new(
            "skill_intervals.csv",
            "Intervals by skill",
            interval_tables::skill_intervals,
        )
    },
    CsvFile {
        is_wanted: interval_tables::has_group_intervals,
        ..CsvFile::new(
            "group_intervals.csv",
            "Intervals by group",
            interval_tables::group_intervals,
        )
    },
    CsvFile::new("agents.csv", "Agents", part_tables::agents),
    CsvFile::new("skills.csv", "Skills", part_tables::skills),
    CsvFile::new("groups.csv", "Groups", part_tables::groups),
    CsvFile {
        is_wanted: has_instants,
        ..CsvFile::new("instants.csv", "Instants", part_tables::instants)
    },
];

fn has_instants(report: &Report<'_>) -> bool {
    report.results.variants.iter().any(|variant| !variant.plan.measure.at.is_empty())
}
