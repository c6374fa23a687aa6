//! Facts of a run → rows of conversations and states of agents.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::ids::{AgentId, ConversationId, ConversationKey, SkillId};
use crate::base::time::Time;
use crate::log::form::{LoggedEvent, LoggedParty};
use crate::model::event::{AgentState, Cause, Change, Event};
use crate::scenario::Plan;

use super::message_facts::{MessageFact, facts_of};

/// What a platform writes down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RecordedRow {
    /// Of a conversation.
    Message(RecordedMessage),
    /// Of an agent.
    State(RecordedState),
}

/// A row of a conversation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecordedMessage {
    /// When, since the start of the run.
    pub at: Time,
    /// Which; they are counted in the order of their openings, from 1.
    pub conversation: u64,
    /// The number of the client's first.
    pub client: u64,
    /// Its skill from then on.
    pub skill: SkillId,
    /// What happened.
    pub fact: MessageFact,
}

/// A state of an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedState {
    /// From when on, since the start of the run.
    pub at: Time,
    /// Whose.
    pub agent: AgentId,
    /// The state.
    pub state: AgentState,
    /// Whether it is Offline as its connection was lost, and its session ended.
    pub is_session_timeout: bool,
}

/// Notes what a platform sees of a run, or of several that follow each other. Its size depends on the open
/// conversations, on clients who will come again, and on the agents.
#[derive(Debug)]
pub struct RunRecorder {
    plan: Arc<Plan>,
    conversations: u64,
    /// By slot.
    kept: Vec<Option<KeptConversation>>,
    /// Clients who will come again, by the name of their next conversation.
    to_come: BTreeMap<ConversationId, u64>,
    agents: Vec<KeptAgent>,
    /// An owner that a conversation gets back with a message that is written after it.
    reopened: Option<Change>,
}

/// A conversation as the log names it.
#[derive(Clone, Copy, Debug)]
struct KeptConversation {
    generation: u32,
    /// Conversations are counted in the order of their openings.
    number: u64,
    /// The number of the client's first.
    client: u64,
    skill: SkillId,
}

#[derive(Clone, Copy, Debug)]
struct KeptAgent {
    state: AgentState,
    /// Since when it has not responded, and when that ended, if it has.
    unresponsive: Option<Unresponsive>,
}

#[derive(Clone, Copy, Debug)]
struct Unresponsive {
    since: Time,
    until: Option<Time>,
}

impl RunRecorder {
    /// Of runs of a plan.
    pub fn new(plan: Arc<Plan>) -> Self {
        let mut recorder = Self {
            conversations: 0,
            kept: Vec::new(),
            to_come: BTreeMap::new(),
            agents: Vec::new(),
            reopened: None,
            plan,
        };
        recorder.begin_run();
        recorder
    }

    /// A run begins at which nobody is there yet.
    pub fn begin_run(&mut self) {
        let nobody = KeptAgent { state: AgentState::Offline, unresponsive: None };
        self.agents = vec![nobody; self.plan.centre.agents().count()];
        (self.kept, self.to_come) = (Vec::new(), BTreeMap::new());
    }

    /// Conversations so far.
    pub fn conversations(&self) -> u64 {
        self.conversations
    }

    /// Who is logged in.
    pub fn logged_in(&self) -> impl Iterator<Item = AgentId> + '_ {
        let agents = (0..).map(AgentId).zip(&self.agents);
        agents.filter(|(_, agent)| agent.state.is_logged_in()).map(|(agent, _)| agent)
    }

    /// Adds the rows of a fact, in order.
    pub fn record(&mut self, at: Time, event: &Event, rows: &mut Vec<RecordedRow>) {
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
                let fact = MessageFact::message(LoggedParty::Consumer, None);
                rows.extend(self.row(at, conversation, fact));
                if let Some(change) = self.reopened.take() {
                    self.change(at, &change, rows);
                }
            }
            Event::Answered { conversation, agent, .. } => {
                let fact = MessageFact::message(LoggedParty::Agent, Some(agent));
                rows.extend(self.row(at, conversation, fact));
            }
            Event::Change(change) if change.cause == Cause::Reopened => {
                self.reopened = Some(change);
            }
            Event::Change(change) => self.change(at, &change, rows),
            Event::AgentState { agent, state } => rows.push(self.state_row(at, agent, state)),
            Event::Unresponsive { agent, unresponsive } => {
                self.responds(at, agent, !unresponsive);
            }
            _ => {}
        }
    }

    /// The row of a state that an agent has from now on.
    pub fn state_row(&mut self, at: Time, agent: AgentId, state: AgentState) -> RecordedRow {
        let is_session_timeout = state == AgentState::Offline && self.session_timed_out(at, agent);
        if let Some(kept) = self.agents.get_mut(agent.0 as usize) {
            kept.state = state;
        }
        RecordedRow::State(RecordedState { at, agent, state, is_session_timeout })
    }

    fn opened(&mut self, key: ConversationKey, id: ConversationId, skill: SkillId) {
        self.conversations += 1;
        let number = self.conversations;
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

    fn change(&mut self, at: Time, change: &Change, rows: &mut Vec<RecordedRow>) {
        let slot = change.conversation.slot as usize;
        if let Some(Some(kept)) = self.kept.get_mut(slot) {
            kept.skill = change.skill;
        }
        rows.extend(facts_of(change).filter_map(|fact| self.row(at, change.conversation, fact)));
    }

    fn row(&self, at: Time, key: ConversationKey, fact: MessageFact) -> Option<RecordedRow> {
        let KeptConversation { number: conversation, client, skill, .. } = self.kept(key)?;
        let loses = fact.event == LoggedEvent::Unassigned;
        let state = fact.state.or_else(|| {
            let agent = fact.agent.filter(|_| loses)?;
            Some(self.agents.get(agent.0 as usize)?.state)
        });
        let fact = MessageFact { state, ..fact };
        Some(RecordedRow::Message(RecordedMessage { at, conversation, client, skill, fact }))
    }

    fn responds(&mut self, at: Time, agent: AgentId, responds: bool) {
        let Some(agent) = self.agents.get_mut(agent.0 as usize) else { return };
        match &mut agent.unresponsive {
            Some(unresponsive) if responds => unresponsive.until = Some(at),
            unresponsive => *unresponsive = Some(Unresponsive { since: at, until: None }),
        }
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
