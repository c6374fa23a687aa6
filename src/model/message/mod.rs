//! What the router, agents and consumers say to each other, and the timers they set.
//!
//! Nothing here derives from an actor framework: the hosts wrap letters in their own envelopes.

use std::num::NonZeroU32;

use crate::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, SkillId};
use crate::base::time::{Span, Time};

use super::event::{AgentState, AnswerTaken};
use super::settings::BoomerangThen;

mod act;
mod visit;

pub use act::{Act, OfflineStatus, SetBoomerang};

pub use visit::{ClientHistory, Visit};

/// A message and whom it is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Letter {
    /// For the router.
    Router(RouterMessage),
    /// For an agent.
    Agent(AgentId, AgentMessage),
    /// For the consumer of a conversation.
    Consumer(ConversationKey, ConsumerMessage),
}

/// A timer and whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// For the router.
    Router(RouterTimer),
    /// For an agent.
    Agent(AgentId, AgentTimer),
    /// For the consumer of a conversation; void once the consumer has gone.
    Consumer(ConversationKey, ConsumerTimer),
    /// For the host: this consumer visits, as a new conversation.
    Visit(Visit),
}

/// What the router is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RouterMessage {
    /// A consumer opens a conversation with its first message.
    Open {
        /// Slot given by the host.
        conversation: ConversationKey,
        /// Name.
        id: ConversationId,
        /// Skill asked for.
        skill: SkillId,
        /// Priority; higher is served first.
        priority: i16,
        /// Whether the consumer means to write nothing after this message.
        last: bool,
    },
    /// A consumer says something.
    Say {
        /// Conversation.
        conversation: ConversationKey,
        /// What.
        said: ConsumerAct,
    },
    /// An agent acts on a conversation that it owned at `epoch`.
    Act {
        /// Who.
        agent: AgentId,
        /// On which conversation.
        conversation: ConversationKey,
        /// Epoch at which the agent got it.
        epoch: Epoch,
        /// What.
        act: Act,
    },
    /// An agent changed its state.
    AgentState {
        /// Who.
        agent: AgentId,
        /// State after.
        state: AgentState,
        /// Shift over, finishing first: not eligible.
        closing: bool,
    },
    /// An agent's actor has been replaced by one that knows nothing: it asks what it owns.
    Restore {
        /// Who.
        agent: AgentId,
    },
    /// A consumer's actor has been replaced: it asks what it has missed.
    CatchUp {
        /// Its conversation.
        conversation: ConversationKey,
        /// Whether it awaits an answer, as far as it knows.
        awaits: bool,
        /// The last that it has said since the opening, and how often it has said something: it may
        /// have been lost on the way.
        said: Option<(ConsumerAct, NonZeroU32)>,
    },
    /// An agent looks at the unowned conversations (pull mode).
    Look {
        /// Who.
        agent: AgentId,
        /// How often this agent has looked before: names the draw of a random pick.
        look: u32,
    },
    /// An agent claims a conversation it saw (pull mode).
    Claim {
        /// Who.
        agent: AgentId,
        /// Which.
        conversation: ConversationKey,
    },
}

/// What a consumer says after the opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerAct {
    /// It writes.
    Write {
        /// Whether it means to write nothing after this message.
        last: bool,
    },
    /// Its patience ended.
    Leave {
        /// Whether the platform does not notice.
        silent: bool,
        /// Whether it will come back. No rule of the platform reads it.
        returns: bool,
    },
    /// It closes the conversation after its last answer.
    Close,
}

/// What the router reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouterTimer {
    /// Serve the queue.
    Serve,
    /// Serve the queue, as an agent is no longer passed over for a conversation (D10).
    Readmit {
        /// Conversation.
        conversation: ConversationKey,
    },
    /// An idle Pending conversation begins to weigh less.
    Inactive {
        /// Conversation.
        conversation: ConversationKey,
        /// Generation of its Pending spell.
        spell: u32,
    },
    /// A boomerang is due.
    Boomerang {
        /// Conversation.
        conversation: ConversationKey,
        /// Its own generation; it survives changes of owner.
        generation: u32,
    },
    /// A manual SLA ends.
    ManualSlaEnds {
        /// Conversation.
        conversation: ConversationKey,
        /// Its own generation, dead with the epoch in which it was set.
        generation: u32,
    },
    /// Ownership removal of one logout.
    RemoveOwnership {
        /// Who logged out.
        agent: AgentId,
        /// Which of the agent's removals.
        removal: u32,
    },
    /// An unassign deadline may be due.
    Unassign {
        /// Conversation.
        conversation: ConversationKey,
    },
    /// A conversation waits for one agent no longer (E16).
    FallBack {
        /// Conversation.
        conversation: ConversationKey,
        /// Its epoch while it is reserved.
        epoch: Epoch,
    },
    /// A close may be due: by the agent (A15) or by the platform.
    Close {
        /// Conversation.
        conversation: ConversationKey,
    },
}

