//! The first scenario of somebody who has tables, or a few numbers: complete, commented, and with a
//! mark at each value that is a guess.
//!
//! Its text is `draft_template.toml`, beside this file.

mod draft_groups;
mod draft_kinds;
mod draft_span;
mod draft_tables;
pub mod known_values;
mod toml_text;

use askama::Template;

use self::draft_groups::{DraftGroup, groups};
use self::draft_kinds::{DraftKind, kinds};
use self::draft_span::{DraftSpan, clock};
pub use self::draft_tables::DraftTable;
use self::draft_tables::{DraftSource, DraftTables};
use self::known_values::{KnownValues, USUAL_MESSAGES};
use self::toml_text::quoted;
use super::reader::diagnostic::Diagnostics;
use crate::base::time::Span;
use crate::tables::TableOptions;

/// What a draft is to be made of.
#[derive(Clone, Debug, Default)]
pub struct DraftRequest {
    /// Name of the scenario.
    pub name: String,
    /// Name of its file, as commands in its comments call it.
    pub file: String,
    /// Files with tables.
    pub tables: Vec<DraftTable>,
    /// How they are written, where they do not tell.
    pub options: TableOptions,
    /// What is known besides.
    pub known: KnownValues,
}

/// A scenario, and what is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The scenario as TOML.
    pub text: String,
    /// What each table was taken for, in words.
    pub understood: Vec<String>,
    /// What of the tables, and of what was known, is not in it, with the reason.
    pub left_out: Vec<String>,
}

/// Makes the scenario of a request.
///
/// # Errors
///
/// All findings that keep a table from being understood; or there are tables, and none is of a known kind.
pub fn draft(request: &DraftRequest) -> Result<Draft, DraftRefusal> {
    let mut tables = DraftTables::read(&request.tables, &request.options)
        .map_err(|findings| DraftRefusal::Unsound(Diagnostics::new(findings)))?;
    if !request.tables.is_empty() && tables.is_empty() {
        return Err(DraftRefusal::NothingKnown(tables.left_out));
    }
    let known = &request.known;
    let span = DraftSpan::of(&tables, known);
    let kinds = kinds(&mut tables, &span, known);
    let groups = groups(&mut tables, &kinds, known);
    tables.left_out.extend(overruled(&tables, known));
    let understood = understood(&tables);
    let explained = kinds.iter().find(|kind| !kind.is_mail()).map(|kind| kind.key.clone());
    let text = DraftTemplate {
        explained: explained.as_deref(),
        name: &request.name,
        quoted_name: quoted(&request.name),
        file: &request.file,
        left_out: &tables.left_out,
        starts_at: clock(span.hours.start),
        until: match span.hours.end > DAY {
            true => (span.hours.end - span.hours.start).to_string(),
            false => clock(span.hours.end),
        },
        span,
        within: DraftValue::of(known.within, "2m"),
        concurrency: DraftValue::of(known.concurrency, "3"),
        reply_time: DraftValue::spread(known.reply_time, "lognormal", "60s"),
        messages: messages(known),
        patience: DraftValue::spread(known.patience, "exponential", "10m"),
        groups,
        has_mail: kinds.iter().any(|kind| kind.is_mail() && kind.skill_key().is_some()),
        kinds,
    };
    let text = text.render().unwrap_or_else(|error| unreachable!("a text can be written: {error}"));
    Ok(Draft { text: text + "\n", understood, left_out: tables.left_out })
}

/// Why there is no draft.
#[derive(Debug)]
pub enum DraftRefusal {
    /// What keeps tables from being understood.
    Unsound(Diagnostics),
    /// No table is of a kind that is known; what each is, in words.
    NothingKnown(Vec<String>),
}

