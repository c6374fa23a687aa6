//! `results.xlsx`: everything that is in the CSV files as sheets with number formats, a summary to
//! read, and charts. The same report gives the same bytes.

mod curves;
mod overview;
mod pen;
mod sheet;

use std::io::{self, Read, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::cells::{Sink, Table as _, harmless};
use super::files::FILES;
use super::layout::cut;
use super::replications::{self, Line};
use super::{Report, columns};

use self::pen::Styles;
use self::sheet::Sheet;

/// Name of the file.
pub(super) const NAME: &str = "results.xlsx";

/// Writes the workbook; `replications` is the file of that name.
pub(super) fn workbook(
    report: &Report<'_>,
    replications: impl Read,
    output: impl Write + Send,
) -> io::Result<()> {
    let styles = Styles::new();
    let mut book = Workbook::new();
    book.set_properties(&properties(report).map_err(trouble)?);
    book.push_worksheet(overview::overview(report, &styles)?);
    let mut sheets = Vec::new();
    for listed in FILES.iter().filter(|listed| (listed.is_wanted)(report)) {
        let mut sheet = Sheet::new(listed.sheet, listed.file, &styles)?;
        (listed.write)(report, &mut sheet)?;
        sheets.push(sheet);
    }
    let intervals = sheets.iter().find(|sheet| sheet.name() == curves::SOURCE);
    if let Some(charts) =
        intervals.map(|sheet| curves::charts(report, sheet)).transpose()?.flatten()
    {
        book.push_worksheet(charts);
    }
    let mut sheet = Sheet::new("Replications", replications::NAME, &styles)?;
    values(report, replications, &mut sheet)?;
    sheets.push(sheet);
    let mut sheet = Sheet::new("Definitions", columns::NAME, &styles)?;
    columns::dictionary(report, &mut sheet)?;
    sheets.push(sheet);
    for sheet in sheets {
        book.push_worksheet(sheet.finish()?);
    }
    book.save_to_writer(output).map_err(trouble)
}

/// A row a replication of each variant, in the order in which they were run.
fn values(report: &Report<'_>, input: impl Read, sheet: &mut dyn Sink) -> io::Result<()> {
    let columns = replications::values();
    sheet.header(&columns)?;
    let variants = &report.results.variants;
    for line in replications::lines(input).map_err(io::Error::other)? {
        let (written, number, figures) = line.map_err(io::Error::other)?;
        let variant = variants.iter().find(|variant| harmless(&variant.name) == written);
        let name = variant.map_or(written, |variant| variant.name.clone());
        sheet.row::<Line>(&columns, &(name, number, figures))?;
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

fn trouble(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

const LONGEST_PROPERTY: usize = 200;
