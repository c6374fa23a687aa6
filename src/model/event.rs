//! What happened, as told to the ledger: the audit trail (E15) and the facts that the measures need.

use crate::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, ReasonId, SkillId};
use crate::base::time::{Span, Time};

use super::settings::SlotWeight;

/// Status of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Someone must act.
    New,
    /// The agent spoke last, or parked it.
    Pending,
    /// Closed.
    Resolved,
}

/// State of an agent as the platform sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AgentState {
    /// Logged in and available.
    Online,
    /// Logged in and away; every reason is the same to the rules.
    Away(ReasonId),
    /// Logged out.
    Offline,
}

impl AgentState {
    /// Online or Away (E12: Away is not logged out).
    pub fn is_logged_in(self) -> bool {
        self != Self::Offline
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// An agent.
    Agent(AgentId),
    /// The consumer.
    Consumer,
    /// The platform.
    System,
}

/// Why a conversation changed its owner or its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The consumer opened it: New, unowned.
    Opened,
    /// The router gave it to an agent (A1).
    Assigned,
    /// An agent claimed it (A1, E13).
    Claimed,
    /// The consumer wrote on a Pending conversation (A2, B5; with ownership removal off, B3).
    ConsumerMessage,
    /// The same while the owner was offline: New and unowned (B3).
    InboundWhileOffline,
    /// The owner replied (A4).
    Reply,
    /// The owner replied, and set a boomerang (B9).
    ReplyWithBoomerang,
    /// The owner let the consumer wait too long (A6).
    AutoUnassigned {
        /// State of the owner at that moment.
        state: AgentState,
        /// Time since the message from which the unassign clock ran (D1).
        waited: Span,
    },
    /// The owner logged out (B1).
    OwnerLoggedOut,
    /// A boomerang fired (B5; with ownership removal off, B4).
    Boomerang,
    /// The same while the owner was offline: New and unowned (B4).
    BoomerangWhileOffline,
    /// The owner parked it (B7).
    Parked,
    /// The owner gave it back to the queue (A10).
    ManualReturn,
    /// The owner gave it to another skill (A10).
    TransferredToSkill,
    /// The owner gave it to another agent (A10).
    TransferredToAgent,
    /// The owner gave it to an agent who was offline (B6).
    AssignedOffline,
    /// The owner put it into the queue for one agent (E16).
    Reserved {
        /// For whom.
        agent: AgentId,
        /// Until when nobody else may have it.
        until: Time,
    },
    /// That agent did not come in time: it is for everybody who has the skill (E16).
    FellBack,
    /// An agent who was offline at its assignment took it up on login (B6).
    TakenUp,
    /// The reply to the last message resolved it (A13).
    ResolvedByAgent,
    /// The consumer closed it.
    ResolvedByConsumer,
    /// The consumer left openly (A11).
    Abandoned,
    /// Nobody wrote for so long that the platform closed it.
    AutoClosed,
    /// The consumer wrote after the close: New again (A14).
    Reopened,
    /// It is an agent's when the run begins.
    CarriedOver,
}

impl Cause {
    /// What becomes of an answer that was begun when somebody else than its author brings about
    /// such a change (D14).
    pub fn takes_answer(self) -> AnswerTaken {
        match self {
            Self::AutoUnassigned { .. } => AnswerTaken::ByUnassign,
            Self::OwnerLoggedOut | Self::InboundWhileOffline | Self::BoomerangWhileOffline => {
                AnswerTaken::ByRemoval
            }
            _ => AnswerTaken::ByClose,
        }
    }
}

/// One record of the audit trail (E15): a change of owner or of status. Replaying the records of a
/// conversation gives its status and owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is kept.
    pub conversation: ConversationKey,
    /// Its name.
    pub id: ConversationId,
    /// Owner before.
    pub from: Option<AgentId>,
    /// Owner after; a resolved conversation has none (B8).
    pub to: Option<AgentId>,
    /// Status after.
    pub status: Status,
    /// Skill after.
    pub skill: SkillId,
    /// Assignment epoch after.
    pub epoch: Epoch,
    /// Who did it.
    pub actor: Actor,
    /// Why.
    pub cause: Cause,
}

/// The work that an answer took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenAnswer {
    /// When the agent started on it.
    pub started: Time,
    /// How long it worked on it, without pauses.
    pub worked: Span,
}

/// What took an answer that an agent had begun (D14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerTaken {
    /// The consumer waited too long (A6).
    ByUnassign,
    /// Its owner logged out (B1).
    ByRemoval,
    /// Its owner gave the conversation back at the end of the shift.
    ByHandBack,
    /// The conversation was over: the consumer left openly, or it was closed.
    ByClose,
}

/// Actions that came too late and did nothing (counted no-ops).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stale {
    /// An unassign deadline of an earlier epoch.
    Deadline,
    /// The end of a manual SLA that was over already.
    ManualSla,
    /// A (conversation, epoch) pair of an ownership removal that no longer held (E3).
    OwnershipRemoval,
    /// An act of an agent on a conversation that was no longer its own.
    AgentAct,
    /// A boomerang on a conversation that was not Pending any more.
    Boomerang,
}