#[derive(Template)]
#[template(path = "draft_template.toml", escape = "none", whitespace = "preserve")]
struct DraftTemplate<'a> {
    /// The kind whose guesses are explained.
    explained: Option<&'a str>,
    name: &'a str,
    quoted_name: String,
    file: &'a str,
    left_out: &'a [String],
    span: DraftSpan,
    starts_at: String,
    until: String,
    within: DraftValue,
    concurrency: DraftValue,
    reply_time: DraftValue,
    messages: DraftValue,
    patience: DraftValue,
    groups: Vec<DraftGroup>,
    kinds: Vec<DraftKind>,
    /// Whether a skill is of mail, and skills are therefore named.
    has_mail: bool,
}

/// A value as TOML, and whether it is a guess.
struct DraftValue {
    value: String,
    origin: &'static str,
}

impl DraftValue {
    fn of(known: Option<impl ToString>, guess: &str) -> Self {
        let origin = if known.is_some() { "As given." } else { "GUESS." };
        Self { value: known.map_or_else(|| guess.to_owned(), |it| it.to_string()), origin }
    }

    /// A law with this mean.
    fn spread(known: Option<Span>, law: &str, guess: &str) -> Self {
        let Self { value, origin } = Self::of(known, guess);
        let spread = if law == "lognormal" { ", cv = 1" } else { "" };
        Self { value: format!("{{ {law} = {{ mean = \"{value}\"{spread} }} }}"), origin }
    }
}

/// A mean number of messages as the probability that one is the last.
fn messages(known: &KnownValues) -> DraftValue {
    let mean = known.messages.unwrap_or(USUAL_MESSAGES);
    let value = format!("{{ geometric = {} }}", (1000.0 / mean).round() / 1000.0);
    DraftValue { value, ..DraftValue::of(known.messages, "") }
}

/// What was given and is overruled by a table.
fn overruled(tables: &DraftTables, known: &KnownValues) -> Vec<String> {
    let has_volumes = !tables.volumes.is_empty() || !tables.contacts.is_empty();
    let has_staff = !tables.rosters.is_empty() || !tables.staffing.is_empty();
    let is_overruled = [
        (known.contacts.is_some() && has_volumes, "the contacts given, as a table says them"),
        (known.agents.is_some() && has_staff, "the agents given, as a table says them"),
        (
            known.hours.is_some() && (has_volumes || has_staff),
            "the hours given, as tables say them",
        ),
    ];
    is_overruled.into_iter().filter(|it| it.0).map(|it| it.1.to_owned()).collect()
}

/// What each table was taken for.
fn understood(tables: &DraftTables) -> Vec<String> {
    let mut lines = Vec::new();
    for DraftSource { table, place } in &tables.volumes {
        let total: f64 = table.echo().totals.iter().map(|total| total.total).sum();
        lines.push(format!(
            "{}: volumes, {} contacts{}",
            place.words(),
            total.round(),
            spanning(&table.echo().span)
        ));
    }
    for DraftSource { table, place } in &tables.contacts {
        let (count, span) = (table.rows.len(), spanning(&table.echo.span));
        lines.push(format!("{}: {count} contacts one by one{span}", place.words()));
    }
    for DraftSource { table, place } in &tables.rosters {
        let hours = (table.echo.hours.unwrap_or(0.0) * 10.0).round() / 10.0;
        let count = table.agents.len();
        let agents = if count == 1 { "agent" } else { "agents" };
        let span = spanning(&table.echo.span);
        lines.push(format!(
            "{}: a roster, {count} {agents}, {hours} hours at work{span}",
            place.words()
        ));
    }
    for DraftSource { table, place } in &tables.staffing {
        lines.push(format!(
            "{}: people by interval{}",
            place.words(),
            spanning(&table.echo().span)
        ));
    }
    for DraftSource { place, .. } in &tables.handle_times {
        lines.push(format!(
            "{}: handle times, in a comment, as it does not say what they are the time of",
            place.words()
        ));
    }
    lines
}

fn spanning(span: &str) -> String {
    if span.is_empty() { String::new() } else { format!(", {span}") }
}

const DAY: Span = Span::from_hours(24);
