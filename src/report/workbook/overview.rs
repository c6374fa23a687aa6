//! The first sheet: what the printed summary shows, variants side by side.

use std::io;

use rust_xlsxwriter::Worksheet;

use crate::ledger::definitions::{Unit, find};
use crate::report::notes::notes;
use crate::report::report_data::Report;
use crate::report::summary::run_of;
use crate::report::summary_rows::SummaryRows;
use crate::report::table::{NumberUnit, ReportCell, ReportRow, ReportTable};
use crate::report::terminal;
use crate::report::wording::level;

use super::cell_writer::{CellAddress, CellStyles, CellWriter, trouble};
use super::table_sheet::{BAD, GOOD, print_on};

/// The sheet.
pub(super) fn overview(report: &Report<'_>, styles: &CellStyles) -> io::Result<Worksheet> {
    let mut sheet = Worksheet::new();
    sheet.set_name("Summary").map_err(trouble)?;
    let all = report.variants();
    let variants = Vec::from_iter(all.iter().take(MOST_VARIANTS));
    let mut table = ReportTable::new("", variants.iter().map(|case| case.name));
    let judged = ["service_level", "abandonment", "reassignments"].into_iter().filter_map(find);
    SummaryRows { variants, rule: report.rule() }.all(&mut table, &Vec::from_iter(judged));
    let mut overview = Overview { report, pen: CellWriter { sheet, styles }, row: 0 };
    overview.top(&table)?;
    table.rows.iter().try_for_each(|row| overview.line(row))?;
    overview.notes(table.columns.len())?;
    let mut sheet = overview.pen.sheet;
    print_on(&mut sheet, 1);
    Ok(sheet)
}

struct Overview<'a> {
    report: &'a Report<'a>,
    pen: CellWriter<'a>,
    /// The next one.
    row: u32,
}

impl Overview<'_> {
    /// A cell of the next row.
    fn at(&self, column: u16) -> CellAddress {
        CellAddress { row: self.row, column }
    }

    fn top(&mut self, table: &ReportTable) -> io::Result<()> {
        let styles = self.pen.styles;
        let level = level(self.report.confidence);
        let legend = format!("±: half of the {level} interval; ?: it holds the goal");
        let run = run_of(self.report);
        self.pen.text(self.at(0), self.report.name, &styles.title)?;
        for line in [self.report.question, &run, &legend] {
            self.row += 1;
            self.pen.text(self.at(0), line, &styles.plain)?;
        }
        self.row += 2;
        self.pen.text(self.at(0), "figure", &styles.left)?;
        self.pen.text(self.at(1), "unit", &styles.left)?;
        let mut lines = 1;
        for (position, variant) in table.columns.iter().enumerate() {
            let (column, name) = (value_column(position), &variant.head);
            self.pen.text(self.at(column), name, &styles.right)?;
            self.pen.text(self.at(column + 1), "±", &styles.right)?;
            self.pen.sheet.set_column_width(column, VALUE as f64).map_err(trouble)?;
            self.pen.sheet.set_column_width(column + 1, HALF).map_err(trouble)?;
            lines = lines.max(terminal::folded(name, VALUE - 1, MOST_LINES).len());
        }
        let sheet = &mut self.pen.sheet;
        sheet.set_column_width(0, LABEL).map_err(trouble)?;
        sheet.set_column_width(1, UNIT).map_err(trouble)?;
        sheet.set_row_height(self.row, 15.0 * lines as f64 + 4.0).map_err(trouble)?;
        sheet.set_freeze_panes(self.row + 1, 2).map_err(trouble)?;
        sheet.set_repeat_rows(self.row, self.row).map_err(trouble)?;
        self.row += 1;
        Ok(())
    }

    /// A row of the table; figures have their intervals beside them.
    fn line(&mut self, row: &ReportRow) -> io::Result<()> {
        let styles = self.pen.styles;
        let Some((label, cells)) = row.cells.split_first() else { return Ok(()) };
        self.row += u32::from(row.is_heading());
        let style = if row.is_heading() { &styles.heading } else { &styles.plain };
        self.pen.text(self.at(0), &label.spoken(), style)?;
        let unit = cells.iter().find_map(|cell| match cell {
            ReportCell::Number { unit: NumberUnit::As(format), .. }
            | ReportCell::Difference { format, .. } => Some(format.unit()),
            _ => None,
        });
        // Shares are shown in percent.
        let shown = unit.map_or("", |unit| if unit == Unit::Share { "%" } else { unit.name() });
        self.pen.text(self.at(1), shown, style)?;
        for (position, cell) in cells.iter().enumerate() {
            let at = self.at(value_column(position));
            match cell {
                ReportCell::Number { value, half, .. }
                | ReportCell::Difference { value, half, .. } => {
                    let unit = unit.map_or("", Unit::name);
                    self.pen.rounded(at, Some(*value), unit)?;
                    self.pen.rounded(self.at(at.column + 1), *half, unit)?;
                }
                ReportCell::Word(word) | ReportCell::Verdict(_, word) => {
                    let style = match &**word {
                        word if GOOD.contains(&word) => &styles.good,
                        word if BAD.contains(&word) => &styles.bad,
                        _ => &styles.word,
                    };
                    self.pen.text(at, word, style)?;
                }
                _ => {}
            }
        }
        self.row += 1;
        Ok(())
    }

    fn notes(&mut self, variants: usize) -> io::Result<()> {
        let more = self.report.results.variants.len() - variants;
        let more = (more > 0).then(|| format!("{more} more variants are in the sheet Figures."));
        let style = &self.pen.styles.note;
        self.row += 1;
        let shown = variants.max(2);
        let last = value_column(shown) - 1;
        let width = LABEL + UNIT + shown as f64 * (VALUE as f64 + HALF);
        for note in notes(self.report).into_iter().chain(more) {
            let lines = terminal::folded(&note, width as usize, usize::MAX).len();
            let sheet = &mut self.pen.sheet;
            sheet.merge_range(self.row, 0, self.row, last, "", style).map_err(trouble)?;
            sheet.set_row_height(self.row, 15.0 * lines as f64 + 1.0).map_err(trouble)?;
            self.pen.text(self.at(0), &note, style)?;
            self.row += 1;
        }
        Ok(())
    }
}

fn value_column(position: usize) -> u16 {
    2 * position as u16 + 2
}

/// Nobody reads more beside each other.
const MOST_VARIANTS: usize = 60;
const LABEL: f64 = 33.0;
const UNIT: f64 = 16.0;
const VALUE: usize = 15;
const HALF: f64 = 9.0;
/// Of a name in the header.
const MOST_LINES: usize = 6;
