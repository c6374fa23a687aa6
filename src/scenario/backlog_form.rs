//! `consumers.NAME.backlog`: conversations that are open when the run begins.

use serde_json::{Value as Json, json};

use super::answering::Answering;
use super::backlog_owner::{agent, is_there, names};
use super::limits;
use super::plan::RunSettings;
use super::reader::compound::{InTable, OneOrMore};
use super::reader::diagnostic::nearest;
use super::reader::forms::{ChoiceForm, ClockTime, Duration, TextForm, Whole};
use super::reader::tree::Value;
use super::reader::{Form, Input, ReaderSection};
use super::run_days::StartForm;
use super::table_days::warn;
use super::table_file::{TableFileForm, table_options};
use super::trace_arrivals::{CivilCell, civil_instants};
use super::volume_table::AskedTable;
use crate::base::calendar::{Calendar, Repeated};
use crate::base::distribution::Distribution;
use crate::base::ids::AgentId;
use crate::base::time::{Span, Time};
use crate::model::settings::{BacklogConversation, Patience, PatienceUntil, Turns};
use crate::tables::{BacklogRow, BacklogTable, CivilMoment, Place, TableFinding, read_backlog};

/// Consumers some of whose conversations are open when the run begins.
#[derive(Clone, Copy)]
pub(super) struct LeftKind<'a> {
    pub(super) run: &'a RunSettings,
    pub(super) answering: Answering<'a>,
    /// Whether they are a closed population.
    pub(super) is_closed: bool,
    /// What a table may call them.
    pub(super) names: &'a [String],
    pub(super) messages: Turns,
    pub(super) think: &'a Distribution,
    pub(super) patience: &'a Patience,
}

