//! When agents work: `shifts`, `staffing` or `roster`.

use serde_json::{Value as Json, json};

use super::absence_table::{DatedAbsence, absences, take_away};
use super::by_day::{ByDay, ByDayForm};
use super::by_interval::{IntervalsOfDay, RepeatedValue, Resolved};
use super::clock_shifts::{ClockShift, clock_shift, clocks, offset, overlap, roster_of};
use super::limits;
use super::plan::RunSettings;
use super::reader::compound::{InTable, List, OneOrMore};
use super::reader::forms::{ClockTime, DAY, Duration, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use super::roster_table::{ListedAgents, ListedBreaks, roster_table};
use super::table_file::{TableFileForm, table_options};
use super::volume_table::{AskedTable, ClockedRates, table_staffing};
use crate::base::time::{Span, Time};
use crate::model::settings::{NamedAgent, Roster, Shift};

/// The agents of a group: how many, when they work, and what a table says of each.
pub(super) struct GroupStaff {
    pub(super) count: u32,
    pub(super) roster: Roster,
    pub(super) named: Vec<NamedAgent>,
    pub(super) breaks: Vec<ListedBreaks>,
}

impl GroupStaff {
    fn without_names(roster: Roster, count: u32) -> Self {
        Self { count, roster, named: Vec::new(), breaks: Vec::new() }
    }
}

/// The roster of a group and its number of agents.
pub(super) fn roster(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<GroupStaff> {
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
    let group = section.name().to_owned();
    let names = names_of_group(section, &group);
    let staffing = InTable(|section: &mut ReaderSection<'_>| staffing(section, run, &names));
    let staffing = section.optional(
        "staffing",
        staffing,
        "how many work in consecutive intervals of the day, instead of `shifts`",
    );
    let listed = InTable(|section: &mut ReaderSection<'_>| roster_table(section, run, &group));
    let listed = section.optional(
        "roster",
        listed,
        "the agents and their shifts in a CSV file or workbook, instead of `shifts`",
    );
    let absent = absent(section, run);
    if !section.one_of(&["shifts", "staffing", "roster"], false) {
        return None;
    }
    let listed = without_absent(section, run, listed, absent?)?;
    if section.has("shifts") {
        return alike(section, run, &shifts?, count.unwrap_or(1));
    }
    let mut staff = match (section.has("staffing"), section.has("roster")) {
        (true, _) => GroupStaff::without_names(staffing?, 0),
        (_, true) => {
            let ListedAgents { roster, named, breaks } = listed?;
            GroupStaff { count: 0, roster, named, breaks }
        }
        _ => return Some(GroupStaff::without_names(Roster::Always, count.unwrap_or(1))),
    };
    let agents = staff.roster.lists_mut()?;
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
    staff.count = count;
    Some(staff)
}

/// Agents who all have the same shifts.
fn alike(
    section: &ReaderSection<'_>,
    run: &RunSettings,
    shifts: &ByDay<Vec<ClockShift>>,
    count: u32,
) -> Option<GroupStaff> {
    section.note_days_outside("shifts", shifts, run);
    let roster = roster_of(std::slice::from_ref(shifts), run);
    if let Some((one, other)) = overlap(&roster, 0) {
        let message = format!(
            "contradictory shifts: {} and {} overlap",
            clocks(one, run),
            clocks(other, run)
        );
        section.context.report(section.error("shifts", message));
        return None;
    }
    Some(GroupStaff::without_names(roster, count))
}

/// `absences`; none if there are none.
fn absent(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Vec<DatedAbsence>> {
    let form = InTable(|section: &mut ReaderSection<'_>| absences(section, run));
    let absent = section.optional(
        "absences",
        form,
        "who of the roster is not there, in a CSV file or workbook of its own",
    );
    if section.has("absences") { absent } else { Some(Vec::new()) }
}

/// The agents of a roster without what takes them away.
fn without_absent(
    section: &ReaderSection<'_>,
    run: &RunSettings,
    mut listed: Option<ListedAgents>,
    absent: Vec<DatedAbsence>,
) -> Option<Option<ListedAgents>> {
    if section.has("absences") && !section.has("roster") {
        let message = "absences are those of agents with names, in a `roster`";
        section.context.report(section.error("absences", message));
        return None;
    }
    if let Some(listed) = listed.as_mut().filter(|_| section.has("absences")) {
        take_away(section, run, &absent, listed);
    }
    Some(listed)
}

/// What a table of staffing may call a group: its only skill, or its name.
fn names_of_group(section: &ReaderSection<'_>, group: &str) -> Vec<String> {
    let context = section.context;
    let position = context.groups.iter().position(|known| known == group);
    let skills = position.and_then(|position| context.group_skills.get(position));
    let only = match skills.map(Vec::as_slice) {
        Some([only]) => context.skills.get(usize::from(only.0)).cloned(),
        _ => None,
    };
    only.into_iter().chain([group.to_owned()]).collect()
}

/// `"08:00-12:00"`.
pub(super) struct ShiftForm;

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

/// Agent i works in the intervals with more than i agents.
fn staffing(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
    names: &[String],
) -> Option<Roster> {
    let options = table_options(section);
    let table = section.optional(
        "table",
        TableFileForm { options: &options },
        "CSV file or workbook with the agents at work by clock time and day, instead of `agents`",
    );
    let from = section.optional("from", ClockTime, "clock time at which the first interval begins");
    let every = section.value(
        "every",
        Duration::between(Span::from_mins(1), DAY),
        "1h",
        "length of an interval",
    );
    let agents = section.optional(
        "agents",
        ByDayForm { form: List(Whole::<u32>::between(0, 100_000)), calendar: &run.calendar },
        "agents at work in each interval, such as [4, 6, 8]; or such lists by day",
    );
    if !section.one_of(&["agents", "table"], true) {
        return None;
    }
    if section.has("table") {
        for own in ["from", "every"] {
            if section.has(own) {
                let message = format!("`{own}` is what the table says itself by its clock");
                section.context.report(section.error(own, message).help("leave it out"));
            }
        }
        let sheet = table?;
        let table = AskedTable { key: "table", sheet: &sheet, options: &options };
        let ClockedRates { values, again, every, .. } = table_staffing(section, table, run, names)?;
        return by_clock(section, run, every, &values, &again);
    }
    if !section.has("from") {
        section.miss("from", "clock time at which the first interval begins");
    }
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
    let intervals = IntervalsOfDay { from, every, values: &values, once: false, again: &[] };
    let Resolved { step, values } =
        intervals.resolve(section, "agents", run, run.ends_at_most())?;
    Some(Roster::Listed(shifts_of_counts(Time::ZERO, step, &values)))
}

/// Shifts of a table whose values are in steps of the clock from midnight on.
fn by_clock(
    section: &ReaderSection<'_>,
    run: &RunSettings,
    every: Span,
    values: &ByDay<Vec<f64>>,
    again: &[RepeatedValue],
) -> Option<Roster> {
    if let (Some(agents), None) = (values.of_every_day(), run.calendar.first_date()) {
        let start = offset(Span::ZERO, &run.calendar);
        let counts = agents.iter().map(|count| Some(*count));
        return Some(Roster::Daily(shifts_of_counts(start, every, &Vec::from_iter(counts))));
    }
    let intervals = IntervalsOfDay { from: Span::ZERO, every, values, once: false, again };
    let Resolved { step, values } = intervals.resolve(section, "table", run, run.ends_at_most())?;
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
