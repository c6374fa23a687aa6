//! `results.xlsx`: everything that is in the CSV files as sheets with number formats, a summary to
//! read, and charts. The same report gives the same bytes.

mod cell_writer;
mod overview;
mod sheet_charts;
mod table_sheet;

use std::io;
use std::io::{Read, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::cell_writer::{CellStyles, trouble};
use self::table_sheet::TableSheet;
use super::columns::{TableSink, WriteTable as _, harmless};
use super::csv_files::FILES;
use super::replications_csv::ReplicationRow;
use super::report_data::Report;
use super::terminal::cut;
use super::{data_dictionary, replications_csv};

/// Name of the file.
pub(super) const NAME: &str = "results.xlsx";

/// Writes the workbook; `replications` is the file of that name.
pub(super) fn workbook(
    report: &Report<'_>,
    replications: impl Read,
    output: impl Write + Send,
) -> io::Result<()> {
    let styles = CellStyles::new();
    let mut book = Workbook::new();
    book.set_properties(&properties(report).map_err(trouble)?);
    book.push_worksheet(overview::overview(report, &styles)?);
    let mut sheets = Vec::new();
    for listed in FILES.iter().filter(|listed| (listed.is_wanted)(report)) {
        let mut sheet = TableSheet::new(listed.sheet, listed.file, &styles)?;
        (listed.write)(report, &mut sheet)?;
        sheets.push(sheet);
    }
    let intervals = sheets.iter().find(|sheet| sheet.name() == sheet_charts::SOURCE);
    if let Some(charts) =
        intervals.map(|sheet| sheet_charts::charts(report, sheet)).transpose()?.flatten()
    {
        book.push_worksheet(charts);
    }
    let mut sheet = TableSheet::new("Replications", replications_csv::NAME, &styles)?;
    values(report, replications, &mut sheet)?;
    sheets.push(sheet);
    let mut sheet = TableSheet::new("Definitions", data_dictionary::NAME, &styles)?;
    data_dictionary::dictionary(report, &mut sheet)?;
    sheets.push(sheet);
    for sheet in sheets {
        book.push_worksheet(sheet.finish()?);
    }
    book.save_to_writer(output).map_err(trouble)
}

/// A row a replication of each variant, in the order in which they were run.
fn values(report: &Report<'_>, input: impl Read, sheet: &mut dyn TableSink) -> io::Result<()> {
    let columns = replications_csv::values();
    sheet.header(&columns)?;
    let variants = &report.results.variants;
    for line in replications_csv::lines(input).map_err(io::Error::other)? {
        let (written, number, figures) = line.map_err(io::Error::other)?;
        let variant = variants.iter().find(|variant| harmless(&variant.name) == written);
        let name = variant.map_or(written, |variant| variant.name.clone());
        sheet.row::<ReplicationRow>(&columns, &(name, number, figures))?;
    }
    Ok(())
}

/// When it was made is no part of a report.
fn properties(report: &Report<'_>) -> Result<DocProperties, XlsxError> {
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let made_by = concat!("Shiftstorm ", env!("CARGO_PKG_VERSION"));
    Ok(DocProperties::new()
        .set_title(cut(report.name, LONGEST_PROPERTY))
        .set_subject(cut(report.question, LONGEST_PROPERTY))
        .set_author(made_by)
        .set_creation_datetime(&made))
}

const LONGEST_PROPERTY: usize = 200;
