//! `agents.NAME.absences`: who of a roster is not there, from a table of its own.

use std::collections::BTreeMap;

use super::plan::RunSettings;
use super::reader::ReaderSection;
use super::reader::diagnostic::nearest;
use super::roster_table::ListedAgents;
use super::table_days::warn;
use super::table_file::{TableFileForm, table_options};
use crate::base::calendar::Repeated;
use crate::base::time::{Span, Time};
use crate::model::settings::Shift;
use crate::tables::{AbsenceEnd, AbsenceRow, AbsenceTable, DayTime, TableFinding, read_absences};

/// An absence, at the instants of the run.
pub(super) struct DatedAbsence {
    name: String,
    /// From when to when.
    stretch: Shift,
    /// Whether shifts that begin in it are taken whole, as it is of whole days.
    is_of_days: bool,
    reason: String,
}

/// The absences of a table.
pub(super) fn absences(
    section: &mut ReaderSection<'_>,
    run: &RunSettings,
) -> Option<Vec<DatedAbsence>> {
    let options = table_options(section);
    let form = TableFileForm { options: &options };
    let documentation = "CSV file or workbook with a row an absence: name, date, or first and last, with clock \
                         times or not, and a reason";
    let sheet = section.required("table", form, documentation)?;
    let report = |finding: TableFinding| section.report_table("table", &sheet, finding);
    let AbsenceTable { rows, echo, findings } = match read_absences(&sheet, &options) {
        Ok(read) => read,
        Err(findings) => {
            findings.into_iter().for_each(report);
            return None;
        }
    };
    findings.into_iter().for_each(report);
    section.context.note_table(echo);
    if run.calendar.first_date().is_none() {
        let first = rows.iter().map(|row| row.from.date).min();
        let help = first.map_or_else(String::new, |first| format!("set `run.from = \"{first}\"`"));
        report(TableFinding::error("absences have dates, but the run has none").help(help));
        return None;
    }
    Some(rows.iter().filter_map(|row| dated(row, run)).collect())
}

fn dated(row: &AbsenceRow, run: &RunSettings) -> Option<DatedAbsence> {
    let calendar = &run.calendar;
    let at = |end: AbsenceEnd, whole: Span, repeated| {
        let clock =
            end.clock.map_or(whole, |clock: DayTime| Span::from_secs(i64::from(clock.seconds())));
        Some(calendar.instant(calendar.day_of(end.date)?, clock, repeated))
    };
    let start = at(row.from, Span::ZERO, Repeated::First)?;
    let end = at(row.to, Span::from_hours(24), Repeated::Second)?;
    Some(DatedAbsence {
        name: row.name.clone(),
        stretch: Shift { start, end },
        is_of_days: row.from.clock.is_none() && row.to.clock.is_none(),
        reason: row.reason.clone().unwrap_or_else(|| "no reason".to_owned()),
    })
}

/// Takes absences from the shifts of a roster, and says what they took and which took nothing.
pub(super) fn take_away(
    section: &ReaderSection<'_>,
    run: &RunSettings,
    absences: &[DatedAbsence],
    listed: &mut ListedAgents,
) {
    let outcome = taken(run, absences, listed);
    let names = || listed.named.iter().map(|own| own.name.as_str());
    let plural = |count: usize, noun: &str| {
        if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
    };
    if let Some(first) = outcome.unknown.first() {
        let meant = nearest(first, names()).map(|it| format!(" (did you mean `{it}`?)"));
        let message = format!(
            "{} of agents who are not in the roster, the first is `{first}`{}",
            plural(outcome.unknown.len(), "absence"),
            meant.unwrap_or_default()
        );
        warn(section, "absences", message);
    }
    if outcome.outside > 0 {
        let message = format!(
            "{} of {} lie outside of the run",
            outcome.outside,
            plural(absences.len(), "absence")
        );
        warn(section, "absences", message);
    }
    if let Some(first) = outcome.idle.first() {
        let message = format!(
            "{} in which the agent has no shift, the first is that of `{first}`",
            plural(outcome.idle.len(), "absence")
        );
        warn(section, "absences", message);
    }
    if outcome.hours.is_empty() {
        return;
    }
    let hours =
        outcome.hours.iter().map(|(reason, hours)| format!("{reason} {} h", tenths(*hours)));
    let words = format!(
        "Absences of `{}`: {} of agents at work taken away ({})",
        section.name(),
        format_args!("{} h", tenths(outcome.hours.values().sum())),
        Vec::from_iter(hours).join(", ")
    );
    section.context.note_derivation(words);
}

fn tenths(hours: f64) -> f64 {
    libm::round(hours * 10.0) / 10.0
}

/// What absences came to.
#[derive(Default)]
struct Taken<'a> {
    /// Hours of shifts, by reason.
    hours: BTreeMap<&'a str, f64>,
    /// Names that are not in the roster.
    unknown: Vec<&'a str>,
    /// Of whom in no shift.
    idle: Vec<&'a str>,
    /// How many are outside of the run.
    outside: usize,
}

fn taken<'a>(
    run: &RunSettings,
    absences: &'a [DatedAbsence],
    listed: &mut ListedAgents,
) -> Taken<'a> {
    let mut outcome = Taken::default();
    let folded = |name: &str| name.trim().to_lowercase();
    for absence in absences {
        let DatedAbsence { name, stretch, is_of_days, reason } = absence;
        let known = listed.named.iter().position(|own| folded(&own.name) == folded(name));
        let Some(member) = known else {
            outcome.unknown.push(name);
            continue;
        };
        let shifts = listed.roster.lists_mut().and_then(|agents| agents.get_mut(member));
        let Some(shifts) = shifts else { continue };
        let before = hours(shifts, run.until);
        *shifts = shifts.iter().flat_map(|shift| left_of(*shift, *stretch, *is_of_days)).collect();
        let gone = before - hours(shifts, run.until);
        if gone > 0.0 {
            *outcome.hours.entry(reason).or_default() += gone;
        } else if stretch.end <= Time::ZERO || stretch.start >= run.until {
            outcome.outside += 1;
        } else {
            outcome.idle.push(name);
        }
    }
    outcome
}

/// Hours of the shifts that begin in the run.
fn hours(shifts: &[Shift], until: Time) -> f64 {
    let shifts = shifts.iter().filter(|shift| shift.start < until);
    shifts.map(|shift| (shift.end - shift.start).as_secs_f64() / 3600.0).sum()
}

/// What an absence leaves of a shift: one of whole days takes the shifts that begin on them.
fn left_of(shift: Shift, absent: Shift, is_of_days: bool) -> Vec<Shift> {
    if is_of_days {
        let is_taken = absent.start <= shift.start && shift.start < absent.end;
        return if is_taken { Vec::new() } else { vec![shift] };
    }
    let before = Shift { start: shift.start, end: shift.end.min(absent.start) };
    let after = Shift { start: shift.start.max(absent.end), end: shift.end };
    if absent.end <= shift.start || absent.start >= shift.end {
        return vec![shift];
    }
    [before, after].into_iter().filter(|part| part.start < part.end).collect()
}
