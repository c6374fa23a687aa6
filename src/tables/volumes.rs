//! Values by interval, whatever the layout.

use super::day_time::{DayTime, PlannedDay};
use super::echo::KeyTotal;
use super::finding::{TableFinding, TableResult};
use super::headed_rows::Frame;
use super::normal_forms::{IntervalTable, Quantity, ValueList, VolumeRow, VolumeTable};
use super::sheet::Sheet;
use super::spelling::{self, Decided};
use super::table_options::TableOptions;
use super::totals::{check_row_sums, check_totals};
use super::value_columns::{IntervalColumns, kind_of};
use super::volume_rows::{RowReader, value_cells};

/// Reads values by interval: with clock times, or one interval after the other.
///
/// # Errors
///
/// What keeps the table from being understood, each cause once.
pub fn read_volumes(
    sheet: &Sheet,
    quantity: Quantity,
    options: &TableOptions,
) -> TableResult<IntervalTable> {
    let kind = kind_of(quantity);
    let mut frame = Frame::new(sheet, &kind, options)?;
    let dates = spelling::date_order(&frame.written_dates(), options.dates)?;
    let columns = IntervalColumns::find(&mut frame, quantity, dates.choice)?;
    let decimal = spelling::decimal_mark(&value_cells(&frame, &columns), options.decimal)?;
    frame.refuse_what_matters(&kind)?;
    let reader = RowReader::new(&frame, quantity, &columns, &decimal, &dates);
    let has_clock = columns.time.or(columns.end).is_some()
        || columns.values.iter().all(|value| value.start.is_some());
    if !has_clock {
        return without_clock(&frame, &reader, &columns, &decimal).map(IntervalTable::WithoutClock);
    }
    let mut findings = frame.findings.clone();
    if quantity != Quantity::HandleTime {
        findings.extend(check_totals(&frame, &columns, decimal.choice)?);
        findings.extend(check_row_sums(&frame, &columns, decimal.choice)?);
    }
    let mut table = reader.rows(findings)?;
    finish(&mut table, &frame, quantity)?;
    table.echo.decimal = decimal.why;
    table.echo.dates = dates.why;
    Ok(IntervalTable::WithClock(table))
}

/// Values of consecutive intervals.
fn without_clock(
    frame: &Frame<'_>,
    reader: &RowReader<'_>,
    columns: &IntervalColumns,
    decimal: &Decided<super::table_options::DecimalMark>,
) -> TableResult<ValueList> {
    for (column, what) in
        [(columns.date, "days"), (columns.weekday, "days"), (columns.skill, "skills")]
    {
        if let Some(column) = column {
            let message = format!("rows of {what} without clock times");
            let finding = TableFinding::error(message)
                .found(frame.heading(column))
                .help("give the rows clock times, in a column such as `time`");
            return Err(finding.into());
        }
    }
    let mut findings = frame.findings.clone();
    findings.extend(check_totals(frame, columns, decimal.choice)?);
    if let Some(column) = frame.repeated_words() {
        let heading = frame.heading(column);
        return Err(TableFinding::error(format!(
            "rows have no clock times, and column `{heading}` sorts them"
        ))
        .help(format!("choose rows: `where = {{ \"{heading}\" = \"…\" }}`, or say what it is: `columns = {{ skill = \"{heading}\" }}`"))
        .into());
    }
    let mut list = reader.list(findings)?;
    list.echo.span = "one interval after the other, without a clock".into();
    list.echo.decimal = decimal.why.clone();
    let total = list.values.iter().sum();
    list.echo.totals.push(KeyTotal { key: None, day: "all rows".into(), date: None, total });
    Ok(list)
}

/// Sorts, sets the ends that are not given, and refuses what is there twice.
fn finish(
    table: &mut VolumeTable,
    frame: &Frame<'_>,
    quantity: Quantity,
) -> Result<(), TableFinding> {
    refuse_rows_without_day(&table.rows)?;
    refuse_ranges_that_overlap(&table.rows)?;
    set_steps(table)?;
    let keys = table.keys.clone();
    let rank = |row: &VolumeRow| {
        let key = keys.iter().position(|key| Some(key) == row.key.as_ref());
        (key, row.day, row.start)
    };
    // Rows of an hour that comes twice stay in the order of the file.
    table.rows.sort_by_key(rank);
    refuse_overlaps(&table.rows, frame)?;
    table.echo.span = span(table);
    for row in &table.rows {
        let (key, day, date) = (&row.key, row.day.to_string(), row.day.date());
        // What adds up to nothing.
        if quantity == Quantity::HandleTime {
            continue;
        }
        match table.echo.totals.last_mut() {
            Some(total) if total.key == *key && total.day == day => total.total += row.value,
            _ => {
                let total = KeyTotal { key: key.clone(), day, date, total: row.value };
                table.echo.totals.push(total);
            }
        }
    }
    Ok(())
}

fn refuse_rows_without_day(rows: &[VolumeRow]) -> Result<(), TableFinding> {
    let without = rows.iter().find(|row| row.day == PlannedDay::Every);
    let with = rows.iter().find(|row| row.day != PlannedDay::Every && !row.is_day_of_file);
    match (without.filter(|row| !row.is_day_of_file), with) {
        (Some(without), Some(with)) => {
            let message = format!("{} has no day, and {} has one", without.place, with.place);
            Err(TableFinding::error(message).at(&without.place))
        }
        _ => Ok(()),
    }
}