/// `backlog` of consumers, in the order of the file.
pub(super) fn backlog(
    section: &mut ReaderSection<'_>,
    kind: LeftKind<'_>,
) -> Option<Vec<BacklogConversation>> {
    let entry = InTable(|section: &mut ReaderSection<'_>| entry(section, kind));
    let entries = section.optional(
        "backlog",
        OneOrMore(entry),
        "conversations that are open when the run begins: a number of them that were opened at one time, \
         several such in a list, or a table with a row each",
    );
    if !section.has("backlog") {
        return Some(Vec::new());
    }
    let rows = Vec::from_iter(entries?.into_iter().flatten());
    if kind.is_closed {
        let message = "members of a closed population begin no conversation before the run";
        section
            .context
            .report(section.error("backlog", message).help("give them a kind of their own"));
        return None;
    }
    if rows.len() > limits::BACKLOG {
        let message = format!("{} conversations are open when the run begins", rows.len());
        let finding = section.error("backlog", message);
        section.context.report(finding.allowed(format!("at most {}", limits::BACKLOG)));
        return None;
    }
    let is_away = |row: &&BacklogConversation| {
        row.owner.is_some_and(|owner| !is_there(owner, kind.answering))
    };
    let away = rows.iter().filter(|row| !row.is_pending).filter(is_away).count();
    if away > 0 {
        let (verb, noun) =
            if away == 1 { ("is", "conversation") } else { ("are", "conversations") };
        let message = format!(
            "{away} {noun} of the backlog {verb} stranded: New, with an owner who is not on shift when the run begins; \
             it is not a logout, so that no ownership is removed"
        );
        warn(section, "backlog", message);
    }
    Some(rows)
}

/// An entry: some that are alike, or a table.
fn entry(section: &mut ReaderSection<'_>, kind: LeftKind<'_>) -> Option<Vec<BacklogConversation>> {
    let calendar = &kind.run.calendar;
    let count = section.value("count", Whole::<u32>::between(0, 1_000_000), 1, "how many");
    let opened = section.optional(
        "opened",
        BeforeStart { calendar },
        "when they were opened: a date and clock time, the last such clock time before the start, or how \
         long before it",
    );
    let status = section.value("status", STATUS, "new", "who is to act");
    let owner = section.optional("owner", TextForm, "the agent whose they are, such as \"chat 2\"");
    let last_message = section.optional(
        "last_message",
        BeforeStart { calendar },
        "the last message: of the consumer if New, of the agent if Pending; the opening if left out",
    );
    let options = table_options(section);
    let form = TableFileForm { options: &options };
    let documentation = "CSV file or workbook with a row a conversation: when it was opened, and if known \
                         its skill, agent, status and last message";
    let table = section.optional("table", form, documentation);
    if !section.one_of(&["opened", "table"], true) {
        return None;
    }
    if section.has("table") {
        for own in ["count", "status", "owner", "last_message"] {
            if section.has(own) {
                let message = format!("`{own}` is what the table says of each row");
                section.context.report(section.error(own, message).help("leave it out"));
            }
        }
        let sheet = table?;
        return rows(section, AskedTable { key: "table", sheet: &sheet, options: &options }, kind);
    }
    let opened = opened?;
    let owner = match owner {
        Some(text) => Some(owner_of(section, kind, &text)?),
        None => None,
    };
    let last_message = match section.has("last_message") {
        true => last_message?,
        false => opened,
    };
    let row = BacklogConversation { opened, last_message, owner, is_pending: status };
    match trouble(&row, kind) {
        None => Some(vec![row; count as usize]),
        Some(Trouble { key, message, allowed }) => {
            section.context.report(section.error(key, message).allowed(allowed));
            None
        }
    }
}

fn owner_of(section: &ReaderSection<'_>, kind: LeftKind<'_>, text: &str) -> Option<AgentId> {
    let groups = &section.context.groups;
    let found = agent(text, groups, kind.answering);
    if found.is_none() {
        let known = names(groups, kind.answering);
        let mut finding = section.error("owner", format!("there is no agent `{text}`"));
        finding = finding.found("an unknown agent").allowed(known.join(", "));
        if let Some(meant) = nearest(text, known.iter().map(String::as_str)) {
            finding = finding.help(format!("did you mean `{meant}`?"));
        }
        section.context.report(finding);
    }
    found
}

/// What is wrong with a conversation.
struct Trouble {
    key: &'static str,
    message: String,
    allowed: String,
}

fn trouble(row: &BacklogConversation, kind: LeftKind<'_>) -> Option<Trouble> {
    let trouble = |key, message: String, allowed: &str| {
        Some(Trouble { key, message, allowed: allowed.to_owned() })
    };
    let BacklogConversation { opened, last_message, owner, is_pending } = *row;
    let earliest = Time::ZERO - Span::from_hours(24) * (limits::BACKLOG_DAYS - 1);
    if opened < earliest {
        let message = "opened so long before the start of the run".to_owned();
        let days = limits::BACKLOG_DAYS - 1;
        return trouble("opened", message, &format!("at most {days} days before"));
    }
    if last_message < opened {
        return trouble(
            "last_message",
            "a message before the opening".to_owned(),
            "not before `opened`",
        );
    }
    if is_pending && owner.is_none() {
        return trouble("status", "nobody's conversation is Pending".to_owned(), "an `owner`");
    }
    let waits_on = |law: &Distribution, since: Time| {
        1.0 - law.cdf((Time::ZERO - since).as_secs_f64()) >= SHARE_LEFT
    };
    if is_pending {
        if kind.messages != Turns::Fixed(1) && !waits_on(kind.think, last_message) {
            let message = format!(
                "answered {} before the start, and not one in ten thousand thinks so long (`think`)",
                Time::ZERO - last_message
            );
            return trouble("last_message", message, "a later message, or a longer `think`");
        }
        return None;
    }
    let has_got_through = kind.patience.until == PatienceUntil::Assignment && owner.is_some();
    let patience = kind.patience.first.as_ref().filter(|_| !has_got_through);
    if patience.is_some_and(|patience| !waits_on(patience, opened)) {
        let message = format!(
            "opened {} before the start, and not one in ten thousand waits so long (`patience`)",
            Time::ZERO - opened
        );
        return trouble("opened", message, "a later opening, or a longer `patience`");
    }
    None
}

/// The conversations of a table.
fn rows(
    section: &ReaderSection<'_>,
    table: AskedTable<'_>,
    kind: LeftKind<'_>,
) -> Option<Vec<BacklogConversation>> {
    let AskedTable { key, sheet, options } = table;
    let report = |finding: TableFinding| section.report_table(key, sheet, finding);
    let read = table.read(section, read_backlog(sheet, options))?;
    let BacklogTable { rows, keys, mut echo, findings } = read;
    findings.into_iter().for_each(report);
    let chosen = table.chosen_key(section, &keys, kind.names)?;
    let rows = Vec::from_iter(rows.into_iter().filter(|row| chosen.is_none() || row.key == chosen));
    echo.rows = rows.len();
    section.context.note_table(echo);
    let mut conversations = Vec::new();
    let mut later = 0;
    for row in &rows {
        match conversation(section, row, kind) {
            Ok(Some(conversation)) => conversations.push(conversation),
            Ok(None) => later += 1,
            Err(finding) => {
                report(*finding);
                return None;
            }
        }
    }
    if later > 0 {
        let message = format!(
            "`{}`: {later} of {} conversations were opened after the start of the run and are left out",
            sheet.file,
            rows.len()
        );
        warn(section, key, message);
    }
    Some(conversations)
}

/// The conversation of a row; none if it was opened after the start.
fn conversation(
    section: &ReaderSection<'_>,
    row: &BacklogRow,
    kind: LeftKind<'_>,
) -> Result<Option<BacklogConversation>, Box<TableFinding>> {
    let calendar = &kind.run.calendar;
    let wrong = |message: String| Box::new(TableFinding::error(message).at(&row.place));
    let opened = instant(row.opened, &row.place, calendar)?;
    if opened >= Time::ZERO {
        return Ok(None);
    }
    let last_message = row.last_message.map(|it| instant(it, &row.place, calendar)).transpose()?;
    let last_message = last_message.unwrap_or(opened).min(Time::ZERO - Span::from_micros(1));
    let groups = &section.context.groups;
    let owner = match &row.owner {
        Some(text) => {
            let found = agent(text, groups, kind.answering);
            Some(found.ok_or_else(|| {
                let known = names(groups, kind.answering);
                let finding =
                    wrong(format!("there is no agent `{text}`")).allowed(known.join(", "));
                let meant = nearest(text, known.iter().map(String::as_str));
                Box::new(match meant {
                    Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                    None => finding,
                })
            })?)
        }
        None => None,
    };
    let is_pending = row.is_pending.unwrap_or(false);
    let row_of_run = BacklogConversation { opened, last_message, owner, is_pending };
    match trouble(&row_of_run, kind) {
        None => Ok(Some(row_of_run)),
        Some(Trouble { message, allowed, .. }) => Err(Box::new(wrong(message).allowed(allowed))),
    }
}

fn instant(
    moment: CivilMoment,
    place: &Place,
    calendar: &Calendar,
) -> Result<Time, Box<TableFinding>> {
    match moment {
        CivilMoment::Civil { at, offset } => {
            if calendar.first_date().is_none() {
                let message = "a date, and the run has none";
                let finding = TableFinding::error(message).at(place);
                return Err(Box::new(finding.help("set `run.from` to the date of the first day")));
            }
            civil_instants(CivilCell { at, offset, place }, calendar).map(|both| both[0])
        }
        CivilMoment::Clock(clock) => {
            Ok(last_before(calendar, Span::from_secs(i64::from(clock.seconds()))))
        }
        CivilMoment::Elapsed(_) => Ok(Time::ZERO),
    }
}

/// The last instant before the start at which the clock showed a time.
fn last_before(calendar: &Calendar, clock: Span) -> Time {
    let on = |day| calendar.instant(calendar.day(day), clock, Repeated::Second);
    [on(0), on(-1)].into_iter().find(|at| *at < Time::ZERO).unwrap_or_else(|| on(-2))
}

/// An instant before the start of the run.
struct BeforeStart<'a> {
    calendar: &'a Calendar,
}

