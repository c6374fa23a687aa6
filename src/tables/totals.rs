//! Rows and columns of sums: left out if they are the sums, else refused.

use super::cells::Cell;
use super::finding::TableFinding;
use super::headed_rows::{Frame, cell};
use super::sheet::SheetRow;
use super::spelling;
use super::table_options::DecimalMark;
use super::value_columns::IntervalColumns;

/// A number, and by how much rounding may change it.
struct Rounded {
    value: f64,
    half_unit: f64,
}

fn rounded(cell: &Cell, mark: DecimalMark) -> Option<Rounded> {
    match cell {
        Cell::Number(value) => Some(Rounded { value: *value, half_unit: 1e-6 }),
        Cell::Text(text) => {
            let value = spelling::number(text, mark)?;
            let point = if mark == DecimalMark::Point { '.' } else { ',' };
            let decimals = text.rsplit_once(point).map_or(0, |it| it.1.trim().len());
            Some(Rounded { value, half_unit: 0.5 * 0.1_f64.powi(decimals as i32) })
        }
        _ => None,
    }
}

impl Rounded {
    /// Whether it is a sum of numbers that may be rounded too.
    fn is(&self, sum: f64, terms: usize) -> bool {
        let own = self.half_unit.min(0.5);
        (self.value - sum).abs() <= own + 1e-9 * sum.abs() + 1e-6 * terms as f64
    }
}

fn sum<'a>(rows: impl Iterator<Item = &'a SheetRow>, column: usize, mark: DecimalMark) -> f64 {
    rows.filter_map(|row| rounded(cell(row, column), mark)).map(|it| it.value).sum()
}

/// One finding for all rows of sums.
pub(super) fn check_totals(
    frame: &Frame<'_>,
    columns: &IntervalColumns,
    mark: DecimalMark,
) -> Result<Option<TableFinding>, TableFinding> {
    let mut before = 0;
    for total in &frame.totals {
        for value in &columns.values {
            let column = value.column;
            let Some(found) = rounded(cell(total, column), mark) else { continue };
            let rows = || frame.all_rows.iter().copied();
            let since = || rows().filter(|row| row.number > before && row.number < total.number);
            let key = |row: &&SheetRow| columns.skill.map(|skill| cell(row, skill).to_string());
            let own = key(total);
            let sums = [
                sum(rows(), column, mark),
                sum(since(), column, mark),
                sum(rows().filter(|row| key(row) == own), column, mark),
            ];
            if !sums.iter().any(|&sum| found.is(sum, frame.all_rows.len())) {
                return Err(TableFinding::error("a row of sums that is not the sum of its rows")
                    .at(&frame.sheet.place(total, column))
                    .found(found.value.to_string())
                    .allowed(format!("{}, or no such row", sums[0])));
            }
        }
        before = total.number;
    }
    let Some(first) = frame.totals.first() else { return Ok(None) };
    let message = match frame.totals.len() {
        1 => format!("row {} is a sum and is left out", first.number),
        count => {
            format!("{count} rows are sums and are left out, the first is row {}", first.number)
        }
    };
    Ok(Some(TableFinding::warning(message).at(&frame.sheet.place(first, 0))))
}

/// Columns that say of each row what its values add up to.
pub(super) fn check_row_sums(
    frame: &Frame<'_>,
    columns: &IntervalColumns,
    mark: DecimalMark,
) -> Result<Option<TableFinding>, TableFinding> {
    for &column in &columns.sums {
        for row in &frame.all_rows {
            let Some(found) = rounded(cell(row, column), mark) else { continue };
            let values = columns.values.iter();
            let values = values.filter_map(|value| rounded(cell(row, value.column), mark));
            let sum: f64 = values.map(|it| it.value).sum();
            if !found.is(sum, columns.values.len()) {
                return Err(TableFinding::error(
                    "a sum of a row that is not the sum of its values",
                )
                .at(&frame.sheet.place(row, column))
                .found(found.value.to_string())
                .allowed(format!("{sum}, or no such column")));
            }
        }
    }
    let Some(&first) = columns.sums.first() else { return Ok(None) };
    let message = format!("column `{}` has sums and is left out", frame.heading(first));
    Ok(Some(TableFinding::warning(message)))
}
