//! The consumers of a draft.

use std::collections::BTreeSet;

use super::draft_span::{CONSECUTIVE, DraftSpan, clock};
use super::draft_tables::{DraftSource, DraftTables};
use super::known_values::{KnownValues, conversation_seconds};
use super::toml_text::{FreeKeys, key, quoted};
use crate::tables::IntervalTable;

/// `[consumers.NAME]`.
pub(super) struct DraftKind {
    pub(super) key: String,
    /// None if there are no skills.
    pub(super) skill: Option<String>,
    pub(super) arrivals: String,
    /// Where the arrivals are from.
    pub(super) origin: String,
    pub(super) handle_time: Option<ToldHandleTime>,
}

/// What a table says of handle times: what they are the time of, it does not.
#[derive(Clone)]
pub(super) struct ToldHandleTime {
    pub(super) words: String,
    /// The keys that name the table.
    pub(super) table: String,
}

impl DraftKind {
    fn new(name: String, skill: Option<&str>, arrivals: &str, origin: &str) -> Self {
        Self {
            key: name,
            skill: skill.map(str::to_owned),
            arrivals: arrivals.to_owned(),
            origin: origin.to_owned(),
            handle_time: None,
        }
    }

    pub(super) fn quoted_skill(&self) -> Option<String> {
        self.skill.as_deref().map(quoted)
    }

    pub(super) fn has_skill(&self, name: &str) -> bool {
        self.skill.as_ref().is_some_and(|skill| skill.to_lowercase() == name.to_lowercase())
    }

    /// Whether its skill says that it is mail: answered once, and nobody waits before the screen.
    pub(super) fn is_mail(&self) -> bool {
        let skill = self.skill.as_ref().unwrap_or(&self.key).to_lowercase();
        ["mail", "correo", "courriel"].iter().any(|word| skill.contains(word))
    }

    /// The key of the settings of its skill.
    pub(super) fn skill_key(&self) -> Option<String> {
        self.skill.as_deref().map(key)
    }
}

/// Where a table says who comes.
struct DraftArrivals {
    /// As TOML.
    text: String,
    origin: String,
    skills: Vec<String>,
    /// What the sheet or file is called.
    name: Option<String>,
    /// Sheet or file.
    words: String,
}

/// The kinds of consumers. What a second table says of a skill is left out.
pub(super) fn kinds(
    tables: &mut DraftTables,
    span: &DraftSpan,
    known: &KnownValues,
) -> Vec<DraftKind> {
    let mut kinds = Vec::<DraftKind>::new();
    let mut keys = FreeKeys::default();
    for DraftArrivals { text, origin, skills, name, words } in arrivals(tables, span) {
        if skills.is_empty() {
            let key = keys.take(name.as_deref().unwrap_or("contacts"));
            kinds.push(DraftKind::new(key, None, &text, &origin));
        }
        for skill in &skills {
            if kinds.iter().any(|kind| kind.has_skill(skill)) {
                tables.left_out.push(format!("{words}: {skill}, which another table has"));
            } else {
                kinds.push(DraftKind::new(keys.take(skill), Some(skill), &text, &origin));
            }
        }
    }
    if kinds.is_empty() {
        kinds = without_tables(tables, span, known);
    }
    for kind in &mut kinds {
        kind.handle_time = tables.handle_times.iter().find_map(|source| told(source, kind));
    }
    kinds
}

fn arrivals(tables: &DraftTables, span: &DraftSpan) -> Vec<DraftArrivals> {
    let volumes = tables.volumes.iter().map(|DraftSource { table, place }| {
        let words = place.words();
        let name = place.own_name();
        match table {
            IntervalTable::WithClock(table) => DraftArrivals {
                text: place.toml("table", ""),
                origin: format!("From {words}."),
                skills: table.keys.clone(),
                name,
                words,
            },
            IntervalTable::WithoutClock(_) => DraftArrivals {
                text: place.toml(
                    "table",
                    &format!(", from = \"{}\", every = \"{CONSECUTIVE}\"", clock(span.hours.start)),
                ),
                origin: format!(
                    "GUESS. Half hours from that clock time: {words} has volumes, and says neither."
                ),
                skills: Vec::new(),
                name,
                words,
            },
        }
    });
    let contacts = tables.contacts.iter().map(|DraftSource { table, place }| DraftArrivals {
        text: place.toml("trace", ""),
        origin: format!("From {}, contacts one by one.", place.words()),
        skills: table.keys.clone(),
        name: place.own_name(),
        words: place.words(),
    });
    volumes.chain(contacts).collect()
}

/// What a table says of the handle times of a kind.
fn told(source: &DraftSource<IntervalTable>, kind: &DraftKind) -> Option<ToldHandleTime> {
    // Without a clock they belong to no interval.
    let IntervalTable::WithClock(table) = &source.table else { return None };
    let is_meant = |key: &Option<String>| key.as_ref().is_none_or(|key| kind.has_skill(key));
    let rows = table.rows.iter().filter(|row| is_meant(&row.key) && row.value > 0.0);
    let values = Vec::from_iter(rows.map(|row| row.value));
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let words = source.place.words();
    (!values.is_empty()).then(|| ToldHandleTime {
        words: format!("{words} has its handle time, {mean:.0} s on average."),
        table: source.place.keys("table"),
    })
}

/// One kind, or one a skill of the rosters.
fn without_tables(tables: &DraftTables, span: &DraftSpan, known: &KnownValues) -> Vec<DraftKind> {
    let agents = tables.rosters.iter().flat_map(|source| &source.table.agents);
    let skills = BTreeSet::from_iter(agents.flat_map(|agent| agent.skills.iter().flatten()));
    let (rate, origin) = match (known.contacts, rostered_agents(tables, span)) {
        (Some(contacts), _) => (contacts, "As given."),
        (None, Some(agents)) => (
            agents * HALF_OF_THE_TIME * 3600.0 / conversation_seconds(known),
            "GUESS. Contacts an hour: so many that, with the other guesses, the roster is busy half of the time. \
             Count those offered, answered or not.",
        ),
        (None, None) => {
            (USUAL_CONTACTS, "GUESS. Contacts an hour: count those offered, answered or not.")
        }
    };
    let rate = (rate / skills.len().max(1) as f64 * 100.0).round() / 100.0;
    let kind =
        |name: &str, skill| DraftKind::new(key(name), skill, &format!("\"{rate}/h\""), origin);
    if skills.is_empty() {
        return vec![kind("contacts", None)];
    }
    skills.into_iter().map(|skill| kind(skill, Some(skill))).collect()
}

/// Agents at work by rosters, averaged over the run.
fn rostered_agents(tables: &DraftTables, span: &DraftSpan) -> Option<f64> {
    let hours = tables.rosters.iter().filter_map(|source| source.table.echo.hours).sum::<f64>();
    (hours > 0.0).then(|| hours / span.hours())
}

const HALF_OF_THE_TIME: f64 = 0.5;
pub(super) const USUAL_CONTACTS: f64 = 60.0;
