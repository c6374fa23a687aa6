//! The agents of a draft.

use super::draft_kinds::{DraftKind, USUAL_CONTACTS};
use super::draft_span::CONSECUTIVE;
use super::draft_tables::{DraftSource, DraftTables, TablePlace};
use super::known_values::{KnownValues, conversation_seconds};
use super::toml_text::FreeKeys;
use crate::tables::{IntervalTable, ShiftTable, VolumeRow};

/// `[agents.NAME]`.
pub(super) struct DraftGroup {
    pub(super) key: String,
    /// The line that says who is there.
    pub(super) staff: String,
    pub(super) origin: String,
    /// As TOML; none for all.
    pub(super) skills: Option<String>,
    pub(super) is_roster: bool,
}

/// The groups of agents: rosters, else staffing, else as many as there is work for.
pub(super) fn groups(
    tables: &mut DraftTables,
    kinds: &[DraftKind],
    known: &KnownValues,
) -> Vec<DraftGroup> {
    let mut keys = FreeKeys::default();
    let mut groups = Vec::new();
    for DraftSource { table, place } in &tables.rosters {
        groups.extend(of_roster(table, place, tables.rosters.len() == 1, &mut keys));
    }
    let is_rostered = !groups.is_empty();
    for DraftSource { table, place } in &tables.staffing {
        if is_rostered {
            let words = place.words();
            tables
                .left_out
                .push(format!("{words}: people by interval, as a roster says who is there"));
        } else {
            groups.extend(of_staffing(table, place, kinds, &mut keys));
        }
    }
    if !groups.is_empty() {
        return groups;
    }
    let (count, origin) = match known.agents {
        Some(agents) => (agents, "As given.".to_owned()),
        None => (
            busy_agents(tables, known),
            "GUESS. Agents at work: so many that, with the other guesses, the busiest hour keeps them busy \
             to 80 %. Write your roster."
                .to_owned(),
        ),
    };
    let staff = format!("count = {count}");
    vec![DraftGroup { key: "team".to_owned(), staff, origin, skills: None, is_roster: false }]
}

fn of_roster(
    table: &ShiftTable,
    place: &TablePlace,
    is_only: bool,
    keys: &mut FreeKeys,
) -> Vec<DraftGroup> {
    let teams = Vec::from_iter(table.agents.iter().filter_map(|agent| agent.group.clone()));
    let mut distinct = Vec::<String>::new();
    for team in teams {
        if !distinct.iter().any(|known| known.to_lowercase() == team.to_lowercase()) {
            distinct.push(team);
        }
    }
    let own = place.own_name().filter(|_| !is_only);
    let named = match distinct.is_empty() {
        true => vec![keys.take(own.as_deref().unwrap_or("team"))],
        false => distinct.iter().map(|team| keys.take(team)).collect(),
    };
    let group = |key: String| DraftGroup {
        key,
        staff: format!("roster = {}", place.toml("table", "")),
        origin: format!("From {}.", place.words()),
        skills: None,
        is_roster: true,
    };
    named.into_iter().map(group).collect()
}

fn of_staffing(
    table: &IntervalTable,
    place: &TablePlace,
    kinds: &[DraftKind],
    keys: &mut FreeKeys,
) -> Vec<DraftGroup> {
    let names = match table {
        IntervalTable::WithClock(table) => table.keys.clone(),
        IntervalTable::WithoutClock(_) => Vec::new(),
    };
    let group = |key: String, skills: Option<String>| DraftGroup {
        key,
        staff: format!("staffing = {}", place.toml("table", "")),
        origin: format!("From {}.", place.words()),
        skills,
        is_roster: false,
    };
    if names.is_empty() {
        return vec![group(keys.take("team"), None)];
    }
    let skill = |name: &str| {
        let kind = kinds.iter().find(|kind| kind.has_skill(name))?;
        Some(format!("[{}]", kind.quoted_skill()?))
    };
    names.iter().map(|name| group(keys.take(name), skill(name))).collect()
}

/// As many as the busiest hour keeps busy to four fifths.
fn busy_agents(tables: &DraftTables, known: &KnownValues) -> u32 {
    let busiest = busiest_hour(tables).or(known.contacts).unwrap_or(USUAL_CONTACTS);
    let agents = (busiest * conversation_seconds(known) / 3600.0 / BUSY).ceil();
    (agents as u32).max(1)
}

/// Contacts an hour when most come, of all skills together.
fn busiest_hour(tables: &DraftTables) -> Option<f64> {
    let mut rows = Vec::<&VolumeRow>::new();
    let mut busiest = None::<f64>;
    for source in &tables.volumes {
        match &source.table {
            IntervalTable::WithClock(table) => rows.extend(&table.rows),
            IntervalTable::WithoutClock(list) => {
                let most = list.values.iter().copied().fold(0.0, f64::max);
                let an_hour = most * 3600.0 / CONSECUTIVE.as_secs_f64();
                busiest = Some(busiest.unwrap_or(0.0) + an_hour);
            }
        }
    }
    rows.sort_by_key(|row| (row.day, row.start));
    let alike = rows.chunk_by(|one, other| (one.day, one.start) == (other.day, other.start));
    let rate = |row: &&VolumeRow| {
        let seconds = row.end.seconds().saturating_sub(row.start.seconds()).max(1);
        row.value * 3600.0 / f64::from(seconds)
    };
    let most = alike.map(|rows| rows.iter().map(rate).sum::<f64>()).reduce(f64::max);
    most.map(|most| most + busiest.unwrap_or(0.0)).or(busiest)
}

/// Share of their time that agents work in the busiest hour.
const BUSY: f64 = 0.8;
