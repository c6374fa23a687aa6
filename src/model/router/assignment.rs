//! Who gets a conversation (A1, D8, D10–D12, D21, D25, E13).
//!
//! Push: whenever an agent becomes eligible, a conversation enters or an exclusion lapses, the
//! queue is served, in its own place in the order of the instant. Pull: agents look, decide, claim;
//! the first claim wins. Both ask the same question, [`Router::admits`].

use crate::base::ids::{AgentId, ConversationKey, GroupId, SkillId};
use crate::base::stream::{Purpose, uniform};
use crate::base::time::Time;
use crate::model::behaviour::Outbox;
use crate::model::effort::effort;
use crate::model::event::{Actor, Cause, Event, Status};
use crate::model::message::{AgentMessage, RouterTimer, Task, Timer};
use crate::model::settings::{Exclude, Pick, Pull, RoutingMode, Unassign};

use super::Router;
use super::conversation::{Conversation, Removal};
use super::destination::Destination;
use super::queue::{QueueLine, QueuePosition};

/// A conversation of the queue that an agent may have.
struct Match {
    place: QueuePosition,
    conversation: ConversationKey,
    agent: AgentId,
}

impl Router {
    /// Has a line of the queue, which a conversation has entered, served later in this instant, if
    /// anybody can take work.
    pub(super) fn request_service(&mut self, now: Time, line: QueueLine, outbox: &mut Outbox) {
        let can_be_served = match line {
            QueueLine::Skill(skill) => self.agents.has_eligible(skill),
            QueueLine::Reserved(agent) => self.agents.get(agent).is_available(),
        };
        if can_be_served {
            self.put_service_on_agenda(now, outbox);
        }
        self.await_opening(now, outbox);
    }

    /// D25: what waits for a skill that is closed is served when it opens, in its order.
    fn await_opening(&mut self, now: Time, outbox: &mut Outbox) {
        if self.centre.routing.mode != RoutingMode::Push {
            return;
        }
        let Some(opens) = self.centre.opens_next(now) else { return };
        if self.service_at_opening != Some(opens) {
            self.service_at_opening = Some(opens);
            outbox.at(opens, Timer::Router(RouterTimer::Serve));
        }
    }

    /// Has the queue served later in this instant, if this agent can take work that waits.
    pub(super) fn request_service_for(&mut self, now: Time, agent: AgentId, outbox: &mut Outbox) {
        let waits = |line: QueueLine| !self.queue.is_empty(line);
        let mut skills = self.agents.skills(agent).iter();
        let can_take = |&skill: &SkillId| {
            waits(QueueLine::Skill(skill)) && self.agents.is_eligible_for(agent, skill)
        };
        let is_available = self.agents.get(agent).is_available();
        if is_available && (skills.any(can_take) || waits(QueueLine::Reserved(agent))) {
            self.put_service_on_agenda(now, outbox);
        }
    }

    fn put_service_on_agenda(&mut self, now: Time, outbox: &mut Outbox) {
        if self.centre.routing.mode == RoutingMode::Push && !self.service_requested {
            self.service_requested = true;
            outbox.at(now, Timer::Router(RouterTimer::Serve));
        }
    }

    /// Gives the queue's head to an eligible agent until nobody is left to give or to take (A1). The
    /// assignment changes the load, so a drained backlog is spread over all free agents.
    pub(super) fn serve(&mut self, now: Time, outbox: &mut Outbox) {
        // Assignments made here need no further service.
        self.service_requested = true;
        while let Some(Match { conversation, agent, .. }) = self.next_match(now) {
            self.agents.note_chosen(agent);
            let to = Destination {
                owner: Some(agent),
                status: Status::New,
                actor: Actor::System,
                cause: Cause::Assigned,
            };
            self.transition(now, conversation, to, outbox);
        }
        self.service_requested = false;
        self.await_opening(now, outbox);
    }

