//! What kind of thing stands in cells, where no heading says it.

use super::cells::Cell;
use super::day_time::from_serial;
use super::spelling::{clock_of, date, weekday};
use super::table_options::{DateOrder, DecimalMark};

/// What stands in all filled cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// All are empty.
    Nothing,
    /// Clock times, alone or behind a date.
    Clock,
    /// Dates alone.
    Date,
    /// Names of weekdays.
    Weekday,
    /// Numbers.
    Number,
    /// Other words, or things of several kinds.
    Words,
}

impl Content {
    /// The content of a column.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a Cell>) -> Self {
        let mut all = Self::Nothing;
        for cell in cells {
            let own = match content(cell) {
                Self::Nothing => continue,
                own => own,
            };
            if all != Self::Nothing && all != own {
                return Self::Words;
            }
            all = own;
        }
        all
    }
}

fn content(cell: &Cell) -> Content {
    match cell {
        Cell::Empty => Content::Nothing,
        Cell::Failed(_) => Content::Nothing,
        Cell::Number(_) => Content::Number,
        Cell::Length(_) => Content::Clock,
        Cell::Serial(days) => match from_serial(*days) {
            Some(time) if time.date.is_some() && time.clock.seconds() == 0 => Content::Date,
            _ => Content::Clock,
        },
        Cell::Flag(_) => Content::Words,
        Cell::Text(text) if matches!(text.as_str(), "-" | "–") => Content::Nothing,
        Cell::Text(text) => {
            let either = [DateOrder::DayFirst, DateOrder::MonthFirst];
            if clock_of(cell).is_some() {
                Content::Clock
            } else if either.iter().any(|&order| date(text, order).is_some()) {
                Content::Date
            } else if is_number(text) {
                Content::Number
            } else if weekday(text).is_some() {
                Content::Weekday
            } else {
                Content::Words
            }
        }
    }
}

/// Whether a cell has a number, a date or a clock time, not a word.
pub(super) fn is_data(cell: &Cell) -> bool {
    matches!(content(cell), Content::Number | Content::Clock | Content::Date)
}

fn is_number(text: &str) -> bool {
    let marks = [DecimalMark::Point, DecimalMark::Comma];
    marks.iter().any(|&mark| super::spelling::number(text, mark).is_some())
}
