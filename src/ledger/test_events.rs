//! Test support: legal sequences of facts in few words, and illegal ones by editing them.

use std::sync::Arc;

use crate::base::distribution::Distribution;
use crate::base::ids::{
    AgentId, ConversationId, ConversationKey, Epoch, KindId, ReasonId, SkillId,
};
use crate::base::time::{Span, Time};
use crate::model::event::{Actor, AgentState, AnswerTaken, Cause, Change, Event, Status};
use crate::model::settings::{
    AfterClose, AgentGroup, Attention, AutoClose, AwayKind, AwayReason, Capacity, Centre, Choose,
    Exclude, Finish, FinishPending, FinishWhen, GroupBoomerang, LateAssignment, OnUnassign,
    QueueOrder, RemoveOwnership, Resolve, Roster, Routing, RoutingMode, SkillLimits, SlotWeight,
    Timeouts, Unassign, UnassignClock,
};

use super::fold::Ledger;
use super::invariants::{Snapshot, Violation};
use super::outcome::Outcome;
use super::settings::{Goals, MeasureSettings, ServiceLevel, ServiceLevelAt, ServiceLevelOf};

/// Agents 0 and 1 (three slots, group "day") and 2 (two slots, group "night").
pub(super) fn centre() -> Centre {
    Centre {
        routing: Routing {
            mode: RoutingMode::Push,
            choose: Choose::LeastLoaded,
            order: QueueOrder::WaitingSince,
        },
        unassign: Unassign {
            enabled: true,
            timeout: Timeouts {
                online: Some(Span::from_secs(60)),
                away: Some(Span::from_secs(30)),
                offline: None,
            },
            clock: UnassignClock::LastMessage,
            return_grace: Span::ZERO,
            exclude: Exclude::Last,
            same_agent_after: Span::from_secs(60),
            max_per_conversation: None,
            on_unassign: OnUnassign::Nothing,
        },
        remove_ownership: RemoveOwnership {
            enabled: true,
            within: Span::from_secs(120),
            late_assignment: LateAssignment::Keep,
        },
        capacity: Capacity { inactive_after: None, inactive_weight: SlotWeight(0) },
        resolve: Resolve::WithLastReply,
        auto_close: AutoClose::default(),
        after_close: AfterClose::default(),
        skills: vec!["sales".into(), "support".into()],
        skill_settings: Vec::new(),
        reasons: [
            ("Unassigned", AwayKind::ByPlatform),
            ("Lunch", AwayKind::Planned),
            ("Lunch", AwayKind::AtRandom),
            ("End of shift", AwayKind::EndOfShift),
        ]
        .map(|(name, kind)| AwayReason { name: name.into(), kind })
        .to_vec(),
        groups: vec![group("day", 2, 3), group("night", 1, 2)],
        kinds: Vec::new(),
    }
}

/// Quarter hours, service level 20 s at the answer, responses within 60 s.
pub(super) fn measure() -> MeasureSettings {
    MeasureSettings {
        interval: Span::from_mins(15),
        service_level: ServiceLevel {
            within: Span::from_secs(20),
            at: ServiceLevelAt::Answer,
            of: ServiceLevelOf::Offered,
        },
        skill_thresholds: Vec::new(),
        response_within: Span::from_secs(60),
        at: Vec::new(),
        goals: Goals::default(),
        part_goals: Vec::new(),
    }
}

/// A sequence of facts under construction. Conversations are numbered as their slots, from 0.
#[derive(Clone)]
pub(super) struct TestEvents {
    pub(super) centre: Centre,
    pub(super) measure: MeasureSettings,
    pub(super) warm_up: Time,
    pub(super) until: Time,
    pub(super) now: Time,
    pub(super) events: Vec<(Time, Event)>,
    conversations: Vec<TestConversation>,
}

/// What the facts has told of a conversation.
#[derive(Clone, Copy)]
struct TestConversation {
    key: ConversationKey,
    id: ConversationId,
    owner: Option<AgentId>,
    status: Status,
    skill: SkillId,
    epoch: Epoch,
    waiting_since: Option<Time>,
}

impl TestEvents {
    pub(super) fn new() -> Self {
        Self {
            centre: centre(),
            measure: measure(),
            warm_up: Time::ZERO,
            until: Time::from_secs(3600),
            now: Time::ZERO,
            events: Vec::new(),
            conversations: Vec::new(),
        }
    }

    /// Three quarters of an hour in which somebody is answered, unassigned, at lunch and lost.
    pub(super) fn of_three_intervals() -> Self {
        let mut facts = Self::new();
        facts.until = Time::from_secs(3 * 900);
        facts.online(0).online(2).open().at(10).assign(0, 0).busy(0, true).at(25).busy(0, false);
        facts.last_reply(0, 5).at(1000).open().assign(1, 2).at(1060).unassign(1, 60).at(1200);
        facts.lunch(2).at(1500).assign(1, 0).open().at(1550).last_reply(1, 20);
        facts.at(1600).abandon(2, false).at(2700);
        facts
    }

