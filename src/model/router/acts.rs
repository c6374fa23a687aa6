//! What agents do with conversations that they own (A4, A8, A10, A13, B6, B7, B9, B10).

use crate::base::ids::{AgentId, ConversationKey, Epoch, SkillId};
use crate::base::time::{Span, Time};
use crate::model::behaviour::Outbox;
use crate::model::event::{Actor, Cause, Event, Stale, Status, WrittenAnswer};
use crate::model::message::{Act, AgentMessage, ConsumerMessage, OfflineStatus, SetBoomerang};
use crate::model::settings::{BoomerangThen, Resolve};

use super::Router;
use super::destination::Destination;

/// An act of an agent on a conversation that it owned at `epoch`.
#[derive(Clone, Copy, Debug)]
pub(super) struct AgentAct {
    pub(super) agent: AgentId,
    pub(super) conversation: ConversationKey,
    pub(super) epoch: Epoch,
    pub(super) act: Act,
}

impl Router {
    /// Does what the agent does, if the conversation is still its own: the epoch tells. A Pending
    /// one asks for nothing but to be taken up (B6). A late reply is not delivered (D14); every
    /// other late act is a counted no-op.
    pub(super) fn agent_acts(&mut self, now: Time, agent_act: AgentAct, outbox: &mut Outbox) {
        let AgentAct { agent, conversation: key, epoch, act } = agent_act;
        let is_owner = self.conversations.get(key).is_some_and(|conversation| {
            conversation.owner == Some(agent)
                && conversation.epoch == epoch
                && (conversation.status == Status::New || act == Act::TakeUp)
        });
        if !is_owner {
            outbox.record(match act {
                Act::Reply { .. } => Event::LateReply { conversation: key, agent },
                _ => Event::Stale(Stale::AgentAct),
            });
            return;
        }
        match act {
            Act::Reply { answer, boomerang } => {
                self.replies(now, agent_act, answer, boomerang, outbox);
            }
            Act::Resolve => self.closes(now, agent, key, outbox),
            Act::Park { boomerang } => self.parks(now, agent, key, boomerang, outbox),
            Act::SetManualSla { length } => self.set_manual_sla(now, key, length, outbox),
            Act::CancelManualSla => {
                if self.conversations.live(key).manual_sla.is_some() {
                    self.leave_manual_sla(now, key, outbox);
                }
            }
            Act::Return => self.gives_up(now, agent, key, None, outbox),
            Act::TransferToSkill(skill) => self.gives_up(now, agent, key, Some(skill), outbox),
            Act::TransferToAgent { to, needs, offline } => {
                self.require_skill(key, needs);
                self.gives_to(now, agent_act, to, offline, outbox);
            }
            Act::Reserve { to, needs, fallback_after } => {
                self.require_skill(key, needs);
                self.reserves(now, agent_act, to, fallback_after, outbox);
            }
            Act::TakeUp => self.takes_up(now, agent, key, outbox),
        }
    }

    /// A4: answers every consumer message received by now; then Pending, or resolved (A13). An
    /// earlier boomerang is dead, and unless it is over a new one may be set (B9).
    fn replies(
        &mut self,
        now: Time,
        agent_act: AgentAct,
        answer: WrittenAnswer,
        boomerang: Option<SetBoomerang>,
        outbox: &mut Outbox,
    ) {
        let AgentAct { agent, conversation: key, .. } = agent_act;
        let WrittenAnswer { started, worked } = answer;
        let resolve = self.centre.resolve;
        let conversation = self.conversations.live(key);
        let waiting_since = conversation.first_unanswered.take();
        conversation.turn += 1;
        conversation.attempt = 0;
        conversation.forget_boomerang();
        let (last, wasted) = (conversation.last, conversation.left_silently);
        let resolved = last && resolve == Resolve::WithLastReply;
        let boomerang = boomerang.filter(|_| !resolved);
        outbox.record(Event::Answered {
            conversation: key,
            agent,
            waiting_since,
            started,
            worked,
            wasted,
        });
        self.agents.get_mut(agent).acts += 1;
        let (status, owner, cause) = if resolved {
            (Status::Resolved, None, Cause::ResolvedByAgent)
        } else {
            outbox.consumer(key, ConsumerMessage::Replied);
            let cause = boomerang.map_or(Cause::Reply, |_| Cause::ReplyWithBoomerang);
            (Status::Pending, Some(agent), cause)
        };
        self.transition(
            now,
            key,
            Destination { owner, status, actor: Actor::Agent(agent), cause },
            outbox,
        );
        if let Some(boomerang) = boomerang {
            self.set_boomerang(now, key, boomerang, outbox);
        }
        let answers_last = last && waiting_since.is_some();
        let replied = AgentMessage::Replied { conversation: key, answers_last, resolved };
        outbox.agent(agent, replied);
        self.request_service_for(now, agent, outbox);
    }

