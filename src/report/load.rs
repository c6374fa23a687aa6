//! What `check` shows: the load that a scenario brings and the staffing that meets it.

use std::fmt::Write as _;

use crate::base::calendar::Calendar;
use crate::base::ids::SkillId;
use crate::base::time::{Span, Time};
use crate::scenario::estimate::Interval;
use crate::scenario::required::required_for_skill;
use crate::scenario::skill_load::skill_loads;
use crate::scenario::{Plan, Scenario, Variant, estimate, limits};

use super::format::{clock_of_day, nothing, number, percent};
use super::load_by_day::LoadByDay;
use super::load_cells::{interval_hours, share, tenth};
use super::table::{ReportCell, ReportColumn, ReportTable, labelled};
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
    for derivation in &scenario.derivations {
        let _ = writeln!(text, "\n{}", wrapped(derivation, 0));
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
    let days = LoadByDay::of(plan, &estimate.intervals);
    if days.fits() {
        text.push_str(&days.totals().text());
        let _ = writeln!(text, "\nWork per staff:\n{}", days.grid(plan.measure.interval).text());
    } else {
        let shown = LoadRows::fitting(plan, &estimate.intervals);
        if shown.length > plan.measure.interval {
            let _ = writeln!(text, "Each row is {}:", shown.length);
        }
        text.push_str(&shown.table().text());
    }
    let total = format!(
        "{} conversations, {} replies; work / staff {}",
        whole(estimate.conversations),
        whole(estimate.replies),
        estimate.utilisation().map_or_else(nothing, percent)
    );
    let _ = writeln!(text, "{}", wrapped(&total, 2));
    skills(text, plan, &days);
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
        Self { length, calendar, hours: interval_hours(plan), rows }
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

    /// Columns that fill a line; a date takes more room than a clock time.
    fn table(&self) -> ReportTable {
        let (width, others) =
            if self.calendar.first_date().is_some() { (20, 10) } else { (14, 11) };
        let columns = HEADS.map(|head| ReportColumn::new(head).right(others));
        let first = std::iter::once(ReportColumn::new("from").left(width));
        let mut table = ReportTable::of("", first.chain(columns));
        for row in &self.rows {
            let sum = |of: fn(&Interval) -> f64| row.iter().map(of).sum::<f64>();
            let (work, staff, slots) = (sum(|it| it.work), sum(|it| it.staff), sum(|it| it.slots));
            let cells = [
                tenth(sum(|it| it.arrivals)),
                tenth(work * self.hours),
                tenth(staff * self.hours),
                share((staff > 0.0).then(|| work / staff)),
                tenth(sum(|it| it.open) / row.len() as f64),
                share((slots > 0.0).then(|| sum(|it| it.taken) / slots)),
            ];
            table.push(None, labelled(clock_of_day(self.calendar, self.start(row)), cells));
        }
        table
    }
}

/// Work against the agents who have each skill, hand-overs and repeat contacts included.
fn skills(text: &mut String, plan: &Plan, days: &LoadByDay<'_>) {
    let names = &plan.centre.skills;
    if names.len() < 2 {
        return;
    }
    let loads = skill_loads(plan);
    let columns = SKILL_HEADS.map(|head| ReportColumn::new(head).right(12));
    let first = std::iter::once(ReportColumn::new("skill").left(20));
    let mut table = ReportTable::of("", first.chain(columns));
    for ((skill, name), load) in (0..).map(SkillId).zip(names).zip(&loads) {
        let required = required_for_skill(plan, skill, load).into_iter();
        let required = required.sum::<Option<u32>>().map(f64::from);
        let hours = interval_hours(plan);
        let all = hours * load.intervals.len() as f64;
        let cells = [
            tenth(load.work()),
            tenth(load.staff()),
            share(load.utilisation()),
            tenth(load.staff() * all),
            required.map_or(ReportCell::Nothing, |agents| tenth(agents * hours)),
        ];
        table.push(None, labelled(name.clone(), cells));
    }
    let _ = write!(text, "\n{}", table.text());
    if days.fits() {
        let _ = write!(text, "\n{}", days.by_skill(names, &loads).text());
    }
    let _ = write!(text, "\n{}\n", wrapped(REQUIRED, 0));
}

/// An amount without decimals; what is above 0 does not look like 0.
fn whole(value: f64) -> String {
    match libm::round(value) {
        0.0 if value > 0.0 => "< 1".to_owned(),
        whole => number(whole),
    }
}

const DAY: Span = Span::from_hours(24);
const HEADS: [&str; 6] = ["offered", "work h", "staffed h", "work/staff", "open", "slot use"];
const SKILL_HEADS: [&str; 5] = ["agents busy", "agents", "work/staff", "staffed h", "required h"];
/// Rows of a table, at most.
const ROWS: usize = 96;
/// Hours that rows are of where intervals are too many: so that days and weeks begin with a row.
const STRETCHES: [i64; 11] = [1, 2, 3, 4, 6, 8, 12, 24, 168, 672, 8736];
pub(super) const REMARK: &str = "Work is counted where it arrives; absences, abandonment and unassignments are left out. Above 100 % a backlog grows.";
pub(super) const REQUIRED: &str = "Required: hours of agents that Erlang's formula asks for, interval by interval, if those who have a skill did nothing else; a dash where no number of them serves enough in time.";
