//! A row of a file → rows of a log.

use crate::tables::NamedColumn;

use super::form::{LogWord, LoggedCause, LoggedEvent, LoggedParty, LoggedState};
use super::log_columns::{LogColumn, LogColumns};
use super::log_finding::LogFinding;
use super::log_rows::{
    LogLayout, LogRow, LogVocabulary, LoggedAgent, LoggedConversation, LoggedSkill, digest,
};
use super::log_times::{LoggedTime, TimeReader, TimeTrouble};
use super::text_table::TextRow;
use super::words::{party, word_list};

/// Where the columns stand.
pub(super) struct Places {
    date: Option<usize>,
    conversation: Option<usize>,
    skill: Option<usize>,
    time: Option<usize>,
    from: Option<usize>,
    agent: Option<usize>,
    event: Option<usize>,
    cause: Option<usize>,
    state: Option<usize>,
    opened: Option<usize>,
    answered: Option<usize>,
    abandoned: Option<usize>,
    closed: Option<usize>,
    /// The last of those that a row cannot do without.
    pub(super) last: usize,
}

impl Places {
    pub(super) fn of(columns: &LogColumns) -> Self {
        let place = |column| columns.place(column);
        let needed = [LogColumn::Conversation, LogColumn::Time, LogColumn::From, LogColumn::Opened];
        Self {
            date: place(LogColumn::Date),
            conversation: place(LogColumn::Conversation),
            skill: place(LogColumn::Skill),
            time: place(LogColumn::Time),
            from: place(LogColumn::From),
            agent: place(LogColumn::Agent),
            event: place(LogColumn::Event),
            cause: place(LogColumn::Cause),
            state: place(LogColumn::State),
            opened: place(LogColumn::Opened),
            answered: place(LogColumn::Answered),
            abandoned: place(LogColumn::Abandoned),
            closed: place(LogColumn::Closed),
            last: needed.into_iter().filter_map(place).max().unwrap_or(0),
        }
    }
}

/// Rows that a row of the file stands for: at most three.
pub(super) type FoundRows = [Option<LogRow>; 3];

pub(super) struct RowReading<'a> {
    pub(super) file: &'a str,
    pub(super) words: &'a [NamedColumn],
    pub(super) layout: LogLayout,
    pub(super) columns: &'a Places,
    pub(super) vocabulary: &'a mut LogVocabulary,
    pub(super) times: &'a mut TimeReader,
    pub(super) position: u64,
}

