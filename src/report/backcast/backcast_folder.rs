//! The folder of a backcast: page, tables, JSON.

use std::io;
use std::io::Write as _;

use crate::report::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};
use crate::report::folder::{FolderLayout, ReportFolder};
use crate::report::json_file;

use super::backcast_json::{SCHEMA, saved};
use super::backcast_page::page;
use super::backcast_report::BackcastReport;
use super::figure_names::{column, kind_of_part, name_of, part};

const FIGURES: &str = "figures.csv";
const REPLICATIONS: &str = "replications.csv";
const PAGE: &str = "index.html";
const MAIN: &str = "backcast.json";

/// The files of a backcast; the last tells that it is whole.
pub const BACKCAST_LAYOUT: FolderLayout =
    FolderLayout { schema: SCHEMA, files: &[FIGURES, REPLICATIONS, PAGE, MAIN] };

impl BackcastReport<'_> {
    /// Writes everything.
    ///
    /// # Errors
    ///
    /// Something cannot be written.
    pub fn write(&self, folder: &ReportFolder) -> io::Result<()> {
        folder.table(FIGURES, |table| self.figure_rows(table))?;
        folder.table(REPLICATIONS, |table| self.replication_rows(table))?;
        folder.file(PAGE, |output| output.write_all(page(self).as_bytes()))?;
        folder.publish_main(&saved(self))
    }

    /// The main file as a text.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn json(&self, output: &mut dyn io::Write) -> io::Result<()> {
        json_file::write(&saved(self), output)
    }

    fn figure_rows(&self, table: &mut dyn TableSink) -> io::Result<()> {
        table.header(FIGURE_COLUMNS)?;
        for row in self.rows() {
            let name = name_of(row.figure.kind);
            let row = FigureCsvRow {
                part: kind_of_part(row.figure.part),
                of: part(row.figure.part, self.skills),
                figure: name.name,
                unit: name.unit.name(),
                rank: row.rank(),
                is_inside: row.is_inside(),
                values: [row.measured, row.mean, row.low, row.high],
                below: row.below as u64,
                alike: row.alike as u64,
                with_suspect: row.with_suspect,
            };
            table.row(FIGURE_COLUMNS, &row)?;
        }
        Ok(())
    }

    /// The log first, then a row a replication.
    fn replication_rows(&self, table: &mut dyn TableSink) -> io::Result<()> {
        let results = self.results;
        let mut all = vec![TableColumn::nth(
            0,
            "replication",
            "",
            WHOSE,
            |row: &ReplicationCsvRow<'_>, _| TableCell::word(row.name.as_str()),
        )];
        for (position, figure) in results.figures.figures.iter().enumerate() {
            let name = column(figure, self.skills);
            let unit = name_of(figure.kind).unit.name();
            all.push(TableColumn::nth(
                position,
                name,
                unit,
                FIGURE,
                |row: &ReplicationCsvRow<'_>, at| TableCell::Exact(row.values.get(at).copied()),
            ));
        }
        table.header(&all)?;
        let log = ReplicationCsvRow { name: "log".to_owned(), values: &results.measured };
        table.row(&all, &log)?;
        for (number, values) in results.simulated.iter().enumerate() {
            table.row(&all, &ReplicationCsvRow { name: number.to_string(), values })?;
        }
        Ok(())
    }
}

const WHOSE: &str = "Number of the replication, from 0; log: as measured.";
const FIGURE: &str = "The figure.";

struct ReplicationCsvRow<'a> {
    name: String,
    values: &'a [f64],
}

struct FigureCsvRow {
    part: &'static str,
    of: String,
    figure: &'static str,
    unit: &'static str,
    /// Measured, mean, low, high.
    values: [f64; 4],
    rank: f64,
    below: u64,
    alike: u64,
    is_inside: bool,
    with_suspect: Option<f64>,
}

static FIGURE_COLUMNS: &[TableColumn<FigureCsvRow>] = columns! {
    part "" = |r| TableCell::word(r.part), "whole, day, hour or skill.";
    of "" = |r| TableCell::text(&r.of), "Which day, hour or skill.";
    figure "" = |r| TableCell::word(r.figure), "The figure.";
    unit "" = |r| TableCell::word(r.unit), "Its unit.";
    measured "" = |r| TableCell::Exact(Some(r.values[0])), "In the log.";
    mean "" = |r| TableCell::Exact(Some(r.values[1])), "Mean of the replications.";
    low "" = |r| TableCell::Exact(Some(r.values[2])), "Least that it may be, jointly with all others.";
    high "" = |r| TableCell::Exact(Some(r.values[3])), "Most that it may be.";
    inside "" = |r| TableCell::yes(r.is_inside), "Whether it is.";
    rank "" = |r| TableCell::Exact(Some(r.rank)), "Rank of the log among the replications and itself, from 1.";
    below "" = |r| TableCell::Whole(r.below), "Replications that have less.";
    alike "" = |r| TableCell::Whole(r.alike), "Replications that have as much.";
    mean_with_suspect "" = |r| TableCell::Exact(r.with_suspect), "Mean of the replications with the most suspect parameter of the log.";
};
