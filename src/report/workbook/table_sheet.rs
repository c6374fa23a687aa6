//! A table as a sheet: header and key columns stay in sight, rows can be filtered, pages printed.

use std::io;

use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Worksheet};

use crate::report::columns::{ColumnHead, TableCell, TableSink};
use crate::report::terminal::folded;

use super::cell_writer::{CellAddress, CellStyles, CellWriter, trouble};

/// A sheet that is being written.
pub(super) struct TableSheet<'a> {
    pen: CellWriter<'a>,
    name: &'static str,
    /// Where the rows are that have no room.
    file: &'static str,
    columns: Vec<SheetColumn>,
    /// With the header.
    rows: u32,
    left_out: u64,
}

/// What a sheet knows of a column.
struct SheetColumn {
    name: String,
    unit: &'static str,
    /// Characters.
    width: usize,
}

impl<'a> TableSheet<'a> {
    pub(super) fn new(
        name: &'static str,
        file: &'static str,
        styles: &'a CellStyles,
    ) -> io::Result<Self> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name).map_err(trouble)?;
        let pen = CellWriter { sheet, styles };
        Ok(Self { pen, name, file, columns: Vec::new(), rows: 0, left_out: 0 })
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Position of a column.
    pub(super) fn column(&self, name: &str) -> Option<u16> {
        self.columns.iter().position(|column| column.name == name).map(|at| at as u16)
    }

    /// Rows below the header.
    pub(super) fn len(&self) -> u32 {
        self.rows.saturating_sub(1)
    }

    /// The sheet as it goes into the workbook.
    pub(super) fn finish(mut self) -> io::Result<Worksheet> {
        self.header()?;
        self.verdicts().map_err(trouble)?;
        let last = (self.rows.saturating_sub(1), self.columns.len().saturating_sub(1) as u16);
        let keys = self.keys();
        let characters: usize = self.columns.iter().map(|column| column.width).sum();
        let sheet = &mut self.pen.sheet;
        sheet.autofilter(0, 0, last.0, last.1).map_err(trouble)?;
        sheet.set_freeze_panes(1, keys).map_err(trouble)?;
        sheet.set_repeat_rows(0, 0).map_err(trouble)?;
        if keys > 0 {
            sheet.set_repeat_columns(0, keys - 1).map_err(trouble)?;
        }
        let pages = characters.div_ceil(CHARACTERS_A_PAGE) as u16;
        print_on(sheet, pages.max(1));
        if self.left_out > 0 {
            let more = format!("{} more rows are in {}", self.left_out, self.file);
            let below = CellAddress { row: self.rows, column: 0 };
            self.pen.text(below, &more, &self.pen.styles.note)?;
        }
        Ok(self.pen.sheet)
    }

    /// Names in words, with units; written last, when the widths are known.
    fn header(&mut self) -> io::Result<()> {
        let mut lines = 1;
        for (column, known) in self.columns.iter().enumerate() {
            let text = heading(known);
            let word = text.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
            let width = known.width.max(word + FILTER).clamp(LEAST_WIDTH, MOST_WIDTH);
            lines = lines.max(folded(&text, width - FILTER, usize::MAX).len());
            let column = column as u16;
            self.pen.sheet.set_column_width(column, width as f64).map_err(trouble)?;
            let is_number = !matches!(known.unit, "" | "clock");
            let style = &self.pen.styles.header[usize::from(is_number)];
            self.pen.text(CellAddress { row: 0, column }, &text, style)?;
        }
        self.pen.sheet.set_row_height(0, 15.0 * lines as f64 + 4.0).map_err(trouble)?;
        Ok(())
    }

    /// Verdicts have the colours of the summary.
    fn verdicts(&mut self) -> Result<(), rust_xlsxwriter::XlsxError> {
        let Some(column) = self.column("verdict").filter(|_| self.rows > 1) else { return Ok(()) };
        let styles = self.pen.styles;
        for (words, format) in [(GOOD, &styles.good), (BAD, &styles.bad)] {
            for word in words {
                let rule = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::EqualTo(word.to_owned()))
                    .set_format(format);
                self.pen.sheet.add_conditional_format(1, column, self.rows - 1, column, &rule)?;
            }
        }
        Ok(())
    }

    /// How many columns say what a row is about: the first ones, which have no unit.
    fn keys(&self) -> u16 {
        let keys = self.columns.iter().take_while(|it| matches!(it.unit, "" | "clock")).count();
        if keys == self.columns.len() { 0 } else { keys as u16 }
    }

    fn is_full(&self) -> bool {
        let cells = u64::from(self.rows) * self.columns.len() as u64;
        cells >= MOST_CELLS
    }
}

impl TableSink for TableSheet<'_> {
    fn heads(&mut self, heads: &mut dyn Iterator<Item = ColumnHead<'_>>) -> io::Result<()> {
        let known = |head: ColumnHead<'_>| SheetColumn {
            name: head.name.to_owned(),
            unit: head.unit,
            width: 0,
        };
        self.columns = heads.map(known).collect();
        self.rows = 1;
        Ok(())
    }

    fn cells(&mut self, cells: &mut dyn Iterator<Item = TableCell>) -> io::Result<()> {
        if self.is_full() {
            self.left_out += 1;
            return Ok(());
        }
        for (column, (cell, known)) in cells.zip(&mut self.columns).enumerate() {
            let at = CellAddress { row: self.rows, column: column as u16 };
            let width = self.pen.cell(at, cell, known.unit)?;
            known.width = known.width.max(width);
        }
        self.rows += 1;
        Ok(())
    }
}

/// A4, landscape, so many pages beside each other, each with the name of the sheet and a number.
pub(super) fn print_on(sheet: &mut Worksheet, pages: u16) {
    sheet.set_landscape();
    sheet.set_paper_size(A4);
    sheet.set_print_fit_to_pages(pages, 0);
    sheet.set_header("&L&A");
    sheet.set_footer("&CPage &P of &N");
}

fn heading(SheetColumn { name, unit, .. }: &SheetColumn) -> String {
    let name = name.replace('_', " ");
    match *unit {
        "" | "clock" => name,
        "share" => format!("{name} (%)"),
        unit => format!("{name} ({unit})"),
    }
}

pub(super) const GOOD: [&str; 3] = ["met", "met?", "better"];
pub(super) const BAD: [&str; 3] = ["missed", "missed?", "worse"];

/// More take too much memory, and no planner reads them in a spreadsheet.
const MOST_CELLS: u64 = 1_000_000;
const CHARACTERS_A_PAGE: usize = 220;
const LEAST_WIDTH: usize = 9;
const MOST_WIDTH: usize = 60;
/// The button of the filter beside a header.
const FILTER: usize = 3;
const A4: u8 = 9;
