//! Facts of a run → rows of `messages.csv` and `presence.csv`.

use std::io::{self, Write};
use std::sync::Arc;

use crate::base::calendar::Calendar;
use crate::base::time::{Span, Time};
use crate::experiment::recording::{RecordedMessage, RecordedRow, RecordedState, RunRecorder};
use crate::log::form::{LOGGED_OUT, LogWord as _, LoggedState, SESSION_TIMEOUT};
use crate::model::event::{AgentState, Event};
use crate::report::columns::{CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use crate::report::names::CentreNames;
use crate::scenario::Plan;

use super::planned_rows::planned_end;

/// Where rows go.
pub struct LogOutputs<W> {
    /// Rows of conversations.
    pub messages: W,
    /// States of agents.
    pub presence: W,
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordedRows {
    /// Rows of conversations.
    pub messages: u64,
    /// Conversations.
    pub conversations: u64,
    /// States of agents.
    pub presence: u64,
}

/// Writes down what the platform sees of a run, or of several that follow each other.
pub struct LogRecorder<W: Write> {
    plan: Arc<Plan>,
    calendar: Calendar,
    recorder: RunRecorder,
    messages: CsvTable<W>,
    presence: CsvTable<W>,
    written: RecordedRows,
    /// Of the present fact.
    rows: Vec<RecordedRow>,
}

impl<W: Write> LogRecorder<W> {
    /// Begins both files with their headers.
    ///
    /// # Errors
    ///
    /// They cannot be written.
    pub fn begin(plan: Arc<Plan>, outputs: LogOutputs<W>) -> io::Result<Self> {
        let (mut messages, mut presence) =
            (CsvTable::new(outputs.messages), CsvTable::new(outputs.presence));
        messages.header(message_columns())?;
        presence.header(PRESENCE_COLUMNS)?;
        Ok(Self {
            calendar: plan.run.calendar.clone(),
            recorder: RunRecorder::new(Arc::clone(&plan)),
            messages,
            presence,
            written: RecordedRows::default(),
            rows: Vec::new(),
            plan,
        })
    }

    /// A run begins at which nobody is there yet; `calendar` says which dates it has.
    pub fn begin_stretch(&mut self, calendar: Calendar) {
        self.recorder.begin_run();
        self.calendar = calendar;
    }

    /// The run has ended before the next one begins, at `next`: who is still there logs out at the end
    /// of its shift.
    ///
    /// # Errors
    ///
    /// The rows cannot be written.
    pub fn end_stretch(&mut self, ended: Time, next: Time) -> io::Result<()> {
        let last = next - Span::from_micros(1);
        let end = |agent| planned_end(&self.plan, agent, ended).map_or(ended, |end| end.max(ended));
        let there = self.recorder.logged_in();
        let mut logouts = Vec::from_iter(there.map(|agent| (end(agent).min(last), agent)));
        logouts.sort_unstable();
        for (at, agent) in logouts {
            let row = self.recorder.state_row(at, agent, AgentState::Offline);
            self.write(row)?;
        }
        Ok(())
    }

    /// Everything so far reaches the outputs; says how much that is.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn finish(mut self) -> io::Result<RecordedRows> {
        self.messages.flush()?;
        self.presence.flush()?;
        Ok(RecordedRows { conversations: self.recorder.conversations(), ..self.written })
    }

    /// Writes down what the platform sees of a fact.
    ///
    /// # Errors
    ///
    /// The rows cannot be written.
    pub fn record(&mut self, at: Time, event: &Event) -> io::Result<()> {
        let mut rows = std::mem::take(&mut self.rows);
        self.recorder.record(at, event, &mut rows);
        let written = rows.drain(..).try_for_each(|row| self.write(row));
        self.rows = rows;
        written
    }

    fn write(&mut self, row: RecordedRow) -> io::Result<()> {
        match row {
            RecordedRow::Message(message) => self.message_row(message),
            RecordedRow::State(state) => self.presence_row(state),
        }
    }

    fn message_row(&mut self, message: RecordedMessage) -> io::Result<()> {
        self.written.messages += 1;
        let row = MessageCsvRow {
            names: CentreNames::new(&self.plan.centre),
            sequence: self.written.messages,
            at: self.calendar.written_exactly(message.at).unwrap_or_default(),
            message,
        };
        self.messages.row(message_columns(), &row)
    }

    fn presence_row(&mut self, recorded: RecordedState) -> io::Result<()> {
        let RecordedState { at, agent, state, is_session_timeout } = recorded;
        let cause = match state {
            AgentState::Online => String::new(),
            AgentState::Away(reason) => {
                let reason = self.plan.centre.reasons.get(usize::from(reason.0));
                reason.map(|reason| reason.name.clone()).unwrap_or_default()
            }
            AgentState::Offline if is_session_timeout => SESSION_TIMEOUT.to_owned(),
            AgentState::Offline => LOGGED_OUT.to_owned(),
        };
        self.written.presence += 1;
        let row = PresenceCsvRow {
            agent: CentreNames::new(&self.plan.centre).agent(agent),
            at: self.calendar.written_exactly(at).unwrap_or_default(),
            state: logged(state),
            cause,
        };
        self.presence.row(PRESENCE_COLUMNS, &row)
    }
}

fn logged(state: AgentState) -> LoggedState {
    match state {
        AgentState::Online => LoggedState::Online,
        AgentState::Away(_) => LoggedState::Away,
        AgentState::Offline => LoggedState::Offline,
    }
}

struct MessageCsvRow<'a> {
    names: CentreNames<'a>,
    sequence: u64,
    at: String,
    message: RecordedMessage,
}

struct PresenceCsvRow {
    agent: String,
    at: String,
    state: LoggedState,
    cause: String,
}

fn message_columns<'a>() -> &'a [TableColumn<MessageCsvRow<'a>>] {
    columns! {
        sequence "" = |m| TableCell::Whole(m.sequence), "Number of the row, from 1.";
        conversation "" = |m| TableCell::Whole(m.message.conversation), "Number of the conversation, in the order of openings.";
        client "" = |m| TableCell::Whole(m.message.client), "Number of the client's first conversation.";
        skill "" = |m| TableCell::text(m.names.skill(m.message.skill)), "Skill from then on.";
        time "" = |m| TableCell::word(&m.at), "When, with the distance from UTC.";
        from "" = |m| TableCell::word(m.message.fact.from.word()), "Who did it: consumer, agent or system.";
        agent "" = |m| TableCell::text(m.message.fact.agent.map(|agent| m.names.agent(agent)).unwrap_or_default()), "Who wrote, got it, lost it, handed it over, parked it or had it.";
        event "" = |m| TableCell::word(m.message.fact.event.word()), "What happened.";
        cause "" = |m| TableCell::word(m.message.fact.cause.map(|cause| cause.word()).unwrap_or_default()), "Why.";
        state "" = |m| TableCell::word(m.message.fact.state.map(|state| logged(state).word()).unwrap_or_default()), "State of the agent who lost it.";
    }
}

static PRESENCE_COLUMNS: &[TableColumn<PresenceCsvRow>] = columns! {
    agent "" = |p| TableCell::text(&p.agent), "Agent.";
    time "" = |p| TableCell::word(&p.at), "When, with the distance from UTC.";
    state "" = |p| TableCell::word(p.state.word()), "State from then on: online, away or offline.";
    cause "" = |p| TableCell::text(&p.cause), "Of away the reason, of offline logout or session_timeout.";
};
