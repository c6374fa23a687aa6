//! Which row of a sheet has the headings.

use super::cells::Cell;
use super::contents::is_data;
use super::headings::{Meaning, folded};
use super::sheet::{Sheet, SheetRow};
use super::spelling::{clock_of, day_words, weekday};
use super::table_options::TableOptions;

/// Rows above the headings that are looked through.
const TITLE_ROWS: usize = 20;

/// The index of the row of headings: the first with a word that is known, or with several days or
/// clock times, below at most a title.
pub(super) fn heading_row(sheet: &Sheet, options: &TableOptions) -> Option<usize> {
    let is_named = |text: &str| {
        options.columns.iter().any(|named| folded(&named.heading) == folded(text))
            || options.only.iter().any(|named| folded(&named.column) == folded(text))
    };
    let is_heading = |row: &SheetRow| {
        let filled = || row.cells.iter().map(|cell| &cell.cell).filter(|cell| !cell.is_empty());
        let is_label = |cell: &&Cell| {
            weekday(&cell.to_string()).is_some() || (is_data(cell) && clock_or_date(cell))
        };
        let labels = filled().filter(is_label).count();
        let numbers = filled().filter(|cell| is_data(cell) && !clock_or_date(cell)).count();
        let known = filled().any(|cell| {
            let text = cell.to_string();
            !is_data(cell) && (Meaning::of(&text).is_some() || is_named(&text))
        });
        let is_wide = labels > 1 && row.cells.first().is_none_or(|first| first.cell.is_empty());
        numbers == 0
            && filled().count() >= sheet.width().min(2)
            && (is_wide || (known && (labels == 0 || filled().count() > 2)))
    };
    let is_title =
        |row: &&SheetRow| row.cells.iter().filter(|cell| is_data(&cell.cell)).count() < 2;
    let titles = sheet.rows.iter().take(TITLE_ROWS).take_while(is_title).count();
    let within = (titles + 1).min(sheet.rows.len()).min(TITLE_ROWS);
    let head = sheet.rows[..within].iter().position(is_heading);
    // A column of its own needs no known word: what is no number is its heading.
    head.or_else(|| {
        let is_alone = sheet.width() == 1 && !is_data(&sheet.rows[0].cells[0].cell);
        is_alone.then_some(0)
    })
}

fn clock_or_date(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => text.contains([':', '/', '-']) || text.matches('.').count() > 1,
        Cell::Number(_) => false,
        _ => clock_of(cell).is_some(),
    }
}

/// Whether a row below headings is a second row of them: words only, at least one known.
pub(super) fn is_second_row(row: &SheetRow) -> bool {
    let filled = || row.cells.iter().map(|cell| &cell.cell).filter(|cell| !cell.is_empty());
    filled().count() > 1
        && !filled().any(is_data)
        && filled().any(|cell| Meaning::of(&cell.to_string()).is_some())
        && filled().all(|cell| day_words(&cell.to_string()).is_none())
}
