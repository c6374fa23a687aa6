//! Volumes from a planner's table, CSV or workbook.

use jiff::civil::Date;

use super::by_day::{ByDay, DayRule};
use super::by_interval::{RepeatedValue, common_divisor};
use super::plan::RunSettings;
use super::reader::ReaderSection;
use super::table_days::TableDays;
use crate::base::calendar::Repeated;
use crate::base::time::Span;
use crate::tables::{
    DayTime, IntervalTable, Place, PlannedDay, Quantity, Sheet, TableFinding, TableOptions,
    VolumeRow, VolumeTable, choose, read_volumes,
};

/// The volumes of a kind of consumers.
pub(super) enum TableVolumes {
    /// Of consecutive intervals.
    Consecutive(Vec<f64>),
    /// By the clock.
    ByClock(ClockedRates),
}

/// The rates of a kind of consumers from a table, consumers an hour in steps of the clock.
pub(super) struct ClockedRates {
    /// By day, from midnight on.
    pub(super) values: ByDay<Vec<f64>>,
    /// Those of hours that clocks repeat, where the table has both.
    pub(super) again: Vec<RepeatedValue>,
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

/// A table and what the scenario says of it.
#[derive(Clone, Copy)]
pub(super) struct AskedTable<'a> {
    /// The key that names it.
    pub(super) key: &'a str,
    pub(super) sheet: &'a Sheet,
    pub(super) options: &'a TableOptions,
}

impl AskedTable<'_> {
    pub(super) fn report(&self, section: &ReaderSection<'_>, finding: TableFinding) {
        section.report_table(self.key, self.sheet, finding);
    }

    /// What was read; otherwise what is wrong is reported.
    pub(super) fn read<T>(
        &self,
        section: &ReaderSection<'_>,
        read: Result<T, Vec<TableFinding>>,
    ) -> Option<T> {
        let report = |findings: Vec<TableFinding>| {
            findings.into_iter().for_each(|finding| self.report(section, finding));
        };
        read.map_err(report).ok()
    }

    /// Which of the keys of its rows is meant by these names; none if all rows are.
    pub(super) fn chosen_key(
        &self,
        section: &ReaderSection<'_>,
        keys: &[String],
        names: &[String],
    ) -> Option<Option<String>> {
        match choose(keys, names) {
            _ if !self.options.only.is_empty() && keys.len() < 2 => Some(None),
            Ok(key) => Some(key.map(str::to_owned)),
            Err(finding) => {
                self.report(section, finding);
                None
            }
        }
    }

    /// Its rows, which are to have clock times.
    fn with_clock(&self, section: &ReaderSection<'_>, quantity: Quantity) -> Option<VolumeTable> {
        match self.read(section, read_volumes(self.sheet, quantity, self.options))? {
            IntervalTable::WithClock(read) => Some(read),
            IntervalTable::WithoutClock(_) => {
                self.report(section, without_clock(self.sheet));
                None
            }
        }
    }
}

/// The volumes of a kind of consumers.
pub(super) fn table_volumes(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    of: ArrivalsOf<'_>,
) -> Option<TableVolumes> {
    let AskedTable { key, sheet, options } = table;
    let report = |finding: TableFinding| section.report_table(key, sheet, finding);
    match read_volumes(sheet, Quantity::Volume, options) {
        Ok(IntervalTable::WithoutClock(list)) => {
            list.findings.into_iter().for_each(report);
            section.context.note_table(list.echo);
            Some(TableVolumes::Consecutive(list.values))
        }
        Ok(IntervalTable::WithClock(read)) => {
            clocked_rates(section, table, read, of).map(TableVolumes::ByClock)
        }
        Err(findings) => {
            findings.into_iter().for_each(report);
            None
        }
    }
}