impl RowReading<'_> {
    pub(super) fn row(&mut self, row: &TextRow<'_>) -> Result<FoundRows, LogFinding> {
        if let Some(column) = row.fields.iter().position(|field| field.contains('\u{fffd}')) {
            let finding = self.wrong(row, column, "bytes that are no text in this encoding");
            return Err(finding.help("save the file as UTF-8"));
        }
        match self.layout {
            LogLayout::Messages => self.event(row).map(|found| [Some(found), None, None]),
            LogLayout::Contacts => self.contact(row),
        }
    }

    pub(super) fn wrong(&self, row: &TextRow<'_>, column: usize, message: &str) -> LogFinding {
        LogFinding::new(self.file, message).at(row.number, column).found(row.field(Some(column)))
    }

    fn event(&mut self, row: &TextRow<'_>) -> Result<LogRow, LogFinding> {
        let places = self.columns;
        let conversation = self.conversation(row)?;
        let at = self.time(row, places.time)?;
        let event = self.word(row, places.event)?.unwrap_or(LoggedEvent::Message);
        let agent = self.agent(row)?;
        let mut from = self.party(row)?;
        if from.is_none() && places.from.is_none() && places.agent.is_some() {
            let writes = if agent.is_some() { LoggedParty::Agent } else { LoggedParty::Consumer };
            from = (event == LoggedEvent::Message).then_some(writes);
        }
        Ok(LogRow {
            at: at.at,
            position: self.position,
            part: 0,
            offset_minutes: at.offset_minutes,
            conversation,
            skill: self.skill(row)?,
            event,
            from,
            agent,
            // What a platform calls its causes otherwise is none of ours.
            cause: self.mapped(row, places.cause).and_then(LoggedCause::of_word),
            state: self.word::<LoggedState>(row, places.state)?,
            digest: digest(row.fields),
        })
    }

    /// The opening, the answer and the end.
    fn contact(&mut self, row: &TextRow<'_>) -> Result<FoundRows, LogFinding> {
        let places = self.columns;
        let name = match places.conversation {
            Some(_) => self.conversation(row)?,
            None => LoggedConversation(digest([self.position.to_string().as_str()])),
        };
        let opened = self.time(row, places.opened)?;
        let (skill, agent) = (self.skill(row)?, self.agent(row)?);
        let mut later = |column: Option<usize>| match row.field(column).is_empty() {
            true => Ok(None),
            false => self.time(row, column).map(|found| Some((found, column.unwrap_or(0)))),
        };
        let answered = later(places.answered)?;
        let (abandoned, closed) = (later(places.abandoned)?, later(places.closed)?);
        let early = [answered, abandoned, closed].into_iter().flatten();
        if let Some((_, column)) = early.into_iter().find(|(time, _)| time.at < opened.at) {
            return Err(self.wrong(row, column, "an instant before the opening"));
        }
        let all = digest(row.fields);
        let base = LogRow {
            at: opened.at,
            position: self.position,
            part: 0,
            offset_minutes: opened.offset_minutes,
            conversation: name,
            skill,
            event: LoggedEvent::Message,
            from: Some(LoggedParty::Consumer),
            agent: None,
            cause: None,
            state: None,
            digest: all,
        };
        let at = |time: LoggedTime, part, event, from, cause| LogRow {
            at: time.at,
            part,
            offset_minutes: time.offset_minutes,
            event,
            from: Some(from),
            agent,
            cause,
            ..base
        };
        let answer =
            answered.map(|(time, _)| at(time, 1, LoggedEvent::Message, LoggedParty::Agent, None));
        let end = match (abandoned, closed) {
            (Some((time, _)), _) => {
                let cause = Some(LoggedCause::Abandoned);
                Some(at(time, 2, LoggedEvent::Resolved, LoggedParty::Consumer, cause))
            }
            (None, Some((time, _))) => {
                let cause = Some(LoggedCause::ByAgent);
                Some(at(time, 2, LoggedEvent::Resolved, LoggedParty::Agent, cause))
            }
            (None, None) => None,
        };
        Ok([Some(base), answer, end])
    }

    fn conversation(&self, row: &TextRow<'_>) -> Result<LoggedConversation, LogFinding> {
        let place = self.columns.conversation;
        match row.field(place) {
            "" => Err(self.wrong(row, place.unwrap_or(0), "no conversation")),
            name => Ok(LoggedConversation(digest([name]))),
        }
    }

    fn time(&mut self, row: &TextRow<'_>, place: Option<usize>) -> Result<LoggedTime, LogFinding> {
        let date = self.columns.date;
        let read = match date {
            None => self.times.read(row.field(place)),
            Some(_) => self.times.read(&instant_text(row, date, place)),
        };
        read.map_err(|trouble| {
            let finding = self.wrong(row, place.unwrap_or(0), trouble.message());
            match trouble {
                TimeTrouble::NoTime => finding.allowed("instants as in the first rows"),
                _ => finding,
            }
        })
    }

    fn skill(&mut self, row: &TextRow<'_>) -> Result<Option<LoggedSkill>, LogFinding> {
        let place = self.columns.skill;
        let name = row.field(place);
        if name.is_empty() {
            return Ok(None);
        }
        let number = self.vocabulary.skills.number(name);
        let number = u16::try_from(number).ok().filter(|&number| number < MOST_SKILLS);
        number.map(|number| Some(LoggedSkill(number))).ok_or_else(|| {
            self.wrong(row, place.unwrap_or(0), "more skills than any centre has")
                .help("--column skill=HEADING names the column, --column skill= says there is none")
        })
    }

    fn agent(&mut self, row: &TextRow<'_>) -> Result<Option<LoggedAgent>, LogFinding> {
        let place = self.columns.agent;
        let name = row.field(place);
        if name.is_empty() {
            return Ok(None);
        }
        let number = self.vocabulary.agents.number(name);
        let number = u32::try_from(number).ok().filter(|&number| number < MOST_AGENTS);
        number.map(|number| Some(LoggedAgent(number))).ok_or_else(|| {
            self.wrong(row, place.unwrap_or(0), "more agents than any centre has")
                .help("--column agent=HEADING names the column, --column agent= says there is none")
        })
    }

    fn party(&self, row: &TextRow<'_>) -> Result<Option<LoggedParty>, LogFinding> {
        let place = self.columns.from;
        match self.mapped(row, place) {
            None | Some("") => Ok(None),
            Some(text) => match party(text) {
                Some(party) => Ok(Some(party)),
                None => Err(self.unknown_word(row, place, &word_list::<LoggedParty>())),
            },
        }
    }

    fn word<W: LogWord>(
        &self,
        row: &TextRow<'_>,
        place: Option<usize>,
    ) -> Result<Option<W>, LogFinding> {
        match self.mapped(row, place) {
            None | Some("") => Ok(None),
            Some(text) => match W::of_word(text) {
                Some(word) => Ok(Some(word)),
                None => Err(self.unknown_word(row, place, &word_list::<W>())),
            },
        }
    }

    fn unknown_word(&self, row: &TextRow<'_>, place: Option<usize>, allowed: &str) -> LogFinding {
        let column = place.unwrap_or(0);
        self.wrong(row, column, "an unknown word")
            .allowed(allowed)
            .help(format!("say what it means: --word \"{}\"=WORD", row.field(place)))
    }

    /// The word of the form for what stands in a cell.
    fn mapped<'c>(&'c self, row: &'c TextRow<'_>, place: Option<usize>) -> Option<&'c str> {
        place?;
        let text = row.field(place);
        let words = self.words;
        let mapped = words.iter().find(|named| named.heading.eq_ignore_ascii_case(text));
        Some(mapped.map_or(text, |named| named.meaning.as_str()))
    }
}

const MOST_SKILLS: u16 = 2000;
const MOST_AGENTS: u32 = 1_000_000;

/// An instant, with the date before it if that stands in a column of its own.
pub(super) fn instant_text(row: &TextRow<'_>, date: Option<usize>, place: Option<usize>) -> String {
    let text = row.field(place);
    match date {
        Some(_) if !text.is_empty() => format!("{} {text}", row.field(date)),
        _ => text.to_owned(),
    }
}
