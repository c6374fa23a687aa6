//! When agents work: `shifts`, `staffing` or `roster`.

use serde_json::{Value as Json, json};

use super::by_day::{ByDay, ByDayForm};
use super::by_interval::{IntervalsOfDay, Resolved};
use super::csv::{self, CsvColumn};
use super::limits;
use super::plan::RunSettings;
use super::reader::compound::{InTable, List, OneOrMore};
use super::reader::forms::{ClockTime, DAY, Duration, TextForm, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::calendar::{Calendar, CalendarDay, Repeated};
use crate::base::time::{Span, Time};
use crate::model::settings::{Roster, Shift};

/// The roster of a group and its number of agents.
pub(super) fn roster(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<(Roster, u32)> {
    let count = section.optional(
        "count",
        Whole::<u32>::between(0, limits::AGENTS as i64),
        "number of agents; if left out, as many as `staffing` or `roster` names, otherwise 1",
    );
    let shifts = section.optional(
        "shifts",
        ByDayForm { form: OneOrMore(ShiftForm), calendar: &run.calendar },
        "when they work, every day, such as [\"08:00-12:00\", \"13:00-17:00\"], or by day; \
         from start to end of the run if left out",
    );
    let staffing = InTable(|section: &mut ReaderSection<'_>| staffing(section, run));
    let staffing = section.optional(
        "staffing",
        staffing,
        "how many work in consecutive intervals of the day, instead of `shifts`",
    );
    let listed = InTable(|section: &mut ReaderSection<'_>| listed(section, run));
    let listed = section.optional(
        "roster",
        listed,
        "the shifts of each agent in a CSV file, instead of `shifts`",
    );
    if !section.one_of(&["shifts", "staffing", "roster"], false) {
        return None;
    }
    if section.has("shifts") {
        let shifts = shifts?;
        section.note_days_outside("shifts", &shifts, run);
        let roster = roster_of(&[shifts], run);
        if let Some((one, other)) = overlap(&roster, 0) {
            let message = format!(
                "contradictory shifts: {} and {} overlap",
                clocks(one, run),
                clocks(other, run)
            );
            section.context.report(section.error("shifts", message));
            return None;
        }
        return Some((roster, count.unwrap_or(1)));
    }
    let mut roster = match (section.has("staffing"), section.has("roster")) {
        (true, _) => staffing?,
        (_, true) => listed?,
        _ => return Some((Roster::Always, count.unwrap_or(1))),
    };
    let agents = roster.lists_mut()?;
    let named = u32::try_from(agents.len()).ok()?;
    let count = count.unwrap_or(named);
    if count < named {
        let message = format!("there are shifts for {named} agents, but `count` is {count}");
        section.context.report(section.error("count", message).help("leave `count` out"));
        return None;
    }
    if count > named {
        agents.push(Vec::new());
    }
    Some((roster, count))
}

/// The shifts of each agent of a run.
fn roster_of(agents: &[ByDay<Vec<ClockShift>>], run: &RunSettings) -> Roster {
    let calendar = &run.calendar;
    if calendar.first_date().is_none() {
        let daily = |shift: &ClockShift| {
            let start = offset(shift.start, calendar);
            Shift { start, end: start + (shift.end - shift.start) }
        };
        let of_agent = |shifts: &ByDay<Vec<ClockShift>>| {
            let shifts = shifts.of_every_day().into_iter().flatten();
            shifts.map(daily).collect()
        };
        return Roster::Daily(agents.iter().map(of_agent).collect());
    }
    // A shift belongs to the day on which it starts; clocks that change make it longer or shorter.
    let on = |day: CalendarDay, shift: &ClockShift| Shift {
        start: calendar.instant(day, shift.start, Repeated::First),
        end: calendar.instant(day, shift.end, Repeated::Second),
    };
    let of_agent = |shifts: &ByDay<Vec<ClockShift>>| {
        let of_day = |day| {
            let shifts = shifts.on(day, calendar).into_iter().flatten();
            Vec::from_iter(shifts.map(|shift| on(day, shift)))
        };
        let over = run.ends_at_most();
        let shifts = calendar.days_until(over).flat_map(of_day);
        shifts.filter(|shift| shift.end > Time::ZERO && shift.start < over).collect()
    };
    Roster::Listed(agents.iter().map(of_agent).collect())
}

/// A shift as a clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ClockShift {
    /// Since midnight of its day.
    start: Span,
    /// Likewise; more than 24 hours if it ends on the next day.
    end: Span,
}

/// `"08:00-12:00"`.
struct ShiftForm;

impl Form for ShiftForm {
    type Value = ClockShift;

    fn read(&self, input: Input<'_>) -> Option<ClockShift> {
        let shift = match &input.node.value {
            Value::Text(text) => text.split_once(['-', '–']).and_then(|(start, end)| {
                clock_shift(ClockTime::of_text(start)?, ClockTime::of_text(end)?)
            }),
            _ => None,
        };
        if shift.is_none() {
            input.refuse(
                "two different clock times, such as \"08:00-12:00\"; \"22:00-06:00\" ends \
                 on the next day",
            );
        }
        shift
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["08:00-12:00", "22:00-06:00"] })
    }
}

/// A shift between two clock times, the second one after the first, if need be on the next day.
fn clock_shift(start: Span, end: Span) -> Option<ClockShift> {
    let end_on_its_day = if end > start { end } else { end + DAY };
    // From 08:00 to 08:00 may mean nothing as well as all day; 00:00 to 24:00 is all day.
    (start != end).then_some(ClockShift { start, end: end_on_its_day })
}

/// The first time in the run, or at its start, that the clock shows `clock`.
pub(super) fn offset(clock: Span, calendar: &Calendar) -> Time {
    Time::from_micros((clock - calendar.starts_at()).as_micros().rem_euclid(DAY.as_micros()))
}

/// Agent i works in the intervals with more than i agents.
fn staffing(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Roster> {
    let from = section.required("from", ClockTime, "clock time at which the first interval begins");
    let every = section.value(
        "every",
        Duration::between(Span::from_mins(1), DAY),
        "1h",
        "length of an interval",
    );
    let agents = section.required(
        "agents",
        ByDayForm { form: List(Whole::<u32>::between(0, 100_000)), calendar: &run.calendar },
        "agents at work in each interval, such as [4, 6, 8]; or such lists by day",
    );
    let (from, agents) = (from?, agents?);
    section.note_days_outside("agents", &agents, run);
    let is_day = |list: &Vec<u32>| every * list.len() as i64 <= DAY;
    let has_intervals = agents.of_every_day().is_none_or(|list| !list.is_empty());
    if !has_intervals || !agents.values().all(is_day) {
        let most = agents.values().map(Vec::len).max().unwrap_or(0);
        let message = format!("{most} intervals of {every} do not make a day");
        section.context.report(
            section
                .error("agents", message)
                .allowed("at least one interval, at most 24 hours together"),
        );
        return None;
    }
    if let (Some(agents), None) = (agents.of_every_day(), run.calendar.first_date()) {
        let start = offset(from, &run.calendar);
        let counts = agents.iter().map(|count| Some(f64::from(*count)));
        return Some(Roster::Daily(shifts_of_counts(start, every, &Vec::from_iter(counts))));
    }
    let values = agents.map(|counts| counts.iter().copied().map(f64::from).collect());
    let intervals = IntervalsOfDay { from, every, values: &values, once: false };
    let Some(Resolved { step, values }) = intervals.resolve(run, run.ends_at_most()) else {
        let message = "the intervals and the run begin so far apart from each other that there would \
                       be too many of them";
        section.context.report(section.error("agents", message));
        return None;
    };
    Some(Roster::Listed(shifts_of_counts(Time::ZERO, step, &values)))
}

/// Shifts with which as many agents are at work in each interval.
fn shifts_of_counts(start: Time, every: Span, counts: &[Option<f64>]) -> Vec<Vec<Shift>> {
    let most = counts.iter().flatten().copied().fold(0.0, f64::max) as u32;
    let works = |agent: u32| {
        let mut shifts: Vec<Shift> = Vec::new();
        let on = counts.iter().enumerate();
        let on = on.filter(|(_, count)| count.is_some_and(|count| count > f64::from(agent)));
        for (number, _) in on {
            let start = start + every * number as i64;
            match shifts.last_mut() {
                Some(last) if last.end == start => last.end = start + every,
                _ => shifts.push(Shift { start, end: start + every }),
            }
        }
        shifts
    };
    (0..most).map(works).collect()
}

fn listed(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Roster> {
    let table = section.required(
        "csv",
        csv::SideFile,
        "CSV file with one shift a row, relative to the scenario",
    );
    let agent = section.value("agent", TextForm, "agent", "column with the agent's name");
    let start = section.value(
        "start",
        TextForm,
        "start",
        "column with the clock time at which the shift starts",
    );
    let end = section.value("end", TextForm, "end", "column with the clock time at which it ends");
    let (table, context) = (table?, section.context);
    let names =
        table.read(context, CsvColumn::Named(agent), || section.error("agent", ""), csv::word);
    let starts =
        table.read(context, CsvColumn::Named(start), || section.error("start", ""), csv::clock);
    let ends = table.read(context, CsvColumn::Named(end), || section.error("end", ""), csv::clock);
    let (names, starts, ends) = (names?, starts?, ends?);
    let mut known: Vec<&str> = Vec::new();
    let mut agents: Vec<Vec<ClockShift>> = Vec::new();
    let mut positions = std::collections::BTreeMap::new();
    for (name, (start, end)) in names.iter().zip(starts.into_iter().zip(ends)) {
        let agent = *positions.entry(name.as_str()).or_insert_with(|| {
            known.push(name);
            agents.push(Vec::new());
            agents.len() - 1
        });
        match clock_shift(start, end) {
            Some(shift) => agents[agent].push(shift),
            None => {
                let message = format!("a shift of `{name}` starts and ends at the same time");
                section.context.report(section.error("csv", message));
            }
        }
    }
    let sorted = |mut shifts: Vec<ClockShift>| {
        shifts.sort_by_key(|shift| offset(shift.start, &run.calendar));
        ByDay::daily(shifts)
    };
    let roster = roster_of(&Vec::from_iter(agents.into_iter().map(sorted)), run);
    for (agent, name) in known.iter().enumerate() {
        if let Some((one, other)) = overlap(&roster, agent) {
            let message = format!(
                "contradictory shifts of `{name}`: {} and {} overlap",
                clocks(one, run),
                clocks(other, run)
            );
            section.context.report(section.error("csv", message));
        }
    }
    Some(roster)
}

/// Two shifts of an agent that are at work at one instant.
fn overlap(roster: &Roster, agent: usize) -> Option<(Shift, Shift)> {
    let mut sorted = roster.lists()?.get(agent)?.clone();
    sorted.sort_by_key(|shift| shift.start);
    let again = sorted.first().filter(|_| roster.is_daily());
    let next_day = again.map(|first| Shift { start: first.start + DAY, end: first.end + DAY });
    let pairs = sorted.iter().zip(sorted.iter().skip(1).chain(next_day.as_ref()));
    pairs.map(|(one, other)| (*one, *other)).find(|(one, other)| one.end > other.start)
}

fn clocks(shift: Shift, run: &RunSettings) -> String {
    let clock = |time: Time| {
        let seconds = run.calendar.reading(time).clock.as_micros() / 1_000_000;
        format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
    };
    let date = run.calendar.reading(shift.start).day.date;
    let date = date.map(|date| format!("{date} ")).unwrap_or_default();
    format!("{date}{}-{}", clock(shift.start), clock(shift.end))
}
