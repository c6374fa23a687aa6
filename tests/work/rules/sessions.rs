//! What is done to an agent's session from outside: it is logged out and in, or its actor dies; and
//! what becomes of a consumer whose actor dies. In virtual time, with a router and one agent hosted by hand.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Arc;

use shiftstorm::base::ids::{AgentId, ConversationId, ConversationKey, KindId, SkillId};
use shiftstorm::base::stream::Streams;
use shiftstorm::base::time::Time;
use shiftstorm::model::agent::{Agent, AgentContext};
use shiftstorm::model::behaviour::{Behaviour, Outbox};
use shiftstorm::model::consumer::{Consumer, ConsumerContext};
use shiftstorm::model::event::{Cause, Event, Status};
use shiftstorm::model::message::{
    AgentMessage, ClientHistory, ConsumerAct, ConsumerMessage, Letter, RouterMessage, Timer,
};
use shiftstorm::model::router::Router;

use crate::common::scene;

const ANN: AgentId = AgentId(0);

/// A router and ann, with one conversation opened at 0.
struct Pair {
    router: Router,
    ann: Agent,
    crowd: Arc<ConsumerContext>,
    now: Time,
    letters: VecDeque<Letter>,
    /// What the consumer was told.
    told: Vec<ConsumerMessage>,
    timers: Vec<(Time, Timer)>,
    events: Vec<(Time, Event)>,
}

impl Pair {
    fn new(reply_time: &str) -> Self {
        Self::with(reply_time, "")
    }

    fn with(reply_time: &str, more: &str) -> Self {
        let scenario = scene(&format!(
            "agents.ann = {{ reply_time = '{reply_time}' }}\nconsumers.web.arrivals = '0/h'\n\
             unassign = {{ enabled = true, timeout = {{ online = '1m', offline = '1h' }} }}\n\
             remove_ownership.enabled = true\n{more}"
        ))
        .read();
        let centre = Arc::new(scenario.variants[0].plan.centre.clone());
        let streams = Streams::new(1, 0);
        let mut pair = Self {
            router: Router::new(Arc::clone(&centre), streams),
            ann: AgentContext::new(Arc::clone(&centre), streams).agents().remove(0),
            crowd: Arc::new(ConsumerContext::new(centre, streams)),
            now: Time::ZERO,
            letters: VecDeque::new(),
            told: Vec::new(),
            timers: Vec::new(),
            events: Vec::new(),
        };
        pair.tell(AgentMessage::Start);
        let (id, conversation) = (id(), KEY);
        let (skill, priority, last) = (SkillId(0), 0, false);
        let open = RouterMessage::Open { conversation, id, skill, priority, last };
        pair.letters.push_back(Letter::Router(open));
        pair.until(0);
        pair
    }

    fn tell(&mut self, message: AgentMessage) {
        self.letters.push_back(Letter::Agent(ANN, message));
        self.settle();
    }

    /// Ann's actor dies with its timers, and another takes its place.
    fn replace(&mut self) {
        self.ann = self.ann.replacement();
        self.timers.retain(|(_, timer)| !matches!(timer, Timer::Agent(..)));
        self.tell(AgentMessage::Restart);
    }

    fn settle(&mut self) {
        while let Some(letter) = self.letters.pop_front() {
            let mut outbox = Outbox::default();
            match letter {
                Letter::Router(message) => self.router.receive(self.now, message, &mut outbox),
                Letter::Agent(_, message) => self.ann.receive(self.now, message, &mut outbox),
                Letter::Consumer(_, message) => self.told.push(message),
            }
            self.carry_out(outbox);
        }
    }

    fn carry_out(&mut self, outbox: Outbox) {
        let now = self.now;
        self.letters.extend(outbox.letters);
        self.timers.extend(outbox.timers.iter().map(|reminder| (reminder.due, reminder.timer)));
        self.events.extend(outbox.events.into_iter().map(|event| (now, event)));
    }

    fn until(&mut self, second: i64) {
        let end = Time::from_secs(second);
        self.settle();
        loop {
            let timers = self.timers.iter().enumerate();
            let next = timers.min_by_key(|(_, (due, timer))| (*due, timer.class()));
            let Some((position, &(due, timer))) = next.filter(|(_, (due, _))| *due <= end) else {
                break;
            };
            self.timers.remove(position);
            self.now = due.max(self.now);
            let mut outbox = Outbox::default();
            match timer {
                Timer::Router(timer) => self.router.due(self.now, timer, &mut outbox),
                Timer::Agent(_, timer) => self.ann.due(self.now, timer, &mut outbox),
                Timer::Consumer(..) | Timer::Visit(..) => {}
            }
            self.carry_out(outbox);
            self.settle();
        }
        self.now = end;
    }

