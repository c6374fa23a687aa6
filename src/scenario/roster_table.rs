//! The shifts of each agent in a CSV file: one a row, every day or on the days that it names.

use std::collections::BTreeMap;

use super::by_day::{ByDay, DayRule};
use super::clock_shifts::{ClockShift, clock_shift, clocks, offset, overlap, roster_of};
use super::csv::{self, CsvCell, CsvColumn, SideFile};
use super::plan::RunSettings;
use super::reader::forms::TextForm;
use super::reader::{ReaderSection, SideTable};
use crate::base::time::Span;
use crate::model::settings::Roster;
use crate::tables::Meaning;

/// `roster`.
pub(super) fn roster_table(section: &mut ReaderSection<'_>, run: &RunSettings) -> Option<Roster> {
    let table = section.required(
        "csv",
        SideFile,
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
    let day = section.optional(
        "day",
        TextForm,
        "column with the date or weekday on which the shift starts; if left out, one called so, or every \
         day",
    );
    let columns = RosterColumns { agent, start, end, day };
    let rows = columns.read(section, &*table?)?;
    if !have_a_calendar(section, &rows, run) {
        return None;
    }
    let mut agents = Vec::new();
    for RosterRow { name, day, start, end } in rows {
        match clock_shift(start, end) {
            Some(shift) => add(&mut agents, name, day, shift),
            None => {
                let message = format!("a shift of `{name}` starts and ends at the same time");
                section.context.report(section.error("csv", message));
            }
        }
    }
    let by_day = |agent: &RosterAgent| {
        let sorted = |(rule, shifts): (&DayRule, &Vec<ClockShift>)| {
            let mut shifts = shifts.clone();
            shifts.sort_by_key(|shift| offset(shift.start, &run.calendar));
            (*rule, shifts)
        };
        ByDay::of_rules(agent.days.iter().map(sorted).collect())
    };
    let shifts = Vec::from_iter(agents.iter().map(by_day));
    shifts.iter().for_each(|shifts| section.note_days_outside("csv", shifts, run));
    let roster = roster_of(&shifts, run);
    refuse_overlaps(section, &agents, &roster, run);
    Some(roster)
}

fn refuse_overlaps(
    section: &ReaderSection<'_>,
    agents: &[RosterAgent],
    roster: &Roster,
    run: &RunSettings,
) {
    for (position, agent) in agents.iter().enumerate() {
        if let Some((one, other)) = overlap(roster, position) {
            let message = format!(
                "contradictory shifts of `{}`: {} and {} overlap",
                agent.name,
                clocks(one, run),
                clocks(other, run)
            );
            section.context.report(section.error("csv", message));
        }
    }
}

/// Headings of a roster.
struct RosterColumns {
    agent: String,
    start: String,
    end: String,
    day: Option<String>,
}

struct RosterRow {
    name: String,
    day: DayRule,
    start: Span,
    end: Span,
}

impl RosterColumns {
    fn read(self, section: &ReaderSection<'_>, table: &SideTable) -> Option<Vec<RosterRow>> {
        let Self { agent, start, end, day } = self;
        let day = day.or_else(|| day_column(table));
        let named = [Some(&agent), Some(&start), Some(&end), day.as_ref()];
        if !reads_what_matters(section, table, &named) {
            return None;
        }
        let context = section.context;
        let column = |name: &str| CsvColumn::Named(name.to_owned());
        let names = table.read(context, column(&agent), || section.error("agent", ""), csv::word);
        let starts = table.read(context, column(&start), || section.error("start", ""), csv::clock);
        let ends = table.read(context, column(&end), || section.error("end", ""), csv::clock);
        let days = match &day {
            Some(day) => table.read(context, column(day), || section.error("day", ""), day_of),
            None => Some(vec![DayRule::Every; table.rows]),
        };
        let rows = names?.into_iter().zip(days?).zip(starts?.into_iter().zip(ends?));
        Some(rows.map(|((name, day), (start, end))| RosterRow { name, day, start, end }).collect())
    }
}

/// An agent, in the order of the file.
struct RosterAgent {
    name: String,
    days: BTreeMap<DayRule, Vec<ClockShift>>,
}

fn add(agents: &mut Vec<RosterAgent>, name: String, day: DayRule, shift: ClockShift) {
    let known = agents.iter().position(|agent| agent.name == name);
    let position = known.unwrap_or_else(|| {
        agents.push(RosterAgent { name, days: BTreeMap::new() });
        agents.len() - 1
    });
    agents[position].days.entry(day).or_default().push(shift);
}

/// The column that is called a date or a weekday.
fn day_column(table: &SideTable) -> Option<String> {
    let is_day =
        |heading: &&String| matches!(Meaning::of(heading), Some(Meaning::Date | Meaning::Weekday));
    let mut columns = table.columns.iter().filter(is_day);
    // With two of them it is for the planner to say which one counts.
    columns.next().filter(|_| columns.next().is_none()).cloned()
}

fn day_of(cell: &str) -> CsvCell<DayRule> {
    let text = cell.to_lowercase();
    let is_weekday = WEEKDAYS.contains(&text.as_str());
    let text = if is_weekday { &text[..3] } else { text.as_str() };
    DayRule::of_text(text).ok_or("a date such as 2026-03-23, a weekday, or a range such as mon-fri")
}

/// Refuses a column that would change what the rows mean.
fn reads_what_matters(
    section: &ReaderSection<'_>,
    table: &SideTable,
    named: &[Option<&String>],
) -> bool {
    let tells = |heading: &str| {
        let words = heading.to_lowercase();
        Meaning::of(heading).is_some() || UNREAD.iter().any(|word| words.contains(word))
    };
    let mut unread = table.columns.iter().filter(|heading| !named.contains(&Some(*heading)));
    let Some(heading) = unread.find(|heading| tells(heading)) else { return true };
    let help = "each row is a shift from its start to its end, of the day in `day`; breaks are given in \
                the scenario, `breaks = { at = \"12:00\", for = \"30m\" }`";
    csv::refuse_column(section, "csv", table, heading, help);
    false
}

/// Refuses days of a run that has none.
fn have_a_calendar(section: &ReaderSection<'_>, rows: &[RosterRow], run: &RunSettings) -> bool {
    let days = || rows.iter().map(|row| row.day);
    let named = days().find(|day| *day != DayRule::Every);
    let Some(day) = named.filter(|_| run.calendar.first_date().is_none()) else { return true };
    let message = "the shifts have days, but the run has no date";
    let first = days().filter_map(|day| match day {
        DayRule::Date(date) => Some(date),
        _ => None,
    });
    let help = match first.min() {
        Some(first) => format!("set `run.from = \"{first}\"` for the first of them"),
        None => format!("set `run.from` to a date, so that days are `{}`", day.written()),
    };
    section.context.report(section.error("csv", message).help(help));
    false
}

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// Words of headings that change what a row means.
const UNREAD: [&str; 8] =
    ["activ", "aktiv", "break", "pause", "absen", "lunch", "duration", "dauer"];
