//! Races: what happens to a conversation in one tick, in every order in which it can happen.
//!
//! In virtual time the order at one instant is a rule. On the wall clock messages wait in mailboxes,
//! and the router may meet them in any order; whichever it meets first acts, and the others must find
//! a stale epoch.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::ids::{AgentId, ConversationId, ConversationKey, Epoch, KindId, SkillId};
use crate::base::stream::Streams;
use crate::base::time::{Span, Time};
use crate::ledger::Ledger;
use crate::ledger::invariants::{Snapshot, Violation};
use crate::model::behaviour::{Behaviour, Outbox};
use crate::model::event::{AgentState, Cause, Event, WrittenAnswer};
use crate::model::message::{Act, ConsumerAct, OfflineStatus, RouterMessage, RouterTimer, Timer};
use crate::model::order::Class;
use crate::model::router::Router;
use crate::scenario::Plan;

/// What comes together in one tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RaceAction {
    /// The owner's reply.
    Reply,
    /// The unassign deadline.
    Deadline,
    /// The owner's logout.
    Logout,
    /// The consumer closes the conversation.
    Close,
    /// The owner gives it to another agent.
    Transfer,
}

/// What came of all orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Races {
    /// Orders that were tried.
    pub orders: u64,
    /// In how many the reply was delivered.
    pub replies: u64,
    /// In how many the deadline took the conversation away.
    pub unassigned: u64,
    /// In how many it went to the other agent.
    pub transferred: u64,
    /// In how many the consumer closed it; that is all of them, or one was lost.
    pub closed: u64,
}

/// A rule that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenOrder {
    /// The order in which things came.
    pub order: Vec<RaceAction>,
    /// What was found.
    pub found: Violation,
}

/// Runs all orders of all five. The centre must have two agents, and a deadline.
///
/// # Errors
///
/// The first order in which a rule did not hold, which can only be a bug.
pub fn races(plan: &Plan) -> Result<Races, Box<BrokenOrder>> {
    let mut races = Races::default();
    for order in orders(&RaceAction::ALL) {
        let happened = RaceRun::new(plan)
            .run(&order)
            .map_err(|found| Box::new(BrokenOrder { order, found }))?;
        let count = |cause: &str| u64::from(happened.contains_key(cause));
        races.orders += 1;
        races.replies += count("reply");
        races.unassigned += count("unassigned");
        races.transferred += count("transferred");
        races.closed += u64::from(happened.get("closed") == Some(&1));
    }
    Ok(races)
}

impl RaceAction {
    /// All.
    pub const ALL: [Self; 5] =
        [Self::Reply, Self::Deadline, Self::Logout, Self::Close, Self::Transfer];
}

/// Every order of some actions.
fn orders(actions: &[RaceAction]) -> Vec<Vec<RaceAction>> {
    if actions.is_empty() {
        return vec![Vec::new()];
    }
    let first = actions.iter().flat_map(|&first| {
        let others = Vec::from_iter(actions.iter().copied().filter(|&action| action != first));
        orders(&others).into_iter().map(move |mut order| {
            order.insert(0, first);
            order
        })
    });
    first.collect()
}

/// One router with one conversation.
struct RaceRun {
    router: Router,
    ledger: Ledger,
    outbox: Outbox,
    now: Time,
    timers: BTreeMap<(Time, Class, u64), RouterTimer>,
    /// Counts timers, for their order.
    sequence: u64,
    happened: BTreeMap<&'static str, u64>,
}

impl RaceRun {
    fn new(plan: &Plan) -> Self {
        let centre = Arc::new(plan.centre.clone());
        let until = Time::ZERO + TIME_AFTER;
        let ledger = Ledger::new(Arc::clone(&centre), &plan.measure, Time::ZERO, until, true);
        Self {
            router: Router::new(centre, Streams::new(plan.run.seed, 0)),
            ledger,
            outbox: Outbox::default(),
            now: Time::ZERO,
            timers: BTreeMap::new(),
            sequence: 0,
            happened: BTreeMap::new(),
        }
    }