    /// What a consumer is told whose actor was replaced, and who said nothing since the opening.
    fn catches_up(&mut self, conversation: ConversationKey, awaits: bool) -> Vec<ConsumerMessage> {
        self.catches_up_after(conversation, awaits, None)
    }

    /// The same for one who said something, the last of so many times.
    fn catches_up_after(
        &mut self,
        conversation: ConversationKey,
        awaits: bool,
        said: Option<(ConsumerAct, u32)>,
    ) -> Vec<ConsumerMessage> {
        let mut outbox = Outbox::default();
        let said = said.and_then(|(said, times)| Some((said, NonZeroU32::new(times)?)));
        let question = RouterMessage::CatchUp { conversation, awaits, said };
        self.router.receive(self.now, question, &mut outbox);
        let is_told = |letter: &Letter| matches!(letter, Letter::Consumer(..));
        let told = Vec::from_iter(outbox.letters.iter().copied().filter(is_told));
        outbox.letters.retain(|letter| !is_told(letter));
        self.carry_out(outbox);
        self.settle();
        let told = told.into_iter().map(|letter| match letter {
            Letter::Consumer(to, message) if to == conversation => message,
            other => panic!("{other:?}"),
        });
        told.collect()
    }

    fn owner(&self) -> (Option<AgentId>, Status) {
        let live = self.router.live().next().expect("the conversation is open");
        (live.owner, live.status)
    }

    /// When what is asked for happened.
    fn when(&self, is_it: impl Fn(&Event) -> bool) -> Vec<i64> {
        let found = self.events.iter().filter(|(_, event)| is_it(event));
        found.map(|(at, _)| (*at - Time::ZERO).as_micros() / 1_000_000).collect()
    }

    fn changes(&self, cause: Cause) -> Vec<i64> {
        self.when(|event| matches!(event, Event::Change(change) if change.cause == cause))
    }
}

fn id() -> ConversationId {
    ConversationId::new(KindId(0), 1, 0)
}

const KEY: ConversationKey = ConversationKey { slot: 0, generation: 0 };

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Answered { .. })
}

fn is_unassigned(event: &Event) -> bool {
    let Event::Change(change) = event else { return false };
    matches!(change.cause, Cause::AutoUnassigned { .. })
}

#[test]
fn b1_e2_an_agent_who_is_kept_out_owns_nothing_new_after_two_minutes_and_works_on_when_let_in() {
    let mut pair = Pair::new("50s");
    assert_eq!(pair.owner(), (Some(ANN), Status::New));
    pair.until(10);
    pair.tell(AgentMessage::LogOut);
    pair.until(130);
    assert_eq!(pair.owner(), (None, Status::New));
    assert_eq!(pair.changes(Cause::OwnerLoggedOut).len(), 1);
    assert!(pair.when(is_answer).is_empty());
    pair.tell(AgentMessage::LogIn);
    assert_eq!(pair.when(|event| matches!(event, Event::AgentState { .. })), [0, 10, 130]);
    pair.until(131);
    assert_eq!(pair.owner(), (Some(ANN), Status::New));
    pair.until(200);
    assert_eq!(pair.when(is_answer), [180]);
}

#[test]
fn e2_whoever_is_let_in_before_the_removal_keeps_what_it_owned() {
    let mut pair = Pair::new("30s");
    pair.until(10);
    pair.tell(AgentMessage::LogOut);
    pair.tell(AgentMessage::LogIn);
    pair.until(200);
    assert!(pair.changes(Cause::OwnerLoggedOut).is_empty());
    assert_eq!(pair.when(is_answer), [30]);
}

#[test]
fn a_new_actor_begins_anew_what_the_router_says_it_owns_and_answers_it_once() {
    let mut pair = Pair::new("30s");
    pair.until(10);
    pair.replace();
    assert_eq!(pair.owner(), (Some(ANN), Status::New));
    pair.until(300);
    assert_eq!(pair.when(is_answer), [40]);
    assert!(pair.when(is_unassigned).is_empty());
    assert_eq!(pair.owner(), (Some(ANN), Status::Pending));
    // It knows what it owns again, so that the next message finds it at work.
    pair.replace();
    let said = ConsumerAct::Write { last: false };
    pair.letters.push_back(Letter::Router(RouterMessage::Say { conversation: KEY, said }));
    pair.settle();
    pair.until(400);
    assert_eq!(pair.when(is_answer), [40, 330]);
}

#[test]
fn a6_the_deadline_stays_with_the_router_when_the_actor_of_the_owner_dies() {
    let mut pair = Pair::new("55s");
    pair.until(10);
    pair.replace();
    pair.until(61);
    assert_eq!(pair.when(is_unassigned), [60]);
    assert!(pair.when(is_answer).is_empty(), "the new actor would need until 65");
}

