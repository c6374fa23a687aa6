//! The router by itself: acts that cross with a change of owner, which cannot happen in virtual
//! time because everybody is told at once.

use std::sync::Arc;

use shiftstorm::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, KindId, SkillId};
use shiftstorm::base::stream::Streams;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::behaviour::{Behaviour, Outbox};
use shiftstorm::model::event::{AgentState, Event, Stale, Status, WrittenAnswer};
use shiftstorm::model::message::{
    Act, AgentMessage, ConsumerAct, Letter, OfflineStatus, RouterMessage, RouterTimer,
    SetBoomerang, Task,
};
use shiftstorm::model::router::Router;
use shiftstorm::model::settings::BoomerangThen;

use crate::common::scene;

const ANN: AgentId = AgentId(0);
const BOB: AgentId = AgentId(1);
const KEY: ConversationKey = ConversationKey { slot: 0, generation: 0 };
const REPLY: Act = Act::Reply {
    answer: WrittenAnswer { started: Time::ZERO, worked: Span::ZERO },
    boomerang: None,
};

/// Two agents Online, one conversation, with ann in its first epoch.
struct Desk {
    router: Router,
    outbox: Outbox,
}

impl Desk {
    fn new() -> Self {
        let scenario =
            scene("unassign.enabled = true\nagents.ann = {}\nagents.bob = {}\nconsumers.web.arrivals = '0/h'").read();
        let centre = Arc::new(scenario.variants[0].plan.centre.clone());
        let router = Router::new(centre, Streams::new(1, 0));
        let mut desk = Self { router, outbox: Outbox::default() };
        for agent in [ANN, BOB] {
            let (state, closing) = (AgentState::Online, false);
            desk.hears(RouterMessage::AgentState { agent, state, closing });
        }
        let id = ConversationId::new(KindId(0), 1, 0);
        let (conversation, skill, priority, last) = (KEY, SkillId(0), 0, false);
        desk.hears(RouterMessage::Open { conversation, id, skill, priority, last });
        desk.router.due(Time::ZERO, RouterTimer::Serve, &mut desk.outbox);
        assert_eq!(desk.owner(), (Some(ANN), Status::New));
        desk
    }

    fn hears(&mut self, message: RouterMessage) -> Vec<Event> {
        self.outbox.events.clear();
        self.router.receive(Time::ZERO, message, &mut self.outbox);
        self.outbox.events.clone()
    }

    fn acts(&mut self, agent: AgentId, epoch: u32, act: Act) -> Vec<Event> {
        let (conversation, epoch) = (KEY, Epoch(epoch));
        self.hears(RouterMessage::Act { agent, conversation, epoch, act })
    }

    fn owner(&self) -> (Option<AgentId>, Status) {
        let live = self.router.live().next().expect("the conversation is open");
        (live.owner, live.status)
    }
}

#[test]
fn d14_a_reply_of_an_earlier_epoch_or_of_somebody_else_is_not_delivered() {
    let mut desk = Desk::new();
    for (agent, epoch) in [(ANN, 0), (ANN, 2), (BOB, 1), (BOB, 0)] {
        let late = Event::LateReply { conversation: KEY, agent };
        assert_eq!(desk.acts(agent, epoch, REPLY), [late], "{agent:?} {epoch}");
        assert_eq!(desk.owner(), (Some(ANN), Status::New));
    }
    assert!(matches!(desk.acts(ANN, 1, REPLY)[0], Event::Answered { agent: ANN, .. }));
    assert_eq!(desk.owner(), (Some(ANN), Status::Pending));
    // Answered once, it is answered.
    let again = Event::LateReply { conversation: KEY, agent: ANN };
    assert_eq!(desk.acts(ANN, 1, REPLY), [again]);
}

#[test]
fn d20_a_deadline_that_the_agenda_asks_about_late_fires() {
    for seconds in [60, 61] {
        let mut desk = Desk::new();
        let deadline = RouterTimer::Unassign { conversation: KEY };
        desk.router.due(Time::from_secs(59), deadline, &mut desk.outbox);
        assert_eq!(desk.owner(), (Some(ANN), Status::New));
        desk.router.due(Time::from_secs(seconds), deadline, &mut desk.outbox);
        assert_eq!(desk.owner(), (None, Status::New), "{seconds}");
    }
}

#[test]
fn m9_a_stale_epoch_never_changes_state() {
    let mut desk = Desk::new();
    let length = Span::from_secs(60);
    let acts = [
        Act::Park { boomerang: length },
        Act::SetManualSla { length },
        Act::Return,
        Act::TransferToSkill(SkillId(0)),
        Act::TakeUp,
    ];
    for act in acts {
        for (agent, epoch) in [(ANN, 0), (BOB, 1)] {
            assert_eq!(desk.acts(agent, epoch, act), [Event::Stale(Stale::AgentAct)], "{act:?}");
            assert_eq!(desk.owner(), (Some(ANN), Status::New));
        }
    }
    // Of a Pending conversation only what makes sense there.
    desk.acts(ANN, 1, REPLY);
    let park = Act::Park { boomerang: length };
    assert_eq!(desk.acts(ANN, 1, park), [Event::Stale(Stale::AgentAct)]);
    assert_eq!(desk.owner(), (Some(ANN), Status::Pending));
    desk.acts(ANN, 1, Act::TakeUp);
    assert_eq!(desk.owner(), (Some(ANN), Status::New));
}