/// The agents at work, by the clock, from a planner's table; `names` are what it may call the group.
pub(super) fn table_staffing(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    run: &RunSettings,
    names: &[String],
) -> Option<ClockedRates> {
    let report = |finding: TableFinding| section.report_table(table.key, table.sheet, finding);
    let read = table.with_clock(section, Quantity::Staff)?;
    if let Some(row) = read.rows.iter().find(|row| row.value.fract() != 0.0) {
        let finding = TableFinding::error("a part of an agent").at(&row.place);
        report(finding.found(row.value.to_string()).allowed("whole numbers of agents"));
        return None;
    }
    clocked(section, table, read, names, &ByClock { run, counts: true })
}

/// Handle times by the clock, seconds; 0 where there is none.
pub(super) struct ClockedHandleTimes {
    pub(super) times: ClockedRates,
    /// The shortest of them.
    pub(super) shortest: VolumeRow,
}

/// The handle times of a skill, by the clock, from a planner's table; `names` are what it may call the
/// consumers.
pub(super) fn table_handle_times(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    run: &RunSettings,
    names: &[String],
) -> Option<ClockedHandleTimes> {
    let report = |finding: TableFinding| section.report_table(table.key, table.sheet, finding);
    let read = table.with_clock(section, Quantity::HandleTime)?;
    let read = of_names(section, table, read, names)?;
    let known = read.rows.iter().filter(|row| row.value > 0.0);
    let shortest = known.min_by(|one, other| one.value.total_cmp(&other.value)).cloned();
    let Some(shortest) = shortest else {
        report(TableFinding::error(format!("{} has no handle time above 0", table.sheet.file)));
        return None;
    };
    let times = clocked(section, table, read, names, &ByClock { run, counts: true })?;
    Some(ClockedHandleTimes { times, shortest })
}

fn without_clock(sheet: &Sheet) -> TableFinding {
    let message = format!("{} has no column for time", sheet.file);
    TableFinding::error(message).help("name it: `columns = { time = \"…\" }`")
}

fn clocked_rates(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    read: VolumeTable,
    of: ArrivalsOf<'_>,
) -> Option<ClockedRates> {
    clocked(section, table, read, of.names, &ByClock { run: of.run, counts: false })
}

/// How values become those of steps of the clock.
struct ByClock<'a> {
    run: &'a RunSettings,
    /// Whether they hold throughout their interval, as agents do; else they are spread over it.
    counts: bool,
}

fn clocked(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    read: VolumeTable,
    names: &[String],
    by_clock: &ByClock<'_>,
) -> Option<ClockedRates> {
    let AskedTable { key, sheet, .. } = table;
    let run = by_clock.run;
    let report = |finding: TableFinding| section.report_table(key, sheet, finding);
    let read = of_names(section, table, read, names)?;
    let VolumeTable { mut rows, step_seconds, mut echo, findings, .. } = read;
    findings.into_iter().for_each(report);
    let days = rows.iter().map(|row| row.day).collect();
    let days = TableDays { key, file: &sheet.file, rows: "rows", days, has_nights: false };
    let Some(outside) = days.outside(section, run) else {
        section.context.note_table(echo);
        return None;
    };
    let is_inside = |date: Option<Date>| date.is_none_or(|date| !outside.contains(&date));
    echo.totals.retain(|total| is_inside(total.date));
    rows.retain(|row| is_inside(row.day.date()));
    section.context.note_table(echo);
    match rates(&rows, step_seconds, by_clock) {
        Ok(rates) => Some(rates),
        Err(finding) => {
            report(*finding);
            None
        }
    }
}

/// The rows of a table that are for those whom it may call by these names.
fn of_names(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    mut read: VolumeTable,
    names: &[String],
) -> Option<VolumeTable> {
    let chosen = table.chosen_key(section, &read.keys, names)?;
    read.rows.retain(|row| chosen.is_none() || row.key == chosen);
    read.echo.totals.retain(|total| chosen.is_none() || total.key == chosen);
    Some(read)
}

