//! Totals by interval: what was offered, how much of it was answered in time, and how many left.

use super::cell_causes::Causes;
use super::cells::Cell;
use super::finding::{TableFinding, TableResult};
use super::headed_rows::{Frame, TableKind, cell};
use super::headings::{Meaning, seconds_of_unit, unit};
use super::sheet::{Sheet, SheetRow};
use super::spelling;
use super::table_options::{DecimalMark, TableOptions};
use super::volume_rows::sound;

/// An interval with its totals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TotalsRow {
    /// Contacts.
    pub offered: f64,
    /// Of them, the share that was answered within the threshold.
    pub service_level: f64,
    /// Contacts that left.
    pub abandoned: f64,
    /// The threshold, seconds, if the table has it.
    pub threshold: Option<f64>,
}

/// Totals by interval.
#[derive(Clone, Debug, PartialEq)]
pub struct TotalsTable {
    /// The intervals.
    pub rows: Vec<TotalsRow>,
    /// What its author may have meant otherwise.
    pub findings: Vec<TableFinding>,
}

const KIND: TableKind = TableKind {
    reads: &[
        Meaning::Date,
        Meaning::Weekday,
        Meaning::Time,
        Meaning::End,
        Meaning::Volume,
        Meaning::ServiceLevel,
        Meaning::Abandoned,
        Meaning::Threshold,
    ],
    matters: &[Meaning::Skill, Meaning::Volume, Meaning::ServiceLevel, Meaning::Abandoned],
    of_numbers: None,
    of_words: None,
};

/// Reads totals by interval. A service level is a percentage if its heading, a cell or a value above 1
/// says so, else a share; who left is a number of contacts.
///
/// # Errors
///
/// What keeps the table from being understood, each cause once.
pub fn read_totals(sheet: &Sheet, options: &TableOptions) -> TableResult<TotalsTable> {
    let mut frame = Frame::new(sheet, &KIND, options)?;
    for meaning in [Meaning::Date, Meaning::Weekday, Meaning::Time, Meaning::End] {
        frame.take(meaning)?;
    }
    let needed = |frame: &mut Frame<'_>, meaning: Meaning| {
        frame.take(meaning)?.ok_or_else(|| {
            let word = meaning.word();
            let headings = (0..frame.headings().len()).map(|it| frame.heading(it));
            TableFinding::error(format!("{} has no column for {word}", sheet.file))
                .allowed(Vec::from_iter(headings).join(", "))
                .help(format!("call one `{word}`; docs/tables.md has its name in four languages"))
        })
    };
    let offered = needed(&mut frame, Meaning::Volume)?;
    let service_level = needed(&mut frame, Meaning::ServiceLevel)?;
    let abandoned = needed(&mut frame, Meaning::Abandoned)?;
    let threshold = frame.take(Meaning::Threshold)?;
    frame.refuse_what_matters(&KIND)?;
    let all = Vec::from_iter([offered, service_level, abandoned].into_iter().chain(threshold));
    let mut written = frame.written(&all);
    // A percent sign is no digit behind a mark.
    written.iter_mut().for_each(|cell| cell.text = cell.text.trim_end_matches('%').trim_end());
    let decimal = spelling::decimal_mark(&written, options.decimal)?.choice;
    let totals = TotalsReader { frame: &frame, decimal };
    let is_percent = totals.is_percent(service_level);
    let unit = threshold.and_then(|it| unit(&frame.heading(it)));
    let unit = unit.and_then(|unit| seconds_of_unit(&unit)).unwrap_or(1.0);
    let mut causes = Causes::default();
    let mut rows = Vec::new();
    for row in &frame.rows {
        let read = || {
            let offered = totals.number(row, offered)?;
            let level = totals.share(row, service_level, is_percent, offered)?;
            let threshold = threshold.map(|it| totals.number(row, it)).transpose()?;
            let (column, abandoned) = (abandoned, totals.number(row, abandoned)?);
            if abandoned > offered {
                let message = "more contacts left than were offered";
                return Err(frame.wrong(row, column, message).allowed("at most those offered"));
            }
            let threshold = threshold.map(|threshold| threshold * unit);
            Ok(TotalsRow { offered, service_level: level, abandoned, threshold })
        };
        match read() {
            Ok(read) => rows.push(read),
            Err(finding) => causes.add(finding),
        }
    }
    let findings = sound(frame.findings.clone(), causes)?;
    Ok(TotalsTable { rows, findings })
}

struct TotalsReader<'a> {
    frame: &'a Frame<'a>,
    decimal: DecimalMark,
}

impl TotalsReader<'_> {
    /// A number without a percent sign; none of nothing.
    fn plain(&self, row: &SheetRow, column: usize) -> Option<f64> {
        match cell(row, column) {
            Cell::Number(number) => Some(*number),
            Cell::Text(text) => {
                spelling::number(text.trim_end_matches('%').trim_end(), self.decimal)
            }
            _ => None,
        }
    }

    fn number(&self, row: &SheetRow, column: usize) -> Result<f64, TableFinding> {
        let is_percent = matches!(cell(row, column), Cell::Text(text) if text.contains('%'));
        let number = self.plain(row, column).filter(|number| *number >= 0.0 && !is_percent);
        number.ok_or_else(|| {
            self.frame.wrong(row, column, "not a number").allowed("a number of 0 or more")
        })
    }

    fn is_percent(&self, column: usize) -> bool {
        let is_above = |row: &&SheetRow| self.plain(row, column).is_some_and(|it| it > 1.0);
        let has_sign =
            |row: &&SheetRow| matches!(cell(row, column), Cell::Text(text) if text.contains('%'));
        self.frame.heading(column).contains('%')
            || self.frame.rows.iter().any(|row| is_above(row) || has_sign(row))
    }

    /// Of an interval without contacts nothing need stand there.
    fn share(
        &self,
        row: &SheetRow,
        column: usize,
        is_percent: bool,
        offered: f64,
    ) -> Result<f64, TableFinding> {
        if offered == 0.0 && self.plain(row, column).is_none() {
            return Ok(0.0);
        }
        let share = self.plain(row, column).map(|it| if is_percent { it / 100.0 } else { it });
        share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| {
            self.frame.wrong(row, column, "not a share").allowed("0 % to 100 %, or 0 to 1")
        })
    }
}
