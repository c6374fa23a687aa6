//! States of agents, planned shifts, and who works there.

use crate::base::time::Time;

use super::form::{LogWord as _, LoggedState};
use super::log_columns::LogColumn;
use super::log_finding::LogFinding;
use super::log_reader::LogOptions;
use super::log_rows::{LogNames, LogVocabulary, LoggedAgent};
use super::log_times::{LoggedTime, TimeReader, sample};
use super::row_tally::RowTally;
use super::text_table::{LogInput, LogText, TextRow};
use super::words::word_list;

/// A state of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PresenceRow {
    /// From when on.
    pub at: Time,
    /// Of whom.
    pub agent: LoggedAgent,
    /// The state.
    pub state: LoggedState,
    /// Number of the cause among [`PresenceLog::causes`], if one is given.
    pub cause: Option<usize>,
    /// What local clocks were ahead of UTC, minutes.
    pub offset_minutes: i16,
}

/// States of agents in the order of time.
#[derive(Clone, Debug, Default)]
pub struct PresenceLog {
    /// The rows.
    pub rows: Vec<PresenceRow>,
    /// Reasons and causes as they are called there.
    pub causes: LogNames,
}

/// A planned shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedShift {
    /// Planned login.
    pub start: Time,
    /// Planned logout.
    pub end: Time,
    /// Of whom.
    pub agent: LoggedAgent,
    /// What local clocks were ahead of UTC at the start, minutes.
    pub offset_minutes: i16,
}

/// Who works there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentRow {
    /// Who.
    pub agent: LoggedAgent,
    /// Group; may be empty.
    pub team: String,
    /// Skills; may be none.
    pub skills: Vec<String>,
    /// Conversations at a time.
    pub slots: Option<u32>,
}

/// What beside its rows a file needs.
pub struct AgentFile<'a> {
    /// The file.
    pub input: &'a LogInput,
    /// What the planner says of it.
    pub options: &'a LogOptions,
}

