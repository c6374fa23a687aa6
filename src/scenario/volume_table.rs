//! Volumes by the clock from a planner's table, CSV or workbook.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use serde_json::{Value as Json, json};

use super::by_day::{ByDay, DayRule};
use super::by_interval::common_divisor;
use super::csv::{SideFile, bytes_of, refuse_unreadable};
use super::plan::RunSettings;
use super::reader::compound::NamedForm;
use super::reader::diagnostic::{Diagnostic, Severity, Source};
use super::reader::forms::{ChoiceForm, TextForm};
use super::reader::{Form, Input, KnownSheet, ReaderSection, SideTable};
use crate::base::time::Span;
use crate::tables::{
    Condition, DateOrder, DecimalMark, Meaning, NamedColumn, PlannedDay, Quantity, Sheet,
    TableFinding, TableOptions, VolumeRow, VolumeTable, choose, is_workbook, read_volumes,
};

/// What a scenario says of a table: sheet, range, columns, rows, and how it is written.
pub(super) fn table_options(section: &mut ReaderSection<'_>) -> TableOptions {
    let sheet = section.optional("sheet", TextForm, "sheet of the workbook");
    let range = section.optional("range", TextForm, "cells of the sheet, such as \"B3:H40\"");
    let columns = section.optional(
        "columns",
        NamedForm { form: TextForm, at_most: 64 },
        "headings of columns by what they mean, such as { time = \"Beginn\" }",
    );
    let only = section.optional(
        "where",
        NamedForm { form: TextForm, at_most: 64 },
        "only rows with these values in these columns, such as { skill = \"Billing\" }",
    );
    let dates =
        section.optional("dates", DATES, "order of day and month, where digits do not tell");
    let decimal = section.optional("decimal", DECIMALS, "what stands before decimals");
    let columns = columns.into_iter().flatten();
    let only = only.into_iter().flatten();
    TableOptions {
        sheet,
        range,
        columns: columns
            .map(|(meaning, heading)| NamedColumn { meaning: meaning.text, heading })
            .collect(),
        only: only.map(|(column, value)| Condition { column: column.text, value }).collect(),
        dates,
        decimal,
    }
}

/// A file of volumes.
pub(super) enum VolumeFile {
    /// One row after the other, without a clock.
    Bare(Rc<SideTable>),
    /// Rows or columns with clock times, days or skills.
    Clocked(Rc<Sheet>),
}

/// The name of a file of volumes; comes to its cells.
pub(super) struct VolumeFileForm<'a> {
    pub(super) options: &'a TableOptions,
    /// Whether rows without a clock are allowed, one interval after the other.
    pub(super) may_be_bare: bool,
}

impl Form for VolumeFileForm<'_> {
    type Value = VolumeFile;

    fn read(&self, input: Input<'_>) -> Option<VolumeFile> {
        let name = TextForm.read(input.clone())?;
        let path = input.context.directory.join(&name);
        let KnownSheet { read, is_workbook, .. } = match self.sheet(&input, &name, path) {
            Ok(known) => known,
            Err(reason) => {
                refuse_unreadable(&input, &name, &reason);
                return None;
            }
        };
        if self.may_be_bare && *self.options == TableOptions::default() {
            let has_clock = is_workbook || read.as_ref().is_ok_and(|sheet| has_clock(sheet));
            if !has_clock {
                return SideFile.read(input).map(VolumeFile::Bare);
            }
        }
        match read {
            Ok(sheet) => Some(VolumeFile::Clocked(sheet)),
            Err(finding) => {
                let finding = told(finding, &input.error(""), None, &name);
                input.context.report(finding);
                None
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["volumes.csv", "plan.xlsx"] })
    }
}

impl VolumeFileForm<'_> {
    /// The sheet, read once however many variants name it.
    fn sheet(&self, input: &Input<'_>, name: &str, path: PathBuf) -> Result<KnownSheet, String> {
        let TableOptions { sheet, range, .. } = self.options;
        let mut sheets = input.context.sheets.borrow_mut();
        let is_known = |known: &&KnownSheet| {
            known.path == path && known.sheet == *sheet && known.range == *range
        };
        if let Some(known) = sheets.iter().find(is_known) {
            return Ok(known.clone());
        }
        let bytes = bytes_of(&path)?;
        let known = KnownSheet {
            path,
            sheet: sheet.clone(),
            range: range.clone(),
            is_workbook: is_workbook(&bytes),
            read: Sheet::read(name, &bytes, self.options).map(Rc::new),
        };
        sheets.push(known.clone());
        Ok(known)
    }
}

