//! The tables of a draft: what each is for, and what of them is left out.

use std::sync::Arc;

use super::toml_text::quoted;
use crate::scenario::reader::diagnostic::{Diagnostic, Source};
use crate::scenario::table_file::told;
use crate::tables::{
    DateOrder, DecimalMark, Echo, InstantTable, IntervalTable, Meaning, Recognised, Sheet,
    ShiftTable, TableContent, TableFinding, TableOptions, recognise,
};

/// A file with tables.
#[derive(Clone, Debug)]
pub struct DraftTable {
    /// Its name from the folder of the scenario.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What was found in all files.
#[derive(Default)]
pub(super) struct DraftTables {
    pub(super) volumes: Vec<DraftSource<IntervalTable>>,
    pub(super) contacts: Vec<DraftSource<InstantTable>>,
    pub(super) rosters: Vec<DraftSource<ShiftTable>>,
    pub(super) staffing: Vec<DraftSource<IntervalTable>>,
    pub(super) handle_times: Vec<DraftSource<IntervalTable>>,
    /// In words, with the reason.
    pub(super) left_out: Vec<String>,
}

/// A table and where it stands.
pub(super) struct DraftSource<T> {
    pub(super) table: T,
    pub(super) place: TablePlace,
}

/// Where a table stands, and how it is written.
#[derive(Clone)]
pub(super) struct TablePlace {
    file: String,
    /// In a workbook with several.
    sheet: Option<String>,
    dates: Option<DateOrder>,
    decimal: Option<DecimalMark>,
}

impl TablePlace {
    /// As a scenario names it, with `more` behind.
    pub(super) fn toml(&self, key: &str, more: &str) -> String {
        format!("{{ {}{more} }}", self.keys(key))
    }

    /// The keys that name it.
    pub(super) fn keys(&self, key: &str) -> String {
        let mut text = format!("{key} = {}", quoted(&self.file));
        if let Some(sheet) = &self.sheet {
            text += &format!(", sheet = {}", quoted(sheet));
        }
        if let Some(order) = self.dates {
            let word = if order == DateOrder::DayFirst { "dmy" } else { "mdy" };
            text += &format!(", dates = \"{word}\"");
        }
        if let Some(mark) = self.decimal {
            let mark = if mark == DecimalMark::Comma { "," } else { "." };
            text += &format!(", decimal = \"{mark}\"");
        }
        text
    }

    /// `plan.xlsx, sheet Roster`.
    pub(super) fn words(&self) -> String {
        let sheet = self.sheet.as_ref().map_or_else(String::new, |it| format!(", sheet {it}"));
        format!("{}{sheet}", self.file)
    }

    /// What its sheet or file is called, unless that is a word for what tables hold.
    pub(super) fn own_name(&self) -> Option<String> {
        let file = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.split('.').next().unwrap_or_default().to_owned();
        let name = self.sheet.clone().unwrap_or(stem);
        (Meaning::of(&name).is_none() && !name.is_empty()).then_some(name)
    }
}

impl DraftTables {
    /// Reads all files.
    pub(super) fn read(
        files: &[DraftTable],
        options: &TableOptions,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut tables = Self::default();
        let mut errors = Vec::new();
        for DraftTable { name, bytes } in files {
            match Sheet::read_all(name, bytes) {
                Ok(sheets) => {
                    let are_several = sheets.len() > 1;
                    for sheet in sheets {
                        let own = sheet.name.as_deref().filter(|_| are_several);
                        let place = TablePlace {
                            file: name.clone(),
                            sheet: own.map(str::to_owned),
                            dates: options.dates,
                            decimal: options.decimal,
                        };
                        if let Err(findings) = tables.take(&sheet, options, place) {
                            let told = |finding| of_file(finding, name, Some(&sheet));
                            errors.extend(findings.into_iter().map(told));
                        }
                    }
                }
                Err(finding) => errors.push(of_file(finding, name, None)),
            }
        }
        if errors.is_empty() { Ok(tables) } else { Err(errors) }
    }

    fn take(
        &mut self,
        sheet: &Sheet,
        options: &TableOptions,
        place: TablePlace,
    ) -> Result<(), Vec<TableFinding>> {
        let contents = match recognise(sheet, options)? {
            Recognised::Known(contents) => contents,
            Recognised::Unknown(finding) => {
                self.left_out.push(format!("{}: {}", place.words(), finding.message));
                return Ok(());
            }
        };
        let unused = unused_columns(&contents);
        if !unused.is_empty() {
            let columns = if unused.len() == 1 { "column" } else { "columns" };
            self.left_out.push(format!("{}: {columns} {}", place.words(), unused.join(", ")));
        }
        for content in contents {
            let place = place.clone();
            match content {
                TableContent::Volumes(table) => self.volumes.push(DraftSource { table, place }),
                TableContent::HandleTimes(table) => {
                    self.handle_times.push(DraftSource { table, place });
                }
                TableContent::Staffing(table) => self.staffing.push(DraftSource { table, place }),
                TableContent::Contacts(table) => self.contacts.push(DraftSource { table, place }),
                TableContent::Roster(table) => {
                    let days = || table.agents.iter().flat_map(|agent| &agent.days);
                    if days().all(|day| day.presence.is_empty()) {
                        let words = place.words();
                        self.left_out.push(format!("{words}: a roster without any shift"));
                    } else {
                        self.rosters.push(DraftSource { table, place });
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.volumes.is_empty()
            && self.contacts.is_empty()
            && self.rosters.is_empty()
            && self.staffing.is_empty()
    }
}

/// Columns that none of the readings of a sheet uses.
fn unused_columns(contents: &[TableContent]) -> Vec<String> {
    let mut echoes = contents.iter().map(TableContent::echo);
    let first = echoes.next().map(|echo| echo.unused.clone()).unwrap_or_default();
    let is_unused = |echo: &Echo, column: &String| echo.unused.contains(column);
    echoes.fold(first, |left, echo| {
        left.into_iter().filter(|column| is_unused(echo, column)).collect()
    })
}

/// A finding as one about the file.
fn of_file(finding: TableFinding, file: &str, sheet: Option<&Sheet>) -> Diagnostic {
    let source = Arc::new(Source { name: file.to_owned(), text: String::new() });
    told(finding, &Diagnostic::error(&source, ""), sheet, file)
}