/// One fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// A consumer opened a conversation. The first `Change` (cause `Opened`) follows at once.
    Opened {
        /// Where it is kept.
        conversation: ConversationKey,
        /// Its name.
        id: ConversationId,
        /// Skill asked for.
        skill: SkillId,
        /// Priority.
        priority: i16,
    },
    /// A change of owner or status.
    Change(Change),
    /// A closed conversation will not be opened again; told only where it could be (A14).
    ClosedForGood {
        /// Conversation.
        conversation: ConversationKey,
    },
    /// A consumer will come again: after an abandonment, or after a resolved contact.
    ComesAgain {
        /// The conversation that is over.
        conversation: ConversationKey,
        /// The next.
        next: ConversationId,
    },
    /// The consumer wrote, also with the opening. Comes before the `Change` it causes, but for one
    /// that opens a closed conversation again.
    ConsumerMessage {
        /// Conversation.
        conversation: ConversationKey,
        /// Whether an earlier message was still unanswered (A3).
        further: bool,
        /// Whether a running deadline moved because of it (D1).
        moved_deadline: bool,
    },
    /// An agent began an answer; it ends when it is delivered, lost, or crossed by a removal.
    AnswerBegun {
        /// Conversation.
        conversation: ConversationKey,
        /// Who writes.
        agent: AgentId,
    },
    /// An agent's reply was delivered. Comes before the `Change` it causes.
    Answered {
        /// Conversation.
        conversation: ConversationKey,
        /// Who replied.
        agent: AgentId,
        /// The first unanswered message; `None` for a follow-up that answered none (D6).
        waiting_since: Option<Time>,
        /// When the agent started on this answer.
        started: Time,
        /// How long the agent worked on it, without pauses.
        worked: Span,
        /// Whether the consumer had left silently.
        wasted: bool,
    },
    /// An answer that was begun, and may have been paused, went with its conversation (D14).
    AnswerLost {
        /// Conversation; it may be over by then.
        conversation: ConversationKey,
        /// Whose answer it was.
        agent: AgentId,
        /// What took it.
        taken: AnswerTaken,
        /// How long the agent had worked on it, without pauses.
        worked: Span,
    },
    /// A consumer's patience ended (A11). An open abandonment is followed by its `Change`.
    Abandoned {
        /// Conversation.
        conversation: ConversationKey,
        /// Whether the platform does not know.
        silent: bool,
    },
    /// A manual SLA was set (`until` = its end) or ended (`None`).
    ManualSla {
        /// Conversation.
        conversation: ConversationKey,
        /// Its end, or `None` when it has ended.
        until: Option<Time>,
    },
    /// A deadline fell due under a manual SLA (A7); at most once per manual SLA.
    DeadlineSuppressed {
        /// Conversation.
        conversation: ConversationKey,
    },
    /// An answer crossed the removal of its conversation on the way: not delivered (D14). Where
    /// nothing takes time on the way, none does.
    LateReply {
        /// Conversation; it may be over by then.
        conversation: ConversationKey,
        /// Who wrote it.
        agent: AgentId,
    },
    /// A stale action did nothing.
    Stale(Stale),
    /// A claim was refused: somebody else was first (E13).
    ClaimRefused {
        /// Who claimed.
        agent: AgentId,
    },
    /// A conversation woke up, or was handed over, above its owner's limit.
    Overshoot {
        /// Conversation.
        conversation: ConversationKey,
        /// The owner.
        agent: AgentId,
    },
    /// Slots in use by an agent, by weight, after a change.
    SlotsInUse {
        /// Agent.
        agent: AgentId,
        /// Sum of the weights of its open conversations.
        used: SlotWeight,
    },
    /// An agent changed its state. All agents begin Offline.
    AgentState {
        /// Agent.
        agent: AgentId,
        /// State after.
        state: AgentState,
    },
    /// An agent began (or ended) being unresponsive while logged in.
    Unresponsive {
        /// Agent.
        agent: AgentId,
        /// After.
        unresponsive: bool,
    },
    /// An agent began (or ended) working: writing, deciding on a hand-over, wrapping up.
    Busy {
        /// Agent.
        agent: AgentId,
        /// After.
        busy: bool,
    },
    /// An agent began (or ended) closing: shift over, finishing first.
    Closing {
        /// Agent.
        agent: AgentId,
        /// After.
        closing: bool,
    },
    /// A planned absence began late, or was lost because its agent was not there (D24).
    PlanLate {
        /// Agent.
        agent: AgentId,
        /// Planned to actual beginning; `None` if it never began.
        delay: Option<Span>,
        /// Time of it that was lost.
        lost: Span,
    },
    /// A shift ended without the routine of its end: the agent was interrupted or cut off.
    EndOfShiftMissed {
        /// Agent.
        agent: AgentId,
    },
    /// An agent was told at login of an assignment made while it was offline (B6, E11).
    Notified {
        /// Agent.
        agent: AgentId,
        /// The conversation's name.
        id: ConversationId,
        /// Whether the assignment had gone by then.
        stale: bool,
    },
}