    /// Ann has a conversation whose deadline is due; then everything comes at once.
    fn run(mut self, order: &[RaceAction]) -> Result<BTreeMap<&'static str, u64>, Violation> {
        for agent in [ANN, BOB] {
            self.hear(RouterMessage::AgentState {
                agent,
                state: AgentState::Online,
                closing: false,
            });
        }
        let id = ConversationId::new(KindId(0), 1, 0);
        let (conversation, skill, priority, last) = (KEY, SkillId(0), 0, false);
        self.hear(RouterMessage::Open { conversation, id, skill, priority, last });
        self.serve();
        let deadline = self.timers.iter().find(|(_, timer)| **timer == DEADLINE);
        let at = deadline.map_or(Time::ZERO, |(&(at, ..), _)| at);
        self.handle_until(at);
        self.now = at;
        for action in order {
            match action {
                RaceAction::Reply => {
                    let answer = WrittenAnswer { started: Time::ZERO, worked: Span::ZERO };
                    self.act(Act::Reply { answer, boomerang: None });
                }
                RaceAction::Deadline => self.handle(|timer| *timer == DEADLINE),
                RaceAction::Logout => {
                    let (agent, state, closing) = (ANN, AgentState::Offline, false);
                    self.hear(RouterMessage::AgentState { agent, state, closing });
                }
                RaceAction::Close => {
                    self.hear(RouterMessage::Say { conversation: KEY, said: ConsumerAct::Close })
                }
                RaceAction::Transfer => {
                    self.act(Act::TransferToAgent {
                        to: BOB,
                        needs: None,
                        offline: OfflineStatus::New,
                    });
                }
            }
            self.serve();
        }
        self.handle_until(at + TIME_AFTER);
        let live = self.router.live().map(|live| Snapshot {
            conversation: live.key,
            id: live.id,
            owner: live.owner,
            status: live.status,
        });
        self.ledger.verify(self.now, live)?;
        Ok(self.happened)
    }

    fn act(&mut self, act: Act) {
        let (agent, conversation, epoch) = (ANN, KEY, Epoch(1));
        self.hear(RouterMessage::Act { agent, conversation, epoch, act });
    }

    fn hear(&mut self, message: RouterMessage) {
        self.router.receive(self.now, message, &mut self.outbox);
        self.note();
    }

    fn serve(&mut self) {
        self.handle(|timer| matches!(timer, RouterTimer::Serve | RouterTimer::Readmit { .. }));
    }

    /// Handles the timers of this kind that are due.
    fn handle(&mut self, kind: impl Fn(&RouterTimer) -> bool) {
        let now = self.now;
        let due = self.timers.extract_if(.., |&(at, ..), timer| at <= now && kind(timer));
        for (_, timer) in Vec::from_iter(due) {
            self.router.due(self.now, timer, &mut self.outbox);
            self.note();
        }
    }

    /// Handles all timers that are due before an instant.
    fn handle_until(&mut self, instant: Time) {
        while let Some(entry) = self.timers.first_entry() {
            let &(at, ..) = entry.key();
            if at >= instant {
                break;
            }
            self.now = self.now.max(at);
            let timer = entry.remove();
            self.router.due(self.now, timer, &mut self.outbox);
            self.note();
        }
        self.now = self.now.max(instant);
    }

    fn note(&mut self) {
        let first = self.timers.keys().next().map_or(self.now, |&(at, ..)| at);
        self.ledger.timers_handled_until(first.min(self.now));
        for event in self.outbox.events.drain(..) {
            self.ledger.fold(self.now, &event);
            if let Some(name) = name(&event) {
                *self.happened.entry(name).or_default() += 1;
            }
        }
        for reminder in self.outbox.timers.drain(..) {
            if let Timer::Router(timer) = reminder.timer {
                self.sequence += 1;
                let class = reminder.timer.class();
                self.timers.insert((reminder.due, class, self.sequence), timer);
            }
        }
        // There is nobody here to read them.
        self.outbox.letters.clear();
    }
}

fn name(event: &Event) -> Option<&'static str> {
    match event {
        Event::Answered { .. } => Some("reply"),
        Event::Change(change) => match change.cause {
            Cause::AutoUnassigned { .. } => Some("unassigned"),
            Cause::TransferredToAgent => Some("transferred"),
            Cause::ResolvedByConsumer => Some("closed"),
            _ => None,
        },
        _ => None,
    }
}

const ANN: AgentId = AgentId(0);
const BOB: AgentId = AgentId(1);
const KEY: ConversationKey = ConversationKey { slot: 0, generation: 0 };
const DEADLINE: RouterTimer = RouterTimer::Unassign { conversation: KEY };
/// Long enough for every removal, deadline and end of a bar to come.
const TIME_AFTER: Span = Span::from_mins(10);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::stress::suite;

    #[test]
    fn every_order_is_tried_once() {
        let orders = orders(&RaceAction::ALL);
        assert_eq!(orders.iter().collect::<BTreeSet<_>>().len(), 120);
    }

    /// Each is first of the three that act on ann's conversation in a third of the orders, and before
    /// the close in half of them: the first of four in a quarter.
    #[test]
    fn whoever_comes_first_acts_and_nothing_is_lost() {
        let case = suite::find("races").unwrap();
        let plan = &case.scenario().unwrap().variants[0].plan;
        let races = races(plan).unwrap_or_else(|lost| panic!("{lost:?}"));
        assert_eq!((races.orders, races.closed), (120, 120));
        assert!(races.replies > 0 && races.unassigned > 0 && races.transferred > 0, "{races:?}");
        assert!(races.replies + races.unassigned + races.transferred < 120, "{races:?}");
    }
}
