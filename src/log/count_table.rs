//! A table of counts: a row a day, a column an interval.

use crate::base::time::Span;

use super::log_columns::LogColumn;
use super::log_finding::LogFinding;
use super::text_table::{LogInput, LogText};

/// Contacts by day and interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountTable {
    /// Each day with the counts of its intervals.
    pub days: Vec<Vec<u64>>,
    /// Length of an interval: the distance of the first two headings, or an hour if they are no clock
    /// times.
    pub interval: Span,
}

/// Reads such a table; the first column names the days.
///
/// # Errors
///
/// A cell is no whole number, or a row has not as many as the headings.
pub fn read_counts(input: &LogInput) -> Result<CountTable, LogFinding> {
    let text = LogText::find(input, &[], &[LogColumn::Date])?;
    let mut rows = text.rows(input)?;
    let headings = Vec::from_iter(text.columns.headings().iter().skip(1).cloned());
    if headings.is_empty() {
        let message = "a table of counts has a column of days and one for each interval";
        return Err(LogFinding::new(&input.name, message));
    }
    let mut days = Vec::new();
    while let Some(row) = rows.next_row()? {
        let number = row.number;
        let counts = (1..=headings.len()).map(|column| {
            let text = row.field(Some(column));
            text.parse::<u64>().map_err(|_| {
                let finding = LogFinding::new(&input.name, "not a count").at(number, column);
                finding.found(text).allowed("whole numbers from 0")
            })
        });
        days.push(counts.collect::<Result<Vec<_>, _>>()?);
    }
    let clocks = Vec::from_iter(headings.iter().take(2).filter_map(|text| minutes(text)));
    let interval = match clocks.as_slice() {
        [first, second] if second > first => Span::from_mins(second - first),
        _ => Span::from_hours(1),
    };
    Ok(CountTable { days, interval })
}

/// `08:30`.
fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    Some(hours.trim().parse::<i64>().ok()? * 60 + minutes.get(..2)?.parse::<i64>().ok()?)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn read(text: &'static str) -> Result<CountTable, String> {
        let open = move || Ok(Box::new(Cursor::new(text)) as Box<dyn Read>);
        let input = LogInput { name: "counts.csv".to_owned(), open: Box::new(open) };
        read_counts(&input).map_err(|finding| finding.to_string())
    }

    #[test]
    fn counts_stand_in_a_row_a_day() {
        let table = read("day,08:00,08:30\nMon,3,4\nTue,0,12\n").unwrap();
        assert_eq!(table.days, [vec![3, 4], vec![0, 12]]);
        assert_eq!(table.interval, Span::from_mins(30));
        assert_eq!(
            read("day,08:00,08:30\nMon,3,many\n").unwrap_err(),
            "counts.csv, row 2, column C: not a count: found `many`; allowed: whole numbers from 0"
        );
    }
}