    /// From now on facts happen at this second.
    pub(super) fn at(&mut self, second: i64) -> &mut Self {
        self.now = Time::from_secs(second);
        self
    }

    pub(super) fn tell(&mut self, event: Event) -> &mut Self {
        self.events.push((self.now, event));
        self
    }

    pub(super) fn state(&mut self, agent: u32, state: AgentState) -> &mut Self {
        self.tell(Event::AgentState { agent: AgentId(agent), state })
    }

    pub(super) fn online(&mut self, agent: u32) -> &mut Self {
        self.state(agent, AgentState::Online)
    }

    pub(super) fn lunch(&mut self, agent: u32) -> &mut Self {
        self.state(agent, AgentState::Away(ReasonId(1)))
    }

    pub(super) fn offline(&mut self, agent: u32) -> &mut Self {
        self.state(agent, AgentState::Offline)
    }

    pub(super) fn busy(&mut self, agent: u32, busy: bool) -> &mut Self {
        self.tell(Event::Busy { agent: AgentId(agent), busy })
    }

    /// Opens the next conversation.
    pub(super) fn open(&mut self) -> &mut Self {
        let number = self.conversations.len();
        self.open_in(number, 0)
    }

    /// Opens a conversation, if need be in a slot that has been used.
    pub(super) fn open_in(&mut self, slot: usize, generation: u32) -> &mut Self {
        let key = ConversationKey { slot: slot as u32, generation };
        let number = u64::from(generation) * 1000 + slot as u64 + 1;
        let told = TestConversation {
            key,
            id: ConversationId::new(KindId(0), number, 0),
            owner: None,
            status: Status::New,
            skill: SkillId(0),
            epoch: Epoch::default(),
            waiting_since: Some(self.now),
        };
        self.conversations.truncate(slot.max(self.conversations.len()));
        if slot == self.conversations.len() {
            self.conversations.push(told);
        }
        self.conversations[slot] = told;
        let TestConversation { id, skill, .. } = told;
        self.tell(Event::Opened { conversation: key, id, skill, priority: 0 });
        self.message(slot, false);
        self.change(slot, None, Status::New, Cause::Opened)
    }

    pub(super) fn key(&self, conversation: usize) -> ConversationKey {
        self.conversations[conversation].key
    }

    /// A further message on a New conversation, or the fact of one on a Pending conversation.
    pub(super) fn message(&mut self, conversation: usize, moved_deadline: bool) -> &mut Self {
        let told = &mut self.conversations[conversation];
        let further = told.waiting_since.is_some();
        told.waiting_since.get_or_insert(self.now);
        let conversation = told.key;
        self.tell(Event::ConsumerMessage { conversation, further, moved_deadline })
    }

    /// A message on a Pending conversation whose owner is logged in.
    pub(super) fn write(&mut self, conversation: usize) -> &mut Self {
        let owner = self.conversations[conversation].owner;
        self.message(conversation, false);
        self.change(conversation, owner, Status::New, Cause::ConsumerMessage)
    }

    pub(super) fn assign(&mut self, conversation: usize, agent: u32) -> &mut Self {
        self.change(conversation, Some(AgentId(agent)), Status::New, Cause::Assigned)
    }

    /// The owner's reply, begun some seconds ago.
    pub(super) fn reply(&mut self, conversation: usize, work: i64) -> &mut Self {
        let owner = self.conversations[conversation].owner;
        self.answer(conversation, work, false);
        self.change(conversation, owner, Status::Pending, Cause::Reply)
    }

    /// The owner's last reply, begun some seconds ago.
    pub(super) fn last_reply(&mut self, conversation: usize, work: i64) -> &mut Self {
        self.answer(conversation, work, false);
        self.change(conversation, None, Status::Resolved, Cause::ResolvedByAgent)
    }

    /// The fact of an answer alone.
    pub(super) fn answer(&mut self, conversation: usize, work: i64, wasted: bool) -> &mut Self {
        let started = self.now - Span::from_secs(work);
        let told = &mut self.conversations[conversation];
        let (conversation, waiting_since) = (told.key, told.waiting_since.take());
        let agent = told.owner.unwrap_or(AgentId(0));
        let worked = Span::from_secs(work);
        self.tell(Event::Answered { conversation, agent, waiting_since, started, worked, wasted })
    }

    /// An answer goes with its conversation after so many seconds of work.
    pub(super) fn lose(
        &mut self,
        conversation: usize,
        agent: u32,
        taken: AnswerTaken,
        worked: i64,
    ) -> &mut Self {
        let (conversation, agent) = (self.key(conversation), AgentId(agent));
        self.tell(Event::AnswerLost { conversation, agent, taken, worked: Span::from_secs(worked) })
    }

    pub(super) fn abandon(&mut self, conversation: usize, silent: bool) -> &mut Self {
        let key = self.key(conversation);
        self.tell(Event::Abandoned { conversation: key, silent });
        if silent {
            return self;
        }
        self.change(conversation, None, Status::Resolved, Cause::Abandoned)
    }