fn rates(
    rows: &[VolumeRow],
    step_seconds: u32,
    by_clock: &ByClock<'_>,
) -> Result<ClockedRates, Box<TableFinding>> {
    let ends = rows.iter().flat_map(|row| [row.start.seconds(), row.end.seconds()]);
    let step = ends.fold(i64::from(step_seconds), |step, end| common_divisor(step, end.into()));
    let step = u32::try_from(step).unwrap_or(1).max(1);
    let count = (DayTime::DAY_END.seconds() / step) as usize;
    let mut days: Vec<(DayRule, Vec<f64>)> = Vec::new();
    let mut again = Vec::new();
    let mut before: Option<&VolumeRow> = None;
    for row in rows {
        let rule = DayRule::of_planned(row.day);
        let at = days.iter().position(|(known, _)| *known == rule).unwrap_or_else(|| {
            days.push((rule, vec![0.0; count]));
            days.len() - 1
        });
        let hours = f64::from(row.end.seconds() - row.start.seconds()) / 3600.0;
        let rate = if by_clock.counts { row.value } else { row.value / hours };
        let is_second = before.is_some_and(|it| it.day == row.day && it.start == row.start);
        if later_hour(row, is_second, by_clock)? {
            let span = |time: DayTime| Span::from_secs(i64::from(time.seconds()));
            let (from, to) = (span(row.start), span(row.end));
            again.extend(row.day.date().map(|date| RepeatedValue { date, from, to, value: rate }));
        } else {
            let slots = (row.start.seconds() / step) as usize..(row.end.seconds() / step) as usize;
            if let Some(slots) = days[at].1.get_mut(slots) {
                slots.fill(rate);
            }
        }
        before = Some(row);
    }
    Ok(ClockedRates {
        values: ByDay::of_rules(days),
        again,
        every: Span::from_secs(i64::from(step)),
        interval: Span::from_secs(i64::from(step_seconds)),
    })
}

/// Times with an offset mean nothing in a run without a time zone.
pub(super) fn without_zone(place: &Place) -> Box<TableFinding> {
    let message = "a time with an offset from UTC, and the run has no time zone";
    let help = "set `run.time_zone`, such as \"Europe/Berlin\"";
    Box::new(TableFinding::error(message).at(place).help(help))
}

/// Whether a dated row is for the second of two hours that the clock shows alike. Refuses one for an
/// hour that does not occur, or that no clock shows twice.
fn later_hour(
    row: &VolumeRow,
    is_second: bool,
    by_clock: &ByClock<'_>,
) -> Result<bool, Box<TableFinding>> {
    let wrong = |message: String| Box::new(TableFinding::error(message).at(&row.place));
    let calendar = &by_clock.run.calendar;
    let PlannedDay::Date(date) = row.day else { return Ok(false) };
    let Some(day) = calendar.day_of(date) else { return Ok(false) };
    let clock = Span::from_secs(i64::from(row.start.seconds()));
    if !by_clock.counts && row.value > 0.0 && calendar.is_skipped(day, clock) {
        return Err(wrong(format!(
            "contacts at {}, {}: clocks are put forward over it",
            row.day, row.start
        )));
    }
    let [first, second] = [Repeated::First, Repeated::Second]
        .map(|which| calendar.reading(calendar.instant(day, clock, which)).offset);
    if let Some(offset) = row.offset.filter(|_| calendar.has_zone()) {
        return match Some(offset) {
            offset if offset == first && !(is_second && first == second) => Ok(false),
            offset if offset == second && first != second => Ok(true),
            _ if is_second => Err(wrong(format!("two values for {} {}", row.day, row.start))),
            _ => Err(wrong(format!(
                "{} {} is not {offset} from UTC in the time zone of the run",
                row.day, row.start
            ))),
        };
    }
    if row.offset.is_some_and(|offset| offset.seconds() != 0) {
        return Err(without_zone(&row.place));
    }
    if is_second && first == second {
        return Err(wrong(format!("two values for {} {}", row.day, row.start)));
    }
    Ok(is_second)
}
