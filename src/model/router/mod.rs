//! The router: the platform's half of the rules, and the only place where a conversation changes
//! its owner or its status.
//!
//! | rules | file |
//! |---|---|
//! | A1, D8, D10–D12, D21, D22, D25, E13: who gets a conversation | `assignment`, `agent_table` |
//! | A4, A8, A10, A13, B6, B7, B9, B10: what agents do with one | `acts` |
//! | E16: one that waits for one agent | `reservations` |
//! | A2, A3, A11, E9: what consumers and clocks do with one | `inbound` |
//! | what is open when the run begins | `carried_over` |
//! | A12, A14, A15, B8: how one is closed, and what comes after | `close` |
//! | A5–A9, D1–D6, D14, D20: automatic unassignment | `unassign` |
//! | B1–B6, E2–E5, E11: logout, login, ownership removal | `ownership` |
//! | E14, E15: the change itself | `transition` |
//! | A10: from one router to another | `transfer` |

mod acts;
mod agent_table;
mod assignment;
mod carried_over;
mod close;
mod conversation;
mod destination;
mod inbound;
mod ownership;
mod queue;
mod reservations;
mod transfer;
mod transition;
mod unassign;

use std::sync::Arc;

use crate::base::ids::{AgentId, ConversationId, ConversationKey};
use crate::base::stream::Streams;
use crate::base::time::Time;

use super::behaviour::{Behaviour, Outbox};
use super::event::Status;
use super::message::{RouterMessage, RouterTimer};
use super::settings::Centre;

use agent_table::AgentTable;
use conversation::{Conversations, Opening};
use queue::Queue;

pub use transfer::{Released, TransferredConversation};

/// The platform: queue, slots, owners and clocks.
#[derive(Clone, Debug)]
pub struct Router {
    centre: Arc<Centre>,
    streams: Streams,
    conversations: Conversations,
    queue: Queue,
    agents: AgentTable,
    /// Whether a service of the queue is already on the agenda for this instant.
    service_requested: bool,
    /// The opening at which one is on the agenda (D25).
    service_at_opening: Option<Time>,
}

/// A live conversation as the router knows it, for checks against the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveConversation {
    /// Where it is kept.
    pub key: ConversationKey,
    /// Its name.
    pub id: ConversationId,
    /// Owner.
    pub owner: Option<AgentId>,
    /// Status.
    pub status: Status,
}

impl Router {
    /// A router with an empty queue and everybody offline.
    pub fn new(centre: Arc<Centre>, streams: Streams) -> Self {
        Self {
            streams,
            conversations: Conversations::default(),
            queue: Queue::new(centre.skills.len()),
            agents: AgentTable::new(&centre),
            service_requested: false,
            service_at_opening: None,
            centre,
        }
    }

    /// Number of open conversations.
    pub fn open(&self) -> usize {
        self.conversations.open()
    }

    /// Closed conversations whose consumers mean to write again (A14).
    pub fn closed(&self) -> impl Iterator<Item = ConversationKey> + '_ {
        self.conversations.closed()
    }

    /// How often a consumer has said something since the opening; `None` of one who has done.
    pub fn heard(&self, conversation: ConversationKey) -> Option<u32> {
        self.conversations.kept(conversation).map(|kept| kept.heard)
    }

    /// All live conversations by slot.
    pub fn live(&self) -> impl Iterator<Item = LiveConversation> + '_ {
        self.conversations.iter().map(|(key, conversation)| LiveConversation {
            key,
            id: conversation.id,
            owner: conversation.owner,
            status: conversation.status,
        })
    }
}

impl Behaviour for Router {
    type Message = RouterMessage;
    type Timer = RouterTimer;

    fn receive(&mut self, now: Time, message: RouterMessage, outbox: &mut Outbox) {
        match message {
            RouterMessage::Open { conversation: key, id, skill, priority, last } => {
                let kind = &self.centre.kinds[usize::from(id.kind().0)];
                let work_factor = kind.work_factor(skill, now);
                let opening = Opening { key, id, skill, priority, last, work_factor };
                self.open_conversation(now, &opening, outbox);
            }
            RouterMessage::Say { conversation, said } => {
                self.consumer_says(now, conversation, said, outbox);
            }
            RouterMessage::Act { agent, conversation, epoch, act } => {
                self.agent_acts(now, acts::AgentAct { agent, conversation, epoch, act }, outbox);
            }
            RouterMessage::AgentState { agent, state, closing } => {
                self.agent_changes_state(now, agent, state, outbox);
                self.agent_closes(now, agent, closing, outbox);
            }
            RouterMessage::Restore { agent } => self.tells_what_is_owned(agent, outbox),
            RouterMessage::CatchUp { conversation, awaits, said } => {
                self.consumer_catches_up(now, conversation, awaits, said, outbox);
            }
            RouterMessage::Look { agent, look } => self.agent_looks(now, agent, look, outbox),
            RouterMessage::Claim { agent, conversation } => {
                self.agent_claims(now, agent, conversation, outbox);
            }
        }
    }

    fn due(&mut self, now: Time, timer: RouterTimer, outbox: &mut Outbox) {
        match timer {
            RouterTimer::Serve | RouterTimer::Readmit { .. } => self.serve(now, outbox),
            RouterTimer::Inactive { conversation, spell } => {
                self.becomes_inactive(now, conversation, spell, outbox);
            }
            RouterTimer::Boomerang { conversation, generation } => {
                self.boomerang_fires(now, conversation, generation, outbox);
            }
            RouterTimer::ManualSlaEnds { conversation, generation } => {
                self.manual_sla_expires(now, conversation, generation, outbox);
            }
            RouterTimer::RemoveOwnership { agent, removal } => {
                self.removal_is_due(now, agent, removal, outbox);
            }
            RouterTimer::Unassign { conversation } => {
                self.deadline_is_due(now, conversation, outbox);
            }
            RouterTimer::FallBack { conversation, epoch } => {
                self.fall_back_is_due(now, conversation, epoch, outbox);
            }
            RouterTimer::Close { conversation } => self.close_is_due(now, conversation, outbox),
        }
    }
}