    pub(super) fn unassign(&mut self, conversation: usize, waited: i64) -> &mut Self {
        self.unassign_from(conversation, AgentState::Online, waited)
    }

    pub(super) fn unassign_from(
        &mut self,
        conversation: usize,
        state: AgentState,
        waited: i64,
    ) -> &mut Self {
        let cause = Cause::AutoUnassigned { state, waited: Span::from_secs(waited) };
        self.change(conversation, None, Status::New, cause)
    }

    pub(super) fn remove(&mut self, conversation: usize) -> &mut Self {
        self.change(conversation, None, Status::New, Cause::OwnerLoggedOut)
    }

    pub(super) fn sla(&mut self, conversation: usize, until: Option<i64>) -> &mut Self {
        let key = self.key(conversation);
        let until = until.map(Time::from_secs);
        self.tell(Event::ManualSla { conversation: key, until })
    }

    /// Records a change as the router would, with the slots that follow from it.
    pub(super) fn change(
        &mut self,
        conversation: usize,
        to: Option<AgentId>,
        status: Status,
        cause: Cause,
    ) -> &mut Self {
        let told = &mut self.conversations[conversation];
        let from = told.owner;
        if from != to {
            told.epoch = told.epoch.next();
        }
        (told.owner, told.status) = (to, status);
        let change = Change {
            conversation: told.key,
            id: told.id,
            from,
            to,
            status,
            skill: told.skill,
            epoch: told.epoch,
            actor: Actor::System,
            cause,
        };
        self.tell(Event::Change(change));
        if from != to {
            [from, to].into_iter().flatten().for_each(|agent| self.slots(agent));
        }
        self
    }

    /// Sends the conversation to another skill with its next change.
    pub(super) fn skill(&mut self, conversation: usize, skill: u16) -> &mut Self {
        self.conversations[conversation].skill = SkillId(skill);
        self
    }

    /// Changes the last change on the facts.
    pub(super) fn edit(&mut self, edit: impl FnOnce(&mut Change)) -> &mut Self {
        let last = self.events.iter_mut().rev().find_map(|(_, event)| match event {
            Event::Change(change) => Some(change),
            _ => None,
        });
        edit(last.expect("a change on the facts"));
        self
    }

    fn slots(&mut self, agent: AgentId) {
        let owned = self.conversations.iter().filter(|told| told.owner == Some(agent)).count();
        let used = SlotWeight(SlotWeight::FULL.0 * owned as u32);
        self.tell(Event::SlotsInUse { agent, used });
    }

    pub(super) fn ledger(&self) -> Ledger {
        let centre = Arc::new(self.centre.clone());
        Ledger::new(centre, &self.measure, self.warm_up, self.until, true)
    }

    pub(super) fn fold(&self, mut ledger: Ledger) -> Ledger {
        for (at, event) in &self.events {
            ledger.fold(*at, event);
        }
        ledger
    }

    /// What the router would know now.
    pub(super) fn snapshot(&self) -> Vec<Snapshot> {
        let open = self.conversations.iter().filter(|told| told.status != Status::Resolved);
        open.map(|told| Snapshot {
            conversation: told.key,
            id: told.id,
            owner: told.owner,
            status: told.status,
        })
        .collect()
    }

    /// Folds everything, verifies and finishes now.
    pub(super) fn outcome(&self) -> Outcome {
        let mut ledger = self.fold(self.ledger());
        ledger.verify(self.now, self.snapshot()).expect("a legal sequence");
        let outcome = ledger.finish(self.now);
        assert!(outcome.balances(), "each stay with a skill counts once");
        outcome
    }

    pub(super) fn verdict(&self) -> Result<(), Violation> {
        self.fold(self.ledger()).verify(self.now, self.snapshot())
    }

    /// The rule that the sequence breaks.
    pub(super) fn broken(&self) -> u8 {
        self.verdict().expect_err("a broken sequence").rule
    }
}

fn group(name: &str, count: u32, concurrency: u32) -> AgentGroup {
    AgentGroup {
        name: name.into(),
        count,
        named: Vec::new(),
        skills: vec![SkillId(0), SkillId(1)],
        concurrency,
        attention: Attention::Serial,
        roster: Roster::Always,
        shrinkage: None,
        finish: Finish {
            when: FinishWhen::AtShiftEnd,
            pending: FinishPending::Leave,
            at_most: Span::ZERO,
            away_before: None,
            hand_back: 0.0,
            manual_sla: None,
        },
        episodes: Vec::new(),
        session_timeout: Span::from_secs(60),
        away_answers: false,
        reply_time_by_skill: Vec::new(),
        limits: SkillLimits::default(),
        reply_time: Distribution::Fixed(1.0),
        slowdown: Vec::new(),
        wrap_up: Distribution::Fixed(0.0),
        parking: None,
        manual_sla: None,
        boomerang: GroupBoomerang::OfSkill,
        hand_overs: Vec::new(),
        cost_per_hour: 0.0,
    }
}
