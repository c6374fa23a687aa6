//! What consumers are like: when they come, what they write, how long they wait.

use crate::base::arrivals::ArrivalProcess;
use crate::base::distribution::Distribution;
use crate::base::ids::{AgentId, SkillId};
use crate::base::time::Time;

use super::WorkFactors;

/// Consumers who share parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerKind {
    /// Name.
    pub name: String,
    /// When they arrive.
    pub arrivals: ArrivalProcess,
    /// Those whose conversations are open when the run begins.
    pub backlog: Vec<BacklogConversation>,
    /// Skills they ask for with their probabilities, which add up to 1.
    pub skills: Vec<(SkillId, f64)>,
    /// Higher numbers are served first; `None` = that of the skill.
    pub priority: Option<i16>,
    /// What the work of replies to them is multiplied by, from a handle time.
    pub work: WorkFactors,
    /// How many turns a conversation has.
    pub messages: Turns,
    /// Several messages in a row in one turn.
    pub burst: Option<Burst>,
    /// Time from an answer to the next turn, seconds.
    pub think: Distribution,
    /// Patience for the first answer, seconds.
    pub patience: Patience,
    /// Share of abandonments that the platform does not see.
    pub silent_share: f64,
    /// Share of consumers who close the conversation themselves on reading the last answer;
    /// matters only with `resolve.after`.
    pub closes_share: f64,
    /// Coming back after abandoning.
    pub returns: Option<Returns>,
    /// Coming again after a contact that was resolved.
    pub recontacts: Option<Recontacts>,
}

/// A conversation that was opened before the run begins and goes on in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BacklogConversation {
    /// When its consumer opened it, before the start.
    pub opened: Time,
    /// The last message so far: of the consumer if it is New, of the owner if it is Pending. Not before
    /// the opening.
    pub last_message: Time,
    /// Whose it is; a Pending one is somebody's.
    pub owner: Option<AgentId>,
    /// Whether its owner has answered all; else its consumer awaits the first answer.
    pub is_pending: bool,
}

/// Number of turns of a conversation: a turn is what the consumer writes until it is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turns {
    /// Always this many (≥ 1).
    Fixed(u32),
    /// Each answer ends the conversation with this probability.
    Geometric(f64),
    /// The conversation never ends by itself.
    Unlimited,
}

/// Several messages in a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Burst {
    /// Messages in a turn, rounded to the nearest whole number, at least 1.
    pub size: Distribution,
    /// Time between two of them, seconds.
    pub gap: Distribution,
}

/// How long consumers wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Patience {
    /// For the first answer (or assignment), seconds; `None` = for ever.
    pub first: Option<Distribution>,
    /// What ends the first wait.
    pub until: PatienceUntil,
    /// For every later answer, seconds; `None` = for ever.
    pub later: Option<Distribution>,
}

/// What ends the first wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatienceUntil {
    /// The first answer.
    FirstAnswer,
    /// The first assignment.
    Assignment,
}

/// Coming back after abandoning.
#[derive(Clone, Debug, PartialEq)]
pub struct Returns {
    /// Probability of coming back after an abandonment.
    pub share: f64,
    /// Time until then, seconds.
    pub after: Distribution,
    /// Visits of one consumer at most.
    pub at_most: u32,
}

/// Coming again after a contact that was resolved: about the same, or something new. Every contact
/// may be followed by another, so that one need means 1/(1 − share) contacts on average.
#[derive(Clone, Debug, PartialEq)]
pub struct Recontacts {
    /// Probability that a resolved contact is followed by another.
    pub share: f64,
    /// Time from the close until then, seconds.
    pub after: Distribution,
}

impl ConsumerKind {
    /// What the work drawn for each reply is multiplied by, in a conversation about a skill that was
    /// opened at an instant.
    pub fn work_factor(&self, skill: SkillId, opened: Time) -> f64 {
        self.work.at(skill, opened)
    }

    /// The mean of that over the skills they ask for.
    pub fn mean_work_factor(&self, opened: Time) -> f64 {
        let of = |&(skill, share): &(SkillId, f64)| share * self.work_factor(skill, opened);
        if self.work.0.is_empty() { 1.0 } else { self.skills.iter().map(of).sum() }
    }
}
