//! A planner's table beside the scenario: how it is named, read once, and what is said of it.

use std::rc::Rc;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::csv::{bytes_of, refuse_unreadable};
use super::limits;
use super::reader::compound::NamedForm;
use super::reader::diagnostic::{Diagnostic, Severity, Source};
use super::reader::forms::{ChoiceForm, TextForm};
use super::reader::{Form, Input, KnownSheet, ReaderSection};
use super::side_files::SideFileRefusal;
use crate::tables::{
    Condition, DateOrder, DecimalMark, NamedColumn, Sheet, TableFinding, TableOptions,
};

/// What a scenario says of a table: sheet, range, columns, rows, and how it is written.
pub(super) fn table_options(section: &mut ReaderSection<'_>) -> TableOptions {
    let sheet = section.optional("sheet", TextForm, "sheet of the workbook");
    let range = section.optional("range", TextForm, "cells of the sheet, such as \"B3:H40\"");
    let columns = section.optional(
        "columns",
        NamedForm { form: TextForm, at_most: 64 },
        "headings of columns by what they mean, such as { time = \"Beginn\" }; \"\" if the table has \
         no such column",
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
        activities: Vec::new(),
        dates,
        decimal,
    }
}

/// The name of a table; comes to its cells.
pub(super) struct TableFileForm<'a> {
    pub(super) options: &'a TableOptions,
}

impl Form for TableFileForm<'_> {
    type Value = Rc<Sheet>;

    fn read(&self, input: Input<'_>) -> Option<Rc<Sheet>> {
        let name = TextForm.read(input.clone())?;
        match self.sheet(&input, &name) {
            Ok(Ok(sheet)) => Some(sheet),
            Ok(Err(finding)) => {
                let finding = told(finding, &input.error(""), None, &name);
                input.context.report(finding);
                None
            }
            Err(reason) => {
                refuse_unreadable(&input, &name, &reason);
                None
            }
        }
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["volumes.csv", "plan.xlsx"] })
    }
}

impl TableFileForm<'_> {
    /// The sheet, read once however many variants name it.
    fn sheet(
        &self,
        input: &Input<'_>,
        name: &str,
    ) -> Result<Result<Rc<Sheet>, TableFinding>, SideFileRefusal> {
        let TableOptions { sheet, range, .. } = self.options;
        let mut sheets = input.context.sheets.borrow_mut();
        let is_known = |known: &&KnownSheet| {
            known.name == name && known.sheet == *sheet && known.range == *range
        };
        if let Some(known) = sheets.iter().find(is_known) {
            return Ok(known.read.clone());
        }
        let bytes = bytes_of(input.context, name, limits::SHEET_BYTES)?;
        let read = Sheet::read(name, &bytes, self.options).map(Rc::new);
        let name = name.to_owned();
        let known = KnownSheet { name, sheet: sheet.clone(), range: range.clone(), read };
        sheets.push(known.clone());
        Ok(known.read)
    }
}

impl ReaderSection<'_> {
    /// Reports a finding about the table that a key names.
    pub(super) fn report_table(&self, key: &str, sheet: &Sheet, finding: TableFinding) {
        let finding = told(finding, &self.error(key, ""), Some(sheet), &sheet.file);
        self.context.report(finding);
    }
}

/// A finding about a table as one about the scenario: at its cell in a text file, else at the key.
pub(super) fn told(
    finding: TableFinding,
    key: &Diagnostic,
    sheet: Option<&Sheet>,
    file: &str,
) -> Diagnostic {
    let bytes = finding.place.as_ref().and_then(|place| place.bytes.clone());
    let text = sheet.and_then(|sheet| sheet.text.clone());
    let mut told = match (text, bytes) {
        (Some(text), Some(bytes)) => {
            let source = Arc::new(Source { name: file.to_owned(), text });
            // However many kinds of consumers or variants name the table, it is one finding.
            Diagnostic { source, span: Some(bytes), path: String::new(), ..key.clone() }
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