/// Whether a heading says that rows have a place in time, or belong to skills.
fn has_clock(sheet: &Sheet) -> bool {
    let headings = sheet.rows.iter().take(HEADINGS_WITHIN).flat_map(|row| &row.cells);
    let meanings = headings.filter_map(|cell| Meaning::of(&cell.cell.to_string()));
    let tells = [Meaning::Date, Meaning::Weekday, Meaning::Time, Meaning::Skill];
    meanings.into_iter().any(|meaning| tells.contains(&meaning))
}

/// The rates of a kind of consumers from a table, consumers an hour in steps of the clock.
pub(super) struct ClockedRates {
    /// By day, from midnight on.
    pub(super) values: ByDay<Vec<f64>>,
    /// Length of a step.
    pub(super) every: Span,
    /// Length of an interval as the table has them.
    pub(super) interval: Span,
}

/// Whose arrivals are read.
#[derive(Clone, Copy)]
pub(super) struct ArrivalsOf<'a> {
    pub(super) run: &'a RunSettings,
    /// The skill of the consumers, as written, and the name of their kind: what a table may call them.
    pub(super) names: &'a [String],
}

/// The rates of a kind of consumers.
pub(super) fn clocked_rates(
    section: &ReaderSection<'_>,
    key: &str,
    sheet: &Sheet,
    options: &TableOptions,
    of: ArrivalsOf<'_>,
) -> Option<ClockedRates> {
    let ArrivalsOf { run, names } = of;
    let report = |finding: TableFinding| {
        let place = section.error(key, "");
        section.context.report(told(finding, &place, Some(sheet), &sheet.file));
    };
    let table = match read_volumes(sheet, Quantity::Volume, options) {
        Ok(table) => table,
        Err(findings) => {
            findings.into_iter().for_each(report);
            return None;
        }
    };
    let chosen = match choose(&table.keys, names).map(|key| key.map(str::to_owned)) {
        _ if !options.only.is_empty() && table.keys.len() < 2 => None,
        Ok(chosen) => chosen,
        Err(finding) => {
            report(finding);
            return None;
        }
    };
    let VolumeTable { rows, step_seconds, mut echo, findings, .. } = table;
    findings.into_iter().for_each(report);
    let rows = Vec::from_iter(rows.into_iter().filter(|row| chosen.is_none() || row.key == chosen));
    echo.totals.retain(|total| chosen.is_none() || total.key == chosen);
    section.context.note_table(echo);
    if !fits_the_run(section, key, &rows, run) {
        return None;
    }
    rates(&rows, step_seconds).or_else(|| {
        let message = format!("intervals of `{}` do not fit a clock of whole seconds", sheet.file);
        section.context.report(section.error(key, message));
        None
    })
}

fn rates(rows: &[VolumeRow], step_seconds: u32) -> Option<ClockedRates> {
    let ends = rows.iter().flat_map(|row| [row.start.seconds(), row.end.seconds()]);
    let step = ends.fold(i64::from(step_seconds), |step, end| common_divisor(step, end.into()));
    let step = u32::try_from(step).ok()?.max(1);
    let count = (86_400 / step) as usize;
    let mut days: Vec<(DayRule, Vec<f64>)> = Vec::new();
    for row in rows {
        let rule = match row.day {
            PlannedDay::Every => DayRule::Every,
            PlannedDay::Weekday(day) => DayRule::Weekday(Weekday::to_monday_zero_offset(day)),
            PlannedDay::Date(date) => DayRule::Date(date),
        };
        let at = days.iter().position(|(known, _)| *known == rule).unwrap_or_else(|| {
            days.push((rule, vec![0.0; count]));
            days.len() - 1
        });
        let hours = f64::from(row.end.seconds() - row.start.seconds()) / 3600.0;
        let slots = (row.start.seconds() / step) as usize..(row.end.seconds() / step) as usize;
        days[at].1.get_mut(slots)?.fill(row.value / hours);
    }
    Some(ClockedRates {
        values: ByDay::of_rules(days),
        every: Span::from_secs(i64::from(step)),
        interval: Span::from_secs(i64::from(step_seconds)),
    })
}