impl BeforeStart<'_> {
    fn of_text(&self, text: &str) -> Option<Time> {
        let calendar = self.calendar;
        if let Some(clock) = ClockTime::of_text(text) {
            return Some(last_before(calendar, clock));
        }
        if let Some((date, clock)) = StartForm::of_text(text) {
            return Some(calendar.instant(calendar.day_of(date)?, clock?, Repeated::First));
        }
        let before = Duration::at_least(Span::from_secs(1)).of_text(text)?;
        Some(Time::ZERO - before)
    }
}

impl Form for BeforeStart<'_> {
    type Value = Time;

    fn read(&self, input: Input<'_>) -> Option<Time> {
        let text = match &input.node.value {
            Value::Text(text) | Value::DateTime(text) => Some(text.as_str()),
            _ => None,
        };
        let instant = text.and_then(|text| self.of_text(text)).filter(|it| *it < Time::ZERO);
        if instant.is_none() {
            let is_dated = text.is_some_and(|text| StartForm::of_text(text).is_some());
            let help = (is_dated && self.calendar.first_date().is_none())
                .then(|| "set `run.from` to the date of the first day".to_owned());
            input.refuse_with_help(
                "an instant before the start of the run: \"2026-03-20T17:30\", \"17:30\" (the last before it), or \
                 \"2h\" (before it)",
                help,
            );
        }
        instant
    }

    fn schema(&self) -> Json {
        json!({ "type": "string", "examples": ["2026-03-20T17:30", "17:30", "2h"] })
    }
}

const STATUS: ChoiceForm<bool> = ChoiceForm(&[
    ("new", false, "the consumer awaits the first answer"),
    ("pending", true, "the owner spoke last, and the consumer is to write"),
]);
/// A smaller share of those who wait or think is not drawn from.
const SHARE_LEFT: f64 = 1e-4;
