//! The load of a run of several days, as `check` shows it: days that are alike once, each a column of
//! the hours of a day, so that a week fits a screen.

use crate::base::calendar::{Calendar, CalendarDay};
use crate::base::time::Span;
use crate::scenario::Plan;
use crate::scenario::estimate::Interval;
use crate::scenario::skill_load::SkillLoad;

use super::format::day_name;
use super::load_cells::{interval_hours, share, tenth};
use super::table::{ReportCell, ReportColumn, ReportTable, labelled};

/// The days of a run, in its order.
pub(super) struct LoadByDay<'a> {
    calendar: &'a Calendar,
    /// Hours of an interval.
    hours: f64,
    days: Vec<AlikeDays<'a>>,
}

/// A day, and those after it that are like it.
struct AlikeDays<'a> {
    first: CalendarDay,
    last: CalendarDay,
    /// Position of the first interval.
    position: usize,
    /// Of the first day.
    intervals: &'a [Interval],
}

impl<'a> LoadByDay<'a> {
    pub(super) fn of(plan: &'a Plan, intervals: &'a [Interval]) -> Self {
        let calendar = &plan.run.calendar;
        let day = |interval: &Interval| calendar.reading(interval.start).day;
        let mut days: Vec<AlikeDays<'_>> = Vec::new();
        let mut position = 0;
        for intervals in intervals.chunk_by(|one, next| day(one).number == day(next).number) {
            let Some(today) = intervals.first().map(day) else { continue };
            match days.last_mut() {
                Some(before) if are_alike(before.intervals, intervals) => before.last = today,
                _ => days.push(AlikeDays { first: today, last: today, position, intervals }),
            }
            position += intervals.len();
        }
        Self { calendar, hours: interval_hours(plan), days }
    }

    /// Whether there are several, but not too many to look at.
    pub(super) fn fits(&self) -> bool {
        let ends = self.days.first().zip(self.days.last());
        let are_several = ends.is_some_and(|(one, other)| one.first.number < other.last.number);
        are_several && self.days.len() <= MOST_COLUMNS
    }

    /// A row a day, each with the interval in which there is most work for the staff.
    pub(super) fn totals(&self) -> ReportTable {
        let columns = DAY_HEADS.map(|(head, width)| ReportColumn::new(head).right(width));
        let first = std::iter::once(ReportColumn::new("").left(24));
        let mut table = ReportTable::of("", first.chain(columns));
        for day in &self.days {
            let sum = |of: fn(&Interval) -> f64| day.intervals.iter().map(of).sum::<f64>();
            let (work, staff) = (sum(|it| it.work), sum(|it| it.staff));
            let peak = day.peak();
            let clock = |peak: &Interval| self.calendar.reading(peak.start).clock;
            let cells = [
                tenth(sum(|it| it.arrivals)),
                tenth(work * self.hours),
                tenth(staff * self.hours),
                share((staff > 0.0).then(|| work / staff)),
                share(peak.and_then(Interval::utilisation)),
                peak.map_or(ReportCell::Nothing, |peak| ReportCell::Clock(clock(peak))),
            ];
            table.push(None, labelled(day.name(), cells));
        }
        table
    }

    /// Work per staff: a row an hour of the clock, or an interval that is longer, and a column a day.
    pub(super) fn grid(&self, interval: Span) -> ReportTable {
        let row = interval.max(Span::from_hours(1));
        let mut table = self.columns("", 8);
        let mut start = Span::ZERO;
        while start < DAY {
            let within = |interval: &&Interval| {
                let clock = self.calendar.reading(interval.start).clock;
                (start..start + row).contains(&clock)
            };
            let cells = self.days.iter().map(|day| {
                let part = || day.intervals.iter().filter(within);
                of_staff(
                    part().map(|it| it.work).sum(),
                    part().map(|it| it.staff).sum(),
                    part().next(),
                )
            });
            let cells = Vec::from_iter(cells);
            // Nothing to do and nobody there, on all days.
            let is_empty = |cell: &ReportCell| {
                matches!(cell, ReportCell::Nothing) || *cell == ReportCell::from("")
            };
            if !cells.iter().all(is_empty) {
                table.push(None, labelled(ReportCell::Clock(start), cells));
            }
            start += row;
        }
        table
    }

    /// Work per staff of each skill: a row a skill, a column a day.
    pub(super) fn by_skill(&self, names: &[String], loads: &[SkillLoad]) -> ReportTable {
        let mut table = self.columns("work/staff by skill", 20);
        for (name, load) in names.iter().zip(loads) {
            let cells = self.days.iter().map(|day| {
                let of_day = load.intervals.iter().skip(day.position).take(day.intervals.len());
                let work: f64 = of_day.clone().map(|it| it.work).sum();
                of_staff(work, of_day.clone().map(|it| it.staff).sum(), of_day.clone().next())
            });
            let cells = Vec::from_iter(cells);
            table.push(None, labelled(name.clone(), cells));
        }
        table
    }

    fn columns(&self, first: &str, width: usize) -> ReportTable {
        let columns = self.days.iter().map(|day| ReportColumn::new(day.head()).right(10));
        ReportTable::of("", std::iter::once(ReportColumn::new(first).left(width)).chain(columns))
    }
}

impl AlikeDays<'_> {
    /// The first interval in which there is most work for the staff.
    fn peak(&self) -> Option<&Interval> {
        let load = |interval: &&Interval| interval.utilisation().unwrap_or(f64::NEG_INFINITY);
        let peak = self.intervals.iter().rev().max_by(|one, next| load(one).total_cmp(&load(next)));
        peak.filter(|peak| peak.staff > 0.0 && peak.work > 0.0)
    }

    /// `Fri 27 Mar`, `Mon 23 Mar to Thu 26 Mar`, `day 2 to day 5`.
    fn name(&self) -> String {
        let (first, last) = (day_name(self.first), day_name(self.last));
        if self.first.number == self.last.number { first } else { format!("{first} to {last}") }
    }

    /// The same for a narrow column.
    fn head(&self) -> String {
        let short = |day: CalendarDay| match day.date {
            Some(date) => date.strftime("%a %-d").to_string(),
            None => day_name(day),
        };
        let (first, last) = (short(self.first), short(self.last));
        if self.first.number == self.last.number { first } else { format!("{first} – {last}") }
    }
}

/// Work against staff; nothing outside the run.
fn of_staff(work: f64, staff: f64, any: Option<&impl Sized>) -> ReportCell {
    match any {
        None => "".into(),
        Some(_) if staff == 0.0 && work > 0.0 => "no staff".into(),
        Some(_) if staff == 0.0 => ReportCell::Nothing,
        Some(_) => share(Some(work / staff)),
    }
}

/// Whether days bring the same work to the same staff, but for rounding.
fn are_alike(one: &[Interval], other: &[Interval]) -> bool {
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * one.abs().max(1.0);
    let mut pairs = one.iter().zip(other);
    one.len() == other.len()
        && pairs.all(|(one, other)| {
            near(one.arrivals, other.arrivals)
                && near(one.work, other.work)
                && near(one.staff, other.staff)
                && near(one.slots, other.slots)
        })
}

/// With their widths.
const DAY_HEADS: [(&str, usize); 6] = [
    ("offered", 9),
    ("work h", 9),
    ("staffed h", 10),
    ("work/staff", 12),
    ("at most", 9),
    ("from", 7),
];
const DAY: Span = Span::from_hours(24);
const MOST_COLUMNS: usize = 14;