#[test]
fn b6_an_agent_is_told_of_an_assignment_made_while_it_was_offline_at_login_not_before() {
    let mut desk = Desk::new();
    let state = |state| RouterMessage::AgentState { agent: BOB, state, closing: false };
    desk.hears(state(AgentState::Offline));
    desk.outbox.letters.clear();
    desk.acts(ANN, 1, Act::TransferToAgent { to: BOB, needs: None, offline: OfflineStatus::New });
    assert_eq!(desk.owner(), (Some(BOB), Status::New));
    assert_eq!(desk.outbox.letters, []);
    desk.hears(state(AgentState::Online));
    let told = AgentMessage::Notified { conversation: KEY, epoch: Epoch(2) };
    assert_eq!(desk.outbox.letters, [Letter::Agent(BOB, told)]);
}

/// Where it is kept with the other router, at a time when somebody has given it up.
const THERE: ConversationKey = ConversationKey { slot: 1, generation: 3 };

/// Lets the conversation go over to another router and returns that with the work that it gives out.
fn goes_over(mut here: Desk, now: Time) -> (Desk, AgentId, Task) {
    assert_eq!(here.router.awaited_skill(KEY), Some(SkillId(0)));
    let released = here.router.release(KEY).expect("it waits in the queue");
    assert!(here.router.release(KEY).is_none() && here.router.live().next().is_none());
    here.router.due(now, RouterTimer::Serve, &mut here.outbox);
    let mut there = Desk::new();
    there.outbox.letters.clear();
    there.router.adopt(now, THERE, released, &mut there.outbox);
    assert_eq!((there.router.open(), there.router.awaited_skill(THERE)), (2, Some(SkillId(0))));
    there.router.due(now, RouterTimer::Serve, &mut there.outbox);
    let work = there.outbox.letters.iter().find_map(|letter| match *letter {
        Letter::Agent(agent, AgentMessage::Work(task)) => Some((agent, task)),
        _ => None,
    });
    let (agent, task) = work.expect("somebody gets it");
    (there, agent, task)
}

#[test]
fn a10_what_goes_over_to_another_router_keeps_its_clocks_and_its_epochs() {
    let mut here = Desk::new();
    assert!(here.router.release(KEY).is_none(), "an agent has it");
    here.acts(ANN, 1, Act::Return);
    let (mut there, agent, task) = goes_over(here, Time::from_secs(40));
    assert_eq!(agent, BOB, "ann is at work on another");
    let (id, waiting_since) = (ConversationId::new(KindId(0), 1, 0), Time::ZERO);
    assert_eq!((task.conversation, task.id, task.waiting_since), (THERE, id, waiting_since));
    assert_eq!((task.epoch, task.attempt, task.unanswered), (Epoch(3), 1, true));
    // What was set for it is still to come.
    let deadline = RouterTimer::Unassign { conversation: THERE };
    there.router.due(Time::from_secs(60), deadline, &mut there.outbox);
    there.router.due(Time::from_secs(100), deadline, &mut there.outbox);
    assert_eq!(there.router.awaited_skill(THERE), Some(SkillId(0)));
}

#[test]
fn d10_an_agent_of_another_router_is_not_excluded_for_its_number() {
    let mut here = Desk::new();
    let deadline = RouterTimer::Unassign { conversation: KEY };
    here.acts(ANN, 1, Act::TransferToAgent { to: BOB, needs: None, offline: OfflineStatus::New });
    here.router.due(Time::from_secs(60), deadline, &mut here.outbox);
    let (_, agent, task) = goes_over(here, Time::from_secs(60));
    assert_eq!((agent, task.epoch), (BOB, Epoch(4)));
}

#[test]
fn e16_what_waits_for_one_agent_goes_to_no_other_router_before_it_falls_back() {
    let mut desk = Desk::new();
    desk.hears(RouterMessage::AgentState {
        agent: BOB,
        state: AgentState::Offline,
        closing: false,
    });
    let reserve = Act::Reserve { to: BOB, needs: None, fallback_after: Span::from_secs(10) };
    desk.acts(ANN, 1, reserve);
    assert_eq!((desk.owner(), desk.router.awaited_skill(KEY)), ((None, Status::New), None));
    assert!(desk.router.release(KEY).is_none());
    // Of an earlier epoch, nothing.
    let fall_back = |epoch| RouterTimer::FallBack { conversation: KEY, epoch: Epoch(epoch) };
    desk.router.due(Time::from_secs(10), fall_back(1), &mut desk.outbox);
    assert_eq!(desk.router.awaited_skill(KEY), None);
    desk.router.due(Time::from_secs(10), fall_back(2), &mut desk.outbox);
    assert_eq!(desk.router.awaited_skill(KEY), Some(SkillId(0)));
    assert!(desk.router.release(KEY).is_some());
}

#[test]
fn b9_a_message_that_crosses_with_the_closing_is_answered() {
    let mut desk = Desk::new();
    let boomerang = SetBoomerang { after: Span::from_secs(60), then: BoomerangThen::Resolve };
    desk.acts(
        ANN,
        1,
        Act::Reply {
            answer: WrittenAnswer { started: Time::ZERO, worked: Span::ZERO },
            boomerang: Some(boomerang),
        },
    );
    let due = RouterTimer::Boomerang { conversation: KEY, generation: 2 };
    desk.router.due(Time::from_secs(60), due, &mut desk.outbox);
    assert_eq!(desk.owner(), (Some(ANN), Status::New));
    let said = ConsumerAct::Write { last: false };
    desk.hears(RouterMessage::Say { conversation: KEY, said });
    assert_eq!(desk.acts(ANN, 1, Act::Resolve), []);
    assert_eq!(desk.owner(), (Some(ANN), Status::New));
    let told = desk.outbox.letters.back();
    assert!(matches!(
        told,
        Some(Letter::Agent(ANN, AgentMessage::Work(Task { unanswered: true, .. })))
    ));
    desk.acts(ANN, 1, REPLY);
    assert_eq!(desk.owner(), (Some(ANN), Status::Pending));
}
