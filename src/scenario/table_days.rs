//! The days of a table against those of the run.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use super::by_day::DayRule;
use super::plan::RunSettings;
use super::reader::ReaderSection;
use super::reader::diagnostic::Severity;
use crate::tables::PlannedDay;

impl DayRule {
    /// The rule of the days of a row.
    pub(super) fn of_planned(day: PlannedDay) -> Self {
        match day {
            PlannedDay::Every => Self::Every,
            PlannedDay::Weekdays { first, last } => Self::Weekdays {
                first: Weekday::to_monday_zero_offset(first),
                last: Weekday::to_monday_zero_offset(last),
            },
            PlannedDay::Weekday(day) => Self::Weekday(Weekday::to_monday_zero_offset(day)),
            PlannedDay::Holiday => Self::Holiday,
            PlannedDay::Date(date) => Self::Date(date),
        }
    }
}

/// The days of the rows of a table.
pub(super) struct TableDays<'a> {
    /// The key that names it.
    pub(super) key: &'a str,
    /// Name of the file.
    pub(super) file: &'a str,
    /// What its rows are, in the plural: `shifts`.
    pub(super) rows: &'static str,
    /// The day of each row.
    pub(super) days: Vec<PlannedDay>,
    /// Whether what begins on the day before the run may reach into it, as a night shift does.
    pub(super) has_nights: bool,
}

impl TableDays<'_> {
    /// Says where they and the days of the run differ. The dates that are no days of the run; none if the
    /// table cannot be used.
    pub(super) fn outside(
        &self,
        section: &ReaderSection<'_>,
        run: &RunSettings,
    ) -> Option<BTreeSet<Date>> {
        let dates = Vec::<Date>::from_iter(self.days.iter().filter_map(|day| day.date()));
        let (first, last) = (dates.iter().min(), dates.iter().max());
        if run.calendar.first_date().is_none() {
            return self.need_no_date(section, first.copied()).then(BTreeSet::new);
        }
        let (Some(&first), Some(&last)) = (first, last) else { return Some(BTreeSet::new()) };
        let calendar = &run.calendar;
        let days = calendar.days_until(run.until).filter(|day| day.number >= 0);
        let days = Vec::from_iter(days.filter_map(|day| day.date));
        let Self { key, file, rows, .. } = self;
        if !days.iter().any(|day| dates.contains(day)) {
            let message = format!(
                "`{file}`: the rows are for {first} to {last}, and the run has none of these days"
            );
            let help = format!("set `run.from = \"{first}\"`");
            section.context.report(section.error(key, message).help(help));
            return None;
        }
        let eve = calendar.day(-1).date.filter(|_| self.has_nights);
        let is_outside = |date: &&Date| !days.contains(date) && eve != Some(**date);
        let outside = BTreeSet::from_iter(dates.iter().filter(is_outside).copied());
        if let Some(first) = outside.first() {
            let are = if outside.len() == 1 { "is no day" } else { "are no days" };
            let message = format!(
                "`{file}`: {} of its {} days {are} of the run, the first is {first}",
                outside.len(),
                BTreeSet::from_iter(&dates).len()
            );
            warn(section, key, message);
        }
        let has_others = dates.len() < self.days.len();
        let without = days.iter().filter(|day| !(first..=last).contains(*day)).count();
        if without > 0 && !has_others {
            let noun = if without == 1 { "day" } else { "days" };
            let message = format!(
                "`{file}`: the rows are for {first} to {last}, without {rows} on {without} {noun} of the run"
            );
            warn(section, key, message);
        }
        Some(outside)
    }

    /// Whether the rows need no date of the run.
    fn need_no_date(&self, section: &ReaderSection<'_>, first: Option<Date>) -> bool {
        let Self { key, file, .. } = self;
        let refuse = |message: String, help: String| {
            section.context.report(section.error(key, message).help(help));
            false
        };
        if let Some(first) = first {
            section.context.note_first_date(first);
            return refuse(
                format!("`{file}`: the rows have dates, but the run has none"),
                format!("set `run.from = \"{first}\"` for the first of them"),
            );
        }
        if self.days.iter().any(|day| *day != PlannedDay::Every) {
            return refuse(
                format!("`{file}`: the rows have weekdays, but the run has no date"),
                "set `run.from` to the date of the first day, such as \"2026-03-23\"".to_owned(),
            );
        }
        true
    }
}

/// A warning, once for all kinds of consumers that take rows of a table.
pub(super) fn warn(section: &ReaderSection<'_>, key: &str, message: String) {
    let mut finding = section.error(key, message);
    finding.severity = Severity::Warning;
    section.context.report_once(finding);
}