#[test]
fn a_new_actor_tells_the_router_that_it_is_offline_too() {
    let mut pair = Pair::new("30s");
    pair.until(10);
    pair.tell(AgentMessage::LogOut);
    pair.replace();
    let online = |pair: &Pair| pair.when(|event| matches!(event, Event::AgentState { .. }));
    assert_eq!(online(&pair), [0, 10, 10], "its shift is on, so it logs in");
}

#[test]
fn a_new_actor_of_a_consumer_opens_what_is_not_open_yet_and_else_asks_what_it_has_missed() {
    let crowd = Pair::new("30s").crowd;
    let mut consumer = Consumer::new(crowd, KEY, id(), ClientHistory::default());
    let mut told = |message| {
        let mut outbox = Outbox::default();
        consumer.receive(Time::ZERO, message, &mut outbox);
        outbox.letters.pop_front()
    };
    let opens = told(ConsumerMessage::Restart);
    assert!(matches!(opens, Some(Letter::Router(RouterMessage::Open { .. }))), "{opens:?}");
    let asks = |awaits| {
        let said = None;
        Some(Letter::Router(RouterMessage::CatchUp { conversation: KEY, awaits, said }))
    };
    assert_eq!(told(ConsumerMessage::Restart), asks(true));
    told(ConsumerMessage::Replied);
    assert_eq!(told(ConsumerMessage::Restart), asks(false));
}

#[test]
fn a_consumer_who_asks_is_told_of_the_answer_that_it_awaits_and_of_the_end() {
    use ConsumerMessage::{Assigned, Replied, Start};
    let over = ConsumerMessage::Resolved { kept: false };
    let mut pair =
        Pair::with("30s", "consumers.web.patience = { first = '1h', until = 'assignment' }");
    pair.until(10);
    assert_eq!(pair.catches_up(KEY, true), [Assigned]);
    pair.until(40);
    assert_eq!(pair.owner(), (Some(ANN), Status::Pending));
    assert_eq!(pair.catches_up(KEY, true), [Assigned, Replied]);
    assert_eq!(pair.catches_up(KEY, false), [Assigned]);
    assert_eq!(pair.catches_up_after(KEY, false, Some((ConsumerAct::Close, 1))), [over]);
    assert_eq!(pair.catches_up(KEY, false), [over]);
    let not_yet_open = ConversationKey { generation: 1, ..KEY };
    assert_eq!(pair.catches_up(not_yet_open, true), [Start], "its first message was lost");
    assert_eq!(Pair::new("30s").catches_up(KEY, true), [], "patience goes on");
}

/// Its words were lost with the mailbox of the router.
#[test]
fn a_consumer_who_asks_is_heard_once_if_what_it_said_last_was_lost() {
    let mut pair = Pair::new("30s");
    pair.until(40);
    assert_eq!(pair.owner(), (Some(ANN), Status::Pending));
    let writes = ConsumerAct::Write { last: false };
    for _ in 0..2 {
        assert_eq!(pair.catches_up_after(KEY, true, Some((writes, 1))), []);
        assert_eq!(pair.owner(), (Some(ANN), Status::New));
    }
    pair.until(80);
    assert_eq!(pair.when(is_answer), [30, 70]);
    let written = |event: &Event| matches!(event, Event::ConsumerMessage { .. });
    assert_eq!(pair.when(written), [0, 40]);
    let leaves = ConsumerAct::Leave { silent: false, returns: false };
    let over = ConsumerMessage::Resolved { kept: false };
    assert_eq!(pair.catches_up_after(KEY, false, Some((leaves, 2))), [over]);
    assert_eq!(pair.changes(Cause::Abandoned), [80]);
}

/// On the way to the router, while it closes the conversation: a last message, and that the consumer
/// leaves. Its actor must not end, nor its place be given away, before both are heard.
#[test]
fn a14_who_has_left_ends_only_when_its_last_words_are_heard() {
    let closed = || {
        let mut pair = Pair::with("30s", "auto_close = { new = '20s', pending = '10s' }");
        pair.until(40);
        assert_eq!(pair.changes(Cause::AutoClosed), [40]);
        assert_eq!(pair.told.last(), Some(&ConsumerMessage::Resolved { kept: true }));
        pair
    };
    let says = |pair: &mut Pair, said| {
        let says = RouterMessage::Say { conversation: KEY, said };
        pair.letters.push_back(Letter::Router(says));
        pair.settle();
        pair.told.last().is_some_and(|told| told.is_last())
    };
    let leaves = |silent| ConsumerAct::Leave { silent, returns: false };

    let mut pair = closed();
    assert!(!says(&mut pair, ConsumerAct::Write { last: true }), "it opens a conversation");
    assert!(!says(&mut pair, leaves(true)), "the platform does not know");
    pair.until(400);
    assert!(pair.told.last().is_some_and(|told| told.is_last()));
    assert_eq!(pair.router.open(), 0);

    assert!(says(&mut closed(), leaves(true)), "there is nothing to close any more");
    assert!(says(&mut closed(), leaves(false)));
}
