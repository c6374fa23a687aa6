//! The work of a reply that stands behind a handle time.

use crate::base::closed_queue::ClosedQueue;
use crate::base::ids::SkillId;
use crate::model::settings::{AgentGroup, Attention, SkillSettings};

/// Who answers, as far as has been read.
#[derive(Clone, Copy)]
pub(super) struct Answering<'a> {
    pub(super) groups: &'a [&'a AgentGroup],
    pub(super) skills: &'a [SkillSettings],
}

/// What a handle time is the time of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HandleTimeIs {
    /// Somebody works on the conversation, wrap-up included.
    Active,
    /// From the assignment to the close.
    Owned,
    /// From the assignment to the end of the wrap-up.
    Session,
}

/// The conversations of a handle time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct HandledConversations {
    pub(super) is: HandleTimeIs,
    /// How many an agent had at a time, in the mean.
    pub(super) at_concurrency: f64,
    /// Turns of one, in the mean.
    pub(super) turns: f64,
    /// Mean time between an answer and the next turn, seconds.
    pub(super) think: f64,
}

/// How handle times about a skill become work.
pub(super) struct Derivation {
    pub(super) of: HandledConversations,
    parts: Vec<AnsweringPart>,
}

/// Agents who are alike.
struct AnsweringPart {
    /// Their share of those who have the skill.
    share: f64,
    /// Mean work of a reply, seconds, alone and at speed 1.
    reply: f64,
    cv: f64,
    /// What that is multiplied by where as many conversations were open as at the measurement.
    pace: f64,
    wrap_up: f64,
    attention: Attention,
}

impl Derivation {
    /// That of the agents who have a skill; none if nobody has it.
    pub(super) fn of_skill(
        answering: Answering<'_>,
        skill: SkillId,
        of: HandledConversations,
    ) -> Option<Self> {
        let of_skill = answering.skills.get(usize::from(skill.0));
        let of_skill = of_skill.and_then(|own| own.reply_time.as_ref());
        let mut parts = Vec::new();
        for group in answering.groups {
            for part in group.uniform_parts() {
                if part.group.count == 0 || !part.group.skills.contains(&skill) {
                    continue;
                }
                let reply_time = part.group.reply_time_for(skill, of_skill);
                parts.push(AnsweringPart {
                    share: f64::from(part.group.count),
                    reply: reply_time.mean(),
                    cv: reply_time.cv(),
                    pace: pace(&part.group, of.at_concurrency) / part.speed,
                    wrap_up: part.group.wrap_up.mean(),
                    attention: part.group.attention,
                });
            }
        }
        let agents: f64 = parts.iter().map(|part| part.share).sum();
        parts.iter_mut().for_each(|part| part.share /= agents);
        let has_any = !parts.is_empty();
        has_any.then_some(Self { of, parts })
    }

    /// Mean reply time of the agents, seconds.
    pub(super) fn reply(&self) -> f64 {
        self.mean(|part| part.reply)
    }

    /// The handle time of conversations whose replies take no work, seconds: any other is longer.
    pub(super) fn shortest(&self) -> f64 {
        self.handle_time(0.0)
    }

    /// The time in which consumers think, seconds a conversation, where it is a part of the handle time.
    pub(super) fn thinking(&self) -> f64 {
        match self.of.is {
            HandleTimeIs::Active => 0.0,
            HandleTimeIs::Owned | HandleTimeIs::Session => {
                (self.of.turns - 1.0).max(0.0) * self.of.think
            }
        }
    }

    /// Mean time from a message to its answer, seconds, where reply times are multiplied by a factor.
    pub(super) fn latency(&self, factor: f64) -> f64 {
        self.mean(|part| self.latency_of(part, factor))
    }

    /// The factor on the reply times of the agents with which a handle time comes about; none if no
    /// positive one does.
    pub(super) fn factor(&self, handle_time: f64) -> Option<f64> {
        if handle_time <= self.shortest() || self.reply() <= 0.0 {
            return None;
        }
        let (mut low, mut high) = (0.0, 1.0);
        while self.handle_time(high) < handle_time {
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..BISECTIONS {
            let middle = (low + high) / 2.0;
            let is_short = self.handle_time(middle) < handle_time;
            (low, high) = if is_short { (middle, high) } else { (low, middle) };
        }
        Some(f64::midpoint(low, high))
    }

    /// Grows with the factor.
    fn handle_time(&self, factor: f64) -> f64 {
        let wrap_up = self.mean(|part| part.wrap_up);
        match self.of.is {
            HandleTimeIs::Active => {
                self.of.turns * self.mean(|part| factor * part.reply * part.pace) + wrap_up
            }
            HandleTimeIs::Owned => self.of.turns * self.latency(factor) + self.thinking(),
            HandleTimeIs::Session => {
                self.of.turns * self.latency(factor) + self.thinking() + wrap_up
            }
        }
    }

    /// An agent who writes one reply at a time is a server to whom the conversations that it has come
    /// again and again. By Little's law they come one think time, or the opening of the next, after each
    /// answer; a wrap-up keeps the others waiting.
    fn latency_of(&self, part: &AnsweringPart, factor: f64) -> f64 {
        let work = factor * part.reply * part.pace;
        if part.attention == Attention::Parallel {
            return work;
        }
        let wrap_up = part.wrap_up / self.of.turns;
        let queue = ClosedQueue {
            customers: self.of.at_concurrency,
            think: (self.of.turns - 1.0).max(0.0) * self.of.think / self.of.turns,
            cv: part.cv,
        };
        queue.response(work + wrap_up) - wrap_up
    }

    fn mean(&self, of: impl Fn(&AnsweringPart) -> f64) -> f64 {
        self.parts.iter().map(|part| part.share * of(part)).sum()
    }
}

/// D26, between two whole numbers of conversations.
fn pace(group: &AgentGroup, open: f64) -> f64 {
    let (below, above) = (libm::floor(open), libm::ceil(open));
    let [low, high] = [below, above].map(|open| group.slowdown_with(open as u32));
    low + (high - low) * (open - below)
}

/// Until the halves of an interval are one number.
const BISECTIONS: u32 = 100;