fn refuse_ranges_that_overlap(rows: &[VolumeRow]) -> Result<(), TableFinding> {
    let mut ranges = Vec::<&VolumeRow>::new();
    for row in rows.iter().filter(|row| matches!(row.day, PlannedDay::Weekdays { .. })) {
        let contradicts =
            |other: &&&VolumeRow| other.key == row.key && other.day.contradicts(row.day);
        if let Some(other) = ranges.iter().find(contradicts) {
            let message = format!("{} and {} overlap", other.day, row.day);
            return Err(TableFinding::error(message).at(&row.place));
        }
        if ranges.iter().all(|other| other.day != row.day || other.key != row.key) {
            ranges.push(row);
        }
    }
    Ok(())
}

/// The smallest step of the clock, and with it the ends or starts that no cell gives.
fn set_steps(table: &mut VolumeTable) -> Result<(), TableFinding> {
    let mut labels = Vec::from_iter(table.rows.iter().map(|row| match row.is_label_end {
        true => row.end.seconds(),
        false => row.start.seconds(),
    }));
    labels.sort_unstable();
    labels.dedup();
    let steps = labels.windows(2).map(|pair| pair[1] - pair[0]);
    let lengths =
        table.rows.iter().map(|row| row.end.seconds().saturating_sub(row.start.seconds()));
    let step = steps.chain(lengths.filter(|&length| length > 0)).min();
    let step = step.ok_or_else(|| {
        TableFinding::error("one interval only, whose length is not known")
            .help("give it an end in a column `end`")
    })?;
    table.step_seconds = step;
    let guesses = |row: &&VolumeRow| row.is_label_end || row.end <= row.start;
    if !DayTime::DAY_END.seconds().is_multiple_of(step)
        && let Some(row) = table.rows.iter().find(guesses)
    {
        let message = format!("intervals {} min apart do not make a day", f64::from(step) / 60.0);
        return Err(TableFinding::error(message)
            .at(&row.place)
            .help("give each row its end, in a column `end`"));
    }
    let first = labels.first().copied().unwrap_or(0);
    for row in &mut table.rows {
        let label = if row.is_label_end { row.end } else { row.start }.seconds();
        let is_given = row.end > row.start && !row.is_label_end;
        if !is_given && !(label - first).is_multiple_of(step) {
            return Err(TableFinding::error(format!(
                "intervals begin {} min apart, and this one does not",
                f64::from(step) / 60.0
            ))
            .at(&row.place)
            .found(DayTime::from_seconds(label).to_string())
            .help("give each row its end, in a column `end`"));
        }
        if row.is_label_end {
            let start = row.end.seconds().checked_sub(step).ok_or_else(|| {
                TableFinding::error("an interval that begins before midnight").at(&row.place)
            })?;
            row.start = DayTime::from_seconds(start);
        } else if !is_given {
            row.end = row.start.plus(step).min(DayTime::DAY_END);
        }
    }
    Ok(())
}

fn refuse_overlaps(rows: &[VolumeRow], frame: &Frame<'_>) -> Result<(), TableFinding> {
    for (position, pair) in rows.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let is_same = first.day == second.day && first.key == second.key;
        if !is_same || second.start >= first.end {
            continue;
        }
        // An hour that clocks repeat: the scenario knows whether they do.
        let is_again = matches!(first.day, PlannedDay::Date(_)) && first.start == second.start;
        let third = rows.get(position + 2);
        let is_twice_only =
            third.is_none_or(|third| third.start >= second.end || third.day != first.day);
        if is_again && is_twice_only && (first.offset != second.offset || first.offset.is_none()) {
            continue;
        }
        return Err(two_values(first, second, frame));
    }
    Ok(())
}

/// Two values for one interval, with a column that tells them apart.
fn two_values(first: &VolumeRow, second: &VolumeRow, frame: &Frame<'_>) -> TableFinding {
    let (day, from) = (first.day, second.start);
    let error = TableFinding::error(format!(
        "two values for {day} {from}: {} and {}",
        first.place, second.place
    ))
    .at(&second.place);
    match frame.sorting_column([first.place.row, second.place.row]) {
        Some(column) => {
            let heading = frame.heading(column);
            error.help(format!(
                "column `{heading}` tells them apart: `where = {{ \"{heading}\" = \"…\" }}`"
            ))
        }
        None => error,
    }
}

fn span(table: &VolumeTable) -> String {
    let first = table.rows.iter().min_by_key(|row| (row.day, row.start));
    let last = table.rows.iter().max_by_key(|row| (row.day, row.start));
    let (Some(first), Some(last)) = (first, last) else { return String::new() };
    let step = f64::from(table.step_seconds) / 60.0;
    if first.day == last.day {
        return format!("{} {} to {}, every {step} min", first.day, first.start, last.end);
    }
    format!("{} {} to {} {}, every {step} min", first.day, first.start, last.day, last.end)
}
