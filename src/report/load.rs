//! What `check` shows: the load that a scenario brings and the staffing that meets it.

use std::fmt::Write as _;

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::scenario::estimate::Interval;
use crate::scenario::skill_load::skill_loads;
use crate::scenario::{Plan, Scenario, Variant, estimate, limits};

use super::format::{clock_of_day, day_name, nothing, number, percent};
use super::table::{ReportCell, ReportColumn, ReportTable};
use super::terminal::{WIDTH, cut, wrapped};

/// Load against staffing of each variant, interval by interval.
pub fn load(scenario: &Scenario, variants: &[Variant]) -> String {
    let mut text = format!("{}: valid\n", cut(&scenario.name, WIDTH - 8));
    if !scenario.question.is_empty() {
        let _ = writeln!(text, "{}", wrapped(&scenario.question, 0));
    }
    for table in &scenario.tables {
        let lines = table.lines();
        let (first, others) =
            lines.split_first().map_or(("", &[][..]), |(first, others)| (first.as_str(), others));
        let _ = writeln!(text, "\n{}", wrapped(first, 0));
        others.iter().for_each(|line| {
            let _ = writeln!(text, "{}", wrapped(line, 2));
        });
    }
    let mut shown: Vec<&Variant> = Vec::new();
    for variant in variants {
        let twin = shown
            .iter()
            .find(|other| estimate(&other.plan).intervals == estimate(&variant.plan).intervals);
        if let Some(twin) = twin {
            let line = format!("{}: as {}", variant.name, twin.name);
            let _ = write!(text, "\n{}\n", cut(&line, WIDTH));
            continue;
        }
        table(&mut text, variant);
        shown.push(variant);
    }
    let _ = write!(text, "\n{}\n", wrapped(REMARK, 0));
    text
}

fn table(text: &mut String, variant: &Variant) {
    let plan = &variant.plan;
    let estimate = estimate(plan);
    let _ = write!(text, "\n{}\n", cut(&variant.name, WIDTH));
    let days = LoadRows::of(plan, &estimate.intervals, DAY);
    let shown = LoadRows::fitting(plan, &estimate.intervals);
    let is_in_days = (2..=ROWS).contains(&days.rows.len());
    if is_in_days && shown.length > plan.measure.interval {
        text.push_str(&days.by_day().text());
        let _ = write!(text, "\nEach row is {}:\n", shown.length);
    } else if shown.length > plan.measure.interval {
        let _ = writeln!(text, "Each row is {}:", shown.length);
    }
    text.push_str(&shown.table().text());
    let total = format!(
        "{} conversations, {} replies; work / staff {}",
        whole(estimate.conversations),
        whole(estimate.replies),
        estimate.utilisation().map_or_else(nothing, percent)
    );
    let _ = writeln!(text, "{}", wrapped(&total, 2));
    skills(text, variant);
}

/// The intervals of a run, taken together to stretches of the clock that are equally long.
struct LoadRows<'a> {
    length: Span,
    calendar: &'a Calendar,
    /// Hours of an interval.
    hours: f64,
    rows: Vec<&'a [Interval]>,
}

impl<'a> LoadRows<'a> {
    fn of(plan: &'a Plan, intervals: &'a [Interval], length: Span) -> Self {
        let calendar = &plan.run.calendar;
        let stretch = |interval: &Interval| {
            let reading = calendar.reading(interval.start);
            let clock = DAY * reading.day.number + reading.clock;
            clock.as_micros().div_euclid(length.as_micros())
        };
        let rows = intervals.chunk_by(|one, next| stretch(one) == stretch(next)).collect();
        Self { length, calendar, hours: plan.measure.interval.as_secs_f64() / 3600.0, rows }
    }

    /// As short as a terminal can be asked to show.
    fn fitting(plan: &'a Plan, intervals: &'a [Interval]) -> Self {
        let interval = plan.measure.interval;
        let longer = STRETCHES.into_iter().map(Span::from_hours).filter(|it| *it > interval);
        let mut rows =
            std::iter::once(interval).chain(longer).map(|it| Self::of(plan, intervals, it));
        rows.find(|rows| rows.rows.len() <= ROWS)
            .unwrap_or_else(|| Self::of(plan, intervals, limits::HORIZON))
    }

    fn start(&self, row: &[Interval]) -> Time {
        row.first().map_or(Time::ZERO, |first| first.start)
    }

    /// Offered, hours of work and staff, and these against each other.
    fn load(&self, row: &[Interval]) -> [ReportCell; 4] {
        let sum = |of: fn(&Interval) -> f64| row.iter().map(of).sum::<f64>();
        let (work, staff) = (sum(|it| it.work), sum(|it| it.staff));
        [
            tenth(sum(|it| it.arrivals)),
            tenth(work * self.hours),
            tenth(staff * self.hours),
            share((staff > 0.0).then(|| work / staff)),
        ]
    }

