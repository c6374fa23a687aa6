//! What agents do with a turn besides answering: parking, extra time, handing over.

use crate::base::distribution::Distribution;
use crate::base::ids::{GroupId, SkillId};
use crate::base::time::Span;

/// Parking (B7): instead of answering, the agent sets the conversation Pending with a boomerang.
#[derive(Clone, Debug, PartialEq)]
pub struct Parking {
    /// Probability that a turn is parked, once a turn.
    pub share: f64,
    /// Work until the agent parks, seconds.
    pub after: Distribution,
    /// Time until the boomerang, seconds.
    pub boomerang: Distribution,
}

/// A boomerang set with a reply (B9): answered, and back after a time if the consumer is silent.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplyBoomerang {
    /// Probability that a reply sets one.
    pub share: f64,
    /// Time from the reply to the boomerang, seconds.
    pub after: Distribution,
    /// What the owner does when it comes.
    pub then: BoomerangThen,
}

/// The boomerangs that the agents of a group set with their replies.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum GroupBoomerang {
    /// That of the conversation's skill, if it has one.
    #[default]
    OfSkill,
    /// Their own whatever the skill; `None` = they set none.
    Own(Option<ReplyBoomerang>),
}

/// What the owner of a conversation does when a boomerang brings it back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoomerangThen {
    /// Writes again.
    #[default]
    FollowUp,
    /// Closes it, which takes no time.
    Resolve,
}

/// Use of the manual SLA (D5): set when the agent starts on a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct ManualSla {
    /// Probability that the agent sets it on a turn.
    pub share: f64,
    /// Only when the work drawn for the answer exceeds this.
    pub if_longer_than: Span,
    /// Extra time asked for, seconds.
    pub length: Distribution,
    /// The agent cancels it this long after setting it, seconds; `None` = never.
    pub cancel_after: Option<Distribution>,
}

/// Handing a conversation over instead of answering it.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOver {
    /// Probability that a turn is handed over, once a turn.
    pub share: f64,
    /// Work until the agent hands over, seconds.
    pub after: Distribution,
    /// To whom.
    pub to: HandOverTo,
}

/// To whom a conversation is handed.
#[derive(Clone, Debug, PartialEq)]
pub enum HandOverTo {
    /// Back to the queue of the same skill: manual return (A10).
    Queue,
    /// To the queue of another skill (A10).
    Skill(SkillId),
    /// To one agent of a group, drawn by the conversation: its dedicated specialist (A10, B6).
    Specialist {
        /// The group of specialists.
        group: GroupId,
        /// The skill that it needs from then on (B10); `None` = the one that it needed before.
        needs: Option<SkillId>,
        /// How it gets there (E16).
        mode: HandOverMode,
    },
}

/// How a conversation gets to the agent to whom it is handed over (E16).
#[derive(Clone, Debug, PartialEq)]
pub enum HandOverMode {
    /// At once, whatever that agent's state and slots.
    Assign {
        /// In which status an offline one is given it (B6).
        offline: OfflineAssignment,
    },
    /// It waits in the queue until that agent is Online with a free slot.
    Reserve {
        /// After this time it is in the queue for everybody who has the skill.
        fallback_after: Span,
    },
}

/// The status in which an offline specialist is given a conversation (B6).
#[derive(Clone, Debug, PartialEq)]
pub enum OfflineAssignment {
    /// New, which nobody works on until the specialist logs in.
    New,
    /// Pending, as recommended.
    Pending {
        /// Time until a boomerang brings it back, seconds; `None` = no boomerang.
        boomerang: Option<Distribution>,
    },
}
