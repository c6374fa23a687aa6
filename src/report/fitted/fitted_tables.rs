//! Tables beside the fitted scenario: volumes and staffing by interval.

use std::collections::BTreeMap;
use std::io;

use crate::base::time::Span;
use crate::report::columns::{TableCell, TableColumn, TableSink, WriteTable as _, columns};

use super::fitted_log::FittedLog;

/// Contacts by interval.
pub(super) const VOLUMES: &str = "volumes.csv";

/// Name of the table of a team.
pub(super) fn staffing_name(team: usize) -> String {
    match team {
        0 => "staffing.csv".to_owned(),
        _ => format!("staffing_{}.csv", team + 1),
    }
}

const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// Half-hours of a day.
const INTERVALS: usize = 48;

fn clock(interval: usize) -> String {
    format!("{:02}:{:02}", interval / 2, interval % 2 * 30)
}

fn weekday_name(weekday: usize, is_by_weekday: bool) -> &'static str {
    if is_by_weekday { WEEKDAYS[weekday] } else { "daily" }
}

/// Writes the contacts of each interval that are expected, skill by skill.
pub(super) fn volume_rows(log: &FittedLog<'_>, table: &mut dyn TableSink) -> io::Result<()> {
    table.header(VOLUME_COLUMNS)?;
    let Some(arrivals) = log.arrivals() else { return Ok(()) };
    for skill in &arrivals.skills {
        let rates = skill.intervals.iter().map(|it| ((it.weekday, usize::from(it.interval)), it));
        let rates = BTreeMap::from_iter(rates);
        let weekdays = if arrivals.is_by_weekday { 0..7 } else { 0..1 };
        for (weekday, interval) in weekdays.flat_map(|day| (0..INTERVALS).map(move |at| (day, at)))
        {
            let per_hour = rates.get(&(weekday, interval)).map_or(0.0, |it| it.per_hour.value);
            let row = FittedVolume {
                weekday: weekday_name(weekday, arrivals.is_by_weekday),
                interval,
                skill: log.skill(skill.skill).to_owned(),
                volume: per_hour / 2.0,
            };
            table.row(VOLUME_COLUMNS, &row)?;
        }
    }
    Ok(())
}

/// Agents of a team who are there, on average, in whole numbers.
pub(super) fn staffing(log: &FittedLog<'_>, team: usize) -> Vec<StaffedInterval> {
    let Some(arrivals) = &log.estimates.arrivals else { return Vec::new() };
    let is_by_weekday = arrivals.is_by_weekday;
    let weekday_of = |day: i32| (day + 3).rem_euclid(7) as usize;
    let weekday = |day: i32| if is_by_weekday { weekday_of(day) } else { 0 };
    let mut online = BTreeMap::<(usize, usize), Span>::new();
    let mut days = BTreeMap::<i32, ()>::new();
    for (cell, &span) in &log.samples.staff {
        days.insert(cell.day, ());
        if cell.team == team || (cell.team >= super::fitted_log::MOST_TEAMS && team == 0) {
            let key = (weekday(cell.day), usize::from(cell.interval));
            *online.entry(key).or_default() += span;
        }
    }
    let counted = |of: usize| days.keys().filter(|&&day| weekday(day) == of).count().max(1);
    let weekdays = if is_by_weekday { 0..7 } else { 0..1 };
    let cells = weekdays.flat_map(|day| (0..INTERVALS).map(move |at| (day, at)));
    let staffed = cells.map(|(weekday, interval)| {
        let span = online.get(&(weekday, interval)).copied().unwrap_or_default();
        let mean = span.as_secs_f64() / 1800.0 / counted(weekday) as f64;
        StaffedInterval { weekday: weekday_name(weekday, is_by_weekday), interval, mean }
    });
    staffed.collect()
}

/// Agents of a team in an interval.
pub(super) struct StaffedInterval {
    weekday: &'static str,
    interval: usize,
    pub(super) mean: f64,
}

impl StaffedInterval {
    /// Agents at work are whole.
    pub(super) fn agents(&self) -> u64 {
        libm::round(self.mean) as u64
    }
}

/// Writes the agents of a team by interval.
pub(super) fn staffing_rows(
    log: &FittedLog<'_>,
    team: usize,
    table: &mut dyn TableSink,
) -> io::Result<()> {
    table.header(STAFFING_COLUMNS)?;
    staffing(log, team).iter().try_for_each(|row| table.row(STAFFING_COLUMNS, row))
}

struct FittedVolume {
    weekday: &'static str,
    interval: usize,
    skill: String,
    volume: f64,
}

static VOLUME_COLUMNS: &[TableColumn<FittedVolume>] = columns! {
    weekday "" = |row| TableCell::word(row.weekday), "Day.";
    time "" = |row| TableCell::word(clock(row.interval)), "Start of the half-hour.";
    skill "" = |row| TableCell::text(&row.skill), "Skill.";
    volume "contacts" = |row| TableCell::Number(Some(row.volume)), "Contacts expected.";
};

static STAFFING_COLUMNS: &[TableColumn<StaffedInterval>] = columns! {
    weekday "" = |row| TableCell::word(row.weekday), "Day.";
    time "" = |row| TableCell::word(clock(row.interval)), "Start of the half-hour.";
    staff "agents" = |row| TableCell::Whole(row.agents()), "Agents Online, on average, rounded.";
};