    /// Columns that fill a line; a date takes more room than a clock time.
    fn load_table(&self, first: &str, heads: [&str; 6]) -> ReportTable {
        let (width, others) =
            if self.calendar.first_date().is_some() { (20, 10) } else { (14, 11) };
        let columns = heads.map(|head| ReportColumn::new(head).right(others));
        ReportTable::of("", std::iter::once(ReportColumn::new(first).left(width)).chain(columns))
    }

    fn table(&self) -> ReportTable {
        let mut table = self.load_table("from", HEADINGS);
        for row in &self.rows {
            let sum = |of: fn(&Interval) -> f64| row.iter().map(of).sum::<f64>();
            let slots = sum(|it| it.slots);
            let mut cells = vec![ReportCell::word(clock_of_day(self.calendar, self.start(row)))];
            cells.extend(self.load(row));
            cells.push(tenth(sum(|it| it.open) / row.len() as f64));
            cells.push(share((slots > 0.0).then(|| sum(|it| it.taken) / slots)));
            table.push(None, cells);
        }
        table
    }

    /// Of rows that are days: each with the interval in which there is most work for the staff.
    fn by_day(&self) -> ReportTable {
        let mut table = self.load_table("", DAY_HEADINGS);
        for row in &self.rows {
            let load = |interval: &&Interval| interval.utilisation().unwrap_or(f64::NEG_INFINITY);
            // The first of those that are alike.
            let peak = row.iter().rev().max_by(|one, other| load(one).total_cmp(&load(other)));
            let peak = peak.filter(|peak| peak.staff > 0.0 && peak.work > 0.0);
            let day = self.calendar.reading(self.start(row)).day;
            let mut cells = vec![ReportCell::word(day_name(day))];
            cells.extend(self.load(row));
            cells.push(share(peak.and_then(Interval::utilisation)));
            cells.push(peak.map_or(ReportCell::Nothing, |peak| {
                ReportCell::Clock(self.calendar.reading(peak.start).clock)
            }));
            table.push(None, cells);
        }
        table
    }
}

/// Work against the agents who have each skill, hand-overs and repeat contacts included.
fn skills(text: &mut String, variant: &Variant) {
    let names = &variant.plan.centre.skills;
    if names.len() < 2 {
        return;
    }
    let columns = [
        ReportColumn::new("skill").left(30),
        ReportColumn::new("agents busy").right(14),
        ReportColumn::new("agents").right(11),
        ReportColumn::new("work/staff").right(11),
    ];
    let mut table = ReportTable::of("", columns);
    for (name, load) in names.iter().zip(skill_loads(&variant.plan)) {
        let (work, staff) = (tenth(load.work), tenth(load.staff));
        table.push(None, vec![name.clone().into(), work, staff, share(load.utilisation())]);
    }
    let _ = write!(text, "\n{}", table.text());
}

/// An amount to a tenth; what is above 0 does not look like 0.
fn tenth(value: f64) -> ReportCell {
    match libm::round(value * 10.0) / 10.0 {
        0.0 if value > 0.0 => "< 0.1".into(),
        tenths if tenths.fract() != 0.0 && tenths < 100.0 => format!("{tenths:.1}").into(),
        tenths => ReportCell::amount(tenths),
    }
}

/// A share to a tenth of a percent, likewise.
fn share(value: Option<f64>) -> ReportCell {
    match value {
        Some(value) if value > 0.0 && value < 0.0005 => "< 0.1 %".into(),
        value => ReportCell::share(value),
    }
}

/// An amount without decimals, likewise.
fn whole(value: f64) -> String {
    match libm::round(value) {
        0.0 if value > 0.0 => "< 1".to_owned(),
        whole => number(whole),
    }
}

const HEADINGS: [&str; 6] = ["offered", "work h", "staffed h", "work/staff", "open", "slot use"];
const DAY_HEADINGS: [&str; 6] = ["offered", "work h", "staffed h", "work/staff", "at most", "from"];
const DAY: Span = Span::from_hours(24);
/// Rows of a table, at most.
const ROWS: usize = 96;
/// Hours that rows are of where intervals are too many: so that days and weeks begin with a row.
const STRETCHES: [i64; 11] = [1, 2, 3, 4, 6, 8, 12, 24, 168, 672, 8736];
const REMARK: &str = "Work is counted where it arrives; absences, abandonment and unassignments are left out. Above 100 % a backlog grows.";
