//! When agents work: `shifts`, `staffing` or `roster`.

use serde_json::{Value as Json, json};

use super::csv::{self, CsvColumn};
use super::limits;
use super::reader::compound::{InTable, List, OneOrMore};
use super::reader::forms::{ClockTime, DAY, Duration, TextForm, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use crate::base::time::{Span, Time};
use crate::model::settings::{Roster, Shift};

/// The roster of a group and its number of agents.
pub(super) fn roster(section: &mut ReaderSection<'_>, starts_at: Span) -> Option<(Roster, u32)> {
    let count = section.optional(
        "count",
        Whole::<u32>::between(0, limits::AGENTS as i64),
        "number of agents; if left out, as many as `staffing` or `roster` names, otherwise 1",
    );
    let shifts = section.optional(
        "shifts",
        OneOrMore(ShiftForm { starts_at }),
        "when they work, every day, such as [\"08:00-12:00\", \"13:00-17:00\"]; \
         from start to end of the run if left out",
    );
    let staffing = InTable(|section: &mut ReaderSection<'_>| staffing(section, starts_at));
    let staffing = section.optional(
        "staffing",
        staffing,
        "how many work in consecutive intervals of the day, instead of `shifts`",
    );
    let listed = InTable(|section: &mut ReaderSection<'_>| listed(section, starts_at));
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
        if let Some((one, other)) = overlap(&shifts) {
            let message = format!(
                "contradictory shifts: {} and {} overlap",
                clocks(one, starts_at),
                clocks(other, starts_at)
            );
            section.context.report(section.error("shifts", message));
            return None;
        }
        return Some((Roster::Daily(vec![shifts]), count.unwrap_or(1)));
    }
    let mut agents = match (section.has("staffing"), section.has("roster")) {
        (true, _) => staffing?,
        (_, true) => listed?,
        _ => return Some((Roster::Always, count.unwrap_or(1))),
    };
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
    Some((Roster::Daily(agents), count))
}

/// `"08:00-12:00"`.
struct ShiftForm {
    starts_at: Span,
}

impl Form for ShiftForm {
    type Value = Shift;

    fn read(&self, input: Input<'_>) -> Option<Shift> {
        let shift = match &input.node.value {
            Value::Text(text) => text.split_once(['-', '–']).and_then(|(start, end)| {
                shift(ClockTime::of_text(start)?, ClockTime::of_text(end)?, self.starts_at)
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
fn shift(start: Span, end: Span, starts_at: Span) -> Option<Shift> {
    let first = offset(start, starts_at);
    let length = if end > start { end - start } else { end + DAY - start };
    // From 08:00 to 08:00 may mean nothing as well as all day; 00:00 to 24:00 is all day.
    (start != end).then_some(Shift { start: first, end: first + length })
}

/// The first time in the run, or at its start, that the clock shows `clock`.
pub(super) fn offset(clock: Span, starts_at: Span) -> Time {
    Time::from_micros((clock - starts_at).as_micros().rem_euclid(DAY.as_micros()))
}

/// Agent i works in the intervals with more than i agents.
fn staffing(section: &mut ReaderSection<'_>, starts_at: Span) -> Option<Vec<Vec<Shift>>> {
    let from = section.required("from", ClockTime, "clock time at which the first interval begins");
    let every = section.value(
        "every",
        Duration::between(Span::from_mins(1), DAY),
        "1h",
        "length of an interval",
    );
    let agents = section.required(
        "agents",
        List(Whole::<u32>::between(0, 100_000)),
        "agents at work in each interval, such as [4, 6, 8]",
    );
    let (from, agents) = (from?, agents?);
    if agents.is_empty() || every * agents.len() as i64 > DAY {
        let message = format!("{} intervals of {every} do not make a day", agents.len());
        section.context.report(
            section
                .error("agents", message)
                .allowed("at least one interval, at most 24 hours together"),
        );
        return None;
    }
    let start = offset(from, starts_at);
    let most = agents.iter().copied().max().unwrap_or(0);
    let works = |agent: u32| {
        let mut shifts: Vec<Shift> = Vec::new();
        for (number, _) in agents.iter().enumerate().filter(|(_, count)| **count > agent) {
            let start = start + every * number as i64;
            match shifts.last_mut() {
                Some(last) if last.end == start => last.end = start + every,
                _ => shifts.push(Shift { start, end: start + every }),
            }
        }
        shifts
    };
    Some((0..most).map(works).collect())
}

fn listed(section: &mut ReaderSection<'_>, starts_at: Span) -> Option<Vec<Vec<Shift>>> {
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
    let mut agents: Vec<Vec<Shift>> = Vec::new();
    let mut positions = std::collections::BTreeMap::new();
    for (name, (start, end)) in names.iter().zip(starts.into_iter().zip(ends)) {
        let agent = *positions.entry(name.as_str()).or_insert_with(|| {
            known.push(name);
            agents.push(Vec::new());
            agents.len() - 1
        });
        match shift(start, end, starts_at) {
            Some(shift) => agents[agent].push(shift),
            None => {
                let message = format!("a shift of `{name}` starts and ends at the same time");
                section.context.report(section.error("csv", message));
            }
        }
    }
    for (shifts, name) in agents.iter_mut().zip(known) {
        shifts.sort_by_key(|shift| shift.start);
        if let Some((one, other)) = overlap(shifts) {
            let message = format!(
                "contradictory shifts of `{name}`: {} and {} overlap",
                clocks(one, starts_at),
                clocks(other, starts_at)
            );
            section.context.report(section.error("csv", message));
        }
    }
    Some(agents)
}

/// Two shifts that are at work at one instant of the day.
fn overlap(shifts: &[Shift]) -> Option<(Shift, Shift)> {
    let mut sorted = shifts.to_vec();
    sorted.sort_by_key(|shift| shift.start);
    let next_day =
        sorted.first().map(|first| Shift { start: first.start + DAY, end: first.end + DAY });
    let pairs = sorted.iter().zip(sorted.iter().skip(1).chain(next_day.as_ref()));
    pairs.map(|(one, other)| (*one, *other)).find(|(one, other)| one.end > other.start)
}

fn clocks(shift: Shift, starts_at: Span) -> String {
    let clock = |time: Time| {
        let seconds =
            (time.since_start() + starts_at).as_micros().rem_euclid(DAY.as_micros()) / 1_000_000;
        format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
    };
    format!("{}-{}", clock(shift.start), clock(shift.end))
}