/// Says where the days of a table and those of the run differ.
fn fits_the_run(
    section: &ReaderSection<'_>,
    key: &str,
    rows: &[VolumeRow],
    run: &RunSettings,
) -> bool {
    let calendar = &run.calendar;
    let refuse = |message: String, help: String| {
        section.context.report(section.error(key, message).help(help));
        false
    };
    let date = |row: &VolumeRow| match row.day {
        PlannedDay::Date(date) => Some(date),
        _ => None,
    };
    let dates = Vec::<Date>::from_iter(rows.iter().filter_map(date));
    let (first, last) = (dates.iter().min(), dates.iter().max());
    if calendar.first_date().is_none() {
        let is_weekday = |row: &VolumeRow| matches!(row.day, PlannedDay::Weekday(_));
        return match first {
            Some(first) => refuse(
                "the rows have dates, but the run has none".to_owned(),
                format!("set `run.from = \"{first}\"` for the first of them"),
            ),
            None if rows.iter().any(is_weekday) => refuse(
                "the rows have weekdays, but the run has no date".to_owned(),
                "set `run.from` to the date of the first day, such as \"2026-03-23\"".to_owned(),
            ),
            None => true,
        };
    }
    let (Some(first), Some(last)) = (first, last) else { return true };
    let days = calendar.days_until(run.until).filter(|day| day.number >= 0);
    let days = Vec::from_iter(days.filter_map(|day| day.date));
    if !days.iter().any(|day| dates.contains(day)) {
        return refuse(
            format!("the rows are for {first} to {last}, and the run has none of these days"),
            format!("set `run.from = \"{first}\"`"),
        );
    }
    let outside = dates.iter().filter(|date| !days.contains(date)).count();
    let without = days.iter().filter(|day| !(*first..=*last).contains(*day)).count();
    let warn = |message: String| {
        let mut finding = section.error(key, message);
        finding.severity = Severity::Warning;
        section.context.report(finding);
    };
    if outside > 0 {
        warn(format!("{outside} rows are for days that the run does not have"));
    }
    if without > 0 {
        let days = if without == 1 { "day" } else { "days" };
        warn(format!(
            "the rows are for {first} to {last}: on {without} {days} of the run nobody arrives"
        ));
    }
    true
}

/// A finding about a table as one about the scenario: at its cell in a text file, else at the key.
fn told(finding: TableFinding, key: &Diagnostic, sheet: Option<&Sheet>, file: &str) -> Diagnostic {
    let bytes = finding.place.as_ref().and_then(|place| place.bytes.clone());
    let text = sheet.and_then(|sheet| sheet.text.clone());
    let mut told = match (text, bytes) {
        (Some(text), Some(bytes)) => {
            let source = Arc::new(Source { name: file.to_owned(), text });
            Diagnostic { source, span: Some(bytes), ..key.clone() }
        }
        _ => key.clone(),
    };
    let is_said = finding.message.contains(file);
    told.message = if is_said { finding.message } else { format!("`{file}`: {}", finding.message) };
    told.severity = if finding.is_error { Severity::Error } else { Severity::Warning };
    (told.found, told.allowed, told.help) = (finding.found, finding.allowed, finding.help);
    told
}

const DATES: ChoiceForm<DateOrder> = ChoiceForm(&[
    ("dmy", DateOrder::DayFirst, "02/03/2026 is the second of March"),
    ("mdy", DateOrder::MonthFirst, "02/03/2026 is the third of February"),
]);

const DECIMALS: ChoiceForm<DecimalMark> =
    ChoiceForm(&[(".", DecimalMark::Point, "1,250.5"), (",", DecimalMark::Comma, "1.250,5")]);

/// Rows at the top of a sheet among which the headings are.
const HEADINGS_WITHIN: usize = 20;
