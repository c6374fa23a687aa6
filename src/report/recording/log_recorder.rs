//! Facts of a run → rows of `messages.csv` and `presence.csv`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use crate::base::calendar::Calendar;
use crate::base::ids::{AgentId, ConversationId, ConversationKey, SkillId};
use crate::base::time::{Span, Time};
use crate::log::form::{
    LOGGED_OUT, LogWord as _, LoggedEvent, LoggedParty, LoggedState, SESSION_TIMEOUT,
};
use crate::model::event::{AgentState, Cause, Change, Event};
use crate::report::columns::{CsvTable, TableCell, TableColumn, WriteTable as _, columns};
use crate::report::names::CentreNames;
use crate::scenario::Plan;

use super::message_facts::{MessageFact, facts_of};
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

/// Writes down what a platform sees of a run, or of several that follow each other. Its size depends on
/// the open conversations, on clients who will come again, and on the agents.
pub struct LogRecorder<W: Write> {
    plan: Arc<Plan>,
    calendar: Calendar,
    messages: CsvTable<W>,
    presence: CsvTable<W>,
    written: RecordedRows,
    /// By slot.
    kept: Vec<Option<KeptConversation>>,
    /// Clients who will come again, by the name of their next conversation.
    to_come: BTreeMap<ConversationId, u64>,
    agents: Vec<KeptAgent>,
    /// An owner that a conversation gets back with a message that is written after it.
    reopened: Option<Change>,
}

/// A conversation as the log names it.
#[derive(Clone, Copy)]
struct KeptConversation {
    generation: u32,
    /// Conversations are counted in the order of their openings.
    number: u64,
    /// The number of the client's first.
    client: u64,
    skill: SkillId,
}

#[derive(Clone, Copy)]
struct KeptAgent {
    state: AgentState,
    /// Since when it has not responded, and when that ended, if it has.
    unresponsive: Option<Unresponsive>,
}

