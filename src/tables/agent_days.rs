//! What rows say of an agent → its shifts and breaks, day by day.

use std::collections::BTreeMap;

use super::activities::ActivityKind;
use super::cells::Place;
use super::day_time::{DayTime, PlannedDay};
use super::finding::TableFinding;
use super::normal_forms::{AgentDay, BreakKind, PlannedBreak, PlannedStretch, TableAgent};

/// What a row says of an agent.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) day: PlannedDay,
    pub(super) activity: ActivityKind,
    /// None of a whole day off.
    pub(super) stretch: Option<PlannedStretch>,
    pub(super) place: Place,
}

/// An agent whose days are still to be made.
pub(super) struct AgentEntries {
    pub(super) agent: TableAgent,
    pub(super) entries: Vec<Entry>,
}

impl AgentDay {
    /// Hours on shift without breaks.
    pub(super) fn hours_at_work(&self) -> f64 {
        let hours = |stretch: &PlannedStretch| {
            f64::from(stretch.end.seconds() - stretch.start.seconds()) / 3600.0
        };
        let present: f64 = self.presence.iter().map(hours).sum();
        present - self.breaks.iter().map(|it| hours(&it.stretch)).sum::<f64>()
    }
}

/// The days of an agent. Activities that follow each other are one shift.
pub(super) fn days_of(name: &str, entries: Vec<Entry>) -> Result<Vec<AgentDay>, Box<TableFinding>> {
    let mut by_day = BTreeMap::<PlannedDay, Vec<Entry>>::new();
    for entry in entries {
        by_day.entry(entry.day).or_default().push(entry);
    }
    let mut ranges = Vec::<PlannedDay>::new();
    for (day, entries) in &by_day {
        if let Some(other) = ranges.iter().find(|other| other.contradicts(*day)) {
            let message = format!("{other} and {day} of `{name}` overlap");
            return Err(Box::new(TableFinding::error(message).at(&entries[0].place)));
        }
        ranges.push(*day);
    }
    let days = by_day.into_iter().map(|(day, entries)| day_of(name, day, entries));
    Ok(joined_at_midnight(days.collect::<Result<Vec<_>, _>>()?))
}

fn day_of(
    name: &str,
    day: PlannedDay,
    mut entries: Vec<Entry>,
) -> Result<AgentDay, Box<TableFinding>> {
    entries.sort_by_key(|entry| entry.stretch.map(|stretch| (stretch.start, stretch.end)));
    refuse_overlaps(name, &entries)?;
    let mut presence = Vec::<PlannedStretch>::new();
    let mut breaks = Vec::new();
    for Entry { activity, stretch, .. } in &entries {
        let Some(stretch) = *stretch else { continue };
        if *activity == ActivityKind::Absent {
            continue;
        }
        if let ActivityKind::Break(kind) = *activity {
            breaks.push(PlannedBreak { stretch, kind });
        }
        match presence.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => presence.push(stretch),
        }
    }
    for stretch in &presence {
        let within = |entry: &&Entry| {
            entry.stretch.is_some_and(|it| it.start >= stretch.start && it.end <= stretch.end)
        };
        let works = |entry: &Entry| {
            !matches!(
                entry.activity,
                ActivityKind::Absent | ActivityKind::Break(BreakKind::Break | BreakKind::Lunch)
            )
        };
        if !entries.iter().filter(within).any(works)
            && let Some(first) = entries.iter().find(within)
        {
            let message = format!("a break of `{name}` outside of any shift");
            return Err(Box::new(TableFinding::error(message).at(&first.place)));
        }
    }
    let absences = entries.iter().filter(|entry| entry.activity == ActivityKind::Absent);
    for absence in absences.filter_map(|entry| entry.stretch) {
        presence = presence.iter().flat_map(|shift| without(*shift, absence)).collect();
        breaks.retain(|it: &PlannedBreak| {
            it.stretch.end <= absence.start || it.stretch.start >= absence.end
        });
    }
    Ok(AgentDay { day, presence, breaks })
}

/// What an absence leaves of a shift.
fn without(shift: PlannedStretch, absence: PlannedStretch) -> impl Iterator<Item = PlannedStretch> {
    let before = PlannedStretch { end: shift.end.min(absence.start), ..shift };
    let after = PlannedStretch { start: shift.start.max(absence.end), ..shift };
    [before, after].into_iter().filter(|rest| rest.start < rest.end)
}

/// Two rows of work, or two breaks, at one time, or work on a day off.
fn refuse_overlaps(name: &str, entries: &[Entry]) -> Result<(), Box<TableFinding>> {
    let off = entries.iter().find(|entry| entry.stretch.is_none());
    let works = |entry: &&Entry| entry.activity == ActivityKind::Work;
    if let (Some(off), Some(work)) = (off, entries.iter().find(works)) {
        let message = format!("a shift of `{name}` on a day off, {}", off.place);
        return Err(Box::new(TableFinding::error(message).at(&work.place)));
    }
    for is_work in [true, false] {
        let of_kind = |entry: &&Entry| match entry.activity {
            ActivityKind::Work => is_work,
            ActivityKind::Break(_) => !is_work,
            ActivityKind::Absent => false,
        };
        let alike = Vec::from_iter(entries.iter().filter(of_kind));
        for pair in alike.windows(2) {
            let [first, second] = pair else { continue };
            let (Some(one), Some(other)) = (first.stretch, second.stretch) else { continue };
            if other.start < one.end {
                let noun = if is_work { "shifts" } else { "breaks" };
                let message = format!(
                    "contradictory {noun} of `{name}`: {}-{} and {}-{} overlap",
                    one.start, one.end, other.start, other.end
                );
                return Err(Box::new(TableFinding::error(message).at(&second.place)));
            }
        }
    }
    Ok(())
}

/// A shift to midnight and one from it on the next date are one.
fn joined_at_midnight(mut days: Vec<AgentDay>) -> Vec<AgentDay> {
    for position in 1..days.len() {
        let (before, after) = days.split_at_mut(position);
        let (Some(evening), Some(morning)) = (before.last_mut(), after.first_mut()) else {
            continue;
        };
        let next = evening.day.date().and_then(|date| date.tomorrow().ok());
        let is_next = next.is_some() && next == morning.day.date();
        let ends = evening.presence.last().is_some_and(|it| it.end == DayTime::DAY_END);
        let begins = morning.presence.first().is_some_and(|it| it.start == DayTime::MIDNIGHT);
        if !(is_next && ends && begins) {
            continue;
        }
        let moved = morning.presence.remove(0);
        let day = DayTime::DAY_END.seconds();
        if let Some(last) = evening.presence.last_mut() {
            last.end = moved.end.plus(day);
        }
        let is_moved = |it: &PlannedBreak| it.stretch.end <= moved.end;
        for mut own in morning.breaks.extract_if(.., |it| is_moved(it)) {
            own.stretch.start = own.stretch.start.plus(day);
            own.stretch.end = own.stretch.end.plus(day);
            evening.breaks.push(own);
        }
    }
    days
}
