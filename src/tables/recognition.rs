//! What a table is for, where nobody says it: volumes, handle times, staffing, a roster, or contacts one
//! by one.

use super::cells::Cell;
use super::echo::Echo;
use super::finding::{TableFinding, TableResult};
use super::heading_row::{heading_row, is_second_row};
use super::headings::Meaning;
use super::instants::read_instants;
use super::normal_forms::{InstantTable, IntervalTable, Quantity, ShiftTable};
use super::roster_rows::read_shifts;
use super::sheet::Sheet;
use super::spelling::{date_of, day_words};
use super::table_options::{DateOrder, TableOptions};
use super::value_columns::meaning_of;
use super::volumes::read_volumes;

/// What a table holds.
#[derive(Clone, Debug, PartialEq)]
pub enum TableContent {
    /// Contacts by interval.
    Volumes(IntervalTable),
    /// Handle times by interval.
    HandleTimes(IntervalTable),
    /// People at work by interval.
    Staffing(IntervalTable),
    /// Agents and their shifts.
    Roster(ShiftTable),
    /// Contacts one by one.
    Contacts(InstantTable),
}

/// What was made of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Recognised {
    /// What it holds; of a forecast several things.
    Known(Vec<TableContent>),
    /// It is not a table of any kind that is known, and why.
    Unknown(Box<TableFinding>),
}

impl TableContent {
    /// What was understood of it.
    pub fn echo(&self) -> &Echo {
        match self {
            Self::Volumes(table) | Self::HandleTimes(table) | Self::Staffing(table) => table.echo(),
            Self::Roster(table) => &table.echo,
            Self::Contacts(table) => &table.echo,
        }
    }
}

impl IntervalTable {
    /// What was understood.
    pub fn echo(&self) -> &Echo {
        match self {
            Self::WithClock(table) => &table.echo,
            Self::WithoutClock(list) => &list.echo,
        }
    }
}

/// Tells by its headings, and by the names of sheet and file, what a table is for.
///
/// # Errors
///
/// It is a table of a known kind, and something in it cannot be understood.
pub fn recognise(sheet: &Sheet, options: &TableOptions) -> TableResult<Recognised> {
    let headings = Headings::of(sheet, options);
    let counted = QUANTITIES.into_iter().filter(|&quantity| headings.has(meaning_of(quantity)));
    let counted = Vec::from_iter(counted);
    if headings.has(Meaning::Agent) && counted.is_empty() {
        return match headings.has_times {
            true => Ok(Recognised::Known(vec![TableContent::Roster(read_shifts(sheet, options)?)])),
            false => Ok(unknown(read_shifts(sheet, options).err())),
        };
    }
    if counted.is_empty() {
        return by_name(sheet, options, &headings);
    }
    let read = |quantity| read_volumes(sheet, quantity, options).map(|it| content(quantity, it));
    counted.into_iter().map(read).collect::<Result<_, _>>().map(Recognised::Known)
}

/// A table whose headings do not say what its numbers are.
fn by_name(sheet: &Sheet, options: &TableOptions, headings: &Headings) -> TableResult<Recognised> {
    let stem = sheet.file.rsplit(['/', '\\']).next().and_then(|name| name.split('.').next());
    let names = sheet.name.as_deref().into_iter().chain(stem);
    let meanings = Vec::from_iter(names.filter_map(Meaning::of));
    let named = QUANTITIES.into_iter().find(|&quantity| meanings.contains(&meaning_of(quantity)));
    let quantity = named.unwrap_or(Quantity::Volume);
    let findings = match read_volumes(sheet, quantity, options) {
        Ok(table) => return Ok(Recognised::Known(with_others(sheet, options, quantity, table))),
        Err(findings) => findings,
    };
    if let Ok(table) = read_instants(sheet, options) {
        return Ok(Recognised::Known(vec![TableContent::Contacts(table)]));
    }
    let is_understood = findings.iter().any(|finding| finding.place.is_some());
    if headings.has_times && is_understood { Err(findings) } else { Ok(unknown(Some(findings))) }
}

/// Beside columns such as `Chat volume` there may be others such as `Chat AHT`.
fn with_others(
    sheet: &Sheet,
    options: &TableOptions,
    quantity: Quantity,
    table: IntervalTable,
) -> Vec<TableContent> {
    let columns = |table: &IntervalTable, quantity| {
        let word = meaning_of(quantity).word();
        let used = table.echo().used.iter().filter(|used| used.meaning.starts_with(word));
        Vec::from_iter(used.map(|used| used.heading.clone()))
    };
    let own = columns(&table, quantity);
    let mut contents = vec![content(quantity, table)];
    for other in QUANTITIES.into_iter().filter(|&other| other != quantity) {
        let Ok(table) = read_volumes(sheet, other, options) else { continue };
        if !columns(&table, other).iter().any(|column| own.contains(column)) {
            contents.push(content(other, table));
        }
    }
    contents
}

fn content(quantity: Quantity, table: IntervalTable) -> TableContent {
    match quantity {
        Quantity::Volume => TableContent::Volumes(table),
        Quantity::HandleTime => TableContent::HandleTimes(table),
        Quantity::Staff => TableContent::Staffing(table),
    }
}

fn unknown(findings: Option<Vec<TableFinding>>) -> Recognised {
    let first = findings.into_iter().flatten().next();
    let finding = first.unwrap_or_else(|| TableFinding::error("its headings are not known"));
    Recognised::Unknown(Box::new(finding))
}

/// What the headings of a table say of it as a whole.
struct Headings {
    meanings: Vec<Meaning>,
    /// Whether rows or columns have clock times or days.
    has_times: bool,
}

impl Headings {
    fn of(sheet: &Sheet, options: &TableOptions) -> Self {
        let head = heading_row(sheet, options);
        let own = head.and_then(|head| sheet.rows.get(head));
        let next = head.and_then(|head| sheet.rows.get(head + 1)).filter(|row| is_second_row(row));
        let cells = own.into_iter().chain(next).flat_map(|row| &row.cells);
        let cells = Vec::from_iter(cells.map(|cell| &cell.cell).filter(|cell| !cell.is_empty()));
        let meaning = |cell: &&Cell| Meaning::of(&cell.to_string());
        let meanings = Vec::from_iter(cells.iter().filter_map(meaning));
        let is_day = |cell: &&Cell| {
            day_words(&cell.to_string()).is_some() || date_of(cell, DateOrder::DayFirst).is_some()
        };
        let has_times = meanings.contains(&Meaning::Time)
            || meanings.contains(&Meaning::End)
            || cells.iter().any(is_day);
        Self { meanings, has_times }
    }

    fn has(&self, meaning: Meaning) -> bool {
        self.meanings.contains(&meaning)
    }
}

const QUANTITIES: [Quantity; 3] = [Quantity::Volume, Quantity::HandleTime, Quantity::Staff];