    /// The first conversation in service order for which there is an agent, over all skills and all
    /// that is reserved: an agent takes what is reserved for it in its turn (E16).
    fn next_match(&self, now: Time) -> Option<Match> {
        let of_skills = (0..self.centre.skills.len())
            .map(|skill| SkillId(skill as u16))
            .filter(|&skill| self.agents.has_eligible(skill) && self.centre.is_open(skill, now))
            .filter_map(|skill| self.next_match_of(now, skill));
        let reserved = self.queue.reserved().filter_map(|(agent, mut line)| {
            let (place, conversation) = line.find(|&(_, key)| {
                let conversation = self.conversations.get(key);
                conversation.is_some_and(|it| self.may_take_reserved(now, agent, it))
            })?;
            Some(Match { place, conversation, agent })
        });
        of_skills.chain(reserved).min_by_key(|candidate| candidate.place)
    }

    /// The first conversation of a skill for which there is an agent: an excluded head blocks
    /// nobody (D10).
    fn next_match_of(&self, now: Time, skill: SkillId) -> Option<Match> {
        self.queue.line(skill).find_map(|(place, conversation)| {
            let agent = self.choose(now, self.conversations.get(conversation)?)?;
            Some(Match { place, conversation, agent })
        })
    }

    /// The agent for a conversation: the first in the order of choice who is not excluded; else,
    /// of the excluded who may have it again, the one removed longest ago (D10).
    fn choose(&self, now: Time, conversation: &Conversation) -> Option<AgentId> {
        let mut eligible = self.agents.eligible(conversation.skill);
        let excluded = self.excluded(conversation);
        if excluded.is_empty() {
            return eligible.next();
        }
        let is_excluded = |agent: &AgentId| excluded.iter().any(|removal| removal.agent == *agent);
        eligible.find(|agent| !is_excluded(agent)).or_else(|| {
            let may_have_it = |removal: &&Removal| {
                self.agents.is_eligible_for(removal.agent, conversation.skill)
                    && self.is_readmitted(now, removal)
            };
            excluded.iter().find(may_have_it).map(|removal| removal.agent)
        })
    }

    /// Whether an eligible agent may have a conversation of the queue (D10).
    fn admits(&self, now: Time, conversation: &Conversation, agent: AgentId) -> bool {
        let excluded = self.excluded(conversation);
        let Some(removal) = excluded.iter().find(|removal| removal.agent == agent) else {
            return true;
        };
        let is_excluded = |other: &AgentId| excluded.iter().any(|removal| removal.agent == *other);
        let another = self.agents.eligible(conversation.skill).any(|other| !is_excluded(&other));
        !another && self.is_readmitted(now, removal)
    }

    /// An agent who was unassigned or gave the conversation back is passed over from now on (D10,
    /// D21); the queue is served when that lapses.
    pub(super) fn exclude(
        &mut self,
        now: Time,
        key: ConversationKey,
        agent: AgentId,
        outbox: &mut Outbox,
    ) {
        let removal = Removal { agent, at: now, acts: self.agents.get(agent).acts };
        self.conversations.live(key).removals.remember(removal);
        let Unassign { exclude, same_agent_after, .. } = self.centre.unassign;
        if self.centre.routing.mode == RoutingMode::Push && exclude != Exclude::None {
            let readmit = RouterTimer::Readmit { conversation: key };
            outbox.at(now + same_agent_after, Timer::Router(readmit));
        }
    }