    /// B9: closes what a boomerang brought back, unless the consumer has written meanwhile.
    fn closes(&mut self, now: Time, agent: AgentId, key: ConversationKey, outbox: &mut Outbox) {
        let conversation = self.conversations.live(key);
        if conversation.first_unanswered.is_some() {
            return outbox.agent(agent, AgentMessage::Work(conversation.task(key)));
        }
        self.transition(
            now,
            key,
            by(agent, None, Status::Resolved, Cause::ResolvedByAgent),
            outbox,
        );
    }

    /// B7: Pending with a boomerang; an earlier boomerang is replaced.
    fn parks(
        &mut self,
        now: Time,
        agent: AgentId,
        key: ConversationKey,
        boomerang: Span,
        outbox: &mut Outbox,
    ) {
        self.transition(now, key, by(agent, Some(agent), Status::Pending, Cause::Parked), outbox);
        let then = BoomerangThen::FollowUp;
        self.set_boomerang(now, key, SetBoomerang { after: boomerang, then }, outbox);
    }

    /// A10: back to the queue, of the same skill or another. The consumer's clock is kept. Who gives
    /// it back to its own queue is passed over there (D21).
    fn gives_up(
        &mut self,
        now: Time,
        agent: AgentId,
        key: ConversationKey,
        skill: Option<SkillId>,
        outbox: &mut Outbox,
    ) {
        let cause = match skill {
            None => Cause::ManualReturn,
            Some(skill) => {
                self.changes_skill(key, skill);
                Cause::TransferredToSkill
            }
        };
        self.transition(now, key, by(agent, None, Status::New, cause), outbox);
        if cause == Cause::ManualReturn {
            self.exclude(now, key, agent, outbox);
        }
    }

    /// B10: whoever is to have it from now on must have this skill.
    fn require_skill(&mut self, key: ConversationKey, needs: Option<SkillId>) {
        let conversation = self.conversations.live(key);
        let skill = needs.unwrap_or(conversation.skill);
        self.changes_skill(key, skill);
    }

    /// A10: to another agent, New. B6: to an agent who is offline, in the status that the giver
    /// chose; nobody is told before that agent's next login.
    fn gives_to(
        &mut self,
        now: Time,
        agent_act: AgentAct,
        receiver: AgentId,
        offline: OfflineStatus,
        outbox: &mut Outbox,
    ) {
        let AgentAct { agent, conversation: key, .. } = agent_act;
        if !self.agents.is_offline(receiver) {
            let to = by(agent, Some(receiver), Status::New, Cause::TransferredToAgent);
            self.transition(now, key, to, outbox);
            return;
        }
        let status = match offline {
            OfflineStatus::New => Status::New,
            OfflineStatus::Pending { .. } => Status::Pending,
        };
        self.transition(
            now,
            key,
            by(agent, Some(receiver), status, Cause::AssignedOffline),
            outbox,
        );
        if let OfflineStatus::Pending { boomerang: Some(boomerang) } = offline {
            let then = BoomerangThen::FollowUp;
            self.set_boomerang(now, key, SetBoomerang { after: boomerang, then }, outbox);
        }
        self.note_late_assignment(now, receiver, key, outbox);
    }

    /// A10, A16: what the skill has of its own holds from now on.
    fn changes_skill(&mut self, key: ConversationKey, skill: SkillId) {
        let conversation = self.conversations.live(key);
        conversation.skill = skill;
        conversation.priority = self.centre.priority(conversation.id.kind(), skill);
    }

    /// B6: an agent takes up what was assigned to it while it was offline, Pending ones too.
    fn takes_up(&mut self, now: Time, agent: AgentId, key: ConversationKey, outbox: &mut Outbox) {
        let conversation = self.conversations.live(key);
        if conversation.status == Status::New {
            outbox.agent(agent, AgentMessage::Work(conversation.task(key)));
        } else {
            self.transition(now, key, by(agent, Some(agent), Status::New, Cause::TakenUp), outbox);
        }
    }
}

pub(super) fn by(
    agent: AgentId,
    owner: Option<AgentId>,
    status: Status,
    cause: Cause,
) -> Destination {
    Destination { owner, status, actor: Actor::Agent(agent), cause }
}