/// A conversation that an agent owns and should act on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Task {
    /// Conversation.
    pub conversation: ConversationKey,
    /// Its name, the key of its random streams.
    pub id: ConversationId,
    /// The skill that it needs.
    pub skill: SkillId,
    /// Epoch of the ownership.
    pub epoch: Epoch,
    /// Its clock.
    pub waiting_since: Time,
    /// Replies delivered so far: names the turn.
    pub turn: u32,
    /// Owners who had this turn before: names the draw of the effort.
    pub attempt: u16,
    /// What the work drawn for an answer is multiplied by.
    pub work_factor: f64,
    /// Whether a consumer message is unanswered; if not, a follow-up is due (D6).
    pub unanswered: bool,
    /// What is due if none is unanswered (B9).
    pub then: BoomerangThen,
}

/// What an agent is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AgentMessage {
    /// The run begins.
    Start,
    /// You stand in for an actor that has died; what it knew is lost.
    Restart,
    /// You are logged out, and kept out.
    LogOut,
    /// You are kept out no more.
    LogIn,
    /// Work out where you are, though nothing has changed: of such a hot agent gets many.
    Refresh,
    /// A Pending conversation is yours: the answer to [`RouterMessage::Restore`].
    Rests(ConversationKey),
    /// A conversation of yours asks for work.
    Work(Task),
    /// Your reply was delivered; the conversation is resolved, or Pending and still yours.
    Replied {
        /// Conversation.
        conversation: ConversationKey,
        /// Whether it answered the consumer's last message.
        answers_last: bool,
        /// Whether it is resolved.
        resolved: bool,
    },
    /// A conversation is yours no more, not by your own doing.
    Removed {
        /// Conversation.
        conversation: ConversationKey,
        /// Epoch at which you had it.
        epoch: Epoch,
        /// What takes the answer that you may have begun.
        taken: AnswerTaken,
    },
    /// So many conversations are open with you now, idle Pending ones by their weight (D26).
    Load {
        /// How many, rounded up.
        open: u32,
    },
    /// You were auto-unassigned and are taken out of service (D12).
    SetAway {
        /// For how long, if you are not interrupted.
        away_for: Span,
    },
    /// What you go for, after a look (pull mode).
    Saw {
        /// The conversation picked.
        conversation: Option<ConversationKey>,
    },
    /// A conversation was assigned to you while you were offline (B6, E11).
    Notified {
        /// Conversation.
        conversation: ConversationKey,
        /// Epoch of that assignment.
        epoch: Epoch,
    },
}

/// What an agent reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentTimer {
    /// The work in hand on a conversation is done.
    Done {
        /// Generation of that piece of work.
        generation: u32,
        /// Whether it ends in a reply, which comes first in its instant.
        reply: bool,
    },
    /// Wrap-up is over.
    WrapUpDone {
        /// Generation of that piece of work.
        generation: u32,
    },
    /// A shift begins or ends.
    Shift,
    /// The agent goes Away, as its shift is nearly over.
    Leaves {
        /// Which shift.
        shift: u32,
    },
    /// A late or closing agent must go now.
    MustGo {
        /// Which shift.
        shift: u32,
    },
    /// An absence begins.
    EpisodeBegins {
        /// Position in the group's list.
        episode: u16,
        /// Generation of the trigger; of a planned absence, the day of the run.
        generation: u16,
    },
    /// An absence ends.
    EpisodeEnds {
        /// Position in the group's list.
        episode: u16,
        /// Generation of the trigger.
        generation: u16,
    },
    /// The platform ends the session of a disconnected agent (E12).
    SessionTimeout {
        /// Position of the disconnect in the group's list.
        episode: u16,
        /// Generation of the trigger.
        generation: u16,
    },
    /// `unassign.away_for` is over.
    SetAwayEnds {
        /// Which.
        generation: u32,
    },
    /// Look at the queue (pull mode).
    Look {
        /// Login in which it was set.
        login: u32,
    },
    /// Claim what was seen (pull mode).
    Claim {
        /// Login in which it was seen.
        login: u32,
    },
    /// Cancel the manual SLA that was set.
    CancelManualSla {
        /// Number of the answer for which it was set.
        answer: u32,
    },
}

/// What a consumer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerMessage {
    /// Open your conversation now.
    Start,
    /// You stand in for an actor that has died; what was said to it since its last turn is lost.
    Restart,
    /// An agent got it (sent only to those whose patience ends with it).
    Assigned,
    /// An agent replied.
    Replied,
    /// It is closed.
    Resolved {
        /// Whether the router keeps it for what the consumer still means to say, or has said without
        /// being heard yet (A14). Else the actor ends.
        kept: bool,
    },
}

impl ConsumerMessage {
    /// Whether its consumer ends when it has handled this: the router listens no more. One who has left
    /// goes on for as long as its last words are under way, for what they open is its own.
    pub fn is_last(self) -> bool {
        self == Self::Resolved { kept: false }
    }
}

/// What a consumer reminds itself of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerTimer {
    /// Write the next message.
    Write,
    /// The patience of this wait ends. Waits count from 1: a [`Timer`] then takes 16 bytes.
    PatienceEnds(NonZeroU32),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_is_small() {
        assert_eq!(size_of::<Option<Timer>>(), 16);
    }
}