impl AgentFile<'_> {
    /// Reads states of agents; a state that is the same as before is left out.
    ///
    /// # Errors
    ///
    /// A column is missing, or instants are not understood.
    pub fn presence(
        &self,
        vocabulary: &mut LogVocabulary,
        tally: &mut RowTally,
    ) -> Result<PresenceLog, LogFinding> {
        let wanted = [
            LogColumn::Agent,
            LogColumn::Date,
            LogColumn::Time,
            LogColumn::State,
            LogColumn::Cause,
        ];
        let form = LogText::find(self.input, &[], &wanted)?;
        let agent = form.columns.required(LogColumn::Agent)?;
        let time = form.columns.required(LogColumn::Time)?;
        let state = form.columns.required(LogColumn::State)?;
        let cause = form.columns.place(LogColumn::Cause);
        let mut times = self.times(&form, time)?;
        let mut log = PresenceLog::default();
        let mut rows = form.rows(self.input)?;
        while let Some(row) = rows.next_row()? {
            tally.row();
            let read = (|| {
                let text = row.field(Some(state));
                let agent = self.agent(&row, agent, vocabulary)?;
                let LoggedTime { at, offset_minutes } = self.time(&row, time, &mut times)?;
                let state = LoggedState::of_word(text).ok_or_else(|| {
                    self.wrong(&row, state, "an unknown state").allowed(word_list::<LoggedState>())
                })?;
                let cause = Some(row.field(cause)).filter(|cause| !cause.is_empty());
                let cause = cause.map(|cause| log.causes.number(cause));
                Ok(PresenceRow { at, agent, state, cause, offset_minutes })
            })();
            match read {
                Ok(row) => log.rows.push(row),
                Err(finding) => tally.bad(finding),
            }
        }
        // Rows of one instant stay in the order of the file.
        log.rows.sort_by_key(|row| row.at);
        Ok(log)
    }

    /// Reads planned shifts, in the order of their starts.
    ///
    /// # Errors
    ///
    /// A column is missing, or instants are not understood.
    pub fn shifts(
        &self,
        vocabulary: &mut LogVocabulary,
        tally: &mut RowTally,
    ) -> Result<Vec<PlannedShift>, LogFinding> {
        let wanted = [LogColumn::Agent, LogColumn::Time, LogColumn::End];
        let form = LogText::find(self.input, &[], &wanted)?;
        let agent = form.columns.required(LogColumn::Agent)?;
        let start = form.columns.required(LogColumn::Time)?;
        let end = form.columns.required(LogColumn::End)?;
        let mut rows = form.rows(self.input)?;
        let mut shifts = Vec::new();
        let first = form.sampled(self.input, |row| row.field(Some(start)).to_owned())?;
        if first.is_empty() {
            return Ok(shifts);
        }
        let (mut starts, mut ends) = (self.times(&form, start)?, self.times(&form, end)?);
        while let Some(row) = rows.next_row()? {
            tally.row();
            let read = (|| {
                let agent = self.agent(&row, agent, vocabulary)?;
                let from = self.time(&row, start, &mut starts)?;
                let to = self.time(&row, end, &mut ends)?;
                if to.at <= from.at {
                    return Err(self.wrong(&row, end, "an end that is not behind its start"));
                }
                let offset_minutes = from.offset_minutes;
                Ok(PlannedShift { start: from.at, end: to.at, agent, offset_minutes })
            })();
            match read {
                Ok(shift) => shifts.push(shift),
                Err(finding) => tally.bad(finding),
            }
        }
        shifts.sort_unstable();
        Ok(shifts)
    }

    /// Reads who works there.
    ///
    /// # Errors
    ///
    /// A column is missing.
    pub fn agents(
        &self,
        vocabulary: &mut LogVocabulary,
        tally: &mut RowTally,
    ) -> Result<Vec<AgentRow>, LogFinding> {
        let wanted = [LogColumn::Agent, LogColumn::Team, LogColumn::Skill, LogColumn::Slots];
        let form = LogText::find(self.input, &[], &wanted)?;
        let agent = form.columns.required(LogColumn::Agent)?;
        let [team, skills, slots] = [LogColumn::Team, LogColumn::Skill, LogColumn::Slots]
            .map(|column| form.columns.place(column));
        let mut rows = form.rows(self.input)?;
        let mut agents = Vec::new();
        while let Some(row) = rows.next_row()? {
            tally.row();
            let read = (|| {
                let agent = self.agent(&row, agent, vocabulary)?;
                let text = row.field(slots);
                let count = text.parse::<u32>().ok().filter(|&count| count > 0);
                if count.is_none() && !text.is_empty() {
                    let wrong = self.wrong(&row, slots.unwrap_or(0), "not a number of slots");
                    return Err(wrong.allowed("whole numbers from 1"));
                }
                let skills = row.field(skills).split(',').map(str::trim);
                let skills = skills.filter(|skill| !skill.is_empty()).map(str::to_owned).collect();
                let team = row.field(team).to_owned();
                Ok(AgentRow { agent, team, skills, slots: count })
            })();
            match read {
                Ok(agent) => agents.push(agent),
                Err(finding) => tally.bad(finding),
            }
        }
        Ok(agents)
    }

    fn times(&self, form: &LogText, column: usize) -> Result<TimeReader, LogFinding> {
        let texts = form.sampled(self.input, |row| row.field(Some(column)).to_owned())?;
        let sampled = sample(texts.iter().map(String::as_str), self.options.dates);
        let sampled = sampled.map_err(|trouble| {
            let finding = LogFinding::new(&self.input.name, trouble.message()).at(2, column);
            finding.found(texts.first().map_or("", String::as_str))
        })?;
        Ok(TimeReader::new(sampled.form, self.options.zone.clone()))
    }

    fn time(
        &self,
        row: &TextRow<'_>,
        column: usize,
        times: &mut TimeReader,
    ) -> Result<LoggedTime, LogFinding> {
        let read = times.read(row.field(Some(column)));
        read.map_err(|trouble| self.wrong(row, column, trouble.message()))
    }

    fn agent(
        &self,
        row: &TextRow<'_>,
        column: usize,
        vocabulary: &mut LogVocabulary,
    ) -> Result<LoggedAgent, LogFinding> {
        match row.field(Some(column)) {
            "" => Err(self.wrong(row, column, "no agent")),
            name => Ok(LoggedAgent(vocabulary.agents.number(name) as u32)),
        }
    }

    fn wrong(&self, row: &TextRow<'_>, column: usize, message: &str) -> LogFinding {
        let finding = LogFinding::new(&self.input.name, message).at(row.number, column);
        finding.found(row.field(Some(column)))
    }
}