    /// The agents who are passed over, longest removed first (D10, D21).
    fn excluded<'a>(&self, conversation: &'a Conversation) -> &'a [Removal] {
        let removals = conversation.removals.as_slice();
        match self.centre.unassign.exclude {
            Exclude::None => &[],
            Exclude::Last => &removals[removals.len().saturating_sub(1)..],
            Exclude::AllPrevious => removals,
        }
    }

    /// Whether an excluded agent has acted since, or `same_agent_after` has passed (D10).
    fn is_readmitted(&self, now: Time, removal: &Removal) -> bool {
        self.agents.get(removal.agent).acts != removal.acts
            || now >= removal.at + self.centre.unassign.same_agent_after
    }

    /// Pull mode: the agent looks at the "unowned" filter and goes for one conversation (E13).
    pub(super) fn agent_looks(
        &mut self,
        now: Time,
        agent: AgentId,
        look: u32,
        outbox: &mut Outbox,
    ) {
        let picked = match &self.centre.routing.mode {
            RoutingMode::Pull(pull) if self.agents.get(agent).is_available() => {
                self.pick(now, agent, look, pull)
            }
            RoutingMode::Pull(_) | RoutingMode::Push => None,
        };
        outbox.agent(agent, AgentMessage::Saw { conversation: picked });
    }

    fn pick(&self, now: Time, agent: AgentId, look: u32, pull: &Pull) -> Option<ConversationKey> {
        let mut visible = self.visible(now, agent);
        match pull.pick {
            Pick::Head => visible.min_by_key(|&(place, _)| place),
            Pick::Random => {
                let mut visible: Vec<_> = visible.collect();
                visible.sort_unstable();
                let mut stream = self.streams.stream(
                    Purpose::Pick,
                    self.centre.stream_key(agent),
                    u64::from(look),
                );
                let position = (uniform(&mut stream) * visible.len() as f64) as usize;
                visible.get(position).copied()
            }
            Pick::Shortest => {
                let group = GroupId(self.agents.group(agent) as u16);
                visible.by_ref().min_by_key(|&(place, key)| {
                    let task = self.conversations.get(key).map(|found| found.task(key));
                    let work = |task: Task| {
                        effort(&self.streams, &task, self.centre.reply_time(group, task.skill))
                    };
                    (task.map(work), place)
                })
            }
        }
        .map(|(_, conversation)| conversation)
    }

    /// The conversations that an agent sees. What is reserved for it nobody keeps from it (E16).
    fn visible(
        &self,
        now: Time,
        agent: AgentId,
    ) -> impl Iterator<Item = (QueuePosition, ConversationKey)> + '_ {
        let skills = self.agents.skills(agent).iter();
        let for_skills = skills
            .filter(move |&&skill| self.agents.is_eligible_for(agent, skill))
            .filter(move |&&skill| self.centre.is_open(skill, now))
            .flat_map(|&skill| self.queue.line(skill));
        let admitted = for_skills.filter(move |&(_, conversation)| {
            let conversation = self.conversations.get(conversation);
            conversation.is_some_and(|conversation| self.admits(now, conversation, agent))
        });
        let reserved = self.queue.reserved_for(agent).filter(move |&(_, conversation)| {
            let conversation = self.conversations.get(conversation);
            conversation.is_some_and(|it| self.may_take_reserved(now, agent, it))
        });
        admitted.chain(reserved)
    }

    /// Whether an agent may be given now what is reserved for it (E16).
    fn may_take_reserved(&self, now: Time, agent: AgentId, reserved: &Conversation) -> bool {
        self.agents.has_room_for(agent, reserved.skill) && self.centre.is_open(reserved.skill, now)
    }

    /// Pull mode: the first claim wins, a later one is refused and counted (E13). So is one for what
    /// has gone to a skill that the agent lacks since its look, or waits for somebody else.
    pub(super) fn agent_claims(
        &mut self,
        now: Time,
        agent: AgentId,
        key: ConversationKey,
        outbox: &mut Outbox,
    ) {
        let is_free = self.conversations.get(key).is_some_and(|conversation| {
            conversation.is_queued()
                && match conversation.line() {
                    QueueLine::Reserved(only) => {
                        only == agent && self.may_take_reserved(now, agent, conversation)
                    }
                    QueueLine::Skill(skill) => {
                        self.agents.is_eligible_for(agent, skill)
                            && self.centre.is_open(skill, now)
                            && self.admits(now, conversation, agent)
                    }
                }
        });
        if !is_free {
            outbox.record(Event::ClaimRefused { agent });
            return;
        }
        let to = Destination {
            owner: Some(agent),
            status: Status::New,
            actor: Actor::Agent(agent),
            cause: Cause::Claimed,
        };
        self.transition(now, key, to, outbox);
    }
}
