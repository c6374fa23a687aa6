//! The router by itself: acts that cross with a change of owner, which cannot happen in virtual
//! time because everybody is told at once.

use std::sync::Arc;

use shiftstorm::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, KindId, SkillId};
use shiftstorm::base::stream::Streams;
use shiftstorm::base::time::{Span, Time};
use shiftstorm::model::behaviour::{Behaviour, Outbox};
use shiftstorm::model::event::{AgentState, Event, Stale, Status};
use shiftstorm::model::message::{
    Act, AgentMessage, Letter, OfflineStatus, RouterMessage, RouterTimer,
};
use shiftstorm::model::router::Router;

use crate::common::scene;

const ANN: AgentId = AgentId(0);
const BOB: AgentId = AgentId(1);
const KEY: ConversationKey = ConversationKey { slot: 0, generation: 0 };
const REPLY: Act = Act::Reply { started: Time::ZERO };

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
    desk.acts(ANN, 1, Act::TransferToAgent { to: BOB, offline: OfflineStatus::New });
    assert_eq!(desk.owner(), (Some(BOB), Status::New));
    assert_eq!(desk.outbox.letters, []);
    desk.hears(state(AgentState::Online));
    let told = AgentMessage::Notified { conversation: KEY, epoch: Epoch(2) };
    assert_eq!(desk.outbox.letters, [Letter::Agent(BOB, told)]);
}