#[derive(Clone, Copy)]
struct Unresponsive {
    since: Time,
    until: Option<Time>,
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
            messages,
            presence,
            written: RecordedRows::default(),
            kept: Vec::new(),
            to_come: BTreeMap::new(),
            agents: Vec::new(),
            reopened: None,
            plan,
        })
    }

    /// A run begins at which nobody is there yet; `calendar` says which dates it has.
    pub fn begin_stretch(&mut self, calendar: Calendar) {
        let nobody = KeptAgent { state: AgentState::Offline, unresponsive: None };
        self.agents = vec![nobody; self.plan.centre.agents().count()];
        (self.calendar, self.kept, self.to_come) = (calendar, Vec::new(), BTreeMap::new());
    }

    /// The run has ended before the next one begins, at `next`: who is still there logs out at the end
    /// of its shift.
    ///
    /// # Errors
    ///
    /// The rows cannot be written.
    pub fn end_stretch(&mut self, ended: Time, next: Time) -> io::Result<()> {
        let last = next - Span::from_micros(1);
        let agents = (0..).map(AgentId).zip(&self.agents);
        let there = agents.filter(|(_, agent)| agent.state.is_logged_in());
        let end = |agent| planned_end(&self.plan, agent, ended).map_or(ended, |end| end.max(ended));
        let mut logouts = Vec::from_iter(there.map(|(agent, _)| (end(agent).min(last), agent)));
        logouts.sort_unstable();
        for (at, agent) in logouts {
            self.presence_row(at, agent, AgentState::Offline)?;
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
        Ok(self.written)
    }

    /// Writes down what the platform sees of a fact.
    ///
    /// # Errors
    ///
    /// The rows cannot be written.
    pub fn record(&mut self, at: Time, event: &Event) -> io::Result<()> {
        match *event {
            Event::Opened { conversation, id, skill, .. } => {
                self.opened(conversation, id, skill);
            }
            Event::ComesAgain { conversation, next } => {
                if let Some(kept) = self.kept(conversation) {
                    self.to_come.insert(next, kept.client);
                }
            }
            Event::ConsumerMessage { conversation, .. } => {
                self.row(at, conversation, MessageFact::message(LoggedParty::Consumer, None))?;
                if let Some(change) = self.reopened.take() {
                    self.change(at, &change)?;
                }
            }
            Event::Answered { conversation, agent, .. } => {
                self.row(at, conversation, MessageFact::message(LoggedParty::Agent, Some(agent)))?;
            }
            Event::Change(change) if change.cause == Cause::Reopened => {
                self.reopened = Some(change);
            }
            Event::Change(change) => self.change(at, &change)?,
            Event::AgentState { agent, state } => self.presence_row(at, agent, state)?,
            Event::Unresponsive { agent, unresponsive } => {
                self.responds(at, agent, !unresponsive);
            }
            _ => {}
        }
        Ok(())
    }

    fn opened(&mut self, key: ConversationKey, id: ConversationId, skill: SkillId) {
        self.written.conversations += 1;
        let number = self.written.conversations;
        // One that goes on after a close has the place of the one before.
        let goes_on = self.kept(key).map(|kept| kept.client);
        let client = self.to_come.remove(&id).or(goes_on).unwrap_or(number);
        let slot = key.slot as usize;
        self.kept.resize(self.kept.len().max(slot + 1), None);
        self.kept[slot] =
            Some(KeptConversation { generation: key.generation, number, client, skill });
    }

    fn kept(&self, key: ConversationKey) -> Option<KeptConversation> {
        let kept = self.kept.get(key.slot as usize).copied().flatten()?;
        (kept.generation == key.generation).then_some(kept)
    }

    fn change(&mut self, at: Time, change: &Change) -> io::Result<()> {
        let slot = change.conversation.slot as usize;
        if let Some(Some(kept)) = self.kept.get_mut(slot) {
            kept.skill = change.skill;
        }
        facts_of(change).try_for_each(|fact| self.row(at, change.conversation, fact))
    }

    fn row(&mut self, at: Time, key: ConversationKey, fact: MessageFact) -> io::Result<()> {
        let Some(kept) = self.kept(key) else { return Ok(()) };
        self.written.messages += 1;
        let loses = fact.event == LoggedEvent::Unassigned;
        let state = fact.state.or_else(|| {
            let agent = fact.agent.filter(|_| loses)?;
            Some(self.agents.get(agent.0 as usize)?.state)
        });
        let row = MessageCsvRow {
            names: CentreNames::new(&self.plan.centre),
            sequence: self.written.messages,
            at: self.calendar.written_exactly(at).unwrap_or_default(),
            kept,
            fact: MessageFact { state, ..fact },
        };
        self.messages.row(message_columns(), &row)
    }

    fn responds(&mut self, at: Time, agent: AgentId, responds: bool) {
        let Some(agent) = self.agents.get_mut(agent.0 as usize) else { return };
        match &mut agent.unresponsive {
            Some(unresponsive) if responds => unresponsive.until = Some(at),
            unresponsive => *unresponsive = Some(Unresponsive { since: at, until: None }),
        }
    }

    fn presence_row(&mut self, at: Time, agent: AgentId, state: AgentState) -> io::Result<()> {
        let is_timeout = state == AgentState::Offline && self.session_timed_out(at, agent);
        let cause = match state {
            AgentState::Online => String::new(),
            AgentState::Away(reason) => {
                let reason = self.plan.centre.reasons.get(usize::from(reason.0));
                reason.map(|reason| reason.name.clone()).unwrap_or_default()
            }
            AgentState::Offline if is_timeout => SESSION_TIMEOUT.to_owned(),
            AgentState::Offline => LOGGED_OUT.to_owned(),
        };
        if let Some(kept) = self.agents.get_mut(agent.0 as usize) {
            *kept = KeptAgent { state, ..*kept };
        }
        self.written.presence += 1;
        let row = PresenceCsvRow {
            agent: CentreNames::new(&self.plan.centre).agent(agent),
            at: self.calendar.written_exactly(at).unwrap_or_default(),
            state: logged(state),
            cause,
        };
        self.presence.row(PRESENCE_COLUMNS, &row)
    }

    /// Whether a connection that was lost as long ago as a session lasts is why the agent is Offline:
    /// the platform ends the session itself, and writes that down.
    fn session_timed_out(&self, at: Time, agent: AgentId) -> bool {
        let unresponsive = self.agents.get(agent.0 as usize).and_then(|agent| agent.unresponsive);
        let Some((unresponsive, member)) = unresponsive.zip(self.plan.centre.member(agent)) else {
            return false;
        };
        let group = &self.plan.centre.groups[usize::from(member.group.0)];
        let ends_now = unresponsive.until.is_none_or(|until| until == at);
        ends_now && at - unresponsive.since == group.session_timeout
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
    kept: KeptConversation,
    fact: MessageFact,
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
        conversation "" = |m| TableCell::Whole(m.kept.number), "Number of the conversation, in the order of openings.";
        client "" = |m| TableCell::Whole(m.kept.client), "Number of the client's first conversation.";
        skill "" = |m| TableCell::text(m.names.skill(m.kept.skill)), "Skill from then on.";
        time "" = |m| TableCell::word(&m.at), "When, with the distance from UTC.";
        from "" = |m| TableCell::word(m.fact.from.word()), "Who did it: consumer, agent or system.";
        agent "" = |m| TableCell::text(m.fact.agent.map(|agent| m.names.agent(agent)).unwrap_or_default()), "Who wrote, got it, lost it, handed it over, parked it or had it.";
        event "" = |m| TableCell::word(m.fact.event.word()), "What happened.";
        cause "" = |m| TableCell::word(m.fact.cause.map(|cause| cause.word()).unwrap_or_default()), "Why.";
        state "" = |m| TableCell::word(m.fact.state.map(|state| logged(state).word()).unwrap_or_default()), "State of the agent who lost it.";
    }
}

static PRESENCE_COLUMNS: &[TableColumn<PresenceCsvRow>] = columns! {
    agent "" = |p| TableCell::text(&p.agent), "Agent.";
    time "" = |p| TableCell::word(&p.at), "When, with the distance from UTC.";
    state "" = |p| TableCell::word(p.state.word()), "State from then on: online, away or offline.";
    cause "" = |p| TableCell::text(&p.cause), "Of away the reason, of offline logout or session_timeout.";
};
